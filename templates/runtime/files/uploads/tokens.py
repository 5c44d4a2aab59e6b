"""The token that a client uploads with: got when it is needed, by one upload for all that need it at that time."""

# design: How does a file get to fal's storage?

from __future__ import annotations

import asyncio
import copy
from concurrent.futures import Future
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias
from weakref import WeakKeyDictionary

from ... import forks
from ...errors import APIConnectionError, APIStatusError, FalError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Generator

    from ...http.exchange import Exchange, Limits
    from .storage_api import CdnToken, StorageRequests

    # What came of asking: a token, why there is none for anybody, or None where only the one who asked gave up.
    Outcome: TypeAlias = CdnToken | FalError | None


@dataclass(frozen=True, slots=True)
class TokenWanted:
    """A step of an upload: another token than the refused one, which maybe another upload has got already."""

    tokens: Tokens
    requests: StorageRequests
    refused: CdnToken | None

    def steps(self) -> Generator[Exchange, Any, CdnToken]:
        """Asks fal, unless somebody just did."""
        kept = self.tokens.kept
        if kept is not None and kept is not self.refused and kept.is_fresh():
            return kept
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

    def current(self, requests: StorageRequests) -> Generator[Any, Any, CdnToken]:
        """A token that is good."""
        kept = self.kept
        if kept is not None and kept.is_fresh():
            return kept
        token: CdnToken = yield TokenWanted(self, requests, None)
        return token

    def instead(self, requests: StorageRequests, refused: CdnToken) -> Generator[Any, Any, CdnToken]:
        """Another token than the one that was refused."""
        kept = self.kept
        if kept is not None and kept is not refused:
            return kept
        token: CdnToken = yield TokenWanted(self, requests, refused)
        return token

    def get(self, ask: Callable[[], CdnToken], label: str, limits: Limits) -> CdnToken:
        """What `ask` returns, for all threads that wait here; one of them calls it.

        Raises:
            FalError: There is none, or it took too long.
        """
        while True:
            with self._lock:
                asking, is_ours = self._asking, self._asking is None
                if asking is None:
                    asking = self._asking = Future()
            if is_ours:
                return self._asked(ask, asking)
            try:
                outcome = asking.result(limits.deadline.remaining())
            except TimeoutError:
                raise limits.deadline.exceeded(label, None) from None
            if outcome is not None:
                return _token_of(outcome)

    def _asked(self, ask: Callable[[], CdnToken], asking: Future[Outcome]) -> CdnToken:
        outcome: Outcome = None
        try:
            outcome = token = ask()
            return token
        except FalError as error:
            outcome = _for_all(error)
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
                return await self._asked_in(loop, ask, asking)
            try:
                async with asyncio.timeout(limits.deadline.remaining()):
                    outcome = await asyncio.shield(asking)
            except TimeoutError:
                raise limits.deadline.exceeded(label, None) from None
            if outcome is not None:
                return _token_of(outcome)

    async def _asked_in(
        self, loop: asyncio.AbstractEventLoop, ask: Callable[[], Awaitable[CdnToken]], asking: asyncio.Future[Outcome]
    ) -> CdnToken:
        outcome: Outcome = None
        try:
            outcome = token = await ask()
            return token
        except FalError as error:
            outcome = _for_all(error)
            raise
        finally:
            with self._lock:
                self._asking_in.pop(loop, None)
            asking.set_result(outcome)


def _for_all(error: FalError) -> FalError | None:
    """The error, if whoever asks now would meet it, too: not one that had no time left, or was stopped."""
    return error if isinstance(error, APIConnectionError | APIStatusError) else None


def _token_of(outcome: CdnToken | FalError) -> CdnToken:
    if isinstance(outcome, FalError):
        raise copy.copy(outcome) from outcome  # each has a traceback of its own
    return outcome
