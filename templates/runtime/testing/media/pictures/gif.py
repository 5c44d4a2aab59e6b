"""GIF: bands of flat colour from top to bottom, whose codes are counted instead of looked up."""

from __future__ import annotations

import struct

from ..bits import into_bytes_low_first, low_first
from . import paint

_BITS = 3
_CLEAR, _END = 1 << _BITS, (1 << _BITS) + 1
# After that many codes the table of the format is nearly full.
_MOST_CODES = 4000


def gif(width: int, height: int, seed: int) -> bytes:
    """A picture of that size."""
    palette = bytes(value for colour in paint.colours(seed, 1 << _BITS) for value in colour)
    runs = zip(range(1 << _BITS), paint.edges(height), strict=False)
    bits = "".join(_run(number, width * length) for number, length in runs)
    body = into_bytes_low_first(low_first(_CLEAR, _BITS + 1) + bits + low_first(_END, _BITS + 1))
    blocks = b"".join(bytes([len(body[at : at + 255])]) + body[at : at + 255] for at in range(0, len(body), 255))
    screen = struct.pack("<HHBBB", width, height, 0xF0 | _BITS - 1, 0, 0)
    picture = b"," + struct.pack("<HHHHB", 0, 0, width, height, 0)
    return b"GIF89a" + screen + palette + picture + bytes([_BITS]) + blocks + b"\0;"


def _run(colour: int, pixels: int) -> str:
    """So many pixels of one colour; behind them the table is cleared.

    Its codes stand for one, two, three … of them, as the table grows by one with each code. The last one stands for as
    many as are left.
    """
    found = list[str]()
    used = 0
    while pixels:
        used += 1
        length = min(used, pixels)
        found.append(low_first(colour if length == 1 else _END + length - 1, _width(used)))
        pixels -= length
        if used == _MOST_CODES or not pixels:
            found.append(low_first(_CLEAR, _width(used + 1)))
            used = 0
    return "".join(found)


def _width(number: int) -> int:
    """Of how many bits the code is that is used as so many-th, counted from 1."""
    return max((_END + number - 1).bit_length(), _BITS + 1)
