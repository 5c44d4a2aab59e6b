"""When to ask for the state of a request, what counts as news, and what the end of it means. No I/O."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from ..errors import APIConnectionError, RequestFailedError, ResultExpiredError
from ..http.error_answers import status_error, unreadable
from ..http.exchange import Answer, Exchange
from ..log import logger
from .status import CancelStatus, Completed, Queued, QueueStatus, parse_status, with_logs

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from .status import LogEntry

# That of the official client 1.0.3, which keeps it for ever.
FIRST_INTERVAL = 0.1
LONGEST_INTERVAL = 2.0
# The share of the time already spent that an answer may come late. In the queue it is not the answer that comes late.
_SHARE, _SHARE_IN_QUEUE = 0.02, 0.1
# Best effort when a deadline has passed: the caller is waiting for the error.
CANCEL_SECONDS = 2.0


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


class StatusReader:
    """Reads the status answers of one request, and warns once of words it does not know."""

    def __init__(self) -> None:
        self._warned: set[str] = set()

    def read(self, exchange: Exchange, answer: Answer) -> QueueStatus:
        """The state in an answer. The body counts, not the HTTP code, which is 202 or 200."""
        if not answer.is_success:
            raise status_error(answer, exchange)
        body = answer.json_object()
        if not body:
            raise unreadable(answer, exchange, "the queue's status is not a JSON object")
        status, unknown = parse_status(body, exchange.request_id or "")
        if unknown is not None and unknown not in self._warned:
            self._warned.add(unknown)
            logger.warning("%s: unknown queue status %.40r, taken as pending", exchange.endpoint, unknown)
        return status


class UpdateFilter:
    """Passes on a state only if it says something new, with only the log entries that were not delivered before."""

    def __init__(self) -> None:
        self._logs = LogReader()
        self._last: object = None

    def news(self, status: QueueStatus) -> QueueStatus | None:
        """The update to deliver, if any."""
        new_logs = self._logs.new_entries(status.logs)
        state = (type(status), status.queue_position if isinstance(status, Queued) else None)
        if state == self._last and not new_logs:
            return None
        self._last = state
        return with_logs(status, new_logs)


def check_result(exchange: Exchange, outcome: Answer | APIConnectionError, completed: Completed) -> Answer:
    """The answer that holds the output of a completed request.

    Raises:
        APIStatusError: The model's own error.
        RequestFailedError: The queue reported an error and there is no error answer of the model.
        ResultExpiredError: The result is not kept any more.
        APIConnectionError: There was no answer, although the request succeeded.
    """
    if completed.error is not None and not _is_error_answer(outcome):
        raise RequestFailedError(
            error=completed.error,
            error_type=completed.error_type,
            request_id=completed.request_id,
            endpoint=exchange.endpoint,
            body=outcome.json_or_text() if isinstance(outcome, Answer) else None,
        )
    if isinstance(outcome, APIConnectionError):
        raise outcome
    if completed.error is None and outcome.status in (404, 410):
        raise ResultExpiredError(request_id=completed.request_id, endpoint=exchange.endpoint)
    if not outcome.is_success:
        raise status_error(outcome, exchange)
    return outcome


def _is_error_answer(outcome: Answer | APIConnectionError) -> bool:
    """Whether the model's own error was replayed: an error status with a JSON body that says what happened."""
    if not isinstance(outcome, Answer) or outcome.status < 400:
        return False
    body = outcome.json_object()
    return "detail" in body if outcome.status in (404, 410) else bool(body)


def read_cancelled(exchange: Exchange, answer: Answer) -> CancelStatus:
    """What became of a cancellation.

    Sources disagree on success (200 `OK`, 202 `CANCELLATION_REQUESTED`, 200 `{"success": true}`): any 2xx is one.
    Having finished before (400 `ALREADY_COMPLETED`) is a race that callers lose all the time, so it is a value; an
    unknown id (404) raises.
    """
    body = answer.json_object()
    word = body.get("status")
    if word == CancelStatus.ALREADY_COMPLETED.value or (answer.is_success and body.get("success") is False):
        return CancelStatus.ALREADY_COMPLETED
    if not answer.is_success:
        raise status_error(answer, exchange)
    return CancelStatus.OK if word == CancelStatus.OK.value else CancelStatus.CANCELLATION_REQUESTED


class LogReader:
    """Remembers what was delivered and picks out what is new.

    fal docs call the logs cumulative, but a window of recent lines has been seen as well (fal-ai/fal #1143). Either
    way the new answer begins somewhere in what is known and goes on after it: the longest end of the known entries
    that is also the beginning of the answer is the overlap.
    """

    def __init__(self) -> None:
        self._seen: list[LogEntry] = []

    def new_entries(self, shown: Sequence[LogEntry]) -> tuple[LogEntry, ...]:
        """The entries of this answer that were not delivered before, in order."""
        overlap = overlap_length(self._seen, shown)
        if not overlap and shown and _contains(self._seen, shown):
            return ()  # an older or shorter window: nothing new in it
        new = tuple(shown[overlap:])
        self._seen.extend(new)
        return new


def overlap_length(known: Sequence[LogEntry], shown: Sequence[LogEntry]) -> int:
    """The length of the longest end of `known` that is a beginning of `shown`."""
    matched = 0
    for matched in _matches(known[-len(shown) :] if shown else (), shown):  # noqa: B007  (the last one counts)
        pass
    return matched


def _contains(known: Sequence[LogEntry], shown: Sequence[LogEntry]) -> bool:
    return any(matched == len(shown) for matched in _matches(known, shown))


def _matches(text: Sequence[LogEntry], wanted: Sequence[LogEntry]) -> Iterator[int]:
    """For each place in `text`, how much of the beginning of `wanted` ends there.

    Linear (the failure function of Knuth, Morris and Pratt): a long run prints thousands of lines, polled every second.
    """
    failure = [0] * len(wanted)
    matched = 0
    for index in range(1, len(wanted)):
        while matched and wanted[index] != wanted[matched]:
            matched = failure[matched - 1]
        matched += wanted[index] == wanted[matched]
        failure[index] = matched
    matched = 0
    for entry in text:
        while matched and (matched == len(wanted) or entry != wanted[matched]):
            matched = failure[matched - 1]
        matched += entry == wanted[matched]
        yield matched
