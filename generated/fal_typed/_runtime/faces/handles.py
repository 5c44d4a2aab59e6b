"""Requests in the queue."""

# design: What do editors show of the tree of endpoints?

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from ..calls.status import CancelStatus
    from ..calls.steps import Request
    from ..events.states import QueueStatus
    from ..session import AsyncSession, Session

T = TypeVar("T")


class HandleFace:
    """What the handles of both clients have."""

    @property
    def request_id(self) -> str:
        """The queue's id, with which `endpoint.request(id)` picks the request up again."""
        raise NotImplementedError

    def to_dict(self) -> dict[str, str]:
        """The request as plain JSON, for a queue or a database: `fal.request(…)` of any client picks it up again.

        It holds no credentials and no options.
        """
        raise NotImplementedError


class RequestHandle(HandleFace, Generic[T]):
    """A request in the queue; `T` is the endpoint's output."""

    def __init__(self, session: Session, request: Request, state: str | None = None) -> None:
        raise NotImplementedError

    def status(self, logs: bool = False) -> QueueStatus:
        """The state now, with all log entries the server still shows if `logs` is set."""
        raise NotImplementedError

    def updates(self, logs: bool = False) -> Iterator[QueueStatus]:
        """Every change of state as it happens, up to and including `Completed`; each log entry is in one update only.

        An iterator that is not read to its end may hold a connection for as long as it is kept.
        """
        raise NotImplementedError

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
        raise NotImplementedError

    def cancel(self) -> CancelStatus:
        """Ask fal to drop the request, or to stop it.

        Raises:
            NotFoundError: fal does not know the request.
        """
        raise NotImplementedError


class AsyncRequestHandle(HandleFace, Generic[T]):
    """A request in the queue; `T` is the endpoint's output."""

    def __init__(self, session: AsyncSession, request: Request, state: str | None = None) -> None:
        raise NotImplementedError

    async def status(self, logs: bool = False) -> QueueStatus:
        """As `RequestHandle.status`."""
        raise NotImplementedError

    def updates(self, logs: bool = False) -> AsyncIterator[QueueStatus]:
        """As `RequestHandle.updates`, for `async for`."""
        raise NotImplementedError

    async def result(self, timeout: float | None = None) -> T:
        """As `RequestHandle.result`."""
        raise NotImplementedError

    async def cancel(self) -> CancelStatus:
        """As `RequestHandle.cancel`."""
        raise NotImplementedError
