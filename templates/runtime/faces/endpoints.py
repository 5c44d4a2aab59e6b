"""What is below the clients: namespaces, and endpoints but for their verbs."""

# design: What do editors show of the tree of endpoints?

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar, overload

from ..calls.configurable import Configurable
from ..inputs.described import Described
from ..jobs.mappable import AsyncMappable, Mappable
from ..options import NO_OPTIONS

if TYPE_CHECKING:
    from typing import Never

    from ..inputs.spec import EndpointSpec
    from ..options import Options
    from ..session import AsyncSession, Session
    from .handles import AsyncRequestHandle, RequestHandle

I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")


class ChildNode(Generic[T]):
    """A step further down; `T` is what it leads to from an object. From a class it leads nowhere."""

    def __init__(self, class_name: str) -> None:
        raise NotImplementedError

    @overload
    def __get__(self, parent: None, owner: type) -> ChildNode[T]: ...
    @overload
    def __get__(self, parent: object, owner: type) -> T: ...
    def __get__(self, parent: object, owner: type) -> ChildNode[T] | T:
        raise NotImplementedError

    def __set__(self, parent: object, value: Never) -> None:
        raise NotImplementedError

    def __delete__(self, parent: Never) -> None:
        raise NotImplementedError


class Namespace:
    """Endpoints below one name."""

    def __init__(self, session: Session) -> None:
        raise NotImplementedError


class AsyncNamespace:
    """Endpoints below one name."""

    def __init__(self, session: AsyncSession) -> None:
        raise NotImplementedError


class Endpoint(Configurable, Described, Mappable[I, T], Generic[I, T]):
    """One endpoint: `I` is its input, `T` its output."""

    def __init__(self, session: Session, options: Options = NO_OPTIONS) -> None:
        raise NotImplementedError

    def __init_subclass__(cls, *, spec: EndpointSpec | None = None) -> None:
        super().__init_subclass__()

    def request(self, request_id: str, /) -> RequestHandle[T]:
        """Pick up a request by its id."""
        raise NotImplementedError


class AsyncEndpoint(Configurable, Described, AsyncMappable[I, T], Generic[I, T]):
    """One endpoint: `I` is its input, `T` its output."""

    def __init__(self, session: AsyncSession, options: Options = NO_OPTIONS) -> None:
        raise NotImplementedError

    def __init_subclass__(cls, *, spec: EndpointSpec | None = None) -> None:
        super().__init_subclass__()

    def request(self, request_id: str, /) -> AsyncRequestHandle[T]:
        """Pick up a request by its id."""
        raise NotImplementedError
