"""What stands in for the network while a fake or a cassette is at work. Imports nothing."""

# design: How does a fake get between a client and the network?

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Awaitable

    import httpx


class StandIn(Protocol):
    """Whatever every client of the process sends by, instead of its own connections."""

    @property
    def key(self) -> str | None:
        """The key that every client has meanwhile; None where each keeps its own."""
        ...

    def client(self) -> httpx.Client:
        """What threads send by, instead of their own clients of httpx and of those that were given."""
        ...

    def async_client(self) -> httpx.AsyncClient:
        """The same in the running event loop."""
        ...

    def now(self) -> float:
        """Seconds, as `time.monotonic`, wherever the runtime measures how long something may take."""
        ...

    def pause(self, seconds: float) -> None:
        """Let time pass, as `time.sleep`."""
        ...

    def apause(self, seconds: float) -> Awaitable[None]:
        """The same in an event loop, as `asyncio.sleep`."""
        ...


# The one of this process: set by context managers, which put back what was there before.
current: StandIn | None = None


def now() -> float:
    """Seconds on the clock that counts."""
    return time.monotonic() if current is None else current.now()
