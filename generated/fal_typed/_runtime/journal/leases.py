"""The leases of one worker: what it holds, until when for certain, and the thread that prolongs them."""

# design: When is a worker gone?

from __future__ import annotations

import threading
import weakref
from typing import TYPE_CHECKING

from ..forks import ReentrantLock
from ..log import logger
from . import clock

if TYPE_CHECKING:
    from .records import Held
    from .store import Store

# Parts of a lease: how often it is prolonged, and how soon that is tried again after it failed.
_RENEWED, _REPEATED = 3, 12


class Leases:
    """What an owner holds. A thread prolongs all of it as long as there is anything."""

    def __init__(self, store: Store, owner: str, lease: float) -> None:
        self._store = store
        self._owner = owner
        self._lease = lease
        self._good: dict[tuple[str, int], float] = {}
        self._ending: set[tuple[str, int]] = set()
        self._lock = ReentrantLock()  # a finalizer may come in between, in the same thread
        self._end: threading.Event | None = None

    def taken(self, held: Held, good_until: float) -> None:
        """A job is held until then for certain."""
        with self._lock:
            self._good[held.key, held.attempt] = good_until
            if self._end is None:
                self._end = threading.Event()
                # Nothing tells the thread that this is gone, it looks: at the end of a process the thread is stopped
                # wherever it is, also with the event's lock, and who sets the event then waits for ever.
                arguments = weakref.ref(self), self._end, self._lease
                threading.Thread(target=_beat, args=arguments, name="fal-leases", daemon=True).start()

    def ending(self, held: Held) -> None:
        """It is being written down that it has ended: from some moment of that on it is held no more."""
        with self._lock:
            self._ending.add((held.key, held.attempt))

    def given_back(self, held: Held) -> None:
        """It is held no more."""
        with self._lock:
            self._good.pop((held.key, held.attempt), None)
            self._ending.discard((held.key, held.attempt))

    def good_until(self, held: Held) -> float:
        """Until when its lease lasts for certain, by `clock.awake`; what is not held ended long ago."""
        with self._lock:
            return self._good.get((held.key, held.attempt), float("-inf"))

    def renew(self, *only: Held) -> None:
        """Ask the store to prolong what is held, or some of it, and learn what is not held any more.

        Raises:
            JournalError: The store could not be asked. Nothing is known, and nothing is prolonged.
        """
        with self._lock:
            asked = [(held.key, held.attempt) for held in only] or list(self._good)
        if not asked:
            return
        begun = clock.awake()
        still = self._store.renew(self._owner, [key for key, _ in asked], self._lease)
        with self._lock:
            for key, attempt in asked:
                if (key, attempt) not in self._good:
                    continue
                if still.get(key) == attempt:
                    self._good[key, attempt] = max(self._good[key, attempt], begun + self._lease)
                else:
                    del self._good[key, attempt]
                    if (key, attempt) in self._ending:
                        continue
                    logger.warning("The lease of job %s was lost: another worker has taken it", key)

    def idle(self) -> bool:
        """Whether nothing is held. If so, the thread that asks may end: the next thing taken starts another."""
        with self._lock:
            if self._good:
                return False
            self._end = None
            return True

    def stop(self) -> None:
        """Prolong nothing any more; what is held is not."""
        with self._lock:
            self._good.clear()
            if self._end is not None:
                self._end.set()
                self._end = None


def _beat(leases: weakref.ref[Leases], end: threading.Event, lease: float) -> None:
    """Prolong them, as long as somebody has them."""
    pause = lease / _RENEWED
    while not end.wait(pause):
        there = leases()
        if there is None or there.idle():
            return
        pause = lease / _RENEWED
        try:
            there.renew()
        except Exception as error:  # whatever it is: without this thread all jobs would be another's soon
            pause = lease / _REPEATED
            logger.warning("Leases could not be prolonged, which is tried again in %.3g s: %s", pause, error)
        del there
