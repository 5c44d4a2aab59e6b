"""An endpoint that was not generated, on the synchronous client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .endpoint import Endpoint
from .endpoint_base import dynamic_input, dynamic_spec
from .ids import check_path
from .options import NO_OPTIONS, Options

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .client import FalClient
    from .handle import RequestHandle
    from .status import OnQueueUpdate
    from .stream import Stream


class DynamicEndpoint(Endpoint[Any]):
    """Any endpoint by its id: a mapping or keywords in, decoded JSON out."""

    def __init__(self, client: FalClient, endpoint_id: str, options: Options = NO_OPTIONS) -> None:
        super().__init__(client, options)
        self._spec = dynamic_spec(endpoint_id)

    def _copy(self, options: Options) -> DynamicEndpoint:
        return DynamicEndpoint(self._client, self._spec.id, options)

    def run(self, arguments: Mapping[str, Any] | None = None, /, **given: Any) -> Any:
        """Call the endpoint directly, without the queue."""
        return self._run(dynamic_input(arguments, given))

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
        return self._subscribe(dynamic_input(arguments, given), logs=logs, on_queue_update=on_queue_update)

    def stream(
        self, arguments: Mapping[str, Any] | None = None, /, *, path: str | None = None, **given: Any
    ) -> Stream[Any, Any]:
        """Call the endpoint directly, and read what it makes as it comes, in a `with` block.

        Args:
            arguments: The input; one called `path` can only be given here.
            path: Where below the endpoint it streams; by default `/stream`, unless its id ends so.
            **given: More inputs.
        """
        return self._stream(dynamic_input(arguments, given), check_path(path))

    def submit(
        self, arguments: Mapping[str, Any] | None = None, /, *, webhook_url: str | None = None, **given: Any
    ) -> RequestHandle[Any]:
        """Put a request into the queue, and return at once."""
        return self._submit(dynamic_input(arguments, given), webhook_url=webhook_url)
