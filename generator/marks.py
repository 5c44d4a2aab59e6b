"""The marks by which fal's user interface knows a file input (a part of stage normalize).

They are no part of JSON Schema: `_fal_ui_field: image`, or `ui: {field: image}`, on a property, on the items of a list,
or on an alternative of a union.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.jsontext import Json

# What a mark says of a URL; an upload is what the user interface offers there.
_KINDS = frozenset({"image", "image_mask", "mask", "video", "audio", "archive", "file", "url", "3d"})


def is_marked_as_file(schema: Json) -> bool:
    """Whether the document marks a property as a file: the schema is looked at as it is, for nothing is reported."""
    if not isinstance(schema, dict):
        return False
    ui = schema.get("ui")
    marks = (schema.get("_fal_ui_field"), ui.get("field") if isinstance(ui, dict) else None)
    return any(isinstance(mark, str) and mark in _KINDS for mark in marks) or any(
        map(is_marked_as_file, _parts(schema))
    )


def _parts(schema: dict[str, Json]) -> list[Json]:
    """The schemas that say more about the same property: its items and alternatives, not what it refers to."""
    parts: list[Json] = [schema.get("items")]
    for keyword in ("anyOf", "oneOf", "allOf"):
        alternatives = schema.get(keyword)
        parts += alternatives if isinstance(alternatives, list) else []
    return parts
