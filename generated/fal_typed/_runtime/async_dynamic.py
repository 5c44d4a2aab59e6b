"""An endpoint that was not generated, on the asynchronous client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .async_endpoint import AsyncEndpoint
from .endpoint_base import dynamic_input, dynamic_spec
from .ids import check_path
from .options import NO_OPTIONS, Options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .async_client import AsyncFalClient
    from .async_handle import AsyncRequestHandle
    from .async_stream import AsyncStream
    from .status import AsyncOnQueueUpdate


class AsyncDynamicEndpoint(AsyncEndpoint[Any]):
    """Any endpoint by its id: a mapping or keywords in, decoded JSON out."""

    def __init__(self, client: AsyncFalClient, endpoint_id: str, options: Options = NO_OPTIONS) -> None:
        super().__init__(client, options)
        self._spec = dynamic_spec(endpoint_id)

    def _copy(self, options: Options) -> AsyncDynamicEndpoint:
        return AsyncDynamicEndpoint(self._client, self._spec.id, options)

    async def run(self, arguments: Mapping[str, Any] | None = None, /, **given: Any) -> Any:
        """Call the endpoint directly, without the queue."""
        return await self._run(dynamic_input(arguments, given))

    async def subscribe(
        self,
        arguments: Mapping[str, Any] | None = None,
        /,
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
        **given: Any,
    ) -> Any:
        """Call the endpoint through the queue, and wait for the output."""
        return await self._subscribe(dynamic_input(arguments, given), logs=logs, on_queue_update=on_queue_update)

    def stream(
        self, arguments: Mapping[str, Any] | None = None, /, *, path: str | None = None, **given: Any
    ) -> AsyncStream[Any, Any]:
        """Call the endpoint directly, and read what it makes as it comes, in an `async with` block.

        Args:
            arguments: The input; one called `path` can only be given here.
            path: Where below the endpoint it streams; by default `/stream`, unless its id ends so.
            **given: More inputs.
        """
        return self._stream(dynamic_input(arguments, given), check_path(path))

    async def submit(
        self, arguments: Mapping[str, Any] | None = None, /, *, webhook_url: str | None = None, **given: Any
    ) -> AsyncRequestHandle[Any]:
        """Put a request into the queue, and return at once."""
        return await self._submit(dynamic_input(arguments, given), webhook_url=webhook_url)
