"""Stage normalize: object types, roots, cycles, and documents that mean harm."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from support import INTEGER, STRING, Project, document, obj, read, read_schema, ref

from generator.diagnostics import Findings
from generator.emit.annotations import annotation
from generator.ir.share import Kind
from generator.shapes import AnyShape, RefShape, UnionShape, references

NULL = {"type": "null"}
POINT = obj({"x": INTEGER})


def fields(whole: Any, name: str) -> dict[str, str]:
    return {p.wire_name: annotation(p.shape, Kind.PARAMS) for p in whole.objects[name].properties}


def test_fields_come_in_fals_order_then_required_first_then_by_name() -> None:
    names = ["b", "a", "d", "c"]
    schema = obj(dict.fromkeys(names, STRING), required=["d"])

    def order(**change: Any) -> list[str]:
        changed = {**schema, **change}
        return list(fields(read(document("fal-ai/it", input=changed)), "ItInput"))

    assert order() == names
    assert order(**{"x-fal-order-properties": ["c"]}) == ["c", "d", "a", "b"]
    assert order(**{"x-fal-order-properties": ["c", "zzz", "c"]}) == ["c", "d", "a", "b"]
    assert order(**{"x-fal-order-properties": None}) == ["d", "a", "b", "c"]


def test_required_and_default_and_null_are_three_things() -> None:
    schema = obj({"a": STRING, "b": {**STRING, "default": "x"}, "c": {"anyOf": [STRING, NULL]}}, required=["a", "b"])
    one = read(document("fal-ai/it", input=schema)).objects["ItInput"]

    assert [(p.required, p.default) for p in one.properties] == [(True, None), (True, '"x"'), (False, None)]
    assert isinstance(one.properties[2].shape, UnionShape)


@pytest.mark.parametrize(
    ("additional", "extra", "sealed"),
    [({}, None, False), ({"additionalProperties": False}, None, True), ({"additionalProperties": True}, "Any", False)],
)
def test_additional_properties(additional: dict[str, Any], extra: str | None, sealed: bool) -> None:
    one = read(document("fal-ai/it", input=obj({"a": STRING}, **additional))).objects["ItInput"]
    assert one.sealed is sealed
    assert (one.extra and annotation(one.extra, Kind.PARAMS)) == extra


def test_an_object_in_the_open_gets_the_name_of_its_property() -> None:
    made = read_schema(obj({"x": INTEGER}))
    assert made.shape == RefShape(name="ItInputIt")
    assert fields(made.whole, "ItInputIt") == {"x": "int"}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_the_objects_of_a_union_in_the_open_are_numbered_from_one(keyword: str) -> None:
    """Users import these classes by their names: another number breaks their code."""
    found = read_schema({keyword: [obj({"a": STRING}), STRING, obj({"b": STRING})]})
    assert isinstance(found.shape, UnionShape)
    assert [one.name for one in found.shape.members if isinstance(one, RefShape)] == [
        "ItInputItOption1",
        "ItInputItOption3",
    ]


def test_the_parts_of_all_of_in_the_open_are_numbered_from_one() -> None:
    found = read_schema({"allOf": [obj({"a": STRING}), obj({"b": obj({"c": STRING})})]})
    parts = {name for name in found.whole.objects if "Part" in name}
    assert parts == {"ItInputItPart1", "ItInputItPart2", "ItInputItPart2B"}


def test_all_of_several_objects_has_all_properties() -> None:
    made = read_schema({"allOf": [ref("A"), obj({"b": STRING})]}, {"A": obj({"a": INTEGER})})
    assert isinstance(made.shape, RefShape)
    assert fields(made.whole, made.shape.name) == {"a": "int", "b": "str"}


def test_one_of_with_a_discriminator() -> None:
    kinds = {name: obj({"type": {"const": name, "type": "string"}}, required=["type"]) for name in ("A", "B")}
    schema = {"oneOf": [ref("A"), ref("B")], "discriminator": {"propertyName": "type"}}
    made = read_schema(schema, kinds)
    assert annotation(made.shape, Kind.MODELS) == "A | B"

    whole = read(document("fal-ai/it", output=schema, components=kinds))
    assert whole.output == UnionShape(members=(RefShape(name="A"), RefShape(name="B")))


# --- roots -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("output", [{}, {"type": "object"}, {"type": "object", "additionalProperties": True}])
def test_an_empty_output_is_an_open_object(output: Any) -> None:
    whole = read(document("fal-ai/it", output=output))
    assert isinstance(whole.output, RefShape)
    root = whole.objects[whole.output.name]
    assert (root.properties, root.extra) == ((), AnyShape())


def test_a_missing_root_is_an_open_object_with_a_warning() -> None:
    data = document("fal-ai/it")
    del data["components"]["schemas"]["ItInput"]
    findings = Findings()
    whole = read(data, findings)
    assert [d.code.value for d in findings.all()] == ["missing-root"]
    assert whole.objects[whole.input].extra == AnyShape()


def test_the_root_is_found_by_the_path_not_by_a_name() -> None:
    data = document("fal-ai/it", input=obj({"guide": ref("GuidanceInput")}), components={"GuidanceInput": POINT})
    assert read(data).input == "ItInput"


def test_an_output_in_the_open_does_not_replace_a_component_of_its_name() -> None:
    data = document("fal-ai/it", input=obj({"o": ref("Output")}), components={"Output": POINT})
    data["paths"]["/fal-ai/it/requests/{request_id}"]["get"]["responses"]["200"] = {
        "content": {"application/json": {"schema": {}}}
    }
    assert fields(read(data), "Output") == {"x": "int"}


@pytest.mark.parametrize("codes", [("202", "200"), ("200", "202"), ("2XX", "200")])
def test_the_output_is_that_of_the_smallest_success(codes: tuple[str, str]) -> None:
    data = document("fal-ai/it", components={"Other": POINT})
    operation = data["paths"]["/fal-ai/it/requests/{request_id}"]["get"]
    right = operation["responses"]["200"]
    other = {"content": {"application/json": {"schema": ref("Other")}}}
    operation["responses"] = {code: right if code == "200" else other for code in codes}
    assert references(read(data).output) == ["ItOutput"]


def test_an_alias_is_called_where_its_document_says() -> None:
    assert read(document("fal-ai/other/name"), endpoint_id="fal-ai/it").resolved.path == "fal-ai/other/name"


# --- references seen twice, and in circles ---------------------------------------------------------------------------

TWICE: dict[str, tuple[Any, str]] = {
    "object": (POINT, "A"),
    "nullable object": ({**POINT, "nullable": True}, "A | None"),
    "object or null by type": ({**POINT, "type": ["object", "null"]}, "A | None"),
    "allOf of several": ({"allOf": [ref("B"), obj({"b": STRING})]}, "A"),
    "allOf of one in the open": ({"allOf": [obj({"b": STRING})]}, "A"),
    "enum": ({"enum": ["x"]}, "Literal['x']"),
    "union": ({"anyOf": [ref("B"), NULL]}, "B | None"),
    "map": ({"type": "object"}, "Mapping[str, Any]"),
}


@pytest.mark.parametrize("name", TWICE)
def test_a_component_means_the_same_at_its_second_mention(name: str) -> None:
    component, expected = TWICE[name]
    findings = Findings()
    components = {"A": component, "B": POINT}
    whole = read(document("fal-ai/it", input=obj({"one": ref("A"), "two": ref("A")}), components=components), findings)
    found = {name: text.replace("A_", "A") for name, text in fields(whole, "ItInput").items()}
    assert found == {"one": expected, "two": expected}
    assert not findings.all()


def test_an_object_that_mentions_itself() -> None:
    tree = obj({"children": {"type": "array", "items": ref("Tree")}, "parent": {"anyOf": [ref("Tree"), NULL]}})
    made = read_schema(ref("Tree"), {"Tree": tree})
    assert fields(made.whole, "Tree") == {"children": "SequenceNotStr[Tree]", "parent": "Tree | None"}
    assert not made.codes


@pytest.mark.parametrize(
    "components",
    [
        {"A": ref("A")},
        {"A": ref("B"), "B": ref("A")},
        {"A": {"allOf": [ref("B")]}, "B": {"anyOf": [ref("A"), NULL]}},
        {"A": {"type": "array", "items": ref("A")}},
    ],
)
def test_a_reference_that_leads_nowhere_but_back(components: dict[str, Any]) -> None:
    made = read_schema(ref("A"), components)
    assert made.codes == ["circular-ref"]


# --- hostile input ---------------------------------------------------------------------------------------------------

JUNK: list[Any] = [None, True, False, 0, -1, 1.5, "", "x", [], [None, 1, "x"], [[]], {}, {"a": 1}, {"0": None}]
KEYWORDS = (
    "type properties required items prefixItems enum const anyOf oneOf allOf $ref nullable default examples example "
    "description minimum maximum exclusiveMinimum multipleOf minLength pattern format minItems additionalProperties "
    "discriminator x-fal-order-properties deprecated uniqueItems"
).split()
SCHEMA = obj({"a": {"type": "array", "items": STRING}, "b": ref("Point")}, required=["a"])


@pytest.mark.parametrize("where", ["ItInput", "Point", "a"])
@pytest.mark.parametrize("keyword", KEYWORDS)
def test_junk_in_a_keyword_is_never_a_traceback(keyword: str, where: str) -> None:
    for value in JUNK:
        data = document("fal-ai/it", input=copy.deepcopy(SCHEMA), components={"Point": copy.deepcopy(POINT)})
        schemas = data["components"]["schemas"]
        target = schemas["ItInput"]["properties"]["a"] if where == "a" else schemas[where]
        target[keyword] = value
        read(data)


@pytest.mark.parametrize("place", ["openapi", "info", "paths", "components"])
@pytest.mark.parametrize("value", [None, 3, "x", [], {}])
def test_junk_at_the_top_is_never_a_traceback(place: str, value: Any) -> None:
    from generator.parse.load import Document
    from generator.parse.resolve import resolve

    data = {**document("fal-ai/it"), place: value}
    findings = Findings()
    resolve(Document(id="fal-ai/it", path="p", text="", data=data), findings)
    assert bool(findings.errors()) == (place in ("openapi", "paths"))


@pytest.mark.parametrize("required", [True, 7, "a"])
def test_a_required_that_is_no_list_is_reported(required: Any) -> None:
    made = read_schema(obj({"a": STRING}) | {"required": required})
    assert made.codes == ["bad-keyword"]


@pytest.mark.parametrize(
    ("bounds", "inside", "outside"),
    [
        ({"minimum": 1}, 1, 0.9),
        ({"maximum": 1}, 1, 1.1),
        ({"exclusiveMinimum": 1}, 1.1, 1),
        ({"exclusiveMaximum": 1}, 0.9, 1),
        ({"minimum": 1, "exclusiveMaximum": 2}, 1, 2),
    ],
)
def test_a_default_is_within_its_limits(bounds: Any, inside: float, outside: float) -> None:
    schema = {"type": "number", **bounds}
    assert read_schema({**schema, "default": inside}).codes == []
    assert read_schema({**schema, "default": outside}).codes == ["default-mismatch"]


@pytest.mark.parametrize(("step", "whole"), [(0.5, ""), (1, ""), (1.5, "3"), (8, "8"), (0.3, "3")])
def test_steps_of_an_integer(step: float, whole: str) -> None:
    text = annotation(read_schema({"type": "integer", "multipleOf": step}).shape, Kind.MODELS)
    assert text == (f"Annotated[int, Field(multiple_of={whole})]" if whole else "int")


@pytest.mark.parametrize(
    "schema", [{"type": "integer", "minimum": 0.5}, {"type": "integer", "multipleOf": 0.5, "maximum": 2.5}]
)
def test_a_fraction_as_bound_of_an_integer_still_makes_a_usable_type(schema: Any) -> None:
    """pydantic refuses `Annotated[int, Field(ge=0.5)]` when it builds the validator: at the user's."""
    from collections.abc import Mapping
    from typing import Annotated, Any, Literal

    from pydantic import Field, TypeAdapter

    text = annotation(read_schema(schema).shape, Kind.MODELS)
    kind = eval(text, {"Annotated": Annotated, "Field": Field, "Literal": Literal, "Mapping": Mapping, "Any": Any})
    adapter = TypeAdapter[Any](kind)
    assert adapter.validate_python(1) == 1
    with pytest.raises(ValueError, match=r"multiple|greater|less"):
        adapter.validate_python(0 if "minimum" in schema else 3)


@pytest.mark.parametrize("schema", [{"allOf": [ref("Point")], "properties": {"z": STRING}}, {"oneOf": []}])
def test_what_is_dropped_is_reported(schema: Any) -> None:
    assert "unsupported-keyword" in read_schema(schema, {"Point": POINT}).codes


def test_an_input_that_is_a_union_is_reported() -> None:
    findings = Findings()
    components = {"A": POINT, "B": SCHEMA, "Point": POINT}
    read(document("fal-ai/it", input={"oneOf": [ref("A"), ref("B")]}, components=components), findings)
    assert findings.all()


@pytest.mark.parametrize(
    "said",
    [
        {"description": "x" * 90_000},
        {"default": "x" * 90_000},
        {"examples": ["x" * 45_000, "y" * 45_000]},
        {"enum": [f"{n:09000}" for n in range(10)]},
    ],
    ids=lambda said: next(iter(said)),
)
def test_what_is_said_once_and_written_out_often_is_bounded(said: dict[str, Any], project: Project) -> None:
    """It is 90 KB in the document, and more than 2 MB in the code."""
    components = {"A": obj({"a": {**STRING, **said}}), "B": obj({"b": STRING})}
    for endpoint, copies in (("fal-ai/few", 2), ("fal-ai/many", 25)):
        root = obj({f"p{n}": {"allOf": [ref("A"), ref("B")]} for n in range(copies)})
        project.add(endpoint, input=root, components=components)
    found = [(one.source.path, one.code.value) for one in project.plan().diagnostics]
    assert found == [("specs/fal-ai/many.json", "over-limit")]
