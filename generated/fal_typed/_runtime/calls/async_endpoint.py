"""Endpoint objects of the asynchronous client. Generated classes declare their verbs and call the ones here."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import isawaitable
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..hinting import hinting
from ..http.endpoint_ids import check_path
from ..jobs.mappable import AsyncMappable
from ..options import NO_OPTIONS, Options
from ..session import AsyncSession
from . import steps
from .async_handle import AsyncRequestHandle
from .async_stream import AsyncStream
from .endpoint import EndpointBase, NamespaceBase, dynamic_input, dynamic_spec

if TYPE_CHECKING:
    from ..http.exchange import Limits, Steps
    from .status import AsyncOnQueueUpdate

I = TypeVar("I")  # noqa: E741  # input, beside T
R = TypeVar("R")
T = TypeVar("T")


class AsyncNamespace(NamespaceBase[AsyncSession]):
    """Endpoints below one name."""


class AsyncEndpoint(EndpointBase[AsyncSession], AsyncMappable[I, T], Generic[I, T]):
    """One endpoint: `I` is its input, `T` its output."""

    def request(self, request_id: str, /) -> AsyncRequestHandle[T]:
        """Pick up a request by its id."""
        return AsyncRequestHandle(self._session, self._picked_up(request_id))

    if not TYPE_CHECKING:
        request = hinting(request)

    def _request(self, handle: Mapping[str, Any]) -> AsyncRequestHandle[T]:
        return AsyncRequestHandle(self._session, self._picked_up(handle["request_id"], handle))

    async def _run(self, given: Mapping[str, Any]) -> T:
        return await self._do(*self._running(given))

    def _stream(self, given: Mapping[str, Any], path: str | None = None) -> AsyncStream[Any, T]:
        call, open_ = self._opening(given, path)
        return AsyncStream(call, lambda limits: self._do(open_(limits), limits))

    async def _submit(self, given: Mapping[str, Any], *, webhook_url: str | None = None) -> AsyncRequestHandle[T]:
        return AsyncRequestHandle(self._session, await self._do(*self._submitting(given, webhook_url)), "queued")

    async def _subscribe(
        self, given: Mapping[str, Any], *, logs: bool | None = None, on_queue_update: AsyncOnQueueUpdate | None = None
    ) -> T:
        return await self._do(*self._subscribing(given, logs, on_queue_update))

    async def _do(self, wanted: Steps[R], limits: Limits) -> R:
        return await self._session.transport.run(wanted, limits, self._do_other)

    async def _do_other(self, step: steps.Tell | steps.Upload) -> object:
        if isinstance(step, steps.Tell):
            told = step.callback(step.update)  # a plain function, or a coroutine function
            return await told if isawaitable(told) else told
        from ..files.uploads.async_storage import AsyncStorage, upload_inputs

        storage = AsyncStorage(self._session)
        return await upload_inputs(storage, step.endpoint, step.arguments, step.limits, step.media)


class AsyncDynamicEndpoint(AsyncEndpoint[Mapping[str, Any], Any]):
    """Any endpoint by its id: a mapping or keywords in, decoded JSON out."""

    def __init__(self, session: AsyncSession, endpoint_id: str, options: Options = NO_OPTIONS) -> None:
        super().__init__(session, options)
        self._spec = dynamic_spec(endpoint_id)

    def _copy(self, options: Options) -> AsyncDynamicEndpoint:
        return AsyncDynamicEndpoint(self._session, self._spec.id, options)

    async def run(self, arguments: Mapping[str, Any] | None = None, /, **given: Any) -> Any:
        """As `DynamicEndpoint.run`."""
        return await self._run(dynamic_input(self._spec.id, arguments, given))

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
        return await self._subscribe(
            dynamic_input(self._spec.id, arguments, given), logs=logs, on_queue_update=on_queue_update
        )

    def stream(
        self, arguments: Mapping[str, Any] | None = None, /, *, path: str | None = None, **given: Any
    ) -> AsyncStream[Any, Any]:
        """As `DynamicEndpoint.stream`, in an `async with` block."""
        return self._stream(dynamic_input(self._spec.id, arguments, given), check_path(path))

    async def submit(
        self, arguments: Mapping[str, Any] | None = None, /, *, webhook_url: str | None = None, **given: Any
    ) -> AsyncRequestHandle[Any]:
        """As `DynamicEndpoint.submit`."""
        return await self._submit(dynamic_input(self._spec.id, arguments, given), webhook_url=webhook_url)
