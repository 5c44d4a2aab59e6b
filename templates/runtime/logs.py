"""Each log entry once, whether the server repeats all of them or shows a moving window. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    """The length of the longest end of `known` that is a beginning of `shown`."""
    matched = 0
    for matched in _matches(known[-len(shown) :] if shown else (), shown):  # noqa: B007  (the last one counts)
        pass
    return matched


def _contains(known: Sequence[LogEntry], shown: Sequence[LogEntry]) -> bool:
    return any(matched == len(shown) for matched in _matches(known, shown))


def _matches(text: Sequence[LogEntry], wanted: Sequence[LogEntry]) -> Iterator[int]:
    """For each place in `text`, how much of the beginning of `wanted` ends there.

    Linear (the failure function of Knuth, Morris and Pratt): a long run prints thousands of lines, polled every second.
    """
    failure = [0] * len(wanted)
    matched = 0
    for index in range(1, len(wanted)):
        while matched and wanted[index] != wanted[matched]:
            matched = failure[matched - 1]
        matched += wanted[index] == wanted[matched]
        failure[index] = matched
    matched = 0
    for entry in text:
        while matched and (matched == len(wanted) or entry != wanted[matched]):
            matched = failure[matched - 1]
        matched += entry == wanted[matched]
        yield matched
