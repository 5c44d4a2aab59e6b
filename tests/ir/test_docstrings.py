"""What docstrings say besides the description: the facts an editor should show."""

from __future__ import annotations

from typing import Any

import pytest
from support import INTEGER, STRING, read_schema

from generator.ir.docstrings import facts, summary
from generator.literals import shown

NULL = {"type": "null"}
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
    "a long example": ({**STRING, "examples": ["x" * 400, "y"]}, 'Example: `"y"`.'),
    "all": (
        {**INTEGER, "description": "How many.", "default": 1, "maximum": 4, "examples": [2]},
        "Default: `1`. Range: at most 4.\n\nExample: `2`.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCS)
def test_facts(name: str) -> None:
    schema, expected = DOCS[name]
    assert "\n\n".join(facts(read_schema(schema).property, output=False)) == expected


def test_what_an_output_leaves_out_is_the_servers_default() -> None:
    assert facts(read_schema({**STRING, "default": "a"}).property, output=True) == ('Server default: `"a"`.',)


def test_shown_is_what_a_python_programmer_types() -> None:
    assert shown({"a": [True, None, "é\n"]}) == '{"a": [True, None, "é\\n"]}'


def test_summary_is_the_first_paragraph() -> None:
    assert summary("\n  One\n  line.\n\nTwo.") == "One line."
    assert summary(" \n ") == ""
