"""Endpoint objects of the asynchronous client. Generated classes declare their verbs and call the ones here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..async_client import AsyncFalClient, transport_of
from ..errors import DeadlineExceededError
from ..http.endpoint_ids import check_path
from ..inputs.spec import EndpointSpec
from ..inputs.validate import HoldsFilesError
from ..options import NO_OPTIONS, Options
from .async_handle import AsyncRequestHandle
from .async_stream import AsyncStream
from .endpoint_base import EndpointBase, NamespaceBase, dynamic_input, dynamic_spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ..http.deadline import Limits
    from ..http.exchange import Exchange
    from .call import CallContext
    from .status import AsyncOnQueueUpdate

T = TypeVar("T")


class AsyncNamespace(NamespaceBase[AsyncFalClient]):
    """Endpoints below one name."""


class AsyncEndpoint(EndpointBase[AsyncFalClient], Generic[T]):
    """One endpoint; `T` is its output."""

    def request(self, request_id: str, /) -> AsyncRequestHandle[T]:
        """Pick up a request by its id."""
        context = self._context()
        return AsyncRequestHandle(self._client, context, request_id, context.builder.urls_of(request_id))

    async def _body(self, context: CallContext, arguments: Mapping[str, Any], limits: Limits) -> bytes:
        """The checked input as it goes over the wire, its files uploaded."""
        try:
            return context.body(arguments)
        except HoldsFilesError:
            pass
        from ..files.async_storage import upload_inputs

        return context.body(await upload_inputs(self._client.storage, context.spec.id, arguments, limits))

    async def _run(self, given: Mapping[str, Any]) -> T:
        context = self._context()
        limits = context.limits()
        exchange = context.builder.run(await self._body(context, context.arguments(given), limits))
        output: T = context.output(exchange, await transport_of(self._client).send(exchange, limits))
        return output

    def _stream(self, given: Mapping[str, Any], path: str | None = None) -> AsyncStream[Any, T]:
        context = self._context()
        arguments = context.arguments(given)  # what is wrong with the input is said at once

        async def prepare(limits: Limits) -> Exchange:
            return context.builder.stream(await self._body(context, arguments, limits), path)

        return AsyncStream(self._client, context, prepare)

    async def _submit(self, given: Mapping[str, Any], *, webhook_url: str | None = None) -> AsyncRequestHandle[T]:
        return await self.with_options(webhook_url=webhook_url)._submitted(given, self._context().limits())

    async def _submitted(self, given: Mapping[str, Any], limits: Limits) -> AsyncRequestHandle[T]:
        context = self._context()
        body = await self._body(context, context.arguments(given), limits)
        exchange = context.builder.submit(body, self._options.webhook_url)
        answer = await transport_of(self._client).send(exchange, limits)
        return AsyncRequestHandle(self._client, context, *context.builder.read_submitted(exchange, answer))

    async def _subscribe(
        self,
        given: Mapping[str, Any],
        *,
        logs: bool | None = None,
        on_queue_update: AsyncOnQueueUpdate | None = None,
    ) -> T:
        return await self.with_options(logs=logs, on_queue_update=on_queue_update)._subscribed(given)

    async def _subscribed(self, given: Mapping[str, Any]) -> T:
        limits = self._context().limits()  # one deadline for submitting, waiting and fetching
        handle = await self._submitted(given, limits)
        try:
            return await handle.wait(limits, logs=bool(self._options.logs), on_update=self._options.on_queue_update)
        except DeadlineExceededError:
            await handle.cancel_quietly()
            raise


__all__ = ["AsyncEndpoint", "AsyncNamespace", "EndpointSpec"]


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
