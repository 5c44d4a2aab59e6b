"""Width and height in the headers of PNG, JPEG, GIF and WebP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import MediaFacts, sized

if TYPE_CHECKING:
    from .peek import Peek

_IMAGE = frozenset({"image"})
# Moving pictures: a model that takes videos may take them.
_EITHER = frozenset({"image", "video"})
# Parts of a file that are passed over before its size is known; a real one has a dozen.
_MOST_PARTS = 500
# Entries of a directory of Exif; a real one has twenty.
_MOST_ENTRIES = 100
# Chunks of a PNG that may say that it is to be turned.
_MAY_TURN = (b"eXIf", b"iTXt", b"zTXt", b"tEXt")
_ORIENTATION = 0x0112


def picture(peek: Peek, head: bytes) -> MediaFacts | None:
    """What a picture says of itself; None where it is none of a format known here."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(peek)
    if head.startswith(b"\xff\xd8\xff"):
        return MediaFacts(_IMAGE, _jpeg(peek))
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return MediaFacts(_EITHER, sized(peek.number(6, 2, "little"), peek.number(8, 2, "little")))
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(peek)
    return None


def _png(peek: Peek) -> MediaFacts:
    if peek.at(12, 4) != b"IHDR":
        return MediaFacts(_IMAGE)
    at, moves, turned = 8, False, False
    for _ in range(_MOST_PARTS):
        length, name = peek.number(at, 4), peek.at(at + 4, 4)
        if length is None or name in (b"", b"IDAT"):
            break
        moves, turned = moves or name == b"acTL", turned or name in _MAY_TURN
        at += 12 + length
    return MediaFacts(_EITHER if moves else _IMAGE, sized(peek.number(16, 4), peek.number(20, 4), turned=turned))


def _jpeg(peek: Peek) -> tuple[tuple[int, int], ...]:
    at, turned, told = 2, False, False
    for _ in range(_MOST_PARTS):
        marker, length = peek.number(at, 2), peek.number(at + 2, 2)
        if marker is None or length is None or marker < 0xFF00 or marker in (0xFFD9, 0xFFDA):
            break
        if marker == 0xFFFF:  # may fill up what is between two segments
            at += 1
        elif marker == 0xFF01 or 0xFFD0 <= marker <= 0xFFD7:  # stands alone
            at += 2
        elif 0xFFC0 <= marker <= 0xFFCF and marker not in (0xFFC4, 0xFFC8, 0xFFCC):
            return sized(peek.number(at + 7, 2), peek.number(at + 5, 2), turned=turned)
        else:
            if marker == 0xFFE1:  # of several, who knows which one counts
                turned, told = turned or told or _may_turn(peek, at + 4), True
            at += 2 + length
    return ()


def _may_turn(peek: Peek, at: int) -> bool:
    """Whether a segment of metadata may say that width and height are to be swapped."""
    if peek.at(at, 6) != b"Exif\0\0":
        return True  # XMP has an orientation as well
    start = at + 6
    order = "little" if peek.at(start, 2) == b"II" else "big"
    first = peek.number(start + 4, 4, order)
    count = None if first is None else peek.number(start + first, 2, order)
    if first is None or count is None:
        return True
    for number in range(min(count, _MOST_ENTRIES)):
        entry = start + first + 2 + 12 * number
        tag = peek.number(entry, 2, order)
        if tag is None or tag == _ORIENTATION:
            return tag is None or peek.number(entry + 8, 2, order) not in (1, 2, 3, 4)
    return False


def _webp(peek: Peek) -> MediaFacts:
    """The first chunk says all: a lossy picture, one without loss, or the canvas of what follows."""
    kind, body = peek.at(12, 4), 20
    if kind == b"VP8 " and peek.at(body + 3, 3) == b"\x9d\x01\x2a":
        width, height = peek.number(body + 6, 2, "little"), peek.number(body + 8, 2, "little")
        return MediaFacts(_IMAGE, sized(_low(width, 14), _low(height, 14)))
    if kind == b"VP8L" and peek.at(body, 1) == b"\x2f":
        bits = peek.number(body + 1, 4, "little")
        if bits is not None:
            return MediaFacts(_IMAGE, sized((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1))
    if kind == b"VP8X":
        flags = peek.number(body, 1)
        width, height = peek.number(body + 4, 3, "little"), peek.number(body + 7, 3, "little")
        if flags is not None and width is not None and height is not None:
            kinds = _EITHER if flags & 0x02 else _IMAGE
            return MediaFacts(kinds, sized(width + 1, height + 1, turned=bool(flags & 0x0C)))
    return MediaFacts(_IMAGE)


def _low(number: int | None, bits: int) -> int | None:
    return None if number is None else number & ((1 << bits) - 1)
