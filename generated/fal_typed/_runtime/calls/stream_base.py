"""What the two kinds of streams share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from .call import CallContext
    from .events import Received

E = TypeVar("E")
T = TypeVar("T")


class StreamBase(Generic[E, T]):
    """A direct call whose answer comes piece by piece: `E` is an event, `T` the endpoint's output.

    Nothing is sent before the `with` block is entered; leaving it closes the connection, at which fal stops the model.
    What broke off is never asked for again.
    """

    def __init__(self, context: CallContext) -> None:
        self._context = context
        self._opened: Received[E, T] | None = None

    @property
    def last(self) -> E | None:
        """The last event so far, also of a stream that broke off; None before the first."""
        return None if self._opened is None else self._opened.last

    @property
    def request_id(self) -> str | None:
        """Fal's id of the request, once the stream is open."""
        return None if self._opened is None else self._opened.request_id

    def _received(self) -> Received[E, T]:
        if self._opened is None:
            raise RuntimeError(f"a stream is not open before its {self._entry} block is entered")
        return self._opened

    def _check_unopened(self) -> None:
        if self._opened is not None:
            raise RuntimeError("a stream is read once; call stream(…) again for another")

    _entry = "`with`"

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {self._context.spec.id}>"
