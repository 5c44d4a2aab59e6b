"""The events of a model that streams, synchronous. Importing this imports no httpx."""

# design: What does a stream promise?

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..display.shown import Shown
from ..http.exchange import OpenAnswer

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from typing import Self

    from httpx_sse import EventSource

    from ..http.exchange import Answer, Exchange, Limits
    from .events import Received
    from .steps import Call

E = TypeVar("E")
T = TypeVar("T")


class StreamBase(Shown, Generic[E, T]):
    """What is known of a stream while and after it is read."""

    _entry = "`with`"

    def __init__(self, call: Call) -> None:
        self._call = call
        self._opened: Received[E, T] | None = None
        self._answer: Answer | None = None
        self._events: Any = None

    @property
    def last(self) -> E | None:
        """The last event so far, also of a stream that broke off; None before the first."""
        return None if self._opened is None else self._opened.last

    @property
    def request_id(self) -> str | None:
        """Fal's id of the request, once the stream is open."""
        return None if self._opened is None else self._opened.request_id

    def _begin(self) -> Limits:
        if self._opened is not None:
            raise RuntimeError("a stream is read once; call stream(…) again for another")
        return self._call.limits(verb="stream")

    def _take(self, exchange: Exchange, answer: Answer, limits: Limits) -> Received[E, T]:
        from .events import Received

        self._answer = answer
        self._opened = Received(self._call, exchange, answer, limits)
        if limits.watch is not None:  # it may be dropped without having been closed
            from weakref import finalize

            finalize(self, self._opened.leave)
        return self._opened

    @contextmanager
    def _noting(self) -> Generator[Any]:
        """What is read from."""
        received = self._received()
        try:
            yield self._events
        except (StopIteration, StopAsyncIteration):
            raise
        except BaseException as error:
            received.fail(error)
            raise

    def _received(self) -> Received[E, T]:
        if self._opened is None:
            raise RuntimeError(f"a stream is not open before its {self._entry} block is entered")
        return self._opened

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._call.spec.id} {self._state}>"

    def __shown__(self) -> Mapping[str, Any]:
        told = {"endpoint": self._call.spec.id, "request_id": self.request_id, "state": self._state}
        return {**told, "last event": self.last}

    @property
    def _state(self) -> str:
        return "not opened" if self._opened is None else self._opened.state


class Stream(StreamBase[E, T]):
    """A direct call whose answer comes piece by piece: `E` is an event, `T` the endpoint's output.

    Nothing is sent before the `with` block is entered; leaving it closes the connection, at which fal stops the model.
    What broke off is never asked for again.
    """

    def __init__(self, call: Call, ask: Callable[[Limits], tuple[Exchange, Answer]]) -> None:
        super().__init__(call)
        self._ask = ask

    def __enter__(self) -> Self:
        limits = self._begin()
        exchange, answer = self._ask(limits)
        received = self._take(exchange, answer, limits)
        self._events = _read(received)
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection, whether or not all events were read."""
        if self._events is not None:
            self._events.close()
        if isinstance(self._answer, OpenAnswer):
            self._answer.body.close()
        if self._opened is not None:
            self._opened.leave()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> E:
        """The next event.

        Raises:
            APIConnectionError: The stream broke off; `last` is the last event that came.
            APITimeoutError: Nothing came for `http_timeout` seconds.
            DeadlineExceededError: The time of the whole call is over.
            InvalidResponseError: The last event is not JSON. One in the midst is skipped, with a warning.
            RequestFailedError: The model reported an error.
        """
        with self._noting() as events:
            event: E = next(events)
            return event

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


def _read(received: Received[E, Any]) -> Generator[E]:
    # No method: a stream that its own generator keeps would not go when it is dropped.
    source = received.source
    if source is None:
        yield received.take_whole()
    else:
        yield from _read_events(received, source)
    received.end()


def _read_events(received: Received[E, Any], source: EventSource) -> Generator[E]:
    try:
        for event in source.iter_sse():
            yield from received.values(event)
    except received.errors as error:
        broken = received.broken(error)
    else:
        return
    raise broken
