"""Limits in words, and words as they may stand on a screen."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..media.limits import KINDS, round_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ..media.limits import MediaLimits

# What of a file has a lower and an upper end, and how both are said.
_ENDS = {
    "width": "pixels wide",
    "height": "pixels high",
    "pixels": "pixels in all",
    "aspect_ratio": "times as wide as high",
    "duration": "seconds long",
    "frames": "frames",
    "fps": "frames a second",
}
_LONGEST_PATTERN = 60


def on_screen(text: str) -> str:
    """A text without what a terminal obeys or nobody sees: such characters are escapes; line feeds stay."""
    if text.replace("\n", "").isprintable():
        return text
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    return "".join(one if one.isprintable() or one == "\n" else one.encode("unicode_escape").decode() for one in lines)


def as_code(value: object) -> str:
    """A JSON value as one would type it; texts in double quotes."""
    return on_screen(json.dumps(value, ensure_ascii=False) if isinstance(value, str) else repr(value))


def range_in_words(bounds: Mapping[str, Any]) -> str:
    """The range of a number, by pydantic's names of its bounds: `1 to 12`, `above 0, in steps of 8`; or nothing."""
    words: list[str] = []
    if "ge" in bounds and "le" in bounds:
        words.append(_between(bounds["ge"], bounds["le"]))
    else:
        named = {"ge": "at least", "gt": "above", "le": "at most", "lt": "below"}
        words += [f"{word} {_number(bounds[name])}" for name, word in named.items() if name in bounds]
    if "multiple_of" in bounds:
        words.append(f"in steps of {_number(bounds['multiple_of'])}")
    return ", ".join(words)


def length_in_words(limits: Mapping[str, Any], unit: str) -> str:
    """The length of a text or a list: `1 to 4 items`, `at most 500 characters`; or nothing."""
    low, high = limits.get("min_length"), limits.get("max_length")
    words: list[str] = []
    if low or high is not None:
        one = (high if high is not None else low) == 1
        words.append(f"{_between(low or None, high)} {unit.removesuffix('s') if one else unit}")
    pattern = on_screen(str(limits.get("pattern", "")))
    if 0 < len(pattern) <= _LONGEST_PATTERN:
        words.append(f"like {pattern}")
    return ", ".join(words)


def media_in_words(limits: MediaLimits) -> str:
    """What a file must be like: `a picture, at most 10 MiB, 300 to 4096 pixels wide`; nothing where all go."""
    kind = KINDS.get(limits.get("kind", ""))
    words = [kind] if kind else []
    if "max_file_size" in limits:
        size = limits["max_file_size"]
        words.append(f"at most {round_size(size) or f'{size:,} bytes'}")
    return ", ".join([*words, *_ends(limits)])


def _ends(limits: Mapping[str, Any]) -> Iterator[str]:
    for name, unit in _ENDS.items():
        low, high = limits.get(f"min_{name}"), limits.get(f"max_{name}")
        if low is not None or high is not None:
            yield f"{_between(low, high)} {unit}"


def _between(low: float | None, high: float | None) -> str:
    if low is None or high is None:
        return f"at most {_number(high or 0)}" if low is None else f"at least {_number(low)}"
    return f"{_number(low)} to {_number(high)}" if low != high else f"exactly {_number(low)}"


def _number(number: float) -> str:
    return f"{number:,}" if abs(number) >= 10_000 else str(number)
