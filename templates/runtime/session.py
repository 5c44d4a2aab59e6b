"""What a client holds, and its endpoints, handles, streams and its storage work with. Imports nothing heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, TypeVar

from . import checks, forks, stand_in
from .http.credentials import Secret, given_credentials
from .http.hosts import Hosts, check_proxy_url, hosts_from_environment
from .options import Value

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from .events.watch import Listener
    from .http.async_transport import AsyncTransport
    from .http.libraries import AsyncHttpClient, HttpClient
    from .http.transport import Transport

T = TypeVar("T")


class MadeOnce(Generic[T]):
    """As `functools.cached_property`, whose one lock for all instances (Python 3.11) a fork may find held."""

    def __init__(self, make: Callable[[Any], T]) -> None:
        self._make = make
        self.__doc__ = make.__doc__

    def __get__(self, owner: Any, kind: type[Any]) -> T:
        made = owner.__dict__[self._make.__name__] = self._make(owner)
        return made


class Settings(Value):
    """What the constructor of a client sets, without its credentials: it can be shown and pickled."""

    _fields = ("timeout", "http_timeout", "max_retries", "validate_inputs", "hosts", "proxy_url", "progress")
    timeout: float | None
    http_timeout: float
    max_retries: int
    validate_inputs: bool
    hosts: Hosts
    proxy_url: str | None
    progress: bool | None

    def __init__(
        self,
        *,
        timeout: float | None,
        http_timeout: float,
        max_retries: int,
        validate_inputs: bool,
        hosts: Hosts | None,
        proxy_url: str | None = None,
        progress: bool | None = None,
    ) -> None:
        for name, value in (("http_timeout", http_timeout), ("max_retries", max_retries)):
            if value is None:  # pyright: ignore[reportUnnecessaryComparison]
                raise TypeError(f"{name} must be a number, not None")
        if validate_inputs is None:  # pyright: ignore[reportUnnecessaryComparison]
            raise TypeError("validate_inputs must be True or False, not None")
        if hosts is not None and not isinstance(hosts, Hosts):  # pyright: ignore[reportUnnecessaryIsInstance]
            raise TypeError(f"hosts must be a Hosts, not {type(hosts).__name__}")
        self.__dict__.update(
            timeout=checks.seconds("timeout", timeout),
            http_timeout=checks.seconds("http_timeout", http_timeout),
            max_retries=checks.count("max_retries", max_retries),
            validate_inputs=bool(checks.flag("validate_inputs", validate_inputs)),
            hosts=hosts_from_environment() if hosts is None else hosts,
            proxy_url=None if proxy_url is None else check_proxy_url(proxy_url),
            progress=checks.flag("progress", progress),
        )


class BaseSession:
    """Settings, credentials and the caller's own client of httpx. Safe to share; a pickled one has settings alone.

    Attributes:
        kept_by_uploads: What they leave for those that come after them, of one service each.
    """

    def __init__(
        self,
        settings: Settings,
        user_agent: str,
        credentials: str | None = None,
        http_client: Any = None,
        on_event: Listener | None = None,
    ) -> None:
        self.settings = settings
        self.user_agent = user_agent
        self.http_client = http_client
        self.on_event: Listener | None = on_event
        self.kept_by_uploads: stand_in.Apart[dict[str, Any]] = stand_in.Apart(dict)
        self._credentials = given_credentials(credentials)
        self._lock = forks.Lock()
        self._made_transport: Any = None

    def secret(self) -> Secret:
        """The key, read from the environment at the first call.

        Raises:
            MissingCredentialsError: There is none.
        """
        if (instead := stand_in.current) is not None and (key := instead.key) is not None:
            return Secret(key, source="the key of what stands in for fal")
        with self._lock:  # one for all threads: the token of a login is renewed in it
            if self._credentials is None:
                from .http.environment import credentials_from_environment

                self._credentials = credentials_from_environment()
            return self._credentials

    def __copy__(self) -> Self:
        return self  # it holds connections and is safe to share

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        # No credentials (a worker reads its own environment), no connections.
        return type(self), (self.settings, self.user_agent)


class Session(BaseSession):
    """What a synchronous client holds."""

    http_client: HttpClient | None

    @MadeOnce
    def transport(self) -> Transport:
        """What sends its requests. Made when it is first asked for, which imports httpx."""
        from .http.transport import Transport

        with self._lock:
            if self._made_transport is None:
                settings = self.settings
                self._made_transport = Transport(
                    self.secret, self.http_client, settings.proxy_url, hosts=settings.hosts
                )
            made: Transport = self._made_transport
            return made


class AsyncSession(BaseSession):
    """What an asynchronous client holds."""

    http_client: AsyncHttpClient | None

    @MadeOnce
    def transport(self) -> AsyncTransport:
        """What sends its requests. Made when it is first asked for, which imports httpx."""
        from .http.async_transport import AsyncTransport

        with self._lock:
            if self._made_transport is None:
                settings = self.settings
                self._made_transport = AsyncTransport(
                    self.secret, self.http_client, settings.proxy_url, hosts=settings.hosts
                )
            made: AsyncTransport = self._made_transport
            return made
