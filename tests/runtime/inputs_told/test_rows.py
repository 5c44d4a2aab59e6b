"""What people are told of inputs and outputs: the types' names and limits, the document's words."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Annotated, Any, Required

import pytest
from fal_typed._registry import ENDPOINTS
from fal_typed._runtime.inputs.spec import EndpointSpec
from fal_typed._runtime.inputs_told import rows
from fal_typed._runtime.inputs_told.rows import NO_DEFAULT, InputRow, output_rows_of, rows_of
from fal_typed._runtime.schemas import Schemas, schemas_of
from pydantic import Field
from typing_extensions import TypedDict

if TYPE_CHECKING:
    from collections.abc import Mapping

SCHNELL = "fal-ai/flux-1/schnell"


def spec_of(endpoint_id: str) -> EndpointSpec:
    module, _ = ENDPOINTS[endpoint_id]
    found: EndpointSpec = import_module(f"fal_typed.endpoints.{module}").SPEC
    return found


def by_name(endpoint_id: str) -> dict[str, InputRow]:
    return {row.name: row for row in rows_of("fal_typed", spec_of(endpoint_id))}


@pytest.mark.parametrize("endpoint_id", ENDPOINTS)
def test_every_input_of_every_document(endpoint_id: str) -> None:
    schemas = schemas_of("fal_typed", endpoint_id)
    assert schemas is not None
    found = rows_of("fal_typed", spec_of(endpoint_id))
    assert [row.name for row in found] == [*schemas.input["properties"]]
    assert {row.name for row in found if row.required} == {
        name for name in schemas.input["required"] if "default" not in schemas.input["properties"][name]
    }
    for row in found:
        said = schemas.input["properties"][row.name]
        assert row.default == said.get("default", NO_DEFAULT)
        assert row.description == said.get("description", "").strip()
        low, high = (said.get(end, said.get(f"exclusive{end.title()}")) for end in ("minimum", "maximum"))
        assert (row.low, row.high) == (low, high)
    fields = output_rows_of("fal_typed", spec_of(endpoint_id))
    assert [row.name for row in fields] == [*schemas.output["properties"]]
    assert [row.description for row in fields] == [
        one.get("description", "") for one in schemas.output["properties"].values()
    ]


def test_rows() -> None:
    found = by_name(SCHNELL)
    steps = found["num_inference_steps"]
    assert (steps.type, steps.default, steps.range, steps.required) == ("int", 4, "1 to 12", False)
    prompt = found["prompt"]
    assert (prompt.required, prompt.default) == (True, NO_DEFAULT)
    assert str(prompt.example).startswith("Extreme close-up")
    assert found["image_size"].members[:2] == ("square_hd", "square")
    assert found["image_size"].type.endswith('"landscape_16_9" | ImageSize')
    assert [(row.name, row.type) for row in output_rows_of("fal_typed", spec_of(SCHNELL))][:2] == [
        ("images", "list[SizedImage]"),
        ("timings", "dict[str, float]"),
    ]


def test_without_the_data_types_and_limits_are_told() -> None:
    lost = rows_of("json", spec_of(SCHNELL))  # a package that has no such file
    assert [row.name for row in lost] == [*by_name(SCHNELL)]
    steps = next(row for row in lost if row.name == "num_inference_steps")
    assert (steps.range, steps.default, steps.description) == ("1 to 12", NO_DEFAULT, "")
    assert output_rows_of("json", spec_of(SCHNELL))[0].type == "list[SizedImage]"


def test_of_an_endpoint_that_nothing_is_known_of_there_are_none() -> None:
    nothing = EndpointSpec(id="owner/other")
    assert rows_of("fal_typed", nothing) == []
    assert output_rows_of("fal_typed", nothing) == []


class Renamed(TypedDict, total=False):
    from_: Required[Annotated[str, Field(alias="from")]]
    image_url: str
    elements: list[dict[str, str]]


def told(monkeypatch: pytest.MonkeyPatch, schema: Mapping[str, Any], **spec: Any) -> list[InputRow]:
    found = Schemas(input=schema, output={})
    monkeypatch.setattr(rows, "schemas_of", lambda package, endpoint_id: found)
    return rows_of("a", EndpointSpec(id="a/b", input=Renamed, renamed=True, **spec))


def test_words_are_found_by_the_names_of_the_wire(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = {"properties": {"from": {"description": "Whence.", "default": None}, "from_": {"description": "No."}}}
    (first, *_) = told(monkeypatch, schema)
    assert (first.name, first.required, first.description, first.default) == ("from_", True, "Whence.", None)


def test_a_root_that_is_made_of_others(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = {
        "allOf": [{"$ref": "#/$defs/A~1B"}, {"properties": {"image_url": {"description": "An image."}}}],
        "$defs": {"A/B": {"properties": {"from": {"default": 1}}, "allOf": [{"$ref": "#/$defs/A~1B"}]}},
    }
    found = told(monkeypatch, schema)
    assert (found[0].default, found[1].description) == (1, "An image.")


def test_limits_of_files(monkeypatch: pytest.MonkeyPatch) -> None:
    media = {
        "image_url": {"kind": "image", "max_file_size": 10 << 20, "min_width": 300, "max_width": 300},
        "elements.*.video_url": {"max_duration": 10.5},
        "element": {"min_width": 7},
    }
    found = told(monkeypatch, {}, media=media)
    assert [row.limits for row in found] == [
        "",
        "a picture, at most 10 MiB, exactly 300 pixels wide",
        "elements.*.video_url: at most 10.5 seconds long",
    ]


def test_hostile_words_do_a_terminal_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"description": "\x1b[2J\x07\u202ereversed\r\nA\ttab.\ud800 \x9b", "examples": [], "default": "\x1b"}
    (row, *_) = told(monkeypatch, {"properties": {"from": said}})
    assert row.description == "\\x1b[2J\\x07\\u202ereversed\nA tab.\\ud800 \\x9b"
    assert row.default == "\x1b"  # a value is a value
    assert replace(row, default=0).default == 0


@pytest.mark.parametrize("said", [{"description": 7, "examples": {}}, True, None, []])
def test_schemas_that_say_nothing_of_use(said: object, monkeypatch: pytest.MonkeyPatch) -> None:
    (row, *_) = told(monkeypatch, {"properties": {"from": said}})
    assert (row.description, row.example, row.default) == ("", NO_DEFAULT, NO_DEFAULT)
