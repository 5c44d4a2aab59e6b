"""zlib's format, written by hand for rows that repeat.

Not by `zlib.compress`: its libraries differ in what they write, and a file's size is part of an output that shall be
the same everywhere. Nor does this need the whole picture: only the rows that differ.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from ..bits import into_bytes_low_first, low_first, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# How long a copy can be.
_LEAST, _MOST = 3, 258
# Of the block that follows: it is the last one, and its codes are the format's own.
_HEAD = "1" + "10"
_END = "0000000"


def repeated(rows: Sequence[tuple[bytes, int]]) -> bytes:
    """A stream of rows, each so often. All rows are of one length, at most 32768 bytes."""
    bits = [_HEAD]
    checksum = 1
    for row, repeats in rows:
        checksum = zlib.adler32(row * repeats, checksum)
        first, further = "".join(_row(row)), len(row) * (repeats - 1)
        bits += [first, _copies(further, len(row)) if further >= _LEAST else first * (repeats - 1)]
    return b"\x78\x9c" + into_bytes_low_first("".join(bits) + _END) + checksum.to_bytes(4, "big")


def _row(row: bytes) -> Iterator[str]:
    """A row, runs of one byte in it as a byte and its copies."""
    start = 0
    while start < len(row):
        rest = row[start:]
        run = len(rest) - len(rest.lstrip(rest[:1]))
        yield _literal(row[start])
        yield _copies(run - 1, 1) if run > _LEAST else _literal(row[start]) * (run - 1)
        start += run


def _literal(value: int) -> str:
    return number(0x30 + value, 8) if value < 144 else number(0x190 + value - 144, 9)


def _copies(length: int, distance: int) -> str:
    """So many bytes, as they stand so far back."""
    whole, rest = divmod(length, _MOST)
    if 0 < rest < _LEAST:  # the last two share what is left
        pieces, whole = [_MOST + rest - _LEAST, _LEAST], whole - 1
    else:
        pieces = [rest] if rest else []
    far = _distance(distance)
    return (_length(_MOST) + far) * whole + "".join(_length(one) + far for one in pieces)


def _length(length: int) -> str:
    if length == _MOST:
        return number(0xC0 + 285 - 280, 8)
    at = length - 3
    extra = max(at.bit_length() - 3, 0)
    code = 257 + 4 * extra + (at >> extra)
    symbol = number(code - 256, 7) if code < 280 else number(0xC0 + code - 280, 8)
    return symbol + low_first(at & (1 << extra) - 1, extra)


def _distance(distance: int) -> str:
    at = distance - 1
    extra = max(at.bit_length() - 2, 0)
    return number(2 * extra + (at >> extra), 5) + low_first(at & (1 << extra) - 1, extra)
