"""A host of files on a bare socket, which tells exactly what is asked of it: ranges, broken answers, endless ones."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self

ETAG = {"etag": '"v1"'}


@dataclass(frozen=True)
class Asked:
    """A request that arrived."""

    path: str
    headers: dict[str, str]

    @property
    def start(self) -> int:
        """Where the range begins that it asks for; 0 where it asks for none."""
        return int(self.headers.get("range", "bytes=0-").removeprefix("bytes=").partition("-")[0])


@dataclass(frozen=True)
class Sent:
    """An answer.

    Attributes:
        body: Its pieces; by default none.
        cut: Close the connection behind so many bytes of the body.
    """

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    body: bytes | Iterator[bytes] = b""
    cut: int | None = None


class FileHost:
    """Answers each request with what `answers` says.

    Attributes:
        asked: What arrived.
        connections: How many there were.
        sent: The bytes of bodies that went out, or are about to.
    """

    def __init__(self, answers: Callable[[Asked], Sent]) -> None:
        self.asked: list[Asked] = []
        self.connections = self.sent = 0
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                connection = self._listener.accept()[0]
                self.connections += 1
                threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with connection, suppress(OSError), connection.makefile("rb") as lines:
            while first := lines.readline():
                read = iter(lambda: lines.readline().strip().decode("latin-1"), "")
                headers = {name.lower(): text.strip() for name, _, text in (one.partition(":") for one in read)}
                asked = Asked(first.split()[1].decode(), headers)
                self.asked.append(asked)
                sent = self._answers(asked)
                if not self._send(connection, sent):
                    return

    def _send(self, connection: socket.socket, sent: Sent) -> bool:
        """Whether the connection may go on."""
        headers = {"content-type": "image/png", **sent.headers}
        if isinstance(sent.body, bytes):
            headers.setdefault("content-length", str(len(sent.body)))
        head = "".join(f"{name}: {text}\r\n" for name, text in headers.items() if text)
        connection.sendall(f"HTTP/1.1 {sent.status} Said\r\n{head}\r\n".encode("latin-1"))
        pieces = [sent.body[: sent.cut]] if isinstance(sent.body, bytes) else sent.body
        for piece in pieces:
            self.sent += len(piece)  # before somebody has it and looks
            connection.sendall(piece)
        return sent.cut is None and "content-length" in headers


def ranged(content: bytes, cuts: list[int], **headers: str) -> Callable[[Asked], Sent]:
    """A file at any path, as an honest host sends it.

    Args:
        content: What is in it.
        cuts: Behind how many bytes of their bodies the first answers are cut off.
        **headers: Those of the file, such as its `etag`, with `_` for `-`. It changed when they change.
    """
    own = {name.replace("_", "-"): text for name, text in headers.items()}

    def answer(asked: Asked) -> Sent:
        cut = cuts.pop(0) if cuts else None
        start, condition = asked.start, asked.headers.get("if-range")
        if not start or condition not in (own.get("etag"), own.get("last-modified")):
            return Sent(200, own, content, cut)
        part = {"content-range": f"bytes {start}-{len(content) - 1}/{len(content)}"}
        return Sent(206, {**own, **part}, content[start:], cut)

    return answer
