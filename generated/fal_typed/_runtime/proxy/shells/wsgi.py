"""The proxy for servers of WSGI: Flask, Django, waitress, gunicorn."""

# design: How does one proxy fit every framework?

from __future__ import annotations

import socket
from contextlib import closing, suppress
from functools import partial
from http.client import responses
from typing import TYPE_CHECKING, Any, NamedTuple

from ... import checks
from ...errors import FalError
from ...http.libraries import HttpClient, errors
from ...http.login import kept_fresh
from ...http.transport import Transport, signing
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
from ..steps import run_steps
from .wsgi_body import WsgiBody, headers_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Self
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

    from django.http import StreamingHttpResponse  # type: ignore # pyright: ignore

    from ..headers import RawHeaders
    from .django_response import DjangoRequest


class WsgiFalProxy(ProxyBase[HttpClient]):
    """`FalProxy` as a WSGI application, as a view of Django, and for views of Flask.

    Hooks are plain functions here, and `http_client` is an `httpx.Client` or `httpx2.Client`. WSGI does not tell of a
    caller who leaves before the answer begins; a stream ends when its caller has gone. See FalProxy for the arguments.
    """

    _shell = "wsgi"
    _client_class = "Client"
    _transport: Transport

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """See WSGI."""
        return self.pass_on(None, environ, start_response)

    def answer(self, user: object) -> WSGIApplication:
        """What a view of Flask returns to have a request passed on; it must not have read the body.

        Args:
            user: Who asks, as the framework knows; None is nobody, unless there is an `authorize`.
        """
        return partial(self.pass_on, user)

    def django_view(  # pyright: ignore[reportUnknownParameterType]
        self, request: DjangoRequest, user: object = None
    ) -> StreamingHttpResponse:
        """A view of Django, or what yours returns.

        It needs no CSRF token: browsers let no other site send the header that a proxy wants.

        Args:
            request: It must not have been read.
            user: Who asks, if that is known; None is nobody, unless there is an `authorize`.
        """
        from . import django_response as django

        meta = request.META
        scope = {**meta, "django.request": request}
        body = WsgiBody({**meta, **django.body_of(request)}, self._limit)
        return django.response_of(request, *self._answered(scope, body, user))  # pyright: ignore

    django_view.csrf_exempt = True  # type: ignore[attr-defined] # pyright: ignore[reportFunctionMemberAccess]

    def close(self) -> None:
        """Close the connections to fal."""
        self._transport.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def pass_on(self, user: object, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request of WSGI, for a user whom somebody in front of the proxy knows, or None."""
        status, headers, pieces = self._answered(environ, WsgiBody(environ, self._limit), user)
        reason = responses.get(status, "Unknown")
        given = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]
        start_response(f"{status} {reason}", given)
        return pieces

    def _check_hook(self, name: str, hook: Callable[..., object] | None) -> None:
        super()._check_hook(name, hook)
        checks.plain_function(name, hook)

    def _connect(self, http_client: HttpClient | None) -> None:
        self._transport = Transport(self._secret, http_client)

    def _answered(self, scope: Mapping[str, Any], body: WsgiBody, user: object) -> _WsgiAnswer:
        headers = headers_of(scope)
        call = Call(method=scope["REQUEST_METHOD"], headers=headers, scope=scope, user=user, read=body.whole)
        preflight = self._cors.preflight(call.method, call.headers)
        if preflight is not None:
            return _WsgiAnswer(204, preflight, [])
        try:
            admitted = run_steps(self._admission(call))
            self._sign_in()
            return self._passed_on(call, admitted, body)
        except ProxyRefusedError as refusal:
            status, headers, content = self._refusal(call, refusal)
            return _WsgiAnswer(status, headers, [content])

    def _sign_in(self) -> None:
        """See that there is a key, and that it is good yet if it is that of a login."""
        try:
            secret = self._secret()
            if secret.login is not None:
                limits = login_limits()
                self._transport.run(kept_fresh(secret, secret.login, limits), limits)
        except FalError as error:
            raise no_credentials(error) from None

    def _passed_on(self, call: Call, admitted: Admitted, body: WsgiBody) -> _WsgiAnswer:
        try:
            response = self._sent(admitted, body)
        except errors("HTTPError") as error:
            raise no_answer(error, admitted.plan) from None
        if admitted.is_owned and response.is_success:
            with closing(response):
                content = _short(response, admitted)
            run_steps(self._remembered(admitted, content))
            return _WsgiAnswer(response.status_code, self._head(call, response), [content])
        clean = KeyFilter(self._secret()) if response.status_code >= 300 else None
        return _WsgiAnswer(response.status_code, self._head(call, response), _Pieces(response, clean))

    def _sent(self, admitted: Admitted, body: WsgiBody) -> Any:
        client, plan = self._transport.client(), admitted.plan
        content = b"" if admitted.body is None else admitted.body
        given = body.content() if plan.has_body and admitted.body is None else content
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
                return client.send(request, stream=True, auth=signing(self._secret()), follow_redirects=False)
            except not_reached():
                if not others:
                    raise
                url, timeout = others.pop()


class _WsgiAnswer(NamedTuple):
    status: int
    headers: RawHeaders
    pieces: Iterable[bytes]


class _Pieces:
    """The pieces of an answer of fal's as they come. The server closes it, whether or not it was read.

    Args:
        response: httpx's.
        clean: What takes the key out.
    """

    def __init__(self, response: Any, clean: KeyFilter | None) -> None:
        self._response = response
        self._clean = clean

    def __iter__(self) -> Iterator[bytes]:
        broken = False
        try:
            for piece in self._response.iter_raw():
                if given := piece if self._clean is None else self._clean.feed(piece):
                    yield given
        except errors("HTTPError"):
            broken = True
        if broken:  # the server closes the connection at this: the caller must not take a part for the whole
            raise ConnectionError("fal broke off in the middle of its answer")
        if self._clean is not None:
            yield self._clean.end()

    def close(self) -> None:
        """See WSGI. A thread that waits for a piece notices."""
        stream = self._response.extensions.get("network_stream")
        connection = None if stream is None else stream.get_extra_info("socket")
        if isinstance(connection, socket.socket) and not self._response.is_closed:
            with suppress(OSError):
                socket.socket.shutdown(connection, socket.SHUT_RDWR)  # not that of SSLSocket, which a reader is in
        self._response.close()


def _short(response: Any, admitted: Admitted) -> bytes:
    """The answer to a submit."""
    content = bytearray()
    try:
        for piece in response.iter_raw():
            content += piece
            if len(content) > LARGEST_SUBMIT:
                break
        else:
            return bytes(content)
    except errors("HTTPError") as error:
        raise no_answer(error, admitted.plan) from None
    raise unanswered(admitted.plan)
