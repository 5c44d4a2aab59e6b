"""Distinct names in documents are distinct in Python, lead back to what they were, and are moved by no other."""

from __future__ import annotations

import importlib
import itertools
import keyword
import sys
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from support import STRING, Project, document, obj, read, ref
from support.nasty_names import NAMES, NASTY_NAMES, ODD, TAKEN, TWINS

from generator.codes import Code
from generator.diagnostics import Findings
from generator.ir.identifiers import RESERVED_CLASSES, class_name, class_names, field_names, module_name
from generator.ir.lower import scopes
from generator.ir.name import endpoint_name, name_endpoints
from generator.ir.share import Kind, share
from generator.project.ids import is_endpoint_id
from generator.project.type_lock import TypesLock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from types import ModuleType

ENDPOINT = "fal-ai/x"
OWN = {"X", "AsyncX", "XInput", "XOutput"}
LISTS = st.lists(NAMES, unique=True, max_size=8)


def as_known(wires: Iterable[str]) -> dict[str, str]:
    return {wire: wire for wire in wires}


def is_legal(name: str) -> bool:
    return name.isidentifier() and name.isascii() and not keyword.iskeyword(name) and not name.startswith("_")


# --- properties ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@given(wires=LISTS, more=NAMES, model=...)
@example(wires=NASTY_NAMES, more="more", model=True)
@example(wires=NASTY_NAMES, more="more", model=False)
def test_properties(wires: list[str], more: str, model: bool) -> None:
    names = field_names(wires, model=model)
    assert list(names) == list(dict.fromkeys(wires))
    assert len(set(names.values())) == len(names)
    assert all(map(is_legal, names.values()))
    assert names == {wire: field_names([more, *reversed(wires)], model=model)[wire] for wire in wires}


def test_only_a_property_called_like_the_class_beside_it_is_moved_by_that_class() -> None:
    """In the body of a class its own fields hide what the module means by a name; so one of the two must yield."""
    wires = ["Image", "TAPose", "image"]
    assert field_names(wires, model=True, classes=["Other"]) == as_known(wires)
    assert field_names(wires, model=True, classes=["Image"]) == {**as_known(wires), "Image": "Image_"}


# --- components ------------------------------------------------------------------------------------------------------


@given(wires=LISTS, more=NAMES, taken=st.sets(st.sampled_from(["Image", "File", "AB", "ImageParam"])))
@example(wires=NASTY_NAMES, more="more", taken=set())
@example(wires=["Image", "ImageParam"], more="Image-Param", taken={"Image"})
def test_components(wires: list[str], more: str, taken: set[str]) -> None:
    names = class_names(as_known(wires), {*OWN, *taken}, "Param")
    assert list(names) == list(dict.fromkeys(wires))
    assert len(set(names.values())) == len(names)
    for name in names.values():
        assert is_legal(name)
        assert name not in RESERVED_CLASSES | OWN | taken
    assert names == class_names(as_known(sorted(wires)), {*OWN, *taken}, "Param")
    after = class_names(as_known([more, *wires]), {*OWN, *taken}, "Param")
    moved = {wire for wire in wires if after[wire] != names[wire]}
    # One that is not called by a class name has that name until another comes that is to be called the same; and then
    # each of them is called by itself.
    assert all(joins(wire, more, taken) for wire in moved)
    assert all(class_names(as_known([wire]), set(), "Param")[wire] == class_name(wire) for wire in wires)


def joins(wire: str, more: str, taken: set[str]) -> bool:
    """Whether one more component may move this one: it does not have the name it goes by, and the other wants that."""

    def wanted(one: str) -> str:
        name = class_name(one)
        return name + "Param" if name in OWN | taken else name

    return wanted(wire) != wire and wanted(wire) == wanted(more)


def test_a_component_that_is_called_by_a_class_name_keeps_it_whoever_comes() -> None:
    names = class_names(as_known(["image", "IM-age", "Image", "im-age"]), set(), "Model")
    assert names == {"image": "Image6105D6CC", "IM-age": "IMAge", "Image": "Image", "im-age": "ImAge"}
    assert class_names(as_known(["Image", "image"]), {"Image"}, "Param") == {
        "Image": "ImageParam",
        "image": "Image6105D6CC",
    }


def test_a_component_yields_to_an_output_and_to_who_is_called_what_it_would_be() -> None:
    for wires in (["Image", "ImageParam"], ["ImageParam", "Image"]):
        names = class_names(as_known(wires), {"Image"}, "Param")
        assert names == {"Image": "Image1AA4CB0B", "ImageParam": "ImageParam"}


def test_a_component_called_as_another_is_hashed_is_not_taken_for_it() -> None:
    names = class_names(as_known(["Image", "image", "Image6105D6CC"]), set(), "Model")
    assert names["Image6105D6CC"] == "Image6105D6CC"
    assert names["image"].startswith("Image6105D6CC")
    assert len(set(names.values())) == 3


@given(st.lists(NAMES, unique=True, min_size=1, max_size=5))
@example(NASTY_NAMES)
def test_no_two_shared_modules_are_one_file_where_case_does_not_count(wires: list[str]) -> None:
    lock = TypesLock()
    pins = [lock.pin("models", class_name(wire), str(n), module_name, "fal-ai/x") for n, wire in enumerate(wires)]
    assert len({pin.name for pin in pins}) == len(wires)
    files = {f"_{pin.module}.py".casefold() for pin in pins}
    assert len(files) == len(wires)
    assert all(len(file) < 255 and file[:-3].isidentifier() for file in files)


OBJECTS = {"a": obj({"a": STRING}), "b": obj({"b": STRING})}


def types_of(components: list[str], inline: list[str] = [], *, both: bool = False) -> Any:  # noqa: B006
    """A document whose output (and input) mentions components, in this order, and has object types in the open."""
    schemas = {name: obj({f"p{name}": STRING}) for name in components}
    mentioned = {f"c{number}": ref(name) for number, name in enumerate(components)}
    output = obj({**mentioned, **{name: obj({f"q{name}": STRING}) for name in inline}})
    data = document(ENDPOINT, input=obj(mentioned) if both else None, output=output, components=schemas)
    return read(data, endpoint_id=ENDPOINT)


def is_component(name: str) -> bool:
    """Whether a reference can name it without escapes, and it is not one of the document's roots."""
    return not set(name) & set("/~%") and name not in ("XInput", "XOutput")


WRITABLE = NAMES.filter(is_component)


@given(components=st.lists(WRITABLE, unique=True, max_size=5), inline=st.lists(WRITABLE, unique=True, max_size=4))
def test_names_do_not_depend_on_what_is_reached_first(components: list[str], inline: list[str]) -> None:
    def names(one: Any) -> dict[str, str]:
        scope = scopes(one, endpoint_name(ENDPOINT))[1]
        return {one.objects[wire].pointer: name for wire, name in scope.items()}

    made = names(types_of(components, inline))
    assert made == names(types_of(components[::-1], inline[::-1]))
    assert len(set(made.values())) == len(made)


@given(components=st.lists(WRITABLE, unique=True, max_size=5), more=WRITABLE, front=st.booleans())
def test_one_component_more_moves_no_other_and_no_shared_class(components: list[str], more: str, front: bool) -> None:
    before, lock = types_of(components, both=True), TypesLock()
    sharing = share([before], lock)
    rest = [one for one in components if one != more]
    after = types_of([more, *rest] if front else [*rest, more], both=True)
    shared_after = share([after], lock)
    for kind, old, new in zip(
        (Kind.PARAMS, Kind.MODELS),
        scopes(before, endpoint_name(ENDPOINT)),
        scopes(after, endpoint_name(ENDPOINT)),
        strict=True,
    ):
        for wire in rest:
            was, now = sharing.find(ENDPOINT, kind, wire), shared_after.find(ENDPOINT, kind, wire)
            assert (was and was.name) == (now and now.name)
            if class_name(wire) == wire and wire not in OWN and kind is Kind.MODELS:
                assert new[wire] == old[wire] == wire


# --- what comes out --------------------------------------------------------------------------------------------------

PACKAGES = itertools.count()


def emitted(folder: Path, properties: list[str], components: list[str]) -> ModuleType:
    """The module of an endpoint with these properties, in and out; it mentions each component by a property."""
    package = f"names_typed_{next(PACKAGES)}"
    project = Project(folder / package, f'package = "{package}"')
    fields = {**dict.fromkeys(properties, STRING), **{f"c{n}": ref(name) for n, name in enumerate(components)}}
    schemas = {name: obj({f"in{number}": STRING}) for number, name in enumerate(components)}
    project.add(ENDPOINT, input=obj(fields), output=obj(fields), components=schemas)
    errors = [one for one in project.regenerate().diagnostics if one.code.severity.value == "error"]
    assert errors == []
    sys.path.insert(0, str(project.output))
    try:
        importlib.import_module(f"{package}._runtime.inputs.wire_names")
        importlib.import_module(f"{package}._runtime.outputs.parse")
        return importlib.import_module(f"{package}.endpoints.x")
    finally:
        sys.path.remove(str(project.output))


def runtime_of(module: Any, part: str) -> Any:
    """A module of the runtime that an endpoint's module stands on."""
    return importlib.import_module(f"{module.__name__.partition('.')[0]}._runtime.{part}")


def check(module: Any, properties: list[str], components: list[str]) -> None:
    """Every name in the module, back to what the document calls it."""
    wanted = [*properties, *(f"c{number}" for number in range(len(components)))]
    given = {name: index for index, name in enumerate(get_type_hints(module.XInput))}
    assert sorted(runtime_of(module, "inputs.wire_names").wire_form(given, module.XInput)) == sorted(wanted)
    fields = {name: name if f.alias is None else f.alias for name, f in module.XOutput.model_fields.items()}
    assert sorted(fields.values()) == sorted(wanted)
    body = {**dict.fromkeys(properties, "v"), **{f"c{n}": {f"in{n}": "w"} for n in range(len(components))}}
    answer = module.XOutput.model_validate(body)
    assert runtime_of(module, "outputs.parse").build_model(module.XOutput, body) == answer
    assert {fields[name]: getattr(answer, name) for name in fields if fields[name] in properties} == dict.fromkeys(
        properties, "v"
    )
    assert answer.model_dump(by_alias=True) == body
    classes = [type(getattr(answer, next(n for n in fields if fields[n] == f"c{i}"))) for i in range(len(components))]
    assert [list(cls.model_fields) for cls in classes] == [[f"in{number}"] for number in range(len(components))]
    exported = {getattr(module, name) for name in module.__all__}
    assert exported >= set(classes)
    assert len(module.__all__) == len(set(module.__all__))


@pytest.mark.parametrize("kind", ["odd", *(pytest.param(kind, marks=pytest.mark.slow) for kind in ("twins", "taken"))])
def test_every_nasty_name_comes_out_and_leads_back(kind: str, tmp_path: Path) -> None:
    names = {"twins": TWINS, "taken": TAKEN, "odd": ODD}[kind]
    properties = list(dict.fromkeys(names))
    components = [name for name in properties if is_component(name)]
    check(emitted(tmp_path, properties, components), properties, components)


@pytest.mark.slow
@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(properties=st.lists(NAMES, unique=True, max_size=12), components=st.lists(WRITABLE, unique=True, max_size=12))
def test_any_names_come_out_and_lead_back(properties: list[str], components: list[str], tmp_path: Path) -> None:
    properties = [name for name in properties if name[:1] != "c"]
    check(emitted(tmp_path, properties, components), properties, components)


def test_an_input_called_like_the_class_it_mentions_is_sent_by_its_own_name(project: Project) -> None:
    components = {"Image": obj({"Size": ref("Size")}), "Size": obj({"w": STRING})}
    project.add("fal-ai/a", input=obj({"Image": ref("Image")}, required=["Image"]), components=components)
    project.add("fal-ai/b", input=obj({"image": ref("Image")}), components=components)
    project.regenerate()
    assert 'Image_: Required[Annotated[Image, Field(alias="Image")]]' in project.module("endpoints/a.py")
    assert "                Image_ (required)" in project.module("endpoints/a.py")
    for module in ("a", "b"):  # of b, a type below is what has another name
        assert "renamed=True" in project.module(f"endpoints/{module}.py")
    assert 'Size_: Annotated[Size, Field(alias="Size")]' in project.module("params/_image.py")


# --- endpoints -------------------------------------------------------------------------------------------------------

SEGMENTS = st.sampled_from(
    [
        "x", "X", "x-y", "x.y", "x_y", "X-Y", "3d", "n3d", "1.5", "v1.5", "v1_5", "-", "--", "_", "__init__", "con",
        "CON", "aux", "aux_", "nul.x", "com1", "class", "Class", "match", "run", "run_", "stream", "owners", "owners_",
        "endpoints", "close", "a..", "x" * 200, "X" * 200, "fal-ai", "async", "None", "root", "_root", "registry",
        "map", "once",
    ]
) | st.from_regex(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,3}", fullmatch=True)  # fmt: skip
OWNERS = st.sampled_from(["fal-ai", "Fal-ai", "FAL-AI", "bria", "Bria", "fal_ai", "async", "con", "1x"])
IDS = st.builds(lambda owner, rest: "/".join([owner, *rest]), OWNERS, st.lists(SEGMENTS, min_size=1, max_size=3))


@given(ids=st.lists(IDS, unique=True, max_size=8), more=IDS)
def test_endpoints(ids: list[str], more: str) -> None:
    findings = Findings()
    named = name_endpoints(ids, {one: f"specs/{one}.json" for one in ids}, findings)
    assert all(map(is_endpoint_id, ids))
    files = ["/".join(one.path).casefold() for one in named.values()]
    assert len(set(files)) == len(files) == len(named)
    for one in named.values():
        assert all(is_legal(part) and len(part) < 250 for part in one.path)
        assert is_legal(one.class_name)
        assert one == endpoint_name(one.id)
    for one in findings.all():
        lost = one.source.path.removeprefix("specs/").removesuffix(".json")
        holder = next(id_ for id_, name in named.items() if name.path == endpoint_name(lost).path)
        assert one.code is Code.NAME_CLASH
        assert one.message.startswith(f"{lost} and {holder} would both be ")
    assert len(named) + len(findings.all()) == len(ids)
    after = name_endpoints([more, *ids], dict.fromkeys([more, *ids], ""), Findings(), known=named)
    assert {one: after[one] for one in named} == named
