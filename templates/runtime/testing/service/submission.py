"""A request in the queue: what it is at which time."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from .answers import KEEP_ALIVE, event

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..clock import Clock
    from ..scripting.script import Call, Failure, Play

# fal writes a comment so often (fal docs, Queue API: streaming status).
_KEEP_ALIVE_SECONDS = 15.0
# As near as two moments on a clock of floating-point numbers can be.
_TINY = 1e-6


@dataclass
class Submission:
    """What was submitted, and what comes of it.

    Attributes:
        call: What was asked.
        play: What comes of it.
        path: Where it was submitted, below the host.
        urls: Those URLs, as answers name them.
        failure: How it failed, once that is settled: by its script, or because it was cancelled.
        ends: When it ends, or ended.
        began: The machine's time of its submission, for the times of its logs.
    """

    call: Call
    play: Play
    path: str
    urls: dict[str, str]
    failure: Failure | None = None
    ends: float = 0.0
    began: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.failure = self.play.error
        self.ends = self.call.at + self.play.seconds

    def is_over(self, now: float) -> bool:
        """Whether it has ended."""
        return now >= self.ends - _TINY

    @property
    def starts(self) -> float:
        """When it leaves the queue."""
        return self.call.at + (self.play.seconds / 2 if self.play.queue else 0.0)

    def state(self, now: float, *, logs: bool) -> dict[str, Any]:
        """What the queue says of it."""
        common = {"request_id": self.call.request_id, **self.urls}
        if not self.is_over(now):
            if now < self.starts - _TINY:
                return {"status": "IN_QUEUE", "queue_position": self.play.queue[self._turn(now)], **common}
            return {"status": "IN_PROGRESS", "logs": self._logs(now) if logs else None, **common}
        state: dict[str, Any] = {"status": "COMPLETED", "logs": self._logs(now) if logs else None, **common}
        state["metrics"] = {"inference_time": max(self.ends - self.starts, 0.0)}
        if self.failure is not None:
            told = {"error": self.failure.message, "error_type": self.failure.error_type}
            state |= {name: text for name, text in told.items() if text is not None}
        return state

    def end(self, failure: Failure, now: float) -> None:
        """End it before its time."""
        self.failure, self.ends = failure, now
        self.play.error = failure  # for whoever delivers it, and for what is told of the call

    def events(self, clock: Clock, *, logs: bool) -> Iterator[bytes | float]:
        """Its states as a stream tells them, up to the last one; the logs in each are the new ones."""
        told: dict[str, Any] | None = None
        lines = 0
        while True:
            now = clock.now()
            state = self.state(now, logs=logs)
            whole: list[Any] = state.get("logs") or []
            if state != told:
                yield event({**state, "logs": whole[lines:] if logs else None})
            told, lines = state, len(whole)
            if self.is_over(now):
                return
            coming = min((moment for moment in self._moments() if moment > now + _TINY), default=self.ends)
            if coming - now > _KEEP_ALIVE_SECONDS:
                yield _KEEP_ALIVE_SECONDS
                yield KEEP_ALIVE
            else:
                yield max(coming - now, _TINY)

    def _turn(self, now: float) -> int:
        """Which of the positions in the queue it is at; each lasts equally long."""
        positions = len(self.play.queue)
        share = (now - self.call.at + _TINY) / (self.starts - self.call.at)
        return min(int(share * positions), positions - 1)

    def _moments(self) -> Iterator[float]:
        """When its state changes."""
        positions = len(self.play.queue)
        for turn in range(1, positions + 1):
            yield self.call.at + (self.starts - self.call.at) * turn / positions
        yield from self._lines()
        yield self.ends

    def _lines(self) -> Iterator[float]:
        """When each line of the logs is written: evenly, while it is worked on."""
        planned = self.call.at + self.play.seconds
        for number in range(1, len(self.play.logs) + 1):
            yield self.starts + (planned - self.starts) * number / (len(self.play.logs) + 1)

    def _logs(self, now: float) -> list[dict[str, str]]:
        return [
            {
                "message": line,
                "timestamp": (self.began + timedelta(seconds=at - self.call.at)).isoformat(),
                "level": "INFO",
                "source": "USER",
            }
            for line, at in zip(self.play.logs, self._lines(), strict=True)
            if at <= now + _TINY
        ]
