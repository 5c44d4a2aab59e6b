"""The states of a queued request. Hand-written: the OpenAPI documents are wrong about them (fal docs, Queue API)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any, TypeAlias

from ..checks import is_array, is_object


@dataclass(frozen=True, slots=True)
class LogEntry:
    """One line that the model printed."""

    message: str
    timestamp: str | None = None
    level: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Queued:
    """Waiting for a runner; `queue_position` requests are ahead."""

    request_id: str
    queue_position: int | None = None
    logs: tuple[LogEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class InProgress:
    """A runner works on it. `logs` holds the new entries in an update, all of them in an answer of `status()`."""

    request_id: str
    logs: tuple[LogEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed:
    """Finished; a failure is a completion with `error` (there is no other failure state)."""

    request_id: str
    logs: tuple[LogEntry, ...] = ()
    metrics: Mapping[str, Any] | None = None
    error: str | None = None
    error_type: str | None = None


QueueStatus: TypeAlias = Queued | InProgress | Completed
OnQueueUpdate: TypeAlias = Callable[[QueueStatus], object]
# May be a plain function or return an awaitable, which is awaited.
AsyncOnQueueUpdate: TypeAlias = Callable[[QueueStatus], object]


class CancelStatus(StrEnum):
    """What became of a cancellation."""

    OK = "OK"
    """Removed from the queue before it started."""
    CANCELLATION_REQUESTED = "CANCELLATION_REQUESTED"
    """The runner was asked to stop; the request may still complete."""
    ALREADY_COMPLETED = "ALREADY_COMPLETED"
    """It had finished before."""


def parse_status(body: Mapping[str, Any], request_id: str) -> tuple[QueueStatus, str | None]:
    """A status body as a value, and the server's word for it where that is not a known one.

    An unknown word is taken for a state of a request that is still pending.
    """
    word = body.get("status")
    logs = read_logs(body.get("logs"))
    if word == "COMPLETED":
        return _completed(body, request_id, logs), None
    if word == "IN_QUEUE":
        position = body.get("queue_position")
        is_number = isinstance(position, int) and not isinstance(position, bool)
        return Queued(request_id, position if is_number else None, logs), None
    return InProgress(request_id, logs), None if word == "IN_PROGRESS" else str(word)


def _completed(body: Mapping[str, Any], request_id: str, logs: tuple[LogEntry, ...]) -> Completed:
    metrics, error, error_type = body.get("metrics"), body.get("error"), body.get("error_type")
    return Completed(
        request_id,
        logs,
        metrics=metrics if is_object(metrics) else None,
        error=None if error is None or error == "" else str(error),
        error_type=error_type if isinstance(error_type, str) else None,
    )


def with_logs(status: QueueStatus, logs: tuple[LogEntry, ...]) -> QueueStatus:
    """The same state with other log entries."""
    return replace(status, logs=logs)


def read_logs(entries: Any) -> tuple[LogEntry, ...]:
    """The wire's list of log entries; null or anything else is none."""
    if not is_array(entries):
        return ()
    return tuple(_log_entry(entry) for entry in entries)


def _log_entry(entry: Any) -> LogEntry:
    if not is_object(entry):
        return LogEntry(str(entry))
    fields = entry
    texts = {name: fields[name] for name in ("timestamp", "level", "source") if isinstance(fields.get(name), str)}
    message = fields.get("message")
    return LogEntry("" if message is None else str(message), **texts)
