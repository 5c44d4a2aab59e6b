"""The bodies of answers: read whole, or as they come."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING, Any

from ..log import logger
from .connections.pools import leave_body_to_parent
from .exchange import FILES, PhaseTimeouts
from .libraries import errors
from .requests import EVENT_STREAM

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    from .exchange import Exchange

# Nobody reads more of an error; a bomb says as much as it likes. A model's error repeats the input that it is about,
# which may have a picture in it; the hosts of files have little to say.
_LARGEST_ERROR, _LARGEST_ERROR_OF_FILES = 2**20, 2**16


class OpenBody:
    """Read it to its end or not, and close it.

    Args:
        response: The library's.
        errors: What reading raises when the connection fails.
        put_away: Closes what an interruption left open.
    """

    def __init__(
        self,
        response: Any,
        errors: tuple[type[Exception], ...],
        put_away: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.errors = errors
        self._response = response
        self._put_away = put_away

    def iter_bytes(self) -> Iterator[bytes]:
        """Its pieces, decompressed."""
        pieces: Iterator[bytes] = self._response.iter_bytes()
        return pieces

    def aiter_bytes(self) -> AsyncIterator[bytes]:
        """The same, awaited."""
        pieces: AsyncIterator[bytes] = self._response.aiter_bytes()
        return pieces

    def limit_silence(self, seconds: float) -> None:
        """For the head of the answer the model takes its time; between two pieces of the body it must not.

        httpcore looks the limit up again when the body begins.
        """
        limits: Any = self._response.request.extensions.get("timeout")
        if isinstance(limits, dict):
            limits["read"] = seconds

    def limit_reads(self, limit: float) -> None:
        """From here on each read may take so long. A limit may be a `Left` whose end is moved between two reads."""
        limits: Any = self._response.request.extensions.get("timeout")
        if isinstance(limits, PhaseTimeouts):
            limits.head_came(limit)

    @property
    def is_alone(self) -> bool:
        """Whether nobody else uses its connection."""
        version: str = self._response.http_version
        return version != "HTTP/2"

    def leave_to_parent(self) -> None:
        """In a forked child, whose connections are the parent's, be no part of its pool."""
        leave_body_to_parent(self._response)

    def close(self) -> None:
        """Close the connection, unless all was read."""
        self._response.close()

    async def aclose(self) -> None:
        """The same, awaited."""
        try:
            await self._response.aclose()
        finally:
            if self._put_away is not None:
                await self._put_away()


class EventBody:
    """The body of an answer as httpx-sse reads it: always UTF-8 (HTML standard, Server-sent events).

    A server that closes without the blank line behind its last event may have been cut off, or may be careless. The
    event is delivered; `was_cut` tells the reader to take it for cut off if it cannot be decoded.
    """

    def __init__(self, body: OpenBody) -> None:
        self.headers = {"content-type": EVENT_STREAM}  # looked at before, and httpx-sse minds upper case
        self.was_cut = False
        self._body = body
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._tail = "\n\n"

    def iter_text(self) -> Iterator[str]:
        """The text, as httpx.Response gives it."""
        for chunk in self._body.iter_bytes():
            if text := self._decoded(chunk):
                yield text
        yield self._end()

    async def aiter_text(self) -> AsyncIterator[str]:
        """The text, as httpx.Response gives it."""
        async for chunk in self._body.aiter_bytes():
            if text := self._decoded(chunk):
                yield text
        yield self._end()

    def _decoded(self, chunk: bytes) -> str:
        text = self._decoder.decode(chunk)
        self._tail = (self._tail + text)[-4:]
        return text

    def _end(self) -> str:
        rest = self._decoder.decode(b"", final=True)
        line_ends = (self._tail + rest).replace("\r\n", "\n").replace("\r", "\n")
        self.was_cut = not line_ends.endswith("\n\n")
        return f"{rest}\n\n"


def largest_error(exchange: Exchange) -> int:
    """How many bytes of an answer that is no success are read. Then the connection is given up."""
    return _LARGEST_ERROR_OF_FILES if exchange.purpose in FILES else _LARGEST_ERROR


def decoded(response: Any, content: bytes, most: int | None) -> bytes:
    """A whole body without its content encoding; if that is broken, the bytes, which are all there is of an output.

    Args:
        response: The library's, whose headers name the encoding.
        content: What came.
        most: How many bytes are wanted; None for all of a success.
    """
    encoding = response.headers.get("content-encoding")
    if encoding is None or not content:
        return content
    headers, whole = {"content-encoding": encoding}, bytearray()
    try:
        if most is None:
            return bytes(type(response)(response.status_code, headers=headers, content=content).content)
        packed = type(response)(response.status_code, headers=headers, content=_slices(content, encoding))
        for piece in packed.iter_bytes():
            whole += piece
            if len(whole) >= most:
                break
    except errors("DecodingError") as error:
        logger.warning("a body cannot be decoded as %.40r: %s", encoding, error)
        return content
    return bytes(whole[:most])


def _slices(content: bytes, encoding: str) -> Iterator[bytes]:
    """A body in pieces that each unpack to little: gzip makes a thousand bytes of one, others a million."""
    step = 1024 if encoding.strip().lower() == "gzip" else 8
    for at in range(0, len(content), step):
        yield content[at : at + step]
