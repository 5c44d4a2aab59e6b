"""Servers that answer a little now and then, and never to the end; and addresses at which nobody answers."""

from __future__ import annotations

import json
import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"
# What comes once, and what comes again and again after it.
DRIPS = {
    "header": (OK + b"x-slow: ", b"x"),
    "early hints": (b"", b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"),
    "chunk extension": (OK + b"transfer-encoding: chunked\r\n\r\n2;ext=", b"x"),
    "gzip header": (
        OK + b"content-encoding: gzip\r\ncontent-length: 1000000\r\n\r\n\x1f\x8b\x08\x08\0\0\0\0\0\x03",
        b"name",
    ),
    "body": (OK + b"content-length: 1000000\r\n\r\n", b" "),
    "nothing": (b"", b""),
}


@contextmanager
def dripping(kind: str, pause: float = 0.01, accepts: str | None = None) -> Iterator[int]:
    """The port of a server whose every answer is one of the kinds above; but submissions it accepts under an id."""
    over = threading.Event()
    once, again = DRIPS[kind]

    def serve(connection: socket.socket) -> None:
        with connection, suppress(OSError):
            while connection.recv(65536).startswith(b"POST") and accepts is not None:
                body = json.dumps({"request_id": accepts, "status": "IN_QUEUE"}).encode()
                connection.sendall(OK + b"content-length: %d\r\n\r\n%b" % (len(body), body))
            connection.sendall(once)
            while not over.wait(pause):
                connection.sendall(again)

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        yield listener.getsockname()[1]
        over.set()
        listener.shutdown(socket.SHUT_RDWR)


@contextmanager
def unanswering() -> Iterator[int]:
    """A port at which, on any address of this machine, nobody accepts, and nobody refuses."""
    with socket.create_server(("", 0), backlog=0) as listener:
        port: int = listener.getsockname()[1]
        waiting = [socket.socket() for _ in range(4)]
        for each in waiting:  # they fill the queue
            each.setblocking(False)
            with suppress(BlockingIOError):
                each.connect(("127.0.0.1", port))
        yield port
        for each in waiting:
            each.close()
