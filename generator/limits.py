"""How much a document may ask for: whoever describes a model on fal decides what is read here.

The largest of 360 real documents is beside each number. A document over a limit costs its own endpoint and nothing
else; what one within them all may cost is measured in `tests/words/test_limits.py`.
"""

# design: What may a document cost?

from __future__ import annotations

import re
from itertools import accumulate
from typing import TYPE_CHECKING, NamedTuple

from .codes import Code
from .diagnostics import Source
from .json_text import NotJsonError, line_at, parse, scan

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .diagnostics import Findings
    from .json_text import Json
    from .node import Node

MIB = 1024 * 1024
NESTING = 100  # brackets within brackets; 13
VALUES = 200_000  # values in a document; 1,715
SCHEMA_DEPTH = 64  # schemas within schemas, references followed; 16
SCHEMAS = 5_000  # schemas, each reference counting for all it leads to; 194
TYPES = 300  # object types; 12
PROPERTIES = 2_000  # properties of all of them; 85
MEMBERS = 10_000  # members of one enum; 1,286
OPTIONS = 200  # types that one value may have, which Python and type checkers read into each other; 4
REACH = 2_000_000  # characters of the names on the way to all schemas; 20,000
PATTERN = 1_000  # characters of a regular expression; 24
PATTERNS = 30  # regular expressions that are compiled, a seventh of a second each at worst; 2
LENGTH = 2**53 - 1  # of a string or list: what JavaScript counts exactly, and what pydantic's engine holds
TEXT = 1_500_000  # characters of descriptions, examples and defaults; 30,000
WRITTEN = 2_000_000  # characters of prose and values in all properties, those referred to counted each time; 60,000
QUESTIONS = 300_000  # steps that it takes to hold defaults against their types; 200
DIGITS = 308  # of a number, all in front of the point: what a double holds
STEPS = 20_000  # steps from type to type where types lead back to each other

# What to do about a document that asks for too much.
FIX = "its endpoint stays as it was; `fetch` it again, or leave it out of the project"


class OverLimitError(Exception):
    """A document asks for more than is given; the message says of what, and how much there may be."""

    def __init__(self, message: str, source: Source) -> None:
        super().__init__(message)
        self.source = source


def report(error: OverLimitError, findings: Findings) -> None:
    """Make a finding of what a stage refused."""
    findings.add(Code.OVER_LIMIT, str(error), error.source, fix=FIX)


class Budget:
    """What one document may still ask for while its schemas are read."""

    def __init__(self) -> None:
        self.schemas = 0
        self.depth = 0
        self._reach = 0
        self._properties = 0
        self._patterns = 0
        self._text = 0
        self._written = 0
        self._questions = 0

    def descend(self, at: Node) -> None:
        """One schema more, and one deeper; `ascend` when it is read.

        Raises:
            OverLimitError: That is too many, or too deep.
        """
        self.depth += 1
        if self.depth > SCHEMA_DEPTH:
            raise OverLimitError(f"schemas lead to schemas more than {SCHEMA_DEPTH} deep", at.source)
        self._reach += at.reach
        if self._reach > REACH:
            raise OverLimitError("the names on the way to schemas are too long", Source(path=at.document))
        self.charge_schemas(1, at)

    def ascend(self) -> None:
        """A schema is read."""
        self.depth -= 1

    def charge_schemas(self, schemas: int, at: Node) -> None:
        """As many schemas more: a reference to what is known already costs what it leads to.

        Raises:
            OverLimitError: That is too many.
        """
        self.schemas += schemas
        if self.schemas > SCHEMAS:
            raise OverLimitError(f"with its references followed there are more than {SCHEMAS:,} schemas", at.source)

    def check_union(self, options: int, at: Node) -> None:
        """So many types that one value may have.

        Raises:
            OverLimitError: That is too many.
        """
        if options > OPTIONS:
            raise OverLimitError(f"a value may be of more than {OPTIONS} types", at.source)

    def charge_object(self, types: int, properties: int, at: Node) -> None:
        """One object type more, with its properties; `types` is how many there are with it.

        Raises:
            OverLimitError: That is too many.
        """
        self._properties += properties
        if types > TYPES:
            raise OverLimitError(f"there are more than {TYPES} object types", at.source)
        if self._properties > PROPERTIES:
            raise OverLimitError(f"there are more than {PROPERTIES:,} properties", at.source)

    def charge_prose(self, text: str, at: Node) -> None:
        """So much text more that becomes documentation.

        Raises:
            OverLimitError: That is too much.
        """
        self._text += len(text)
        if self._text > TEXT:
            raise OverLimitError(f"there are more than {TEXT:,} characters of prose", at.source)

    def charge_output(self, characters: int, at: Node) -> None:
        """So many characters more of properties: what many refer to, or are made of, is written out for each.

        Raises:
            OverLimitError: That is too many.
        """
        self._written += characters
        if self._written > WRITTEN:
            raise OverLimitError(f"its properties, written out, take more than {WRITTEN:,} characters", at.source)

    def charge_check(self, at: Node) -> None:
        """One question more of whether a part of a default fits a part of its type.

        Raises:
            OverLimitError: That is too many.
        """
        self._questions += 1
        if self._questions > QUESTIONS:
            message = f"it takes more than {QUESTIONS:,} steps to hold its defaults against their types"
            raise OverLimitError(message, at.source)

    def try_pattern(self, pattern: str) -> bool:
        """Whether a regular expression may be compiled: it takes time that its length does not tell."""
        self._patterns += 1
        return len(pattern) <= PATTERN and self._patterns <= PATTERNS


_TOO_DEEP = f"brackets are nested more than {NESTING} deep"
_PLAIN_STRING = re.compile(rb'"[^"]*+"?')
_NO_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))
_BEGINS_NUMBER = frozenset("-0123456789")
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
    bare = _outside_strings(data).translate(None, b" \t\r\n")  # most of it
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
    before = 0
    for value in scan(text):
        if value.depth > NESTING:
            yield Excess(_TOO_DEEP, line_at(text, value.at))
        if value.number >= VALUES:  # the one before was the last that may be there
            yield Excess(f"there are more than {VALUES:,} values", line_at(text, before))
        if _is_enormous(value.text):
            number = value.text if len(value.text) <= 12 else f"{value.text[:12]}…"
            message = f"the number {number} is larger than any that JSON readers agree on (1.8e308)"
            yield Excess(message, line_at(text, value.at))
        before = value.at


def _is_enormous(text: str) -> bool:
    if text[:1] not in _BEGINS_NUMBER:
        return False
    try:
        return abs(float(text)) == float("inf")
    except ValueError:  # no number at all: the parser says so better
        return False
