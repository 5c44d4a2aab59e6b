"""What an input asks of the files of its output: size, number, length, format."""

# design: What does the fake answer?

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..media.types import kind_of, type_of
from .kinds import is_number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..media.types import Kind

# fal's names of sizes.
_SIZES = {
    "square_hd": (1024, 1024),
    "square": (512, 512),
    "portrait_4_3": (768, 1024),
    "portrait_16_9": (576, 1024),
    "landscape_4_3": (1024, 768),
    "landscape_16_9": (1024, 576),
    "auto_2K": (2048, 2048),
    "auto_3K": (3072, 3072),
    "auto_4K": (4096, 4096),
}
# The shorter side, by the name of a resolution.
_RESOLUTIONS = {"1k": 1024, "2k": 2048, "3k": 3072, "4k": 4096, "0.5k": 512, "hd": 720, "fhd": 1080, "uhd": 2160}
_TWO = re.compile(r"(\d{1,6}) ?[x*×:] ?(\d{1,6})")
_LINES = re.compile(r"(\d{3,4})p")
_COUNT = re.compile(r"n|(num|number_of|n)_(images|videos|outputs|samples|generations|results|variations|audios|songs)")
_FORMAT = re.compile(r"(.*_)?(format|output_type|file_type)")
_SECONDS = re.compile(r"(.*_)?(duration|seconds|length|secs)(_seconds|_in_seconds|_s|_secs)?")
_MILLISECONDS = re.compile(r"(.*_)?(duration|length)_(ms|milliseconds)")
_RATE = re.compile(r"(.*_)?(fps|frames_per_second|frame_rate)")
# No input has more; one that asks for more is refused, or is no number of files.
_MOST_FILES = 64


@dataclass(frozen=True, slots=True)
class Asked:
    """What an input asks for. Nothing, or zero, where it does not.

    Attributes:
        size: Width and height in pixels.
        count: How many files.
        seconds: How long a video or a sound is.
        fps: Pictures a second.
        formats: Media types by kind of file.
        as_data: Whether files are to be in the output itself.
    """

    size: tuple[int, int] | None = None
    count: int = 0
    seconds: float = 0.0
    fps: float = 0.0
    formats: Mapping[Kind, str] = field(default_factory=dict["Kind", str])
    as_data: bool = False


def asked(sent: Mapping[str, Any], defaults: Mapping[str, Any]) -> Asked:
    """What an input asks for.

    Args:
        sent: The input as it was sent.
        defaults: What is taken for each property that was left out.
    """
    input = {**defaults, **sent}
    numbers = {name: number for name, value in input.items() if (number := _number(value))}
    fps = _first(numbers, _RATE)
    own = {name: number for name, number in numbers.items() if name in sent}
    return Asked(
        size=_size(input),
        count=min(int(_first(numbers, _COUNT)), _MOST_FILES),
        seconds=_seconds(own, fps) or _seconds(numbers, fps),
        fps=fps,
        formats=dict(_formats(input)),
        as_data=input.get("sync_mode") is True,
    )


def _number(value: Any) -> float:
    """A number above zero, also of a text such as `8s`; zero for what is none."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{1,6}(?:\.\d{1,6})?) ?(s|sec|seconds)?", value)
        return float(found[1]) if found else 0
    return min(float(value), 1e9) if is_number(value) and value > 0 else 0


def _seconds(numbers: Mapping[str, float], fps: float) -> float:
    frames = numbers.get("num_frames", 0)
    return frames / (fps or 24) or _first(numbers, _SECONDS) or _first(numbers, _MILLISECONDS) / 1000


def _first(numbers: Mapping[str, float], names: re.Pattern[str]) -> float:
    return next((number for name, number in numbers.items() if names.fullmatch(name)), 0)


def _size(input: Mapping[str, Any]) -> tuple[int, int] | None:
    """A size by its sides, its name, or how many lines it has and of what shape it is."""
    for value in (input, *(input.get(name) for name in ("image_size", "video_size", "size", "resolution"))):
        if found := _sides(value):
            return found
    lines, shape = _lines(input.get("resolution")), _shape(input.get("aspect_ratio"))
    if shape is None:
        return (_even(lines * 16 / 9), lines) if lines and lines % 512 else (lines, lines) if lines else None
    if lines:
        return (_even(lines * shape), lines) if shape >= 1 else (lines, _even(lines / shape))
    return _even(1024 * min(shape, 1)), _even(1024 / max(shape, 1))


def _sides(value: Any) -> tuple[int, int] | None:
    if isinstance(value, str):
        found = _TWO.fullmatch(value)
        return _SIZES.get(value) or ((int(found[1]), int(found[2])) if found and int(found[1]) > 32 else None)
    if not hasattr(value, "get"):
        return None
    width, height = (int(_number(value.get(name))) for name in ("width", "height"))
    return (width, height) if width and height else None


def _lines(value: Any) -> int:
    if not isinstance(value, str):
        return 0
    found = _LINES.fullmatch(value)
    return int(found[1]) if found else _RESOLUTIONS.get(value.lower(), 0)


def _shape(value: Any) -> float | None:
    """How often as wide as high: at most 8 times, or 8 times as high."""
    found = _TWO.fullmatch(value) if isinstance(value, str) else None
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    return min(max(width / height, 1 / 8), 8) if width and height else None


def _even(pixels: float) -> int:
    return round(pixels / 2) * 2


def _formats(input: Mapping[str, Any]) -> Iterator[tuple[Kind, str]]:
    """The formats that inputs name: `jpeg`, `mp3_44100_128`, `VP9 (.webm)`."""
    for name, value in input.items():
        if hasattr(value, "items"):
            yield from _formats(value)
        elif _FORMAT.fullmatch(name) and isinstance(value, str):
            ending = re.search(r"\.(\w+)\)", value)
            word = ending[1] if ending else re.split(r"[_-]", value)[0].lower()
            media_type = "audio/wav" if word == "pcm" else type_of(f"x.{word}")
            if media_type:
                yield kind_of(media_type), media_type
