"""Whether a value is one that a shape allows (a part of stage normalize): some documents contradict themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard, assert_never

from generator.jsontext import Json, canonical
from generator.shapes import (
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
    from collections.abc import Mapping

    from generator.shapes import ObjectDef


def fits(value: Json, shape: Shape, objects: Mapping[str, ObjectDef]) -> bool:  # noqa: C901
    """Whether a JSON value is valid; of object types that are still being read, any object is."""
    match shape:
        case AnyShape():
            return True
        case NullShape():
            return value is None
        case BooleanShape():
            return isinstance(value, bool)
        case IntegerShape(bounds=bounds):
            return _is_number(value) and float(value) == int(value) and _within(value, bounds)
        case NumberShape(bounds=bounds):
            return _is_number(value) and _within(value, bounds)
        case StringShape():
            return isinstance(value, str) and _is_text(value, shape)
        case EnumShape(members=members):
            return canonical(value) in {canonical(member) for member in members}
        case ArrayShape(items=items):
            return isinstance(value, list) and all(fits(item, items, objects) for item in value)
        case MapShape(values=values):
            return isinstance(value, dict) and all(fits(item, values, objects) for item in value.values())
        case UnionShape(members=members):
            return any(fits(value, member, objects) for member in members)
        case RefShape(name=name):
            return isinstance(value, dict) and (name not in objects or _is_object(value, objects[name], objects))
        case _:
            assert_never(shape)


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


def _is_object(value: dict[str, Json], definition: ObjectDef, objects: Mapping[str, ObjectDef]) -> bool:
    return all(
        fits(value[prop.wire_name], prop.shape, objects) if prop.wire_name in value else not prop.required
        for prop in definition.properties
    )
