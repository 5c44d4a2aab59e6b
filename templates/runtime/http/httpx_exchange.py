"""What both transports need of httpx."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import httpx

from ..errors import APIConnectionError, APITimeoutError
from ..log import logger
from .deadline import SHORTEST
from .exchange import Answer, Exchange, Purpose
from .requests import EVENT_STREAM
from .retry import Event, NoAnswer, what_happened

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator, Iterator

    from httpx._client import UseClientDefault

    from .credentials import Secret
    from .deadline import Limits
    from .retry import Try

# Many requests wait at once where a client fans out; httpx's own default is 100 connections.
POOL_LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100)
# Not HTTPStatusError: that is an answer, which only a hook of the caller's own client raises, and it is the caller's.
HTTP_ERRORS = (httpx.RequestError, httpx.InvalidURL, httpx.CookieConflict)
# No connection: of an address, of TLS, or through a proxy.
_UNREACHED = (httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError)
# fal has a second host for what it could not be reached at; the official client 1.0.3 tries it after as long.
_CONNECT_SECONDS_BEFORE_ALTERNATE = 5.0


class KeyAuth(httpx.Auth):
    """Adds the key at the last moment, so that no request value of ours, nor a local variable, ever holds it."""

    def __init__(self, secret: Callable[[], Secret]) -> None:
        self._secret = secret

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """See httpx.Auth."""
        request.headers["Authorization"] = self._secret().authorization()
        yield request


class PhaseTimeouts(dict[str, float | None]):
    """The limits of the phases of one exchange (httpx's `timeout` extension), each cut to what is left of the whole.

    httpcore looks a phase's limit up when the phase begins. Fixed limits would let connecting, sending and waiting take
    the whole time each. A transport that copies the mapping gets those.
    """

    def __init__(self, phases: dict[str, float | None], seconds: float | None) -> None:
        super().__init__(phases)
        self._end = None if seconds is None else time.monotonic() + seconds

    def get(self, key: str, default: Any = None) -> Any:
        """See dict.get."""
        seconds: float | None = super().get(key, default)
        if self._end is None:
            return seconds
        left = max(self._end - time.monotonic(), SHORTEST)  # zero would mean "do not wait" to a socket
        return left if seconds is None else min(seconds, left)


def timeouts(exchange: Exchange, limits: Limits) -> PhaseTimeouts:
    """The limits of one exchange, for httpx."""
    whole, reach = limits.exchange_seconds(exchange), limits.reach_seconds()
    connect = reach if exchange.alternate is None else min(reach, _CONNECT_SECONDS_BEFORE_ALTERNATE)
    read = whole if exchange.purpose in (Purpose.RUN, Purpose.STREAM) else reach
    return PhaseTimeouts({"connect": connect, "pool": reach, "write": reach, "read": read}, whole)


def new_request(
    client: httpx.Client | httpx.AsyncClient,
    exchange: Exchange,
    limits: Limits,
    content: Iterator[bytes] | AsyncIterator[bytes] | None,
) -> httpx.Request:
    """The request of httpx for an exchange.

    Args:
        client: Who is to send it. Its own headers and cookies are for fal, and go nowhere else.
        exchange: What to send.
        limits: How long it may take.
        content: The body, where it comes in pieces.
    """
    make = httpx.Request if exchange.keyless else client.build_request
    return make(
        exchange.method,
        exchange.url,
        headers=exchange.headers,
        content=exchange.body if content is None else content,
        extensions={"timeout": timeouts(exchange, limits)} | ({"trace": exchange.trace} if exchange.trace else {}),
    )


def taker(exchange: Exchange, response: httpx.Response, content: bytearray) -> Callable[[bytes], object]:
    """What takes the pieces of an answer's body: the exchange's sink if it is what was asked for, else `content`."""
    if exchange.sink is None or not response.is_success:
        return content.extend
    return exchange.sink(response.headers)


def auth_of(exchange: Exchange, key: KeyAuth | UseClientDefault) -> KeyAuth | UseClientDefault | None:
    """What goes with an exchange: the key (or what the caller's own client has for a proxy), a token, or nothing."""
    if not exchange.keyless:
        return key
    token = exchange.token
    return None if token is None else KeyAuth(lambda: token)


def is_open(exchange: Exchange, response: httpx.Response) -> bool:
    """Whether an answer is one of events, which are read as they come."""
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    return exchange.purpose is Purpose.STREAM and response.is_success and media_type == EVENT_STREAM


def no_answer(exchange: Exchange, error: Exception, *, broken: str = "got no answer") -> NoAnswer:
    """How far a request came, by the error of httpx, and our error for it. Raise that outside the `except` block.

    The cause is a fresh copy: the original holds the request with its headers, and the tracebacks below it have frames
    whose local variables hold the key as bytes.
    """
    event = _event(error)
    is_timeout = isinstance(error, httpx.TimeoutException | TimeoutError)
    kind = APITimeoutError if is_timeout else APIConnectionError
    what = "timed out" if is_timeout else broken
    # A LocalProtocolError is about what we send, and quotes it: a header's value, which may be a secret.
    text = "" if isinstance(error, httpx.LocalProtocolError) else str(error)
    is_file = exchange.purpose in (Purpose.UPLOAD, Purpose.DOWNLOAD)
    subject = f"{exchange.endpoint}: " if is_file else ""
    converted = kind(
        f"{subject}{exchange.method} {exchange.shown_url} {what}: {type(error).__name__}: {text}".removesuffix(": "),
        # What status, result and cancel are about was submitted before; a file never submits anything.
        maybe_submitted=not is_file and (exchange.method != "POST" or event is Event.UNANSWERED),
        request_id=exchange.request_id,
    )
    if isinstance(error, httpx.RequestError):
        converted.__cause__ = type(error)(text)
    return NoAnswer(converted, event)


def _event(error: Exception) -> Event:
    if isinstance(error, _UNREACHED):
        return Event.UNREACHED
    return Event.UNSENT if isinstance(error, httpx.PoolTimeout) else Event.UNANSWERED


def log_exchange(exchange: Exchange, outcome: Answer | NoAnswer, started: float) -> None:
    """One line for each exchange; no query, no body, no header."""
    result = outcome.status if isinstance(outcome, Answer) else type(outcome.error).__name__
    milliseconds = (time.monotonic() - started) * 1000
    logger.debug("%s %s -> %s in %.0f ms", exchange.method, exchange.shown_url, result, milliseconds)


def log_retry(last: Try, coming: Try, outcome: Answer | NoAnswer) -> None:
    """What goes wrong and is tried again: INFO, and a WARNING where fal's host cannot be reached."""
    if coming.elsewhere:
        host = httpx.URL(coming.sent.url).host
        logger.warning("%s cannot be reached; trying %s", last.sent.shown_url, host)
        return
    what = what_happened(outcome).value
    logger.info("%s %s: %s; trying again in %.2f s", last.exchange.method, last.sent.shown_url, what, coming.wait)
