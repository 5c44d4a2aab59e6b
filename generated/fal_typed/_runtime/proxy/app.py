"""A proxy that has the key, so that browsers and other clients need none: an ASGI application."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from .. import checks
from ..errors import FalError
from ..http.async_transport import AsyncTransport
from ..http.credentials import given_credentials
from ..http.environment import credentials_from_environment
from ..http.exchange import Deadline, Limits
from ..http.hosts import Hosts, hosts_from_environment
from ..http.libraries import errors
from ..http.login import kept_fresh
from ..http.requests import TARGET_HEADER
from ..http.transport import signing
from ..log import logger
from .body import BodyTooLargeError, CallerGoneError, RequestBody
from .headers import RawHeaders, request_headers, response_headers, values_of
from .targets import Target, Targets

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from ..http.credentials import Secret
    from ..http.libraries import AsyncHttpClient

Scope: TypeAlias = MutableMapping[str, Any]
Message: TypeAlias = MutableMapping[str, Any]
Receive: TypeAlias = Callable[[], Awaitable[Message]]
Send: TypeAlias = Callable[[Message], Awaitable[None]]
# Inputs are JSON; a small file may be in them as a data URI. Large ones are uploaded, past the proxy.
MAX_BODY_BYTES = 10 * 1024 * 1024
# A direct run takes as long as the model does. When its caller leaves, it ends.
_TIMEOUT = {"connect": 30.0, "write": 120.0, "read": None, "pool": 30.0}
_LOGIN_SECONDS = 30.0  # to renew the login it has instead of a key


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyRequest:
    """Who asks, and for what: what `authorize` decides on.

    Attributes:
        method: The HTTP method.
        endpoint: The endpoint's id; for status, result and cancel the app's (`fal-ai/flux-1`); None for an upload.
        headers: The caller's headers by lower-case name; of a repeated one, the last.
        scope: ASGI's, as in `starlette.requests.Request(request.scope)`.
    """

    method: str
    endpoint: str | None
    headers: Mapping[str, str]
    scope: Mapping[str, Any]


Authorize: TypeAlias = Callable[[ProxyRequest], object]


class FalProxy:
    """An ASGI application that passes on requests of fal's clients, with the key, to the endpoints that are allowed.

    The clients are `Fal(proxy_url=…)` and those of fal with a proxy URL. Nothing is allowed that is not named here.
    Close it with `aclose()`, `async with`, or as an application of its own by ASGI's lifespan.

    Args:
        allowed_endpoints: Ids, in which `*` stands for a segment or a part of one, `**` for any number of segments:
            `"fal-ai/flux-1/*"`. Files may be uploaded if any endpoint is allowed.
        authorize: Says of a request whether to pass it on; may be a coroutine function. Without it none is.
        hosts: Where fal is, as for `Fal`.
        credentials: The key; by default that of the environment, read with the first request.
        max_body_bytes: The largest body to take.
        http_client: An `httpx.AsyncClient` or `httpx2.AsyncClient` to use. It is not closed with the proxy.
    """

    def __init__(
        self,
        allowed_endpoints: Iterable[str] = (),
        *,
        authorize: Authorize | None = None,
        hosts: Hosts | None = None,
        credentials: str | None = None,
        max_body_bytes: int = MAX_BODY_BYTES,
        http_client: AsyncHttpClient | None = None,
    ) -> None:
        checks.callback("authorize", authorize)
        self._targets = Targets(allowed_endpoints, hosts_from_environment() if hosts is None else hosts)
        self._authorize = authorize
        self._credentials = given_credentials(credentials)
        self._limit = checks.count("max_body_bytes", max_body_bytes) or 0
        self._transport = AsyncTransport(self._secret, http_client)
        if authorize is None or not self._targets:
            what = "authorize" if authorize is None else "allowed_endpoints"
            logger.warning("a proxy without %s refuses every request", what)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def aclose(self) -> None:
        """Close the connections to fal."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    def _secret(self) -> Secret:
        if self._credentials is None:
            self._credentials = credentials_from_environment()
        return self._credentials

    async def _renewed(self, secret: Secret) -> None:
        if secret.login is not None:
            limits = Limits(Deadline(_LOGIN_SECONDS), _LOGIN_SECONDS, 0)
            await self._transport.run(kept_fresh(secret, secret.login, limits), limits)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.shutdown":
                await self.aclose()
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            target = await self._admitted(scope)
            await self._while_caller_stays(scope, target, receive, send)
        except _RefusedError as refusal:
            await _refuse(send, refusal)

    async def _admitted(self, scope: Scope) -> Target:
        headers: RawHeaders = list(scope["headers"])
        named = values_of(headers, TARGET_HEADER)
        target = self._targets.find(scope["method"], named[0]) if len(named) == 1 else None
        if target is None:
            logger.info("proxy: refused %s %.200r", scope["method"], named)
            raise _RefusedError(400, "Invalid request")
        if not await self._is_authorized(scope, target, headers):
            raise _RefusedError(401, "Unauthorized")
        lengths = values_of(headers, "content-length")
        if any(not length.isdecimal() or int(length) > self._limit for length in lengths):
            raise _RefusedError(413, "Request too large")
        try:
            await self._renewed(self._secret())
        except FalError as error:
            logger.error("proxy: %s", error)
            raise _RefusedError(500, "The proxy has no credentials") from None
        return target

    async def _is_authorized(self, scope: Scope, target: Target, headers: RawHeaders) -> bool:
        if self._authorize is None:
            return False
        decoded = {key.decode("latin-1").lower(): value.decode("latin-1") for key, value in headers}
        request = ProxyRequest(method=scope["method"], endpoint=target.endpoint, headers=decoded, scope=scope)
        answer = self._authorize(request)
        return bool(await answer if inspect.isawaitable(answer) else answer)

    async def _while_caller_stays(self, scope: Scope, target: Target, receive: Receive, send: Send) -> None:
        """Pass a request on, until it is answered or its caller has gone, at which fal stops the model."""
        body = RequestBody(receive, self._limit, is_empty=not _has_body(scope["headers"]))
        passing = asyncio.ensure_future(self._pass_on(scope, target, body, send))
        leaving = asyncio.ensure_future(body.caller_gone())
        try:
            await asyncio.wait({passing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (leaving, passing):
                task.cancel()
            await asyncio.wait({passing, leaving})
        if not passing.cancelled():
            passing.result()

    async def _pass_on(self, scope: Scope, target: Target, body: RequestBody, send: Send) -> None:
        try:
            response = await self._send(scope, target, body)
        except CallerGoneError:
            return
        except BodyTooLargeError:
            raise _RefusedError(413, "Request too large") from None
        except errors("HTTPError") as error:
            raise _refusal(error, target) from None
        try:
            headers = response_headers(response.headers.raw)
            await send({"type": "http.response.start", "status": response.status_code, "headers": headers})
            await _send_body(response, send)
        finally:
            await response.aclose()

    async def _send(self, scope: Scope, target: Target, body: RequestBody) -> Any:
        client = self._transport.client()
        has_body = _has_body(scope["headers"])
        request = client.build_request(
            scope["method"],
            target.url,
            headers=request_headers(scope["headers"], has_body=has_body),
            content=body.pieces() if has_body else None,
            extensions={"timeout": _TIMEOUT},
        )
        return await client.send(request, stream=True, auth=signing(self._secret()), follow_redirects=False)


class _RefusedError(Exception):
    """An answer that does not come from fal."""

    def __init__(self, status: int, detail: str, *, retryable: bool | None = None) -> None:
        self.status = status
        self.detail = detail
        self.retryable = retryable


def _refusal(error: Exception, target: Target) -> _RefusedError:
    logger.warning("proxy: no answer for %s: %s", target.endpoint or "an upload", type(error).__name__)
    if isinstance(error, errors("ConnectError", "ConnectTimeout", "PoolTimeout")):
        return _RefusedError(503, "fal cannot be reached", retryable=True)  # nothing was sent
    return _RefusedError(502, "fal gave no answer", retryable=False)


async def _refuse(send: Send, refusal: _RefusedError) -> None:
    content = json.dumps({"detail": refusal.detail}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
    if refusal.retryable is not None:
        headers.append((b"x-fal-needs-retry", b"1" if refusal.retryable else b"0"))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _send_body(response: Any, send: Send) -> None:
    broken = False
    try:
        async for piece in response.aiter_raw():
            await send({"type": "http.response.body", "body": piece, "more_body": True})
    except errors("HTTPError"):
        broken = True
    if broken:  # the server closes the connection at this: the caller must not take a part for the whole
        raise ConnectionError("fal broke off in the middle of its answer")
    await send({"type": "http.response.body", "body": b""})


def _has_body(headers: RawHeaders) -> bool:
    lengths = values_of(headers, "content-length")
    return bool(values_of(headers, "transfer-encoding")) or any(length != "0" for length in lengths)


__all__ = ["FalProxy", "ProxyRequest"]
