"""The token that a client uploads with: got when it is needed, by one upload for all that need it at that time."""

# design: How does a file get to fal's storage?

from __future__ import annotations

import asyncio
import copy
from concurrent.futures import Future, wait
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakKeyDictionary

from ... import forks
from ...errors import APIConnectionError, APIStatusError, FalError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from ...http.exchange import Exchange, Limits
    from .storage_api import CdnToken, StorageRequests

    # What came of asking: a token, why there is none, or None where only the one who asked gave up.
    Outcome: TypeAlias = "CdnToken | NoToken | None"

# How often who waits looks whether it was stopped.
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class NoToken:
    """Why there is none, and how often that was tried; a refusal is final."""

    error: FalError
    tries: int

    def holds_for(self, limits: Limits) -> bool:
        """Whether one with these limits would learn no more by asking itself."""
        status = self.error.status_code if isinstance(self.error, APIStatusError) else 503
        return (400 <= status < 500 and status != 429) or self.tries >= limits.max_retries


@dataclass(frozen=True, slots=True)
class TokenWanted:
    """A step of an upload: another token than the refused one, which maybe another upload has got already."""

    tokens: Tokens
    requests: StorageRequests
    refused: CdnToken | None

    def steps(self) -> Generator[Exchange, Any, CdnToken]:
        """Asks fal, unless somebody just did."""
        good = self.tokens.good(self.refused)
        if good is not None:
            return good
        exchange = self.requests.token()
        token = self.tokens.kept = self.requests.read_token(exchange, (yield exchange))
        return token


class Tokens:
    """The token of a client. Safe to share between threads, tasks and event loops.

    Attributes:
        kept: The last one that came.
    """

    def __init__(self) -> None:
        self.kept: CdnToken | None = None
        self._lock = forks.Lock()
        self._asking: Future[Outcome] | None = None
        self._asking_in: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Future[Outcome]] = WeakKeyDictionary()
        forks.note(self)

    def after_fork(self) -> None:
        """In a child nobody is asking. See `forks`."""
        self._asking = None
        self._asking_in = WeakKeyDictionary()

    def good(self, refused: CdnToken | None = None) -> CdnToken | None:
        """The one that is kept, if it can be used for a new upload and is not the one that was refused."""
        kept = self.kept
        return kept if kept is not None and kept is not refused and kept.is_fresh() else None

    def current(self, requests: StorageRequests) -> Generator[Any, Any, CdnToken]:
        """A token that is good."""
        good = self.good()
        token: CdnToken = good if good is not None else (yield TokenWanted(self, requests, None))
        return token

    def instead(self, requests: StorageRequests, refused: CdnToken) -> Generator[Any, Any, CdnToken]:
        """Another token than the one that was refused."""
        kept = self.kept
        if kept is not None and kept is not refused:
            return kept
        token: CdnToken = yield TokenWanted(self, requests, refused)
        return token

    def get(self, ask: Callable[[], CdnToken], label: str, limits: Limits, check: Callable[[], None]) -> CdnToken:
        """What `ask` returns, for all threads that wait here; one of them calls it.

        Args:
            ask: Asks fal.
            label: What the token is for.
            limits: How long and how often.
            check: Called now and then by one that waits; raises if it need not any more.

        Raises:
            FalError: There is none, or it took too long.
        """
        while True:
            with self._lock:
                asking, is_ours = self._asking, self._asking is None
                if asking is None:
                    asking = self._asking = Future()
            if is_ours:
                return self._asked(ask, asking, limits)
            while not wait([asking], _LOOK_SECONDS).done:
                check()
                if limits.deadline.has_passed:
                    raise limits.deadline.exceeded(label, None)
            token = _token_of(asking.result(), limits)
            if token is not None:
                return token

    def _asked(self, ask: Callable[[], CdnToken], asking: Future[Outcome], limits: Limits) -> CdnToken:
        outcome: Outcome = None
        try:
            outcome = token = ask()
            return token
        except FalError as error:
            outcome = _for_all(error, limits)
            raise
        finally:
            self._asking = None
            asking.set_result(outcome)

    async def aget(self, ask: Callable[[], Awaitable[CdnToken]], label: str, limits: Limits) -> CdnToken:
        """As `get`, for all tasks of an event loop."""
        loop = asyncio.get_running_loop()
        while True:
            with self._lock:
                asking = self._asking_in.get(loop)
                is_ours = asking is None
                if asking is None:
                    asking = self._asking_in[loop] = loop.create_future()
            if is_ours:
                return await self._asked_in(loop, ask, asking, limits)
            try:
                async with asyncio.timeout(limits.deadline.remaining()):
                    outcome = await asyncio.shield(asking)
            except TimeoutError:
                raise limits.deadline.exceeded(label, None) from None
            token = _token_of(outcome, limits)
            if token is not None:
                return token

    async def _asked_in(
        self,
        loop: asyncio.AbstractEventLoop,
        ask: Callable[[], Awaitable[CdnToken]],
        asking: asyncio.Future[Outcome],
        limits: Limits,
    ) -> CdnToken:
        outcome: Outcome = None
        try:
            outcome = token = await ask()
            return token
        except FalError as error:
            outcome = _for_all(error, limits)
            raise
        finally:
            with self._lock:
                self._asking_in.pop(loop, None)
            asking.set_result(outcome)


def _for_all(error: FalError, limits: Limits) -> NoToken | None:
    """Why there is none, if that is fal's doing: not of one that had no time left, or was stopped."""
    return NoToken(error, limits.max_retries) if isinstance(error, APIConnectionError | APIStatusError) else None


def _token_of(outcome: Outcome, limits: Limits) -> CdnToken | None:
    """The token; None for one who should ask itself."""
    if not isinstance(outcome, NoToken):
        return outcome
    if not outcome.holds_for(limits):
        return None
    raise copy.copy(outcome.error) from outcome.error  # each has a traceback of its own
