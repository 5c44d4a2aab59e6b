"""fal's public keys, kept for a while: who knows the right one waits for nobody, and one fetches for all."""

# design: When are fal's public keys fetched?

from __future__ import annotations

import asyncio
import threading
from concurrent import futures

from .. import forks, stand_in
from ..log import logger
from .key_set import FETCH_SECONDS, Keys, KeySet, afetch_keys, fetch_keys

# Anybody can send a signature that no key verifies: it must not make us ask fal each time.
REFETCH_SECONDS = 60.0
# Nor must each call, where fal's keys cannot be had.
FAILURE_SECONDS = 10.0
# How long keys are used after `max_age` where newer ones cannot be had: an outage of that one host costs no call.
STALE_SECONDS = 86_400.0
# A fetch ends sooner, unless what it runs in has stopped: an event loop that is blocked.
_GIVEN_UP = FETCH_SECONDS + 1


class _Fetch:
    """One that is under way. Threads wait for it, and tasks of any event loop.

    Attributes:
        begun: When (`stand_in.now`).
        thread: In which thread.
        over: Set when it is.
    """

    def __init__(self, begun: float) -> None:
        self.begun = begun
        self.thread = threading.get_ident()
        self.over: futures.Future[None] = futures.Future()


class KeyCache:
    """The key set of one URL. Safe to share between threads, tasks and event loops.

    Args:
        url: Where it is.
        max_age: Seconds after which it is fetched again.
    """

    def __init__(self, url: str, max_age: float) -> None:
        self._url = url
        self._max_age = max_age
        self._known: KeySet | None = None
        self._fetch: _Fetch | None = None
        self._refetched = self._failed = float("-inf")
        self._lock = forks.Lock()  # never held while anybody waits
        self._tasks: set[asyncio.Task[None]] = set()
        forks.note(self)

    def get(self, instead_of: KeySet | None = None) -> KeySet | None:
        """The keys; None where there are none, and they cannot be fetched.

        Args:
            instead_of: A set whose keys did not do. Another one is fetched, if that was not tried a moment ago.
        """
        fetch, is_ours = self._needed(instead_of)
        if fetch is None:
            return self._usable()
        if is_ours:
            found: Keys | str | None = None
            try:
                found = fetch_keys(self._url)
            finally:
                self._end(fetch, found, instead_of)
        elif fetch.thread != threading.get_ident():  # the event loop that we are in would wait for itself
            futures.wait([fetch.over], _GIVEN_UP)
        return self._usable()

    async def aget(self, instead_of: KeySet | None = None) -> KeySet | None:
        """The same, without blocking the event loop."""
        fetch, is_ours = self._needed(instead_of)
        if fetch is None:
            return self._usable()
        if is_ours:
            # In a task of its own: others wait for it as well, when who asked first has hung up.
            task = asyncio.create_task(self._fetch_for_all(fetch, instead_of))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        await asyncio.wait([asyncio.wrap_future(fetch.over)], timeout=_GIVEN_UP)
        return self._usable()

    def after_fork(self) -> None:
        """See forks.Forked: what the parent fetches, nobody fetches here."""
        self._fetch = None

    async def _fetch_for_all(self, fetch: _Fetch, instead_of: KeySet | None) -> None:
        found: Keys | str | None = None
        try:
            found = await afetch_keys(self._url)
        finally:
            self._end(fetch, found, instead_of)

    def _needed(self, instead_of: KeySet | None) -> tuple[_Fetch | None, bool]:
        """The fetch to wait for, if any, and whether it is the caller's to do."""
        if self._is_answered(instead_of):
            return None, False
        with self._lock:
            fetch, now = self._fetch, stand_in.now()
            if self._is_answered(instead_of):
                return None, False
            if fetch is not None and now - fetch.begun <= _GIVEN_UP:
                is_waited_for = instead_of is not None or self._usable() is None
                return (fetch if is_waited_for else None), False
            if now - self._failed < FAILURE_SECONDS or not self._may_ask_again(instead_of, now):
                return None, False
            self._fetch = _Fetch(now)
            return self._fetch, True

    def _is_answered(self, instead_of: KeySet | None) -> bool:
        known = self._known
        return known is not None and known is not instead_of and self._age(known) <= self._max_age

    def _may_ask_again(self, instead_of: KeySet | None, now: float) -> bool:
        is_new = instead_of is not None and self._age(instead_of) <= self._max_age
        return not is_new or now - self._refetched >= REFETCH_SECONDS

    def _usable(self) -> KeySet | None:
        known = self._known
        return None if known is None or self._age(known) > self._max_age + STALE_SECONDS else known

    def _age(self, known: KeySet) -> float:
        return stand_in.now() - known.at

    def _end(self, fetch: _Fetch, found: Keys | str | None, instead_of: KeySet | None) -> None:
        """Note what a fetch brought; None where it was broken off, which says nothing about fal."""
        with self._lock:
            if self._fetch is fetch:  # else it was given up
                self._fetch = None
                if isinstance(found, str):
                    self._failed = stand_in.now()
                elif found is not None:
                    self._known = KeySet(found, fetch.begun)
                    self._refetched = fetch.begun if instead_of is not None else self._refetched
        fetch.over.set_result(None)
        if isinstance(found, str):
            self._tell(found)

    def _tell(self, why: str) -> None:
        known = self._usable()
        old = known is not None and self._age(known) > self._max_age
        logger.warning(
            "the key set at %s cannot be fetched: %s%s",
            self._url,
            why,
            "; the old keys are used, which fal may have changed" if old else "",
        )
