"""The progress of several files as that of one."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from ..progress import Progress


class TotalProgress:
    """Adds up what each file says.

    Args:
        report: Called one call at a time, maybe from another thread, with the bytes so far and in all (None as long as
            the length of some file is not known).
        lengths: What is said of the files' lengths before they are asked for.
        check: Called first each time; it may raise.
    """

    def __init__(self, report: Progress | None, lengths: Sequence[int | None], check: Callable[[], None]) -> None:
        self._report = report
        self._check = check
        self._lock = threading.Lock()
        self._moved = [0] * len(lengths)
        self._lengths = list(lengths)
        self._sum = 0
        self._whole = sum(each or 0 for each in lengths)
        self._unknown = sum(each is None for each in lengths)

    def of(self, number: int) -> Progress:
        """What one of the files reports to."""

        def report(moved: int, length: int | None) -> None:
            self._check()
            with self._lock:
                self._note(number, moved, length)
                if self._report is not None:
                    self._report(self._sum, None if self._unknown else max(self._whole, self._sum))

        return report

    def _note(self, number: int, moved: int, length: int | None) -> None:
        self._sum += moved - self._moved[number]
        self._moved[number] = moved
        before = self._lengths[number]
        if length is None or length == before:
            return
        self._whole += length - (before or 0)
        self._unknown -= before is None
        self._lengths[number] = length
