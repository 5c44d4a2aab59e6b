"""The time that a service lives in."""

from __future__ import annotations

import threading
import time
from typing import Protocol


class Clock(Protocol):
    """Where the time comes from, and where it is spent."""

    def now(self) -> float:
        """Seconds since some moment."""
        ...

    def pause(self, seconds: float) -> None:
        """Let so many seconds pass."""
        ...


class RealClock:
    """The machine's own."""

    def now(self) -> float:
        """See Clock."""
        return time.monotonic()

    def pause(self, seconds: float) -> None:
        """See Clock."""
        time.sleep(seconds)


class FakeClock:
    """Begins at 0 and moves when somebody pauses: nobody waits. Safe to share between threads."""

    def __init__(self) -> None:
        self._now = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """See Clock."""
        return self._now

    def pause(self, seconds: float) -> None:
        """See Clock: it is that much later at once."""
        with self._lock:
            self._now += max(seconds, 0.0)
