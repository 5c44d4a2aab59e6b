"""Time as a module of the client sees it, for what must not depend on how busy the machine is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING

from runtime import stand_in

if TYPE_CHECKING:
    from collections.abc import Callable


class StoppedClock:
    """Stands in for the module `time`: it stands still until a test moves it.

    Attributes:
        stand_in: The module of that name, with this clock.
        start: What it showed at first.
        now: What it shows.
    """

    def __init__(self) -> None:
        self.now = self.start = 1000.0
        self._leap: tuple[float, Callable[[], bool]] | None = None
        self.stand_in = SimpleNamespace(**{**vars(stand_in), "now": self.monotonic})

    def leaps(self, seconds: float, when: Callable[[], bool]) -> None:
        """Go on by so much, once something is so."""
        self._leap = seconds, when

    def sleep(self, seconds: float) -> None:
        """See time.sleep: it goes on by so much, and nobody waits."""
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        """See asyncio.sleep."""
        self.sleep(seconds)

    def time(self) -> float:
        """See time.time."""
        return self.now

    def monotonic(self) -> float:
        """See time.monotonic."""
        if self._leap is not None and self._leap[1]():
            self.now += self._leap[0]
            self._leap = None
        return self.now
