"""The webhook receivers of the READMEs, as they are printed, each under a server of its kind, called as fal calls."""

from __future__ import annotations

import json
import sys
import threading
import types
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
from fal_server.asgi import running
from fal_server.webhooks import KeyServer, new_key, sign
from fal_typed._runtime.webhooks import keys as webhook_keys
from pages.ways import blocks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

KEY, OTHER = new_key(1), new_key(2)
BODY = json.dumps({"request_id": "my-request-id", "status": "OK", "payload": {"images": [{"url": "https://a/b.png"}]}})
OURS = {"request_id": "my-request-id", "user_id": "my-fal-user-id"}
(SERVICE,) = [block.code for block in blocks("webhook service")]
RECEIVERS = {block.where: block.code for block in blocks("webhook receiver")}


class Silent(WSGIRequestHandler):
    """Writes no log."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


@contextmanager
def under_wsgi(app: Any) -> Iterator[str]:
    """Serve an application of WSGI; its URL."""
    with make_server("127.0.0.1", 0, app, handler_class=Silent) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


def under_asgi(names: dict[str, Any]) -> AbstractContextManager[str]:
    return running(names["app"])


def under_flask(names: dict[str, Any]) -> AbstractContextManager[str]:
    return under_wsgi(names["app"])


@contextmanager
def under_django(names: dict[str, Any]) -> Iterator[str]:
    """With the middleware that refuses a POST without a token of the site's own."""
    from django.conf import settings
    from django.core.handlers.wsgi import WSGIHandler
    from django.test import override_settings
    from django.urls import path

    if not settings.configured:
        settings.configure(SECRET_KEY="x")
    urls = types.ModuleType("urls")
    urls.__dict__["urlpatterns"] = [path("fal", names["receive"])]
    with (
        override_settings(
            ROOT_URLCONF=urls,
            ALLOWED_HOSTS=["127.0.0.1"],
            MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
        ),
        under_wsgi(WSGIHandler()) as url,
    ):
        yield url


SERVERS: dict[str, Callable[[dict[str, Any]], AbstractContextManager[str]]] = {
    "from fastapi": under_asgi,
    "from starlette": under_asgi,
    "from flask": under_flask,
    "from django": under_django,
}


def test_there_is_one_for_each_framework() -> None:
    used = [word for code in RECEIVERS.values() for word in SERVERS if word in code]
    assert sorted(used) == sorted(SERVERS)
    assert len(RECEIVERS) == len(SERVERS)


@pytest.fixture
def keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[KeyServer]:
    """In place of fal's: the samples name no other."""
    fetch, afetch = webhook_keys.fetch_keys, webhook_keys.afetch_keys
    with KeyServer(KEY) as server:
        monkeypatch.setattr(webhook_keys, "fetch_keys", lambda url: fetch(server.url))
        monkeypatch.setattr(webhook_keys, "afetch_keys", lambda url: afetch(server.url))
        yield server


@pytest.mark.parametrize("where", RECEIVERS)
def test_a_receiver_takes_our_calls_and_no_others(
    keys: KeyServer, where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    modules = {name: types.ModuleType(name) for name in ("fal_calls", "receiver")}
    for name, code in zip(modules, (SERVICE, RECEIVERS[where]), strict=True):
        monkeypatch.setitem(sys.modules, name, modules[name])
        exec(code, modules[name].__dict__)
    names = modules["receiver"].__dict__
    (serve,) = [serve for word, serve in SERVERS.items() if word in RECEIVERS[where]]
    body = BODY.encode()
    theirs = BODY.replace("my-request-id", "theirs").encode()
    failed = json.dumps({"request_id": "my-request-id", "status": "ERROR", "error": "Gone", "payload": None}).encode()
    with serve(names) as url:

        def answered(headers: dict[str, str], body: bytes) -> int:
            return httpx.post(f"{url}/fal", content=body, headers=headers).status_code

        assert answered(sign(KEY, body, **OURS), body) == 200
        assert answered(sign(KEY, failed, **OURS), failed) == 200
        assert answered(sign(OTHER, body, **OURS), body) == 401
        assert answered(sign(KEY, body, **OURS), body + b" ") == 401
        assert answered(sign(KEY, body, request_id="my-request-id", user_id="stranger"), body) == 401
        assert answered({}, body) == 401
        assert answered(sign(KEY, theirs, request_id="theirs", user_id="my-fal-user-id"), theirs) == 404
        assert httpx.get(f"{url}/fal").status_code == 405
    assert capsys.readouterr().out == "my-request-id https://a/b.png\nmy-request-id Gone\n"
