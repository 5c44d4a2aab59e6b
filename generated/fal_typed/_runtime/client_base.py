"""What `Fal` and `AsyncFal` share: their settings, and finding an endpoint. Imports nothing heavy."""

from __future__ import annotations

import sys
from functools import wraps
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from .session import BaseSession, Settings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import Self

    from .events.kinds import Event
    from .events.watch import Listener
    from .http.hosts import Hosts

S = TypeVar("S", bound=BaseSession)
H = TypeVar("H")
_PACKAGE = __name__.removesuffix("._runtime.client_base")  # not that of the class, which may be a subclass of yours


def _hinting(init: Callable[..., None]) -> Callable[..., None]:
    """A client's constructor that says what an unknown argument is called."""
    known = ("credentials", *(init.__kwdefaults__ or ()))

    @wraps(init)
    def told(self: object, *args: Any, **named: Any) -> None:
        try:
            init(self, *args, **named)
        except TypeError:
            unknown = [name for name in named if name not in known]
            if not unknown:
                raise
            from .habits.calls import client_argument_error

            raise client_argument_error(_taker(type(self), told), unknown[0], known) from None

    return told


def _taker(kind: type[object], init: Callable[..., None]) -> str:
    """The name of the client whose constructor it is: a subclass with one of its own takes what it says itself."""
    kinds: Iterator[Any] = iter(kind.__mro__)
    return str(next(one.__name__ for one in kinds if one.__init__ is init))


def _listener(on_event: Callable[[Event], object]) -> Listener:
    from . import checks
    from .events.watch import Handler

    checks.callback("on_event", on_event)
    checks.plain_function("on_event", on_event)
    return Handler(on_event)


class BaseClient(Generic[S, H]):
    """A client, but for what waits: `S` is its session, `H` the client of httpx that it takes."""

    _user_agent: ClassVar[str] = "fal-typed"
    _class_prefix: ClassVar[str] = ""  # of the endpoint classes: "" or "Async"
    _session_class: ClassVar[type[BaseSession]]

    def __init_subclass__(cls, **named: Any) -> None:
        super().__init_subclass__(**named)
        if "IPython.core.completer" in sys.modules:
            from .habits.completing import let_complete, show_ids

            let_complete(cls)
            show_ids(cls)

    def __init__(
        self,
        credentials: str | None = None,
        *,
        timeout: float | None = None,
        http_timeout: float = 120.0,
        max_retries: int = 3,
        http_client: H | None = None,
        validate_inputs: bool = True,
        hosts: Hosts | None = None,
        proxy_url: str | None = None,
        progress: bool | None = None,
        on_event: Callable[[Event], object] | None = None,
    ) -> None:
        settings = Settings(
            timeout=timeout,
            http_timeout=http_timeout,
            max_retries=max_retries,
            validate_inputs=validate_inputs,
            hosts=hosts,
            proxy_url=proxy_url,
            progress=progress,
        )
        if http_client is not None:
            self._check_http_client(http_client)
        self._begin(settings, credentials, http_client, None if on_event is None else _listener(on_event))

    if not TYPE_CHECKING:
        __init__ = _hinting(__init__)

    def _begin(
        self,
        settings: Settings,
        credentials: str | None = None,
        http_client: H | None = None,
        on_event: Listener | None = None,
    ) -> None:
        made: Any = self._session_class(settings, self._user_agent, credentials, http_client, on_event)
        self._session: S = made
        self._made_root: Any = None

    def _check_http_client(self, http_client: object) -> None:
        from .http.libraries import check_client

        check_client(http_client, f"{self._class_prefix}Client")

    # What the generated subclass tells.

    def _load_root(self) -> Any:
        """The namespace of all endpoints."""
        return None

    def _load_table(self) -> tuple[str, Mapping[str, tuple[str, str]]]:
        """The package of the endpoint modules, and for each id its module and class."""
        return "", {}

    # Lookup.

    @property
    def endpoints(self) -> Any:
        """All endpoints by id: a mapping, whose values are made when they are asked for."""
        from .endpoints import EndpointTable

        return EndpointTable(self._session, *self._load_table(), class_prefix=self._class_prefix)

    def _find(self, endpoint_id: str) -> Any:
        """The endpoint of an id: its own class where it was generated, else a dynamic one."""
        endpoints = self.endpoints
        return endpoints[endpoint_id] if endpoint_id in endpoints else self.endpoint(endpoint_id)

    def endpoint(self, endpoint_id: str, /) -> Any:
        """An endpoint that was not generated."""
        raise NotImplementedError

    def _root(self) -> Any:
        if self._made_root is None:
            self._made_root = self._load_root()
        return self._made_root

    if not TYPE_CHECKING:  # the generated subclass declares the names for type checkers

        def __getattr__(self, name: str) -> Any:
            # Never for private names: copying and pickling ask for them before there is anything to delegate to.
            if name.startswith("_") or (root := self._root()) is None:
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")
            if hasattr(type(root), name):
                return getattr(root, name)
            from .checks import quoted, suggestion
            from .habits.names import client_hint

            hint = client_hint(name, _PACKAGE, owners=getattr(root, "owners", None)) or suggestion(name, dir(self))
            # Without `obj`: the interpreter would suggest names of its own, private ones too.
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {quoted(name)}{hint}", name=name)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *(name for name in dir(self._root()) if not name.startswith("_"))})

    # As a value.

    def __repr__(self) -> str:
        settings = self._session.settings.__dict__
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in settings.items())})"

    def __copy__(self) -> Self:
        return self  # it holds connections and is safe to share

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # No credentials (a worker reads its own environment), no connections, nobody who listens.
        return type(self)._restore, (self._session.settings,)

    @classmethod
    def _restore(cls, settings: Settings) -> Self:
        client = cls.__new__(cls)
        client._begin(settings)
        return client
