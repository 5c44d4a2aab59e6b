"""The verbs of generated endpoints, as functions: so an editor offers no private method beside them."""

# design: What do editors show of the tree of endpoints?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar, overload

if TYPE_CHECKING:
    from collections.abc import Coroutine, Mapping

    from ..calls.status import AsyncOnQueueUpdate, OnQueueUpdate
    from .endpoints import AsyncEndpoint, Endpoint
    from .handles import AsyncRequestHandle, RequestHandle
    from .streams import AsyncStream, Stream

T = TypeVar("T")


@overload
def run(endpoint: Endpoint[Any, T], given: Mapping[str, Any]) -> T: ...
@overload
def run(endpoint: AsyncEndpoint[Any, T], given: Mapping[str, Any]) -> Coroutine[Any, Any, T]: ...
def run(endpoint: Any, given: Mapping[str, Any]) -> Any:
    """Call the model directly."""
    return endpoint._run(given)


@overload
def subscribe(
    endpoint: Endpoint[Any, T],
    given: Mapping[str, Any],
    *,
    logs: bool | None = None,
    on_queue_update: OnQueueUpdate | None = None,
) -> T: ...
@overload
def subscribe(
    endpoint: AsyncEndpoint[Any, T],
    given: Mapping[str, Any],
    *,
    logs: bool | None = None,
    on_queue_update: AsyncOnQueueUpdate | None = None,
) -> Coroutine[Any, Any, T]: ...
def subscribe(endpoint: Any, given: Mapping[str, Any], **options: Any) -> Any:
    """Queue a request, and wait for its output."""
    return endpoint._subscribe(given, **options)


@overload
def submit(
    endpoint: Endpoint[Any, T], given: Mapping[str, Any], *, webhook_url: str | None = None
) -> RequestHandle[T]: ...
@overload
def submit(
    endpoint: AsyncEndpoint[Any, T], given: Mapping[str, Any], *, webhook_url: str | None = None
) -> Coroutine[Any, Any, AsyncRequestHandle[T]]: ...
def submit(endpoint: Any, given: Mapping[str, Any], **options: Any) -> Any:
    """Queue a request."""
    return endpoint._submit(given, **options)


@overload
def stream(endpoint: Endpoint[Any, T], given: Mapping[str, Any]) -> Stream[Any, T]: ...
@overload
def stream(endpoint: AsyncEndpoint[Any, T], given: Mapping[str, Any]) -> AsyncStream[Any, T]: ...
def stream(endpoint: Any, given: Mapping[str, Any]) -> Any:
    """Call the model directly, and read what it makes as it comes."""
    return endpoint._stream(given)
