"""The body of an answer that is a stream of events."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from .requests import EVENT_STREAM

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    import httpx


class EventBody:
    """The body of an answer as httpx-sse reads it: always UTF-8 (HTML standard, Server-sent events).

    A server that closes without the blank line behind its last event may have been cut off, or may be careless. The
    event is delivered; `was_cut` tells the reader to take it for cut off if it cannot be decoded.
    """

    def __init__(self, response: httpx.Response) -> None:
        self.headers = {"content-type": EVENT_STREAM}  # looked at before, and httpx-sse minds upper case
        self.was_cut = False
        self._response = response
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")("replace")
        self._tail = "\n\n"

    def iter_text(self) -> Iterator[str]:
        """The text, as httpx.Response gives it."""
        for chunk in self._response.iter_bytes():
            if text := self._decoded(chunk):
                yield text
        yield self._end()

    async def aiter_text(self) -> AsyncIterator[str]:
        """The text, as httpx.Response gives it."""
        async for chunk in self._response.aiter_bytes():
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
