"""Sends requests with `httpx.AsyncClient`: the asynchronous shell around the pure core."""

# The accessor at the end of this module is the package's own way in; to callers the name is private.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import asyncio
import threading
import time
from typing import TYPE_CHECKING

import httpx

from .exchange import Answer, Exchange, OpenAnswer
from .httpx_exchange import (
    HTTP_ERRORS,
    POOL_LIMITS,
    KeyAuth,
    auth_of,
    is_open,
    log_exchange,
    log_retry,
    new_request,
    no_answer,
    taker,
)
from .requests import through
from .retry import NoAnswer, Try, next_try

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from .credentials import Secret
    from .deadline import Limits

# httpx's own timers, which know what they were waiting for, go first.
_GRACE = 0.05


class AsyncTransport:
    """One pool of connections for each running event loop: those of httpx belong to the loop that opened them."""

    def __init__(
        self, secret: Callable[[], Secret], injected: httpx.AsyncClient | None, proxy_url: str | None = None
    ) -> None:
        # A proxy has the key. What it wants instead, a cookie or a token, the caller's own httpx client knows.
        self._auth = KeyAuth(secret) if proxy_url is None else httpx.USE_CLIENT_DEFAULT
        self._proxy_url = proxy_url
        self._secret = secret
        self._injected = injected
        # Not weak: a client's sockets refer to their loop, which would never be collected. Closed loops are dropped.
        self._own: dict[asyncio.AbstractEventLoop, httpx.AsyncClient] = {}
        self._lock = threading.Lock()
        self._closed = False

    async def send(self, exchange: Exchange, limits: Limits) -> Answer:
        """The answer, whatever its status. See `Transport.send`."""
        proxy_url = None if exchange.keyless else self._proxy_url
        this = Try(exchange if proxy_url is None else through(proxy_url, exchange))
        while True:
            outcome = await self._attempt(this.sent, limits)
            coming = next_try(this, outcome, limits.max_retries)
            if coming is None:
                if isinstance(outcome, NoAnswer):
                    raise outcome.error
                return outcome
            log_retry(this, coming, outcome)
            await asyncio.sleep(limits.deadline.pause(coming.wait))
            this = coming

    async def _attempt(self, exchange: Exchange, limits: Limits) -> Answer | NoAnswer:
        if limits.deadline.has_passed:
            raise limits.deadline.exceeded(exchange.endpoint, exchange.request_id)
        if not exchange.keyless and self._proxy_url is None:
            self._secret()  # before a connection is opened
        started = time.monotonic()
        seconds = limits.exchange_seconds(exchange)
        outcome: Answer | NoAnswer
        try:
            async with asyncio.timeout(None if seconds is None else seconds + _GRACE):
                outcome = await self._exchange(exchange, limits)
        except (*HTTP_ERRORS, TimeoutError) as error:
            outcome = no_answer(exchange, error)
        log_exchange(exchange, outcome, started)
        if isinstance(outcome, NoAnswer) and outcome.is_timeout and limits.deadline.has_passed:
            raise limits.deadline.exceeded(exchange.endpoint, exchange.request_id) from outcome.error
        return outcome

    async def _exchange(self, exchange: Exchange, limits: Limits) -> Answer:
        client = self._client()
        request = new_request(client, exchange, limits, exchange.content and _pieces(exchange.content()))
        auth = auth_of(exchange, self._auth)
        response = await client.send(request, stream=True, auth=auth, follow_redirects=False)
        if is_open(exchange, response):
            return OpenAnswer(response.status_code, response.headers, b"", response)
        try:
            return Answer(response.status_code, response.headers, await self._read(response, exchange))
        finally:
            await response.aclose()

    async def _read(self, response: httpx.Response, exchange: Exchange) -> bytes:
        content = bytearray()
        take = taker(exchange, response, content)
        try:
            async for chunk in response.aiter_bytes():
                take(chunk)
        except httpx.RequestError:
            if response.status_code < 400:
                raise
            # The status is an error whatever the rest would have said.
        return bytes(content)

    def _client(self) -> httpx.AsyncClient:
        if self._injected is not None:
            return self._injected
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._closed:
                raise RuntimeError("this client is closed")
            if loop not in self._own:
                self._own = {each: client for each, client in self._own.items() if not each.is_closed()}
                self._own[loop] = httpx.AsyncClient(limits=POOL_LIMITS)
            return self._own[loop]

    async def aclose(self) -> None:
        """Close the connections of the running loop; those of other loops are dropped with them."""
        with self._lock:
            self._closed = True
            own = self._own.pop(asyncio.get_running_loop(), None)
            self._own.clear()
        if own is not None:
            await own.aclose()


async def _pieces(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    """A body in the form that httpx wants here. Reading a piece from a disk takes less than handing it to a thread."""
    for piece in content:
        yield piece


def client_in_loop(transport: AsyncTransport) -> httpx.AsyncClient:
    """The client for the running event loop, for who sends requests in another way."""
    return transport._client()
