"""The API page as text, cut into what its parts are made of: headings, JSON examples, and lines of prose.

Where the text comes from decides what it looks like: a heading's anchor is a `#` behind it or on a line below, blank
lines may be gone, indentation too, and a field's name, type and mark share a line or have one each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..describe import Problem, lines_of, squeezed
from .attributes import whole_value

if TYPE_CHECKING:
    from ..describe import Value

_BEFORE_THE_SCHEMA = "Read more about file handling"
_SCHEMA = re.compile(r"(?:\d+\.\s*)?Schema")
_BEHIND_IT = "Related Models"
_ANCHORED = re.compile(r"(\S.*\S|\S)\s*#")
# The site's words below an enum that also takes an object, up to the example of such an object.
_NOTE = "Note: For custom image sizes"
_OBJECT_OF = re.compile(r'"([^"]+)": \{')
_BARE_QUOTES = re.compile(r'((?:"[^"]+": )?)"(.*)"(,?)')


@dataclass(frozen=True, slots=True)
class Line:
    """A line of prose.

    Attributes:
        number: Its number on the page.
        text: It, with all white space made one.
        raw: It as it is.
    """

    number: int
    text: str
    raw: str

    @property
    def parted(self) -> bool:
        """Whether the page parts its words with a no-break space, as it does a field's name and type."""
        return "\N{NO-BREAK SPACE}" in self.raw


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's line and text."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Example:
    """A JSON object on lines of its own."""

    number: int
    value: Value


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """The site's example of an object for a field, with the field's name."""

    number: int
    name: str


Part = Line | Heading | Example | ObjectOf


def schema_parts(text: str) -> tuple[list[Part], list[Problem]]:
    """What the page says of its fields, part by part.

    Returns:
        The parts between the page's introduction and its end, and what could not be read.
    """
    lines = _numbered(text)
    start = next((i for i, line in enumerate(lines) if _SCHEMA.fullmatch(line.text.rstrip("# "))), None)
    if start is None:
        start = next((i for i, line in enumerate(lines) if line.text.startswith(_BEFORE_THE_SCHEMA)), None)
    if start is None:
        return [], [Problem(1, f'neither a heading "Schema" nor a line that begins with {_BEFORE_THE_SCHEMA!r}')]
    end = next((i for i, line in enumerate(lines) if i > start and line.text.rstrip("# ") == _BEHIND_IT), len(lines))
    return _parts([line for line in lines[start + 1 : end] if line.text])


def _numbered(text: str) -> list[Line]:
    lines = enumerate(lines_of(text), 1)
    return [Line(number, squeezed(line), line) for number, line in lines]


def _parts(lines: list[Line]) -> tuple[list[Part], list[Problem]]:
    parts: list[Part] = []
    problems: list[Problem] = []
    at = 0
    while at < len(lines):
        line = lines[at]
        following = lines[at + 1].text if at + 1 < len(lines) else ""
        if line.text == "#":
            at += 1
        elif following == "#" or _ANCHORED.fullmatch(line.text):
            parts.append(Heading(line.number, line.text.rstrip("# ")))
            at += 1
        elif line.text.startswith(_NOTE):
            at = _note(lines, at, parts, problems)
        elif line.text == "{":
            at = _example(lines, at, parts, problems)
        else:
            parts.append(line)
            at += 1
    return parts, problems


def _note(lines: list[Line], at: int, parts: list[Part], problems: list[Problem]) -> int:
    """The note below an enum, with its example: `"image_size": {` … `}`. Returns where it ends."""
    for index in range(at, min(at + 6, len(lines))):
        if match := _OBJECT_OF.fullmatch(lines[index].text):
            end = next((i for i in range(index, min(index + 20, len(lines))) if lines[i].text == "}"), None)
            if end is not None:
                parts.append(ObjectOf(lines[at].number, match[1]))
                return end + 1
    problems.append(Problem(lines[at].number, "the note has no example of an object"))
    return at + 1


def _example(lines: list[Line], at: int, parts: list[Part], problems: list[Problem]) -> int:
    """A JSON object; some pages have lost its indentation, so its end is where it can be read. Returns that place."""
    depth = 0
    for index in range(at, len(lines)):
        text = lines[index].text
        depth += text.endswith(("{", "[")) - (text.rstrip(",") in ("}", "]"))
        if depth == 0:
            value = whole_value("\n".join(_with_escaped_quotes(line.raw.strip()) for line in lines[at : index + 1]))
            if value is None:
                problems.append(Problem(lines[at].number, "the example is not JSON"))
            else:
                parts.append(Example(lines[at].number, value))
            return index + 1
    problems.append(Problem(lines[at].number, "the example does not end"))
    return len(lines)


def _with_escaped_quotes(text: str) -> str:
    """A line of JSON with the quotes inside its string escaped; some pages print them bare."""
    match = _BARE_QUOTES.fullmatch(text)
    return text if match is None else match[1] + '"' + re.sub(r'(?<!\\)"', r"\"", match[2]) + '"' + match[3]
