"""How long a WAV file runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import MediaFacts

if TYPE_CHECKING:
    from .peek import Peek

_AUDIO = frozenset({"audio"})
_MOST_CHUNKS = 200
# What is not compressed: there the number of bytes tells the time.
_PLAIN = (1, 3, 0xFFFE)


def wave(peek: Peek) -> MediaFacts:
    """What a WAV file says of itself."""
    at, bytes_a_second = 12, 0
    for _ in range(_MOST_CHUNKS):
        name, length = peek.at(at, 4), peek.number(at + 4, 4, "little")
        if length is None:
            break
        if name == b"fmt ":
            bytes_a_second = _bytes_a_second(peek, at + 8)
        if name == b"data":
            there = max(peek.size - at - 8, 0)
            # Where nobody knew it when the header was written, it is 0, or as much as a number can be.
            length = min(length or there, there)
            return MediaFacts(_AUDIO, durations=(length / bytes_a_second,) if bytes_a_second and length else ())
        at += 8 + length + length % 2
    return MediaFacts(_AUDIO)


def _bytes_a_second(peek: Peek, at: int) -> int:
    """Zero where the sound is compressed."""
    form, rate, block = (peek.number(at + place, size, "little") for place, size in ((0, 2), (4, 4), (12, 2)))
    return (rate or 0) * (block or 0) if form in _PLAIN else 0
