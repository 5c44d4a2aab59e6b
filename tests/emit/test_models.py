"""What comes back from datamodel-code-generator is what was asked for, and says what the document says."""

from __future__ import annotations

import importlib
import json
import sys
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from pydantic import TypeAdapter
from support import INTEGER, PINNED, SPECS, STRING, Project, document, obj, read, ref

from generator.ir.name import endpoint_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

# Component names that datamodel-code-generator would change, or that emitted modules use for other things.
CLASSES = (
    "Field Literal Any None_ Image_Size Annotated TypedDict BaseModel Enum Model List Optional File Object".split()
)
# Property names it would change, or that hide something.
FIELDS = "copy dict json schema int str list Field Any class None _x 2d a-b model_config field url id type self".split()


@pytest.mark.parametrize(
    ("schema", "takes"),
    [
        ({"type": "object"}, "**input: Any"),
        (obj({"a": STRING}), "**input: Unpack[ItInput]"),
        (obj({"\ud800": STRING}), "**input: Unpack[ItInput]"),
    ],
    ids=["an open one", "one that says what", "one of nothing that can be sent"],
)
def test_any_keyword_goes_where_nothing_is_known_of_the_input(schema: Any, takes: str, project: Project) -> None:
    project.put("fal-ai/it", json.dumps(document("fal-ai/it", input=schema)))
    project.regenerate()
    assert f"def run(self, /, {takes})" in project.module("endpoints/it.py")


def imported(project: Project, package: str, module: str) -> ModuleType:
    """An emitted module, imported from where it was generated. The runtime below it is the same for all, and stays."""
    forget(package)
    sys.path.insert(0, str(project.output))
    try:
        importlib.invalidate_caches()
        return importlib.import_module(f"{package}.endpoints.{module}")
    finally:
        sys.path.remove(str(project.output))


def forget(package: str) -> None:
    """Let a package be imported anew, but for its runtime."""
    for name in [name for name in sys.modules if name.split(".")[0] == package and "._runtime" not in name]:
        del sys.modules[name]


def check(kind: Any, value: Any) -> Any:
    """The check of an input as the client makes it: Python names, nothing coerced, nothing unknown."""
    return TypeAdapter(kind).validate_python(value, strict=True, extra="forbid", by_name=True, by_alias=False)


@pytest.fixture
def emit(project: Project) -> Iterator[Any]:
    """Generate one endpoint under a name of its own, and import its module."""
    (project.root / "pyproject.toml").write_text('[tool.fal-typed]\npackage = "emitted"\n', encoding="utf-8")

    def emitted(**parts: Any) -> ModuleType:
        project.add("fal-ai/it", **parts)
        project.regenerate()
        return imported(project, "emitted", "it")

    yield emitted
    forget("emitted")


@pytest.mark.sampled(5)
@pytest.mark.parametrize("component", CLASSES)
def test_a_component_by_any_name_survives(component: str, emit: Any) -> None:
    inner = obj({"n": INTEGER}, required=["n"])
    root = obj({"a": ref(component), "b": STRING}, required=["a"])
    module = emit(input=root, output=root, components={component: inner})
    assert check(module.ItInput, {"a": {"n": 1}}) == {"a": {"n": 1}}
    assert module.ItOutput.model_validate({"a": {"n": 1}}).a.n == 1
    with pytest.raises(ValueError, match="n"):
        check(module.ItInput, {"a": {}})


@pytest.mark.sampled(5)
@pytest.mark.parametrize("field", FIELDS)
def test_a_property_by_any_name_survives(field: str, emit: Any) -> None:
    properties = {"before": {"type": "array", "items": STRING}, field: INTEGER, "zzz": {"type": "object"}}
    root = obj(properties, required=[field])
    module = emit(input=root, output=root)
    value = {"before": ["x"], field: 3, "zzz": {"a": 1}}
    model = module.ItOutput.model_validate(value)
    assert json.loads(model.model_dump_json()) == value
    assert model.model_dump() == value
    (name,) = get_type_hints(module.ItInput).keys() - {"before", "zzz"}
    del value[field]
    assert check(module.ItInput, {**value, name: 3})
    assert TypeAdapter(module.ItInput).dump_python({**value, name: 3}, by_alias=True) == {**value, field: 3}
    with pytest.raises(ValueError, match="required"):
        check(module.ItInput, {"before": []})


def test_a_field_called_like_its_type(emit: Any) -> None:
    image = obj({"url": STRING, "file_name": STRING}, required=["url"])
    root = obj({"Image": ref("Image"), "Other": ref("Image"), "Images": {"type": "array", "items": ref("Image")}})
    module = emit(input=root, output=root, components={"Image": image})
    out = module.ItOutput.model_validate({"Image": {"url": "u"}, "Images": [{"url": "v"}]})
    assert (out.Image_.url, out.Other, out.Images[0].url) == ("u", None, "v")
    assert check(module.ItInput, {"Image": {"url": "data:,u"}, "Other": {"url": "data:,v"}})


def test_recursive_types(emit: Any) -> None:
    tree = obj({"children": {"type": "array", "items": ref("Tree")}, "n": INTEGER})
    ping, pong = obj({"pong": ref("Pong")}), obj({"ping": ref("Ping"), "n": INTEGER})
    root = obj({"tree": ref("Tree"), "ping": ref("Ping")})
    module = emit(input=root, output=root, components={"Tree": tree, "Ping": ping, "Pong": pong})
    value = {"tree": {"children": [{"n": 1}]}, "ping": {"pong": {"ping": {"pong": {"n": 2}}}}}
    out = module.ItOutput.model_validate(value)
    assert (out.tree.children[0].n, out.ping.pong.ping.pong.n) == (1, 2)
    assert check(module.ItInput, value) == value
    with pytest.raises(ValueError, match="children"):
        check(module.ItInput, {"tree": {"children": 3}})


@pytest.mark.parametrize("wire", ["type", "shape-type", "class", "copy"])
@pytest.mark.parametrize("required", [True, False])
def test_a_discriminated_union(wire: str, required: bool, emit: Any) -> None:
    def kind(name: str) -> dict[str, Any]:
        return obj({wire: {"const": name}, name: INTEGER}, required=[wire] if required else None)

    union = {"oneOf": [ref("Aaa"), ref("Bbb")], "discriminator": {"propertyName": wire}}
    root = obj({"it": union}, required=["it"])
    module = emit(input=root, output=root, components={"Aaa": kind("aaa"), "Bbb": kind("bbb")})
    out = module.ItOutput.model_validate({"it": {wire: "bbb", "bbb": 1}})
    assert type(out.it).__name__ == "Bbb"
    name = next(iter(get_type_hints(module.BbbParam).keys() - {"bbb"}))
    assert check(module.ItInput, {"it": {name: "bbb", "bbb": 1}})


@pytest.mark.parametrize("bound", [2**63, -(2**63) - 1, 9223372036854776000, 0.5, 1e300, 5e-05])
def test_odd_bounds(bound: float, emit: Any) -> None:
    kinds = ["number"] if isinstance(bound, float) else ["number", "integer"]
    root = obj({f"n_{kind}": {"type": kind, "maximum": bound} for kind in kinds})
    module = emit(input=root, output=root)
    assert check(module.ItInput, {"n_number": min(bound, 1) - 1.5})
    with pytest.raises(ValueError, match="less than or equal"):
        check(module.ItInput, {"n_number": bound * 2 if bound > 0 else 1.0})


# --- pinned endpoints: what the emitted types say, beside what the document says -------------------------------------


def plain(schema: Any, definitions: dict[str, Any], at: tuple[str, ...] = ()) -> Any:
    """A JSON schema reduced to what is valid, in one form: types, limits, members, required; no prose, no defaults."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return "again" if name in at else plain(definitions[name], definitions, (*at, name))
    if "allOf" in schema and len(schema["allOf"]) == 1:
        return plain(schema["allOf"][0], definitions, at)
    options = schema.get("anyOf") or schema.get("oneOf")
    if options:
        parts = [plain(one, definitions, at) for one in options]
        return {"any of": sorted(parts, key=lambda part: json.dumps(part, sort_keys=True))}
    if "const" in schema or "enum" in schema:
        return {"enum": sorted([schema["const"]] if "const" in schema else schema["enum"], key=str)}
    if "properties" in schema:
        # Of a file, its data is a property of the base.
        own = {key: one for key, one in schema["properties"].items() if key != "file_data"}
        return {
            "properties": {key: plain(one, definitions, at) for key, one in own.items()},
            "required": sorted(schema.get("required", [])),
        }
    limits = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
              "pattern", "minItems", "maxItems")  # fmt: skip
    found = {"type": schema.get("type"), **{key: schema[key] for key in limits if key in schema}}
    if schema.get("type") == "array":
        found["items"] = plain(schema.get("items", {}), definitions, at)
    if schema.get("type") == "object" and isinstance(schema.get("additionalProperties"), dict):
        found["values"] = plain(schema["additionalProperties"], definitions, at)
    return found


def without_null(schema: Any) -> Any:
    """The same without null as one of the options: an output that may be missing reads as None."""
    if isinstance(schema, dict):
        if "any of" in schema:
            rest = [without_null(one) for one in schema["any of"] if one != {"type": "null"}]
            return rest[0] if len(rest) == 1 else {"any of": rest}
        return {key: without_null(one) for key, one in schema.items()}
    return schema


@pytest.fixture(scope="module")
def modules(pinned: Project) -> dict[str, ModuleType]:
    sys.path.insert(0, str(pinned.output))
    try:
        names = {one: ".".join(endpoint_name(one).path) for one in PINNED}
        return {one: importlib.import_module(f"pinned_typed.endpoints.{name}") for one, name in names.items()}
    finally:
        sys.path.remove(str(pinned.output))


@pytest.mark.parametrize("endpoint_id", PINNED)
def test_the_input_says_what_the_document_says(endpoint_id: str, modules: dict[str, ModuleType]) -> None:
    document = json.loads((SPECS / f"{endpoint_id}.json").read_text(encoding="utf-8"))
    components = document["components"]["schemas"]
    expected = plain(components[read(document, endpoint_id=endpoint_id).input], components)
    kind = getattr(modules[endpoint_id], f"{endpoint_name(endpoint_id).class_name}Input")
    emitted = TypeAdapter(kind).json_schema()

    assert plain(emitted, emitted.get("$defs", {})) == expected
    assert '"default"' not in json.dumps(emitted)
    assert emitted["additionalProperties"] is False


@pytest.mark.parametrize("endpoint_id", PINNED)
def test_the_output_says_what_the_document_says(endpoint_id: str, modules: dict[str, ModuleType]) -> None:
    document = json.loads((SPECS / f"{endpoint_id}.json").read_text(encoding="utf-8"))
    components = document["components"]["schemas"]
    (root,) = [name for name in components if name.endswith("Output")]
    expected = plain(components[root], components)
    kind = getattr(modules[endpoint_id], f"{endpoint_name(endpoint_id).class_name}Output")
    emitted = kind.model_json_schema()

    assert without_null(plain(emitted, emitted.get("$defs", {}))) == without_null(expected)
    assert list(emitted["properties"]) == components[root].get("x-fal-order-properties", list(emitted["properties"]))


@pytest.mark.pinned
def test_images_of_pinned_endpoints_are_the_same_class_wherever_their_documents_agree(
    modules: dict[str, ModuleType],
) -> None:
    one, other = modules["fal-ai/imagen4/preview"], modules["fal-ai/imagen4/preview/fast"]
    assert one.PlainImage is other.PlainImage
    sizes = {id(module.ImageSize) for module in modules.values() if hasattr(module, "ImageSize")}
    assert len(sizes) == 1
