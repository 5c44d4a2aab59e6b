"""JSON text: strict reading, canonical writing, and where in a text things stand."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple, NewType, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

JsonText = NewType("JsonText", str)
"""A JSON value as canonical text: hashable, comparable, and nobody can change it."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


class NotJsonError(ValueError):
    """The text is not JSON; `line` is where (from 1), if the parser knows."""

    def __init__(self, message: str, line: int | None) -> None:
        super().__init__(message)
        self.line = line


def _refuse_constant(name: str) -> Json:
    raise NotJsonError(f"{name} is not a JSON number", None)


def _finite(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        raise NotJsonError(f"the number {text[:20]} is too large", None)
    return number


def parse(text: str, duplicates: list[str] | None = None) -> Json:
    """Read JSON strictly: NaN and Infinity are refused, and so is nesting that would exhaust the stack.

    Args:
        text: The text.
        duplicates: Where keys go that an object has more than once; the last value of such a key is taken.

    Raises:
        NotJsonError: The text is not JSON.
    """

    def hook(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        value = dict(pairs)
        if len(value) != len(pairs) and duplicates is not None:
            duplicates.extend(key for key, times in Counter(key for key, _ in pairs).items() if times > 1)
        return value

    try:
        return cast(
            "Json", json.loads(text, parse_constant=_refuse_constant, parse_float=_finite, object_pairs_hook=hook)
        )
    except json.JSONDecodeError as error:
        raise NotJsonError(f"not JSON: {error.msg}, column {error.colno}", error.lineno) from None
    except RecursionError:
        raise NotJsonError("nested too deeply", None) from None
    except ValueError as error:  # an integer of more digits than Python converts
        if isinstance(error, NotJsonError):
            raise
        raise NotJsonError(f"not usable JSON: {error}", None) from None


def is_text(value: Json) -> bool:
    """Whether a value, if it is a string, is one that UTF-8 can express: JSON can escape half a character."""
    return not isinstance(value, str) or value.isascii() or not re.search("[\ud800-\udfff]", value)


def canonical(value: Json) -> JsonText:
    """The one spelling of a value: sorted keys, no spaces, and `1.0` written as `1`.

    fal's server is JavaScript, so whole floats reach us as integers in some documents and as floats in others.
    """
    return JsonText(_encode(_plain(value)))


def value_of(text: JsonText) -> Json:
    """The value that `canonical` wrote."""
    return cast("Json", json.loads(text))


def _plain(value: Json) -> Json:
    if isinstance(value, str):  # nearly all of them are
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**63:
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: item if isinstance(item, str) else _plain(item) for key, item in value.items()}
    return value


# --- where things stand ----------------------------------------------------------------------------------------------


_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},]|[^\s\[\]{},:"]+', re.DOTALL)


class JsonValue(NamedTuple):
    """A value of a JSON text, and where it stands.

    Attributes:
        number: Which one it is, in the order of the text, from 0.
        parent: The number of the object or list that it is in; -1 for the whole text.
        key: Its key, or its position in a list.
        at: Where it begins.
        key_at: Where its key does, if it has one.
        depth: How many objects and lists there are around it, itself included.
        text: Of a number or a word the text, else the first character.
    """

    number: int
    parent: int
    key: str
    at: int
    key_at: int
    depth: int
    text: str


@dataclass(slots=True)
class _Level:
    """An object or a list that is being read, and the key or the position of what comes next in it."""

    number: int
    is_object: bool
    key: str | None = None
    key_at: int = 0
    position: int = 0

    def place(self, at: int) -> tuple[int, str, int]:
        """Parent and key of the value at an offset, and where the key is."""
        if self.key is not None:
            return self.number, self.key, self.key_at
        return self.number, str(self.position), at


def scan(text: str) -> Iterator[JsonValue]:
    """Every value of a JSON text, in order. What is no JSON is read as far as it looks like it."""
    levels: list[_Level] = []
    number = 0
    for token in _TOKEN.finditer(text):
        at, mark = token.start(), text[token.start()]
        level = levels[-1] if levels else None
        if mark in "]}":
            del levels[-1:]
        elif mark == ",":
            if level is not None:
                level.key, level.position = None, level.position + 1
        elif mark == '"' and level is not None and level.is_object and level.key is None:
            level.key, level.key_at = _unquoted(token[0]), at
        else:
            is_open = mark in "[{"
            parent, key, key_at = (-1, "", at) if level is None else level.place(at)
            shown = mark if is_open or mark == '"' else token[0]
            yield JsonValue(number, parent, key, at, key_at, len(levels) + is_open, shown)
            if is_open:
                levels.append(_Level(number, mark == "{"))
            number += 1


def _unquoted(token: str) -> str:
    try:
        return cast("str", json.loads(token)) if "\\" in token else token[1:-1]
    except ValueError:
        return token  # no JSON: the parser says so better


def line_at(text: str, at: int) -> int:
    """The line (from 1) of a place in a text."""
    return text.count("\n", 0, at) + 1


def line_of(text: str, pointer: str) -> int | None:
    """The line (from 1) where the value that a JSON Pointer names begins; for a property, the line of its key.

    A missing step ends the walk at the deepest place that exists, so a message about something absent still points at
    the object it is absent from. None where there is no value at all.
    """
    places = _places(text)
    found = places.get((-1, ""))
    if found is None:
        return None
    for step in pointer.split("/")[1:]:
        below = places.get((found[0], step.replace("~1", "/").replace("~0", "~")))
        if below is None:
            break
        found = below
    return line_at(text, found[1])


@lru_cache(maxsize=8)  # there may be a hundred findings about one document
def _places(text: str) -> dict[tuple[int, str], tuple[int, int]]:
    """Number and beginning of each value by its parent and its key; of a repeated key, of the last."""
    return {(value.parent, value.key): (value.number, value.key_at) for value in scan(text)}


def duplicate_keys(text: str) -> Iterator[tuple[str, int]]:
    """The pointer of every repetition of a key, and its line (from 1), in the order of the text.

    Args:
        text: A text that is JSON.
    """
    ways: list[tuple[int, str]] = []
    seen: set[tuple[int, str]] = set()
    for value in scan(text):
        way = (value.parent, value.key)
        ways.append(way)
        if way in seen:
            yield _pointer(way, ways), line_at(text, value.key_at)
        seen.add(way)


def _pointer(way: tuple[int, str], ways: list[tuple[int, str]]) -> str:
    steps: list[str] = []
    while way[0] >= 0:
        steps.append("/" + way[1].replace("~", "~0").replace("/", "~1"))
        way = ways[way[0]]
    return "".join(reversed(steps))
