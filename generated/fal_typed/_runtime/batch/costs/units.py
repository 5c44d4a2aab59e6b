"""How many units a call takes at most, as far as its input tells before it is sent.

More than a call takes may be reserved for it: what it took is known when it is done, and counts from then on.
"""

# design: What may a call cost?

from __future__ import annotations

import re
from dataclasses import dataclass
from math import ceil, isfinite
from typing import TYPE_CHECKING, Any

from ...checks import is_mapping, is_sequence
from ...journal.money import unit_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

# fal's names of sizes.
_SIZES = {
    "square_hd": 1024 * 1024,
    "square": 512 * 512,
    "portrait_4_3": 768 * 1024,
    "portrait_16_9": 576 * 1024,
    "landscape_4_3": 1024 * 768,
    "landscape_16_9": 1024 * 576,
}
_COUNT = re.compile(
    r"n|(num|number_of|max)_(images|videos|outputs|samples|generations|results|variations|audios|songs)"
)
_SECONDS = ("duration", "duration_seconds", "seconds_total", "total_seconds", "seconds")
_FRAMES, _RATE = ("num_frames", "number_of_frames"), ("frames_per_second", "fps", "frame_rate")
_SECONDS_TEXT = re.compile(r"(\d{1,6}(?:\.\d{1,6})?) ?s?")
_SIDES_TEXT = re.compile(r"(\d{2,6})[x*×](\d{2,6})")
# The length of what is made is what counts, and encoders make some frames more than they were asked for.
_MORE_SECONDS = 0.1
# Inputs that change the price of a unit, or how many of them fal counts, with models that have them.
_WEIGHTS = {"resolution", "quality", "rendering_speed", "generate_audio"}
_COSTS = re.compile(r"\b(costs?|price[ds]?|pricing|charge[ds]?|bill(ed|ing|able|s)?|fee|multiplier)\b", re.IGNORECASE)
_NO_COSTS = re.compile(r"\bcosts? (of|is the same)\b", re.IGNORECASE)
_FILES = re.compile(r"(.*_)?(image|video|audio|mask|frame|file)s?(_.*)?")
_MOVING = re.compile(r"(.*_)?(video|audio|file)s?(_.*)?")


class UnknownUnitsError(Exception):
    """An input does not tell how many units a call takes; the message says why."""


@dataclass(frozen=True, slots=True)
class Input:
    """An input, and what the document of its endpoint says of it.

    Attributes:
        given: The input under the names of the wire; files may be files yet.
        properties: The properties of its schema; None where there is no document.
    """

    given: Mapping[str, Any]
    properties: Mapping[str, Mapping[str, Any]] | None

    def __contains__(self, name: object) -> bool:
        return name in self.given or name in (self.properties or {})

    def value(self, name: str) -> Any:
        """What stands there, or the default of the document; None for neither."""
        given = self.given.get(name)
        return self.default(name) if given is None else given

    def default(self, name: str) -> Any:
        """What the document says is taken where nothing is given."""
        return (self.properties or {}).get(name, {}).get("default")

    def names(self) -> Iterator[str]:
        """The names of all that may stand there, as far as they are known."""
        yield from self.given
        yield from (name for name in self.properties or {} if name not in self.given)


def units_of(unit: str, input: Input) -> float:
    """The units that a call takes at most.

    Args:
        unit: What is counted, in fal's words: `images`, `megapixels`, `1000 characters` ….
        input: The input.

    Raises:
        UnknownUnitsError: The input does not tell.
    """
    found = unit_of(unit)
    measure = None if found is None else _MEASURES.get(found[1])
    if found is None or measure is None:
        raise UnknownUnitsError(unknown_unit(unit))
    _check_weights(input)
    units = measure(input)
    if found[0] is not None:
        return float(ceil(units / found[0]))
    return units + _MORE_SECONDS if measure is _length else units


def unknown_unit(unit: str) -> str:
    """Why a call that is charged for by such a unit has no known cost."""
    return f"fal charges for it by {unit.strip()!r}, and no input says how many those are"


def _check_weights(input: Input) -> None:
    """Refuse what changes the price beside the units, where it is not as the document has it by default."""
    for name, value in input.given.items():
        if value is None or value == input.default(name):
            continue
        words = (input.properties or {}).get(name, {}).get("description", "")
        if name in _WEIGHTS or (_COSTS.search(words) and not _NO_COSTS.search(words)):
            raise UnknownUnitsError(f"`{name}` changes what it costs, and no document says by how much")


def _count(input: Input) -> float:
    """How many are made."""
    count = 1.0
    names = [name for name in input.names() if _COUNT.fullmatch(name)]
    if input.properties is None and not names:
        raise UnknownUnitsError("no document says how many it makes unless `num_images` is given")
    for name in names:
        value = _number(input.value(name))
        if not value:
            raise UnknownUnitsError(f"how many it makes is not known unless `{name}` is given")
        count *= value
    return count


def _calls(input: Input) -> float:
    return 1.0 if input.properties is None else _count(input)


def _megapixels(input: Input) -> float:
    """Of each picture, rounded up; of a video of all its frames."""
    if name := _file(input, _FILES):
        raise UnknownUnitsError(f"the pixels of `{name}` may count, and are not known")
    if "duration" in input:
        raise UnknownUnitsError("how many frames it makes is not known")
    pixels = _pixels(input)
    frames = next((_number(input.value(name)) for name in _FRAMES if name in input), 1.0)
    if not pixels or not frames:
        raise UnknownUnitsError("its size is not known: give `image_size` as `width` and `height`, or by its name")
    return _count(input) * ceil(pixels * frames / 1_000_000)


def _pixels(input: Input) -> float:
    for name in ("image_size", "video_size", "size"):
        value = input.value(name)
        if is_mapping(value):
            return _number(value.get("width")) * _number(value.get("height"))
        if isinstance(value, str):
            sides = _SIDES_TEXT.fullmatch(value)
            return int(sides[1]) * int(sides[2]) if sides else _SIZES.get(value, 0)
    return _number(input.value("width")) * _number(input.value("height"))


def _length(input: Input) -> float:
    """Seconds of what is made."""
    if name := _file(input, _MOVING):
        raise UnknownUnitsError(f"it may take as long as `{name}`, and that is not known")
    if any(_shots(input.given)):
        raise UnknownUnitsError("it is made of parts that have a length each")
    seconds = max((_seconds(input.value(name)) for name in _SECONDS if name in input), default=0.0)
    frames = max(_number(input.value(name)) for name in _FRAMES)
    rate = next((number for name in _RATE if (number := _number(input.value(name)))), 0.0)
    seconds = max(seconds, frames / rate if rate else 0.0)
    if not seconds:
        raise UnknownUnitsError("how long it gets is not known: give `duration` in seconds")
    return _count(input) * seconds


def _minutes(input: Input) -> float:
    return float(ceil(_length(input) / 60))


def _shots(given: Mapping[str, Any]) -> Iterator[str]:
    """The names of lists of objects with lengths of their own."""
    for name, value in given.items():
        if is_sequence(value) and any(is_mapping(each) and not each.keys().isdisjoint(_SECONDS) for each in value):
            yield name


def _characters(input: Input) -> float:
    """No more can be charged for than are sent."""
    if name := _file(input, _FILES):
        raise UnknownUnitsError(f"`{name}` may hold text, and how much is not known")
    count = sum(len(text) for name in input.names() for text in _texts(input.value(name)))
    if not count:
        raise UnknownUnitsError("there is no text in it")
    return float(count)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif is_mapping(value):
        for each in value.values():
            yield from _texts(each)
    elif is_sequence(value):
        for each in value:
            yield from _texts(each)


def _file(input: Input, named: re.Pattern[str]) -> str | None:
    """The name of an input that holds a file or its URL, if one of those names does."""
    return next((name for name, value in input.given.items() if named.fullmatch(name) and _is_file(value)), None)


def _is_file(value: Any) -> bool:
    if is_sequence(value):
        return any(_is_file(each) for each in value)
    if is_mapping(value):
        return any(_is_file(each) for each in value.values())
    if isinstance(value, str):
        return value.lower().startswith(("http://", "https://", "data:"))
    return not (value is None or isinstance(value, bool | int | float))


def _seconds(value: Any) -> float:
    if isinstance(value, str):
        found = _SECONDS_TEXT.fullmatch(value)
        return float(found[1]) if found else 0.0
    return _number(value)


def _number(value: Any) -> float:
    """A number above zero; zero for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return 0.0
    return float(value) if value > 0 else 0.0


_MEASURES: Mapping[str, Callable[[Input], float]] = {
    **dict.fromkeys(("image", "video", "audio", "song"), _count),
    **dict.fromkeys(("call", "generation", "request", "run"), _calls),
    "megapixel": _megapixels,
    "second": _length,
    "minute": _minutes,
    "character": _characters,
}
