"""The events of a model that streams, synchronous. Importing this imports no httpx."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any, TypeVar

from ..client import FalClient, transport_of
from ..errors import FalError
from ..http.exchange import OpenAnswer
from .stream_base import StreamBase

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from types import TracebackType
    from typing import Self

    import httpx
    from httpx_sse import EventSource

    from ..http.deadline import Limits
    from ..http.exchange import Answer, Exchange
    from .call import CallContext
    from .events import Received

E = TypeVar("E")
T = TypeVar("T")


class Stream(StreamBase[E, T]):
    """A direct call whose answer comes piece by piece: `E` is an event, `T` the endpoint's output.

    Nothing is sent before the `with` block is entered; leaving it closes the connection, at which fal stops the model.
    What broke off is never asked for again.
    """

    def __init__(self, client: FalClient, context: CallContext, prepare: Callable[[Limits], Exchange]) -> None:
        super().__init__(context)
        self._client = client
        self._prepare = prepare
        self._answer: Answer | None = None
        self._alarm: Alarm | None = None
        self._events: Generator[E] | None = None

    def __enter__(self) -> Self:
        from .events import Received

        self._check_unopened()
        limits = self._context.limits()
        exchange = self._prepare(limits)
        self._answer = transport_of(self._client).send(exchange, limits)
        self._opened = Received(self._context, exchange, self._answer, limits)
        if isinstance(self._answer, OpenAnswer):
            self._alarm = Alarm(self._answer.response, limits.deadline.remaining())
        self._events = self._read(self._opened)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, whether or not all events were read."""
        if self._alarm is not None:
            self._alarm.cancel()
        if self._events is not None:
            self._events.close()
        if isinstance(self._answer, OpenAnswer):
            self._answer.response.close()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> E:
        """The next event.

        Raises:
            APIConnectionError: The stream broke off; `last` is the last event that came.
            APITimeoutError: Nothing came for `http_timeout` seconds.
            DeadlineExceededError: The time of the whole call is over.
            InvalidResponseError: An event is not JSON.
            RequestFailedError: The model reported an error.
        """
        received = self._received()
        assert self._events is not None
        try:
            return next(self._events)
        except FalError as error:
            received.error = error
            raise

    def output(self) -> T:
        """The last event, as the endpoint's output. Reads what has not been read yet.

        Raises:
            FalError: As reading does.
            InvalidResponseError: There was no event.
            RuntimeError: The stream was closed before its end.
        """
        received = self._received()
        for _event in self:
            pass
        return received.output()

    def _read(self, received: Received[E, T]) -> Generator[E]:
        source = received.source
        if source is None:
            yield received.take_whole()
        else:
            yield from self._read_events(received, source)
        received.is_complete = True

    def _read_events(self, received: Received[E, T], source: EventSource) -> Generator[E]:
        from ..http.httpx_exchange import HTTP_ERRORS
        from .events import has_value

        try:
            for event in source.iter_sse():
                received.check_deadline()
                if has_value(event):
                    yield received.take(event)
        except HTTP_ERRORS as error:
            broken = received.broken(error)
        else:
            if self._alarm is not None and self._alarm.went_off:  # the end of the connection is not that of the events
                received.check_deadline()
            return
        raise broken


class Alarm:
    """Shuts the connection of an answer down when its time is over, so that whoever reads from it wakes up.

    httpcore fixes the limit of every read when a body begins; what is left of the deadline is less by the time of the
    last one. Over HTTP/2, which only a caller's own client speaks, a connection is shared and nothing is done.

    Args:
        response: The answer that is read from.
        seconds: When to do it; None for never.
    """

    def __init__(self, response: httpx.Response, seconds: float | None) -> None:
        self._timer: threading.Timer | None = None
        self.went_off = False
        stream: Any = response.extensions.get("network_stream")
        if seconds is None or stream is None or response.http_version == "HTTP/2":
            return
        self._timer = threading.Timer(seconds, self._go_off, [stream.get_extra_info("socket")])
        self._timer.daemon = True
        self._timer.start()

    def cancel(self) -> None:
        """Do nothing after all."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _go_off(self, connection: object) -> None:
        self.went_off = True
        if isinstance(connection, socket.socket):
            with contextlib.suppress(OSError):  # it is closed already
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # SSLSocket's own changes what a reader uses
