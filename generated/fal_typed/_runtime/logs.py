"""Each log entry once, whether the server repeats all of them or shows a moving window. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .status import LogEntry


class LogReader:
    """Remembers what was delivered and picks out what is new.

    fal docs call the logs cumulative, but a window of recent lines has been seen as well (fal-ai/fal #1143). Either
    way the new answer begins somewhere in what is known and goes on after it: the longest end of the known entries
    that is also the beginning of the answer is the overlap.
    """

    def __init__(self) -> None:
        self._seen: list[LogEntry] = []

    def new_entries(self, shown: Sequence[LogEntry]) -> tuple[LogEntry, ...]:
        """The entries of this answer that were not delivered before, in order."""
        overlap = overlap_length(self._seen, shown)
        if not overlap and shown and _contains(self._seen, shown):
            return ()  # an older or shorter window: nothing new in it
        new = tuple(shown[overlap:])
        self._seen.extend(new)
        return new


def overlap_length(known: Sequence[LogEntry], shown: Sequence[LogEntry]) -> int:
    """The length of the longest end of `known` that is a beginning of `shown`.

    Linear (the failure function of Knuth, Morris and Pratt): a long run prints thousands of lines, polled every second.
    """
    if not known or not shown:
        return 0
    failure = [0] * len(shown)
    matched = 0
    for index in range(1, len(shown)):
        while matched and shown[index] != shown[matched]:
            matched = failure[matched - 1]
        matched += shown[index] == shown[matched]
        failure[index] = matched
    matched = 0
    for entry in known[-len(shown) :]:
        while matched and (matched == len(shown) or entry != shown[matched]):
            matched = failure[matched - 1]
        matched += entry == shown[matched]
    return matched


def _contains(known: list[LogEntry], shown: Sequence[LogEntry]) -> bool:
    size = len(shown)
    wanted = list(shown)
    return any(known[start : start + size] == wanted for start in range(len(known) - size + 1))
