"""The schemas that the package carries: JSON Schema 2020-12 in the document's own words."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest
from jsonschema import Draft202012Validator
from support import CASES, INTEGER, STRING, obj, ref

from generator.diagnostics import Findings
from generator.parse.json_schema import schemas
from generator.parse.load import Document
from generator.parse.resolve import resolve

NULL = {"type": "null"}
# A schema as documents have it → as the package carries it.
SPELLINGS: dict[str, tuple[Any, Any]] = {
    "words": (
        {"type": "string", "title": "A", "description": "B.", "examples": ["c"], "default": None, "x-more": {"b": 1.0}},
        {"type": "string", "title": "A", "description": "B.", "examples": ["c"], "default": None, "x-more": {"b": 1}},
    ),
    "nullable": ({"type": "string", "nullable": True}, {"type": ["string", "null"]}),
    "not nullable": ({"type": "string", "nullable": False}, {"type": "string"}),
    "nullable enum": (
        {"type": "string", "enum": ["a"], "nullable": True},
        {"type": ["string", "null"], "enum": ["a", None]},
    ),
    "nullable anyOf": (
        {"anyOf": [STRING, INTEGER], "title": "A", "nullable": True},
        {"anyOf": [STRING, INTEGER, NULL], "title": "A"},
    ),
    "nullable twice": ({"anyOf": [STRING, NULL], "nullable": True}, {"anyOf": [STRING, NULL]}),
    "nullable allOf": (
        {"allOf": [ref("Point")], "description": "A.", "ui": {"field": "image"}, "nullable": True},
        {
            "anyOf": [{"allOf": [{"$ref": "#/$defs/Point"}]}, NULL],
            "description": "A.",
            "ui": {"field": "image"},
        },
    ),
    "nullable reference": (
        {**ref("Point"), "nullable": True},
        {"anyOf": [{"$ref": "#/$defs/Point"}, NULL]},
    ),
    "boolean exclusive bounds": (
        {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": 2.0, "exclusiveMaximum": False},
        {"type": "number", "exclusiveMinimum": 0, "maximum": 2},
    ),
    "numeric exclusive bounds": (
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1.5},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1.5},
    ),
    "example": ({"type": "string", "example": "a"}, {"type": "string", "examples": ["a"]}),
    "example and examples": (
        {"type": "string", "example": "a", "examples": ["b", "a"]},
        {"type": "string", "examples": ["b", "a"]},
    ),
    "tuple of old": (
        {"type": "array", "items": [STRING, INTEGER]},
        {"type": "array", "prefixItems": [STRING, INTEGER]},
    ),
    "tuple as mapping": (
        {"type": "array", "items": {"0": STRING, "1": INTEGER}},
        {"type": "array", "prefixItems": [STRING, INTEGER]},
    ),
    "unknown type": ({"type": "file"}, {}),
    "no schema": (7, {}),
    "bad values": (
        {"type": "string", "minLength": "2", "maxLength": -1, "pattern": "(", "title": 7, "enum": [], "multipleOf": 0},
        {"type": "string"},
    ),
    "required of nothing": (obj({"a": STRING}, required=["b"]), {"type": "object", "properties": {"a": STRING}}),
    "required twice": (
        obj({"a": STRING}, required=["a", "a"]),
        {"type": "object", "properties": {"a": STRING}, "required": ["a"]},
    ),
    "dangling reference": (ref("Nobody"), {}),
    "foreign reference": ({"$ref": "https://example.com/a.json"}, {}),
    "anchors": ({"type": "string", "$id": "https://example.com/", "$anchor": "a"}, {"type": "string"}),
    "no properties": ({"type": "object", "properties": []}, {"type": "object"}),
    "additional properties": (
        {"type": "object", "additionalProperties": {"type": "string", "nullable": True}},
        {"type": "object", "additionalProperties": {"type": ["string", "null"]}},
    ),
    "sealed": ({"type": "object", "additionalProperties": False}, {"type": "object", "additionalProperties": False}),
}


def read(data: Any, endpoint_id: str = "fal-ai/test") -> dict[str, Any]:
    resolved = resolve(Document(id=endpoint_id, path="specs/x.json", text="", data=data), Findings())
    assert resolved is not None
    text = schemas(resolved)
    assert text.isascii()
    assert "\n" not in text
    both: dict[str, Any] = json.loads(text)
    for one in (both["input"], both["output"]):
        Draft202012Validator.check_schema(one)
        assert lost_references(one, one.get("$defs", {})) == []
    return both


def lost_references(value: Any, definitions: dict[str, Any]) -> list[str]:
    """The references in a schema that lead to none of its own definitions."""
    if isinstance(value, list):
        return [one for item in value for one in lost_references(item, definitions)]
    if not isinstance(value, dict):
        return []
    found = [one for item in value.values() for one in lost_references(item, definitions)]
    target = value.get("$ref")
    if isinstance(target, str) and _name(target) not in definitions:
        found.append(target)
    return found


def _name(reference: str) -> str:
    return unquote(reference.removeprefix("#/$defs/")).replace("~1", "/").replace("~0", "~")


def document(input_schema: Any, components: dict[str, Any] | None = None, output: Any = None) -> dict[str, Any]:
    def body(schema: Any) -> dict[str, Any]:
        return {"content": {"application/json": {"schema": schema}}}

    return {
        "openapi": "3.0.4",
        "paths": {
            "/fal-ai/test": {"post": {"requestBody": body(input_schema)}},
            "/fal-ai/test/requests/{request_id}": {"get": {"responses": {"200": body(output or obj({}))}}},
        },
        "components": {"schemas": components or {}},
    }


@pytest.mark.parametrize(
    ("metadata", "told"),
    [
        ({"category": "a", "about": " B.\n\nC. ", "documentationUrl": "d"}, ("a", "B.\n\nC.", "d")),
        ({"category": "", "about": "fal-ai/test"}, (None, None, None)),
        ({"category": 7, "about": ["a"], "documentationUrl": {}}, (None, None, None)),
        ({"about": "\ud83d a"}, (None, "\ufffd a", None)),
        (7, (None, None, None)),
    ],
)
def test_what_is_told_of_the_model(metadata: Any, told: tuple[str | None, ...]) -> None:
    about = read({**document(obj({})), "info": {"x-fal-metadata": metadata}})["about"]
    assert about == dict(zip(("category", "description", "documentation"), told, strict=True))


@pytest.mark.parametrize("name", SPELLINGS)
def test_each_spelling(name: str) -> None:
    given, carried = SPELLINGS[name]
    point = obj({"x": INTEGER})
    input_schema = read(document(obj({"one": given}), {"Point": point}))["input"]
    assert input_schema["properties"]["one"] == carried


def test_a_root_is_the_component_itself() -> None:
    both = read(document(ref("In"), {"In": obj({"a": ref("Part")}), "Part": obj({"b": STRING}), "Other": obj({})}))
    assert both["input"] == {
        "type": "object",
        "properties": {"a": {"$ref": "#/$defs/Part"}},
        "$defs": {"Part": {"type": "object", "properties": {"b": STRING}}},
    }


def test_what_leads_back_to_itself_is_a_definition() -> None:
    both = read(document(ref("Tree"), {"Tree": obj({"below": ref("Tree")})}))
    assert both["input"]["properties"]["below"] == {"$ref": "#/$defs/Tree"}
    assert both["input"]["$defs"]["Tree"]["properties"]["below"] == {"$ref": "#/$defs/Tree"}
    Draft202012Validator(both["input"]).validate({"below": {"below": {}}})
    assert read(document(ref("A"), {"A": ref("B"), "B": ref("A")}))["input"]["$ref"]


def test_names_of_components_are_escaped() -> None:
    both = read(document(obj({"a": ref("Odd[a/b~c d]é")}), {"Odd[a/b~c d]é": {"type": "integer"}}))
    validator = Draft202012Validator(both["input"])
    assert validator.is_valid({"a": 1})
    assert not validator.is_valid({"a": "b"})


def test_properties_are_in_fals_order() -> None:
    schema = obj({"a": STRING, "b": STRING, "c": STRING, "d": STRING}, required=["d"])
    ordered = {**schema, "x-fal-order-properties": ["c", "a"]}
    found = read(document(ordered))["input"]
    assert [*found["properties"]] == ["c", "a", "d", "b"]
    assert "x-fal-order-properties" not in found
    schema.pop("x-fal-order-properties", None)
    assert [*read(document(schema))["input"]["properties"]] == ["d", "a", "b", "c"]


def test_the_order_of_a_document_is_of_no_account() -> None:
    one = {"type": "string", "title": "A", "default": "b", "examples": [{"x": 1.0, "y": 2}]}
    two = {"examples": [{"y": 2.0, "x": 1}], "default": "b", "title": "A", "type": "string"}
    first, second = (
        schemas(found)
        for found in (
            resolve(Document(id="fal-ai/test", path="", text="", data=document(obj({"a": schema}))), Findings())
            for schema in (one, two)
        )
        if found is not None
    )
    assert first == second


def test_a_document_without_roots_has_objects() -> None:
    assert read(document(ref("Nobody")))["input"] == {"type": "object"}
    data = document(None)
    data["paths"]["/fal-ai/test"]["post"] = {}
    assert read(data)["input"] == {"type": "object"}


@pytest.mark.parametrize("path", sorted(CASES.glob("*.json")), ids=lambda path: path.stem)
def test_every_case_gives_schemas(path: Any) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    posted = next(one for one, item in data["paths"].items() if "post" in item)
    read(data, posted.strip("/"))
