"""The transports of httpx that stand for the network: what is sent is answered in the process.

A pause is one of the clock's. What takes longer than a client waits ends as it would on a socket.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, NoReturn, Protocol
from weakref import WeakKeyDictionary

import httpx

from .messages import NoAnswer, Request

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Iterator

    from ..http.hosts import Hosts
    from .messages import Answer


# What is let through keeps no connection: nobody could close those of an event loop that has ended.
_LIMITS = httpx.Limits(max_keepalive_connections=0)


class Pausing(Protocol):
    """A clock for threads and for tasks."""

    def pause(self, seconds: float) -> None:
        """Let time pass in a thread."""
        ...

    def apause(self, seconds: float) -> Awaitable[None]:
        """The same in a task."""
        ...


class Answering(Protocol):
    """Whoever is behind the wire."""

    def answer(self, request: Request, hosts: Hosts | None = None) -> Answer | None:
        """The answer; None for a request that may go out to the network.

        Args:
            request: What a client sent.
            hosts: Those of the client, if one of ours sent it.

        Raises:
            NoAnswer: There is none.
            AssertionError: It may not go out.
        """
        ...


class Wire(httpx.BaseTransport):
    """For threads.

    Args:
        other_end: Who answers.
        clock: Whose time passes.
    """

    def __init__(self, other_end: Answering, clock: Pausing) -> None:
        self._other_end = other_end
        self._clock = clock
        self._network: httpx.HTTPTransport | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.BaseTransport."""
        request.read()
        try:
            answer = self._other_end.answer(_asked(request), request.extensions.get("hosts"))
        except NoAnswer as fault:
            self._clock.pause(_seconds_of(fault, request))
            _fail(fault, request)
        if answer is None:
            return self._out().handle_request(request)
        seconds, is_late = _within(answer.seconds, request)
        self._clock.pause(seconds)
        if is_late:
            raise httpx.ReadTimeout("no answer in time", request=request)
        return _response(request, answer, _Pieces(request, answer, self._clock))

    def _out(self) -> httpx.HTTPTransport:
        if self._network is None:
            self._network = httpx.HTTPTransport(limits=_LIMITS)
        return self._network


class AsyncWire(httpx.AsyncBaseTransport):
    """For the tasks of an event loop. See Wire."""

    def __init__(self, other_end: Answering, clock: Pausing) -> None:
        self._other_end = other_end
        self._clock = clock
        self._network: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncHTTPTransport] = WeakKeyDictionary()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx.AsyncBaseTransport."""
        await request.aread()
        try:
            answer = self._other_end.answer(_asked(request), request.extensions.get("hosts"))
        except NoAnswer as fault:
            await self._clock.apause(_seconds_of(fault, request))
            _fail(fault, request)
        if answer is None:
            return await self._out().handle_async_request(request)
        seconds, is_late = _within(answer.seconds, request)
        await self._clock.apause(seconds)
        if is_late:
            raise httpx.ReadTimeout("no answer in time", request=request)
        return _response(request, answer, _AsyncPieces(request, answer, self._clock))

    def _out(self) -> httpx.AsyncHTTPTransport:
        loop = asyncio.get_running_loop()
        if loop not in self._network:
            self._network[loop] = httpx.AsyncHTTPTransport(limits=_LIMITS)
        return self._network[loop]


class _Pieces(httpx.SyncByteStream):
    def __init__(self, request: httpx.Request, answer: Answer, clock: Pausing) -> None:
        self._request = request
        self._answer = answer
        self._clock = clock

    def __iter__(self) -> Iterator[bytes]:
        for piece in _pieces(self._answer):
            if isinstance(piece, bytes):
                yield piece
                continue
            seconds, is_late = _within(_pause_of(piece, self._request), self._request)
            self._clock.pause(seconds)
            _go_on(piece, self._request, is_late=is_late)

    def close(self) -> None:
        _close(self._answer)


class _AsyncPieces(httpx.AsyncByteStream):
    def __init__(self, request: httpx.Request, answer: Answer, clock: Pausing) -> None:
        self._request = request
        self._answer = answer
        self._clock = clock

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in _pieces(self._answer):
            if isinstance(piece, bytes):
                yield piece
                continue
            seconds, is_late = _within(_pause_of(piece, self._request), self._request)
            await self._clock.apause(seconds)
            _go_on(piece, self._request, is_late=is_late)

    async def aclose(self) -> None:
        _close(self._answer)


def _asked(request: httpx.Request) -> Request:
    headers = {name.lower(): text for name, text in request.headers.items()}
    return Request(request.method, str(request.url), headers, request.content)


def _response(request: httpx.Request, answer: Answer, stream: Any) -> httpx.Response:
    headers = dict(answer.headers)
    if answer.events is None:
        headers.setdefault("content-length", str(len(answer.body)))
    extensions = {"http_version": b"HTTP/1.1"}
    return httpx.Response(answer.status, headers=headers, stream=stream, extensions=extensions, request=request)


def _pieces(answer: Answer) -> Iterator[bytes | float | NoAnswer]:
    if answer.events is None:
        yield answer.body
        return
    try:
        yield from answer.events
    except NoAnswer as fault:
        yield fault


def _close(answer: Answer) -> None:
    close = getattr(answer.events, "close", None)  # a generator's, which may have something to put away
    if close is not None:
        close()


def _patience(request: httpx.Request) -> float | None:
    """How long the client waits for the next bytes, by now."""
    timeouts = request.extensions.get("timeout")
    read = None if timeouts is None else timeouts.get("read")
    left = getattr(read, "now", None)  # a limit of ours knows the end of the whole
    return read if left is None else max(left(), 0.0)


def _within(seconds: float, request: httpx.Request) -> tuple[float, bool]:
    """How much of a pause the client is there for, and whether it gives up before the end."""
    patience = _patience(request) if seconds else None
    return (seconds, False) if patience is None or seconds <= patience else (patience, True)


def _seconds_of(fault: NoAnswer, request: httpx.Request) -> float:
    patience = _patience(request)
    if fault.kind == "timeout":
        return fault.seconds if patience is None else patience
    return fault.seconds if patience is None else min(fault.seconds, patience)


def _pause_of(piece: float | NoAnswer, request: httpx.Request) -> float:
    return _seconds_of(piece, request) if isinstance(piece, NoAnswer) else piece


def _go_on(piece: float | NoAnswer, request: httpx.Request, *, is_late: bool) -> None:
    if isinstance(piece, NoAnswer):
        _fail(piece, request)
    if is_late:
        raise httpx.ReadTimeout("nothing more in time", request=request)


def _fail(fault: NoAnswer, request: httpx.Request) -> NoReturn:
    """Raise what httpx raises where there is no answer."""
    if fault.kind == "refused":
        raise httpx.ConnectError("the connection was refused", request=request) from None
    if fault.kind == "lost":
        raise httpx.ReadError("the connection broke", request=request) from None
    raise httpx.ReadTimeout("no answer in time", request=request) from None
