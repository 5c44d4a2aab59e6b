"""The asynchronous client.

Importing this imports no httpx, no pydantic and no endpoint: they come with the first call.
"""

# Accessors at the end of this module are the package's own way in; to callers the names are private.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from typing import TYPE_CHECKING

from .client_base import BaseClient
from .settings import Settings

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    import httpx

    from .calls.async_endpoint import AsyncDynamicEndpoint
    from .files.async_storage import AsyncStorage
    from .http.async_transport import AsyncTransport
    from .http.hosts import Hosts


class AsyncFalClient(BaseClient):
    """A client of fal.ai. Cheap to make, safe to share between tasks, threads and event loops.

    Args:
        credentials: The key; by default `FAL_KEY`, else `FAL_KEY_ID` and `FAL_KEY_SECRET`, read at the first call.
        timeout: Deadline of a whole call in seconds, waiting included.
        http_timeout: Seconds for one HTTP exchange (`run` may take as long as the model does).
        max_retries: How often a request is tried again. One that starts work is so only if it was not accepted.
        http_client: An `httpx.AsyncClient` to use. It is not closed with this client.
        validate_inputs: Whether to check inputs before sending them.
        hosts: Another deployment; by default fal's, or that of `FAL_RUN_HOST` and `FAL_QUEUE_RUN_HOST`.
        proxy_url: A proxy of yours that has the key (see `fal_typed.proxy`): every request goes there, and no key with
            it.
    """

    _class_prefix = "Async"

    def __init__(
        self,
        credentials: str | None = None,
        *,
        timeout: float | None = None,
        http_timeout: float = 120.0,
        max_retries: int = 3,
        http_client: httpx.AsyncClient | None = None,
        validate_inputs: bool = True,
        hosts: Hosts | None = None,
        proxy_url: str | None = None,
    ) -> None:
        settings = Settings(
            timeout=timeout,
            http_timeout=http_timeout,
            max_retries=max_retries,
            validate_inputs=validate_inputs,
            hosts=hosts,
            proxy_url=proxy_url,
        )
        if http_client is not None:
            _check_http_client(http_client)
        super().__init__(credentials, settings, http_client)

    def endpoint(self, endpoint_id: str, /) -> AsyncDynamicEndpoint:
        """An endpoint that was not generated: dict in, dict out, same protocol."""
        from .calls.async_endpoint import AsyncDynamicEndpoint

        return AsyncDynamicEndpoint(self, endpoint_id)

    @property
    def storage(self) -> AsyncStorage:
        """Uploads files to fal."""
        if self._made_storage is None:
            from .files.async_storage import AsyncStorage

            self._made_storage = AsyncStorage(self)
        storage: AsyncStorage = self._made_storage
        return storage

    def _transport(self) -> AsyncTransport:
        with self._lock:
            if self._made_transport is None:
                from .http.async_transport import AsyncTransport

                proxy_url = self._settings.proxy_url
                self._made_transport = AsyncTransport(self._secret, self._http_client, proxy_url)
            transport: AsyncTransport = self._made_transport
            return transport

    async def aclose(self) -> None:
        """Close the connections this client opened in the running event loop."""
        await self._transport().aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()


def _check_http_client(http_client: object) -> None:
    import httpx  # whoever passes a client has imported it

    if not isinstance(http_client, httpx.AsyncClient):
        raise TypeError(f"http_client must be an httpx.AsyncClient, not {type(http_client).__name__}")


def transport_of(client: AsyncFalClient) -> AsyncTransport:
    """The client's transport, for the modules that make its calls."""
    return client._transport()
