"""Ends a read that would go on after a deadline."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import httpx


class Alarm:
    """Shuts the connection of an answer down when its time is over, so that whoever reads from it wakes up.

    httpcore fixes the limit of every read when a body begins; what is left of the deadline is less by the time of the
    last one. Over HTTP/2, which only a caller's own client speaks, a connection is shared and nothing is done.

    Args:
        response: The answer that is read from.
        seconds: When to do it; None for never.
    """

    def __init__(self, response: httpx.Response, seconds: float | None) -> None:
        self._timer: threading.Timer | None = None
        self.went_off = False
        stream: Any = response.extensions.get("network_stream")
        if seconds is None or stream is None or response.http_version == "HTTP/2":
            return
        self._timer = threading.Timer(seconds, self._go_off, [stream.get_extra_info("socket")])
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Do nothing after all."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _go_off(self, connection: object) -> None:
        self.went_off = True
        if isinstance(connection, socket.socket):
            with contextlib.suppress(OSError):  # it is closed already
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # SSLSocket's own changes what a reader uses
