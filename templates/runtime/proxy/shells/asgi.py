"""A proxy that has the key, so that browsers and other clients need none: an ASGI application."""

# design: How does one proxy fit every framework?

from __future__ import annotations

import asyncio
from functools import partial
from typing import TYPE_CHECKING, Any

from ...errors import FalError
from ...http.async_transport import AsyncTransport
from ...http.libraries import AsyncHttpClient, errors
from ...http.login import kept_fresh
from ...http.transport import signing
from ..base import Call, ProxyBase
from ..passing import (
    LARGEST_SUBMIT,
    Admitted,
    KeyFilter,
    login_limits,
    no_answer,
    no_credentials,
    not_reached,
    places_of,
    sent_headers,
    unanswered,
)
from ..request import ProxyRefusedError
from ..steps import arun_steps
from .asgi_body import CallerGoneError, RequestBody

if TYPE_CHECKING:
    from types import TracebackType
    from typing import Self

    from starlette.responses import Response  # type: ignore[import-not-found,unused-ignore] # pyright: ignore

    from ..headers import RawHeaders
    from .asgi_body import Receive, Scope, Send


class FalProxy(ProxyBase[AsyncHttpClient]):
    """An ASGI application that passes on requests of fal's clients, with the key, to the endpoints that are allowed.

    The clients are `Fal(proxy_url=…)` and those of fal with a proxy URL. Nothing is allowed that is not named here.
    Close it with `aclose()`, `async with`, or as an application of its own by ASGI's lifespan. `WsgiFalProxy` is the
    same for Flask, Django and other servers of WSGI, where no hook may be a coroutine function.

    Args:
        allowed_endpoints: Ids, in which `*` stands for a segment or a part of one, `**` for any number of segments:
            `"fal-ai/flux-1/*"`. Files may be uploaded if any endpoint is allowed.
        authorize: Says of a `ProxyRequest` who asks, or True; whatever is not true refuses it. May be a coroutine
            function, as the other hooks. Not needed where your framework knows who asks: see `answer`.
        check_input: Is shown each request that is paid for, with its `input`. It refuses one by returning False, or by
            raising `ProxyRefusedError(429, "ten a day")`.
        owner: Gives the id of who asks, for instance `lambda request: request.user.id`. Then who submitted a request
            may ask about it and cancel it, and nobody else.
        owner_store: Remembers who submitted what, if there is more than one process; else `MemoryOwners()` does.
        webhooks: URLs that callers may have fal call when a request is done; one that ends in `*` stands for all that
            begin so.
        cors: Other sites that may call this one from a browser, as `"https://app.example"`.
        hosts: Where fal is, as for `Fal`.
        credentials: The key; by default that of the environment, read with the first request.
        max_body_bytes: The largest body to take.
        http_client: An `httpx.AsyncClient` or `httpx2.AsyncClient` to use. It is not closed with the proxy.
    """

    _shell = "asgi"
    _client_class = "AsyncClient"
    _transport: AsyncTransport

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "http":
            await self.pass_on(None, scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    def answer(self, user: object) -> Response:  # pyright: ignore[reportUnknownParameterType]
        """What a route of Starlette or FastAPI returns to have a request passed on; it must not have read the body.

        Args:
            user: Who asks, as the framework knows; None is nobody, unless there is an `authorize`.
        """
        from .starlette_response import PassedOn

        return PassedOn(partial(self.pass_on, user))

    async def aclose(self) -> None:
        """Close the connections to fal."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.aclose()

    async def pass_on(self, user: object, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of ASGI, for a user whom somebody in front of the proxy knows, or None."""
        body, out = RequestBody(receive, self._limit), _Out(send)
        call = Call(method=scope["method"], headers=[*scope["headers"]], scope=scope, user=user, read=body.whole)
        preflight = self._cors.preflight(call.method, call.headers)
        if preflight is not None:
            await out.whole(204, preflight, b"")
            return
        try:
            admitted = await arun_steps(self._admission(call))
            await self._sign_in()
            await self._while_caller_stays(call, admitted, body, out)
        except ProxyRefusedError as refusal:
            await out.whole(*self._refusal(call, refusal))
        except CallerGoneError:  # nobody hears it, but a middleware in between may wait for an answer
            await out.whole(*self._refusal(call, ProxyRefusedError(499, "The caller has left")))

    def _connect(self, http_client: AsyncHttpClient | None) -> None:
        self._transport = AsyncTransport(self._secret, http_client)

    async def _sign_in(self) -> None:
        """See that there is a key, and that it is good yet if it is that of a login."""
        try:
            secret = self._secret()
            if secret.login is not None:
                limits = login_limits()
                await self._transport.run(kept_fresh(secret, secret.login, limits), limits)
        except FalError as error:
            raise no_credentials(error) from None

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            kind = (await receive())["type"]
            if kind == "lifespan.shutdown":
                await self.aclose()
            await send({"type": f"{kind}.complete"})
            if kind == "lifespan.shutdown":
                return

    async def _while_caller_stays(self, call: Call, admitted: Admitted, body: RequestBody, out: _Out) -> None:
        """Pass a request on, until it is answered or its caller has gone, at which fal stops the model."""
        if not admitted.plan.has_body:
            body.ignore()
        passing = asyncio.ensure_future(self._pass_on(call, admitted, body, out))
        leaving = asyncio.ensure_future(body.caller_gone())
        try:
            await asyncio.wait({passing, leaving}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (leaving, passing):
                task.cancel()
            await asyncio.wait({passing, leaving})
        if passing.cancelled():
            raise CallerGoneError
        passing.result()

    async def _pass_on(self, call: Call, admitted: Admitted, body: RequestBody, out: _Out) -> None:
        try:
            response = await self._sent(admitted, body)
        except errors("HTTPError") as error:
            raise no_answer(error, admitted.plan) from None
        try:
            if admitted.is_owned and response.is_success:
                content = await _short(response, admitted)
                await arun_steps(self._remembered(admitted, content))
                await out.whole(response.status_code, self._head(call, response), content)
                return
            await out.start(response.status_code, self._head(call, response))
            await self._send_body(response, out)
        finally:
            await response.aclose()

    async def _sent(self, admitted: Admitted, body: RequestBody) -> Any:
        client, plan = self._transport.client(), admitted.plan
        content = b"" if admitted.body is None else admitted.body
        given = await body.content() if plan.has_body and admitted.body is None else content
        (url, timeout), *others = places_of(admitted)
        while True:
            request = client.build_request(
                plan.method,
                url,
                headers=sent_headers(plan, given),
                content=given or None,
                extensions={"timeout": timeout},
            )
            request.headers.pop("cookie", None)  # fal's, of an answer to somebody else
            try:
                return await client.send(request, stream=True, auth=signing(self._secret()), follow_redirects=False)
            except not_reached():
                if not others:
                    raise
                url, timeout = others.pop()

    async def _send_body(self, response: Any, out: _Out) -> None:
        clean = KeyFilter(self._secret()) if response.status_code >= 300 else None
        broken = False
        try:
            async for piece in response.aiter_raw():
                await out.piece(piece if clean is None else clean.feed(piece))
        except errors("HTTPError"):
            broken = True
        if broken:  # the server closes the connection at this: the caller must not take a part for the whole
            raise ConnectionError("fal broke off in the middle of its answer")
        await out.end(b"" if clean is None else clean.end())


class _Out:
    """Sends an answer, unless there is one already.

    Args:
        send: ASGI's.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._is_started = False

    async def whole(self, status: int, headers: RawHeaders, content: bytes) -> None:
        if not self._is_started:
            await self.start(status, headers)
            await self.end(content)

    async def start(self, status: int, headers: RawHeaders) -> None:
        self._is_started = True
        await self._send({"type": "http.response.start", "status": status, "headers": headers})

    async def piece(self, content: bytes) -> None:
        await self._send({"type": "http.response.body", "body": content, "more_body": True})

    async def end(self, content: bytes) -> None:
        await self._send({"type": "http.response.body", "body": content})


async def _short(response: Any, admitted: Admitted) -> bytes:
    """The answer to a submit."""
    content = bytearray()
    try:
        async for piece in response.aiter_raw():
            content += piece
            if len(content) > LARGEST_SUBMIT:
                break
        else:
            return bytes(content)
    except errors("HTTPError") as error:
        raise no_answer(error, admitted.plan) from None
    raise unanswered(admitted.plan)
