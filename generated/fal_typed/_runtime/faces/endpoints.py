"""What is below the clients: namespaces, and endpoints but for their verbs."""

# design: What do editors show of the tree of endpoints?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..calls.configurable import Configurable

if TYPE_CHECKING:
    from ..calls.async_handle import AsyncRequestHandle
    from ..calls.handle import RequestHandle
    from ..inputs.spec import EndpointSpec

T = TypeVar("T")


def ChildNode(class_name: str) -> Any:
    """A step further down, as what it leads to: emitted code says the type beside it."""
    raise NotImplementedError


class Namespace:
    """Endpoints below one name."""


class AsyncNamespace:
    """Endpoints below one name."""


class Endpoint(Configurable, Generic[T]):
    """One endpoint; `T` is its output."""

    def __init_subclass__(cls, *, spec: EndpointSpec | None = None) -> None:
        raise NotImplementedError

    def request(self, request_id: str, /) -> RequestHandle[T]:
        """Pick up a request by its id."""
        raise NotImplementedError


class AsyncEndpoint(Configurable, Generic[T]):
    """One endpoint; `T` is its output."""

    def __init_subclass__(cls, *, spec: EndpointSpec | None = None) -> None:
        raise NotImplementedError

    def request(self, request_id: str, /) -> AsyncRequestHandle[T]:
        """Pick up a request by its id."""
        raise NotImplementedError
