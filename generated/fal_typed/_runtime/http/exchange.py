"""What is asked, what is answered, and the time it may take: the values between the pure core and the two transports.

An `Exchange` and its `Answer` are not called request and response: those are httpx's, which a transport has in its
hands beside them, and a request is also what waits in fal's queue.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar, cast

from .. import stand_in
from ..errors import DeadlineExceededError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping
    from typing import Self, TypeAlias

    from ..events.watch import Watch
    from .credentials import Secret

    T = TypeVar("T")
    # What is to be done, without doing it: yields what it asks for (an Exchange, a Pause …), is sent what came of it.
    Steps: TypeAlias = Generator[Any, Any, T]

REQUEST_ID_HEADER = "x-fal-request-id"
# fal docs, Errors: the older and the newer name of one header; both still occur.
_RETRY_HEADERS = ("x-fal-retryable", "x-fal-needs-retry")
# fal has a second host for what it could not be reached at; the official client 1.0.3 tries it after as long.
CONNECT_SECONDS_BEFORE_ALTERNATE = 5.0
# Seconds through which what waits goes on without an answer where the caller sets no end, and what only asks once.
PATIENCE, BRIEF_PATIENCE = 600.0, 30.0
# A stream of states says something at once; where it does not, polling is no later.
STREAM_HEAD_SECONDS = 2.0
# Less time is not worth an exchange: timers of sockets may fire a moment early.
_SHORTEST = 0.002
_YES, _NO = ("1", "true", "yes"), ("0", "false", "no")


class Purpose(Enum):
    """What a request is for: retries, time limits and error texts depend on it."""

    RUN = "run"
    STREAM = "stream"
    SUBMIT = "submit"
    STATUS = "status"
    RESULT = "result"
    CANCEL = "cancel"
    STATUS_STREAM = "status stream"
    UPLOAD = "upload"
    DOWNLOAD = "download"
    PLATFORM = "platform"


# What starts work, and is paid for.
STARTS_WORK = frozenset({Purpose.RUN, Purpose.STREAM, Purpose.SUBMIT})
# What changes nothing however often it is asked, nor costs anything. Not an upload: before that, nothing was paid.
READS = frozenset({Purpose.STATUS, Purpose.RESULT, Purpose.CANCEL, Purpose.DOWNLOAD, Purpose.PLATFORM})
FILES = frozenset({Purpose.UPLOAD, Purpose.DOWNLOAD})
# What starts nothing, and is about nothing that was started.
STARTS_NOTHING = FILES | {Purpose.PLATFORM}
_UNBOUNDED = (Purpose.RUN, Purpose.STREAM, Purpose.UPLOAD, Purpose.DOWNLOAD)


class Sink(Protocol):
    """Where the body of a success goes, over all tries."""

    @property
    def furthest(self) -> int:
        """The bytes that had been received where a try came furthest."""
        ...

    def headers(self) -> Mapping[str, str]:
        """What the next try asks for besides: the part that is missing."""
        ...

    def begin(self, status: int, headers: Mapping[str, str]) -> Callable[[bytes], object]:
        """What takes the pieces of a body: as they are on the wire, with the encoding that its headers name."""
        ...


class Exchange(NamedTuple):
    """A request, without the key: the transport adds that.

    Attributes:
        endpoint: What it is for, in words that messages use: an endpoint's id, or which upload.
        alternate: The same place on the other one of two hosts that fal has for it, if there is one.
        request_id: The queue's id of the request that this is about.
        keyless: Whether it goes where the key must not go. Then it has the headers given here and no others.
        token: What goes there instead of the key, if anything does.
        content: Makes the pieces of a body that is too long for memory, anew for each try.
        sink: Takes the body of a success.
    """

    purpose: Purpose
    method: str
    url: str
    headers: Mapping[str, str]
    endpoint: str
    body: bytes | None = None
    request_id: str | None = None
    alternate: str | None = None
    keyless: bool = False
    token: Secret | None = None
    content: Callable[[], Iterator[bytes]] | None = None
    sink: Sink | None = None

    @property
    def is_to_fal(self) -> bool:
        """Whether fal's own servers answer: each of those has another one, and nobody who stands between has."""
        return self.alternate is not None

    @property
    def shown_url(self) -> str:
        """The URL for messages and logs; a query may hold the caller's webhook secret."""
        return self.url.partition("?")[0]


@dataclass(frozen=True)
class Answer:
    """An HTTP answer with its whole body (or, for an error status, what came of it).

    Without slots: the decoded body is kept, since more than one asks for it.

    Attributes:
        tried: For how long it was asked for, in words, where that was more than once.
        refused: Where the key came from that a 401 did not accept.
    """

    status: int
    headers: Mapping[str, str]
    content: bytes
    tried: str = field(default="", kw_only=True)
    refused: str | None = field(default=None, kw_only=True)

    @property
    def is_success(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def is_usable(self) -> bool:
        """Whether it is a success with a JSON object in it, or one that fal calls final."""
        return self.is_success and (bool(self.json_object()) or self.retryable is False)

    @property
    def request_id(self) -> str | None:
        """Fal's id of the request (fal docs, Response headers)."""
        return self.headers.get(REQUEST_ID_HEADER)

    @property
    def retryable(self) -> bool | None:
        """What fal says about trying again, as `1`/`0` or `true`/`false`; where the two headers differ, no."""
        words = {self.headers.get(name, "").strip().lower() for name in _RETRY_HEADERS}
        if not words.isdisjoint(_NO):
            return False
        return None if words.isdisjoint(_YES) else True

    def json(self) -> Any:
        """The decoded body.

        Raises:
            ValueError: The body is not JSON.
        """
        kept = self.__dict__
        if "decoded" not in kept:  # no cached_property: that of Python 3.11 has one lock for all, which a fork may keep
            try:
                kept["decoded"] = json.loads(self.content)
            except RecursionError:
                raise ValueError("nested too deeply") from None
        return kept["decoded"]

    def json_object(self) -> dict[str, Any]:
        """The decoded body if it is a JSON object, else an empty one."""
        try:
            body = self.json()
        except ValueError:
            return {}
        return cast("dict[str, Any]", body) if isinstance(body, dict) else {}

    def json_or_text(self) -> Any:
        """The decoded body, or its text."""
        try:
            return self.json()
        except ValueError:
            return self.content.decode("utf-8", "replace")


@dataclass(frozen=True)
class OpenAnswer(Answer):
    """A success whose body is a stream of events, still to be read from `body`; `content` is empty."""

    body: Any = None


class Pause(NamedTuple):
    """A step that asks for some seconds to pass."""

    seconds: float


class Blocking(NamedTuple):
    """A step that asks for work that may block, such as reading a file: an event loop hands it to a thread.

    The work has come to its end when the step has, also where that ends with a cancellation.
    """

    work: Callable[[], Any]


class Within(NamedTuple):
    """A step that asks for other steps to be done within limits of their own.

    Attributes:
        shielded: Whether they are done although the task is being cancelled.
    """

    steps: Steps[Any]
    limits: Limits
    shielded: bool = False


class Deadline:
    """Starts to run when it is made. Without a timeout it never passes.

    Attributes:
        begun_in: What stood in for the network then.
    """

    def __init__(self, timeout: float | None) -> None:
        self.timeout = timeout
        self._end = None if timeout is None else stand_in.now() + timeout
        self.begun_in: stand_in.StandIn | None = stand_in.current

    def remaining(self) -> float | None:
        """Seconds left (never negative), or None without a limit."""
        return None if self._end is None else max(0.0, self._end - stand_in.now())

    @property
    def has_passed(self) -> bool:
        """Whether no time is left that is worth an exchange."""
        left = self.remaining()
        return left is not None and left < _SHORTEST

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

    def check_sending(self) -> None:
        """Raise if nothing may be sent any more: asked for each attempt, and when it is written to its connection."""

    def exceeded(
        self, endpoint: str, request_id: str | None = None, *, maybe_submitted: bool | None = None
    ) -> DeadlineExceededError:
        """The error to raise when it has passed."""
        return DeadlineExceededError(
            timeout=self.timeout or 0.0, endpoint=endpoint, request_id=request_id, maybe_submitted=maybe_submitted
        )


class Left(float):
    """Seconds that a step of an exchange may take, and when the whole exchange ends: httpcore makes many steps."""

    end: float

    def __new__(cls, seconds: float, end: float) -> Self:
        """See Left."""
        left = super().__new__(cls, seconds)
        left.end = end
        return left

    def now(self) -> float:
        """What is left of it when a step begins, also below zero."""
        return min(self, self.end - stand_in.now())


class PhaseTimeouts(dict[str, float | None]):
    """The limits of the phases of one exchange (httpx's `timeout` extension), each cut to what is left of the whole.

    httpcore looks a phase's limit up when the phase begins. Fixed limits would let connecting, sending and waiting take
    the whole time each. A transport that copies the mapping gets those.

    Attributes:
        seconds: Those of the whole.
    """

    def __init__(
        self, phases: dict[str, float | None], seconds: float | None, deadline: Deadline | None = None
    ) -> None:
        super().__init__(phases)
        self.seconds = seconds
        self._deadline = deadline
        self._end = None if seconds is None else stand_in.now() + seconds

    def get(self, key: str, default: Any = None) -> Any:
        """See dict.get."""
        if key == "write" and self._deadline is not None:
            self._deadline.check_sending()
        seconds: float | None = super().get(key, default)
        if self._end is None:
            return seconds
        left = max(self._end - stand_in.now(), _SHORTEST)  # zero would mean "do not wait" to a socket
        return Left(left if seconds is None else min(seconds, left), self._end)

    def head_came(self, read: float) -> None:
        """From here on each read may take so long: what limited the head does not limit the body."""
        self._end, self["read"] = None, read


class Limits(NamedTuple):
    """How long and how often one call may try.

    Attributes:
        deadline: When all of it must be over.
        http_timeout: Seconds for one exchange.
        max_retries: How often what is no read is tried again.
        patience: Seconds through which a read goes on without an answer that is of use; None for up to the deadline.
        watch: What tells the steps of the call; None where nobody listens. It is here since limits go with a call
            wherever it goes.
    """

    deadline: Deadline
    http_timeout: float
    max_retries: int
    patience: float | None = BRIEF_PATIENCE
    watch: Watch | None = None

    @classmethod
    def of_waiting(cls, deadline: Deadline, http_timeout: float, max_retries: int, watch: Watch | None = None) -> Self:
        """The limits of what waits: it goes on through an outage as long as the caller allows."""
        return cls(deadline, http_timeout, max_retries, PATIENCE if deadline.timeout is None else None, watch)

    def phases(self, exchange: Exchange) -> PhaseTimeouts:
        """The limits of one exchange. A run or a stream takes as long as the model, a file as it takes."""
        seconds = self.http_timeout
        if exchange.purpose is Purpose.STATUS_STREAM:  # what it does not say, polling has the time to ask
            seconds = min(seconds, self.deadline.pause(2 * STREAM_HEAD_SECONDS) / 2)
        whole = self.deadline.limit(None if exchange.purpose in _UNBOUNDED else seconds)
        left = self.deadline.limit(seconds)
        reach = seconds if left is None else left
        # Where there is another host, half of the time is for that one.
        connect = reach if exchange.alternate is None else min(reach / 2, CONNECT_SECONDS_BEFORE_ALTERNATE)
        read = whole if exchange.purpose in (Purpose.RUN, Purpose.STREAM) else reach
        return PhaseTimeouts({"connect": connect, "pool": reach, "write": reach, "read": read}, whole, self.deadline)
