"""One call, watched: its steps go to whoever listens. A call that nobody listens to has no watch."""

# design: What does a call tell of itself?

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from itertools import count
from types import MethodType
from typing import TYPE_CHECKING, Any

from .. import stand_in
from ..log import logger
from .kinds import Closed, Completed, Event, Failed, Retried, Started, Submitted, Updated, Uploaded

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from .kinds import Verb
    from .states import QueueStatus

_numbers = count(1)
# The functions that are being told of something, here and now.
_telling: ContextVar[tuple[object, ...]] = ContextVar("_telling", default=())
# What is passed on although a listener raises it: the program is to end.
_ENDS = (KeyboardInterrupt, SystemExit)


class Listener:
    """Somebody who is told of calls, of several at once and maybe from several threads.

    What it raises is logged once, and breaks no call; an interrupt is passed on when all others have been told.

    Attributes:
        was_wrong: Whether it has raised something.
    """

    was_wrong: bool = False

    @property
    def is_telling(self) -> bool:
        """Whether it is what makes the call: it is not told of those, or it would make another one of each."""
        return False

    def told(self, event: Event) -> None:
        """A step of a call."""

    def moved(self, call: int, name: str, moved: int, total: int | None) -> None:
        """How far an upload of a call is.

        Args:
            call: The call's number.
            name: The file's name.
            moved: The bytes so far.
            total: The bytes in all; None where that is not known.
        """


class Handler(Listener):
    """The function that a client was given as `on_event`."""

    def __init__(self, function: Callable[[Event], object]) -> None:
        self._function = function
        self._same = _identity(function)

    @property
    def is_telling(self) -> bool:
        """See Listener. Another client may have the same function."""
        return self._same in _telling.get()

    def told(self, event: Event) -> None:
        """See Listener.

        Raises:
            TypeError: The function has returned something to be awaited, which nobody does.
        """
        token = _telling.set((*_telling.get(), self._same))
        try:
            returned = self._function(event)
        finally:
            _telling.reset(token)
        # A task goes on by itself.
        if hasattr(type(returned), "__await__") and not hasattr(returned, "add_done_callback"):
            if callable(close := getattr(returned, "close", None)):
                close()
            kind = type(returned).__name__
            raise TypeError(f"on_event must be a plain function: it returned a {kind}, which nobody awaits")


def _identity(function: Any) -> object:
    """What is the same for the same function; of a method there is a new object each time that it is named."""
    is_method = isinstance(function, MethodType)
    return (id(function.__self__), id(function.__func__)) if is_method else id(function)


class Watch:
    """A call, and who is told of it. It begins to run when it is made.

    Args:
        endpoint: The endpoint's id.
        verb: What was called.
        listeners: Who is told.
        request_id: fal's id of the request, if it is known before.

    Attributes:
        call: Its number.
        verb: What was called.
        request_id: As soon as it is known.
    """

    def __init__(self, endpoint: str, verb: Verb, listeners: Sequence[Listener], request_id: str | None = None) -> None:
        self.call: int = next(_numbers)
        self.request_id: str | None = request_id
        self._endpoint = endpoint
        self.verb: Verb = verb
        self._listeners = listeners
        self._began = stand_in.now()
        self._is_over = False

    @contextmanager
    def begun(self) -> Generator[None]:
        """Tells the beginning of what is done in the block, and that it is left otherwise than by its end."""
        try:
            self._tell(Started, verb=self.verb)
            yield
        except GeneratorExit:
            self.closed()
            raise
        except BaseException as error:
            self.failed(error)
            raise

    def submitted(self, request_id: str) -> None:
        """The queue has the request."""
        self.request_id = request_id
        self._tell(Submitted)

    def updated(self, status: QueueStatus) -> None:
        """The state has changed."""
        self._tell(Updated, status=status)

    def retried(self, purpose: str, attempt: int, reason: str, wait: float) -> None:
        """Something is tried again; see Retried."""
        self._tell(Retried, purpose=purpose, attempt=attempt, reason=reason, wait=wait)

    def uploaded(self, name: str, content_type: str, size: int) -> None:
        """A file is there."""
        self._tell(Uploaded, name=name, content_type=content_type, size=size)

    def moved(self, name: str, moved: int, total: int | None) -> None:
        """So much of a file was uploaded."""
        if not self._is_over:
            self._tell_all(lambda listener: listener.moved(self.call, name, moved, total))

    def completed(self, billable_units: float | None) -> None:
        """The call has its output. What comes after the first end of a call is told to nobody."""
        self._tell(Completed, ends=True, billable_units=billable_units)

    def failed(self, error: BaseException) -> None:
        """The call raises something."""
        self.request_id = self.request_id or getattr(error, "request_id", None)
        self._tell(Failed, ends=True, error=error)

    def closed(self) -> None:
        """Nobody waits for the call any more."""
        self._tell(Closed, ends=True)

    def _tell(self, kind: Callable[..., Event], *, ends: bool = False, **more: Any) -> None:
        if self._is_over:
            return
        self._is_over = ends
        seconds = stand_in.now() - self._began
        event = kind(endpoint=self._endpoint, call=self.call, request_id=self.request_id, seconds=seconds, **more)
        self._tell_all(lambda listener: listener.told(event))

    def _tell_all(self, tell: Callable[[Listener], None]) -> None:
        end: BaseException | None = None
        for listener in self._listeners:
            try:
                tell(listener)
            except _ENDS as error:
                end = end or error
            except BaseException:  # a cancellation of its own is none of the call
                _note(listener)
        if end is not None:
            raise end


def _note(listener: Listener) -> None:
    """Log what a listener has raised, the first time: a call that is paid for goes on."""
    if not listener.was_wrong:
        listener.was_wrong = True
        logger.warning("on_event raised; the call goes on, and this is not told again", exc_info=True)
