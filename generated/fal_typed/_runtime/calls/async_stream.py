"""The events of a model that streams, asynchronous. Importing this imports no httpx."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ..async_client import AsyncFalClient, transport_of
from ..errors import FalError
from ..http.exchange import OpenAnswer
from .stream_base import StreamBase

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable
    from types import TracebackType
    from typing import Self

    from httpx_sse import EventSource, ServerSentEvent

    from ..http.deadline import Limits
    from ..http.exchange import Answer, Exchange
    from .call import CallContext
    from .events import Received

E = TypeVar("E")
T = TypeVar("T")


class AsyncStream(StreamBase[E, T]):
    """A direct call whose answer comes piece by piece: `E` is an event, `T` the endpoint's output.

    Nothing is sent before the `async with` block is entered; leaving it closes the connection, at which fal stops the
    model. What broke off is never asked for again.
    """

    _entry = "`async with`"

    def __init__(
        self, client: AsyncFalClient, context: CallContext, prepare: Callable[[Limits], Awaitable[Exchange]]
    ) -> None:
        super().__init__(context)
        self._client = client
        self._prepare = prepare
        self._answer: Answer | None = None
        self._events: AsyncGenerator[E] | None = None

    async def __aenter__(self) -> Self:
        from .events import Received

        self._check_unopened()
        limits = self._context.limits()
        exchange = await self._prepare(limits)
        self._answer = await transport_of(self._client).send(exchange, limits)
        self._opened = Received(self._context, exchange, self._answer, limits)
        self._events = self._read(self._opened)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def aclose(self) -> None:
        """Close the connection, whether or not all events were read."""
        if self._events is not None:
            await self._events.aclose()
        if isinstance(self._answer, OpenAnswer):
            await self._answer.response.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> E:
        """The next event. Raises as `Stream.__next__` does."""
        received = self._received()
        assert self._events is not None
        try:
            return await anext(self._events)
        except FalError as error:
            received.error = error
            raise

    async def output(self) -> T:
        """The last event, as the endpoint's output. See `Stream.output`."""
        received = self._received()
        async for _event in self:
            pass
        return received.output()

    async def _read(self, received: Received[E, T]) -> AsyncGenerator[E]:
        source = received.source
        if source is None:
            yield received.take_whole()
        else:
            async for event in self._read_events(received, source):
                yield event
        received.is_complete = True

    async def _read_events(self, received: Received[E, T], source: EventSource) -> AsyncGenerator[E]:
        from ..http.httpx_exchange import HTTP_ERRORS
        from .events import has_value

        events = source.aiter_sse()
        try:
            while (event := await _next(events, received)) is not None:
                received.check_deadline()
                if has_value(event):
                    yield received.take(event)
        except (*HTTP_ERRORS, TimeoutError) as error:
            broken = received.broken(error)
        else:
            return
        finally:
            await events.aclose()
        raise broken


async def _next(events: AsyncGenerator[ServerSentEvent], received: Received[E, T]) -> ServerSentEvent | None:
    import asyncio  # as in async_handle.py: a synchronous caller loads this module too

    async with asyncio.timeout(received.seconds_left()):
        return await anext(events, None)
