"""How the jobs of a `map` send: on connections of their own, so that stopping breaks no other call.

A submit that has begun is let go to its end: an id that nobody hears of is a job that has to be looked up.
"""

# design: What becomes of a `map` that is stopped?

from __future__ import annotations

import asyncio
import threading
from copy import copy
from typing import TYPE_CHECKING, Any

from ...http.async_transport import AsyncTransport
from ...http.exchange import Purpose
from ...http.transport import Transport
from ...http.worker_transport import WorkerTransport
from ...session import AsyncSession, BaseSession, Session

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from ...http.exchange import Answer, Exchange, Limits


class StoppedJobs(KeyboardInterrupt):  # to what it stops it is one
    """The jobs of a `map` are not to go on here."""


class JobTransport(WorkerTransport):
    """For the threads of a `map`. See WorkerTransport."""

    def __init__(self, other: Transport) -> None:
        super().__init__(other)
        self._other = other
        self._submits = 0
        self._counting = threading.RLock()  # a finalizer may stop it in between, in the same thread
        self._here = threading.local()

    def send(self, exchange: Exchange, limits: Limits) -> Answer:
        """See Transport.send.

        Raises:
            StoppedJobs: They are stopped.
        """
        if exchange.purpose is Purpose.CANCEL and self._stopped.is_set():
            return self._other.send(exchange, limits)
        if exchange.purpose is not Purpose.SUBMIT:
            return super().send(exchange, limits)
        with self._counting:
            self.check()
            self._submits += 1
        self._here.submits = True
        try:
            return Transport.send(self, exchange, limits)
        finally:
            self._here.submits = False
            with self._counting:
                self._submits -= 1
                is_last = not self._submits and self._stopped.is_set()
            if is_last:
                self._break()

    def check(self) -> None:
        """Raise StoppedJobs if they are stopped."""
        if self._stopped.is_set():
            raise StoppedJobs

    def stop(self) -> None:
        """End what goes on in other threads: at once, but for submits, which come to their end before the rest."""
        with self._counting:
            self._stopped.set()
            is_free = not self._submits
        if is_free:
            self._break()

    def rest(self, seconds: float) -> None:
        """Let time pass.

        Raises:
            StoppedJobs: They are stopped.
        """
        self._pause(seconds)

    def _pause(self, seconds: float) -> Any:
        if getattr(self._here, "submits", False):
            Transport._pause(self, seconds)
        else:
            super()._pause(seconds)


class AsyncJobTransport(AsyncTransport):
    """For the tasks of a `map`.

    Attributes:
        submitting: Those that are just submitting, and are not to be cancelled.
    """

    def __init__(self, other: AsyncTransport) -> None:
        other.client()  # one that is closed has none
        super().__init__(other._secret, other._injected, other._proxy_url, hosts=other._hosts, options=other._options)
        self.submitting: set[asyncio.Task[Any] | None] = set()
        self._other = other
        self._is_stopped = False

    def send(self, exchange: Exchange, limits: Limits) -> Awaitable[Answer]:
        """See AsyncTransport.send."""
        if exchange.purpose is Purpose.CANCEL and self._is_stopped:
            return self._other.send(exchange, limits)
        return self._submitted(exchange, limits) if exchange.purpose is Purpose.SUBMIT else self._sent(exchange, limits)

    async def _sent(self, exchange: Exchange, limits: Limits) -> Answer:
        self.check()
        return await super().send(exchange, limits)

    async def _submitted(self, exchange: Exchange, limits: Limits) -> Answer:
        self.check()
        task = asyncio.current_task()
        self.submitting.add(task)
        try:
            return await super().send(exchange, limits)
        finally:
            self.submitting.discard(task)

    def _pause(self, seconds: float) -> Awaitable[None]:
        if asyncio.current_task() not in self.submitting:
            self.check()
        return super()._pause(seconds)

    def check(self) -> None:
        """Raise `asyncio.CancelledError` if they are stopped."""
        if self._is_stopped:
            raise asyncio.CancelledError

    def stop(self) -> None:
        """Begin nothing more."""
        self._is_stopped = True

    def rest(self, seconds: float) -> Awaitable[None]:
        """Let time pass. Raises `asyncio.CancelledError` if they are stopped."""
        return self._pause(seconds)


def with_transport(endpoint: Any, transport: Transport | AsyncTransport) -> Any:
    """An endpoint of the same client that sends by another transport, and shows no progress of its own."""
    session: BaseSession = endpoint._session
    other = AsyncSession if isinstance(session, AsyncSession) else Session
    made = other(session.settings, session.user_agent, None, session.http_client, session.on_event)
    made.secret = session.secret  # type: ignore[method-assign]
    made.kept_by_uploads = session.kept_by_uploads
    made.__dict__["transport"] = transport
    again = copy(endpoint)
    again._session = made
    return again.with_options(progress=False)
