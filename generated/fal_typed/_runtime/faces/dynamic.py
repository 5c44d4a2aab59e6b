"""Endpoints that were not generated."""

# design: What do editors show of the tree of endpoints?

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ..options import NO_OPTIONS
from .endpoints import AsyncEndpoint, Endpoint

if TYPE_CHECKING:
    from ..calls.status import AsyncOnQueueUpdate, OnQueueUpdate
    from ..options import Options
    from ..session import AsyncSession, Session
    from .handles import AsyncRequestHandle, RequestHandle
    from .streams import AsyncStream, Stream


class DynamicEndpoint(Endpoint[Mapping[str, Any], Any]):
    """Any endpoint by its id: a mapping or keywords in, decoded JSON out."""

    def __init__(self, session: Session, endpoint_id: str, options: Options = NO_OPTIONS) -> None:
        raise NotImplementedError

    def run(self, arguments: Mapping[str, Any] | None = None, /, **given: Any) -> Any:
        """Call the endpoint directly, without the queue."""
        raise NotImplementedError

    def subscribe(
        self,
        arguments: Mapping[str, Any] | None = None,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: OnQueueUpdate | None = None,
        **given: Any,
    ) -> Any:
        """Call the endpoint through the queue, and wait for the output."""
        raise NotImplementedError

    def stream(
        self, arguments: Mapping[str, Any] | None = None, /, *, path: str | None = None, **given: Any
    ) -> Stream[Any, Any]:
        """Call the endpoint directly, and read what it makes as it comes, in a `with` block.

        Args:
            arguments: The input; one called `path` can only be given here.
            path: Where below the endpoint it streams; by default `/stream`, unless its id ends so.
            **given: More inputs.
        """
        raise NotImplementedError

    def submit(
        self, arguments: Mapping[str, Any] | None = None, /, *, webhook_url: str | None = None, **given: Any
    ) -> RequestHandle[Any]:
        """Put a request into the queue, and return at once."""
        raise NotImplementedError


class AsyncDynamicEndpoint(AsyncEndpoint[Mapping[str, Any], Any]):
    """Any endpoint by its id: a mapping or keywords in, decoded JSON out."""

    def __init__(self, session: AsyncSession, endpoint_id: str, options: Options = NO_OPTIONS) -> None:
        raise NotImplementedError

    async def run(self, arguments: Mapping[str, Any] | None = None, /, **given: Any) -> Any:
        """As `DynamicEndpoint.run`."""
        raise NotImplementedError

    async def subscribe(
        self,
        arguments: Mapping[str, Any] | None = None,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **given: Any,
    ) -> Any:
        """As `DynamicEndpoint.subscribe`."""
        raise NotImplementedError

    def stream(
        self, arguments: Mapping[str, Any] | None = None, /, *, path: str | None = None, **given: Any
    ) -> AsyncStream[Any, Any]:
        """As `DynamicEndpoint.stream`, in an `async with` block."""
        raise NotImplementedError

    async def submit(
        self, arguments: Mapping[str, Any] | None = None, /, *, webhook_url: str | None = None, **given: Any
    ) -> AsyncRequestHandle[Any]:
        """As `DynamicEndpoint.submit`."""
        raise NotImplementedError
