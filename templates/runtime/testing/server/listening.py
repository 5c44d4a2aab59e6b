"""The server: where it listens, and who answers what comes."""

from __future__ import annotations

import os
import socket
import ssl
import sys
import threading
import traceback
from contextlib import suppress
from dataclasses import replace
from socketserver import ThreadingTCPServer
from typing import TYPE_CHECKING, Any

from .connection import Connection, refusal
from .page import page_answer
from .places import Finder

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self, TypeAlias

    from ...http.hosts import Hosts
    from ..messages import Answer, Request
    from .history import History

    # A request, and the base URLs that the answer names.
    Answers: TypeAlias = Callable[[Request, Hosts], Answer | None]

_PLAIN_METHODS = ("GET", "HEAD")
# A file that somebody uploaded is opened from the page: it may not act in its name.
_FILES = {"content-security-policy": "sandbox", "x-content-type-options": "nosniff"}
_NOTHING = refusal(404, "there is nothing here")


class FakeServer:
    """A fal on a port. A context manager that serves in a thread of its own; `serve` does it in this one.

    Attributes:
        url: Where it is, for clients on this machine.
        port: Where it listens.
        history: What it was asked.
        tls: To speak https as well; plain http it always speaks.

    Args:
        answers: What answers: the service's `answer`.
        history: Where it keeps what it was asked.
        host: The name or address that it listens at.
        port: 0 for any free one.
        tls: A context with the certificate.

    Raises:
        OSError: It cannot listen there.
    """

    def __init__(
        self,
        answers: Answers,
        history: History,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._listener = _Listener(self, host, port)
        self.port: int = self._listener.server_address[1]
        self.tls, self.history = tls, history
        self._finder = Finder(host, self.port)
        self.url = f"http://{self._finder.authority}"
        self._answers = answers
        self._over = threading.Event()
        self._told: set[str] = set()
        self._connections: set[Connection] = set()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self.serve, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown()
        self.close()
        if self._thread is not None:
            self._thread.join()

    def serve(self) -> None:
        """Answer until the end."""
        self._listener.serve_forever(poll_interval=0.05)

    def close(self) -> None:
        """Listen no longer, and keep nobody waiting."""
        self._over.set()
        self._listener.server_close()
        for each in list(self._connections):
            with suppress(OSError):
                each.connection.shutdown(socket.SHUT_RDWR)

    def answer(self, target: str, request: Request, *, tunnel: str | None, is_secure: bool) -> Answer:
        """What comes of a request.

        Args:
            target: What stands in its first line.
            request: It; its URL is still to be found.
            tunnel: The host that its connection is said to lead to.
            is_secure: Whether it came over TLS.

        Raises:
            NoAnswer: It gets none.
        """
        found = self._finder.find(target, request.headers, tunnel=tunnel, is_secure=is_secure)
        if found is None:
            return refusal(400, "this is neither a place of fal's nor one of the fake's own")
        is_plain = request.method in _PLAIN_METHODS
        if is_plain and (page := page_answer(found.path, request.headers, self.history)):
            return page
        is_file = is_plain and found.path.startswith("/cdn/")
        asked = replace(request, url=found.url, method="GET" if is_file else request.method)
        answer = self.history.watched(asked, found, lambda: self._answers(asked, found.hosts) or _NOTHING)
        if not is_file:
            return answer
        return replace(answer, headers={**answer.headers, **_FILES})

    def opened(self, connection: Connection) -> None:
        """Remember a connection, to close it at the end."""
        self._connections.add(connection)

    def closed(self, connection: Connection) -> None:
        """Forget it."""
        self._connections.discard(connection)

    def leads_to(self, authority: str) -> bool:
        """Whether it stands for a host and port that somebody wants to be connected to."""
        return self._finder.leads_to(authority)

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass.

        Raises:
            ConnectionError: The server ends meanwhile.
        """
        if seconds > 0 and self._over.wait(seconds):
            raise ConnectionError("the server ends")

    def tell_once(self, text: str) -> None:
        """Say something on the terminal, but not again and again."""
        if text not in self._told:
            self._told.add(text)
            sys.stderr.write(f"{text}\n")


class _Listener(ThreadingTCPServer):
    """The socket, and a thread for each connection."""

    allow_reuse_address = os.name == "posix"  # elsewhere two servers would share a port
    request_queue_size = 128
    daemon_threads = True
    block_on_close = False

    def __init__(self, app: FakeServer, host: str, port: int) -> None:
        self.app = app
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), Connection)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002
        """See the base class; clients that go away before they have said anything are no error."""
        if not isinstance(sys.exception(), (ConnectionError, TimeoutError, ssl.SSLError)):
            traceback.print_exc(file=sys.stderr)
