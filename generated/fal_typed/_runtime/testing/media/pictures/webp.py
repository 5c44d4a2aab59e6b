"""WebP without loss (VP8L): the first row of each row of squares, and copies of it."""

from __future__ import annotations

import struct

from ..bits import into_bytes_low_first, low_first, number
from . import paint

# In this order the lengths of the codes for lengths are written.
_ORDER = (17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)
# Copies of so many pixels have codes here: what is shorter is written out.
_LEAST, _MOST = 17, 4096
_FIRST_PREFIX, _LAST_PREFIX = 8, 23
_ABOVE, _LEFT = "0", "1"
# A green value is 1 and its 8 bits, a prefix of a length has 5 bits that begin with 0; red and blue are their 8 bits.
_LENGTHS = {9: "0", 0: "10", 5: "11"}
_GREEN = _LENGTHS[9] * 256 + _LENGTHS[0] * _FIRST_PREFIX + _LENGTHS[5] * (_LAST_PREFIX - _FIRST_PREFIX + 1)
_OPAQUE = "1" + "0" + "1" + "1" * 8
_DISTANCES = "1" + "1" + "0" + "0" + low_first(1, 8)


def webp(width: int, height: int, seed: int) -> bytes:
    """A picture of that size."""
    header = low_first(width - 1, 14) + low_first(height - 1, 14) + "0" + "000"
    plain = "000"  # nothing is transformed, no colours are remembered, one set of codes holds for all of it
    eight = _lengths({8: 1})  # one length: it needs no bits
    codes = _lengths({9: 1, 0: 2, 5: 2}) + _GREEN + eight + eight + _OPAQUE + _DISTANCES
    body = b"\x2f" + into_bytes_low_first(header + plain + codes + _pixels(width, height, seed))
    body += b"\0" * (len(body) % 2)
    chunk = b"VP8L" + struct.pack("<I", len(body)) + body
    return b"RIFF" + struct.pack("<I", len(chunk) + 4) + b"WEBP" + chunk


def _lengths(codes: dict[int, int]) -> str:
    """How long the codes for lengths are; all symbols are told by them."""
    count = max(_ORDER.index(symbol) for symbol in codes) + 1
    return "0" + low_first(count - 4, 4) + "".join(low_first(codes.get(one, 0), 3) for one in _ORDER[:count]) + "0"


def _pixels(width: int, height: int, seed: int) -> str:
    colours = [_pixel(colour) for colour in paint.colours(seed, 16)]
    found = list[str]()
    for line, repeats in zip(paint.squares(seed), paint.edges(height), strict=False):
        row = "".join(
            colours[one] + _again(colours[one], length - 1, _LEFT)
            for one, length in zip(line, paint.edges(width), strict=False)
        )
        copies = width * (repeats - 1)
        found += [row, _again("", copies, _ABOVE) if copies >= _LEAST else row * (repeats - 1)]
    return "".join(found)


def _pixel(colour: tuple[int, int, int]) -> str:
    red, green, blue = colour
    return "1" + number(green, 8) + number(red, 8) + number(blue, 8)


def _again(pixel: str, count: int, distance: str) -> str:
    """So many pixels as the one that stands there; too few of them are written out."""
    if count < _LEAST:
        return pixel * count
    whole, rest = divmod(count, _MOST)
    pieces = [rest] if rest else []
    if 0 < rest < _LEAST:  # the last two share what is left
        whole, pieces = whole - 1, [_MOST + rest - _LEAST, _LEAST]
    return _length(_MOST, distance) * whole + "".join(_length(one, distance) for one in pieces)


def _length(length: int, distance: str) -> str:
    at = length - 1
    extra = at.bit_length() - 2
    prefix = 2 * (extra + 1) + (at >> extra & 1)
    return number(prefix - _FIRST_PREFIX, 5) + low_first(at & (1 << extra) - 1, extra) + distance
