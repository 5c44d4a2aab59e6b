"""Where limits of files are emitted, and what is told of those in a type that endpoints share."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest
from support import STRING, document, obj, read, ref

from generator.ir.limited_places import limited_places
from generator.media_limits import numbers
from generator.project.file_inputs import FileTable, Takes

if TYPE_CHECKING:
    from support import Project

NULL = {"type": "null"}
SMALL, LARGE = ({**STRING, "x-fal": {"max_width": width}} for width in (100, 200))


def many(items: Any) -> Any:
    return {"type": "array", "items": items}


def table(values: Any) -> Any:
    return {"type": "object", "additionalProperties": values}


def places(input: Any, files: FileTable | None = None, **components: Any) -> dict[str, dict[str, float]]:
    """The limited places of an endpoint."""
    one = read(document("fal-ai/it", input=input, components=components), files=files or FileTable())
    found = limited_places(one, list(one.objects), files or FileTable())
    return {place: numbers(limits) for place, limits in found}


PLACES: dict[str, tuple[Any, list[str]]] = {
    "none": (obj({"image_url": STRING}), []),
    "a text": (obj({"image_url": SMALL}), ["image_url"]),
    "a list": (obj({"image_urls": many(SMALL)}), ["image_urls.*"]),
    "a text or a list": (obj({"url": {"anyOf": [SMALL, many(SMALL), NULL]}}), ["url", "url.*"]),
    "a list of lists": (obj({"urls": many(many(SMALL))}), ["urls.*.*"]),
    "a table": (obj({"urls": table(SMALL)}), []),
    "no file": (obj({"note": SMALL}), []),
    "within an object": (obj({"it": ref("One")}), ["it.url"]),
    "within a list of objects": (obj({"it": many(ref("One"))}), ["it.*.url"]),
    "within a table of objects": (obj({"it": table(ref("One"))}), ["it.*.url"]),
    "within two": (obj({"it": ref("Two"), "other": ref("One")}), ["it.one.url", "other.url"]),
    "within itself": (obj({"it": ref("Self")}), ["it.url"]),
    "within one of two": (obj({"it": {"anyOf": [ref("One"), ref("Unlike"), NULL]}}), ["it.url"]),
    "not within one of two that has none": (obj({"it": {"anyOf": [ref("One"), ref("Free")]}}), []),
}


@pytest.mark.parametrize("name", PLACES)
def test_places(name: str) -> None:
    schema, expected = PLACES[name]
    components = {
        "One": obj({"url": SMALL}),
        "Two": obj({"one": ref("One")}),
        "Self": obj({"url": SMALL, "inner": ref("Self"), "more": many(ref("Self"))}),
        "Unlike": obj({"name": STRING}),
        "Free": obj({"url": STRING, "name": STRING}),
    }
    assert [*places(schema, **components)] == expected


def test_of_two_limits_at_one_place_the_looser_holds() -> None:
    components = {"One": obj({"url": SMALL}), "Two": obj({"url": LARGE, "more": STRING})}
    assert places(obj({"it": {"anyOf": [ref("One"), ref("Two")]}}), **components) == {"it.url": {"max_width": 200}}


def test_the_table_tells_which_texts_are_files() -> None:
    schema = obj({"picture": SMALL, "image_url": SMALL})
    files = FileTable(entries={"picture": Takes.FILE_OR_NAME, "image_url": Takes.TEXT})
    assert places(schema, files) == {"picture": {"max_width": 100}}


def test_types_that_lead_to_each_other_in_many_ways_come_to_an_end() -> None:
    components: Any = {f"T{n}": obj({f"p{m}": ref(f"T{n + 1}") for m in range(4)}) for n in range(12)}
    components["T12"] = obj({"url": SMALL})
    found = places(obj({"it": ref("T0"), "last_url": SMALL}), **components)
    assert len(found) <= 2000


# --- words -----------------------------------------------------------------------------------------------------------


def docs(module: str) -> dict[str, str]:
    found = re.findall(r'^    (\w+): .*\n    """((?:[^"]|"(?!""))*)"""', module, re.MULTILINE)
    return {field: " ".join(text.split()) for field, text in found}


def test_an_endpoint_with_other_limits_than_its_shared_type_says_so(project: Project) -> None:
    for name, schema in (("a", SMALL), ("b", LARGE), ("c", SMALL), ("d", STRING)):
        components = {"Element": obj({"image_url": {**schema, "description": "A picture."}})}
        project.add(f"fal-ai/{name}", input=obj({"it": ref("Element")}), components=components)
    project.regenerate()
    modules = {name: project.module(f"endpoints/{name}.py") for name in "abcd"}
    assert docs(project.module("params/_element.py")) == {
        "image_url": "A picture. File limits: at most 100 pixels wide."
    }
    assert {name: docs(module).get("it", "") for name, module in modules.items()} == {
        "a": "",
        "b": "Here, `Element.image_url`: File limits: at most 200 pixels wide.",
        "c": "",
        "d": "Here, `Element.image_url`: File limits: none.",
    }
    tables = {name: re.findall(r"max_width\W+(\d+)", module) for name, module in modules.items()}
    assert tables == {"a": ["100"], "b": ["200"], "c": ["100"], "d": []}


def test_nothing_is_emitted_for_an_endpoint_without_limits(project: Project) -> None:
    project.add("fal-ai/a", input=obj({"image_url": STRING}))
    project.regenerate()
    assert "media" not in project.module("endpoints/a.py")


def test_a_description_that_says_it_already_is_left_alone(project: Project) -> None:
    words = "Max file size: 10.0MB, Min width: 300px"
    limits = {**STRING, "x-fal": {"max_file_size": 10485760, "min_width": 300}, "limit_description": words}
    project.add("fal-ai/a", input=obj({"image_url": {**limits, "description": f"A picture.\n\n{words}"}}))
    project.regenerate()
    assert docs(project.module("endpoints/a.py"))["image_url"] == f"A picture. {words}"
