"""One connection to the server: HTTP/1.1 with keep-alive, plain or over TLS, also as the proxy of a client."""

from __future__ import annotations

import json
import socket
import ssl
import sys
import traceback
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING, Protocol, cast

from ..messages import Answer, NoAnswer, Request
from .bodies import BadBodyError, length_of, read_body
from .cors import about, preflight

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedIOBase
    from typing import Any

_JSON = {"content-type": "application/json"}
_TLS_HANDSHAKE = b"\x16"  # the first byte of it; no method begins so
# Bytes of a refused body that are read and forgotten, so that its sender comes to read the answer.
_DRAINED = 16 * 1024 * 1024
_PIECE = 65536
_NO_BODY = (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED)


class App(Protocol):
    """Whose connection it is.

    Attributes:
        tls: To speak https as well.
    """

    tls: ssl.SSLContext | None

    def answer(self, target: str, request: Request, *, tunnel: str | None, is_secure: bool) -> Answer:
        """What comes of a request; NoAnswer is raised where there is none."""
        ...

    def leads_to(self, authority: str) -> bool:
        """Whether it stands for a host and port that somebody wants to be connected to."""
        ...

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass; a ConnectionError is raised where the server ends meanwhile."""
        ...

    def tell_once(self, text: str) -> None:
        """Say something on the terminal."""
        ...

    def opened(self, connection: Connection) -> None:
        """Remember a connection, to close it at the end."""
        ...

    def closed(self, connection: Connection) -> None:
        """Forget it."""
        ...


class _Lines:
    """What comes on a connection.

    Attributes:
        is_over: Whether there was no more where a line was wanted.
    """

    def __init__(self, file: BufferedIOBase) -> None:
        self._file = file
        self.read, self.close = file.read, file.close
        self.is_over = False

    def readline(self, size: int = -1) -> bytes:
        line = self._file.readline(size)
        self.is_over = not line
        return line


class Connection(BaseHTTPRequestHandler):
    """Reads requests, has them answered, and says nothing of what goes wrong in here but that it did."""

    protocol_version = "HTTP/1.1"
    timeout = 75.0  # seconds without a word, as nginx
    disable_nagle_algorithm = True
    tunnel: str | None = None
    """The host of fal's that the client believes to be connected to."""

    @property
    def app(self) -> App:
        """Whose connection it is."""
        app: App = cast("Any", self.server).app
        return app

    def setup(self) -> None:
        """See the base class: TLS or not, on one port."""
        first = cast("socket.socket", self.request)
        first.settimeout(self.timeout)
        if first.recv(1, socket.MSG_PEEK) == _TLS_HANDSHAKE:
            self.request = self._secured(first)
        super().setup()
        self.rfile = cast("Any", _Lines(self.rfile))
        self.app.opened(self)

    def finish(self) -> None:
        """See the base class; what speaks TLS is another socket than the one that the server closes."""
        self.app.closed(self)
        super().finish()
        self.connection.close()

    def handle(self) -> None:
        """See the base class; a client that is gone is none of our trouble."""
        try:
            super().handle()
        except (ConnectionError, TimeoutError, ssl.SSLError):
            self.close_connection = True

    def parse_request(self) -> bool:
        """See the base class, which takes a head that broke off for a whole one, and speaks HTTP/0.9."""
        if not super().parse_request():
            return False
        if cast("_Lines", self.rfile).is_over:
            raise ConnectionError("the head broke off")
        if self.request_version not in ("HTTP/1.0", "HTTP/1.1"):
            self.send_error(400, f"Bad request version ({self.request_version})")
            return False
        return True

    def do_GET(self) -> None:
        """Any method but CONNECT."""
        try:
            self._send(self._answer())
        except NoAnswer as none:
            self._break_off(none)
        except BadBodyError as bad:
            self.close_connection = True
            self._send(refusal(bad.status, str(bad)))
            self._drain()

    do_HEAD = do_POST = do_PUT = do_DELETE = do_PATCH = do_OPTIONS = do_GET

    def do_CONNECT(self) -> None:
        """The client takes this server for a proxy: what follows is for the host that it names, over TLS."""
        self.close_connection = True
        if not self.app.leads_to(self.path):
            return self._send(refusal(403, f"the fake leads to hosts of fal's only; put {self.path} into NO_PROXY"))
        if self.app.tls is None:
            return self._send(refusal(501, "the fake needs a certificate to be a proxy for https: start it with --tls"))
        self.send_response_only(200, "Connection established")
        self.end_headers()
        self.tunnel = self.path
        self.connection = self._secured(self.connection)
        self.rfile.close()
        self.rfile = cast("Any", _Lines(self.connection.makefile("rb", -1)))
        self.wfile = self.connection.makefile("wb", 0)
        self.close_connection = False
        return None

    def handle_expect_100(self) -> bool:
        """See the base class: nobody is asked for a body that is too long."""
        try:
            length_of(self._lowered())
        except BadBodyError as bad:
            self.close_connection = True
            self._send(refusal(bad.status, str(bad)))
            return False
        return super().handle_expect_100()

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:  # noqa: ARG002
        """See the base class: what is no HTTP is told in fal's own shape."""
        self.close_connection = True
        self.request_version = self.protocol_version  # of which nothing may be known yet
        self._send(refusal(code, message or HTTPStatus(code).phrase))

    def version_string(self) -> str:
        """What the server calls itself."""
        return "fal-typed-testing"

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the page shows what is asked."""

    def _secured(self, plain: socket.socket) -> socket.socket:
        if self.app.tls is None:
            self.app.tell_once("a client speaks https: start the server with --tls, or point the client at http://")
            raise ConnectionError("no certificate")
        return self.app.tls.wrap_socket(plain, server_side=True)

    def _lowered(self) -> dict[str, str]:
        lowered: dict[str, str] = {}
        for name, text in self.headers.items():
            before = lowered.get(name.lower())
            lowered[name.lower()] = text if before is None else f"{before}, {text}"
        return lowered

    def _answer(self) -> Answer:
        headers = self._lowered()
        asked = preflight(self.command, headers)
        if asked is not None:
            return Answer(204, asked)
        body = read_body(self.rfile, headers)
        try:
            is_secure = isinstance(self.connection, ssl.SSLSocket)
            request = Request(self.command, "", headers, body)
            answer = self.app.answer(self.path, request, tunnel=self.tunnel, is_secure=is_secure)
        except NoAnswer:
            raise
        except Exception:  # whatever it is: it is ours, not the client's
            traceback.print_exc(file=sys.stderr)
            return refusal(500, "the fake failed; its terminal says how")
        self.app.wait(answer.seconds)
        return replace(answer, headers={**answer.headers, **about(headers, answer.headers)})

    def _send(self, answer: Answer) -> None:
        """Write an answer, of which the client may have only the head."""
        has_body = self.command != "HEAD" and answer.status not in _NO_BODY
        chunked = answer.events is not None and self.request_version == self.protocol_version
        self.send_response(answer.status)
        for name, text in answer.headers.items():
            self.send_header(name, text)
        if answer.events is None:
            if answer.status not in _NO_BODY:
                self.send_header("content-length", str(len(answer.body)))
        elif chunked:
            self.send_header("transfer-encoding", "chunked")
        else:
            self.close_connection = True
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if has_body and answer.events is None:
            self.wfile.write(answer.body)
        elif has_body and answer.events is not None:
            try:
                self._send_events(answer.events, chunked=chunked)
            finally:
                close = getattr(answer.events, "close", None)  # a generator's, which may have something to put away
                if close is not None:
                    close()

    def _send_events(self, events: Iterator[bytes | float], *, chunked: bool) -> None:
        for event in events:
            if not isinstance(event, bytes):
                self.app.wait(event)
            elif event:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(event), event) if chunked else event)
        if chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _break_off(self, none: NoAnswer) -> None:
        """Close the connection without an answer; a timeout keeps silent for as long as the client stays."""
        self.close_connection = True
        self.app.wait(none.seconds)
        if none.kind == "timeout":
            self.connection.settimeout(None)
            self.connection.recv(1)

    def _drain(self) -> None:
        self.connection.shutdown(socket.SHUT_WR)
        left = _DRAINED
        while left > 0 and (piece := self.connection.recv(_PIECE)):
            left -= len(piece)


def refusal(status: int, detail: str) -> Answer:
    """An error in fal's shape."""
    return Answer(status, _JSON, json.dumps({"detail": detail}).encode())
