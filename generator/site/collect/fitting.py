"""Whether the client would take a value for an input: its check is closer than that of the documents' defaults."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import isfinite
from typing import TYPE_CHECKING

from pydantic_core import SchemaValidator, ValidationError, core_schema

from ...parse.defaults import all_fit
from ...shapes import ArrayShape, IntegerShape, MapShape, NumberShape, RefShape, StringShape, UnionShape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...json_text import Json
    from ...shapes import ObjectDef, Shape

_URLS = ("https://", "http://", "data:")
_ROUNDED = 1e-9


class Fitting:
    """Answers for one endpoint; each question once, since unions within unions would ask it for ever.

    Args:
        objects: The object types of its document.
    """

    def __init__(self, objects: Mapping[str, ObjectDef]) -> None:
        self._objects = {name: _as_given(definition) for name, definition in objects.items()}
        self._known: dict[tuple[int, int], tuple[bool, Json]] = {}  # with the value: its id must stay its own

    def __call__(self, value: Json, shape: Shape) -> bool:
        """Whether a value, by the names of the wire, is taken."""
        question = id(value), id(shape)
        if question not in self._known:
            fits = all_fit([value], shape, self._objects) and self._is_close(value, shape)
            self._known[question] = fits, value
        return self._known[question][0]

    def _is_close(self, value: Json, shape: Shape) -> bool:
        """Whether a value of the type is all that the client asks for besides: it sends no unknown names."""
        match shape:
            case StringShape() if isinstance(value, str):
                is_url = value.lower().startswith(_URLS) or not shape.takes_file or shape.takes_name
                return is_url and (shape.pattern is None or matches(shape.pattern, value))
            case ArrayShape() if isinstance(value, list):
                return self._is_list(value, shape)
            case MapShape(values=values) if isinstance(value, dict):
                return all(self(item, values) for item in value.values())
            case UnionShape(members=members):
                return any(self(value, one) for one in members)
            case IntegerShape(bounds=bounds) if isinstance(value, int | float):
                return isinstance(value, int) and is_step(value, bounds.multiple_of)
            case NumberShape(bounds=bounds) if isinstance(value, int | float):
                return is_step(value, bounds.multiple_of)
            case RefShape(name=name) if isinstance(value, dict):
                return self._is_object(value, self._objects[name])
            case _:
                return True

    def _is_list(self, value: list[Json], shape: ArrayShape) -> bool:
        enough = (shape.min_items or 0) <= len(value) <= (len(value) if shape.max_items is None else shape.max_items)
        alike = shape.unique and any(one in value[:at] for at, one in enumerate(value))
        return enough and not alike and all(self(item, shape.items) for item in value)

    def _is_object(self, value: dict[str, Json], definition: ObjectDef) -> bool:
        known = {prop.wire_name: prop for prop in definition.properties}
        if definition.extra is None and not value.keys() <= known.keys():
            return False
        return all(self(item, known[key].shape) for key, item in value.items() if key in known)


def _as_given(definition: ObjectDef) -> ObjectDef:
    """An object type in which only that must be given for which the server has no default."""
    given = (replace(prop, required=prop.required and prop.default is None) for prop in definition.properties)
    return replace(definition, properties=tuple(given))


@lru_cache(maxsize=256)
def _validator(pattern: str) -> SchemaValidator:
    return SchemaValidator(core_schema.str_schema(pattern=pattern))  # `normalize` keeps none that it cannot read


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern is in a text, as the client sees it. It is a stranger's: Python's own engine may never end."""
    try:
        return bool(_validator(pattern).validate_python(text) == text)
    except ValidationError:
        return False


def is_step(value: float, step: float | None) -> bool:
    """Whether a number is a multiple of another; of what is too large to tell, any is."""
    steps = value / step if step else 0
    return not isfinite(steps) or abs(steps - round(steps)) < _ROUNDED
