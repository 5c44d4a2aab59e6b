"""The headers of a call in the forms that servers and web frameworks have them in, made by those themselves."""

from __future__ import annotations

import email
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.headers import Headers as WsgirefHeaders
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
from django.http.request import HttpHeaders
from fal_server.asgi import running
from fal_server.webhooks import sign
from starlette.datastructures import Headers as StarletteHeaders
from webhook_calls import KEY, OK, refused, verifier_of
from werkzeug.datastructures import EnvironHeaders
from werkzeug.datastructures import Headers as WerkzeugHeaders

if TYPE_CHECKING:
    from collections.abc import Callable

    from fal_server.webhooks import KeyServer

Pairs = list[tuple[str, str]]


def environ(pairs: Pairs) -> dict[str, Any]:
    """What a WSGI server makes of headers; Django's META is that too."""
    made: dict[str, Any] = {"REQUEST_METHOD": "POST", "SERVER_PORT": "80", "wsgi.version": (1, 0), "wsgi.errors": None}
    for name, value in pairs:
        key = "HTTP_" + name.upper().replace("-", "_")
        made[key] = f"{made[key]},{value}" if key in made else value
    return made


def several(pairs: Pairs) -> dict[str, list[str]]:
    """As AWS Lambda has `multiValueHeaders`."""
    made: dict[str, list[str]] = {}
    for name, value in pairs:
        made.setdefault(name.lower(), []).append(value)
    return made


def message(pairs: Pairs) -> Any:
    """As `http.server` has them."""
    return email.message_from_string("".join(f"{name}: {value}\r\n" for name, value in pairs))


FORMS: dict[str, Callable[[Pairs], Any]] = {
    "lower case": lambda pairs: [(name.lower(), value) for name, value in pairs],
    "upper case": lambda pairs: [(name.upper(), value) for name, value in pairs],
    "values as bytes": lambda pairs: [(name, value.encode()) for name, value in pairs],
    "ASGI": lambda pairs: [(name.lower().encode(), value.encode()) for name, value in pairs],
    "pairs as lists": lambda pairs: [list(pair) for pair in pairs],
    "an iterator": iter,
    "http.server": message,
    "wsgiref": WsgirefHeaders,
    "WSGI, Django's META": environ,
    "Django": lambda pairs: HttpHeaders(environ(pairs)),
    "Flask": lambda pairs: EnvironHeaders(environ(pairs)),
    "werkzeug": WerkzeugHeaders,
    "Starlette": lambda pairs: StarletteHeaders(raw=[(n.lower().encode(), v.encode()) for n, v in pairs]),
    "httpx": httpx.Headers,
    "Lambda, of several values": several,
    "tuples of values": lambda pairs: {name: tuple(values) for name, values in several(pairs).items()},
}
DICTS: dict[str, Callable[[Pairs], Any]] = {
    "Lambda": lambda pairs: {name.lower(): value for name, value in pairs},
    "a dict of bytes": lambda pairs: {name.encode(): value.encode() for name, value in pairs},
}


@pytest.mark.parametrize("form", {**FORMS, **DICTS})
def test_headers_in_every_form(keys: KeyServer, verify: Any, form: str) -> None:
    others = [("Content-Length", "5"), ("X-Fal-Webhook-New", ""), ("X-Fal-Webhook", "x"), ("Accept", "a")]
    made = {**FORMS, **DICTS}[form]([*others, *sign(KEY, OK).items()])
    assert verify(verifier_of(keys), made, OK).request_id == "req-1"


@pytest.mark.sampled(5)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", sign(KEY, b""))
@pytest.mark.parametrize("is_first", [True, False])
def test_a_header_that_is_there_twice_is_refused_in_every_form(
    keys: KeyServer, verify: Any, form: str, name: str, is_first: bool
) -> None:
    more = [(name, "other")]
    pairs = [*more, *sign(KEY, OK).items()] if is_first else [*sign(KEY, OK).items(), *more]
    refused(verify, verifier_of(keys), FORMS[form](pairs), OK)


def test_what_other_headers_hold_is_not_looked_at(keys: KeyServer, verify: Any) -> None:
    class Odd:
        def __str__(self) -> str:
            raise AssertionError

    more = {"wsgi.input": Odd(), "HTTP_X_OTHER": Odd(), "Content-Length": 5, "X-None": None}
    assert verify(verifier_of(keys), {**more, **sign(KEY, OK)}, OK).ok


@pytest.mark.parametrize(
    "headers", [None, 7, "X-Fal", b"X-Fal", ["X-Fal"], [("a", "b", "c")], [1], {"headers": 1}.keys(), object()]
)
def test_what_are_no_headers(keys: KeyServer, verify: Any, headers: Any) -> None:
    with pytest.raises(TypeError, match="headers must be a mapping"):
        verify(verifier_of(keys), headers, OK)


def post(url: str) -> int:
    return httpx.post(url, content=OK, headers=sign(KEY, OK)).status_code


def test_a_server_of_the_standard_library(keys: KeyServer) -> None:
    verifier = verifier_of(keys)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            event = verifier.verify(self.headers, self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200 if event.ok else 500)
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert post(f"http://127.0.0.1:{server.server_port}") == 200
        thread.join()


def test_a_wsgi_server(keys: KeyServer) -> None:
    verifier = verifier_of(keys)

    def app(environ: Any, start_response: Any) -> list[bytes]:
        event = verifier.verify(environ, environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
        start_response("200 OK" if event.ok else "500 No", [])
        return []

    class Silent(WSGIRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            pass

    with make_server("127.0.0.1", 0, app, handler_class=Silent) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        assert post(f"http://127.0.0.1:{server.server_port}") == 200
        thread.join()


def test_an_asgi_server(keys: KeyServer) -> None:
    verifier = verifier_of(keys)

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        event = await verifier.averify(scope["headers"], body)
        await send({"type": "http.response.start", "status": 200 if event.ok else 500, "headers": []})
        await send({"type": "http.response.body"})

    with running(app) as url:
        assert post(url) == 200


USE = """
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler
from typing import Any
from wsgiref.headers import Headers
from wsgiref.types import WSGIEnvironment

import flask
import httpx
from fal_typed.webhooks import WebhookEvent, WebhookVerifier
from starlette.requests import Request

verifier = WebhookVerifier(user_ids={"me"})
WebhookVerifier("https://rest.fal.ai/keys", user_ids=["me", "us"], max_age=60)
WebhookVerifier(user_ids=None)


def servers(handler: BaseHTTPRequestHandler, environ: WSGIEnvironment, wsgi: Headers, scope: dict[str, Any]) -> None:
    verifier.verify(handler.headers, b"")
    verifier.verify(environ, b"")
    verifier.verify(wsgi, b"")
    verifier.verify(scope["headers"], b"")


def frameworks(starlette: Request, sent: httpx.Headers) -> None:
    verifier.verify(starlette.headers, b"")
    verifier.verify(starlette.headers.raw, b"")
    verifier.verify(flask.request.headers, flask.request.get_data())
    verifier.verify(sent, b"")


def plain(a: dict[str, str], b: Mapping[str, list[str]], c: dict[bytes, bytes], d: list[tuple[str, str]]) -> str:
    verifier.verify(a, b"")
    verifier.verify(b, b"")
    verifier.verify(c, b"")
    verifier.verify(d, b"")
    event: WebhookEvent = verifier.verify(list(c.items()), b"")
    return event.user_id


async def later(starlette: Request) -> WebhookEvent:
    return await verifier.averify(starlette.headers, await starlette.body())


def wrong(a: dict[str, str], number: int) -> None:
    verifier.verify("X-Fal", b"")  # BAD
    verifier.verify(list(a), b"")  # BAD
    verifier.verify(None, b"")  # BAD
    verifier.verify(a, "text")  # BAD
    WebhookVerifier()  # BAD
    WebhookVerifier("https://rest.fal.ai/keys")  # BAD
    WebhookVerifier(user_ids={number})  # BAD
"""


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["pyright", "mypy"])
def test_type_checkers_take_the_headers_of_each(checker: str, tmp_path: Path) -> None:
    pytest.importorskip(checker, reason="type checkers are not among the tools of the client's tests")
    from support.static import error_lines, lines_marked

    generated = Path(__file__).resolve().parents[3] / "generated"
    code = USE.lstrip("\n")
    assert error_lines(checker, tmp_path, code, generated).keys() == lines_marked(code)
