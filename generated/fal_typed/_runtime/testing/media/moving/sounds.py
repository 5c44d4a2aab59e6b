"""Sounds: a tone as WAV; silence as MP3, AAC, FLAC and Ogg Opus, each frame of which is the same few bytes."""

from __future__ import annotations

import struct
from math import ceil

# Samples a second.
WAV_RATE = 8_000
MP3_RATE = 32_000
AAC_RATE, AAC_RATE_INDEX = 44_100, 4
OPUS_RATE = 48_000
FLAC_RATE = 44_100
AAC_SAMPLES = 1024
_MP3_SAMPLES = 1152
_OPUS_SAMPLES = 960
_FLAC_SAMPLES = 4096
_PACKETS_A_PAGE = 50


def rate_of(media_type: str) -> int:
    """How many samples a second a sound of a type has."""
    return {
        "audio/wav": WAV_RATE,
        "audio/mpeg": MP3_RATE,
        "audio/ogg": OPUS_RATE,
        "audio/flac": FLAC_RATE,
    }.get(media_type, AAC_RATE)


def wav(seconds: float, seed: int) -> bytes:
    """A tone of 100 to 400 Hz, by the seed: a triangle wave in 16 bits."""
    quarter = 5 + seed % 16
    rise = [8000 * step // quarter for step in range(quarter)]
    wave = [*rise, 8000, *rise[:0:-1], *(-one for one in rise), -8000, *(-one for one in rise[:0:-1])]
    count = round(seconds * WAV_RATE)
    period = struct.pack(f"<{len(wave)}h", *wave)
    body = (period * (count // len(wave) + 1))[: count * 2]
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, WAV_RATE, WAV_RATE * 2, 2, 16)
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + len(body), b"WAVE") + form + struct.pack("<4sI", b"data", len(body)) + body
    )


def mp3(seconds: float, seed: int) -> bytes:
    """Frames of 36 ms at 32 kbit/s, behind a comment; as many as come next to the time."""
    comment = b"\0eng\0made up, %d" % seed
    frame = b"COMM" + struct.pack(">IH", len(comment), 0) + comment
    frames = max(round(seconds * MP3_RATE / _MP3_SAMPLES), 1)
    return b"ID3\3\0\0" + struct.pack(">I", len(frame)) + frame + (b"\xff\xfb\x18\xc0" + bytes(140)) * frames


def aac_frame() -> bytes:
    """A frame of one channel with no frequency in it."""
    return b"\0\0\0\7"


def aac(seconds: float) -> bytes:
    """Frames, each behind a header of its own (ADTS)."""
    length = 7 + len(aac_frame())
    head = bytes([0xFF, 0xF1, 0x40 | AAC_RATE_INDEX << 2, 0x40, length >> 3, (length & 7) << 5 | 0x1F, 0xFC])
    return (head + aac_frame()) * max(round(seconds * AAC_RATE / AAC_SAMPLES), 1)


def ogg(seconds: float, seed: int) -> bytes:
    """Opus in pages of a second."""
    serial, total = seed & 0xFFFFFFFF, round(seconds * OPUS_RATE)
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, OPUS_RATE, 0, 0)
    text, comment = b"made up", b"seed=%d" % seed
    tags = b"OpusTags" + struct.pack("<I", len(text)) + text + struct.pack("<II", 1, len(comment)) + comment
    pages = [_page([head], 2, 0, serial, 0), _page([tags], 0, 0, serial, 1)]
    left, played = ceil(total / _OPUS_SAMPLES), 0
    while left:
        count = min(left, _PACKETS_A_PAGE)
        left, played = left - count, played + count * _OPUS_SAMPLES
        silence = [b"\xf8\xff\xfe"] * count
        pages.append(_page(silence, 0 if left else 4, played if left else total, serial, len(pages)))
    return b"".join(pages)


def _page(packets: list[bytes], kind: int, position: int, serial: int, number: int) -> bytes:
    body, lengths = b"".join(packets), bytes(map(len, packets))
    start = struct.pack("<4sBBQII", b"OggS", 0, kind, position, serial, number)
    rest = bytes([len(lengths)]) + lengths + body
    return start + struct.pack("<I", _checksum(start + bytes(4) + rest, 32, 0x04C11DB7)) + rest


def flac(seconds: float, seed: int) -> bytes:
    """Frames that say of all their samples that they are nothing."""
    total = round(seconds * FLAC_RATE)
    rate = FLAC_RATE << 44 | 15 << 36 | total  # one channel of 16 bits
    about = struct.pack(">HH6x", _FLAC_SAMPLES, _FLAC_SAMPLES) + rate.to_bytes(8, "big") + bytes(16)
    text, comment = b"made up", b"seed=%d" % seed
    tags = struct.pack("<I", len(text)) + text + struct.pack("<II", 1, len(comment)) + comment
    head = b"fLaC\0" + len(about).to_bytes(3, "big") + about + b"\x84" + len(tags).to_bytes(3, "big") + tags
    counts = [min(_FLAC_SAMPLES, total - start) for start in range(0, total, _FLAC_SAMPLES)]
    return head + b"".join(_flac_frame(number, count) for number, count in enumerate(counts))


def _flac_frame(number: int, count: int) -> bytes:
    size, more = (0xC9, b"") if count == _FLAC_SAMPLES else (0x79, struct.pack(">H", count - 1))
    # Numbers are written as UTF-8 has its characters: these are below the ones that it leaves out.
    head = b"\xff\xf8" + bytes([size, 0x08]) + chr(number).encode("utf-8") + more
    frame = head + bytes([_checksum(head, 8, 0x07)]) + b"\0\0\0"
    return frame + struct.pack(">H", _checksum(frame, 16, 0x8005))


def _checksum(content: bytes, width: int, polynomial: int) -> int:
    """A CRC that begins with zero, its highest bit first."""
    found, high, mask = 0, 1 << width - 1, (1 << width) - 1
    for byte in content:
        found ^= byte << width - 8
        for _ in range(8):
            found = (found << 1 ^ (polynomial if found & high else 0)) & mask
    return found
