"""The states of a queued request: read, told apart from what is known, and what their end means. No I/O."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ..errors import FalError, RequestFailedError, ResultExpiredError, billable_units
from ..events.states import Completed, InProgress, LogEntry, Queued, QueueStatus
from ..http.error_answers import status_error, unreadable
from ..http.exchange import Answer
from ..log import logger

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..http.exchange import Exchange

OnQueueUpdate: TypeAlias = Callable[[QueueStatus], object]
# May be a plain function or return an awaitable, which is awaited.
AsyncOnQueueUpdate: TypeAlias = Callable[[QueueStatus], object]


def state_of(status: QueueStatus) -> str:
    """A state in a word or two, for a person."""
    if isinstance(status, Queued):
        return f"queued, {status.queue_position} ahead" if status.queue_position else "queued"
    if isinstance(status, InProgress):
        return "in progress"
    return "completed" if status.error is None else "failed"


# HTTP's code for what is not done yet (fal docs, Queue API: status).
_ACCEPTED = 202


class CancelStatus(StrEnum):
    """What became of a cancellation."""

    OK = "OK"
    """Removed from the queue before it started."""
    CANCELLATION_REQUESTED = "CANCELLATION_REQUESTED"
    """The runner was asked to stop; the request may still complete."""
    ALREADY_COMPLETED = "ALREADY_COMPLETED"
    """It had finished before."""


def state_after_cancel(outcome: CancelStatus) -> str:
    """What is known of a request whose cancellation was asked for, as `state_of` says it."""
    if outcome is CancelStatus.ALREADY_COMPLETED:
        return "completed"
    return "cancelled" if outcome is CancelStatus.OK else "cancellation requested"


def parse_status(body: Mapping[str, Any], request_id: str) -> tuple[QueueStatus, str | None]:
    """A status body as a value, and the server's word for it where that is not a known one.

    An unknown word is taken for a state of a request that is still pending; `StatusReader` knows whether it can be.
    """
    word = body.get("status")
    logs = read_logs(body.get("logs"))
    if word == "COMPLETED":
        return _completed(body, request_id, logs), None
    if word == "IN_QUEUE":
        position = body.get("queue_position")
        is_number = isinstance(position, int) and not isinstance(position, bool)
        return Queued(request_id, position if is_number else None, logs), None
    return InProgress(request_id, logs), None if word == "IN_PROGRESS" else repr(word)


def _completed(body: Mapping[str, Any], request_id: str, logs: tuple[LogEntry, ...]) -> Completed:
    metrics, error, error_type = body.get("metrics"), body.get("error"), body.get("error_type")
    return Completed(
        request_id,
        logs,
        metrics=cast("dict[str, Any]", metrics) if isinstance(metrics, dict) else None,
        error=str(error) if error else None,  # false, {} and the like say that there is none
        error_type=error_type if isinstance(error_type, str) else None,
    )


def read_logs(entries: Any) -> tuple[LogEntry, ...]:
    """The wire's list of log entries; null or anything else is none."""
    return tuple(_log_entry(entry) for entry in cast("Sequence[Any]", entries)) if isinstance(entries, list) else ()


def _log_entry(entry: Any) -> LogEntry:
    if not isinstance(entry, dict):
        return LogEntry(str(entry))
    fields = cast("dict[str, Any]", entry)
    texts = {name: fields[name] for name in ("timestamp", "level", "source") if isinstance(fields.get(name), str)}
    message = fields.get("message")
    return LogEntry("" if message is None else str(message), **texts)


class StatusReader:
    """Reads the status answers of one request, and warns once of words it does not know."""

    def __init__(self) -> None:
        self._warned: set[str] = set()

    def read(self, exchange: Exchange, answer: Answer) -> QueueStatus:
        """The state in an answer.

        The body counts, and the HTTP code only where the body says nothing that is known: 202 is that of a request that
        is pending. With another one it may be over, and to ask again would have no end.
        """
        if not answer.is_success:
            raise status_error(answer, exchange)
        body = answer.json_object()
        if not body:
            raise unreadable(answer, exchange, "the queue's status is not a JSON object")
        status, unknown = parse_status(body, exchange.request_id or "")
        if unknown is not None and answer.status != _ACCEPTED:
            raise unreadable(answer, exchange, f"the queue's answer has no known status: {unknown:.40}")
        if unknown is not None and unknown not in self._warned:
            self._warned.add(unknown)
            logger.warning("%s: unknown queue status %.40s, taken as pending", exchange.endpoint, unknown)
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
        return replace(status, logs=new_logs)


class LogReader:
    """Remembers what was delivered and picks out what is new.

    fal docs call the logs cumulative, but a window of recent lines has been seen as well (fal-ai/fal #1143). Either
    way the new answer begins somewhere in what is known and goes on after it: the longest end of the known entries
    that is also the beginning of the answer is the overlap.
    """

    def __init__(self) -> None:
        self._seen: list[LogEntry] = []

    def new_entries(self, entries: Sequence[LogEntry]) -> tuple[LogEntry, ...]:
        """The entries of this answer that were not delivered before, in order."""
        seen, shown = self._seen, list(entries)
        overlap = overlap_length(seen, shown)
        if not overlap and any(seen[at : at + len(shown)] == shown for at in _starts(seen, shown)):
            return ()  # an older or shorter window: nothing new in it
        new = shown[overlap:] if overlap or not seen else missing_entries(seen, shown)
        seen.extend(new)
        return tuple(new)


def missing_entries(known: list[LogEntry], shown: list[LogEntry]) -> list[LogEntry]:
    """What is shown beside what is known: a stream may have begun in the middle, and polls show all."""
    from difflib import SequenceMatcher

    blocks = SequenceMatcher(None, known, shown, autojunk=False).get_matching_blocks()
    both = {at for block in blocks for at in range(block.b, block.b + block.size)}
    return [entry for at, entry in enumerate(shown) if at not in both]


def overlap_length(known: list[LogEntry], shown: list[LogEntry]) -> int:
    """The length of the longest end of `known` that is a beginning of `shown`."""
    lengths = (len(known) - at for at in _starts(known, shown, max(0, len(known) - len(shown))))
    return next((length for length in lengths if known[-length:] == shown[:length]), 0)


def _starts(known: list[LogEntry], shown: list[LogEntry], first: int = 0) -> Iterator[int]:
    """The places in `known` where `shown` may begin. Few, since lines have times: a long run prints thousands."""
    return (at for at in range(first, len(known)) if shown and known[at] == shown[0])


def is_pending(outcome: Answer | FalError) -> bool:
    """Whether a result that was asked for is not there yet, so that the queue answers with the state instead.

    An output that a model itself sends with 202 is one.
    """
    if not isinstance(outcome, Answer) or outcome.status != _ACCEPTED:
        return False
    body = outcome.json_object()
    return not body or isinstance(body.get("status"), str)


def check_result(exchange: Exchange, outcome: Answer | FalError, completed: Completed) -> Answer:
    """The answer that holds the output of a completed request, or the model's own error.

    Raises:
        RequestFailedError: The queue reported an error and there is no error answer of the model.
        ResultExpiredError: The result is not kept any more.
        APIConnectionError: There was no answer, although the request succeeded.
    """
    if completed.error is not None and not is_error_answer(outcome):
        raise RequestFailedError(
            error=completed.error,
            error_type=completed.error_type,
            request_id=completed.request_id,
            endpoint=exchange.endpoint,
            body=outcome.json_or_text() if isinstance(outcome, Answer) else None,
            billable_units=billable_units(outcome.headers) if isinstance(outcome, Answer) else None,
        ) from (outcome if isinstance(outcome, FalError) else None)
    if isinstance(outcome, FalError):
        raise outcome
    if completed.error is None and (outcome.status == 410 or (outcome.status == 404 and not is_error_answer(outcome))):
        raise ResultExpiredError(
            request_id=completed.request_id,
            endpoint=exchange.endpoint,
            body=outcome.json_or_text(),
            billable_units=billable_units(outcome.headers),
        )
    return outcome


def is_error_answer(outcome: Answer | FalError) -> bool:
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
