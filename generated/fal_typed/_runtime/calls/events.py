"""What a stream of events means: from bytes to events, and from events to the output. No I/O of its own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Generic, TypeVar, cast

from httpx_sse import EventSource

from ..checks import is_object
from ..errors import APIConnectionError, FalError, RequestFailedError, billable_units
from ..http.body import EventBody
from ..http.error_answers import unreadable
from ..http.exchange import Answer, Exchange, OpenAnswer
from ..http.outcomes import no_answer
from ..log import logger
from ..outputs.carriers import showing
from ..outputs.parse import parse_output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from httpx_sse import ServerSentEvent

    from ..http.exchange import Limits
    from .steps import Call

E = TypeVar("E")
T = TypeVar("T")
# Not fal's: what its relays of other people's APIs end their streams with.
_END_MARK = "[DONE]"


class Received(Generic[E, T]):
    """What has come of a stream, and what it means.

    Attributes:
        source: Where the events come from; None where the answer is no stream, and its whole body is the one event.
        last: The last event, if there was one.
        is_complete: Whether the last event was the last one, and could be read.
        error: What ended it instead.
    """

    def __init__(self, call: Call, exchange: Exchange, answer: Answer, limits: Limits) -> None:
        self._call = call
        self._exchange = exchange
        self._answer = answer
        self._deadline = limits.deadline
        self._watch = limits.watch
        if self._watch is not None:
            self._watch.request_id = answer.request_id
        self._content: bytes | None = None
        self._count = 0
        self._unread: FalError | None = None
        self._body: EventBody | None = None
        self.last: E | None = None
        self.is_complete = False
        self.error: FalError | None = None
        if isinstance(answer, OpenAnswer):
            self._body = EventBody(answer.body)
            answer.body.limit_silence(limits.http_timeout)

    @property
    def source(self) -> EventSource | None:
        """What iterates over the events; None where the whole body is the one event."""
        return None if self._body is None else EventSource(cast("Any", self._body))

    @property
    def errors(self) -> tuple[type[Exception], ...]:
        """What reading raises when the connection fails."""
        return () if not isinstance(self._answer, OpenAnswer) else self._answer.body.errors

    @property
    def request_id(self) -> str | None:
        """Fal's id of the request."""
        return self._answer.request_id

    def check_deadline(self) -> None:
        """Raise if the time of the whole call is over."""
        if self._deadline.has_passed:
            raise self._deadline.exceeded(self._exchange.endpoint, self.request_id, maybe_submitted=True)

    def seconds_left(self) -> float | None:
        """Until the deadline."""
        return self._deadline.remaining()

    def take_whole(self) -> E:
        """The whole body of an answer that is no stream."""
        try:
            value = self._answer.json()
        except ValueError:
            raise unreadable(self._answer, self._exchange, "neither events nor JSON") from None
        return self._take(value, self._answer.content)

    def values(self, event: ServerSentEvent) -> Iterator[E]:
        """The value of an event, if it carries one: a bare id does not, nor the mark that some streams end with.

        One in the midst that cannot be read is skipped: it must not cost a result that was paid for. The last one
        decides.

        Raises:
            DeadlineExceededError: It came too late.
            RequestFailedError: It reports an error.
            APIConnectionError: It was cut off.
        """
        self.check_deadline()
        is_error = event.event == "error"
        if (not event.data and not is_error) or event.data.strip() == _END_MARK:
            return
        try:
            value = json.loads(event.data)
        except (ValueError, RecursionError):
            problem: FalError | None = self._undecodable(event)
        else:
            if not is_error:
                yield self._take(value, event.data.encode())
                return
            problem = self._failed(value)
        if problem is not None:
            raise problem

    def end(self) -> None:
        """There are no more events.

        Raises:
            InvalidResponseError: The last one could not be read.
        """
        if self._unread is not None:
            raise self._unread
        self.is_complete = True
        if self._watch is not None:
            self._watch.completed(billable_units(self._answer.headers))

    def fail(self, error: BaseException) -> None:
        """It ends with an exception; an error of ours is what `output` raises, too."""
        if isinstance(error, FalError):
            self.error = error
        if self._watch is not None:
            self._watch.failed(error)

    def leave(self) -> None:
        """It is closed, maybe before its end."""
        if self._watch is not None:
            self._watch.closed()

    def output(self) -> T:
        """The last event, as the endpoint's output."""
        if self.error is not None:
            raise self.error
        if not self.is_complete:
            raise RuntimeError("the stream was closed before it ended; .last is the last event that came")
        if self._content is None:
            raise unreadable(self._answer, self._exchange, "the stream ended without an event")
        answer = Answer(self._answer.status, self._answer.headers, self._content)
        output: T = self._call.output(self._exchange, answer)
        return output

    def broken(self, error: Exception) -> FalError:
        """Our error for one of httpx. Raise it outside the `except` block."""
        if self._deadline.has_passed:
            return self._deadline.exceeded(self._exchange.endpoint, self.request_id, maybe_submitted=True)
        exchange = self._exchange._replace(request_id=self.request_id)
        return no_answer(exchange, error, broken=f"broke off after {self._events()}").error

    def _take(self, value: Any, content: bytes) -> E:
        model = self._call.spec.event
        event: E = showing(value) if model is None else parse_output(model, value, endpoint=self._exchange.endpoint)
        self._content, self.last, self._unread = content, event, None
        self._count += 1
        return event

    def _undecodable(self, event: ServerSentEvent) -> FalError | None:
        """What an event that is not JSON means, if that is clear already."""
        if self._body is not None and self._body.was_cut:
            return APIConnectionError(
                f"{self._exchange.method} {self._exchange.shown_url} broke off within an event, after {self._events()}",
                maybe_submitted=True,
                request_id=self.request_id,
            )
        if event.event == "error":
            return self._failed(event.data or "no message")
        answer = Answer(self._answer.status, self._answer.headers, event.data.encode())
        self._unread = unreadable(answer, self._exchange, f"an event is not JSON, after {self._events()}")
        logger.warning("%s; it is skipped", self._unread)
        return None

    def _failed(self, body: Any) -> RequestFailedError:
        fields: dict[str, Any] = body if is_object(body) else {}
        text = next((fields[name] for name in ("error", "message", "detail") if fields.get(name)), body)
        kind = fields.get("error_type")
        return RequestFailedError(
            error=str(text),
            error_type=kind if isinstance(kind, str) else None,
            request_id=self.request_id or "unknown",
            endpoint=self._exchange.endpoint,
            body=body,
        )

    @property
    def state(self) -> str:
        """How far it is, in a few words."""
        end = ", ended" if self.is_complete else ", broke off" if self.error is not None else ""
        return f"{self._events()}{end}"

    def _events(self) -> str:
        return f"{self._count} event{'' if self._count == 1 else 's'}"
