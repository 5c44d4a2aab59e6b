"""What an output file is, and what of it belongs to `RemoteFile` and not to its class."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..shapes import NullShape, StringShape, UnionShape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..shapes import ObjectDef, Property

# `RemoteFile` has it, whatever class a file is of: fal adds it to documents and takes it out again.
DATA = "file_data"


def is_file(properties: Iterable[Property]) -> bool:
    """Whether an output is a file to download: a string `url`, and any of its type, name or size."""
    shapes = {p.wire_name: p for p in properties}
    url = shapes.get("url")
    described = shapes.keys() & {"content_type", "file_name", "file_size"}
    return url is not None and url.required and isinstance(url.shape, StringShape) and bool(described)


def own_part(definition: ObjectDef) -> ObjectDef:
    """The definition of an output without what it has from `RemoteFile`, if it is a file."""
    if not any(map(_is_data, definition.properties)) or not is_file(definition.properties):
        return definition
    return replace(definition, properties=tuple(p for p in definition.properties if not _is_data(p)))


def _is_data(prop: Property) -> bool:
    members = prop.shape.members if isinstance(prop.shape, UnionShape) else (prop.shape,)
    plain = all(isinstance(one, StringShape | NullShape) for one in members)
    return prop.wire_name == DATA and plain
