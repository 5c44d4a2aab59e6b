"""Definitions of types as JSON and back: `types.lock`, the table of shared types and `releases.json` keep some."""

from __future__ import annotations

from dataclasses import MISSING, fields, is_dataclass
from typing import TYPE_CHECKING, cast

from .. import media_limits, shapes
from ..shapes import ObjectDef

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..json_text import Json

_KINDS: dict[str, Callable[..., object]] = {
    kind.__name__: kind
    for kind in (
        shapes.AnyShape,
        shapes.NullShape,
        shapes.BooleanShape,
        shapes.Bounds,
        shapes.IntegerShape,
        shapes.NumberShape,
        shapes.StringShape,
        shapes.EnumShape,
        shapes.ArrayShape,
        shapes.MapShape,
        shapes.UnionShape,
        shapes.RefShape,
        shapes.Prose,
        media_limits.MediaLimits,
        shapes.Property,
        shapes.ObjectDef,
    )
}
_KIND = "is"


def store(value: object) -> Json:
    """A definition as JSON; what has its default is left out, and where it stood in a document too."""
    if is_dataclass(value):
        stored: dict[str, Json] = {_KIND: type(value).__name__}
        for field in fields(value):
            item: object = getattr(value, field.name)
            if field.name != "pointer" and (field.default is MISSING or item != field.default):
                stored[field.name] = store(item)
        return stored
    if isinstance(value, tuple):
        return [store(item) for item in cast("tuple[object, ...]", value)]
    return cast("Json", value)


def restore(stored: Json) -> ObjectDef:
    """The definition that `store` wrote.

    Raises:
        TypeError: This is not one; a KeyError likewise.
    """
    value = _restore(stored)
    if not isinstance(value, ObjectDef):
        raise TypeError("not a stored definition")
    return value


def restore_shape(stored: Json) -> shapes.Shape:
    """The shape that `store` wrote.

    Raises:
        TypeError: This is not one; a KeyError likewise.
    """
    value = _restore(stored)
    if not isinstance(value, shapes.Shape):
        raise TypeError("not a stored shape")
    return value


def _restore(stored: Json) -> object:
    if isinstance(stored, list):
        return tuple(_restore(item) for item in stored)
    if isinstance(stored, dict):
        kind = _KINDS[str(stored[_KIND])]
        return kind(**{name: _restore(item) for name, item in stored.items() if name != _KIND})
    return stored
