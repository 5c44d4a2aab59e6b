"""The synchronous client.

Importing this imports no httpx, no pydantic and no endpoint: they come with the first call.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

from .client_base import BaseClient
from .session import Session

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self, TypeAlias

    from .calls.endpoint import DynamicEndpoint
    from .calls.handle import RequestHandle
    from .files.uploads.storage import Storage
    from .http.libraries import HttpClient
    from .platform.requests import Requests

    Base: TypeAlias = BaseClient[Session, HttpClient]
else:
    Base = BaseClient  # subscripting it takes a millisecond, a fifth of naming the client


class FalClient(Base):
    """A client of fal.ai. Cheap to make, safe to share between threads.

    Args:
        credentials: The key; by default that of `FAL_KEY`, of `FAL_KEY_ID` and `FAL_KEY_SECRET` or of a Colab notebook,
            else the login of `fal auth login`, looked for at the first call.
        timeout: Deadline of a whole call in seconds, waiting included.
        http_timeout: Seconds for one HTTP exchange (`run` may take as long as the model does).
        max_retries: How often a request that starts work is sent again, if it was not accepted. What waits for one
            goes on through an outage anyway: up to `timeout`, or for ten minutes.
        http_client: An `httpx.Client` or `httpx2.Client` to use. It is not closed with this client.
        validate_inputs: Whether to check inputs before sending them.
        hosts: Another deployment; by default fal's, or that of `FAL_RUN_HOST` and `FAL_QUEUE_RUN_HOST`.
        proxy_url: A proxy of yours that has the key (see `fal_typed.proxy`): every request goes there, and no key with
            it.
        progress: Whether calls and uploads show how far they are (see `with_options`). By default in a notebook only.
        on_event: Called with each step of each call (see `fal_typed.events`), maybe from another thread. What it raises
            is logged once, and breaks no call.
    """

    _session_class = Session

    def endpoint(self, endpoint_id: str, /) -> DynamicEndpoint:
        """An endpoint that was not generated: dict in, dict out, same protocol."""
        from .calls.endpoint import DynamicEndpoint

        return DynamicEndpoint(self._session, endpoint_id)

    def request(self, handle: Mapping[str, Any], /) -> RequestHandle[Any]:
        """Pick up a request by what `handle.to_dict()` gave, of whatever client.

        A generated endpoint reads the output as its own.

        The key goes to the queue of this client alone: URLs that lead elsewhere are not followed.

        Raises:
            TypeError: It is no mapping, or a field of it is no text.
            ValueError: A field is missing, or not what it is called.
        """
        from .calls.handle import endpoint_of

        picked_up: RequestHandle[Any] = self._find(endpoint_of(handle))._request(handle)
        return picked_up

    if not TYPE_CHECKING:
        # What Python says of a wrong call names the public class.
        endpoint.__qualname__, request.__qualname__ = "Fal.endpoint", "Fal.request"

    @cached_property
    def storage(self) -> Storage:
        """Uploads files to fal."""
        from .files.uploads.storage import Storage

        return Storage(self._session)

    @cached_property
    def requests(self) -> Requests:
        """Which requests fal has had."""
        from .platform.requests import Requests

        return Requests(self._session)

    def close(self) -> None:
        """Close the connections this client opened. A client that made no call has none."""
        self._session.transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
