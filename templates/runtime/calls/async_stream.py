"""The events of a model that streams, asynchronous. Importing this imports no httpx."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Any, TypeVar

from ..http.exchange import OpenAnswer
from .stream import StreamBase

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from typing import Self

    from httpx_sse import EventSource, ServerSentEvent

    from ..http.exchange import Answer, Exchange, Limits
    from .events import Received
    from .steps import Call

E = TypeVar("E")
T = TypeVar("T")


class AsyncStream(StreamBase[E, T]):
    """As `Stream`, in an `async with` block and an `async for` loop."""

    _entry = "`async with`"

    def __init__(self, call: Call, ask: Callable[[Limits], Awaitable[tuple[Exchange, Answer]]]) -> None:
        super().__init__(call)
        self._ask = ask

    async def __aenter__(self) -> Self:
        limits = self._begin()
        exchange, answer = await self._ask(limits)
        self._events = _read(self._take(exchange, answer, limits))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection, whether or not all events were read."""
        if self._events is not None:
            await self._events.aclose()
        if isinstance(self._answer, OpenAnswer):
            await self._answer.body.aclose()
        if self._opened is not None:
            self._opened.leave()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> E:
        """The next event. Raises as `Stream.__next__` does."""
        with self._noting() as events:
            return await anext(events)

    async def output(self) -> T:
        """The last event, as the endpoint's output. See `Stream.output`."""
        received = self._received()
        async for _event in self:
            pass
        return received.output()


async def _read(received: Received[E, Any]) -> AsyncGenerator[E]:
    source = received.source
    if source is None:
        yield received.take_whole()
    else:
        async with aclosing(_read_events(received, source)) as events:
            async for event in events:
                yield event
    received.end()


async def _read_events(received: Received[E, Any], source: EventSource) -> AsyncGenerator[E]:
    events = source.aiter_sse()
    try:
        while (event := await _next(events, received)) is not None:
            for value in received.values(event):
                yield value
    except received.errors as error:
        broken = received.broken(error)
    else:
        return
    finally:
        await events.aclose()
    raise broken


async def _next(events: AsyncGenerator[ServerSentEvent], received: Received[E, Any]) -> ServerSentEvent | None:
    import asyncio  # a synchronous caller loads this module too

    async with asyncio.timeout(received.seconds_left()):
        return await anext(events, None)
