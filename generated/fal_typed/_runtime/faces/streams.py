"""The events of models that stream."""

# design: What do editors show of the tree of endpoints?

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ..calls.steps import Call
    from ..http.exchange import Answer, Exchange, Limits

C = TypeVar("C")  # jedi knows no Self
E = TypeVar("E")
T = TypeVar("T")


class StreamFace(Generic[E]):
    """What is known of a stream while and after it is read."""

    @property
    def last(self) -> E | None:
        """The last event so far, also of a stream that broke off; None before the first."""
        raise NotImplementedError

    @property
    def request_id(self) -> str | None:
        """Fal's id of the request, once the stream is open."""
        raise NotImplementedError


class Stream(StreamFace[E], Generic[E, T]):
    """A direct call whose answer comes piece by piece: `E` is an event, `T` the endpoint's output.

    Nothing is sent before the `with` block is entered; leaving it closes the connection, at which fal stops the model.
    What broke off is never asked for again.
    """

    def __init__(self, call: Call, ask: Callable[[Limits], tuple[Exchange, Answer]]) -> None:
        raise NotImplementedError

    def __enter__(self: C) -> C:
        raise NotImplementedError

    def __exit__(self, *_: object) -> None:
        raise NotImplementedError

    def close(self) -> None:
        """Close the connection, whether or not all events were read."""
        raise NotImplementedError

    def __iter__(self: C) -> C:
        raise NotImplementedError

    def __next__(self) -> E:
        """The next event.

        Raises:
            APIConnectionError: The stream broke off; `last` is the last event that came.
            APITimeoutError: Nothing came for `http_timeout` seconds.
            DeadlineExceededError: The time of the whole call is over.
            InvalidResponseError: The last event is not JSON. One in the midst is skipped, with a warning.
            RequestFailedError: The model reported an error.
        """
        raise NotImplementedError

    def output(self) -> T:
        """The last event, as the endpoint's output. Reads what has not been read yet.

        Raises:
            FalError: As reading does.
            InvalidResponseError: There was no event.
            RuntimeError: The stream was closed before its end.
        """
        raise NotImplementedError


class AsyncStream(StreamFace[E], Generic[E, T]):
    """As `Stream`, in an `async with` block and an `async for` loop."""

    def __init__(self, call: Call, ask: Callable[[Limits], Awaitable[tuple[Exchange, Answer]]]) -> None:
        raise NotImplementedError

    async def __aenter__(self: C) -> C:
        raise NotImplementedError

    async def __aexit__(self, *_: object) -> None:
        raise NotImplementedError

    async def aclose(self) -> None:
        """Close the connection, whether or not all events were read."""
        raise NotImplementedError

    def __aiter__(self: C) -> C:
        raise NotImplementedError

    async def __anext__(self) -> E:
        """The next event. Raises as `Stream.__next__` does."""
        raise NotImplementedError

    async def output(self) -> T:
        """The last event, as the endpoint's output. See `Stream.output`."""
        raise NotImplementedError
