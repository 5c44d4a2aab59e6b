"""The libraries whose clients may be given: httpx, and httpx2, which goes on from it.

Their classes have the same names and do the same, and are no subclasses of one another.
"""

# design: Whose clients may be given?

from __future__ import annotations

import sys
from typing import Any, Protocol

_LIBRARIES = ("httpx", "httpx2")


class HttpClient(Protocol):
    """An `httpx.Client`, or an `httpx2.Client`."""

    @property
    def is_closed(self) -> bool:
        """Whether it can send no more."""
        ...

    def build_request(self, method: str, url: str, *, headers: Any, content: Any, extensions: Any) -> Any:
        """A request with what the client adds to all of them."""
        ...

    def send(self, request: Any, *, stream: bool, auth: Any, follow_redirects: Any) -> Any:
        """The answer to a request."""
        ...

    def close(self) -> None:
        """Close its connections."""
        ...


class AsyncHttpClient(Protocol):
    """An `httpx.AsyncClient`, or an `httpx2.AsyncClient`."""

    @property
    def is_closed(self) -> bool:
        """See HttpClient."""
        ...

    def build_request(self, method: str, url: str, *, headers: Any, content: Any, extensions: Any) -> Any:
        """See HttpClient."""
        ...

    async def send(self, request: Any, *, stream: bool, auth: Any, follow_redirects: Any) -> Any:
        """See HttpClient."""
        ...

    async def aclose(self) -> None:
        """See HttpClient."""
        ...


def library_of(client: object, name: str) -> Any:
    """The module of which a client is the class of this name, or one below it; None where it is of neither."""
    for each in type(client).__mro__:
        library = each.__module__.partition(".")[0]
        if each.__name__ == name and library in _LIBRARIES:
            return sys.modules[library]
    return None


def check_client(client: object, name: str) -> None:
    """Refuse what is no client of this name.

    Raises:
        TypeError: It is something else.
    """
    if library_of(client, name) is None:
        raise TypeError(f"http_client must be an httpx.{name} or an httpx2.{name}, not {type(client).__name__}")


def is_usable(client: Any, name: str) -> bool:
    """Whether something is a client of this name that is open."""
    return library_of(client, name) is not None and not client.is_closed


def errors(*names: str) -> tuple[type[Exception], ...]:
    """The exceptions of these names, of each library that is loaded: others cannot be raised."""
    libraries = {id(each): each for name in _LIBRARIES if (each := sys.modules.get(name)) is not None}
    return tuple(getattr(library, name) for library in libraries.values() for name in names)


def http_errors() -> tuple[type[Exception], ...]:
    """What a client raises where there is no answer, or none to the end.

    Not HTTPStatusError: that is an answer, which only a hook of the caller's own client raises, and it is the caller's.
    """
    return (*errors("RequestError", "InvalidURL", "CookieConflict"), TimeoutError)
