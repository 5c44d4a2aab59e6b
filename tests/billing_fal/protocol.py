"""HTTP/1.1 as far as clients of fal speak it: a tenth of what a framework costs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qs, unquote

if TYPE_CHECKING:
    from collections.abc import Callable

    from .service import Service

_REASONS = {200: "OK", 202: "Accepted", 400: "Bad Request", 404: "Not Found", 422: "Unprocessable Entity"}


class Request(NamedTuple):
    """What a client asks for."""

    method: str
    path: str
    query: dict[str, list[str]]
    headers: dict[str, str]
    body: bytes


class Connection(asyncio.Protocol):
    """One connection: a request after the other. What was asked on one that breaks is not undone."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._buffer = b""
        self._is_busy = False
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        if self._service.is_out:
            transport.abort()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._go_on()

    # What a service does with a connection.

    @property
    def is_gone(self) -> bool:
        """Whether its client is no more."""
        return self._transport.is_closing()

    def answer(self, status: int, body: bytes, headers: str = "", kind: str = "application/json") -> None:
        """Send an answer whole, if anybody is there."""
        if self.is_gone:
            return
        reason = _REASONS.get(status, "Status")
        head = f"HTTP/1.1 {status} {reason}\r\ncontent-type: {kind}\r\ncontent-length: {len(body)}\r\n{headers}\r\n"
        self._transport.write(head.encode() + body)
        self._is_busy = False
        if self._buffer:
            self._go_on()

    def begin_events(self) -> Callable[[bytes | None], None]:
        """Begin a stream of events; what it returns sends one, or with None the end."""
        head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
        self._transport.write(head.encode())

        def send(data: bytes | None) -> None:
            if data is not None:
                event = b"data: " + data + b"\n\n"
                self._transport.write(f"{len(event):x}\r\n".encode() + event + b"\r\n")
                return
            self._transport.write(b"0\r\n\r\n")
            self._is_busy = False
            self._go_on()

        return send

    def break_off(self) -> None:
        """Hang up without an answer."""
        self._transport.abort()

    def _go_on(self) -> None:
        while not self._is_busy and not self._transport.is_closing():
            request = self._next()
            if request is None:
                return
            self._is_busy = True
            if self._service.is_out:
                self.break_off()
            else:
                self._service.handle(request, self)

    def _next(self) -> Request | None:
        """The next request, if it is here whole."""
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return None
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        found = self._body(end + 4, headers)
        if found is None:
            return None
        body, after = found
        self._buffer = self._buffer[after:]
        method, target, _ = first.split(" ", 2)
        path, _, query = target.partition("?")
        return Request(method, unquote(path), parse_qs(query) if query else {}, headers, body)

    def _body(self, start: int, headers: dict[str, str]) -> tuple[bytes, int] | None:
        """The body and where it ends, if it is here whole."""
        if headers.get("transfer-encoding") == "chunked":
            return self._chunks(start)
        end = start + int(headers.get("content-length", 0))
        return (self._buffer[start:end], end) if len(self._buffer) >= end else None

    def _chunks(self, at: int) -> tuple[bytes, int] | None:
        body = bytearray()
        while (line := self._buffer.find(b"\r\n", at)) >= 0:
            size = int(self._buffer[at:line], 16)
            at = line + 2 + size + 2
            if len(self._buffer) < at:
                return None
            body += self._buffer[line + 2 : line + 2 + size]
            if size == 0:
                return bytes(body), at
        return None
