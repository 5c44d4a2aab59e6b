"""A transport for threads that must be stopped when one of them fails."""

from __future__ import annotations

import socket
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..errors import FalError
from .transport import Transport

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .exchange import Answer, Exchange, Limits


class StoppedError(FalError):
    """A transfer was given up because of something else."""


class WorkerTransport(Transport):
    """Its connections are its own, so that stopping it can break them: a thread that waits for an answer notices.

    With an injected client it cannot: connections of that may serve other calls. Then a thread goes on until its
    exchange ends.

    Args:
        other: Whose key and settings it has.
    """

    def __init__(self, other: Transport) -> None:
        other.client()  # one that is closed has none
        super().__init__(other._secret, other._injected, other._proxy_url)
        self._stopped = threading.Event()
        self._sockets: list[socket.socket] = []
        self._watches = other._injected is None

    def send(self, exchange: Exchange, limits: Limits) -> Answer:
        """See Transport.send.

        Raises:
            StoppedError: Somebody stopped it.
        """
        try:
            self.check()
            answer = super().send(exchange._replace(trace=self._note) if self._watches else exchange, limits)
        except Exception:
            self.check()
            raise
        self.check()
        return answer

    def check(self) -> None:
        """Raise StoppedError if it was stopped."""
        if self._stopped.is_set():
            raise StoppedError("given up")

    def stop(self) -> None:
        """End whatever is going on in other threads."""
        self._stopped.set()
        for each in list(self._sockets):
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)  # not that of SSLSocket, which another thread is in

    def _pause(self, seconds: float) -> Any:
        self._stopped.wait(seconds)
        self.check()

    def _note(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the socket of each connection (httpx docs, Extensions: `network_stream`)."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            opened: Any = info["return_value"].get_extra_info("socket")
            if not isinstance(opened, socket.socket):
                return
            self._sockets.append(opened)
            if self._stopped.is_set():
                opened.close()  # nobody else has it yet
                self.check()
