"""The fake's server with a service of a few lines behind it, and bare sockets to speak to it."""

from __future__ import annotations

import json
import socket
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from fal_typed._runtime.testing.clock import RealClock
from fal_typed._runtime.testing.messages import Answer
from fal_typed._runtime.testing.server.history import History
from fal_typed._runtime.testing.server.listening import FakeServer

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

    from fal_typed import Hosts
    from fal_typed._runtime.testing.messages import Request

PATIENCE = 20.0


@dataclass
class Echo:
    """Answers every request with what it was, unless something else is said of its path.

    Attributes:
        asked: What came.
        hosts: Which hosts the answers are to name.
        says: What is answered instead, by the end of its URL.
    """

    asked: list[Request] = field(default_factory=list["Request"])
    hosts: list[Hosts] = field(default_factory=list["Hosts"])
    says: dict[str, Callable[[Request], Answer]] = field(default_factory=dict[str, "Callable[[Request], Answer]"])

    def __call__(self, request: Request, hosts: Hosts) -> Answer | None:
        self.asked.append(request)
        self.hosts.append(hosts)
        own = next((says for end, says in self.says.items() if request.url.endswith(end)), None)
        told = {"method": request.method, "url": request.url, "bytes": len(request.body)}
        return own(request) if own else Answer(200, {"content-type": "application/json"}, json.dumps(told).encode())


@contextmanager
def served(echo: Echo, **options: Any) -> Iterator[FakeServer]:
    """A server that has it answer."""

    with FakeServer(echo, History(RealClock()), **options) as server:
        yield server


@dataclass
class Said:
    """An answer off a socket."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Wire:
    """A connection, and what it reads of answers."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1") -> None:
        raw = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.socket = tls.wrap_socket(raw, server_hostname=host) if tls else raw
        self.file = self.socket.makefile("rb")

    def __enter__(self) -> Wire:
        return self

    def __exit__(self, *_: object) -> None:
        self.file.close()
        self.socket.close()

    def secured(self, tls: ssl.SSLContext, host: str) -> None:
        """Speak TLS from here on."""
        self.file.close()
        self.socket = tls.wrap_socket(self.socket, server_hostname=host)
        self.file = self.socket.makefile("rb")

    def ask(self, text: str | bytes, *, head_only: bool = False) -> Said:
        """Send something, and read the answer to it."""
        self.socket.sendall(text.replace("\n", "\r\n").encode() if isinstance(text, str) else text)
        return self.answer(head_only=head_only)

    def answer(self, *, head_only: bool = False) -> Said:
        """The next answer."""
        first = self.file.readline().split()
        assert first[:1] == [b"HTTP/1.1"], first
        headers: dict[str, str] = {}
        while line := self.file.readline().strip():
            name, _, value = line.decode().partition(":")
            headers[name.lower()] = value.strip()
        if head_only or int(first[1]) in (204, 304):
            return Said(int(first[1]), headers, b"")
        if headers.get("transfer-encoding") == "chunked":
            return Said(int(first[1]), headers, b"".join(self._chunks()))
        length = headers.get("content-length")
        return Said(int(first[1]), headers, self.file.read(int(length)) if length else self.file.read())

    def chunk(self) -> bytes:
        """The next piece of a body that comes in pieces; empty at its end."""
        size = int(self.file.readline(), 16)
        piece = self.file.read(size)
        assert self.file.readline() == b"\r\n"
        return piece

    def _chunks(self) -> Iterator[bytes]:
        while piece := self.chunk():
            yield piece

    def is_closed(self) -> bool:
        """Whether the server has hung up."""
        try:
            return self.file.read(1) == b""
        except ConnectionError:
            return True
