"""What `Fal` and `AsyncFal` share: settings, credentials, and finding an endpoint. Imports nothing heavy."""

# Accessors at the end of this module are the package's own way in; to callers the names are private.
# pyright: reportPrivateUsage=false

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from .http.credentials import Secret, credentials_from_environment, given_credentials

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

    from .settings import Settings


class BaseClient:
    """Settings, credentials and lookup of a client, without I/O."""

    _user_agent = "fal-typed"
    _class_prefix = ""  # of the endpoint classes: "" or "Async"

    def __init__(self, credentials: str | None, settings: Settings, http_client: Any) -> None:
        self._settings = settings
        self._credentials = given_credentials(credentials)
        self._http_client = http_client
        self._lock = threading.Lock()
        self._made_transport: Any = None
        self._made_root: Any = None
        self._made_storage: Any = None

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

        return EndpointTable(self, *self._load_table(), class_prefix=self._class_prefix)

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
            from .checks import suggestion

            hint = suggestion(name, dir(self))
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}{hint}", name=name, obj=self)

    def __dir__(self) -> list[str]:
        return sorted({*object.__dir__(self), *(name for name in dir(self._root()) if not name.startswith("_"))})

    # Credentials.

    def _secret(self) -> Secret:
        """The key, read from the environment at the first call.

        Raises:
            MissingCredentialsError: There is none.
        """
        if self._credentials is None:
            self._credentials = credentials_from_environment()
        return self._credentials

    # As a value.

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v!r}' for k, v in self._settings.__dict__.items())})"

    def __copy__(self) -> Self:
        return self  # it holds connections and is safe to share

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return _restore_client, (type(self), self._settings)


def _restore_client(kind: type[BaseClient], settings: Settings) -> BaseClient:
    """A client with the same settings: no credentials (the worker reads its own environment), no connections."""
    client = kind.__new__(kind)
    BaseClient.__init__(client, None, settings, None)
    return client


def settings_of(client: BaseClient) -> tuple[Settings, str]:
    """A client's settings and user agent, for the modules that make its calls."""
    return client._settings, client._user_agent


def http_client_of(client: BaseClient) -> Any:
    """The client of httpx that the caller brought along, if any."""
    return client._http_client
