"""fal's protocol as steps: what is asked for, in which order, and what the answers mean. No I/O.

A function here is a generator: it yields what it asks for, an exchange, a pause or an update to tell, and is sent what
came of it. `Transport.run` and `AsyncTransport.run` do what it asks for; endpoints and handles are the faces of both.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..errors import APIConnectionError, DeadlineExceededError, FalError
from ..files.remote_file import RemoteFile
from ..http.error_answers import status_error, unreadable
from ..http.exchange import Deadline, Limits, Pause, Within
from ..http.requests import RequestBuilder, RequestUrls
from ..inputs import validate
from ..outputs.model import FalModel, Origin, origin_of, read_response_info, set_origin
from ..outputs.parse import models_in, parse_output
from .status import CancelStatus, Completed, Queued, StatusReader, UpdateFilter, check_result, read_cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..http.exchange import Answer, Exchange, Steps
    from ..inputs.spec import EndpointSpec
    from ..options import Options
    from ..session import Settings
    from .status import QueueStatus

# That of the official client 1.0.3, which keeps it for ever.
FIRST_INTERVAL = 0.1
LONGEST_INTERVAL = 2.0
# The share of the time already spent that an answer may come late. In the queue it is not the answer that comes late.
_SHARE, _SHARE_IN_QUEUE = 0.02, 0.1
# Best effort when a deadline has passed: the caller is waiting for the error.
CANCEL_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Tell:
    """A step that asks for a callback to be called, and awaited where it can be."""

    callback: Callable[[QueueStatus], object]
    update: QueueStatus


@dataclass(frozen=True, slots=True)
class Upload:
    """A step that asks for the files in an input to be uploaded, and is sent the input with their URLs."""

    endpoint: str
    arguments: Mapping[str, Any]
    limits: Limits


@dataclass(frozen=True, slots=True)
class Call:
    """An endpoint, the client's settings, and the options of the calls."""

    spec: EndpointSpec
    settings: Settings
    options: Options
    user_agent: str
    http_client: Any = None

    @property
    def builder(self) -> RequestBuilder:
        """Makes the requests."""
        return RequestBuilder(self.spec.id, self.spec.path, self.settings.hosts, self.options, self.user_agent)

    def limits(self, timeout: float | None = None) -> Limits:
        """The limits of a call that starts now."""
        options, settings = self.options, self.settings
        timeouts = (timeout, options.timeout, settings.timeout)
        return Limits(
            Deadline(next((seconds for seconds in timeouts if seconds is not None), None)),
            options.http_timeout or settings.http_timeout,
            settings.max_retries if options.max_retries is None else options.max_retries,
        )

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The checked input under the names of the wire; files are files yet.

        Raises:
            InvalidInputError: It does not match the document.
        """
        if self.spec.input is not None and self.settings.validate_inputs:
            given = validate.check_input(self.spec, given)
        wire = validate.wire_names(self.spec, given) if self.spec.renamed else given
        return {**wire, **(self.options.extra_input or {})}

    def output(self, exchange: Exchange, answer: Answer) -> Any:
        """The output in an answer.

        Raises:
            APIStatusError: The answer is an error.
            InvalidResponseError: The answer is not JSON.
        """
        if not answer.is_success:
            raise status_error(answer, exchange)
        try:
            body = answer.json()
        except ValueError:
            raise unreadable(answer, exchange, "the output is not JSON") from None
        if self.spec.output is None:
            return body
        return self._read(body, answer.headers, answer.request_id or exchange.request_id)

    def _read(self, body: Any, headers: Mapping[str, str], request_id: str | None) -> Any:
        output = parse_output(self.spec.output, body, endpoint=self.spec.id)
        if self.http_client is not None:  # which saves the files in it, too
            files = [model for model in models_in(output) if isinstance(model, RemoteFile)]
            for file in files:
                set_origin(file, Origin(http_client=self.http_client))
        if isinstance(output, FalModel):
            info = read_response_info(headers, request_id)
            set_origin(output, Origin(info, origin_of(output).received, self.http_client))
        return output


def body_of(call: Call, arguments: Mapping[str, Any], limits: Limits) -> Steps[bytes]:
    """The arguments as they go over the wire, their files uploaded."""
    try:
        return validate.to_json(call.spec.id, arguments)
    except validate.HoldsFilesError:
        pass
    uploaded: dict[str, Any] = yield Upload(call.spec.id, arguments, limits)
    return validate.to_json(call.spec.id, uploaded)


def ran(call: Call, given: Mapping[str, Any], limits: Limits) -> Steps[Any]:
    """A direct call, to its output."""
    exchange = call.builder.run((yield from body_of(call, call.arguments(given), limits)))
    answer: Answer = yield exchange
    return call.output(exchange, answer)


def opened(
    call: Call, arguments: Mapping[str, Any], path: str | None, limits: Limits
) -> Steps[tuple[Exchange, Answer]]:
    """A direct call that answers with events, to the answer that they are in."""
    exchange = call.builder.stream((yield from body_of(call, arguments, limits)), path)
    answer: Answer = yield exchange
    return exchange, answer


def submitted(call: Call, given: Mapping[str, Any], limits: Limits) -> Steps[Request]:
    """A call that is put into the queue."""
    body = yield from body_of(call, call.arguments(given), limits)
    exchange = call.builder.submit(body, call.options.webhook_url)
    answer: Answer = yield exchange
    return Request(call, *call.builder.read_submitted(exchange, answer))


def subscribed(call: Call, given: Mapping[str, Any], limits: Limits) -> Steps[Any]:
    """A call through the queue, to its output. One deadline is for submitting, waiting and fetching."""
    request = yield from submitted(call, given, limits)
    options = call.options
    try:
        yield Pause(limits.deadline.pause(Pace(options.poll_interval).first))
        return (yield from request.result(limits, logs=bool(options.logs), on_update=options.on_queue_update))
    except DeadlineExceededError:
        yield Within(request.cancelled_quietly(), call.limits(CANCEL_SECONDS))
        raise


@dataclass(frozen=True, slots=True)
class Request:
    """A request in the queue."""

    call: Call
    request_id: str
    urls: RequestUrls

    def status(self, *, logs: bool, reader: StatusReader | None = None) -> Steps[QueueStatus]:
        """Its state now."""
        exchange = self.call.builder.status(self.urls, self.request_id, logs=logs)
        answer: Answer = yield exchange
        return (reader or StatusReader()).read(exchange, answer)

    def result(
        self, limits: Limits, *, logs: bool = False, on_update: Callable[[QueueStatus], object] | None = None
    ) -> Steps[Any]:
        """Its output, waited for."""
        updates = Updates(self, limits, logs=logs)
        while (update := (yield from updates.coming())) is not None:
            if on_update is not None:
                yield Tell(on_update, update)
        exchange = self.call.builder.result(self.urls, self.request_id)
        outcome: Answer | APIConnectionError
        try:
            outcome = yield exchange
        except APIConnectionError as error:
            outcome = error
        completed = updates.completed or Completed(self.request_id)
        return self.call.output(exchange, check_result(exchange, outcome, completed))

    def cancelled(self) -> Steps[CancelStatus]:
        """What becomes of it when fal is asked to drop it."""
        exchange = self.call.builder.cancel(self.urls, self.request_id)
        answer: Answer = yield exchange
        return read_cancelled(exchange, answer)

    def cancelled_quietly(self) -> Steps[None]:
        """Cancelled for a caller who has no more time, whatever comes of it."""
        try:
            yield from self.cancelled()
        except FalError:
            return


class Updates:
    """The changes of a request's state, up to its completion. Each log entry is in one of them.

    Attributes:
        limits: How long all of them may take.
        completed: The last one, once it was seen.
    """

    def __init__(self, request: Request, limits: Limits, *, logs: bool) -> None:
        self.limits = limits
        self.completed: Completed | None = None
        self._request = request
        self._logs = logs
        self._reader, self._filter = StatusReader(), UpdateFilter()
        self._pace = Pace(request.call.options.poll_interval)
        self._status: QueueStatus | None = None

    def coming(self) -> Steps[QueueStatus | None]:
        """The next one; None after the last."""
        while self.completed is None:
            if self._status is not None:
                deadline = self.limits.deadline
                yield Pause(deadline.pause(self._pace.interval(self._status, deadline.remaining())))
            self._status = yield from self._request.status(logs=self._logs, reader=self._reader)
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
