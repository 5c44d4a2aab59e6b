"""JSON text: strict reading, canonical writing, and the line that a JSON Pointer points at."""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NewType, cast

if TYPE_CHECKING:
    from collections.abc import Iterator

JsonText = NewType("JsonText", str)
"""A JSON value as canonical text: hashable, comparable, and nobody can change it."""

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_SPACE = re.compile(r"[ \t\r\n]*")


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


def line_of(text: str, pointer: str) -> int | None:
    """The line (from 1) where the value that a JSON Pointer names begins; for a property, the line of its key.

    A missing step ends the walk at the deepest place that exists, so a message about something absent still
    points at the object it is absent from. Returns None when the text is not JSON.
    """
    try:
        return text.count("\n", 0, _offset_of(text, pointer)) + 1
    except (ValueError, IndexError, RecursionError):
        return None


def _offset_of(text: str, pointer: str) -> int:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:]]
    at = shown = _skip(text, 0)
    for step in steps:
        found = _member(text, at, step) if text[at] == "{" else _element(text, at, step)
        if found is None:
            break
        shown, at = found
    return shown


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _member(text: str, at: int, key: str) -> tuple[int, int] | None:
    """Offsets of a member's key and of its value; `at` is the object's brace."""
    return _members(text, at).get(key)


@lru_cache(maxsize=64)  # there may be a hundred findings about one large object
def _members(text: str, at: int) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    decoder = json.JSONDecoder()
    at = _skip(text, at + 1)
    while text[at] != "}":
        name, end = cast("tuple[str, int]", decoder.raw_decode(text, at))
        value_at = _skip(text, _skip(text, end) + 1)
        found[name] = at, value_at
        _, end = decoder.raw_decode(text, value_at)
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return found


def _element(text: str, at: int, index: str) -> tuple[int, int] | None:
    """Offsets of an array's element, twice, to match `_member`; `at` is the bracket."""
    if text[at] != "[" or not index.isdigit():
        return None
    decoder = json.JSONDecoder()
    at = _skip(text, at + 1)
    for _ in range(int(index)):
        if text[at] == "]":
            return None
        _, end = decoder.raw_decode(text, at)
        at = _skip(text, end)
        if text[at] == ",":
            at = _skip(text, at + 1)
    return (at, at) if text[at] != "]" else None


_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},:]', re.DOTALL)


@dataclass(slots=True)
class _Level:
    """An object or a list that is being read; `step` leads to the value that comes next."""

    is_object: bool
    step: str = "0"
    index: int = 0
    wants_key: bool = True
    keys: set[str] = field(default_factory=set[str])


def duplicate_keys(text: str) -> Iterator[tuple[str, int]]:
    """The pointer of every repetition of a key, and its line (from 1), in the order of the text.

    Args:
        text: A text that is JSON.
    """
    path: list[_Level] = []
    for token in _TOKEN.finditer(text):
        mark = text[token.start()]
        level = path[-1] if path else None
        if mark in "[{":
            path.append(_Level(mark == "{"))
        elif mark in "]}":
            path.pop()
        elif level is None:
            continue
        elif mark == ",":
            level.index, level.wants_key = level.index + 1, True
            level.step = str(level.index)
        elif mark == '"' and level.is_object and level.wants_key:
            key = cast("str", json.loads(token[0]))
            level.step, level.wants_key = key.replace("~", "~0").replace("/", "~1"), False
            if key in level.keys:
                yield "".join(f"/{one.step}" for one in path), text.count("\n", 0, token.start()) + 1
            level.keys.add(key)
