"""JPEG, baseline: squares of flat colour, so that of each block of pixels nothing but its mean is written."""

from __future__ import annotations

import struct

from ..bits import into_bytes, number
from . import paint

# Four blocks of brightness and two of colour: 16 by 16 pixels.
UNIT = 16
# A mean is written in steps of one: eight times as large by the format's arithmetic, divided by the table.
_TABLE = bytes([8] + [16] * 63)
# Codes by how many bits a difference has: `0`, then 1000 to 1110, then 11110. The rest of a block: `0`, nothing comes.
_CODES = ["0", *(number(8 + size, 4) for size in range(7)), "11110"]
_DIFFERENCES = bytes([1, 0, 0, 7, 1, *[0] * 11, *range(9)])
_NOTHING = bytes([1, *[0] * 15, 0])
_SAME = "00"


def jpeg(width: int, height: int, seed: int) -> bytes:
    """A picture of that size."""
    components = b"".join(bytes([name, 0x22 if name == 1 else 0x11, 0]) for name in (1, 2, 3))
    segments = (
        (0xE0, b"JFIF\0\1\1\0\0\1\0\1\0\0"),
        (0xDB, b"\0" + _TABLE),
        (0xC0, struct.pack(">BHHB", 8, height, width, 3) + components),
        (0xC4, b"\x00" + _DIFFERENCES),
        (0xC4, b"\x10" + _NOTHING),
        (0xDA, b"\3\1\0\2\0\3\0" + b"\0\x3f\0"),
    )
    head = b"".join(b"\xff" + bytes([name]) + struct.pack(">H", len(body) + 2) + body for name, body in segments)
    # No byte of it is 255, which would have to be marked: eight ones in a row are a step from black to white alone.
    scan = into_bytes(_scan(width, height, seed), "1")
    return b"\xff\xd8" + head + scan + b"\xff\xd9"


def _scan(width: int, height: int, seed: int) -> str:
    """All blocks, from left to right and from top to bottom; each is told by how it differs from the last one."""
    colours = [_of_video(colour) for colour in paint.colours(seed, 16)]
    widths = [-(-length // UNIT) for length in paint.edges(width, UNIT)]
    heights = [-(-length // UNIT) for length in paint.edges(height, UNIT)]
    last, found = (0, 0, 0), list[str]()
    for line, repeats in zip(paint.squares(seed), heights, strict=False):
        row = [colours[number] for number in line[: len(widths)]]
        found.append(_row(row, widths, last))
        last = row[-1]
        found.append(_row(row, widths, last) * (repeats - 1))
    return "".join(found)


def _row(row: list[tuple[int, int, int]], widths: list[int], last: tuple[int, int, int]) -> str:
    found = list[str]()
    for colour, length in zip(row, widths, strict=True):
        light, blue, red = (_difference(now - before) + "0" for now, before in zip(colour, last, strict=True))
        found += [light, _SAME * 3, blue, red, _SAME * 6 * (length - 1)]
        last = colour
    return "".join(found)


def _difference(value: int) -> str:
    size = abs(value).bit_length()
    return _CODES[size] + number(value if value >= 0 else value + (1 << size) - 1, size)


def _of_video(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """Brightness, blueness and redness of a colour, each about its middle (JFIF's numbers)."""
    red, green, blue = colour
    return (
        (299 * red + 587 * green + 114 * blue) // 1000 - 128,
        (-169 * red - 331 * green + 500 * blue) // 1000,
        (500 * red - 419 * green - 81 * blue) // 1000,
    )
