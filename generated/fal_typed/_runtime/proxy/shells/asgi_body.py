"""The body of a request to a proxy, as ASGI's messages bring it; and whether the caller is still there.

Nothing in the headers has to say that there is one: HTTP/2 and Lambda need no length.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import TYPE_CHECKING, Any, TypeAlias

from ..request import ProxyRefusedError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]


class CallerGoneError(Exception):
    """The caller closed the connection before all was over."""


class RequestBody:
    """What is left to receive of one ASGI request.

    Args:
        receive: ASGI's.
        limit: The most bytes to take.
    """

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit
        self._is_read = asyncio.Event()

    async def content(self) -> bytes | AsyncIterator[bytes]:
        """All of it, where it came at once, or its pieces."""
        first = await self._next()
        return first if self._is_read.is_set() else self._from(first)

    async def whole(self) -> bytes:
        """All of it."""
        found = bytearray()
        while piece := await self._next():
            found += piece
        return bytes(found)

    def ignore(self) -> None:
        """Take what there is for nothing."""
        self._is_read.set()

    async def caller_gone(self) -> None:
        """Wait until the caller has closed the connection. Not before the body is read: there is one queue for both."""
        await self._is_read.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass

    async def _from(self, first: bytes) -> AsyncIterator[bytes]:
        yield first
        while piece := await self._next():
            yield piece

    async def _next(self) -> bytes:
        """The next piece that is not empty; empty at the end."""
        while not self._is_read.is_set():
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise CallerGoneError
            piece: bytes = message.get("body") or b""
            self._left -= len(piece)
            if self._left < 0:
                raise ProxyRefusedError(413, "Request too large")
            if not message.get("more_body"):
                self._is_read.set()
            if piece:
                return piece
        return b""
