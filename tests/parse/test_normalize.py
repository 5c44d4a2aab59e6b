"""Stage normalize: each keyword and spelling of FAL_OPENAPI.md, sections 4 to 8, from the smallest document."""

from __future__ import annotations

from typing import Any

import pytest
from support import INTEGER, STRING, obj, read_schema, ref

from generator.emit.annotations import annotation
from generator.ir.share import Kind
from generator.shapes import AnyShape

POINT = obj({"x": INTEGER, "y": INTEGER}, required=["x", "y"])
NULL = {"type": "null"}

# schema → the annotation of an input, the annotation of an output, the codes found
SAME = None
SHAPES: dict[str, tuple[Any, str, str | None, list[str]]] = {
    # scalars and their limits
    "string": (STRING, "str", SAME, []),
    "string limits": (
        {"type": "string", "minLength": 1, "maxLength": 9, "pattern": "^a"},
        "Annotated[str, Field(min_length=1, max_length=9, pattern='^a')]",
        SAME,
        [],
    ),
    "format changes no type": ({"type": "string", "format": "uuid4"}, "str", SAME, []),
    "binary is text": ({"type": "string", "format": "binary"}, "str", SAME, []),
    "integer": (INTEGER, "int", SAME, []),
    "integer with bounds": (
        {"type": "integer", "minimum": 1, "maximum": 4},
        "Annotated[int, Field(ge=1, le=4)]",
        SAME,
        [],
    ),
    "whole floats are integers": (
        {"type": "integer", "minimum": 1.0, "maximum": 4.0},
        "Annotated[int, Field(ge=1, le=4)]",
        SAME,
        [],
    ),
    "numeric exclusive bounds": (
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
        "Annotated[float, Field(gt=0, lt=1)]",
        SAME,
        [],
    ),
    "boolean exclusive bounds": (
        {"type": "number", "minimum": 0, "exclusiveMinimum": True, "maximum": 1, "exclusiveMaximum": False},
        "Annotated[float, Field(gt=0, le=1)]",
        SAME,
        [],
    ),
    "multipleOf": ({"type": "number", "multipleOf": 0.05}, "Annotated[float, Field(multiple_of=0.05)]", SAME, []),
    "boolean": ({"type": "boolean"}, "bool", SAME, []),
    "null": (NULL, "None", SAME, []),
    "nothing known": ({}, "Any", SAME, []),
    "true": (True, "Any", SAME, []),
    # null, in its spellings
    "nullable": ({"type": "string", "nullable": True}, "str | None", SAME, []),
    "nullable: false": ({"type": "string", "nullable": False}, "str", SAME, []),
    "anyOf null": ({"anyOf": [STRING, NULL]}, "str | None", SAME, []),
    "null first": ({"anyOf": [NULL, STRING]}, "str | None", SAME, []),
    "both spellings": ({"anyOf": [STRING, NULL], "nullable": True}, "str | None", SAME, []),
    "list-valued type": ({"type": ["integer", "null"], "minimum": 1}, "Annotated[int, Field(ge=1)] | None", SAME, []),
    "null among the enum": ({"enum": ["a", None]}, "Literal['a'] | None", SAME, []),
    # enums and consts
    "enum": ({"type": "string", "enum": ["b", "a", ""]}, "Literal['b', 'a', '']", SAME, []),
    "integer enum": (
        {"type": "integer", "enum": [5, 10.0]},
        "Annotated[Literal[5, 10], SAME_TYPE]",
        "Literal[5, 10]",
        [],
    ),
    "const": ({"type": "string", "const": "8s"}, "Literal['8s']", SAME, []),
    "const in a union": (
        {"anyOf": [INTEGER, {"const": "auto", "type": "string"}, NULL]},
        "int | Literal['auto'] | None",
        SAME,
        [],
    ),
    "enum beside anyOf": ({"anyOf": [STRING, NULL], "enum": ["x", "y"]}, "Literal['x', 'y'] | None", SAME, []),
    "open enum": ({"anyOf": [{"enum": ["a"]}, STRING]}, "Literal['a'] | str", SAME, []),
    "empty enum": ({"enum": []}, "Any", SAME, ["bad-keyword"]),
    "enum of floats": ({"enum": [0.5]}, "Any", SAME, ["bad-keyword"]),
    # arrays and tuples
    "array": ({"type": "array", "items": STRING}, "SequenceNotStr[str]", "list[str]", []),
    "array without items": ({"type": "array"}, "SequenceNotStr[Any]", "list[Any]", []),
    "array of anything": ({"type": "array", "items": {}}, "SequenceNotStr[Any]", "list[Any]", []),
    "array limits": (
        {"type": "array", "items": INTEGER, "minItems": 1, "maxItems": 3},
        "Annotated[SequenceNotStr[int], Field(min_length=1, max_length=3)]",
        "Annotated[list[int], Field(min_length=1, max_length=3)]",
        [],
    ),
    "no item twice": (
        {"type": "array", "items": STRING, "maxItems": 3, "uniqueItems": True},
        "Annotated[Annotated[SequenceNotStr[str], Field(max_length=3)], UNIQUE_ITEMS]",
        "Annotated[list[str], Field(max_length=3)]",
        [],
    ),
    "limits inside an item": (
        {"type": "array", "items": {"type": "integer", "minimum": 0}},
        "SequenceNotStr[Annotated[int, Field(ge=0)]]",
        "list[Annotated[int, Field(ge=0)]]",
        [],
    ),
    "prefixItems": (
        {"type": "array", "prefixItems": [INTEGER, INTEGER, STRING]},
        "Annotated[SequenceNotStr[int | str], Field(min_length=3, max_length=3)]",
        "Annotated[list[int | str], Field(min_length=3, max_length=3)]",
        [],
    ),
    "positions for keys": (
        {"type": "array", "items": {"0": {"type": "number"}, "1": {"type": "number"}}},
        "Annotated[SequenceNotStr[float], Field(min_length=2, max_length=2)]",
        "Annotated[list[float], Field(min_length=2, max_length=2)]",
        ["tuple-as-mapping"],
    ),
    # objects
    "bare object": ({"type": "object"}, "Mapping[str, Any]", "dict[str, Any]", []),
    "free object": ({"type": "object", "additionalProperties": True}, "Mapping[str, Any]", "dict[str, Any]", []),
    "map of numbers": (
        {"type": "object", "additionalProperties": {"type": "number"}},
        "Mapping[str, float]",
        "dict[str, float]",
        [],
    ),
    "number or map": (
        {"anyOf": [{"type": "number"}, {"type": "object", "additionalProperties": {"type": "number"}}]},
        "float | Mapping[str, float]",
        "float | dict[str, float]",
        [],
    ),
    # references
    "reference": (ref("Point"), "Point", SAME, []),
    "siblings of a reference": ({**ref("Point"), "description": "d", "default": {"x": 1, "y": 2}}, "Point", SAME, []),
    "allOf of one": ({"allOf": [ref("Point")], "title": "T"}, "Point", SAME, []),
    "reference or enum or null": (
        {"anyOf": [ref("Point"), {"enum": ["a", "b"], "type": "string"}, NULL]},
        "Point | Literal['a', 'b'] | None",
        SAME,
        [],
    ),
    "nullable reference": ({"allOf": [ref("Point")], "nullable": True}, "Point | None", SAME, []),
    "anyOf of one": ({"anyOf": [STRING]}, "str", SAME, []),
    "nested unions open": ({"anyOf": [{"anyOf": [STRING, NULL]}, INTEGER]}, "str | int | None", SAME, []),
    "repetitions go": ({"anyOf": [STRING, {"type": "string", "title": "again"}]}, "str", SAME, []),
    "array of reference or null": (
        {"type": "array", "items": {"anyOf": [ref("Point"), NULL]}},
        "SequenceNotStr[Point | None]",
        "list[Point | None]",
        [],
    ),
    # what cannot be said
    "unknown type": ({"type": "file"}, "Any", SAME, ["unknown-type"]),
    "a schema that is none": ("string", "Any", SAME, ["bad-keyword"]),
    "a pattern no engine takes": ({"type": "string", "pattern": "(?=a)"}, "str", SAME, ["bad-pattern"]),
    "a bound that is none": ({"type": "integer", "minimum": "1"}, "int", SAME, ["bad-keyword"]),
    "a negative length": ({"type": "string", "minLength": -1}, "str", SAME, ["bad-keyword"]),
    "properties that are none": ({"properties": "x"}, "Mapping[str, Any]", "dict[str, Any]", ["lost-properties"]),
    "no properties at all": (
        {"type": "object", "properties": None, "additionalProperties": STRING},
        "Mapping[str, str]",
        "dict[str, str]",
        ["lost-properties"],
    ),
    "empty properties": ({"type": "object", "properties": {}}, "Mapping[str, Any]", "dict[str, Any]", []),
    "required of a bare object": (
        {"type": "object", "required": ["a"]},
        "Mapping[str, Any]",
        "dict[str, Any]",
        ["unknown-required"],
    ),
    "nothing required": ({"type": "object", "required": []}, "Mapping[str, Any]", "dict[str, Any]", []),
    "required without a type": ({"required": ["a"]}, "Any", SAME, ["unsupported-keyword"]),
    "nothing required without a type": ({"required": [], "description": "d"}, "Any", SAME, []),
    "other properties without a type": ({"additionalProperties": False}, "Any", SAME, ["unsupported-keyword"]),
    "any other properties without a type": ({"additionalProperties": True}, "Any", SAME, []),
    "a limit beside a reference": ({**ref("Point"), "maxProperties": 1}, "Point", SAME, ["unsupported-keyword"]),
    "items beside a reference": ({**ref("Point"), "items": STRING}, "Point", SAME, ["ignored-keyword"]),
    "a union beside a reference": ({**ref("Point"), "anyOf": [STRING]}, "Point", SAME, ["ignored-keyword"]),
    "a type beside a reference": ({**ref("Point"), "type": "object"}, "Point", SAME, []),
    "properties beside a union": (
        {"anyOf": [STRING, INTEGER], "properties": {"a": STRING}},
        "str | int",
        SAME,
        ["ignored-keyword"],
    ),
    "a length beside all of one": ({"allOf": [ref("Point")], "maxLength": 3}, "Point", SAME, ["ignored-keyword"]),
    "an empty union": ({"anyOf": []}, "Any", SAME, ["unsupported-keyword"]),
    "not": ({"type": "string", "not": {"enum": ["x"]}}, "str", SAME, ["unsupported-keyword"]),
    "foreign reference": ({"$ref": "https://example.com/x.json"}, "Any", SAME, ["foreign-ref"]),
    "dangling reference": (ref("Nowhere"), "Any", SAME, ["dangling-ref"]),
}


@pytest.mark.parametrize("name", SHAPES)
def test_shape(name: str) -> None:
    schema, param, model, codes = SHAPES[name]

    made = read_schema(schema, {"Point": POINT})

    assert annotation(made.shape, Kind.PARAMS) == param
    assert annotation(made.shape, Kind.MODELS) == (param if model is None else model)
    assert made.codes == codes


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"type": "string", "nullable": True}, {"anyOf": [STRING, NULL]}),
        ({"const": "a"}, {"enum": ["a"]}),
        (ref("Point"), {"allOf": [ref("Point")]}),
        ({"type": "number", "minimum": 1.0}, {"type": "number", "minimum": 1}),
        ({"type": "number", "exclusiveMinimum": 3}, {"type": "number", "minimum": 3, "exclusiveMinimum": True}),
        (
            {"type": "array", "prefixItems": [INTEGER, STRING]},
            {"type": "array", "items": {"0": INTEGER, "1": STRING}},
        ),
        ({"type": ["string", "null"]}, {"anyOf": [NULL, STRING]}),
    ],
)
def test_one_spelling_per_meaning(one: Any, other: Any) -> None:
    assert read_schema(one, {"Point": POINT}).shape == read_schema(other, {"Point": POINT}).shape


def test_prose_and_default_stand_beside_a_reference() -> None:
    made = read_schema(
        {
            **ref("Point"),
            "description": "Where.",
            "default": {"y": 2.0, "x": 1},
            "examples": [{"x": 0}],
            "example": {"x": 9},
            "deprecated": True,
        },
        {"Point": POINT},
    ).property

    assert made.default == '{"x":1,"y":2}'
    assert made.prose.description == "Where."
    assert made.prose.examples == ('{"x":0}', '{"x":9}')
    assert made.prose.deprecated


def test_default_null_is_no_default() -> None:
    assert read_schema({"anyOf": [STRING, NULL], "default": None}).property.default is None


def test_a_list_of_no_types_is_any_value() -> None:
    """Found by the fuzz run: an annotation of nothing is no Python."""
    found = read_schema({"type": []})
    assert (found.shape, found.codes) == (AnyShape(), ["bad-keyword"])
    assert read_schema({"type": [[]]}).codes == ["bad-keyword"]


@pytest.mark.parametrize("schema", [{"enum": ["a", "\ud800"]}, {"const": "\ud800"}])
def test_half_a_character_is_no_value(schema: dict[str, object]) -> None:
    """Found by the hostile documents: pydantic cannot build a type of it, and nobody can send it."""
    found = read_schema(schema)
    assert (found.shape, found.codes) == (AnyShape(), ["bad-keyword"])


def test_half_a_character_is_no_name() -> None:
    found = read_schema(obj({"a": STRING, "b\ud800": STRING}))
    assert found.codes == ["bad-keyword"]
    inner = next(one for one in found.whole.objects.values() if [p.wire_name for p in one.properties] == ["a"])
    assert inner


@pytest.mark.parametrize("schema", [{**STRING, "maxLength": 2**63}, {"type": "array", "items": {}, "minItems": 10**40}])
def test_a_count_that_is_too_large(schema: dict[str, object]) -> None:
    """Found by the hostile documents: pydantic cannot build a type of it."""
    assert read_schema(schema).codes == ["bad-keyword"]
