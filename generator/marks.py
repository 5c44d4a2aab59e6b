"""The marks by which fal's user interface knows a file input (a part of stage normalize).

They are no part of JSON Schema: `_fal_ui_field: image`, or `ui: {field: image}`, on a property, on the items of a list,
or on an alternative of a union.
"""

from __future__ import annotations

from generator.resolve import Node

# What a mark says of a URL; an upload is what the user interface offers there.
_KINDS = frozenset({"image", "image_mask", "mask", "video", "audio", "archive", "file", "url", "3d"})


def is_marked_as_file(schema: Node) -> bool:
    """Whether the document marks a property as a file."""
    return (
        schema.get("_fal_ui_field").text() in _KINDS
        or schema.get("ui", "field").text() in _KINDS
        or any(is_marked_as_file(part) for part in _parts(schema))
    )


def _parts(schema: Node) -> list[Node]:
    """The schemas that say more about the same property: its items and alternatives, not what it refers to."""
    parts = [schema.get("items")] if schema.get("items").members() else []
    for keyword in ("anyOf", "oneOf", "allOf"):
        listed = schema.get(keyword)
        alternatives = listed.value if isinstance(listed.value, list) else []
        parts += [Node(value=one, source=listed.source.child(i)) for i, one in enumerate(alternatives)]
    return parts
