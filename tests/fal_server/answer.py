"""How a reply goes out, and how much of its request is read before."""

from __future__ import annotations

import asyncio
import socket
import struct
from typing import TYPE_CHECKING, Any

from starlette.responses import Response, StreamingResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request

    from .plan import Gate, Reply

_JSON = {"content-type": "application/json"}


async def body_of(request: Request, reply: Reply | None) -> bytes:
    """The body of a request, as far as a reply has it read."""
    if reply is None or reply.reads is None:
        return await request.body()
    read = bytearray()
    while len(read) < reply.reads:
        message = await request.receive()
        read += message.get("body", b"")
        if not message.get("more_body", False):
            break
    return bytes(read)


async def answer(
    request: Request, reply: Reply, transport_of: Callable[[Request], Any], reading_again: Gate
) -> Response:
    """What is said to a request whose body was read.

    Args:
        request: It.
        reply: What to say, or to do instead.
        transport_of: Gives the connection of a request, while it lasts.
        reading_again: Where a connection on which reading stopped waits: only by reading, its end shows.
    """
    if reply.gate is not None and not await reply.gate.passed():
        reply = reply.gate.failure()
    if reply.delay:
        await asyncio.sleep(reply.delay)
    if reply.silent:
        await _client_gone(request, reading_again if reply.reads is not None else None)
    transport = transport_of(request)
    if transport is None:  # the client has gone
        return Response()
    if reply.drop:
        _break(transport, reset=reply.reads is not None)
        return Response()
    content, headers = reply.content(), {**_JSON, **reply.headers}
    if not (reply.cut or reply.drip):
        return Response(content, reply.status, headers)
    pieces = _pieces(content, reply, transport)
    return StreamingResponse(pieces, reply.status, {**headers, "content-length": str(len(content))})


async def _client_gone(request: Request, reading_again: Gate | None) -> None:
    if reading_again is not None:
        await reading_again.passed()
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _break(transport: Any, *, reset: bool) -> None:
    if reset:  # otherwise it depends on whether there is something left to read
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


async def _pieces(content: bytes, reply: Reply, transport: Any) -> AsyncIterator[bytes]:
    if reply.cut:
        yield content[: len(content) // 2]
        await asyncio.sleep(0.02)  # let what was written go out
        transport.abort()
        return
    for index in range(len(content)):
        yield content[index : index + 1]
        await asyncio.sleep(reply.drip)
