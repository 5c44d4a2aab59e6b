"""The one display of a process: who begins, who has ended, and the thread that paints meanwhile.

Whoever makes a call never paints, and never waits for a terminal that is slow: it only says how far it is. The thread
begins with the first of several calls and ends with the last one, which takes the line away.
"""

# design: Who paints progress, and when?

from __future__ import annotations

import atexit
import threading
import time
from contextlib import contextmanager
from contextvars import copy_context
from typing import TYPE_CHECKING
from weakref import ref

from .. import forks
from ..log import logger
from .chosen import painter_of
from .line import Line
from .summary import Ended, picture_of

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .painters import Painter
    from .wanted import Place

# Before that, nothing is to be seen: what is done at once does not flicker.
FIRST_SECONDS = 0.15
# Who ends a call does not wait longer for a terminal that takes nothing.
_CLEAR_SECONDS = 1.0


class Display:
    """Shows the calls of a process, all of them in one line.

    Args:
        choose: Makes what paints in a place.
    """

    def __init__(self, choose: Callable[[Place], Painter] = painter_of) -> None:
        self._choose = choose
        self._lock = forks.Lock()
        self._showing: _Showing | None = None
        forks.note(self)

    def add(self, line: Line, place: Place) -> None:
        """It begins. It is shown up to `end`, or for as long as somebody keeps it."""
        with self._lock:
            showing = self._showing
            if showing is None or showing.is_over:
                showing = self._showing = _Showing(self._choose, place, self._retire)
                if not showing.start():
                    self._showing = None
                    return
            showing.lines[id(line)] = ref(line)

    def end(self, line: Line, *, failed: bool = False) -> None:
        """It is over, and with the last one nothing is to be seen any more when this returns."""
        with self._lock:
            showing = self._showing
            if showing is None or showing.lines.pop(id(line), None) is None:
                return
            showing.note_end(failed=failed)
            if showing.is_needed:
                return
            self._showing = None
        showing.end()

    @contextmanager
    def showing(self, what: str, state: str, place: Place) -> Generator[Line]:
        """The line of something that goes on as long as the block."""
        line = Line(what, state)
        self.add(line, place)
        try:
            yield line
        except BaseException:
            self.end(line, failed=True)
            raise
        self.end(line)

    def stop(self) -> None:
        """Show nothing any more, whatever goes on: the interpreter ends."""
        with self._lock:
            showing, self._showing = self._showing, None
        if showing is not None:
            showing.end()

    def _retire(self, showing: _Showing) -> None:
        """Nobody keeps a call of it any more, unless one has begun meanwhile."""
        with self._lock:
            if showing.is_needed:
                return
            if self._showing is showing:
                self._showing = None
        showing.end()

    def after_fork(self) -> None:
        """The line on the terminal is the parent's, and so is the thread."""
        self._showing = None


class _Showing:
    """From the first of several calls to the last."""

    def __init__(self, choose: Callable[[Place], Painter], place: Place, retire: Callable[[_Showing], None]) -> None:
        self.lines: dict[int, ref[Line]] = {}
        self._ended = Ended()
        self._choose, self._place, self._retire = choose, place, retire
        self._painter: Painter | None = None
        self._over = threading.Event()
        self._painting = threading.Lock()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    @property
    def is_needed(self) -> bool:
        """Whether there is one still that somebody keeps: what was given up without an end is not."""
        return any(line() is not None for line in [*self.lines.values()])

    def note_end(self, *, failed: bool) -> None:
        self._ended = Ended(self._ended.all + 1, self._ended.failed + failed)

    def start(self) -> bool:
        """Whether a thread paints from now on; there may be none to be had."""
        # A notebook knows by its context in which cell this is.
        thread = threading.Thread(target=copy_context().run, args=(self._paint,), name="fal-progress", daemon=True)
        try:
            thread.start()
        except RuntimeError as error:
            logger.debug("progress is not shown: %s", error)
            return False
        return True

    def end(self) -> None:
        """Take away what is to be seen."""
        self._over.set()
        if self._painting.acquire(timeout=_CLEAR_SECONDS):
            try:
                if self._painter is not None:
                    self._painter.clear()
            except Exception as error:  # the terminal is gone; a call that is paid for goes on
                logger.debug("progress cannot be taken away: %r", error)
            finally:
                self._painting.release()

    def _paint(self) -> None:
        try:
            painter, pause = None, FIRST_SECONDS
            while not self._over.wait(pause):
                painter = painter or self._choose(self._place)
                if not self._paint_once(painter):
                    self._retire(self)
                pause = painter.pause
        except Exception as error:
            logger.debug("progress is not shown any more: %r", error)
            self._over.set()

    def _paint_once(self, painter: Painter) -> bool:
        """Whether there was something to paint."""
        with self._painting:
            if self.is_over:
                return True
            lines = [line for each in [*self.lines.values()] if (line := each()) is not None]
            if lines:
                self._painter = painter
                painter.paint(picture_of(lines, self._ended, time.monotonic()))
            return bool(lines)


DISPLAY = Display()
atexit.register(DISPLAY.stop)
