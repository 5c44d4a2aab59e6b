"""A request in fal's queue, asynchronous."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from ..hinting import hinting
from ..session import AsyncSession
from .handle import HandleBase, left

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator
    from contextlib import AbstractContextManager

    from ..events.states import QueueStatus
    from ..http.exchange import Limits, Steps
    from .status import CancelStatus
    from .waiting import Updates

R = TypeVar("R")
T = TypeVar("T")


class AsyncRequestHandle(HandleBase[AsyncSession, T]):
    """A request in the queue; `T` is the endpoint's output."""

    async def status(self, logs: bool = False) -> QueueStatus:
        """As `RequestHandle.status`."""
        return self._heard(await self._do(self._request.status(logs=logs)))

    def updates(self, logs: bool = False) -> AsyncIterator[QueueStatus]:
        """As `RequestHandle.updates`, for `async for`."""
        return self._each(*self._updating(logs))

    async def _each(self, updates: Updates, telling: AbstractContextManager[None]) -> AsyncGenerator[QueueStatus]:
        with telling:
            try:
                while (update := await self._do(self._request.noted(updates.coming()), updates.limits)) is not None:
                    with left(updates):
                        yield self._heard(update)
            finally:
                await self._do(updates.closed())

    async def result(self, timeout: float | None = None) -> T:
        """As `RequestHandle.result`."""
        output: T = await self._do(*self._resulting(timeout))
        return output

    async def cancel(self) -> CancelStatus:
        """As `RequestHandle.cancel`."""
        return self._heard_of_cancel(await self._do(self._request.cancelled()))

    if not TYPE_CHECKING:
        status, updates, result, cancel = map(hinting, (status, updates, result, cancel))

    async def _do(self, steps: Steps[R], limits: Limits | None = None) -> R:
        return await self._session.transport.run(steps, limits or self._request.call.limits(waits=False))
