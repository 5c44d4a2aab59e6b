"""PNG: a palette, and one byte for each pixel."""

from __future__ import annotations

import struct
import zlib

from . import paint
from .deflate import repeated


def png(width: int, height: int, seed: int) -> bytes:
    """A picture of that size."""
    palette = bytes(value for colour in paint.colours(seed, 16) for value in colour)
    header = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    rows = [(b"\0" + row, repeats) for row, repeats in paint.rows(seed, width, height)]  # filter of each row: none
    chunks = ((b"IHDR", header), (b"PLTE", palette), (b"IDAT", repeated(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks)


def _chunk(name: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
