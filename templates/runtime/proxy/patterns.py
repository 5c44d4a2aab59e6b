"""Which endpoint ids a proxy allows. No I/O.

An id is walked once, whatever the patterns are: what they cost is the number of its segments times that of theirs.
"""

# design: Where does the proxy send what, and for whom?

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from ..http.endpoint_ids import is_segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_APP = 2  # segments: an owner and a name


class Patterns:
    """What is allowed.

    Args:
        patterns: Ids in which `*` stands for one segment or a part of it, and `**` for any number of them.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        if isinstance(patterns, str):
            raise TypeError("allowed_endpoints must be a list of patterns, not a str")
        checked = [_check_pattern(pattern) for pattern in patterns]
        ids = [segments for segments in checked if not _is_glob(segments)]
        self._ids = {"/".join(segments) for segments in ids}
        self._beginnings = {"/".join(segments[:end]) for segments in ids for end in range(1, len(segments) + 1)}
        self._globs: dict[tuple[str, ...], list[Glob]] = {}
        for segments in filter(_is_glob, checked):
            self._globs.setdefault(_beginning(segments), []).append(Glob(segments))

    def __bool__(self) -> bool:
        return bool(self._ids or self._globs)

    def match(self, segments: Sequence[str]) -> bool:
        """Whether an id is allowed."""
        return "/".join(segments) in self._ids or any(glob.matches(segments) for glob in self._globs_for(segments))

    def may_begin(self, segments: Sequence[str]) -> bool:
        """Whether some id is allowed that begins with these segments, or is no longer."""
        whole = "/".join(segments)
        return whole in self._beginnings or any(glob.may_begin(segments) for glob in self._globs_for(segments))

    def _globs_for(self, segments: Sequence[str]) -> Iterator[Glob]:
        """Those that begin as an id does, or as any: of a thousand patterns few are of one app."""
        for end in range(_APP + 1):
            yield from self._globs.get(tuple(segments[:end]), ())


class Glob:
    """One pattern.

    Args:
        segments: Its own.
    """

    def __init__(self, segments: Sequence[str]) -> None:
        self._segments = segments
        self._parts = [segment.split("*") for segment in segments]

    def matches(self, segments: Sequence[str]) -> bool:
        """Whether it stands for an id."""
        return len(self._segments) in self._reached(segments)

    def may_begin(self, segments: Sequence[str]) -> bool:
        """Whether it stands for some id that begins so."""
        return bool(self._reached(segments))

    def _reached(self, segments: Sequence[str]) -> set[int]:
        """How far into the pattern one may be behind the segments: all places at once, so none is tried twice."""
        places = self._with_skipped({0})
        for segment in segments:
            stayed = {place for place in places if self._is_any(place)}
            moved = {place + 1 for place in places - stayed if self._fits(place, segment)}
            places = self._with_skipped(stayed | moved)
            if not places:
                break
        return places

    def _with_skipped(self, places: set[int]) -> set[int]:
        """And those behind a `**`, which may stand for nothing."""
        found = set(places)
        for place in places:
            after = place
            while self._is_any(after):
                after += 1
                found.add(after)
        return found

    def _is_any(self, place: int) -> bool:
        return place < len(self._segments) and self._segments[place] == "**"

    def _fits(self, place: int, segment: str) -> bool:
        return place < len(self._parts) and is_made_of(self._parts[place], segment)


def is_made_of(parts: Sequence[str], text: str) -> bool:
    """Whether a text begins with the first part, ends with the last, and has the others between, in order."""
    first, last = parts[0], parts[-1]
    if len(parts) == 1:
        return text == first
    at, end = len(first), len(text) - len(last)
    if at > end or not text.startswith(first) or not text.endswith(last):
        return False
    for part in parts[1:-1]:  # the leftmost place is as good as any other
        at = text.find(part, at, end) + len(part)
        if at < len(part):
            return False
    return True


def _beginning(segments: Sequence[str]) -> tuple[str, ...]:
    """The segments before the first `*`, as many as the name of an app has."""
    return tuple(itertools.takewhile(lambda segment: "*" not in segment, segments[:_APP]))


def _is_glob(segments: Sequence[str]) -> bool:
    return any("*" in segment for segment in segments)


def _check_pattern(pattern: str) -> list[str]:
    if not isinstance(pattern, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"allowed_endpoints must hold str, not {type(pattern).__name__}")
    segments = pattern.split("/")
    for segment in segments:
        if not is_segment(segment.replace("*", "-")) or ("**" in segment and segment != "**"):
            raise ValueError(
                f"allowed_endpoints: {pattern!r} is no pattern of endpoint ids, as in 'fal-ai/flux-1/*' or 'fal-ai/**'"
            )
    if len(segments) < 2 and segments != ["**"]:
        raise ValueError(f"allowed_endpoints: {pattern!r} needs an owner and a name, as in 'fal-ai/flux-1/*'")
    return segments
