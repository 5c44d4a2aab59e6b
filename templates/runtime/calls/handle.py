"""A request in fal's queue, synchronous."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Generic, TypeVar

from .. import checks
from ..client import FalClient, transport_of
from ..errors import APIConnectionError, FalError
from .polling import CANCEL_SECONDS, Pace, StatusReader, UpdateFilter, check_result, read_cancelled
from .status import CancelStatus, Completed, OnQueueUpdate, QueueStatus

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..http.deadline import Limits
    from ..http.exchange import Answer
    from ..http.requests import RequestUrls
    from .call import CallContext

T = TypeVar("T")


class RequestHandle(Generic[T]):
    """A request in the queue; `T` is the endpoint's output."""

    def __init__(self, client: FalClient, context: CallContext, request_id: str, urls: RequestUrls) -> None:
        self._client = client
        self._context = context
        self._request_id = request_id
        self._urls = urls

    @property
    def request_id(self) -> str:
        """The queue's id, with which `endpoint.request(id)` picks the request up again."""
        return self._request_id

    def status(self, logs: bool = False) -> QueueStatus:
        """The state now, with all log entries the server still shows if `logs` is set."""
        return self._ask(StatusReader(), self._context.limits(), logs=logs)

    def updates(self, logs: bool = False) -> Iterator[QueueStatus]:
        """Every change of state, up to and including `Completed`; each log entry is in one update only."""
        return self._updates(self._context.limits(), logs=logs)

    def result(self, timeout: float | None = None) -> T:
        """Wait for the output.

        Args:
            timeout: Seconds to wait; by default the `timeout` of the options or the client. When they have passed, the
                request goes on: the handle can be asked again, or cancelled.

        Raises:
            APIStatusError: The model's own error.
            RequestFailedError: The request failed without one.
            ResultExpiredError: The result is not kept any more.
            DeadlineExceededError: It did not complete in time.
        """
        return self._result(self._context.limits(checks.seconds("timeout", timeout)))

    def cancel(self) -> CancelStatus:
        """Ask fal to drop the request, or to stop it.

        Raises:
            NotFoundError: fal does not know the request.
        """
        return self._cancel(self._context.limits())

    def wait(self, limits: Limits, *, logs: bool, on_update: OnQueueUpdate | None) -> T:
        """`result` within given limits of a request just submitted, reporting what happens; used by `subscribe`."""
        time.sleep(limits.deadline.pause(Pace(self._context.options.poll_interval).first))
        return self._result(limits, logs=logs, on_update=on_update)

    def _result(self, limits: Limits, *, logs: bool = False, on_update: OnQueueUpdate | None = None) -> T:
        completed = Completed(self._request_id)
        for update in self._updates(limits, logs=logs):
            if on_update is not None:
                on_update(update)
            if isinstance(update, Completed):
                completed = update
        return self._fetch(completed, limits)

    def cancel_quietly(self) -> None:
        """Cancel for a caller who has no more time: briefly, and whatever comes of it."""
        try:
            self._cancel(self._context.limits(CANCEL_SECONDS))
        except FalError:
            return

    def _updates(self, limits: Limits, *, logs: bool) -> Iterator[QueueStatus]:
        reader, updates, pace = StatusReader(), UpdateFilter(), Pace(self._context.options.poll_interval)
        while True:
            status = self._ask(reader, limits, logs=logs)
            update = updates.news(status)
            if update is not None:
                yield update
            if isinstance(status, Completed):
                return
            interval = pace.interval(status, limits.deadline.remaining())
            time.sleep(limits.deadline.pause(interval))

    def _ask(self, reader: StatusReader, limits: Limits, *, logs: bool) -> QueueStatus:
        exchange = self._context.builder.status(self._urls, self._request_id, logs=logs)
        return reader.read(exchange, transport_of(self._client).send(exchange, limits))

    def _fetch(self, completed: Completed, limits: Limits) -> T:
        exchange = self._context.builder.result(self._urls, self._request_id)
        outcome: Answer | APIConnectionError
        try:
            outcome = transport_of(self._client).send(exchange, limits)
        except APIConnectionError as error:
            outcome = error
        output: T = self._context.output(exchange, check_result(exchange, outcome, completed))
        return output

    def _cancel(self, limits: Limits) -> CancelStatus:
        exchange = self._context.builder.cancel(self._urls, self._request_id)
        return read_cancelled(exchange, transport_of(self._client).send(exchange, limits))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._request_id} of {self._context.spec.id}>"
