"""Values of single schemas: each word of JSON Schema, and any schema at all."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from runtime.testing.media.wish import url_path
from runtime.testing.values import scalars
from runtime.testing.values.formats import is_of_format, text_of
from runtime.testing.values.outputs import NoOutputError, output_of
from runtime.testing.values.patterns import NotSimple, text_for
from runtime.testing.values.reading import Reading
from runtime.testing.values.valid import problem

CHECKER = Draft202012Validator.FORMAT_CHECKER
FORMATS = sorted(
    "date-time date time duration uuid email idn-email hostname idn-hostname uri uri-reference iri iri-reference ipv4 "
    "ipv6 json-pointer relative-json-pointer regex uri-template".split()
)


def made(schema: Any, sent: Any = None) -> Any:
    def file_url(wish: Any) -> str:
        return "https://files.test" + url_path(wish)

    return output_of(schema, endpoint_id="a/b", input=sent or {}, file_url=file_url)


def is_valid(schema: Any, value: Any) -> bool:
    return Draft202012Validator(schema, format_checker=CHECKER).is_valid(value)


OBJECT = {"type": "object"}
NODE = {
    "type": "object",
    "required": ["value"],
    "properties": {
        "value": {"type": "string"},
        "next": {"$ref": "#/$defs/Node"},
        "others": {"type": "array", "items": {"$ref": "#/$defs/Node"}},
    },
}
TREE = {
    "type": "object",
    "required": ["left", "right"],
    "properties": {
        "left": {"anyOf": [{"$ref": "#/$defs/Tree"}, {"type": "integer"}]},
        "right": {"oneOf": [{"$ref": "#/$defs/Tree"}, {"type": "null"}]},
    },
}
SCHEMAS: dict[str, Any] = {
    "nothing": {},
    "const": {"const": {"a": [1, None]}},
    "enum": {"enum": [None, 3, "x"]},
    "null": {"type": "null"},
    "types": {"type": ["null", "integer"], "minimum": 5},
    "true": {"type": "boolean", "const": True},
    "limits": {"type": "integer", "minimum": 3, "maximum": 3},
    "open limits": {"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 5},
    "between integers": {"type": "number", "exclusiveMinimum": 3, "exclusiveMaximum": 3.001},
    "negative": {"type": "number", "maximum": -5},
    "below zero": {"type": "number", "exclusiveMaximum": 0},
    "just above zero": {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.0004},
    "just below one": {"type": "number", "exclusiveMinimum": 0.9996, "exclusiveMaximum": 1},
    "one number": {"type": "number", "minimum": 0.1, "maximum": 0.1},
    "multiple": {"type": "integer", "multipleOf": 64, "minimum": 100, "maximum": 200},
    "multiple of a fraction": {"type": "number", "multipleOf": 0.1, "minimum": 0.25},
    "one multiple of a fraction": {"type": "number", "multipleOf": 0.5, "minimum": 0.4, "maximum": 0.9},
    "large multiple": {"type": "number", "multipleOf": 0.01, "minimum": 1000, "maximum": 1000.5},
    "open multiple": {"type": "integer", "multipleOf": 8, "exclusiveMinimum": 8, "exclusiveMaximum": 24},
    "long": {"type": "string", "minLength": 500},
    "short": {"type": "string", "maxLength": 3},
    "empty": {"type": "string", "maxLength": 0},
    "pattern": {"type": "string", "pattern": "^[A-Z]{2}-\\d{4}$"},
    "long pattern": {"type": "string", "pattern": "^#[0-9a-f]+$", "minLength": 9, "maxLength": 9},
    "pattern by example": {"type": "string", "pattern": "^(?=.*7)(?!8).+$", "examples": ["x", "a7"]},
    "pattern by default": {"type": "string", "pattern": "(?<=b)c", "default": "bc"},
    "wrong example": {"type": "integer", "maximum": 5, "examples": [9], "default": "x"},
    "list": {"type": "array", "items": {"type": "integer"}, "minItems": 4, "maxItems": 4},
    "no items": {"type": "array", "maxItems": 0},
    "different": {"type": "array", "items": {"enum": [1, 2, 3]}, "minItems": 3, "uniqueItems": True},
    "different words": {
        "type": "array",
        "items": {"type": "string", "examples": ["a"]},
        "minItems": 5,
        "uniqueItems": True,
    },
    "both truths": {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "uniqueItems": True},
    "positions": {
        "type": "array",
        "prefixItems": [{"type": "string"}, {"type": "number"}],
        "items": False,
        "minItems": 2,
    },
    "contains": {"type": "array", "items": {"type": "integer"}, "contains": {"minimum": 1000}},
    "required only": {"type": "object", "required": ["a", "b"]},
    "closed": {"type": "object", "properties": {"a": {"type": "integer"}}, "additionalProperties": False},
    "any names": {"type": "object", "additionalProperties": {"type": "integer"}, "minProperties": 3},
    "some names": {"type": "object", "propertyNames": {"pattern": "^k[0-9]$"}, "minProperties": 2},
    "pattern names": {
        "patternProperties": {"^x_": {"type": "null"}},
        "additionalProperties": False,
        "minProperties": 1,
    },
    "no further names": {"type": "object", "additionalProperties": {"enum": []}},
    "nothing to list": {"type": "array", "items": {"not": {}}},
    "one of": {"oneOf": [{"type": "number"}, {"type": "integer"}]},
    "any of": {"anyOf": [{"type": "null"}, {"type": "string", "minLength": 2}]},
    "any of what can be": {
        "anyOf": [{"type": "object", "additionalProperties": {"enum": []}, "minProperties": 1}, {"type": "integer"}]
    },
    "all of": {"allOf": [{"minimum": 4}, {"type": "integer"}, {"maximum": 5}, {"type": "number"}]},
    "all limits": {"type": "integer", "maximum": 1001, "allOf": [{"minimum": 1000}, {"minimum": 4}]},
    "all limits, the other way": {"type": "string", "minLength": 4, "maxLength": 9, "allOf": [{"minLength": 9}]},
    "all objects": {
        "allOf": [{"properties": {"a": {"minimum": 3}}}, {"properties": {"a": {"type": "integer"}}, "required": ["a"]}]
    },
    "unions of unions": {
        "allOf": [{"anyOf": [{"type": "string"}, {"type": "null"}]}, {"anyOf": [{"const": None}, {"const": 3}]}]
    },
    "beside a union": {"minimum": 50, "anyOf": [{"type": "integer", "maximum": 9}, {"type": "integer", "maximum": 60}]},
    "not": {"type": "integer", "not": {"maximum": 50}, "maximum": 100},
    "if": {"type": "object", "properties": {"a": {"const": 1}}, "if": {"required": ["a"]}, "then": {"required": ["b"]}},
    "reference": {"$defs": {"A": {"type": "integer"}}, "$ref": "#/$defs/A", "minimum": 7},
    "reference nowhere": {"properties": {"a": {}}},
    "escaped reference": {"$defs": {"A/b~": {"type": "null"}}, "$ref": "#/$defs/A~1b~0"},
    "back to itself": {"$defs": {"Node": NODE}, "$ref": "#/$defs/Node"},
    "back by need": {"$defs": {"Tree": TREE}, "$ref": "#/$defs/Tree"},
    "back by items": {"$defs": {"List": {"type": "array", "items": {"$ref": "#/$defs/List"}}}, "$ref": "#/$defs/List"},
    "dependent": {"properties": {"a": {"type": "null"}}, "dependentRequired": {"a": ["b"]}},
    **{name: {"type": "string", "format": name} for name in FORMATS},
}


@pytest.mark.parametrize("schema", SCHEMAS.values(), ids=SCHEMAS)
def test_words(schema: Any) -> None:
    schema = dict(schema)
    value = made(schema)
    assert is_valid(schema, value), value
    assert made(schema) == value
    definitions = schema.pop("$defs", {})
    inside = {"type": "object", "properties": {"x": schema}, "required": ["x"], "$defs": definitions}
    assert is_valid(inside, made(inside, {"x": "of the input"}))
    several = {"type": "array", "items": schema, "minItems": 3, "$defs": definitions}
    assert is_valid(several, made(several))


@pytest.mark.parametrize("way", ["$ref", "anyOf", "oneOf", "prefixItems", "items", "additionalProperties"])
def test_what_leads_back_to_itself_and_may_be_left_out_is(way: str) -> None:
    node: Any = {"$ref": "#/$defs/Node"}
    if way != "$ref":
        node = {way: node if way in ("items", "additionalProperties") else [node]}
    schema = {"type": "object", "properties": {"plain": {"const": 1}, "back": node}, "required": ["plain"]}
    assert made({"$ref": "#/$defs/Node", "$defs": {"Node": schema}}) == {"plain": 1}


@pytest.mark.parametrize(
    ("schema", "ends"),
    [
        ({"minimum": 3, "maximum": 3}, (3, 3)),
        ({"minimum": 3, "maximum": 7}, (3, 7)),
        ({"exclusiveMinimum": 3, "exclusiveMaximum": 7}, (4, 6)),
        ({"multipleOf": 8, "minimum": 8, "maximum": 30}, (8, 24)),
        ({"multipleOf": 8, "exclusiveMinimum": 8, "exclusiveMaximum": 30}, (16, 24)),
    ],
)
def test_a_whole_number_may_be_any_that_is_allowed(schema: Any, ends: tuple[int, int]) -> None:
    least = scalars.number(schema, "a", lambda _: 0, whole=True)
    greatest = scalars.number(schema, "a", lambda sides: sides - 1, whole=True)
    assert (least, greatest) == ends


@pytest.mark.parametrize(
    ("schema", "strict"),
    [
        ({"type": "integer", "minimum": 3, "maximum": 4, "exclusiveMinimum": True}, {"const": 4}),
        ({"type": "integer", "minimum": 3, "maximum": 4, "exclusiveMaximum": True}, {"const": 3}),
        ({"type": "integer", "minimum": 3, "exclusiveMinimum": False, "maximum": 3}, {"const": 3}),
        ({"items": {"0": {"const": 1}, "1": {"const": "b"}}}, {"const": [1, "b"]}),
        ({"type": "string", "nullable": True, "minLength": 3}, {"type": "string", "minLength": 3}),
        ({"nullable": True, "enum": [None]}, {"type": "null"}),
        ({"$ref": "#/components/schemas/A", "components": {"schemas": {"A": {"const": 1}}}}, {"const": 1}),
        ({"$ref": "#/components/schemas/Gone"}, {}),
        ({"enum": ["a"], "anyOf": [{"type": "string"}, {"type": "null"}]}, {"const": "a"}),
        ({"type": "integer", "example": 77}, {"const": 77}),
    ],
    ids=str,
)
def test_words_of_openapi(schema: Any, strict: Any) -> None:
    assert is_valid(strict, made(schema))


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": []},
        {"not": {}},
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        {"type": "integer", "minimum": 5, "maximum": 4},
        {"type": "array", "items": {"const": 1}, "minItems": 2, "uniqueItems": True},
        {"type": "array", "items": {"type": "integer"}, "minItems": 10**9},
        {"$defs": {"A": {"$ref": "#/$defs/A"}}, "$ref": "#/$defs/A", "type": "string", "const": 1},
        {
            "$defs": {"A": {**OBJECT, "required": ["a"], "properties": {"a": {"$ref": "#/$defs/A"}}}},
            "$ref": "#/$defs/A",
        },
        {"type": "string", "pattern": "(?=a)b"},
    ],
    ids=str,
)
def test_what_nothing_fits(schema: Any) -> None:
    with pytest.raises(NoOutputError, match="a/b: no output could be made"):
        made(schema)


@given(st.sampled_from(FORMATS), st.integers(0, 10**6))
def test_formats(name: str, number: int) -> None:
    text = text_of(name, lambda sides: (number * 7919) % sides, f"{number:064x}")
    assert text is not None
    assert CHECKER.conforms(text, name), text
    assert is_of_format(name, text)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("date", "2026-13-01"),
        ("date-time", "2026-01-01"),
        ("uri", "no link"),
        ("uuid", "x"),
        ("ipv4", "1.2.3.256"),
        ("email", "me"),
    ],
)
def test_what_is_of_no_format(name: str, text: str) -> None:
    assert not is_of_format(name, text)
    assert not CHECKER.conforms(text, name)


@pytest.mark.parametrize(
    "pattern",
    [
        "^$",
        "abc",
        "^a{3}$",
        "^a{2,5}$",
        "^a{2,}b?$",
        "^(ab|cd)+x*$",
        r"^\d{4}-\d\d$",
        r"^[\w.-]+@[a-z]+\.com$",
        r"^\S+$",
        "^[^a-z]+$",
        "^(?:a|b)$",
        "^(?P<x>[0-9a-fA-F]{8})$",
        r"^\u0041\x42$",
        r"^char_[A-Za-z0-9]{24}$",
        "^.{3,}$",
        "^[]a]$",
        r"^#([0-9A-F]{3}|[0-9A-F]{6})$",
        r"^\d+(\.\d+)?(px|%)$",
        "^a+?b$",
        r"^\[\^\]$",
        r"^[\]\\-]$",
        "a|^b$",
    ],
)
@pytest.mark.parametrize("extra", [0, 1, 5])
def test_patterns(pattern: str, extra: int) -> None:
    for number in range(5):
        assert re.search(pattern, text_for(pattern, lambda sides, number=number: number % sides, extra))


@pytest.mark.parametrize("pattern", ["(?=a)", "(?<!a)b", r"(a)\1", "(a", "a)", "[a"])
def test_patterns_that_are_beyond(pattern: str) -> None:
    with pytest.raises(NotSimple):
        text_for(pattern, lambda _: 0)


NUMBERS = st.integers(-50, 50) | st.floats(-50, 50, allow_nan=False).map(lambda one: round(one, 2))
PLAIN = st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["", "a", "image", "https://x.test/a.png"])
NAMES = st.sampled_from(["a", "url", "images", "seed", "video", "content_type", "width", "next"])
SMALL, TRUTH = st.integers(0, 5), st.booleans()


def _some(**words: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=words)


def _type(*names: str) -> st.SearchStrategy[str]:
    return st.sampled_from(names)


def _deeper(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    several, properties = st.lists(inner, min_size=1, max_size=3), st.dictionaries(NAMES, inner, max_size=4)
    required = st.lists(NAMES, unique=True, max_size=2)
    described = st.sampled_from(["", "Only if a is set.", "A .glb file"])
    lists = _some(type=_type("array"), items=inner, minItems=SMALL, maxItems=SMALL, uniqueItems=TRUTH)
    closed = _some(type=_type("object"), properties=properties, required=required, additionalProperties=TRUTH)
    opened = _some(properties=properties, additionalProperties=inner, minProperties=SMALL, maxProperties=SMALL)
    unions = _some(anyOf=several, description=described) | _some(oneOf=several, allOf=several)
    denied = st.builds(lambda one, no: {**one, "not": no} if isinstance(one, dict) else one, inner, inner)
    return lists | closed | opened | unions | denied


TEXTS = _some(type=_type("string", "null"), minLength=SMALL, maxLength=SMALL, format=st.sampled_from(FORMATS))
STEPS = st.sampled_from([1, 3, 0.5, 0.1])
LIMITED = _some(type=_type("integer", "number"), minimum=NUMBERS, maximum=NUMBERS, exclusiveMinimum=NUMBERS)
STEPPED = _some(type=_type("integer", "number"), minimum=NUMBERS, multipleOf=STEPS)
CHOICE = _some(enum=st.lists(PLAIN, max_size=3), examples=st.lists(PLAIN, max_size=2), default=PLAIN)
OTHER = st.booleans() | st.builds(lambda one: {"const": one}, PLAIN) | st.just({"$ref": "#/$defs/A"})
ANY = st.recursive(TEXTS | LIMITED | STEPPED | CHOICE | OTHER, _deeper, max_leaves=8)


@settings(max_examples=200)
@given(st.dictionaries(st.just("A"), ANY, min_size=1), ANY.filter(lambda one: isinstance(one, dict)))
def test_any_schema(definitions: dict[str, Any], schema: dict[str, Any]) -> None:
    """What comes out is valid. What does not come out at all may be there: it is not looked for for ever."""
    schema = {**schema, "$defs": definitions}
    try:
        value = made(schema, {"a": 1, "seed": 3})
    except NoOutputError:
        return
    try:
        fits = is_valid(schema, value)
    except RecursionError:  # of `jsonschema`, where a reference leads to itself at once
        return
    assert fits, value


@settings(max_examples=200)
@given(
    ANY, st.recursive(PLAIN | NUMBERS, lambda one: st.lists(one, max_size=3) | st.dictionaries(NAMES, one, max_size=3))
)
def test_what_is_valid(schema: Any, value: Any) -> None:
    """The fake's own reading of schemas and that of `jsonschema` agree."""
    if isinstance(schema, dict):
        schema = {**schema, "$defs": {"A": {"type": "integer"}}}
    assert (problem(Reading(schema if isinstance(schema, dict) else {}), schema, value) is None) == is_valid(
        schema, value
    )


def test_how_deep_the_least_value_of_a_type_is() -> None:
    itself = {"type": "object", "properties": {"a": {"$ref": "#/$defs/It"}}}
    box = {"type": "object", "properties": {"a": {"$ref": "#/$defs/Text"}}, "required": ["a"]}
    defs = {"It": {**itself, "required": ["a"]}, "Open": itself, "Text": {"type": "string"}, "Box": box}
    read = Reading({"$defs": defs})
    depths = {name: read.height({"$ref": f"#/$defs/{name}"}) for name in defs}
    assert depths == {"It": float("inf"), "Open": 0, "Text": 0, "Box": 1}
