"""Sends requests with `httpx.AsyncClient`."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import anyio
import httpx
from anyio.lowlevel import checkpoint_if_cancelled

from .. import stand_in
from ..errors import ClientClosedError
from .body import OpenBody, largest_error
from .connections.assignment import assign_with_care
from .connections.pools import close_all, keep, leave_to_parent, take_out
from .exchange import Answer, OpenAnswer
from .libraries import AsyncHttpClient, errors, http_errors
from .transport import BaseTransport, usual_options

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator

    from httpx_sse import ServerSentEvent

    from .connections.held_stream import HeldStream, NextEvent
    from .credentials import Secret
    from .exchange import Exchange, Limits, PhaseTimeouts, Steps, Within
    from .hosts import Hosts
    from .outcomes import NoAnswer
    from .retry import Attempt

T = TypeVar("T")
# httpx's own timers, which know what they were waiting for, go first.
_GRACE = 0.05


class AsyncTransport(BaseTransport[AsyncHttpClient]):
    """One pool of connections for each running event loop: those of httpx belong to the loop that opened them."""

    _client_class = "AsyncClient"

    def __init__(
        self,
        secret: Callable[[], Secret],
        injected: AsyncHttpClient | None,
        proxy_url: str | None = None,
        *,
        hosts: Hosts | None = None,
        options: Callable[[], dict[str, Any]] = usual_options,
    ) -> None:
        super().__init__(secret, injected, proxy_url, hosts=hosts, options=options)
        # Not weak: a client's sockets refer to their loop, which would never be collected. Closed loops are dropped.
        self._own: dict[asyncio.AbstractEventLoop, OfLoop] = {}
        self._closing: set[asyncio.Future[None]] = set()
        if injected is not None:
            assign_with_care(injected)

    async def run(self, steps: Steps[T], limits: Limits, do: Callable[[Any], Awaitable[Any]] | None = None) -> T:
        """Do what steps ask for. See `Transport.run`."""
        done: Any = None
        error: BaseException | None = None
        try:
            while True:
                step = steps.send(done) if error is None else steps.throw(error)
                done = error = None
                try:
                    done = await self._do(step, limits, do)
                except BaseException as raised:  # not raised again here: what steps raise instead has no context
                    error = raised
        except StopIteration as stop:
            result: T = stop.value
            return result
        finally:
            error = None  # whose traceback has this frame
            steps.close()

    def send(self, exchange: Exchange, limits: Limits) -> Awaitable[Answer]:
        """The answer, whatever its status. See `Transport.send`."""
        return self.run(self._attempts(exchange, limits), limits)

    async def _within(self, step: Within, do: Callable[[Any], Awaitable[Any]] | None) -> Any:
        with anyio.CancelScope(shield=step.shielded):  # a cancelled scope of anyio would cancel each step of it again
            return await self.run(step.steps, step.limits, do)

    def _pause(self, seconds: float) -> Awaitable[None]:
        instead = stand_in.current
        return (asyncio.sleep if instead is None else instead.apause)(seconds)

    async def _block(self, work: Callable[[], Any]) -> Any:
        cancelled: asyncio.CancelledError | None = None
        working = asyncio.ensure_future(asyncio.to_thread(work))
        with anyio.CancelScope(shield=True):
            while not working.done():
                try:
                    await asyncio.wait([working])
                except asyncio.CancelledError as error:
                    cancelled = error
        try:
            if cancelled is not None:
                raise cancelled
            await checkpoint_if_cancelled()  # a scope of anyio tells again what its shield kept away
        except asyncio.CancelledError:
            working.exception()  # it is known, and nobody is there to hear it
            raise
        return working.result()

    async def _attempt(self, this: Attempt) -> Answer | NoAnswer:
        exchange = this.exchange
        phases, started = self._begin(exchange, this.limits), time.monotonic()
        result: Answer | NoAnswer
        try:
            async with asyncio.timeout(None if phases.seconds is None else phases.seconds + _GRACE):
                result = await self._exchange(exchange, phases)
        except Exception as error:
            result = self._failed(exchange, error)
        return self._ended(this, started, result)

    async def _exchange(self, exchange: Exchange, phases: PhaseTimeouts) -> Answer:
        client = self.client()
        request = self._request(client, exchange, phases, exchange.content and _pieces(exchange.content()))
        try:
            response = await client.send(request, stream=True, auth=self._auth(exchange), follow_redirects=False)
            if self._is_open(exchange, response):
                body = OpenBody(response, http_errors(), partial(self._put_away, client, phases))
                return OpenAnswer(response.status_code, response.headers, b"", body)
            try:
                return Answer(response.status_code, response.headers, await self._read(response, exchange))
            finally:
                await response.aclose()
        except BaseException:
            await self._put_away(client, phases)
            raise

    async def _put_away(self, client: AsyncHttpClient, phases: PhaseTimeouts) -> None:
        """Close what an exchange left that was interrupted, also if whoever waits for that is interrupted again."""
        if left := take_out(client, phases):
            closing = asyncio.ensure_future(close_all(left))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)
            await asyncio.shield(closing)

    async def _read(self, response: Any, exchange: Exchange) -> bytes:
        content = bytearray()
        is_raw, take = not response.is_stream_consumed, self._take(exchange, response, content)
        try:
            async for chunk in response.aiter_raw() if is_raw else response.aiter_bytes():
                take(chunk)
                if not response.is_success and len(content) >= largest_error(exchange):
                    break
        except errors("RequestError"):
            self._check_needed(response)
        return self._whole(exchange, response, content, is_raw=is_raw)

    def _next_event(self, step: NextEvent) -> Awaitable[ServerSentEvent | None]:
        return step.stream.anext(step.seconds)

    def _close_stream(self, stream: HeldStream) -> Awaitable[None]:
        return stream.aclose()

    def after_fork(self) -> None:
        """See BaseTransport.after_fork."""
        super().after_fork()
        for own in self._own.values():
            leave_to_parent(own.client)
        keep(self._own)
        self._own = {}

    def client(self) -> AsyncHttpClient:
        """The client of httpx that sends, in the running event loop."""
        if (instead := stand_in.current) is not None:
            return self._instead(instead.async_client())
        if self._injected is not None:
            return self._injected
        loop = asyncio.get_running_loop()
        with self._lock:
            if self._closed:
                raise ClientClosedError("this client is closed")
            if loop not in self._own:
                self._own = {each: own for each, own in self._own.items() if not each.is_closed()}
                own = httpx.AsyncClient(**self._options())
                assign_with_care(own)
                self._own[loop] = OfLoop(own)
            return self._own[loop].client

    async def aclose(self) -> None:
        """Close the connections of the running loop; those of other loops are dropped with them."""
        with self._lock:
            self._closed = True
            own = self._own.pop(asyncio.get_running_loop(), None)
            self._own.clear()
        if own is not None:
            await own.aclose()


class OfLoop:
    """A client of one event loop, which is closed with it: `asyncio.run` finishes all generators of its loop.

    Args:
        client: Made in the loop that is running.
    """

    def __init__(self, client: httpx.AsyncClient) -> None:
        self.client = client
        self._end = self._at_the_end()
        with suppress(StopIteration):
            self._end.asend(None).send(None)  # up to where it waits

    async def aclose(self) -> None:
        """Close the client before the loop ends."""
        await self._end.aclose()

    async def _at_the_end(self) -> AsyncGenerator[None]:
        client = self.client
        try:
            yield
        finally:
            await client.aclose()


async def _pieces(content: Iterator[bytes]) -> AsyncIterator[bytes]:
    """A body in the form that httpx wants here. Reading a piece from a disk takes less than handing it to a thread."""
    for piece in content:
        yield piece
