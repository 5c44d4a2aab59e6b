"""Whether a value is one that a shape allows (a part of stage normalize): some documents contradict themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard, assert_never

from ..json_text import Json, canonical
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
    from collections.abc import Callable, Iterable, Mapping

    from ..shapes import ObjectDef


def fits(value: Json, shape: Shape, objects: Mapping[str, ObjectDef], ask: Callable[[], None]) -> bool:
    """Whether a JSON value is valid; of object types that are still being read, any object is.

    Args:
        value: The value.
        shape: What it should be.
        objects: The object types by name.
        ask: Called for each question that is not answered yet; it may raise.
    """
    return _Fits(objects, ask)(value, shape)


def all_fit(values: Iterable[Json], shape: Shape, objects: Mapping[str, ObjectDef]) -> bool:
    """Whether each of some values, which somebody keeps, is valid."""
    fits_it = _Fits(objects, lambda: None)
    return all(fits_it(value, shape) for value in values)


class _Fits:
    """Answers each question once: unions within unions would ask the same for ever."""

    def __init__(self, objects: Mapping[str, ObjectDef], ask: Callable[[], None]) -> None:
        self._objects = objects
        self._ask = ask
        self._members: dict[int, frozenset[str]] = {}
        self._known: dict[tuple[int, int], bool] = {}

    def __call__(self, value: Json, shape: Shape) -> bool:
        question = (id(value), id(shape))  # both outlive the answer
        if question not in self._known:
            self._ask()
            self._known[question] = self._answer(value, shape)
        return self._known[question]

    def _answer(self, value: Json, shape: Shape) -> bool:  # noqa: C901  (one case for each shape)
        match shape:
            case AnyShape():
                return True
            case NullShape():
                return value is None
            case BooleanShape():
                return isinstance(value, bool)
            case IntegerShape(bounds=bounds):
                return _is_number(value) and (isinstance(value, int) or value.is_integer()) and _within(value, bounds)
            case NumberShape(bounds=bounds):
                return _is_number(value) and _within(value, bounds)
            case StringShape():
                return isinstance(value, str) and _is_text(value, shape)
            case EnumShape():
                return canonical(value) in self._members_of(shape)
            case ArrayShape(items=items):
                return isinstance(value, list) and all(self(item, items) for item in value)
            case MapShape(values=values):
                return isinstance(value, dict) and all(self(item, values) for item in value.values())
            case UnionShape(members=members):
                return any(self(value, member) for member in members)
            case RefShape(name=name):
                return isinstance(value, dict) and (
                    name not in self._objects or self._is_object(value, self._objects[name])
                )
            case _:
                assert_never(shape)

    def _members_of(self, shape: EnumShape) -> frozenset[str]:
        if id(shape) not in self._members:
            self._members[id(shape)] = frozenset(canonical(member) for member in shape.members)
        return self._members[id(shape)]

    def _is_object(self, value: dict[str, Json], definition: ObjectDef) -> bool:
        return all(
            self(value[prop.wire_name], prop.shape) if prop.wire_name in value else not prop.required
            for prop in definition.properties
        )


def _is_number(value: Json) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _within(value: int | float, bounds: Bounds) -> bool:
    return (
        (bounds.ge is None or value >= bounds.ge)
        and (bounds.gt is None or value > bounds.gt)
        and (bounds.le is None or value <= bounds.le)
        and (bounds.lt is None or value < bounds.lt)
    )


def _is_text(value: str, shape: StringShape) -> bool:
    low, high = shape.min_length or 0, shape.max_length
    return low <= len(value) and (high is None or len(value) <= high)
