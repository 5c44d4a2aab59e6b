"""What fal takes, and in which words a file is refused that is otherwise."""

# design: Where do the limits of media stand?

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .facts import MediaFacts


T = TypeVar("T")


class MediaLimits(TypedDict, total=False):
    """What a file must be like, by fal's own names: bytes, pixels, width by height, seconds, pictures a second."""

    kind: str
    max_file_size: int
    min_width: int
    max_width: int
    min_height: int
    max_height: int
    min_pixels: int
    max_pixels: int
    min_aspect_ratio: float
    max_aspect_ratio: float
    min_duration: float
    max_duration: float
    min_frames: int
    max_frames: int
    min_fps: float
    max_fps: float


KINDS = {"image": "a picture", "video": "a video", "audio": "a sound"}
# 23.976 pictures a second are called 24.
_NAMED_RATE = 1.002
# What arithmetic may add to a ratio.
_NOISE = 1e-9


def size_problem(limits: MediaLimits, size: int | None) -> str | None:
    """What is wrong with a number of bytes; None where nothing is, or where it is not known."""
    most = limits.get("max_file_size")
    if size is None or most is None or size <= most:
        return None
    rounded = round_size(most)
    return f"is {size:,} bytes; at most {most:,}{rounded and f' ({rounded})'} are taken"


def problems(limits: MediaLimits, facts: MediaFacts) -> list[str]:
    """What is wrong with a file by all readings of it: what follows "image_url: "."""
    kind = limits.get("kind", "")
    if kind and facts.kinds and kind not in facts.kinds:
        return [f"is {_kind_of(facts)}; {KINDS.get(kind, kind)} is taken"]
    return [
        *_of_all(facts.sizes, lambda size: _size_problems(limits, *size)),
        *_of_all(facts.durations, lambda seconds: _duration_problems(limits, seconds)),
        *_of_all(facts.rates, lambda rate: _rate_problems(limits, rate)),
    ]


def _of_all(readings: tuple[T, ...], tell: Callable[[T], Iterator[str]]) -> list[str]:
    """What is wrong by the first reading, if something is by every one."""
    told = [list(tell(reading)) for reading in readings]
    return told[0] if told and all(told) else []


def _size_problems(limits: MediaLimits, width: int, height: int) -> Iterator[str]:
    yield from _range(limits, "width", width, "is {} pixels wide; {} are taken")
    yield from _range(limits, "height", height, "is {} pixels high; {} are taken")
    yield from _range(limits, "pixels", width * height, "has {} pixels in all; {} are taken")
    words = "is {} times as wide as high; {} times is taken"
    told = list(_range(limits, "aspect_ratio", width / height, words))
    if ("min_aspect_ratio" in limits) != ("max_aspect_ratio" in limits):  # either way round may be meant
        told = told if list(_range(limits, "aspect_ratio", height / width, words)) else []
    yield from told


def _duration_problems(limits: MediaLimits, seconds: float) -> Iterator[str]:
    return _range(limits, "duration", seconds, "is {} seconds long; {} are taken")


def _rate_problems(limits: MediaLimits, rate: float) -> Iterator[str]:
    readings = (rate, rate * _NAMED_RATE, rate / _NAMED_RATE)
    yield from _of_all(readings, lambda one: _range(limits, "fps", one, "has {} frames a second; {} are taken"))


def _range(limits: MediaLimits, name: str, value: float, words: str) -> Iterator[str]:
    low: float | None = limits.get(f"min_{name}")  # type: ignore[assignment]
    high: float | None = limits.get(f"max_{name}")  # type: ignore[assignment]
    below = low is not None and value < low * (1 - _NOISE)
    above = high is not None and value > high * (1 + _NOISE)
    if below or above:
        yield words.format(_number(value), _between(low, high))


def _between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"at most {_number(high or 0)}" if low is None else f"at least {_number(low)}"
    return f"{_number(low)} to {_number(high)}" if low != high else _number(low)


def _number(number: float) -> str:
    """A number as one reads it, with as many digits as tell it from its limit."""
    if isinstance(number, int):
        return f"{number:,}"
    return f"{number:,.4f}".rstrip("0").rstrip(".")


def round_size(size: int) -> str:
    """A number of bytes in the largest unit that divides it: `10 MiB`, `100 MB`; empty where none does."""
    for unit, factor in (("MiB", 1 << 20), ("MB", 10**6), ("KiB", 1 << 10), ("kB", 10**3)):
        if size and size % factor == 0:
            return f"{size // factor:,} {unit}"
    return ""


def _kind_of(facts: MediaFacts) -> str:
    return KINDS[next(kind for kind in ("image", "video", "audio") if kind in facts.kinds)]
