"""A request in fal's queue, synchronous."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from .. import checks
from ..display.shown import Shown
from ..display.told import cut
from ..hinting import hinting
from ..http.endpoint_ids import check_endpoint_id
from ..http.requests import URL_FIELDS
from ..session import BaseSession, Session
from .status import state_after_cancel, state_of
from .steps import told

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from contextlib import AbstractContextManager

    from ..events.states import QueueStatus
    from ..http.exchange import Limits, Steps
    from .status import CancelStatus
    from .steps import Request
    from .waiting import Updates

S = TypeVar("S", bound=BaseSession)
R = TypeVar("R")
T = TypeVar("T")
# fal's have 36 characters.
_LONGEST_ID = 60


class HandleBase(Shown, Generic[S, T]):
    """A request in the queue, of a session; `T` is the endpoint's output."""

    _state: str | None = None
    """What was last heard of it; None where nothing was."""

    def __init__(self, session: S, request: Request, state: str | None = None) -> None:
        self._session = session
        self._request = request
        if state is not None:
            self._state = state

    @property
    def request_id(self) -> str:
        """The queue's id, with which `endpoint.request(id)` picks the request up again."""
        return self._request.request_id

    def to_dict(self) -> dict[str, str]:
        """The request as plain JSON, for a queue or a database: `fal.request(…)` of any client picks it up again.

        It holds no credentials and no options.
        """
        return self._request.to_dict()

    # What the methods do, and in which limits.

    def _updating(self, logs: bool) -> tuple[Updates, AbstractContextManager[None]]:
        """The updates, and what tells of them as long as they are read."""
        request = self._request
        limits = request.call.limits(verb="updates", request_id=request.request_id)
        if limits.watch is None:
            return request.updates(limits, logs=logs), nullcontext()
        from .watching import following

        return request.updates(limits, logs=logs), following(limits.watch)

    def _resulting(self, timeout: float | None) -> tuple[Steps[Any], Limits]:
        request, seconds = self._request, checks.seconds("timeout", timeout)
        limits = request.call.limits(seconds, verb="result", request_id=request.request_id)
        logs = limits.watch is not None and request.call.shows_logs
        wanted = request.noted(request.result(limits, logs=logs, heard=self._heard))
        return wanted if limits.watch is None else told(wanted, limits.watch), limits

    if not TYPE_CHECKING:  # type checkers know the names

        def __getattr__(self, name: str) -> Any:
            from ..habits.names import handle_hint

            hint = "" if name.startswith("_") else handle_hint(name) or checks.suggestion(name, dir(type(self)))
            # Without `obj`: the interpreter would suggest names of its own, private ones too.
            raise AttributeError(
                f"{type(self).__name__!r} object has no attribute {checks.quoted(name)}{hint}", name=name
            )

    def __repr__(self) -> str:
        state = "" if self._state is None else f" {self._state}"
        return f"<{type(self).__name__} {self._request.call.spec.id} {cut(self.request_id, _LONGEST_ID)}{state}>"

    def __shown__(self) -> Mapping[str, Any]:
        return {"endpoint": self._request.call.spec.id, "request_id": self.request_id, "state": self._state}

    def _heard(self, status: QueueStatus) -> QueueStatus:
        self._state = state_of(status)
        return status

    def _heard_of_cancel(self, outcome: CancelStatus) -> CancelStatus:
        self._state = state_after_cancel(outcome)
        return outcome


@contextmanager
def left(updates: Updates) -> Generator[None]:
    """Where one of them is given away: what is raised there ends them, and is no failure.

    It may be a cancellation: so an event loop closes what a loop has left when it ends itself.
    """
    try:
        yield
    except BaseException:
        if (watch := updates.limits.watch) is not None:
            watch.closed()
        raise


def endpoint_of(handle: Mapping[str, Any]) -> str:
    """The endpoint's id in what `to_dict` gave, after a look at all of it.

    Raises:
        TypeError: It is no mapping, or a field of it is no text.
        ValueError: A field is missing, or not what it is called.
    """
    if not isinstance(handle, Mapping):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"a handle's dict is wanted (handle.to_dict()), not {type(handle).__name__}")
    for name in ("endpoint", "request_id", *URL_FIELDS):
        value = handle.get(name)
        if value is None and name in URL_FIELDS:
            continue
        if value is None:
            raise ValueError(f"the handle's dict has no {name!r}")
        if not isinstance(value, str):
            raise TypeError(f"the handle's {name!r} must be a str, not {type(value).__name__}")
    if not handle["request_id"].strip("."):
        raise ValueError(f"the handle's 'request_id' is none: {handle['request_id']!r}")
    return check_endpoint_id(handle["endpoint"])


class RequestHandle(HandleBase[Session, T]):
    """A request in the queue; `T` is the endpoint's output."""

    def status(self, logs: bool = False) -> QueueStatus:
        """The state now, with all log entries the server still shows if `logs` is set."""
        return self._heard(self._do(self._request.status(logs=logs)))

    def updates(self, logs: bool = False) -> Iterator[QueueStatus]:
        """Every change of state as it happens, up to and including `Completed`; each log entry is in one update only.

        An iterator that is not read to its end may hold a connection for as long as it is kept.
        """
        return self._each(*self._updating(logs))

    def _each(self, updates: Updates, telling: AbstractContextManager[None]) -> Iterator[QueueStatus]:
        with telling:
            try:
                while (update := self._do(self._request.noted(updates.coming()), updates.limits)) is not None:
                    with left(updates):
                        yield self._heard(update)
            finally:
                self._do(updates.closed())

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
        output: T = self._do(*self._resulting(timeout))
        return output

    def cancel(self) -> CancelStatus:
        """Ask fal to drop the request, or to stop it.

        Raises:
            NotFoundError: fal does not know the request.
        """
        return self._heard_of_cancel(self._do(self._request.cancelled()))

    if not TYPE_CHECKING:
        status, updates, result, cancel = map(hinting, (status, updates, result, cancel))

    def _do(self, steps: Steps[R], limits: Limits | None = None) -> R:
        return self._session.transport.run(steps, limits or self._request.call.limits(waits=False))
