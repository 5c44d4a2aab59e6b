"""H.264 (constrained baseline): one picture of flat squares, and pictures that say that nothing changed."""

from __future__ import annotations

import re

from ..bits import into_bytes, number
from ..pictures import paint

# A macroblock: 16 by 16 pixels.
UNIT = 16
# Macroblocks of a picture up to which a level goes.
_LEVELS = ((1620, 30), (3600, 31), (8192, 40), (36864, 51), (139264, 60))
# Kinds of macroblock by ue(v): its pixels as they are; what stands to the left of it; what stands above it. Of the last
# two, colours are predicted in the same way, the fineness stays, and nothing is added (a code by what stands around).
_PIXELS = "000011010"
_FROM_LEFT = "011" + "010" + "1"
_FROM_ABOVE = "010" + "011" + "1"
_NOTHING, _NOTHING_BY_PIXELS = "1", "000011"
# The fineness stays, and edges between macroblocks are not smoothed.
_SLICE_END = "1" + "010"


def parameters(width: int, height: int) -> tuple[bytes, bytes]:
    """What a decoder must know first: the sequence's and the pictures' parameters. Both sides are even."""
    across, down = -(-width // UNIT), -(-height // UNIT)
    level = next(level for most, level in _LEVELS if across * down <= most)
    cut = [(across * UNIT - width) // 2, (down * UNIT - height) // 2]
    cropped = f"1{_ue(0)}{_ue(cut[0])}{_ue(0)}{_ue(cut[1])}" if any(cut) else "0"
    size = _ue(across - 1) + _ue(down - 1)
    # Sixteen numbers of pictures, shown in the order in which they come, one of them kept.
    sequence = _ue(0) + _ue(0) + _ue(2) + _ue(1) + "0" + size + "11" + cropped + "0"
    picture = _ue(0) + _ue(0) + "00" + _ue(0) * 3 + "000" + _ue(0) * 3 + "100"
    head = bytes([0x67, 66, 0xC0, level])
    return head + _unit(sequence), b"\x68" + _unit(picture)


def first_picture(width: int, height: int, seed: int) -> bytes:
    """The picture that all others repeat."""
    colours = [_of_video(colour) for colour in paint.colours(seed, 16)]
    widths = [-(-length // UNIT) for length in paint.edges(width, UNIT)]
    heights = [-(-length // UNIT) for length in paint.edges(height, UNIT)]
    bits = _Aligned(_ue(0) + _ue(7) + _ue(0) + "0000" + _ue(0) + "00" + _SLICE_END)
    for line, repeats in zip(paint.squares(seed), heights, strict=False):
        for one, length in zip(line, widths, strict=False):
            bits.add_pixels(colours[one])
            bits.add((_FROM_LEFT + _NOTHING_BY_PIXELS) * min(length - 1, 1))
            bits.add((_FROM_LEFT + _NOTHING) * max(length - 2, 0))
        for row in range(repeats - 1):
            for length in widths:
                bits.add(_FROM_ABOVE + (_NOTHING if row else _NOTHING_BY_PIXELS))
                bits.add((_FROM_ABOVE + _NOTHING) * (length - 1))
    return b"\x65" + _escaped(bits.bytes())


def same_pictures(width: int, height: int) -> list[bytes]:
    """Sixteen pictures like the one before, the first of them for the first place behind it; then they begin again."""
    blocks = -(-width // UNIT) * -(-height // UNIT)
    heads = (_ue(0) + _ue(5) + _ue(0) + number(place % 16, 4) + "000" + _SLICE_END for place in range(1, 17))
    return [b"\x41" + _unit(head + _ue(blocks)) for head in heads]


class _Aligned:
    """Bits, and among them pixels, which stand in whole bytes."""

    def __init__(self, bits: str) -> None:
        self._parts, self._length = [bits], len(bits)

    def add(self, bits: str) -> None:
        self._parts.append(bits)
        self._length += len(bits)

    def add_pixels(self, colour: tuple[int, int, int]) -> None:
        self.add(_PIXELS)
        self.add("0" * (-self._length % 8))
        for value, count in zip(colour, (256, 64, 64), strict=True):
            self.add(number(value, 8) * count)

    def bytes(self) -> bytes:
        return into_bytes("".join(self._parts) + "1")


def _ue(value: int) -> str:
    """Exp-Golomb."""
    plain = f"{value + 1:b}"
    return "0" * (len(plain) - 1) + plain


def _unit(bits: str) -> bytes:
    return _escaped(into_bytes(bits + "1"))


def _escaped(content: bytes) -> bytes:
    """Without what looks like a beginning of the next unit."""
    return re.sub(rb"\0\0(?=[\0-\3])", b"\0\0\3", content)


def _of_video(colour: tuple[int, int, int]) -> tuple[int, int, int]:
    """Brightness, blueness and redness of a colour (BT.601, 16 to 235 and 16 to 240)."""
    red, green, blue = colour
    return (
        16 + (257 * red + 504 * green + 98 * blue) // 1000,
        128 + (-148 * red - 291 * green + 439 * blue) // 1000,
        128 + (439 * red - 368 * green - 71 * blue) // 1000,
    )
