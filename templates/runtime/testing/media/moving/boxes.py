"""The boxes of MP4 and QuickTime files: one track, its header first, all of its samples in one piece."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_MATRIX = struct.pack(">9i", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
_ENGLISH = 0x55C4  # no language is named


@dataclass(frozen=True)
class Track:
    """A track.

    Attributes:
        handler: `vide` or `soun`.
        description: How its samples are written: an entry of `stsd`.
        samples: One after the other.
        scale: Units of time in a second.
        length: Of each sample, in those units.
        last: Of the last one.
        width: Pixels, of pictures.
        height: Pixels, of pictures.
    """

    handler: bytes
    description: bytes
    samples: Sequence[bytes]
    scale: int
    length: int
    last: int
    width: int = 0
    height: int = 0

    @property
    def duration(self) -> int:
        """In units of time."""
        return self.length * (len(self.samples) - 1) + self.last


def file(brand: bytes, track: Track, comment: bytes) -> bytes:
    """A file with one track.

    Args:
        brand: Which kind of file it is.
        track: What it has.
        comment: What a player passes over.
    """
    start = box(b"ftyp", brand, b"\0\0\2\0", brand, b"isom", b"mp42") + box(b"free", comment)
    # Where the samples begin is told in the header, whose length does not depend on that.
    begin = len(start) + len(_header(track, 0)) + 8
    return b"".join([start, _header(track, begin), box(b"mdat", *track.samples)])


def box(name: bytes, *parts: bytes) -> bytes:
    """A box: its length, its name, what is in it."""
    return b"".join([struct.pack(">I", 8 + sum(map(len, parts))), name, *parts])


def full(name: bytes, flags: int, *parts: bytes) -> bytes:
    """A box of version 0 with flags."""
    return box(name, struct.pack(">I", flags), *parts)


def _header(track: Track, begin: int) -> bytes:
    times = struct.pack(">4I", 0, 0, track.scale, track.duration)
    movie = full(b"mvhd", 0, times, struct.pack(">IH10x", 1 << 16, 1 << 8), _MATRIX, bytes(24), struct.pack(">I", 2))
    volume = 0 if track.width else 1 << 8
    size = struct.pack(">II", track.width << 16, track.height << 16)
    head = struct.pack(">5I8xHHHH", 0, 0, 1, 0, track.duration, 0, 0, volume, 0)
    media = full(b"mdhd", 0, times, struct.pack(">HH", _ENGLISH, 0))
    handler = full(b"hdlr", 0, bytes(4), track.handler, bytes(12), b"made up\0")
    kind = full(b"vmhd", 1, bytes(8)) if track.width else full(b"smhd", 0, bytes(4))
    here = box(b"dinf", full(b"dref", 0, struct.pack(">I", 1), full(b"url ", 1)))
    inside = box(b"minf", kind, here, box(b"stbl", *_table(track, begin)))
    return box(
        b"moov", movie, box(b"trak", full(b"tkhd", 3, head, _MATRIX, size), box(b"mdia", media, handler, inside))
    )


def _table(track: Track, begin: int) -> list[bytes]:
    """How samples are written, how long each one is in time and in bytes, and where they are."""
    count = len(track.samples)
    runs = [(count - 1, track.length)] * (count > 1) + [(1, track.last)]
    sizes = struct.pack(f">{count}I", *map(len, track.samples))
    first = full(b"stss", 0, struct.pack(">II", 1, 1))
    return [
        full(b"stsd", 0, struct.pack(">I", 1), track.description),
        full(b"stts", 0, struct.pack(">I", len(runs)), *(struct.pack(">II", *run) for run in runs)),
        *([first] if track.width else []),
        full(b"stsc", 0, struct.pack(">4I", 1, 1, count, 1)),
        full(b"stsz", 0, struct.pack(">II", 0, count), sizes),
        full(b"stco", 0, struct.pack(">II", 1, begin)),
    ]
