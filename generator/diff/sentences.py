"""The words of a diff: types as users write them, limits, values, each safe to stand in Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from ..json_text import value_of
from ..literals import shown
from ..project.changelog import code
from ..shapes import (
    AnyShape,
    ArrayShape,
    BooleanShape,
    Bounds,
    EnumShape,
    IntegerShape,
    MapShape,
    NullShape,
    NumberShape,
    RefShape,
    Shape,
    StringShape,
    UnionShape,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..json_text import JsonText
    from .surface import TypeName

MOST = 8
# What is said of a field that must be given now, and of a value that was None.
REQUIRED = "is now required"
NO_NONE = f"can no longer be {code('None')}"


def value(text: JsonText) -> str:
    """A JSON value as a Python programmer writes it, in code marks."""
    return code(shown(value_of(text)))


def listing(items: Sequence[str], last: str = "and") -> str:
    """Some things in a row; the end of a long row is counted."""
    if len(items) > MOST:
        return f"{', '.join(items[: MOST - 1])} {last} {len(items) - MOST + 1} more"
    return f" {last} ".join(([", ".join(items[:-1])] if items[1:] else []) + list(items[-1:]))


def members(enum: Sequence[str | int | bool], last: str = "and") -> str:
    """Members of an enum in a row."""
    return listing([code(shown(member)) for member in enum], last)


def sentence(text: str) -> str:
    """The text with a capital in front (a code mark stays) and a full stop behind."""
    return f"{text[:1].upper()}{text[1:]}."


def spelled(shape: Shape, names: Mapping[str, TypeName]) -> str:  # noqa: C901  (one case for each shape)
    """A type as users write it, without limits; a long enum is cut short."""
    match shape:
        case AnyShape():
            return "Any"
        case NullShape():
            return "None"
        case BooleanShape():
            return "bool"
        case IntegerShape():
            return "int"
        case NumberShape():
            return "float"
        case StringShape():
            return "str"
        case EnumShape(members=enum):
            more = ["…"] if len(enum) > MOST else []
            return f"Literal[{', '.join([shown(member) for member in enum[:MOST]] + more)}]"
        case ArrayShape(items=items):
            return f"list[{spelled(items, names)}]"
        case MapShape(values=values):
            return f"dict[str, {spelled(values, names)}]"
        case UnionShape(members=parts):
            return " | ".join(spelled(part, names) for part in parts)
        case RefShape(name=name):
            return names[name].alias if name in names else name
        case _:
            assert_never(shape)


def bounds(limits: Bounds) -> str:
    """The limits of a number: "from 1 to 50", "at least 0 in steps of 8"; "any number" where there is none."""
    words = [
        f"at least {limits.ge}" if limits.ge is not None else "",
        f"above {limits.gt}" if limits.gt is not None else "",
        f"at most {limits.le}" if limits.le is not None else "",
        f"below {limits.lt}" if limits.lt is not None else "",
        f"a multiple of {limits.multiple_of}" if limits.multiple_of is not None else "",
    ]
    return listing([word for word in words if word]) or "any number"


def length(low: int | None, high: int | None, unit: str) -> str:
    """The limits of a length: "at most 500 characters"; "any number of characters" where there is none."""
    words = [f"at least {low}"] if low else []
    words += [f"at most {high}"] if high is not None else []
    return f"{' and '.join(words) or 'any number of'} {unit}"
