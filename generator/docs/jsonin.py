"""JSON values inside other text: where one ends is known only by reading it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast

from generator.docs.describe import Value

if TYPE_CHECKING:
    from generator.jsontext import Json

_DECODER = json.JSONDecoder()
_DEEPEST = 100


def value_at(text: str, start: int = 0) -> tuple[Json, int] | None:
    """The JSON value that begins at `start`, and where it ends; None if there is none."""
    try:
        value, end = _DECODER.raw_decode(text, start)
    except (ValueError, RecursionError):
        return None
    return None if _depth(text[start:end]) > _DEEPEST else (cast("Json", value), end)


def _depth(text: str) -> int:
    """How deep brackets are nested at most. Those in strings count too: no value comes near the limit."""
    depth = deepest = 0
    for character in text:
        depth += (character in "[{") - (character in "]}")
        deepest = max(deepest, depth)
    return deepest


def whole_value(text: str) -> Value | None:
    """The JSON value that a text is; None if it is none."""
    text = text.strip()
    found = value_at(text)
    return Value(found[0]) if found is not None and found[1] == len(text) else None


def values(text: str, *, quote: str = "") -> tuple[Value, ...] | None:
    """JSON values parted by commas, each between two of `quote`; None if the text is anything else."""
    found: list[Value] = []
    text, at = text.strip(), 0
    while text.startswith(quote, at):
        one = value_at(text, at + len(quote))
        if one is None or not text.startswith(quote, one[1]):
            return None
        found.append(Value(one[0]))
        at = one[1] + len(quote)
        if at == len(text):
            return tuple(found)
        if text[at] != ",":
            return None
        at += 1
        while at < len(text) and text[at] == " ":
            at += 1
    return None
