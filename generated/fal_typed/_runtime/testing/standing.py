"""What stands in for the network, made of a wire and a clock; and its place in the process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import httpx

from .. import forks, stand_in
from .clock import Clock
from .wire import Answering, AsyncWire, Pausing, Wire

if TYPE_CHECKING:
    from collections.abc import Awaitable


class Timer(Clock, Pausing, Protocol):
    """A clock for threads and for tasks."""


class Standing:
    """As `stand_in.StandIn`: whatever clients send goes to one other end.

    Args:
        other_end: Who answers.
        clock: Whose time passes. It goes on from the machine's: who counts from before is not confused.
        key: The key that every client has meanwhile; None where each keeps its own.
    """

    def __init__(self, other_end: Answering, clock: Timer, key: str | None) -> None:
        self.key = key
        self._clock = clock
        self._other_end = other_end
        self.after_fork()
        forks.note(self)
        self._ahead = stand_in.now() - clock.now()

    def after_fork(self) -> None:
        """See forks.Forked: a client has locks that a thread of the parent may hold."""
        # No proxy of the environment: nothing leaves the process, but what the wires send out themselves.
        self._client = httpx.Client(transport=Wire(self._other_end, self._clock), trust_env=False)
        self._async_client = httpx.AsyncClient(transport=AsyncWire(self._other_end, self._clock), trust_env=False)

    def client(self) -> httpx.Client:
        """See StandIn."""
        return self._client

    def async_client(self) -> httpx.AsyncClient:
        """See StandIn."""
        return self._async_client

    def now(self) -> float:
        """See StandIn."""
        return self._ahead + self._clock.now()

    def pause(self, seconds: float) -> None:
        """See StandIn."""
        self._clock.pause(seconds)

    def apause(self, seconds: float) -> Awaitable[None]:
        """See StandIn."""
        return self._clock.apause(seconds)

    def begin(self) -> None:
        """Stand in from now on, in front of what stands there."""
        stand_in.put(self)

    def end(self) -> None:
        """Put back what was there before."""
        stand_in.take_away(self)
