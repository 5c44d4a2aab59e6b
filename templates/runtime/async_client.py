"""The asynchronous client.

Importing this imports no httpx, no pydantic and no endpoint: they come with the first call.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from .client_base import BaseClient
from .session import AsyncSession

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self, TypeAlias

    from .calls.async_endpoint import AsyncDynamicEndpoint
    from .calls.async_handle import AsyncRequestHandle
    from .files.async_storage import AsyncStorage
    from .http.libraries import AsyncHttpClient

    Base: TypeAlias = BaseClient[AsyncSession, AsyncHttpClient]
else:
    Base = BaseClient  # subscripting it takes a millisecond, a fifth of naming the client


class AsyncFalClient(Base):
    """A client of fal.ai. Cheap to make, safe to share between tasks, threads and event loops.

    It takes what `Fal` takes, but for `http_client`, which is an `AsyncClient` of httpx or httpx2.
    """

    _class_prefix = "Async"
    _session_class = AsyncSession

    def endpoint(self, endpoint_id: str, /) -> AsyncDynamicEndpoint:
        """An endpoint that was not generated: dict in, dict out, same protocol."""
        from .calls.async_endpoint import AsyncDynamicEndpoint

        return AsyncDynamicEndpoint(self._session, endpoint_id)

    def request(self, handle: Mapping[str, Any], /) -> AsyncRequestHandle[Any]:
        """As `Fal.request`."""
        from .calls.handle import endpoint_of

        picked_up: AsyncRequestHandle[Any] = self._find(endpoint_of(handle))._request(handle)
        return picked_up

    @cached_property
    def storage(self) -> AsyncStorage:
        """Uploads files to fal."""
        from .files.async_storage import AsyncStorage

        return AsyncStorage(self._session)

    async def aclose(self) -> None:
        """Close the connections this client opened in the running event loop."""
        await self._session.transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
