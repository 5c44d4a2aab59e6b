"""The time a whole call may take."""

from __future__ import annotations

import time
from dataclasses import dataclass

from ..errors import DeadlineExceededError
from .exchange import Exchange, Purpose

SHORTEST = 0.002
_UNBOUNDED = (Purpose.RUN, Purpose.STREAM, Purpose.UPLOAD, Purpose.DOWNLOAD)


class Deadline:
    """Starts to run when it is made. Without a timeout it never passes."""

    def __init__(self, timeout: float | None) -> None:
        self.timeout = timeout
        self._end = None if timeout is None else time.monotonic() + timeout

    def remaining(self) -> float | None:
        """Seconds left (never negative), or None without a limit."""
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    @property
    def has_passed(self) -> bool:
        """Whether no time is left worth an exchange (timers of sockets may fire a moment early)."""
        left = self.remaining()
        return left is not None and left < SHORTEST

    def limit(self, seconds: float | None) -> float | None:
        """The shorter of `seconds` and what is left; None where neither limits."""
        left = self.remaining()
        if seconds is None or left is None:
            return left if seconds is None else seconds
        return min(seconds, left)

    def pause(self, seconds: float) -> float:
        """How long to sleep if `seconds` are wanted."""
        left = self.remaining()
        return seconds if left is None else min(seconds, left)

    def exceeded(self, endpoint: str, request_id: str | None = None) -> DeadlineExceededError:
        """The error to raise when it has passed."""
        return DeadlineExceededError(timeout=self.timeout or 0.0, endpoint=endpoint, request_id=request_id)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how often one call may try."""

    deadline: Deadline
    http_timeout: float
    max_retries: int

    def exchange_seconds(self, exchange: Exchange) -> float | None:
        """The longest one exchange may take; a run or a stream takes as long as the model, a file as it takes."""
        return self.deadline.limit(None if exchange.purpose in _UNBOUNDED else self.http_timeout)

    def reach_seconds(self) -> float:
        """The longest that reaching the server may take."""
        left = self.deadline.limit(self.http_timeout)
        return self.http_timeout if left is None else left
