"""What fal publishes of the files that an input takes: how large, how wide, how long they may be."""

# design: Where do the limits of media stand?

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaLimits:
    """What a file must be like that an input takes. None is no limit.

    The ratio is width by height. An area is that of one picture.

    Attributes:
        kind: `image`, `video` or `audio`; empty where the document does not tell.
        max_file_size: In bytes.
        min_duration: In seconds, as `max_duration`.
        min_fps: In pictures a second, as `max_fps`.
        said: What the document says of its limits beside these.
    """

    kind: str = ""
    max_file_size: int | None = None
    min_width: int | None = None
    max_width: int | None = None
    min_height: int | None = None
    max_height: int | None = None
    min_pixels: int | None = None
    max_pixels: int | None = None
    min_aspect_ratio: int | float | None = None
    max_aspect_ratio: int | float | None = None
    min_duration: int | float | None = None
    max_duration: int | float | None = None
    min_frames: int | None = None
    max_frames: int | None = None
    min_fps: int | float | None = None
    max_fps: int | float | None = None
    said: str = ""


NUMBERS = tuple(field.name for field in fields(MediaLimits) if field.name not in ("kind", "said"))
WHOLE = frozenset(name for name in NUMBERS if not name.endswith(("ratio", "duration", "fps")))
# What has a lower and an upper end, and how both are said.
_RANGES = (
    ("width", "pixels wide"),
    ("height", "pixels high"),
    ("pixels", "pixels in all"),
    ("aspect_ratio", "times as wide as high"),
    ("duration", "seconds long"),
    ("frames", "frames"),
    ("fps", "frames a second"),
)
_KINDS = {"": "any file", "image": "a picture", "video": "a video", "audio": "a sound"}


def numbers(limits: MediaLimits) -> dict[str, int | float]:
    """The limits that are there, by fal's names for them."""
    found = ((name, getattr(limits, name)) for name in NUMBERS)
    return {name: number for name, number in found if number is not None}


def with_numbers(limits: MediaLimits, found: Mapping[str, int | float]) -> MediaLimits:
    """The limits with these in their places."""
    return replace(limits, **found) if found else limits  # type: ignore[arg-type]


def looser(one: MediaLimits, other: MediaLimits) -> MediaLimits:
    """What holds wherever one of both does."""
    mine, theirs = numbers(one), numbers(other)
    either = {name: (min if name.startswith("min") else max)(mine[name], theirs[name]) for name in mine.keys() & theirs}
    kind = one.kind if one.kind == other.kind else ""
    return with_numbers(MediaLimits(kind=kind, said=one.said if one.said == other.said else ""), either)


def allows(one: MediaLimits, other: MediaLimits) -> bool:
    """Whether every file that another input takes is one that this takes."""
    inside = all(_end(other, name) >= _end(one, name) for name in NUMBERS if name.startswith("min"))
    inside = inside and all(_end(other, name) <= _end(one, name) for name in NUMBERS if name.startswith("max"))
    return inside and one.kind in ("", other.kind)


def _end(limits: MediaLimits, name: str) -> float:
    number: int | float | None = getattr(limits, name)
    return number if number is not None else -inf if name.startswith("min") else inf


def in_words(limits: MediaLimits, *, kind: bool = False) -> str:
    """The limits as a part of a sentence: "at most 10 MiB, 300 to 4096 pixels wide"; empty where there is none.

    Args:
        limits: The limits.
        kind: Whether it begins with the kind of file.
    """
    words = [_KINDS[limits.kind]] if kind else []
    if limits.max_file_size is not None:
        words.append(f"at most {size_in_words(limits.max_file_size)}")
    words += _ranges(limits)
    return ", ".join([*words, limits.said] if limits.said else words)


def size_in_words(size: int) -> str:
    """A number of bytes: "10 MiB", "100 MB", "1,500 bytes"."""
    for unit, factor in (("MiB", 1 << 20), ("MB", 10**6), ("KiB", 1 << 10), ("kB", 10**3)):
        if size and size % factor == 0:
            return f"{size // factor:,} {unit}"
    return f"{size:,} byte{'' if size == 1 else 's'}"


def _ranges(limits: MediaLimits) -> Iterator[str]:
    square = (limits.min_width, limits.max_width) == (limits.min_height, limits.max_height)
    for name, unit in _RANGES:
        said = _range(getattr(limits, f"min_{name}"), getattr(limits, f"max_{name}"))
        if said and not (square and name == "height"):
            yield f"{said} {'pixels wide and high' if square and name == 'width' else unit}"


def _range(low: float | None, high: float | None) -> str:
    if low is not None and high is not None:
        return f"exactly {_number(low)}" if low == high else f"{_number(low)} to {_number(high)}"
    return f"at least {_number(low)}" if low is not None else f"at most {_number(high)}" if high is not None else ""


def _number(number: float) -> str:
    return f"{number:,}" if abs(number) >= 10_000 else str(number)
