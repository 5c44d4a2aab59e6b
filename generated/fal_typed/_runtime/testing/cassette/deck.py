"""A cassette at work: what clients send by meanwhile, and which time it is."""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import httpx

from ... import forks
from ...http.async_transport import OfLoop
from ...http.connections.assignment import assign_with_care
from ...http.connections.network import keep_to_the_end
from ...http.transport import usual_options
from .errors import NotRecordedError
from .exchanges import Log
from .keeping import asked, is_for_a_token
from .secret_book import PLACEHOLDER
from .transports import AsyncCassetteTransport, CassetteTransport

if TYPE_CHECKING:
    from collections.abc import Awaitable
    from pathlib import Path

    from .exchanges import Kept, Sent
    from .matching import Player

# How far the time of a thread or a task is ahead: many that wait at once do not wait for each other's time.
_AHEAD: ContextVar[float] = ContextVar("fal_cassette_ahead", default=0.0)


class Clock:
    """The machine's, or one on which waiting takes no time.

    Args:
        is_real: Which of the two.
    """

    def __init__(self, *, is_real: bool) -> None:
        self._is_real = is_real

    def now(self) -> float:
        """Seconds, as `time.monotonic`."""
        return time.monotonic() if self._is_real else time.monotonic() + _AHEAD.get()

    def pass_by(self, seconds: float) -> None:
        """Let so much time have passed, without waiting."""
        if not self._is_real:
            _AHEAD.set(_AHEAD.get() + max(seconds, 0.0))


class Deck:
    """Stands in for the network (`StandIn`).

    Args:
        name: What messages call the cassette.
        folder: Where its long bodies are.
        player: Answers from the cassette; None where everything is recorded.
        may_send: Whether what it has no answer to goes to the network.
        largest_body: How many bytes of an answer are kept.
    """

    def __init__(self, name: str, folder: Path, player: Player | None, *, may_send: bool, largest_body: int) -> None:
        self.name = name
        self.player = player
        self.log = Log(largest_body)
        self.clock = Clock(is_real=may_send)
        self.misses: list[NotRecordedError] = []
        self._folder = folder
        self._may_send = may_send
        self._lock = forks.Lock()
        self._client: httpx.Client | None = None
        self._async_clients: WeakKeyDictionary[asyncio.AbstractEventLoop, OfLoop] = WeakKeyDictionary()

    @property
    def key(self) -> str | None:
        """See StandIn: a replay needs none."""
        return None if self._may_send else "replayed:key"

    def now(self) -> float:
        """See StandIn."""
        return self.clock.now()

    def pause(self, seconds: float) -> None:
        """See StandIn."""
        if self._may_send:
            time.sleep(seconds)
        self.clock.pass_by(seconds)

    def apause(self, seconds: float) -> Awaitable[None]:
        """See StandIn."""
        self.clock.pass_by(seconds)
        return asyncio.sleep(seconds if self._may_send else 0)

    def client(self) -> httpx.Client:
        """See StandIn."""
        with self._lock:
            if self._client is None:
                self._client = self._made()
            return self._client

    def async_client(self) -> httpx.AsyncClient:
        """See StandIn."""
        loop = asyncio.get_running_loop()
        with self._lock:
            if loop not in self._async_clients:
                self._async_clients[loop] = OfLoop(self._made_async())
            return self._async_clients[loop].client

    def _made(self) -> httpx.Client:
        if not self._may_send:
            return httpx.Client(transport=CassetteTransport(self, None), trust_env=False)
        client: Any = httpx.Client(**usual_options())
        assign_with_care(client)
        keep_to_the_end(client)
        client._transport = CassetteTransport(self, client._transport)
        client._mounts = {at: one and CassetteTransport(self, one) for at, one in client._mounts.items()}
        made: httpx.Client = client
        return made

    def _made_async(self) -> httpx.AsyncClient:
        if not self._may_send:
            return httpx.AsyncClient(transport=AsyncCassetteTransport(self, None), trust_env=False)
        client: Any = httpx.AsyncClient(**usual_options())
        assign_with_care(client)
        client._transport = AsyncCassetteTransport(self, client._transport)
        client._mounts = {at: one and AsyncCassetteTransport(self, one) for at, one in client._mounts.items()}
        made: httpx.AsyncClient = client
        return made

    def close(self) -> None:
        """Close the connections of threads; those of an event loop are closed with it, or by `aclose`."""
        with self._lock:
            client, self._client = self._client, None
        if client is not None:
            client.close()

    async def aclose(self) -> None:
        """Close the connections of threads and of the running loop."""
        self.close()
        with self._lock:
            client = self._async_clients.pop(asyncio.get_running_loop(), None)
        if client is not None:
            await client.aclose()

    # For its transports.

    @property
    def is_playing(self) -> bool:
        """Whether it has answers."""
        return self.player is not None

    def pass_by(self, seconds: float) -> None:
        """Let so much time have passed, without waiting."""
        self.clock.pass_by(seconds)

    def played(self, sent: Sent) -> Kept | None:
        """The exchange that answers; None where the network is to be asked.

        Raises:
            NotRecordedError: There is none, and the network must not be asked.
        """
        assert self.player is not None
        request = asked(sent)
        try:
            exchange = self.player.find(request)
            if not (self._may_send and is_for_a_token(request)):
                return exchange
            sent.is_new = False  # what is uploaded besides needs one that is good
            return None
        except NotRecordedError as error:
            if not self._may_send:
                raise self.missed(error) from None
            if PLACEHOLDER.search(sent.url):
                text = f"{error}\n  it goes on from an answer of the cassette, which the service knows nothing of"
                raise self.missed(NotRecordedError(text)) from None
            return None

    def missed(self, error: NotRecordedError) -> NotRecordedError:
        """Note what could not be answered, for who swallows the exception."""
        with self._lock:
            self.misses.append(error)
        return error

    def beside(self, name: str) -> bytes:
        """A long body."""
        return (self._folder / name).read_bytes()
