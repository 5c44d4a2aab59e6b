"""The plain description of an endpoint that every side gives: its fields, and what is said of each."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from ..json_text import Json, canonical
from .labels import Label  # noqa: TC001  (a field's type)


class Mark(Enum):
    """What stands where there is no value.

    Attributes:
        UNKNOWN: The layout does not show it, so it says nothing about it. Never the same as "there is none".
        NONE: There is none.
        QUIET: The site leaves defaults like `false`, `0`, lists and objects out: it is one of those, or there is none.
    """

    UNKNOWN = "unknown"
    NONE = "none"
    QUIET = "quiet"


UNKNOWN: Literal[Mark.UNKNOWN] = Mark.UNKNOWN
NONE: Literal[Mark.NONE] = Mark.NONE
QUIET: Literal[Mark.QUIET] = Mark.QUIET
Unknown = Literal[Mark.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Value:
    """A JSON value; a class of its own, so that it is never taken for a mark."""

    json: Json

    def matches(self, value: Json) -> bool:
        """Whether it is that value. fal's server is JavaScript: 1 and 1.0 are one."""
        return canonical(self.json) == canonical(value)

    def __str__(self) -> str:
        return json.dumps(self.json, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Text:
    """A value as a page prints it, without quotes: `1` may be a number or a string."""

    text: str

    def matches(self, value: Json) -> bool:
        """Whether that value is printed so."""
        return squeezed(self.text) == squeezed(printed(value))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers a field may have, both ends included; None is no limit, or one that is not included.

    The step is what they are multiples of, where that is said.
    """

    low: float | None
    high: float | None
    step: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDescription:
    """What one side says of a field.

    Attributes:
        name: Its name in JSON. A page may print a field without it.
        line: The line of the page; 0 where there is no page.
        type: The type, as the documentation names types.
        required: Whether the documentation calls it so: a caller must give it, or the server promises it.
        default: What the server takes when it is left out.
        enum: The members, in order; the members as one text where they are printed so.
        range: The numbers it may have.
        examples: The examples, in order.
        sample: What the page's example of a whole input or output has for it; NONE where that leaves it out.
        description: The prose, without the site's "Default value: …".
    """

    name: str | Unknown
    line: int = 0
    type: Label | Unknown = UNKNOWN
    required: bool | Unknown = UNKNOWN
    default: Value | Text | Mark = UNKNOWN
    enum: tuple[Value, ...] | Text | Mark = UNKNOWN
    range: Range | Mark = UNKNOWN
    examples: tuple[Value, ...] | Unknown = UNKNOWN
    sample: Value | Mark = UNKNOWN
    description: str | Unknown = UNKNOWN


Fields = tuple[FieldDescription, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What one side says of an endpoint.

    Attributes:
        endpoint: Its id, and any other id it goes by.
        input: The fields of its input.
        output: The fields of its output.
        types: The fields of the other types, by name. A type that is not in here is not described.
        types_complete: Whether every type is there that a field mentions.
        inherited: What types have besides, by their names: a page may list it as fields, or not.
        pool: The fields of other types that are printed without the names of the types.
        rendered: Whether the prose was Markdown once, and its marks are gone.
    """

    endpoint: tuple[str, ...] | Unknown = UNKNOWN
    input: Fields | Unknown = UNKNOWN
    output: Fields | Unknown = UNKNOWN
    types: dict[str, Fields] = field(default_factory=dict[str, Fields])
    types_complete: bool = False
    inherited: dict[str, Fields] = field(default_factory=dict[str, Fields])
    pool: Fields = ()
    rendered: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """A line of a page that cannot be read, and why."""

    line: int
    message: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader made of a page: a description of what could be read, and what could not."""

    description: Description
    problems: tuple[Problem, ...]


def printed(value: Json) -> str:
    """A value as the site prints it without quotes."""
    return value if isinstance(value, str) else canonical(value)


def squeezed(text: str) -> str:
    """Prose with its white space made one: line breaks and indentation are layout."""
    return " ".join(text.split())


def lines_of(text: str) -> list[str]:
    """The lines of a page. Only line feeds part them: prose has other separators inside."""
    return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff").split("\n")
