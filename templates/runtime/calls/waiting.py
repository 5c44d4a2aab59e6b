"""Waiting for a request in the queue: which updates there are to tell, and how often to ask. No I/O."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..http.exchange import Pause
from .status import Completed, Queued, StatusReader, UpdateFilter

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..http.exchange import Answer, Limits, Steps
    from ..http.requests import RequestBuilder, RequestUrls
    from .status import QueueStatus

# That of the official client 1.0.3, which keeps it for ever.
FIRST_INTERVAL = 0.1
LONGEST_INTERVAL = 2.0
# The share of the time already spent that an answer may come late. In the queue it is not the answer that comes late.
_SHARE, _SHARE_IN_QUEUE = 0.02, 0.1


class Updates:
    """The changes of a request's state, up to its completion. Each log entry is in one of them.

    Attributes:
        limits: How long all of them may take.
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
    ) -> None:
        self.limits = limits
        self.completed: Completed | None = None
        self._asking = builder.status(urls, request_id, logs=logs)
        self._reader, self._filter = StatusReader(), UpdateFilter()
        self._pace = Pace(poll_interval)
        self._status: QueueStatus | None = None

    def coming(self) -> Steps[QueueStatus | None]:
        """The next one; None after the last."""
        while self.completed is None:
            if self._status is not None:
                deadline = self.limits.deadline
                yield Pause(deadline.pause(self._pace.interval(self._status, deadline.remaining())))
            answer: Answer = yield self._asking
            self._status = self._reader.read(self._asking, answer)
            if isinstance(self._status, Completed):
                self.completed = self._status
            update = self._filter.news(self._status)
            if update is not None:
                return update
        return None


class Pace:
    """How long to wait before the next poll.

    The answer of a model that runs for less than five seconds is seen as soon as with the official client, that of a
    longer one within two percent of its time, for a fraction of the requests. A request that leaves the queue is asked
    about often again.

    Args:
        fixed: The caller's own interval, if any.
    """

    def __init__(self, fixed: float | None, clock: Callable[[], float] = time.monotonic) -> None:
        self._fixed = fixed
        self._clock = clock
        self._state: type[QueueStatus] | None = None
        self._since = 0.0

    @property
    def first(self) -> float:
        """Seconds to wait after submitting: no model is done at once."""
        return FIRST_INTERVAL if self._fixed is None else min(FIRST_INTERVAL, self._fixed)

    def interval(self, status: QueueStatus, left: float | None) -> float:
        """Seconds to wait after this state, with so many left until the deadline."""
        now = self._clock()
        if type(status) is not self._state:
            self._state, self._since = type(status), now
        if self._fixed is not None:
            return self._fixed
        share = _SHARE_IN_QUEUE if isinstance(status, Queued) else _SHARE
        longest = LONGEST_INTERVAL if left is None else min(LONGEST_INTERVAL, left / 2)  # not to sleep over the end
        return max(FIRST_INTERVAL, min((now - self._since) * share, longest))
