"""A stream of states that is held open, step by step: what the steps are, and what both transports read it with."""

from __future__ import annotations

import math
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ... import forks, stand_in
from ...errors import APIConnectionError, APITimeoutError
from ...log import logger
from ..body import EventBody
from ..exchange import Answer, Left
from .pools import keep

if TYPE_CHECKING:
    from httpx_sse import ServerSentEvent

    from ..body import OpenBody
    from ..exchange import Exchange
    from .stream_slots import Slot

# fal writes a comment every 15 s (fal docs, Queue API: streaming status); two that are missing are a dead connection.
SILENCE_SECONDS = 35.0
_SHORTEST = 0.002
# How long a host is polled that refuses streams, and one that says nothing in them.
_SECONDS_REFUSED, _SECONDS_SILENT = 600.0, 60.0
# Events that had come already when a stream was closed.
_FEW = 100
# Of the key, or of too many requests.
_NO_REFUSAL = (401, 429)


class OpenStream(NamedTuple):
    """A step that asks for a stream of states: sent a `HeldStream`, or None where it came to nothing.

    Attributes:
        exchange: What to send.
        otherwise: Seconds to pause where none is asked for, because its host refuses them, or others hold enough.
    """

    exchange: Exchange
    otherwise: float


class NextEvent(NamedTuple):
    """A step that asks for the next event of a stream: sent None where none came in time, or none will any more."""

    stream: HeldStream
    seconds: float | None


class CloseStream(NamedTuple):
    """A step that asks for a stream to be closed.

    Attributes:
        stream: It.
        is_useless: Whether its host is not worth another for some time.
    """

    stream: HeldStream
    is_useless: bool = False


class StreamHost:
    """What is known of the streams of one host.

    Attributes:
        polled_until: Until when there is no point in asking for one.
        has_told: Whether one has said something. Where none has, somebody on the way may keep what they say.
    """

    def __init__(self) -> None:
        self.polled_until = 0.0
        self.has_told = False

    def seconds_without(self, result: Answer | APIConnectionError | None) -> float:
        """How long to ask for none, by what came instead of one; None for one that said nothing."""
        if isinstance(result, Answer):
            # A request that fal does not know is `{"status": "NOT_FOUND"}`; other 404 are about the path.
            is_unknown = result.status == 404 and "status" in result.json_object()
            is_refused = result.status <= 501 and result.status not in _NO_REFUSAL and not is_unknown
            return _SECONDS_REFUSED if is_refused else 0.0
        is_silent = result is None or isinstance(result, APITimeoutError)
        return _SECONDS_SILENT if is_silent and not self.has_told else 0.0


class HeldStream:
    """An open stream, with the slot that it takes.

    Attributes:
        exchange: What was asked.
    """

    def __init__(self, exchange: Exchange, host: StreamHost, body: OpenBody, slot: Slot) -> None:
        from httpx_sse import EventSource

        self.exchange = exchange
        self._host = host
        self._body = body
        self._source = EventSource(cast("Any", EventBody(body)))
        self._slot = slot
        self._events: Any = None
        self._limit = Left(SILENCE_SECONDS, math.inf)
        body.limit_reads(self._limit)
        self._is_parents = False
        forks.note(self)

    def after_fork(self) -> None:
        """See Forked: the connection is one of the parent, who reads on. Here the stream has ended."""
        self._is_parents = True
        self._body.leave_to_parent()
        keep(self.__dict__)

    @property
    def is_alone(self) -> bool:
        """Whether nobody else uses its connection. Over HTTP/2 others do, and to give up a read breaks them all."""
        return self._body.is_alone

    def next(self, seconds: float | None) -> ServerSentEvent | None:
        """The next event; None where none came in time, or none will any more."""
        if self._is_parents:
            return None
        if self._events is None:
            self._events = self._source.iter_sse()
        self._limit_to(seconds)
        event: ServerSentEvent | None = None
        try:
            event = next(self._events, None)
        except self._body.errors as error:
            self._log(error)
        self._host.has_told |= event is not None
        return event

    def close(self) -> None:
        """Give the connection back, or close it where there is more to come."""
        if self._is_parents:
            return
        try:
            if self._events is not None:
                self._events.close()
            self._body.close()
        finally:
            self._slot.release()

    async def anext(self, seconds: float | None) -> ServerSentEvent | None:
        """As `next`."""
        import asyncio  # a synchronous caller loads this module too

        if self._is_parents:
            return None
        if self._events is None:
            self._events = self._source.aiter_sse()
        self._limit_to(seconds)
        event: ServerSentEvent | None = None
        try:
            async with asyncio.timeout(seconds):
                event = await anext(self._events, None)
        except self._body.errors as error:
            self._log(error)
        self._host.has_told |= event is not None
        return event

    async def aclose(self) -> None:
        """As `close`."""
        if self._is_parents:
            return
        try:
            await self._body.aclose()
            if self._events is not None:
                await self._end()
        finally:
            self._slot.release()

    async def _end(self) -> None:
        """Read on where the connection is closed: so ends each of the iterators that read from each other.

        One that is dropped before its end leaves a task to the event loop.
        """
        with suppress(*self._body.errors):
            for _ in range(_FEW):
                if await anext(self._events, None) is None:
                    return
        await self._events.aclose()

    def _limit_to(self, seconds: float | None) -> None:
        self._limit.end = math.inf if seconds is None else stand_in.now() + max(seconds, _SHORTEST)

    def _log(self, error: Exception) -> None:
        logger.debug("%s: no more events: %s", self.exchange.shown_url, type(error).__name__)
