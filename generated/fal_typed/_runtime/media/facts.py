"""What a file says of itself: what kind of file it is, how large its pictures are, how long it runs."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MediaFacts:
    """What is known of a file. Of what can be read in several ways, each reading is here; nothing, where none can.

    Attributes:
        kinds: As what it may be taken: `image`, `video`, `audio`.
        sizes: Width and height in pixels: as stored, and turned where a decoder may turn it.
        durations: Seconds.
        rates: Pictures a second.
    """

    kinds: frozenset[str] = frozenset()
    sizes: tuple[tuple[int, int], ...] = ()
    durations: tuple[float, ...] = ()
    rates: tuple[float, ...] = ()


def sized(width: int | None, height: int | None, *, turned: bool = False) -> tuple[tuple[int, int], ...]:
    """The readings of a size; none where there is no picture of that size."""
    if not width or not height:
        return ()
    return ((width, height), (height, width)) if turned and width != height else ((width, height),)
