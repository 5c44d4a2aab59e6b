"""What docstrings say besides the description: the facts an editor should show."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import INTEGER, STRING, read_schema

from generator.docs.describe import Beginning
from generator.emit.inert.meaning import evaluate_back
from generator.ir.docstrings import facts, input_line, shown_values, summary
from generator.literals import shown

NULL = {"type": "null"}
# Some of it long.
TEXTS = st.text(max_size=8) | st.builds(
    lambda word, times: word * times, st.text('a b\u200b"\\', max_size=6), st.integers(1, 200)
)
JSON: st.SearchStrategy[Any] = st.recursive(
    TEXTS | st.integers() | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=9) | st.dictionaries(TEXTS, inner, max_size=5),
    max_leaves=30,
)
DOCS: dict[str, tuple[Any, str]] = {
    "nothing to say": (STRING, ""),
    "a description is not a fact": ({**STRING, "description": " The prompt.  \n"}, ""),
    "default": ({**STRING, "default": "a"}, 'Default: `"a"`.'),
    "an empty default": ({**STRING, "default": ""}, 'Default: `""`.'),
    "false": ({"type": "boolean", "default": False}, "Default: `False`."),
    "zero": ({**INTEGER, "default": 0}, "Default: `0`."),
    "a list": ({"type": "array", "default": ["a", True, None]}, 'Default: `["a", True, None]`.'),
    "an object": ({"type": "object", "default": {"b": 1, "a": 2.5}}, 'Default: `{"a": 2.5, "b": 1}`.'),
    "a small number": ({"type": "number", "default": 5e-05}, "Default: `5e-05`."),
    "range": ({**INTEGER, "minimum": 1, "maximum": 4}, "Range: 1 to 4."),
    "one side": ({"type": "number", "exclusiveMinimum": 0}, "Range: above 0."),
    "other side": ({"type": "number", "exclusiveMaximum": 1}, "Range: below 1."),
    "steps": ({**INTEGER, "minimum": 0, "multipleOf": 8}, "Range: at least 0 in steps of 8."),
    "range of a nullable": ({"anyOf": [{**INTEGER, "maximum": 4}, NULL]}, "Range: at most 4."),
    "length": ({**STRING, "minLength": 3, "maxLength": 50}, "Length: at least 3, at most 50 characters."),
    "two sides": ({"type": "number", "exclusiveMinimum": 0, "maximum": 5}, "Range: above 0, at most 5."),
    "a length of one": ({**STRING, "minLength": 1}, "Length: at least 1 character."),
    "one length": ({"type": "array", "minItems": 2, "maxItems": 2}, "Length: 2 items."),
    "at least nothing": ({"type": "array", "minItems": 0}, ""),
    "deprecated": ({**STRING, "deprecated": True, "default": "x"}, 'Deprecated. Default: `"x"`.'),
    "example": ({**STRING, "examples": ["a", "b"]}, 'Example: `"a"`.'),
    "an example that is the default": (
        {**STRING, "examples": ["a", "b"], "default": "a"},
        'Default: `"a"`.\n\nExample: `"b"`.',
    ),
    "examples that say nothing": ({**STRING, "examples": ["", None, []]}, ""),
    "a long example and a short one": ({**STRING, "examples": ["x" * 400, "y"]}, 'Example: `"y"`.'),
    "an example that just fits": ({**STRING, "examples": ["x" * 298]}, f'Example: `"{"x" * 298}"`.'),
    "a long example": ({**STRING, "examples": ["x" * 299]}, f'Example: `"{"x" * 198}"` … (301 characters).'),
    "a long example in words": (
        {**STRING, "examples": ["a cat " * 1000]},
        f'Example: `"{"a cat " * 32}a cat"` … (6,002 characters).',
    ),
    "a long list": (
        {"type": "array", "examples": [["a" * 90, "b b " * 60, "c"]]},
        f'Example: `["{"a" * 90}", "{"b " * 50}b"]` … (343 characters).',
    ),
    "a long object": (
        {"type": "object", "examples": [{"a": "x", "b": [1] * 200, "c": "y"}]},
        f'Example: `{{"a": "x", "b": [{"1, " * 60}1]}}` … (627 characters).',
    ),
    "one long thing in a list": (
        {"type": "array", "examples": [["word " * 100]]},
        f'Example: `["{"word " * 38}word"]` … (504 characters).',
    ),
    "as long as is shown whole": ({**STRING, "examples": ["x" * 298]}, f'Example: `"{"x" * 298}"`.'),
    "longer by one": ({**STRING, "examples": ["x" * 299]}, f'Example: `"{"x" * 198}"` … (301 characters).'),
    "what cannot be seen takes more room": (
        {**STRING, "examples": ["\u200b" * 400]},
        'Example: `"' + "\\u200b" * 33 + '"` … (2,402 characters).',
    ),
    "all": (
        {**INTEGER, "description": "How many.", "default": 1, "maximum": 4, "examples": [2]},
        "Default: `1`. Range: at most 4.\n\nExample: `2`.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCS)
def test_facts(name: str) -> None:
    schema, expected = DOCS[name]
    assert "\n\n".join(facts(read_schema(schema).property, output=False)) == expected


@pytest.mark.parametrize(("length", "told"), [(28, f'default "{"x" * 28}"'), (29, "has a default")])
def test_a_line_about_an_input_has_room_for_a_short_default(length: int, told: str) -> None:
    assert input_line("it", read_schema({**STRING, "default": "x" * length}).property) == f"it ({told})"


def test_what_an_output_leaves_out_is_the_servers_default() -> None:
    assert facts(read_schema({**STRING, "default": "a"}).property, output=True) == ('Server default: `"a"`.',)


def test_shown_is_what_a_python_programmer_types() -> None:
    assert shown({"a": [True, None, "é\n"]}) == '{"a": [True, None, "é\\n"]}'


def test_summary_is_the_first_paragraph() -> None:
    assert summary("\n  One\n  line.\n\nTwo.") == "One line."
    assert summary(" \n ") == ""


@given(value=JSON)
def test_what_is_shown_of_an_example_evaluates_to_its_beginning(value: Any) -> None:
    prop = read_schema({"examples": [value]}).property
    for one, line in zip(shown_values(prop), facts(prop, output=False), strict=True):
        assert evaluate_back([one])
        assert f"`{one.text}`" in line
        part = json.loads(one.value)
        if " … (" in line.removeprefix(f"Example: `{one.text}`"):
            assert len(one.text) <= 300
            assert Beginning(part).matches(value)
        else:
            assert part == value
