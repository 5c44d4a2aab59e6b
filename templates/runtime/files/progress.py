"""Counts what has been moved of a file, and tells whoever wants to know."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .. import checks
from ..progress.wanted import place

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from typing import TypeAlias

    Progress: TypeAlias = Callable[[int, int | None], object]
    """Called with the bytes moved so far and the bytes in all (None where that is not known)."""


@contextmanager
def shown(progress: Progress | bool | None, what: str, state: str) -> Generator[Progress | None]:
    """What is told of progress: a caller's function as it is, else the display where it is wanted.

    Args:
        progress: The function; True, or None where that is the default here, for the display.
        what: The file's name.
        state: What becomes of it: `"uploading"` or `"downloading"`.

    Raises:
        TypeError: It is something else.
    """
    if progress is not None and not isinstance(progress, bool):
        checks.callback("progress", progress)
        checks.plain_function("progress", progress)
        yield progress
    elif (where := place(progress)) is None:
        yield None
    else:
        from ..progress.display import DISPLAY

        with DISPLAY.showing(what, state, where) as line:
            yield lambda moved, total: line.move(what, moved, total)


class Meter:
    """The progress of one file. What is sent a second time is counted once; the number goes back to 0 or not at all.

    Args:
        report: Called one call at a time, maybe from another thread.
        total: The bytes in all, if that is known.
        finished: Called with the bytes in all when they are moved.

    Attributes:
        total: The same; it may become known later.
    """

    def __init__(
        self, report: Progress | None, total: int | None, finished: Callable[[int], object] | None = None
    ) -> None:
        checks.callback("progress", report)
        checks.plain_function("progress", report)
        self._report = report
        self._finished = finished
        self.total = total
        self._lock = threading.Lock()
        self._moved = 0
        self._told = -1

    def counted(self, make: Callable[[], Iterator[bytes]]) -> Callable[[], Iterator[bytes]]:
        """Wraps `make` so that each piece is added once it was taken; for another try its share starts again."""
        own = 0

        def chunks() -> Iterator[bytes]:
            nonlocal own
            self.add(-own)
            own = 0
            for chunk in make():
                yield chunk
                own += len(chunk)
                self.add(len(chunk))

        return chunks

    def begin(self, total: int | None) -> None:
        """All of it is still to come. Where some had come before, that it is nothing now is told, too."""
        with self._lock:
            self.total, self._moved = total, 0
            if self._told > 0:
                self._told = -1
                self._tell()

    def add(self, count: int) -> None:
        """So many bytes more (or less, before another try)."""
        with self._lock:
            self._moved += count
            self._tell()

    def finish(self) -> None:
        """All is moved: tells so, for an empty file too."""
        with self._lock:
            if self.total is None:
                self.total = self._moved
                self._told = -1
            self._tell()
        if self._finished is not None:
            self._finished(self._moved)

    def _tell(self) -> None:
        if self._report is not None and self._moved > self._told:
            self._told = self._moved
            self._report(self._moved, self.total)
