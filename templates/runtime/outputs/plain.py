"""Values of any depth as plain ones, and as JSON: what pydantic does not dump, and Python's encoder not everywhere.

Pydantic refuses text that holds half a character (a lone surrogate, which JSON can carry as an escape) and nesting of
more than about 250 levels. Nothing here calls itself: how deep a value may be does not depend on the caller's stack.
"""

# design: What can be dumped?

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from ..checks import is_array, is_object

if TYPE_CHECKING:
    from collections.abc import Callable


# Deeper than Python decodes JSON.
DEEPEST = 100_000


def plain(value: Any, fields_of: Callable[[Any], Any]) -> Any:
    """A value without models: `fields_of` gives what one holds, and anything else as it is.

    Raises:
        RecursionError: It contains itself.
    """
    whole: list[Any] = [value]
    todo: list[tuple[Any, Any, int]] = [(whole, 0, 0)]  # where the values are that are still to be looked at, how deep
    while todo:
        container, key, depth = todo.pop()
        if depth > DEEPEST:
            raise RecursionError("the value contains itself")
        item = fields_of(container[key])
        if is_object(item):
            container[key] = made = dict(item)
            todo += [(made, name, depth + 1) for name in made]
        elif is_array(item):
            container[key] = items = list(item)
            todo += [(items, at, depth + 1) for at in range(len(items))]
        else:
            container[key] = item
    return whole[0]


def to_json(value: Any, indent: int | None = None) -> str:
    """Plain values as JSON in ASCII, laid out as pydantic does it: null for what is no number, and no blanks."""
    written: list[str] = []
    todo: list[str | tuple[Any, str]] = [(value, "\n")]  # what is written as it is, and values with their line's begin
    while todo:
        piece = todo.pop()
        if isinstance(piece, str):
            written.append(piece)
            continue
        item, line = piece
        entries = _entries(item, ":" if indent is None else ": ")
        if entries is None:
            written.append(_scalar(item))
            continue
        begin, end = "{}" if is_object(item) else "[]"
        inner, outer = ("", "") if indent is None else (line + " " * indent, line)
        written.append(begin)
        todo.append(outer + end if entries else end)
        for at in range(len(entries) - 1, -1, -1):
            label, entry = entries[at]
            todo += [(entry, inner), f"{',' if at else ''}{inner}{label}"]
    return "".join(written)


def _entries(value: Any, colon: str) -> list[tuple[str, Any]] | None:
    """What a container holds, with what stands before each."""
    if is_object(value):
        return [(json.dumps(str(name)) + colon, item) for name, item in value.items()]
    return [("", item) for item in value] if is_array(value) else None


def _scalar(value: Any) -> str:
    is_no_number = isinstance(value, float) and not math.isfinite(value)
    return "null" if is_no_number else json.dumps(value)
