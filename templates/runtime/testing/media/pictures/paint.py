"""What every picture shows: squares of colour that pass from one of a pair of colours to the other, by the seed."""

from __future__ import annotations

import colorsys
from hashlib import sha256
from itertools import pairwise

# Squares along each side of a picture, at most. A colour is the same all over its square.
SQUARES = 8


def colours(seed: int, count: int) -> list[tuple[int, int, int]]:
    """Red, green and blue of a gradient; two seeds hardly ever have the same."""
    digest = sha256(b"colours %d" % seed).digest()
    first, last = _colour(digest[:3]), _colour(digest[3:6])
    last_step = max(count - 1, 1)
    return [_between(first, last, step, last_step) for step in range(count)]


def squares(seed: int) -> list[list[int]]:
    """Rows of numbers of colours, 0 to 15: a gradient from one corner to the other, a few squares of it by the seed."""
    digest = sha256(b"squares %d" % seed).digest()
    return [
        [15 - x - y if digest[y] & digest[y + SQUARES] & 1 << x else x + y for x in range(SQUARES)]
        for y in range(SQUARES)
    ]


def rows(seed: int, width: int, height: int) -> list[tuple[bytes, int]]:
    """The rows of a picture, a byte with the number of a colour for each pixel, and how often each of them repeats."""
    widths = edges(width)
    return [
        (b"".join(bytes([number]) * length for number, length in zip(line, widths, strict=False)), repeats)
        for line, repeats in zip(squares(seed), edges(height), strict=False)
    ]


def edges(length: int, unit: int = 1) -> list[int]:
    """How long each square's side is, of as many as a side of that length has; whole units, but of the last.

    Args:
        length: Of the whole side.
        unit: Of what each square's side is a multiple.
    """
    units = -(-length // unit)
    count = min(SQUARES, units)
    ends = [units * number // count * unit for number in range(count)] + [length]
    return [end - start for start, end in pairwise(ends)]


def _colour(three: bytes) -> tuple[float, float, float]:
    hue, strength, light = (byte / 255 for byte in three)
    return colorsys.hsv_to_rgb(hue, 0.4 + 0.5 * strength, 0.5 + 0.5 * light)


def _between(
    first: tuple[float, float, float], last: tuple[float, float, float], step: int, steps: int
) -> tuple[int, int, int]:
    red, green, blue = (round(255 * (a + (b - a) * step / steps)) for a, b in zip(first, last, strict=True))
    return red, green, blue
