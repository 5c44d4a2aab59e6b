"""The fields in a part of the API page, in either of its layouts.

On a line: `prompt string* required`, then the description, then "Possible enum values: …". A token a line: the name,
the type, the mark and with it the description; here a field of a compound type is printed without name and type, so
that its description follows that of the field before, and nothing says where one ends and the next begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from ..describe import QUIET, UNKNOWN, FieldDescription, Problem, Text
from ..labels import is_enum, parse_label, split_label
from ..limits import NAME, check_fields
from .api_text import Line, ObjectOf
from .attributes import read_suffix, split_suffix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..labels import Label

MARK = "* required"
_NAME = re.compile(r"[a-z_][A-Za-z0-9_]*")
_MEMBER = re.compile(r"string|integer|float|boolean|object|any|list<.+>|[A-Z][\w():./+-]*")
_ENUM = "Possible enum values: "
_ENDS = re.compile(r"(?:^|\s)Default value: \S+$")


@dataclass(slots=True)
class _Block:
    """A field as it is read."""

    line: int
    name: str | None = None
    type: Label | None = None
    required: bool = False
    prose: list[str] = field(default_factory=list[str])
    enum: str | None = None
    has_object: bool = False

    @property
    def ended(self) -> bool:
        """Whether a further line of prose cannot belong to it."""
        return self.enum is not None or self.has_object


def is_tokens(lines: Sequence[Line]) -> bool:
    """Whether the page has a token a line."""
    on_a_line = sum(_on_a_line(line) is not None for line in lines)
    tokens = sum(_tokens(one.text, two.text) is not None for one, two in pairwise(lines))
    return tokens > on_a_line


class FieldReader:
    """Reads the fields of one page.

    Args:
        tokens: Whether it has a token a line.
        marked: Whether it marks required fields.
    """

    def __init__(self, *, tokens: bool, marked: bool) -> None:
        self._tokens = tokens
        self._marked = marked
        self._read = 0
        self.problems: list[Problem] = []

    def fields(self, parts: Sequence[Line | ObjectOf]) -> list[FieldDescription]:
        """The fields in these parts, in order.

        Raises:
            PageLimitError: The page has too many.
        """
        blocks: list[_Block] = []
        at = 0
        while at < len(parts):
            part = parts[at]
            at += 1
            if isinstance(part, ObjectOf):
                self._object(part, blocks)
                continue
            following = parts[at] if at < len(parts) else None
            head = self._head(part, following)
            if head is not None:
                blocks.append(head)
                at += self._tokens
            elif part.text.startswith(_ENUM) and blocks and not blocks[-1].ended:
                blocks[-1].enum = part.text.removeprefix(_ENUM)
            else:
                self._prose(part, blocks)
            check_fields(self._read + len(blocks), part.number)
        self._read += len(blocks)
        return [self._field(block) for block in blocks]

    def _head(self, line: Line, following: Line | ObjectOf | None) -> _Block | None:
        if not self._tokens:
            return _on_a_line(line)
        return _tokens(line.text, following.text, line.number) if isinstance(following, Line) else None

    def _object(self, part: ObjectOf, blocks: list[_Block]) -> None:
        """The site's example of an object tells the name of a field that is printed without it."""
        if not blocks or blocks[-1].has_object or blocks[-1].name not in (None, part.name):
            if not self._tokens or not blocks:
                self.problems.append(Problem(part.number, f"an object for {part.name}, which is not the field above"))
                return
            blocks.append(_Block(part.number))
        blocks[-1].name = part.name
        blocks[-1].has_object = True

    def _prose(self, line: Line, blocks: list[_Block]) -> None:
        if self._tokens and line.text.startswith(MARK) and blocks and not blocks[-1].prose:
            blocks[-1].required = True
            rest = line.text.removeprefix(MARK).strip()
            if rest:
                blocks[-1].prose.append(rest)
        elif self._tokens and (not blocks or blocks[-1].ended or _may_end(blocks[-1], line.text)):
            blocks.append(_Block(line.number, prose=[line.text]))
        elif not blocks or blocks[-1].ended:
            self.problems.append(Problem(line.number, f"belongs to no field: {line.text}"))
        else:
            blocks[-1].prose.append(line.text)

    def _field(self, block: _Block) -> FieldDescription:
        prose, suffix = split_suffix("\n".join(block.prose))
        lists = Text(block.enum) if block.enum is not None else None
        nothing = () if block.type is not None and is_enum(block.type) else UNKNOWN
        return FieldDescription(
            name=UNKNOWN if block.name is None else block.name,
            line=block.line,
            type=UNKNOWN if block.type is None else block.type,
            required=block.required if self._marked and block.type is not None else UNKNOWN,
            default=QUIET if suffix is None else read_suffix(suffix, is_enum=lists is not None),
            enum=nothing if lists is None else lists,
            description=prose,
        )


def _on_a_line(line: Line) -> _Block | None:
    """The field that begins on a line of the form `name type`, with the mark if it is there."""
    text = line.text
    required = text.endswith(MARK)
    name, _, rest = text.removesuffix(MARK).partition(" ")
    if not (line.parted or _NAME.fullmatch(name)) or len(name) > NAME or not _is_type(rest):
        return None
    return _Block(line.number, name, parse_label(rest), required)


def _tokens(name: str, type_: str, number: int = 0) -> _Block | None:
    """The field of which one line has the name and the next one the type."""
    if not _NAME.fullmatch(name) or len(name) > NAME or not _is_type(type_):
        return None
    return _Block(number, name, parse_label(type_))


def _is_type(text: str) -> bool:
    """Whether a text is a type as the page prints them, and no prose."""
    parts = split_label(text)
    return parts is not None and all(_MEMBER.fullmatch(part.strip()) for part in parts)


def _may_end(block: _Block, text: str) -> bool:
    """Whether a field's prose may end before this line, and that of a field without name begin."""
    last = block.prose[-1] if block.prose else ""
    return bool(_ENDS.search(last)) or (last.endswith((".", "!", "?")) and text[:1].isupper())
