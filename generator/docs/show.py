"""What a side says of a facet, as people read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from generator.docs.describe import NONE, QUIET, UNKNOWN, Field, Mark, Range
from generator.docs.facet import Facet

if TYPE_CHECKING:
    from generator.docs.describe import Text, Value


def shown(field: Field, facet: Facet) -> str:
    """What a side says, in one line."""
    match facet:
        case Facet.TYPE:
            return str(field.type)
        case Facet.REQUIRED:
            return "required" if field.required is True else "optional"
        case Facet.DEFAULT:
            return _mark(field.default) if isinstance(field.default, Mark) else str(field.default)
        case Facet.ENUM:
            return ", ".join(map(str, field.enum)) if isinstance(field.enum, tuple) else _or_mark(field.enum)
        case Facet.RANGE:
            r = field.range
            return f"{_limit(r.low)} to {_limit(r.high)}" if isinstance(r, Range) else _mark(r)
        case Facet.EXAMPLES:
            given = field.examples if field.examples is not UNKNOWN else field.sample
            return ", ".join(map(str, given)) or "none" if isinstance(given, tuple) else _or_mark(given)
        case _:
            return str(field.description) if field.description is not UNKNOWN else "not shown"


def _limit(number: float | None) -> str:
    return "…" if number is None else f"{number:g}"


def _or_mark(value: Value | Text | Mark) -> str:
    return _mark(value) if isinstance(value, Mark) else str(value)


def _mark(mark: Mark) -> str:
    return {NONE: "none", QUIET: "none that the site shows", UNKNOWN: "not shown"}[mark]
