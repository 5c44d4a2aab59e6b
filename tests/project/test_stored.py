"""Definitions in files that are there for ever: what is left out in them means what it meant when they were written."""

from __future__ import annotations

from typing import Any

import pytest

from generator.project.stored import restore, restore_shape, store
from generator.shapes import (
    ArrayShape,
    Bounds,
    IntegerShape,
    MapShape,
    ObjectDef,
    Property,
    Prose,
    RefShape,
    StringShape,
)

SILENT = Prose(description="", examples=(), deprecated=False)
BOUNDS = Bounds(ge=None, gt=None, le=None, lt=None, multiple_of=None)
TEXT = StringShape(min_length=None, max_length=None, pattern=None, format=None, takes_file=False, takes_name=False)
# What a file says → what it means, with nothing left out.
SHAPES: dict[str, tuple[dict[str, Any], Any]] = {
    "text": ({"is": "StringShape"}, TEXT),
    "number": ({"is": "IntegerShape"}, IntegerShape(bounds=BOUNDS)),
    "list": (
        {"is": "ArrayShape", "items": {"is": "StringShape"}},
        ArrayShape(items=TEXT, min_items=None, max_items=None, unique=False),
    ),
    "map": ({"is": "MapShape", "values": {"is": "StringShape"}}, MapShape(values=TEXT)),
    "other": ({"is": "RefShape", "name": "Other"}, RefShape(name="Other", model="")),
}


def test_what_is_left_out_means_what_it_always_meant() -> None:
    properties = [
        {"is": "Property", "wire_name": name, "shape": shape, "required": True} for name, (shape, _) in SHAPES.items()
    ]
    meant = ObjectDef(
        wire_name="It",
        properties=tuple(
            Property(
                wire_name=name,
                shape=shape,
                required=True,
                default=None,
                prose=SILENT,
                pointer="",
                marked=False,
                exception="",
                media=None,
            )
            for name, (_, shape) in SHAPES.items()
        ),
        extra=None,
        sealed=False,
        prose=SILENT,
        pointer="",
    )
    stored = {"is": "ObjectDef", "wire_name": "It", "properties": properties}
    assert restore(stored) == meant
    assert store(meant) == stored


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_by_itself(name: str) -> None:
    stored, shape = SHAPES[name]
    assert restore_shape(stored) == shape
    assert store(shape) == stored


def test_what_is_no_definition_is_told_from_one() -> None:
    definition = {"is": "ObjectDef", "wire_name": "It", "properties": []}
    for is_wrong in (lambda: restore({"is": "StringShape"}), lambda: restore(None), lambda: restore([definition])):
        with pytest.raises(TypeError, match="not a stored definition"):
            is_wrong()
    for is_wrong in (lambda: restore_shape(definition), lambda: restore_shape(None)):
        with pytest.raises(TypeError, match="not a stored shape"):
            is_wrong()
    for unknown in ({"is": "Other"}, {"wire_name": "It"}):
        with pytest.raises(KeyError):
            restore(unknown)
