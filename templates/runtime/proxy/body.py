"""The body of a request to a proxy, passed on as it comes; and whether the caller is still there."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping

    Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]


class BodyTooLargeError(Exception):
    """More came than the proxy takes."""


class CallerGoneError(Exception):
    """The caller closed the connection before all of the body came."""


class RequestBody:
    """What is left to receive of one ASGI request.

    Args:
        receive: ASGI's.
        limit: The most bytes to take.
        is_empty: Whether the headers say that there are none.
    """

    def __init__(self, receive: Receive, limit: int, *, is_empty: bool) -> None:
        self._receive = receive
        self._left = limit
        self._is_read = asyncio.Event()
        if is_empty:
            self._is_read.set()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body, piece by piece."""
        more = True
        while more:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise CallerGoneError
            piece: bytes = message.get("body", b"")
            self._left -= len(piece)
            if self._left < 0:
                raise BodyTooLargeError
            more = bool(message.get("more_body"))
            if piece:
                yield piece
        self._is_read.set()

    async def caller_gone(self) -> None:
        """Wait until the caller has closed the connection. Not before the body is read: there is one queue for both."""
        await self._is_read.wait()
        while (await self._receive())["type"] != "http.disconnect":
            pass
