"""How far one call, upload or download is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .words import harmless

if TYPE_CHECKING:
    from collections.abc import Callable


class Line:
    """What is known of one call. Its own thread or task tells it; whoever paints reads it.

    Args:
        what: An endpoint's id, or a file's name.
        state: What it does first.
        clock: Counts seconds.

    Attributes:
        kind: Its state in one or two words, which many can have at once.
        state: The same with what it knows besides, such as how many are ahead.
        note: The last log line.
        begun: When it began, on the clock.
    """

    def __init__(self, what: str, state: str, clock: Callable[[], float] = time.monotonic) -> None:
        self.what = harmless(what)
        self.kind = self.state = state
        self.note = ""
        self.begun = clock()
        self._clock = clock
        self._held, self._held_until = "", 0.0
        self._files: dict[str, tuple[int, int | None]] = {}

    def turn(self, kind: str, more: str = "") -> None:
        """It is in another state; what was moved before is over."""
        self._files = {}
        self.kind, self.state = kind, f"{kind}{more}"

    def log(self, message: str) -> None:
        """The model printed something."""
        self.note = harmless(message) or self.note

    def move(self, name: str, moved: int, total: int | None) -> None:
        """So many bytes of a file are where they go, of so many if that is known."""
        self._files[name] = moved, total

    def hold(self, text: str, seconds: float) -> None:
        """Something to be seen for so long, besides the state."""
        self._held, self._held_until = harmless(text), self._clock() + seconds

    def release(self) -> None:
        """That is over."""
        self._held_until = 0.0

    def held(self, now: float) -> str:
        """That, as long as it is to be seen."""
        return self._held if now < self._held_until else ""

    @property
    def is_moved(self) -> bool:
        """Whether all that is known of its files is where it goes."""
        return all(moved == total for moved, total in [*self._files.values()])

    def bytes(self) -> tuple[int, int | None] | None:
        """Those of all its files together; None where there are none."""
        files = [*self._files.values()]  # a copy, in one step: it may be told more meanwhile
        if not files:
            return None
        totals = [total for _, total in files if total is not None]
        return sum(moved for moved, _ in files), sum(totals) if len(totals) == len(files) else None
