"""What a document says of a value beside its limits: examples, and whether it is usually there."""

# design: What does the fake answer?

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from .kinds import is_list, is_object
from .reading import types

if TYPE_CHECKING:
    from collections.abc import Mapping

_CONDITION = re.compile(r"\b(if|when|only|optional|optionally|unless|otherwise)\b", re.IGNORECASE)
_NEVER = re.compile(r"(.*_)?(error|errors|file_data|moderation_.*)")
_LINK = re.compile(r"(https?|data|wss?):", re.IGNORECASE)
# What a schema without a type is about, by the words it has.
_BY_WORD = (
    ("object", ("properties", "additionalProperties", "required", "patternProperties", "minProperties")),
    ("array", ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
)


def is_wanted(name: str, schema: Mapping[str, Any], input: Mapping[str, Any]) -> bool:
    """Whether a property that may be left out is usually there.

    Most are: who tests wants something to read. Errors are not, nor is what the document says is there only if
    something was asked for, unless an input that its description names is on.
    """
    if _NEVER.fullmatch(name):
        return False
    description: str = schema.get("description") or ""
    if not _CONDITION.search(description):
        return True
    return any(input[word] for word in re.findall(r"\w+", description) if word in input)


def examples_of(schema: Mapping[str, Any], number: int) -> list[Any]:
    """The examples of a schema, another one first for each item of a list, and then its default."""
    given: Any = schema.get("examples", [])
    found: list[Any] = list(given) if is_list(given) else []
    found += [schema["example"]] if "example" in schema else []
    first = number % len(found) if found else 0
    return [*found[first:], *found[:first], *([schema["default"]] if schema.get("default") is not None else [])]


def has_link(value: Any) -> bool:
    """Whether there is a URL in a value: what an example leads to is nothing that the fake has."""
    if is_object(value):
        return any(map(has_link, value.values()))
    if is_list(value):
        return any(map(has_link, value))
    return isinstance(value, str) and _LINK.match(value) is not None


def types_for(schema: Mapping[str, Any]) -> list[str]:
    """The types that a value may have, null at last; those that its words are about where none is named."""
    named = types(schema)
    about = [name for name, words in _BY_WORD if any(word in schema for word in words)]
    return sorted(named or [*about, "string"], key=lambda name: name == "null")
