"""A bar on the terminal: one line, which is written over."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ... import checks

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import TextIO

    from ..progress import Progress

_WIDTH = 30
_PAUSE_SECONDS = 0.1
_KIB = 1024
_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")


@contextmanager
def shown(progress: Progress | bool | None) -> Generator[Progress | None]:
    """What is told of progress: a caller's function as it is; for True a bar on stderr, if that is a terminal.

    Raises:
        TypeError: It is something else.
    """
    if progress is None or isinstance(progress, bool):
        stream = sys.stderr if progress else None
        if stream is None or not stream.isatty():  # pythonw has no stderr at all
            yield None
            return
        bar = ProgressBar(stream)
        try:
            yield bar
        finally:
            bar.end()
    else:
        checks.callback("progress", progress)
        checks.plain_function("progress", progress)
        yield progress


class ProgressBar:
    """The bytes so far and in all.

    Args:
        stream: The terminal.
        clock: Counts seconds.
    """

    def __init__(self, stream: TextIO, clock: Callable[[], float] = time.monotonic) -> None:
        self._stream = stream
        self._clock = clock
        self._drawn: float | None = None
        self._line = ""
        self._width = 0

    def __call__(self, moved: int, total: int | None) -> None:
        """Draw it, unless that was done a moment ago."""
        self._line = line(moved, total)
        now = self._clock()
        if self._drawn is None or now - self._drawn >= _PAUSE_SECONDS:
            self._drawn = now
            self._draw()

    def end(self) -> None:
        """Leave it as it is at last."""
        if self._drawn is not None:
            self._draw()
            self._stream.write("\n")
            self._stream.flush()

    def _draw(self) -> None:
        self._stream.write(f"\r{self._line:{self._width}}")  # as long as the one before, which it covers
        self._width = len(self._line)
        self._stream.flush()


def line(moved: int, total: int | None) -> str:
    """A bar of some bytes of some, or only how many where nobody knows of how many."""
    if not total:
        return f"saved {_amount(moved)}"
    part = min(moved / total, 1.0)
    filled = int(part * _WIDTH)
    return f"[{'#' * filled}{'.' * (_WIDTH - filled)}] {int(part * 100):3} %  {_amount(moved)} of {_amount(total)}"


def _amount(count: int) -> str:
    value, unit = float(count), 0
    while value >= _KIB and unit < len(_UNITS) - 1:
        value, unit = value / _KIB, unit + 1
    return f"{value:.1f} {_UNITS[unit]}" if unit else f"{count} B"
