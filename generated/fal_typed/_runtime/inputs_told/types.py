"""The annotation of an input or an output in words: its type as one would type it, its values, its range."""

# design: How do people see what an endpoint takes?

from __future__ import annotations

import types
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import (
    TYPE_CHECKING,
    Annotated,
    Any,
    ForwardRef,
    Literal,
    NotRequired,
    Required,
    Union,
    get_args,
    get_origin,
)

from typing_extensions import ReadOnly

from ..files.file_input import NO_PATH, URL_ONLY, FileInput, FileOrName, LocalFile
from ..inputs.types import UNIQUE_ITEMS
from .words import as_code, length_in_words, range_in_words

if TYPE_CHECKING:
    from typing import TypeAlias

    Member: TypeAlias = str | int | float | bool | None

_BOUNDS = ("ge", "gt", "le", "lt", "multiple_of")
_LENGTHS = ("min_length", "max_length", "pattern")
_WRAPPERS = (Required, NotRequired, ReadOnly)
_UNIONS = (Union, types.UnionType)
# Characters of an enumeration that is shown whole.
_LONGEST = 160


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeTold:
    """An annotation in words.

    Attributes:
        text: As one would type it, e.g. `"square" | ImageSize`; a long enumeration is cut, and its length told.
        members: The values of an enumeration, also of one within a union.
        item_members: Those of the items, where it is a list.
        low: The least number, or what it must be above; None where there is none.
        high: The greatest number, or what it must be below.
        ranges: Numbers and lengths in words, e.g. `1 to 12`, `at most 4 items`.
        takes_file: Whether it, or each item of it, may be a file.
    """

    text: str
    members: tuple[Member, ...] = ()
    item_members: tuple[Member, ...] = ()
    low: float | None = None
    high: float | None = None
    ranges: tuple[str, ...] = ()
    takes_file: bool = False


def tell_type(annotation: Any) -> TypeTold:
    """Tell an annotation of an emitted class; what is not known is told by its name."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in _WRAPPERS:
        return tell_type(parts[0])
    if origin is Annotated:
        return _marked(annotation)
    if origin is Literal:
        return TypeTold(text=_enumeration(parts), members=parts)
    if origin in _UNIONS:
        return _union([tell_type(one) for one in parts])
    if isinstance(origin, type) and issubclass(origin, Sequence):
        return _list(tell_type(parts[0]))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return TypeTold(text=f"dict[str, {tell_type(parts[1]).text}]")
    return TypeTold(text=_name(annotation))


def _enumeration(values: tuple[Member, ...]) -> str:
    """Values as one would type them; of many the first, and how many there are."""
    shown = [as_code(one) for one in values]
    if len(" | ".join(shown)) <= _LONGEST:
        return " | ".join(shown)
    first = [one for at, one in enumerate(shown) if len(" | ".join(shown[: at + 1])) <= _LONGEST // 2]
    return " | ".join([*first, f"… ({len(shown)} values)"])


def _name(annotation: Any) -> str:
    if annotation is None or annotation is type(None):
        return "None"
    if isinstance(annotation, str | ForwardRef):  # a class that mentions itself
        text = annotation if isinstance(annotation, str) else annotation.__forward_arg__
        return text.rpartition(".")[2]
    return str(getattr(annotation, "__name__", "") or annotation).rpartition(".")[2]


def _union(options: list[TypeTold]) -> TypeTold:
    # What can be written down first, `None` last.
    in_order = sorted(options, key=lambda one: (one.text == "None", not one.members))
    texts = dict.fromkeys(one.text for one in in_order if one.text)
    bounded = [one for one in options if (one.low, one.high) != (None, None)]
    return TypeTold(
        text=" | ".join(texts),
        members=tuple(member for one in options for member in one.members),
        item_members=tuple(member for one in options for member in one.item_members),
        low=bounded[0].low if len(bounded) == 1 else None,
        high=bounded[0].high if len(bounded) == 1 else None,
        ranges=tuple(dict.fromkeys(text for one in options for text in one.ranges)),
        takes_file=any(one.takes_file for one in options),
    )


def _list(item: TypeTold) -> TypeTold:
    ranges = tuple(f"each {text}" for text in item.ranges)
    return TypeTold(text=f"list[{item.text}]", item_members=item.members, ranges=ranges, takes_file=item.takes_file)


def _marked(annotation: Any) -> TypeTold:
    """A type with markers: limits, or a check that makes a file of it."""
    inner, *markers = get_args(annotation)
    for kind, name in ((FileInput, "FileInput"), (FileOrName, "FileOrName"), (LocalFile, "")):
        if annotation == kind:  # a local file stands beside the text that is its URL
            return TypeTold(text=name, takes_file=True)
    told = tell_type(inner)
    for name, marker in (("FileInput", URL_ONLY), ("FileOrName", NO_PATH)):
        if marker in markers:
            told = replace(told, text=name, takes_file=True)
    limits = {name: value for one in markers for name, value in _limits_of(one)}
    bounds = {name: value for name, value in limits.items() if name in _BOUNDS}
    ranges = [
        range_in_words(bounds),
        length_in_words(limits, "items" if told.text.startswith("list[") else "characters"),
    ]
    if UNIQUE_ITEMS in markers:
        ranges.append("none of them twice")
    return replace(
        told,
        low=limits.get("ge", limits.get("gt", told.low)),
        high=limits.get("le", limits.get("lt", told.high)),
        ranges=tuple(text for text in (*ranges, *told.ranges) if text),
    )


def _limits_of(marker: Any) -> list[tuple[str, Any]]:
    """The limits of pydantic's `Field`, by its names for them."""
    parts = getattr(marker, "metadata", ())
    found = ((name, getattr(part, name, None)) for part in parts for name in (*_BOUNDS, *_LENGTHS))
    return [(name, value) for name, value in found if value is not None]
