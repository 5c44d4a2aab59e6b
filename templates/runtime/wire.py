"""What both transports need of httpx."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import httpx

from .answer import Answer, Exchange
from .errors import APIConnectionError, APITimeoutError
from .log import logger

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from .credentials import Secret
    from .deadline import Limits

# Many requests wait at once where a client fans out; httpx's own default is 100 connections.
POOL_LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)
HTTP_ERRORS = (httpx.HTTPError, httpx.InvalidURL, httpx.CookieConflict)
# Nothing of the request can have reached the server.
_BEFORE_SENDING = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)


class KeyAuth(httpx.Auth):
    """Adds the key at the last moment, so that no request value of ours, nor a local variable, ever holds it."""

    def __init__(self, secret: Callable[[], Secret]) -> None:
        self._secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """See httpx.Auth."""
        request.headers["Authorization"] = self._secret().authorization()
        yield request


def timeouts(exchange: Exchange, limits: Limits) -> httpx.Timeout:
    """The limits of one exchange, for httpx."""
    connect = limits.connect_seconds()
    return httpx.Timeout(connect=connect, write=connect, pool=connect, read=limits.exchange_seconds(exchange))


def connection_error(exchange: Exchange, error: Exception) -> APIConnectionError:
    """Our error for one of httpx. Raise it outside the `except` block.

    The cause is a fresh copy: the original holds the request with its headers, and the tracebacks below it have frames
    whose local variables hold the key as bytes.
    """
    is_timeout = isinstance(error, httpx.TimeoutException | TimeoutError)
    kind = APITimeoutError if is_timeout else APIConnectionError
    what = "timed out" if is_timeout else "got no answer"
    converted = kind(
        f"{exchange.method} {exchange.shown_url} {what}: {type(error).__name__}: {error}".removesuffix(": "),
        maybe_submitted=exchange.method != "POST" or not isinstance(error, _BEFORE_SENDING),
        request_id=exchange.request_id,
    )
    if isinstance(error, httpx.RequestError):
        converted.__cause__ = type(error)(str(error))
    return converted


def log_exchange(exchange: Exchange, outcome: Answer | APIConnectionError, started: float) -> None:
    """One line for each exchange; no query, no body, no header."""
    result = outcome.status if isinstance(outcome, Answer) else type(outcome).__name__
    milliseconds = (time.monotonic() - started) * 1000
    logger.debug("%s %s -> %s in %.0f ms", exchange.method, exchange.shown_url, result, milliseconds)
