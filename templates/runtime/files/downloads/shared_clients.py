"""The connections of all downloads of this process: one pool for threads, and one for each event loop.

A client of httpx reads the certificates when it is made, which takes longer than a small file. No key and no cookie is
on these: they go to whatever host a file is at.
"""

# design: Where does an output file get its client from?

from __future__ import annotations

import asyncio
import atexit
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import TYPE_CHECKING, Any

import httpx

from ... import forks
from ...errors import MissingCredentialsError
from ...http.async_transport import AsyncTransport
from ...http.transport import POOL_LIMITS, Transport

if TYPE_CHECKING:
    import ssl

    from ...http.credentials import Secret
    from ...http.libraries import AsyncHttpClient

# Nobody closes these, so few of them are kept open: a process that saves a file now and then has them idle.
_LIMITS = httpx.Limits(
    max_connections=POOL_LIMITS.max_connections,
    max_keepalive_connections=16,
    keepalive_expiry=POOL_LIMITS.keepalive_expiry,
)


class _AsyncDownloads(AsyncTransport):
    """Nobody can close its connections but whoever ends the event loop, in whichever way."""

    def client(self) -> AsyncHttpClient:
        """See AsyncTransport.client."""
        loop = asyncio.get_running_loop()
        is_new = loop not in self._own
        client = super().client()
        if is_new and loop in self._own:  # else another one stands in for it
            _close_with(loop, client)
        return client


def _close_with(loop: asyncio.AbstractEventLoop, client: AsyncHttpClient) -> None:
    """Close a client before its loop is closed, also by a program that does so itself.

    `asyncio.run` has finished the loop's generators by then, and with them the client.
    """
    close = loop.close

    def close_both() -> None:
        if not (client.is_closed or loop.is_closed() or loop.is_running()):
            closing = client.aclose()
            try:
                loop.run_until_complete(closing)
            except RuntimeError:  # another loop is running in this thread
                closing.close()
        close()

    setattr(loop, "close", close_both)  # noqa: B010 - a method, which a type checker lets nobody replace


class _Shared:
    """What is made when it is first asked for, and once. Forked children have connections of their own (`forks`)."""

    def __init__(self) -> None:
        self._lock = forks.Lock()
        self._context: ssl.SSLContext | None = None
        self._transport: Transport | None = None
        self._async_transport: AsyncTransport | None = None

    def transport(self) -> Transport:
        with self._lock:
            if self._transport is None:
                self._transport = Transport(no_key, None, options=self._options)
            return self._transport

    def async_transport(self) -> AsyncTransport:
        with self._lock:
            if self._async_transport is None:
                self._async_transport = _AsyncDownloads(no_key, None, options=self._options)
            return self._async_transport

    def close(self) -> None:
        with self._lock:
            closing, self._transport = self._transport, None
        if closing is not None:
            closing.close()

    def _options(self) -> dict[str, Any]:
        """How a client of httpx is made. What servers set as cookies is not even kept."""
        if self._context is None:
            self._context = httpx.create_ssl_context()
        jar = CookieJar(policy=DefaultCookiePolicy(allowed_domains=[]))
        return {"limits": _LIMITS, "verify": self._context, "cookies": jar}


_shared = _Shared()
atexit.register(_shared.close)


def transport() -> Transport:
    """The one of this process."""
    return _shared.transport()


def async_transport() -> AsyncTransport:
    """The one of this process: it has connections of its own in each event loop, closed when that ends."""
    return _shared.async_transport()


def close() -> None:
    """Close what threads have; a download that comes later opens new connections."""
    _shared.close()


def no_key() -> Secret:
    """What a download is sent.

    Raises:
        MissingCredentialsError: Always.
    """
    raise MissingCredentialsError("a download is sent no key")
