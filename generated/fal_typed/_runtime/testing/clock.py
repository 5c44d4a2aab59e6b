"""The time that a service lives in."""

from __future__ import annotations

import asyncio
import heapq
import itertools
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from .. import forks

if TYPE_CHECKING:
    from collections.abc import Generator

# How often who pauses looks whether others are still at work, and how often among the tasks of one event loop. A thread
# that does something else for longer than half a second, between two looks at the clock, is not waited for.
_LOOKS, _ROUNDS = 500, 50
_LOOK_SECONDS = 0.001
# So many rounds of an event loop without anybody at work are the end of it.
_QUIET = 3


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
    """Begins at 0 and goes on only when somebody pauses: nobody waits. Safe to share between threads and tasks.

    Of several who pause at once it wakes the one whose time comes first, once the others do nothing but pause, too:
    ten calls of a minute each, side by side, take one minute.
    """

    # design: What time is it in a fake?

    def __init__(self) -> None:
        self._now = 0.0
        self._lock = forks.Lock()
        self._asleep: list[tuple[float, int]] = []
        self._numbers = itertools.count()
        self._looks = 0
        self._at_work: set[int] = set()  # the threads that have looked at it since they last paused

    def now(self) -> float:
        """See Clock."""
        self._looks += 1
        self._at_work.add(threading.get_ident())
        return self._now

    def pause(self, seconds: float) -> None:
        """See Clock: it is that much later at once."""
        if seconds <= 0:
            return
        with self._sleeping(seconds) as until:
            for _ in range(_LOOKS):
                if self._is_over(until):
                    return
                time.sleep(_LOOK_SECONDS)  # the machine's: other threads get on
            self._at_work.clear()  # who is at work for so long has ended, or does something else

    async def apause(self, seconds: float) -> None:
        """The same among the tasks of an event loop, which have their turn also where no time passes."""
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        with self._sleeping(seconds) as until:
            quiet = looks = 0
            for _ in range(_ROUNDS + _LOOKS):
                quiet, looks = quiet + 1 if looks == self._looks else 0, self._looks
                if quiet >= _QUIET and self._is_over(until):
                    return
                self._at_work.discard(threading.get_ident())  # the other tasks are seen by the rounds
                await asyncio.sleep(_LOOK_SECONDS if self._at_work else 0)

    def _is_over(self, until: float) -> bool:
        with self._lock:
            if self._at_work:
                self._at_work.intersection_update(thread.ident for thread in threading.enumerate())
            return self._now >= until or (not self._at_work and self._asleep[0][0] >= until)

    @contextmanager
    def _sleeping(self, seconds: float) -> Generator[float]:
        """Among those that pause; at the end it is as late as was wanted, unless the pause was broken off."""
        with self._lock:
            until = self._now + seconds
            entry = until, next(self._numbers)
            heapq.heappush(self._asleep, entry)
            self._at_work.discard(threading.get_ident())
        is_over = False
        try:
            yield until
            is_over = True
        finally:
            with self._lock:
                self._asleep.remove(entry)
                heapq.heapify(self._asleep)
                if is_over:
                    self._now = max(self._now, until)
                    self._at_work.add(threading.get_ident())
