"""A transport for threads that must be stopped when one of them fails."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .. import stand_in
from ..errors import FalError
from .transport import Transport

if TYPE_CHECKING:
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
        super().__init__(other._secret, other._injected, other._proxy_url, hosts=other._hosts, options=other._options)
        self._stopped = threading.Event()

    def send(self, exchange: Exchange, limits: Limits) -> Answer:
        """See Transport.send.

        Raises:
            StoppedError: Somebody stopped it.
        """
        try:
            self.check()
            answer = super().send(exchange, limits)
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
        self._break()

    def _pause(self, seconds: float) -> Any:
        instead = stand_in.current
        (self._stopped.wait if instead is None else instead.pause)(seconds)
        self.check()
