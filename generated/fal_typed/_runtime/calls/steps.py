"""fal's protocol as steps: what is asked for, in which order, and what the answers mean. No I/O.

A function here is a generator: it yields what it asks for, an exchange, a pause or an update to tell, and is sent what
came of it. `Transport.run` and `AsyncTransport.run` do what it asks for; endpoints and handles are the faces of both.
"""

from __future__ import annotations

import logging
import os
import sys
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from ..errors import APIConnectionError, APIStatusError, DeadlineExceededError, FalError
from ..events.states import Completed, InProgress
from ..files.remote_file import RemoteFile
from ..http.error_answers import status_error, unreadable
from ..http.exchange import Deadline, Limits, Pause, Within
from ..http.requests import URL_FIELDS, RequestBuilder, RequestUrls
from ..inputs import validate
from ..log import logger
from ..outputs.carriers import carrying
from ..outputs.model import FalModel, Origin, origin_of, read_response_info, set_origin
from ..outputs.parse import models_in, parse_output
from .status import CancelStatus, StatusReader, check_result, is_pending, read_cancelled
from .waiting import Pace, Updates

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..events.kinds import Verb
    from ..events.states import QueueStatus
    from ..events.watch import Listener, Watch
    from ..http.exchange import Answer, Exchange, Steps
    from ..inputs.spec import EndpointSpec
    from ..media.limits import MediaLimits
    from ..options import Options
    from ..session import Settings

T = TypeVar("T")
# Best effort when the caller was interrupted, and when the time is over: they are waiting for the error. A `timeout`
# is kept to half a second with this in it.
CANCEL_SECONDS, LATE_CANCEL_SECONDS = 2.0, 0.35


class Tell(NamedTuple):
    """A step that asks for a callback to be called, and awaited where it can be."""

    callback: Callable[[QueueStatus], object]
    update: QueueStatus


class Upload(NamedTuple):
    """A step that asks for the files in an input to be uploaded, and is sent the input with their URLs."""

    endpoint: str
    arguments: Mapping[str, Any]
    limits: Limits
    media: Mapping[str, MediaLimits] | None = None


class Call(NamedTuple):
    """An endpoint, the client's settings, and the options of the calls."""

    spec: EndpointSpec
    settings: Settings
    options: Options
    user_agent: str
    http_client: Any = None
    on_event: Listener | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        # As a session: settings travel; a caller's client, which holds connections, and a listener stay where they are.
        return Call, (self.spec, self.settings, self.options, self.user_agent)

    @property
    def builder(self) -> RequestBuilder:
        """Makes the requests."""
        settings = self.settings
        by_proxy = settings.proxy_url is not None
        return RequestBuilder(self.spec.id, self.spec.path, settings.hosts, self.options, self.user_agent, by_proxy)

    def limits(
        self,
        timeout: float | None = None,
        *,
        waits: bool = True,
        verb: Verb | None = None,
        request_id: str | None = None,
    ) -> Limits:
        """The limits of a call that starts now.

        Args:
            timeout: Seconds, if the call says so itself.
            waits: Whether it waits for a request, or asks once.
            verb: What was called, if that is to be told to whoever listens.
            request_id: Of which request, if that is known before.
        """
        options, settings = self.options, self.settings
        watch = self._watch(verb, request_id) if verb is not None and self.is_listened_to else None
        timeouts = (timeout, options.timeout, settings.timeout)
        return (Limits.of_waiting if waits else Limits)(
            Deadline(next((seconds for seconds in timeouts if seconds is not None), None)),
            options.http_timeout or settings.http_timeout,
            settings.max_retries if options.max_retries is None else options.max_retries,
            watch=watch,
        )

    @property
    def progress(self) -> bool | None:
        """Whether it is to be shown how far it is, if that is said."""
        said = self.options.progress
        return self.settings.progress if said is None else said

    @property
    def is_listened_to(self) -> bool:
        """Whether anybody may want to be told of its steps."""
        return self.on_event is not None or self._may_be_shown or logger.isEnabledFor(logging.DEBUG)

    @property
    def _may_be_shown(self) -> bool:
        """Whether it is worth asking where its progress is shown: most calls have nobody who looks."""
        return bool(self.progress) or "FAL_TYPED_PROGRESS" in os.environ or "IPython" in sys.modules

    @property
    def shows_logs(self) -> bool:
        """Whether logs are asked for to show the last line. Who is told of updates gets those they have asked for."""
        options = self.options
        if options.logs is not None or options.on_queue_update is not None or self.on_event is not None:
            return False
        from ..progress.wanted import place

        return place(self.progress) is not None

    def _watch(self, verb: Verb, request_id: str | None) -> Watch | None:
        from .watching import watch_of

        return watch_of(self.spec.id, verb, self.progress, self.on_event, request_id)

    @property
    def media(self) -> Mapping[str, MediaLimits] | None:
        """What the files of a checked input must be like; None where nothing is held against it."""
        if self.spec.media is None or not self.settings.validate_inputs:
            return None
        extra = self.options.extra_input or {}
        return {place: limits for place, limits in self.spec.media.items() if place.partition(".")[0] not in extra}

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """The checked input under the names of the wire; files are files yet.

        Raises:
            InvalidInputError: It does not match the document.
        """
        if self.spec.input is not None and self.settings.validate_inputs:
            given = validate.check_input(self.spec, given)
        wire = validate.wire_names(self.spec, given) if self.spec.renamed else given
        if self.media is not None:
            from ..media.check import check_data_uris

            check_data_uris(self.spec.id, wire, self.media)
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
        return self.read(body, answer.headers, exchange.request_id or answer.request_id)

    def read(self, body: Any, headers: Mapping[str, str], request_id: str | None) -> Any:
        """The output that decoded JSON is."""
        info = read_response_info(headers, request_id)
        if self.spec.output is None:
            return carrying(body, info)
        output = parse_output(self.spec.output, body, endpoint=self.spec.id)
        if self.http_client is not None:  # which saves the files in it, too
            files = [model for model in models_in(output) if isinstance(model, RemoteFile)]
            for file in files:
                set_origin(file, Origin(http_client=self.http_client))
        if not isinstance(output, FalModel):
            return carrying(output, info)
        set_origin(output, Origin(info, origin_of(output).received, self.http_client))
        return output


def told(wanted: Steps[T], watch: Watch) -> Steps[T]:
    """The steps of a call that somebody listens to: where they begin and end is told, too."""
    from .watching import followed

    return followed(watch, wanted)


def body_of(call: Call, arguments: Mapping[str, Any], limits: Limits) -> Steps[bytes]:
    """The arguments as they go over the wire, their files uploaded."""
    try:
        return validate.to_json(call.spec.id, arguments)
    except validate.HoldsFilesError:
        pass
    uploaded: dict[str, Any] = yield Upload(call.spec.id, arguments, limits, call.media)
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
    if not answer.is_success:
        raise status_error(answer, exchange)
    return exchange, answer


def submitted(call: Call, given: Mapping[str, Any], limits: Limits) -> Steps[Request]:
    """A call that is put into the queue."""
    body = yield from body_of(call, call.arguments(given), limits)
    exchange = call.builder.submit(body, call.options.webhook_url)
    answer: Answer = yield exchange
    request = Request(call, *call.builder.read_submitted(exchange, answer))
    if limits.watch is not None:
        limits.watch.submitted(request.request_id)
    return request


def subscribed(call: Call, given: Mapping[str, Any], limits: Limits) -> Steps[Any]:
    """A call through the queue, to its output. One deadline is for submitting, waiting and fetching."""
    request = yield from submitted(call, given, limits)
    options = call.options
    logs = bool(options.logs) or (limits.watch is not None and call.shows_logs)
    try:
        return (yield from request.result(limits, logs=logs, on_update=options.on_queue_update, is_new=True))
    except GeneratorExit:
        raise  # nobody is there to do what would be asked for
    except BaseException as error:
        yield from request.left_by(error, cancels=bool(options.cancel_on_interrupt))
        raise


class Request(NamedTuple):
    """A request in the queue."""

    call: Call
    request_id: str
    urls: RequestUrls

    def to_dict(self) -> dict[str, str]:
        """It as plain JSON, from which any client picks it up again."""
        urls = dict(zip(URL_FIELDS, self.urls, strict=True))
        return {"endpoint": self.call.spec.id, "request_id": self.request_id, **urls}

    def status(self, *, logs: bool) -> Steps[QueueStatus]:
        """Its state now."""
        exchange = self.call.builder.status(self.urls, self.request_id, logs=logs)
        answer: Answer = yield exchange
        return StatusReader().read(exchange, answer)

    def updates(self, limits: Limits, *, logs: bool, is_new: bool = False) -> Updates:
        """The changes of its state. They are to be closed where their end is not waited for."""
        interval = self.call.options.poll_interval
        return Updates(self.call.builder, self.urls, self.request_id, limits, interval, logs=logs, is_new=is_new)

    def result(
        self,
        limits: Limits,
        *,
        logs: bool,
        on_update: Callable[[QueueStatus], object] | None = None,
        heard: Callable[[QueueStatus], object] | None = None,
        is_new: bool = False,
    ) -> Steps[Any]:
        """Its output, waited for. `heard` is called with each update on the spot, and never waits."""
        answered = self.answered(limits, logs=logs, on_update=on_update, heard=heard, is_new=is_new)
        return self.call.output(*(yield from answered))

    def answered(
        self,
        limits: Limits,
        *,
        logs: bool,
        on_update: Callable[[QueueStatus], object] | None,
        heard: Callable[[QueueStatus], object] | None,
        is_new: bool,
    ) -> Steps[tuple[Exchange, Answer]]:
        """What it was asked for its result with, and the answer: an output, or the model's own error. See `result`."""
        updates = self.updates(limits, logs=logs, is_new=is_new)
        try:
            while (update := (yield from updates.coming())) is not None:
                if heard is not None:
                    heard(update)
                if on_update is not None:
                    yield Tell(on_update, update)
        except GeneratorExit:  # nobody does what is asked for any more
            raise
        except BaseException:
            yield from updates.closed()
            raise
        exchange = self.call.builder.result(self.urls, self.request_id)
        completed = updates.completed or Completed(self.request_id)
        outcome = yield from self._outcome(exchange, completed)
        if is_pending(outcome):
            pace, state = Pace(self.call.options.poll_interval), InProgress(self.request_id)
            while is_pending(outcome):
                yield Pause(limits.deadline.pause(pace.interval(state, limits.deadline.remaining())))
                outcome = yield from self._outcome(exchange, completed)
        return exchange, check_result(exchange, outcome, completed)

    def _outcome(self, exchange: Exchange, completed: Completed) -> Steps[Answer | FalError]:
        """What comes of asking for the result."""
        try:
            answer: Answer = yield exchange
        except APIConnectionError as error:
            return error
        except DeadlineExceededError as late:
            if completed.error is None:
                raise
            return late  # that it failed is known
        return answer

    def cancelled(self) -> Steps[CancelStatus]:
        """What becomes of it when fal is asked to drop it."""
        exchange = self.call.builder.cancel(self.urls, self.request_id)
        answer: Answer = yield exchange
        return read_cancelled(exchange, answer)

    def left_by(self, error: BaseException, *, cancels: bool) -> Steps[None]:
        """What is done when the wait of a subscription ends otherwise than with its output.

        Args:
            error: What ends it.
            cancels: Whether to cancel where it comes from outside. Where the time is over, that is done anyway.
        """
        if self._is_own(error):
            if isinstance(error, DeadlineExceededError):
                error.tell_cancel((yield from self.noted(self._cancellation(LATE_CANCEL_SECONDS))))
            return
        told = ""
        try:
            if cancels:
                told = f"; cancel: {yield from self.noted(self._cancellation(CANCEL_SECONDS))}"
        finally:
            self._note(error, told)

    def noted(self, wanted: Steps[T]) -> Steps[T]:
        """Steps that are about it; whatever stops them from outside leaves with its id."""
        try:
            return (yield from wanted)
        except GeneratorExit:
            raise
        except BaseException as error:
            if not self._is_own(error):
                self._note(error)
            raise

    def _is_own(self, error: BaseException) -> bool:
        """Whether it is an error of ours that has its id, rather than an interrupt or what a callback raised."""
        return isinstance(error, FalError) and getattr(error, "request_id", None) == self.request_id

    def _note(self, error: BaseException, told: str = "") -> None:
        error.add_note(f"{self.call.spec.id}: request id {self.request_id}{told}")

    def _cancellation(self, seconds: float) -> Steps[str]:
        """Cancelled for a caller who has no more time; whatever comes of it is told in words."""
        told: str = yield Within(self._cancelled_quietly(), self.call.limits(seconds), shielded=True)
        return told

    def _cancelled_quietly(self) -> Steps[str]:
        try:
            return (yield from self.cancelled()).value
        except APIStatusError as error:
            return f"refused with {error.status_code}"
        except FalError:
            return "asked, not answered"
