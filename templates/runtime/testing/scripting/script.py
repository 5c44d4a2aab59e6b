"""What comes of a call: the values that scripts give and the service plays."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from ..messages import Answer, Json, Request

CallKind: TypeAlias = Literal["run", "submit", "stream"]


@dataclass(frozen=True)
class Failure:
    """A call that ends in an error, as the result of the call is answered.

    Attributes:
        status: The status code.
        body: fal's own shape: `{"detail": …}`.
        headers: More of them, e.g. `x-fal-error-type`.
        message: What the last state says beside it (`error`), if anything.
        error_type: The same (`error_type`).
    """

    status: int
    body: Json
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    message: str | None = None
    error_type: str | None = None


@dataclass(frozen=True)
class CallOptions:
    """What was asked for beside the input.

    Attributes:
        webhook_url: Where the outcome is to be posted.
        priority: "normal" or "low".
        hint: Which runner.
        start_timeout: Seconds within which it must have begun.
        max_queue_length: How long the queue may be.
        headers: All of the request, by their names in lower case, without the key.
    """

    webhook_url: str | None = None
    priority: str | None = None
    hint: str | None = None
    start_timeout: float | None = None
    max_queue_length: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass
class Call:
    """Something that an endpoint was asked to do: it would be billed at fal.

    Attributes:
        endpoint_id: Of which endpoint, without what is added to stream (`/stream`).
        input: The decoded body.
        request_id: The service's.
        kind: In which way it was asked for.
        options: What was asked for beside the input.
        at: When, on the service's clock.
        files: The files of the input that were uploaded to this service before, by their URLs.
    """

    endpoint_id: str
    input: Json
    request_id: str
    kind: CallKind
    options: CallOptions = field(default_factory=CallOptions)
    at: float = 0.0
    files: Mapping[str, UploadedFile] = field(default_factory=dict[str, "UploadedFile"])


@dataclass(frozen=True)
class UploadedFile:
    """A file that arrived at the service's storage.

    Attributes:
        url: Where it can be downloaded.
        name: As the client called it.
        content_type: The same.
        content: Its bytes.
        lifecycle: What was said about how long it is kept, and who may see it.
        parts: In how many parts it came; 0 for one that came whole.
    """

    url: str
    name: str
    content_type: str
    content: bytes
    lifecycle: Json = None
    parts: int = 0


# Looks at a request before the service does. What it returns is the answer, None lets the service answer; it may also
# raise NoAnswer. `answer` gives what the service would answer: a fault that loses an answer has it made first.
Fault: TypeAlias = "Callable[[Request, Callable[[], Answer]], Answer | None]"


@dataclass
class Play:
    """What comes of one call.

    Attributes:
        output: What it gives, unless it fails.
        error: How it fails.
        seconds: How long it takes from its submission, with the time in the queue.
        logs: Lines that come evenly while it is worked on.
        queue: The positions in the queue, each for an equal part of the first half of the time.
        events: What it streams; the last one is the output.
        faults: What goes wrong on the way, for the requests of this call that come after its submission.
        accepted: Whether fal takes it at all.
    """

    output: Json = None
    error: Failure | None = None
    seconds: float = 0.0
    logs: Sequence[str] = ()
    queue: Sequence[int] = ()
    events: Sequence[Json] | None = None
    faults: Sequence[Fault] = ()
    accepted: bool = True


class Script(Protocol):
    """How an endpoint behaves."""

    def play(self, call: Call) -> Play:
        """What comes of a call; asked once for each, when it arrives.

        Raises:
            Exception: It is the caller's mistake, and reaches the caller as it is.
        """
        ...


class Book(Protocol):
    """All that is scripted, and all that was asked: what the service asks and tells."""

    def script(self, endpoint_id: str) -> Script | None:
        """How an endpoint is to behave; None where nothing was said, and its document says what it gives."""
        ...

    def faults(self) -> Iterator[Fault]:
        """What goes wrong with whatever request comes, outermost first."""
        ...

    def note(self, call: Call) -> None:
        """Remember a call, before it is played."""
        ...

    def ended(self, call: Call, play: Play) -> None:
        """A call was played: for the webhooks that wait to be delivered."""
        ...
