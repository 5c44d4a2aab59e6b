"""MP4 and QuickTime: a video of one picture, which stands still; and sound without one."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from ..wish import frames
from . import boxes, h264
from .sounds import AAC_RATE, AAC_RATE_INDEX, AAC_SAMPLES, aac_frame

if TYPE_CHECKING:
    from ..wish import Wish

_BRANDS = {"video/mp4": b"isom", "video/quicktime": b"qt  ", "audio/mp4": b"M4A "}
# Units of time that each picture lasts, so that pictures a second may have three digits behind the point.
_UNITS = 1000


def movie(wish: Wish) -> bytes:
    """A video in H.264."""
    sequence, pictures = h264.parameters(wish.width, wish.height)
    same = h264.same_pictures(wish.width, wish.height)
    first = h264.first_picture(wish.width, wish.height, wish.seed)
    count = frames(wish)
    units = [first, *(same * (count // len(same) + 1))[: count - 1]]
    settings = b"\1" + sequence[1:4] + b"\xff\xe1" + _sized(sequence) + b"\1" + _sized(pictures)
    entry = struct.pack(">6xH16xHHIIIH", 1, wish.width, wish.height, 72 << 16, 72 << 16, 0, 1) + bytes(32)
    description = boxes.box(b"avc1", entry, struct.pack(">HH", 24, 0xFFFF), boxes.box(b"avcC", settings))
    samples = [struct.pack(">I", len(unit)) + unit for unit in units]
    scale = round(wish.fps * _UNITS)
    track = boxes.Track(b"vide", description, samples, scale, _UNITS, _UNITS, wish.width, wish.height)
    return boxes.file(_BRANDS[wish.media_type], track, b"made up, %d" % wish.seed)


def sound_in_boxes(wish: Wish) -> bytes:
    """Silence in AAC."""
    total = round(wish.seconds * AAC_RATE)
    count = -(-total // AAC_SAMPLES)
    entry = struct.pack(">6xH8xHHHHI", 1, 1, 16, 0, 0, AAC_RATE << 16)
    description = boxes.box(b"mp4a", entry, boxes.full(b"esds", 0, _decoder()))
    last = total - (count - 1) * AAC_SAMPLES
    track = boxes.Track(b"soun", description, [aac_frame()] * count, AAC_RATE, AAC_SAMPLES, last)
    return boxes.file(_BRANDS[wish.media_type], track, b"made up, %d" % wish.seed)


def _sized(unit: bytes) -> bytes:
    return struct.pack(">H", len(unit)) + unit


def _decoder() -> bytes:
    """What a decoder of AAC must know: low complexity, the rate, one channel."""
    special = _tagged(5, struct.pack(">H", 2 << 11 | AAC_RATE_INDEX << 7 | 1 << 3))
    config = _tagged(4, struct.pack(">BBxHII", 0x40, 0x15, 0, 0, 0) + special)
    return _tagged(3, struct.pack(">HB", 1, 0) + config + _tagged(6, b"\2"))


def _tagged(tag: int, body: bytes) -> bytes:
    return bytes([tag, len(body)]) + body
