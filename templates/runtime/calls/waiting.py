"""Waiting for a request in the queue: which updates there are to tell, and how they are learnt of. No I/O."""

# design: How does a call wait?

from __future__ import annotations

from typing import TYPE_CHECKING

from .. import stand_in
from ..events.states import Completed, Queued
from ..http.connections.held_stream import OpenStream
from ..http.exchange import Pause
from .status import StatusReader, UpdateFilter
from .status_stream import StatusStream

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..events.states import QueueStatus
    from ..http.connections.held_stream import HeldStream
    from ..http.exchange import Answer, Limits, Steps
    from ..http.requests import RequestBuilder, RequestUrls

# That of the official client 1.0.3, which keeps it for ever.
FIRST_INTERVAL = 0.1
LONGEST_INTERVAL = 2.0
# Seconds from opening a stream to opening the next one, at first and at last.
FIRST_DISTANCE, LONGEST_DISTANCE = 5.0, 60.0
# The share of the time already spent that an answer may come late. In the queue it is not the answer that comes late.
_SHARE, _SHARE_IN_QUEUE = 0.02, 0.1


class Updates:
    """The changes of a request's state, up to its completion. Each log entry is in one of them.

    A stream tells them as they happen. Where there is none, or none any more, the state is asked for again and again,
    and now and then for another stream.

    Args:
        builder: Makes the requests.
        urls: Where they go.
        request_id: Whose changes.
        limits: How long all of them may take.
        poll_interval: The caller's own interval, if any; then there is no stream.
        logs: Whether they carry the model's logs.
        is_new: Whether the request was submitted just now. No model is done at once.

    Attributes:
        limits: As given.
        completed: The last one, once it was seen.
    """

    def __init__(
        self,
        builder: RequestBuilder,
        urls: RequestUrls,
        request_id: str,
        limits: Limits,
        poll_interval: float | None,
        *,
        logs: bool,
        is_new: bool = False,
    ) -> None:
        self.limits = limits
        self.completed: Completed | None = None
        self._asking = builder.status(urls, request_id, logs=logs)
        self._streaming = builder.status_stream(urls, request_id, logs=logs) if poll_interval is None else None
        self._reader, self._filter = StatusReader(), UpdateFilter()
        self._pace, self._openings = Pace(poll_interval), Openings()
        self._stream: StatusStream | None = None
        self._first = self._pace.first if is_new else 0.0
        self._polled: QueueStatus | None = None

    def coming(self) -> Steps[QueueStatus | None]:
        """The next one; None after the last."""
        while self.completed is None:
            status: QueueStatus = (yield from self._told()) or (yield from self._asked())
            update = self._filter.news(status)
            self._pace.note(status)
            if isinstance(status, Completed):
                self.completed = status
                yield from self.closed()
            if update is not None:
                if self.limits.watch is not None:
                    self.limits.watch.updated(update)
                return update
        return None

    def closed(self) -> Steps[None]:
        """Without a connection; they can go on from there."""
        stream, self._stream = self._stream, None
        if stream is not None:
            yield from stream.closed()

    def _told(self) -> Steps[QueueStatus | None]:
        """The next state out of a stream; None, after a pause, where it has to be asked for."""
        if self._stream is None:
            deadline = self.limits.deadline
            before = self._polled
            seconds = self._first if before is None else self._pace.interval(before, deadline.remaining())
            held: HeldStream | None = None
            if self._streaming is not None and self._openings.is_due():
                held = yield OpenStream(self._streaming, deadline.pause(seconds))
            elif seconds:
                yield Pause(deadline.pause(seconds))
            if held is None:
                return None
            self._stream = StatusStream(held, self.limits)
        status = yield from self._stream.coming()
        if status is None:  # whatever it kept to itself is asked for at once
            yield from self.closed()
        return status

    def _asked(self) -> Steps[QueueStatus]:
        answer: Answer = yield self._asking
        self._polled = self._reader.read(self._asking, answer)
        return self._polled


class Openings:
    """When a stream is worth opening: at once, and again after one that lasted, or after a time that doubles."""

    def __init__(self, clock: Callable[[], float] | None = None) -> None:
        self._clock = clock or stand_in.now
        self._due = 0.0
        self._distance = FIRST_DISTANCE

    def is_due(self) -> bool:
        """Whether one is to be opened now."""
        now = self._clock()
        if now < self._due:
            return False
        self._due = now + self._distance
        self._distance = min(2 * self._distance, LONGEST_DISTANCE)
        return True


class Pace:
    """How long to wait before the next poll.

    The answer of a model that runs for less than five seconds is seen as soon as with the official client, that of a
    longer one within two percent of its time, for a fraction of the requests. A request that leaves the queue is asked
    about often again.

    Args:
        fixed: The caller's own interval, if any.
    """

    def __init__(self, fixed: float | None, clock: Callable[[], float] | None = None) -> None:
        self._fixed = fixed
        self._clock = clock or stand_in.now
        self._state: type[QueueStatus] | None = None
        self._since = 0.0

    @property
    def first(self) -> float:
        """Seconds to wait after submitting: no model is done at once."""
        return FIRST_INTERVAL if self._fixed is None else min(FIRST_INTERVAL, self._fixed)

    def note(self, status: QueueStatus) -> None:
        """Count the time of a state from when it was first seen."""
        if type(status) is not self._state:
            self._state, self._since = type(status), self._clock()

    def interval(self, status: QueueStatus, left: float | None) -> float:
        """Seconds to wait after this state, with so many left until the deadline."""
        self.note(status)
        if self._fixed is not None:
            return self._fixed
        share = _SHARE_IN_QUEUE if isinstance(status, Queued) else _SHARE
        longest = LONGEST_INTERVAL if left is None else min(LONGEST_INTERVAL, left / 2)  # not to sleep over the end
        return max(FIRST_INTERVAL, min((self._clock() - self._since) * share, longest))
