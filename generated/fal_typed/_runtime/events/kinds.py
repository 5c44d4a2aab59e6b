"""What a call tells of itself, one value for each step.

A call begins with `Started`, and ends with exactly one of `Completed`, `Failed` and `Closed`.
"""

# design: What does a call tell of itself?

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from .states import QueueStatus

Verb: TypeAlias = Literal["run", "subscribe", "submit", "stream", "result", "updates"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """A step of a call.

    Attributes:
        endpoint: The endpoint's id.
        call: The call's number, which no other call of the process has.
        request_id: fal's id of the request, as soon as it is known.
        seconds: How long ago the call began.
    """

    endpoint: str
    call: int
    request_id: str | None
    seconds: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Started(Event):
    """A call has begun.

    Attributes:
        verb: The method that was called: of an endpoint, or `"result"` or `"updates"` of a handle.
    """

    verb: Verb


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted(Event):
    """The request is in the queue, and `request_id` is known."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Updated(Event):
    """The request's state has changed. Its repr counts log entries and quotes none, since they may quote the input.

    Attributes:
        status: The state now, as `on_queue_update` gets it: with the log entries that are new, if logs are asked for.
    """

    status: QueueStatus

    def __repr__(self) -> str:
        count = len(self.status.logs)
        entries = f" with {count} log {'entry' if count == 1 else 'entries'}" if count else ""
        return _shown(self, f"status=<{type(self.status).__name__}{entries}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Retried(Event):
    """Something went wrong, and is tried again.

    Attributes:
        purpose: What is sent again: `"run"`, `"submit"`, `"status"`, `"result"`, `"upload"` …
        attempt: The number of the attempt that comes now; the first one was 1.
        reason: What became of the last one, in a few words of this package.
        wait: Seconds until then.
    """

    purpose: str
    attempt: int
    reason: str
    wait: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploaded(Event):
    """A file of the input was uploaded.

    Attributes:
        name: The file's name.
        content_type: Its media type.
        size: Its bytes.
    """

    name: str
    content_type: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed(Event):
    """The call has ended with its output, or with the last of its updates.

    Attributes:
        billable_units: What fal counted for the request; None where it does not say.
    """

    billable_units: float | None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Failed(Event):
    """The call has ended with an error, an interrupt or a cancellation of its task.

    Its repr has the error's type alone, since its text may quote the input.

    Attributes:
        error: What is raised.
    """

    error: BaseException

    def __repr__(self) -> str:
        return _shown(self, f"error=<{type(self.error).__name__}>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed(Event):
    """The call has ended without an output: a `submit` that is done, a stream or updates not read to their end."""


def _shown(event: Event, last: str) -> str:
    """As a dataclass is, but for its last field."""
    known = (f"{name}={getattr(event, name)!r}" for name in Event.__slots__)
    return f"{type(event).__qualname__}({', '.join(known)}, {last})"
