"""Whether every value that one shape allows is allowed by another one too."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import ceil, floor, inf, isfinite
from typing import TYPE_CHECKING

from ..parse.defaults import all_fit
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
    ObjectDef,
    RefShape,
    Shape,
    StringShape,
    UnionShape,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(slots=True)
class Within:
    """Compares shapes of two documents.

    Attributes:
        inner: The object types of the document whose values must be allowed.
        outer: Those of the document that must allow them.
    """

    inner: Mapping[str, ObjectDef]
    outer: Mapping[str, ObjectDef]
    _assumed: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])

    def __call__(self, a: Shape, b: Shape) -> bool:  # noqa: C901  (one case for each pair of shapes)
        """Whether all values of `a` are values of `b`. Where it cannot be known (patterns), no."""
        match a, b:
            case (_, AnyShape()):
                return True
            case (UnionShape(members=members), _):
                return all(self(member, b) for member in members)
            case (EnumShape(members=members), _):
                return not _patterned(b) and all_fit(members, b, self.outer)
            case (BooleanShape(), EnumShape(members=members)):
                return {True, False} <= {member for member in members if isinstance(member, bool)}
            case (_, UnionShape(members=members)):
                return any(self(a, member) for member in members)
            case (IntegerShape(bounds=x), IntegerShape(bounds=y) | NumberShape(bounds=y)):
                return inside(x, y, whole=True)
            case (NumberShape(bounds=x), NumberShape(bounds=y)):
                return inside(x, y)
            case (StringShape(), StringShape()):
                return text_inside(a, b)
            case (ArrayShape(), ArrayShape()):
                return count_inside(a, b) and self(a.items, b.items)
            case (MapShape(values=x), MapShape(values=y)):
                return self(x, y)
            case (RefShape(name=x), RefShape(name=y)):
                return self._object(x, y)
            case (BooleanShape(), BooleanShape()) | (NullShape(), NullShape()):
                return True
            case _:
                return False

    def _object(self, a: str, b: str) -> bool:
        """As above for object types; a pair that is being looked at is taken to hold, for types lead back."""
        if (a, b) in self._assumed:
            return True
        self._assumed.add((a, b))
        held = self._fields(self.inner[a], self.outer[b])
        if not held:
            self._assumed.discard((a, b))
        return held

    def _fields(self, a: ObjectDef, b: ObjectDef) -> bool:
        there = {p.wire_name: p for p in a.properties}
        allowed = {p.wire_name: p for p in b.properties}
        if any(p.required and not (name in there and there[name].required) for name, p in allowed.items()):
            return False
        for name, p in there.items():
            shape = allowed[name].shape if name in allowed else b.extra
            if shape is None or not self(p.shape, shape):
                return False
        return a.extra is None or (b.extra is not None and self(a.extra, b.extra))


def _patterned(shape: Shape) -> bool:
    parts = shape.members if isinstance(shape, UnionShape) else (shape,)
    return any(isinstance(part, StringShape) and part.pattern is not None for part in parts)


def inside(a: Bounds, b: Bounds, *, whole: bool = False) -> bool:
    """Whether every number within some limits is within others.

    Args:
        a: The limits within.
        b: The limits around.
        whole: Whether only whole numbers count: above 0 is at least 1.
    """
    (low, high), (lowest, highest) = _ends(a, whole=whole), _ends(b, whole=whole)
    step = a.multiple_of if a.multiple_of is not None else (1 if whole else None)
    return low >= lowest and high <= highest and (b.multiple_of is None or _divides(b.multiple_of, step))


def _ends(limits: Bounds, *, whole: bool) -> tuple[tuple[float, int], tuple[float, int]]:
    """The lower and the upper end, each with the step past it: (0, 1) is above 0, (9, -1) below 9."""
    low: tuple[float, int] = max((-inf if limits.ge is None else limits.ge, 0), _past(limits.gt, 1))
    high: tuple[float, int] = min((inf if limits.le is None else limits.le, 0), _past(limits.lt, -1))
    if whole and isfinite(low[0]):
        low = (floor(low[0]) + 1 if low[1] else ceil(low[0]), 0)
    if whole and isfinite(high[0]):
        high = (ceil(high[0]) - 1 if high[1] else floor(high[0]), 0)
    return low, high


def _past(limit: float | None, step: int) -> tuple[float, int]:
    return (-step * inf, 0) if limit is None else (limit, step)


def _divides(step: float, of: float | None) -> bool:
    return of is not None and step != 0 and abs(of / step - round(of / step)) < 1e-9


def text_inside(a: StringShape, b: StringShape) -> bool:
    """Whether every text within some limits is within others; two patterns are not compared."""
    low, high = a.min_length or 0, _infinite(a.max_length)
    return low >= (b.min_length or 0) and high <= _infinite(b.max_length) and b.pattern in (None, a.pattern)


def count_inside(a: ArrayShape, b: ArrayShape) -> bool:
    """Whether every list of a length that one shape allows is of a length that the other allows."""
    low, high = a.min_items or 0, _infinite(a.max_items)
    return low >= (b.min_items or 0) and high <= _infinite(b.max_items) and a.unique >= b.unique


def _infinite(limit: int | None) -> float:
    return inf if limit is None else limit
