"""JSON text from outside, looked at before it is parsed: what nests too deeply or holds too much would exhaust us."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from generator.jsontext import NotJsonError, parse
from generator.limits import DIGITS, NESTING, VALUES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from generator.jsontext import Json

_TOO_DEEP = f"brackets are nested more than {NESTING} deep"
_TOKEN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[\[\]{},]|-?\d[\d.eE+-]*', re.DOTALL)
_PLAIN_STRING = re.compile(rb'"[^"]*+"?')
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_STEP = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_ENORMOUS = re.compile(rb"\d[eE]\+?0*+[1-9]\d\d|(?<!\d)\d{%d}" % (DIGITS + 1))


class Excess(NamedTuple):
    """What a text has too much of, and the line (from 1) where it is one too many."""

    message: str
    line: int


def excess(data: bytes, text: str) -> Excess | None:
    """Whether a JSON text nests too deeply, has too many values, or a number that no double holds.

    Reading such a text would exhaust the stack or the memory, so it is looked at before. What stands outside of strings
    is counted, byte by byte; only where that is too much, the tokens are looked at for the line.

    Args:
        data: The text in UTF-8.
        text: The text.
    """
    bare = _outside_strings(data)
    values = sum(bare.count(mark) for mark in (b",", b"[", b"{"))
    if _depth(bare) <= NESTING and values < VALUES and not _ENORMOUS.search(bare):
        return None
    return next(_excesses(text), None)


def parse_bounded(text: str) -> Json:
    """Read JSON from outside that was not looked at by `excess`: nested deeper than this, it could not even be hashed.

    Raises:
        NotJsonError: It is none, or nested too deeply.
    """
    if _depth(_outside_strings(text.encode())) > NESTING:
        raise NotJsonError(_TOO_DEEP, None)
    return parse(text)


def _outside_strings(data: bytes) -> bytes:
    """A JSON text without its strings: a bracket in one, of either kind, must not count."""
    plain = data.replace(b"\\\\", b"").replace(b'\\"', b"")
    if plain.count(b'"') < VALUES:
        return _PLAIN_STRING.sub(b"", plain)
    bare, at = bytearray(), 0  # the same in little memory: `sub` keeps all the pieces until it joins them
    for string in _PLAIN_STRING.finditer(plain):
        bare += plain[at : string.start()]
        at = string.end()
    return bytes(bare + plain[at:])


def _depth(data: bytes) -> int:
    """How deep brackets are nested in a text without strings."""
    return max(accumulate(map(_STEP.__getitem__, data.translate(None, _NO_BRACKETS))), default=0)


def _excesses(text: str) -> Iterator[Excess]:
    depth, values = 0, 1
    for token in _TOKEN.finditer(text):
        mark = text[token.start()]
        if mark == '"':
            continue
        message = ""
        if mark in "[{":
            depth, values = depth + 1, values + 1
            message = _TOO_DEEP if depth > NESTING else ""
        elif mark in "]}":
            depth -= 1
        elif mark == ",":
            values += 1
        elif _is_enormous(token[0]):
            number = token[0] if len(token[0]) <= 12 else f"{token[0][:12]}…"
            message = f"the number {number} is larger than any that JSON readers agree on (1.8e308)"
        if values > VALUES:
            message = f"there are more than {VALUES:,} values"
        if message:
            yield Excess(message, text.count("\n", 0, token.start()) + 1)


def _is_enormous(number: str) -> bool:
    try:
        return abs(float(number)) == float("inf")
    except ValueError:  # no number at all: the parser says so better
        return False
