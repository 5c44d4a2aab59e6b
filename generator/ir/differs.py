"""How a second class of a name differs from the one with the plain name: one sentence (a part of stage lower)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..parse.structure import may_be_none
from ..shapes import IntegerShape, NullShape, NumberShape, Shape, StringShape, UnionShape, union
from .docstrings import as_shown, limits
from .share import Kind

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..shapes import ObjectDef, Property

# Names in a row, and characters of a default.
_MOST, _LONGEST = 6, 60


def difference(one: ObjectDef, plain: ObjectDef, name: str, kind: Kind) -> str:
    """How a type differs from another of its name: "As `Image`, but width is always there; no file_name.", for example.

    Args:
        one: The type.
        plain: The one with the plain name; what both mention goes by the names of shared classes.
        name: How that one is referred to.
        kind: What kind of type they are.
    """
    mine, theirs = ({p.wire_name: p for p in definition.properties} for definition in (one, plain))
    both = [(mine[wire], theirs[wire]) for wire in mine if wire in theirs]
    tell = _of_outputs if kind is Kind.MODELS else _of_inputs
    said: dict[str, list[str]] = {}
    for ours, other in both:
        for words in tell(ours, other):
            said.setdefault(words, []).append(ours.wire_name)
    clauses = [words.format(_listing(names), "is" if len(names) == 1 else "are") for words, names in said.items()]
    if come := [wire for wire in mine if wire not in theirs]:
        clauses.append(f"with {_listing(come)}")
    if gone := [wire for wire in theirs if wire not in mine]:
        clauses.append(f"no {_listing(gone, 'or')}")
    if (one.extra is None) != (plain.extra is None):
        clauses.append("any other field is welcome" if plain.extra is None else "no other field is welcome")
    return f"As {name}, but {'; '.join(clauses) or 'what it mentions differs'}."


def _of_outputs(ours: Property, other: Property) -> list[str]:
    always, theirs = not may_be_none(ours), not may_be_none(other)
    said = ["{0} {1} always there"] if always and not theirs else ["{0} may be None"] if theirs and not always else []
    return said + _alike(ours, other)


def _of_inputs(ours: Property, other: Property) -> list[str]:
    must, theirs = (one.required and one.default is None for one in (ours, other))
    said = ["{0} must be given"] if must and not theirs else ["{0} may be left out"] if theirs and not must else []
    null, had = (NullShape() in _parts(one.shape) for one in (ours, other))
    said += ["{0} may be None"] if null and not had else ["{0} may not be None"] if had and not null else []
    return said + _alike(ours, other)


def _alike(ours: Property, other: Property) -> list[str]:
    """What there is to say besides null and required."""
    said: list[str] = []
    mine, theirs = (union([p for p in _parts(one.shape) if p != NullShape()] or [NullShape()]) for one in (ours, other))
    if _plain(mine) != _plain(theirs):
        if _unlimited(mine) == _unlimited(theirs):
            said.append(_limited(limits(mine)))
        else:
            said.append("{0} {1} of another type")
    if ours.default != other.default:
        said.append("{0} {1} " + _defaulted(ours).replace("{", "{{").replace("}", "}}"))
    return said


def _defaulted(prop: Property) -> str:
    if prop.default is None:
        return "without a default"
    text = as_shown(prop.default).text
    return f"{text} by default" if len(text) <= _LONGEST else "another value by default"


def _limited(range_: str) -> str:
    """What is said of limits: `Range: 0 to 1.`, `Length: at most 9 items.`, or nothing."""
    word, _, limit = range_.removesuffix(".").partition(": ")
    return f"the {word.lower()} of {{0}} is {limit}" if limit else "{0} {1} without limits"


def _parts(shape: Shape) -> tuple[Shape, ...]:
    return shape.members if isinstance(shape, UnionShape) else (shape,)


def _plain(shape: Shape) -> Shape:
    """The shape without what no class shows."""
    return _each(shape, lambda one: replace(one, format=None) if isinstance(one, StringShape) else one)


def _unlimited(shape: Shape) -> Shape:
    return _each(shape, _without_limits)


def _without_limits(shape: Shape) -> Shape:
    match shape:
        case IntegerShape() | NumberShape():
            return type(shape)()
        case StringShape():
            return StringShape(pattern=shape.pattern)
        case _:
            return shape


def _each(shape: Shape, change: Callable[[Shape], Shape]) -> Shape:
    return union([change(one) for one in _parts(shape)])


def _listing(names: list[str], last: str = "and") -> str:
    """Some names in a row; the end of a long row is counted."""
    if len(names) > _MOST:
        names = [*names[: _MOST - 1], f"{len(names) - _MOST + 1} more"]
    return f" {last} ".join([*([", ".join(names[:-1])] if names[1:] else []), names[-1]])
