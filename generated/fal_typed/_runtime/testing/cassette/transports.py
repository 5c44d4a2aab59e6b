"""The transports of httpx that record and replay: one exchange at a time, with and without an event loop."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

import httpx

from .bodies import content_of, pieces_of
from .errors import NotRecordedError
from .exchanges import Sent

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from .exchanges import Heard, Kept, Log


class Deck(Protocol):
    """A cassette at work, as its transports see it."""

    @property
    def name(self) -> str:
        """What messages call it."""
        ...

    @property
    def log(self) -> Log:
        """What is recorded."""
        ...

    @property
    def is_playing(self) -> bool:
        """Whether it has answers."""
        ...

    def played(self, sent: Sent) -> Kept | None:
        """The exchange that answers; None where the network is to be asked."""
        ...

    def beside(self, name: str) -> bytes:
        """A long body."""
        ...

    def missed(self, error: NotRecordedError) -> NotRecordedError:
        """Note what could not be answered."""
        ...

    def pass_by(self, seconds: float) -> None:
        """Let so much time have passed."""
        ...


class CassetteTransport(httpx.BaseTransport):
    """Asks the cassette, and where that says so, the network.

    Args:
        deck: The cassette at work.
        inner: What sends; None where nothing may.
    """

    def __init__(self, deck: Deck, inner: httpx.BaseTransport | None) -> None:
        self._deck = deck
        self._inner = inner
        self._pool = getattr(inner, "_pool", None)  # looked after by who interrupts an exchange

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx."""
        sent, stream = _sent(request), request.stream
        assert isinstance(stream, httpx.SyncByteStream)
        if self._deck.is_playing:
            pieces = [bytes(piece) for piece in _fed(stream, sent)]
            if (exchange := self._deck.played(sent)) is not None:
                return _response(exchange, request, self._deck)
            sent, stream = replace(_sent(request), is_new=sent.is_new), httpx.ByteStream(b"".join(pieces))
        assert self._inner is not None
        heard = self._deck.log.begin(sent)
        try:
            response = self._inner.handle_request(_again(request, _SentStream(stream, sent)))
        except Exception as error:
            _note_fault(heard, error)
            raise
        heard.begin(response.status_code, _headers(response))
        body = response.stream
        assert isinstance(body, httpx.SyncByteStream)
        return _with_body(response, _HeardStream(body, heard))

    def close(self) -> None:
        """See httpx."""
        if self._inner is not None:
            self._inner.close()


class AsyncCassetteTransport(httpx.AsyncBaseTransport):
    """The same in an event loop."""

    def __init__(self, deck: Deck, inner: httpx.AsyncBaseTransport | None) -> None:
        self._deck = deck
        self._inner = inner
        self._pool = getattr(inner, "_pool", None)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """See httpx."""
        sent, stream = _sent(request), request.stream
        assert isinstance(stream, httpx.AsyncByteStream)
        if self._deck.is_playing:
            pieces = [bytes(piece) async for piece in _afed(stream, sent)]
            if (exchange := self._deck.played(sent)) is not None:
                return _response(exchange, request, self._deck)
            sent, stream = replace(_sent(request), is_new=sent.is_new), httpx.ByteStream(b"".join(pieces))
        assert self._inner is not None
        heard = self._deck.log.begin(sent)
        try:
            response = await self._inner.handle_async_request(_again(request, _AsyncSentStream(stream, sent)))
        except Exception as error:
            _note_fault(heard, error)
            raise
        heard.begin(response.status_code, _headers(response))
        body = response.stream
        assert isinstance(body, httpx.AsyncByteStream)
        return _with_body(response, _AsyncHeardStream(body, heard))

    async def aclose(self) -> None:
        """See httpx."""
        if self._inner is not None:
            await self._inner.aclose()


# What goes out.


def _sent(request: httpx.Request) -> Sent:
    headers = {name.lower(): text for name, text in request.headers.items()}
    return Sent(request.method, str(request.url), headers)


def _again(request: httpx.Request, stream: Any) -> httpx.Request:
    return httpx.Request(
        request.method, request.url, headers=request.headers, stream=stream, extensions=request.extensions
    )


def _fed(stream: httpx.SyncByteStream, sent: Sent) -> Iterator[bytes]:
    for piece in stream:
        sent.feed(piece)
        yield piece


async def _afed(stream: httpx.AsyncByteStream, sent: Sent) -> AsyncIterator[bytes]:
    async for piece in stream:
        sent.feed(piece)
        yield piece


class _SentStream(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, sent: Sent) -> None:
        self._inner, self._sent = inner, sent

    def __iter__(self) -> Iterator[bytes]:
        return _fed(self._inner, self._sent)

    def close(self) -> None:
        self._inner.close()


class _AsyncSentStream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, sent: Sent) -> None:
        self._inner, self._sent = inner, sent

    def __aiter__(self) -> AsyncIterator[bytes]:
        return _afed(self._inner, self._sent)

    async def aclose(self) -> None:
        await self._inner.aclose()


# What comes back.


def _headers(response: httpx.Response) -> dict[str, str]:
    return {name.lower(): text for name, text in response.headers.items()}


def _note_fault(heard: Heard, error: Exception) -> None:
    """Keep that there was no answer, or none to the end, if it was the network's doing."""
    if isinstance(error, httpx.TransportError):
        heard.finish("fault", f"{type(error).__name__}: {error}")


def _with_body(response: httpx.Response, stream: Any) -> httpx.Response:
    return httpx.Response(response.status_code, headers=response.headers, stream=stream, extensions=response.extensions)


class _HeardStream(httpx.SyncByteStream):
    def __init__(self, inner: httpx.SyncByteStream, heard: Heard) -> None:
        self._inner, self._heard = inner, heard

    def __iter__(self) -> Iterator[bytes]:
        try:
            for piece in self._inner:
                self._heard.feed(piece)
                yield piece
        except Exception as error:
            _note_fault(self._heard, error)
            raise
        self._heard.finish("whole")

    def close(self) -> None:
        self._heard.finish("left")
        self._inner.close()


class _AsyncHeardStream(httpx.AsyncByteStream):
    def __init__(self, inner: httpx.AsyncByteStream, heard: Heard) -> None:
        self._inner, self._heard = inner, heard

    async def __aiter__(self) -> AsyncIterator[bytes]:
        try:
            async for piece in self._inner:
                self._heard.feed(piece)
                yield piece
        except Exception as error:
            _note_fault(self._heard, error)
            raise
        self._heard.finish("whole")

    async def aclose(self) -> None:
        self._heard.finish("left")
        await self._inner.aclose()


# What is played instead.


def _response(exchange: Kept, request: httpx.Request, deck: Deck) -> httpx.Response:
    if "fault" in exchange:
        raise _fault(exchange["fault"], request, deck)
    answer = exchange["answer"]
    headers: dict[str, str] = dict(answer["headers"])
    if "too_long" in answer:
        facts = answer["too_long"]
        raise deck.missed(
            NotRecordedError(
                f"{deck.name}: the answer to {exchange['request']['url']} was too long to be kept "
                f"({facts['size']} bytes); record it with largest_body={facts['size']}"
            )
        )
    if "events" in answer:
        body = _Played(pieces_of(answer["events"]), answer, request, deck)
        return httpx.Response(answer["status"], headers=headers, stream=body)
    content = deck.beside(answer["file"]) if "file" in answer else content_of(answer)
    if "ended" not in answer:
        headers["content-length"] = str(len(content))
    return httpx.Response(answer["status"], headers=headers, stream=_Played(iter((content,)), answer, request, deck))


class _Played(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The body of an answer, which ends as the recorded one did.

    Args:
        pieces: Of the body.
        answer: What is kept of it.
        request: The one at hand.
        deck: The cassette at work.
    """

    def __init__(self, pieces: Iterator[bytes], answer: Kept, request: httpx.Request, deck: Deck) -> None:
        self._pieces, self._answer, self._request, self._deck = pieces, answer, request, deck

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces
        ended = self._answer.get("ended")
        if ended == "left" and not self._request.url.path.endswith("/status/stream"):  # those are asked for besides
            raise self._deck.missed(
                NotRecordedError(
                    f"{self._deck.name}: when {self._request.method} {self._request.url.copy_with(query=None)} was "
                    "recorded, the client left before the end, and now it reads on; record it anew"
                )
            )
        if ended is not None and ended != "left":
            raise _fault(ended, self._request, self._deck)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self:
            yield piece


def _fault(fault: str, request: httpx.Request, deck: Deck) -> httpx.TransportError:
    """The exception that there was. A timeout takes its time, on the clock of the cassette."""
    name, _, message = fault.partition(": ")
    kind: Any = getattr(httpx, name, None)
    if not (isinstance(kind, type) and issubclass(kind, httpx.TransportError)):
        kind = httpx.ReadError
    if issubclass(kind, httpx.TimeoutException):
        limits: Any = request.extensions.get("timeout") or {}
        seconds = limits.get("connect" if kind is httpx.ConnectTimeout else "read")
        deck.pass_by(float(seconds or 0.0))
    error: httpx.TransportError = kind(message, request=request)
    return error
