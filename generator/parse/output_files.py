"""What an output file is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..shapes import StringShape

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..shapes import Property


def is_file(properties: Iterable[Property]) -> bool:
    """Whether an output is a file to download: a string `url`, and any of its type, name or size."""
    shapes = {p.wire_name: p for p in properties}
    url = shapes.get("url")
    described = shapes.keys() & {"content_type", "file_name", "file_size"}
    return url is not None and url.required and isinstance(url.shape, StringShape) and bool(described)
