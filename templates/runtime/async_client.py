"""The asynchronous client.

Importing this imports all that its calls need but the endpoints, httpx and pydantic too. A synchronous caller waits for
the first call alone, whatever it imports; in an event loop everybody would wait, for a quarter of a second.
"""

# design: When is what a call needs imported?

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .calls.async_endpoint import AsyncDynamicEndpoint
from .client_base import BaseClient
from .faces import verbs as verbs
from .files.uploads.async_storage import AsyncStorage
from .http import async_transport as async_transport
from .http.libraries import AsyncHttpClient
from .platform.requests import AsyncRequests
from .session import AsyncSession

# What httpx would import to connect.
for _name in ("httpx_sse", "httpcore", "certifi", "anyio._backends._asyncio"):
    with suppress(ImportError):
        import_module(_name)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from .calls.async_handle import AsyncRequestHandle


class AsyncFalClient(BaseClient[AsyncSession, AsyncHttpClient]):
    """A client of fal.ai. Cheap to make, safe to share between tasks, threads and event loops.

    It takes what `Fal` takes, but for `http_client`, which is an `AsyncClient` of httpx or httpx2.
    """

    _class_prefix = "Async"
    _session_class = AsyncSession

    def endpoint(self, endpoint_id: str, /) -> AsyncDynamicEndpoint:
        """An endpoint that was not generated: dict in, dict out, same protocol."""
        return AsyncDynamicEndpoint(self._session, endpoint_id)

    def request(self, handle: Mapping[str, Any], /) -> AsyncRequestHandle[Any]:
        """As `Fal.request`."""
        from .calls.handle import endpoint_of

        picked_up: AsyncRequestHandle[Any] = self._find(endpoint_of(handle))._request(handle)
        return picked_up

    if not TYPE_CHECKING:
        # What Python says of a wrong call names the public class.
        endpoint.__qualname__, request.__qualname__ = "AsyncFal.endpoint", "AsyncFal.request"

    @cached_property
    def storage(self) -> AsyncStorage:
        """Uploads files to fal."""
        return AsyncStorage(self._session)

    @cached_property
    def requests(self) -> AsyncRequests:
        """Which requests fal has had."""
        return AsyncRequests(self._session)

    async def aclose(self) -> None:
        """Close the connections this client opened in the running event loop."""
        await self._session.transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
