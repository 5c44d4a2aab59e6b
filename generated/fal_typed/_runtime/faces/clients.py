"""The clients, but for the endpoints below them."""

# design: What do editors show of the tree of endpoints?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..events.kinds import Event
    from ..files.uploads.async_storage import AsyncStorage
    from ..files.uploads.storage import Storage
    from ..http.hosts import Hosts
    from ..http.libraries import AsyncHttpClient, HttpClient
    from .dynamic import AsyncDynamicEndpoint, DynamicEndpoint
    from .handles import AsyncRequestHandle, RequestHandle
    from .requests import AsyncRequests, Requests

C = TypeVar("C")  # jedi knows no Self


class ClientFace:
    """A client of fal.ai. Cheap to make, safe to share between threads."""

    def __init__(
        self,
        credentials: str | None = None,
        *,
        timeout: float | None = None,
        http_timeout: float = 120.0,
        max_retries: int = 3,
        http_client: HttpClient | None = None,
        validate_inputs: bool = True,
        hosts: Hosts | None = None,
        proxy_url: str | None = None,
        progress: bool | None = None,
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        raise NotImplementedError

    def endpoint(self, endpoint_id: str, /) -> DynamicEndpoint:
        """An endpoint that was not generated: dict in, dict out, same protocol."""
        raise NotImplementedError

    def request(self, handle: Mapping[str, Any], /) -> RequestHandle[Any]:
        """Pick up a request by what `handle.to_dict()` gave, of whatever client.

        A generated endpoint reads the output as its own.

        The key goes to the queue of this client alone: URLs that lead elsewhere are not followed.

        Raises:
            TypeError: It is no mapping, or a field of it is no text.
            ValueError: A field is missing, or not what it is called.
        """
        raise NotImplementedError

    @property
    def storage(self) -> Storage:
        """Uploads files to fal."""
        raise NotImplementedError

    @property
    def requests(self) -> Requests:
        """Which requests fal has had."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the connections this client opened. A client that made no call has none."""
        raise NotImplementedError

    def __enter__(self: C) -> C:
        raise NotImplementedError

    def __exit__(self, *_: object) -> None:
        raise NotImplementedError


class AsyncClientFace:
    """A client of fal.ai. Cheap to make, safe to share between tasks, threads and event loops."""

    def __init__(
        self,
        credentials: str | None = None,
        *,
        timeout: float | None = None,
        http_timeout: float = 120.0,
        max_retries: int = 3,
        http_client: AsyncHttpClient | None = None,
        validate_inputs: bool = True,
        hosts: Hosts | None = None,
        proxy_url: str | None = None,
        progress: bool | None = None,
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        raise NotImplementedError

    def endpoint(self, endpoint_id: str, /) -> AsyncDynamicEndpoint:
        """An endpoint that was not generated: dict in, dict out, same protocol."""
        raise NotImplementedError

    def request(self, handle: Mapping[str, Any], /) -> AsyncRequestHandle[Any]:
        """As `Fal.request`."""
        raise NotImplementedError

    @property
    def storage(self) -> AsyncStorage:
        """Uploads files to fal."""
        raise NotImplementedError

    @property
    def requests(self) -> AsyncRequests:
        """Which requests fal has had."""
        raise NotImplementedError

    async def aclose(self) -> None:
        """Close the connections this client opened in the running event loop."""
        raise NotImplementedError

    async def __aenter__(self: C) -> C:
        raise NotImplementedError

    async def __aexit__(self, *_: object) -> None:
        raise NotImplementedError
