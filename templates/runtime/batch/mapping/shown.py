"""The line that shows how far a `map` is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ...progress.display import DISPLAY
from ...progress.line import Line
from ...progress.wanted import place

if TYPE_CHECKING:
    from ...calls.steps import Call
    from ...jobs.tally import Tally

# Jobs a second are told of the last so many seconds.
_RATE_OVER = 30.0


class Shown:
    """Nothing where nobody looks.

    Args:
        call: The endpoint, and how it is called.
        progress: Whether it is shown, if that is said.
        total: How many inputs there are, if that is known.
    """

    def __init__(self, call: Call, progress: bool | None, total: int | None) -> None:
        where = place(call.progress if progress is None else progress)
        self._where = where
        self._line = None if where is None else Line(call.spec.id, "beginning")
        self._is_seen = False
        self._total = total
        self._before = time.monotonic(), 0
        self._rate = ""

    def tell(self, tally: Tally, in_flight: int) -> None:
        """How many are done, and so on."""
        if self._line is None or self._where is None:
            return
        if not self._is_seen:
            self._is_seen = True
            DISPLAY.add(self._line, self._where)
        total = "" if self._total is None else f" of {self._total}"
        failed = f", {tally.failed} failed" if tally.failed else ""
        flying = f", {in_flight} in flight" if in_flight else ""
        self._line.turn(f"{tally.total}{total} done", f"{failed}{flying}{self._speed(tally.total)}")

    def _speed(self, done: int) -> str:
        now = time.monotonic()
        since, before = self._before
        if now - since >= 1.0:
            self._rate = f", {(done - before) / (now - since):.1f}/s"
        if now - since >= _RATE_OVER:
            self._before = now, done
        return self._rate

    def end(self) -> None:
        """It is over."""
        if self._line is not None:
            DISPLAY.end(self._line)
