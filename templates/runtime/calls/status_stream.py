"""The states of a request as a stream tells them, one step after the other. No I/O."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import FalError
from ..events.states import Completed
from ..http.connections.held_stream import CloseStream, NextEvent
from ..http.exchange import Answer, Deadline
from .status import StatusReader

if TYPE_CHECKING:
    from httpx_sse import ServerSentEvent

    from ..events.states import LogEntry, QueueStatus
    from ..http.connections.held_stream import HeldStream
    from ..http.exchange import Limits, Steps

# A stream begins with the state as it is. A proxy that collects what it passes on tells it too late.
FIRST_EVENT_SECONDS = 1.0
# fal ends a stream with the completion. Whoever sees it end keeps the connection.
LAST_SECONDS = 0.05


class StatusStream:
    """An open stream of the states of one request. As in a poll, each holds all log entries up to it."""

    def __init__(self, held: HeldStream, limits: Limits) -> None:
        self._held = held
        self._deadline = limits.deadline
        self._first = Deadline(FIRST_EVENT_SECONDS)
        self._said_something = False
        self._is_useless = False
        self._logs: tuple[LogEntry, ...] = ()

    def coming(self) -> Steps[QueueStatus | None]:
        """The next state; None where there is none, or none that can be read. Then it is to be closed."""
        if not self._held.is_alone:
            self._is_useless = True
            return None
        event: ServerSentEvent | None = yield NextEvent(self._held, self._limit())
        while event is not None and not event.data:  # a bare id, or for how long to stay away
            event = yield NextEvent(self._held, self._limit())
        status = None if event is None else self._read(event)
        if status is None:
            self._is_useless = not (self._said_something or self._deadline.has_passed)
        elif isinstance(status, Completed):
            yield NextEvent(self._held, self._deadline.limit(LAST_SECONDS))
        self._said_something = True
        return status

    def closed(self) -> Steps[None]:
        """Its connection given back, or closed."""
        yield CloseStream(self._held, self._is_useless)

    def _limit(self) -> float | None:
        return self._deadline.limit(None if self._said_something else self._first.remaining())

    def _read(self, event: ServerSentEvent) -> QueueStatus | None:
        answer = Answer(200, {}, event.data.encode())
        exchange = self._held.exchange
        named = answer.json_object().get("request_id")
        if event.event == "error" or (named and str(named) != exchange.request_id):  # of another request
            return None
        try:  # with 200, a word that is not known is no state
            status = StatusReader().read(exchange, answer)
        except FalError:
            return None
        self._logs = status.logs if self._is_repeated(status.logs) else self._logs + status.logs
        return replace(status, logs=self._logs)

    def _is_repeated(self, logs: tuple[LogEntry, ...]) -> bool:
        """Whether an event repeats the entries of those before it. fal's holds what is new alone."""
        return bool(logs) and logs[: len(self._logs)] == self._logs
