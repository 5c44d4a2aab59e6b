"""The proxies inside the frameworks that people use, beside what those do to a request and its answer."""

from __future__ import annotations

import io
import logging
import os
import subprocess
import sys
import types
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from wsgiref.util import setup_testing_defaults
from wsgiref.validate import validator

import httpx
import pytest
from django.urls import path
from django.views.decorators.csrf import csrf_exempt
from fal_server import Gate, faults, until
from fal_server.asgi import running
from fal_server.django_site import django_site
from fal_server.stream import event
from fal_server.wsgi import running_wsgi
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.responses import PlainTextResponse
from flask import Flask, request
from runtime_proxies import Proxies, ask
from runtime_twin import OUTPUT, SCHNELL
from starlette.middleware.base import BaseHTTPMiddleware
from starlette.middleware.cors import CORSMiddleware
from werkzeug.middleware.dispatcher import DispatcherMiddleware

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer

RUN = f"https://fal.run/{SCHNELL}"
STREAM = {"x-fal-target-url": f"{RUN}/stream"}
METHODS = ["GET", "POST", "PUT"]


def user_of(cookie: str | None) -> str | None:
    return {"session=known": "ada", "session=other": "bob"}.get(cookie or "")


def fastapi(server: FalServer, **options: Any) -> Any:
    """A route with a dependency, behind the middleware that does most to an answer."""
    proxy = Proxies(server, is_async=True).make(authorize=None, **options)

    def current_user(request: Request) -> str:
        user = user_of(request.headers.get("cookie"))
        if user is None:
            raise HTTPException(403, "sign in")
        return user

    app = FastAPI()

    @app.api_route("/api/fal/proxy", methods=METHODS)
    async def fal_proxy(user: str = Depends(current_user)) -> Any:
        return proxy.answer(user)

    async def passed(request: Any, call_next: Any) -> Any:
        return await call_next(request)

    app.add_middleware(BaseHTTPMiddleware, dispatch=passed)
    app.add_middleware(CORSMiddleware, allow_origins=["https://a.b"])
    return app, proxy


def flask(server: FalServer, **options: Any) -> Any:
    """A view."""
    proxy = Proxies(server, is_async=False).make(authorize=None, **options)
    app = Flask("shop")

    @app.route("/api/fal/proxy", methods=METHODS)
    def fal_proxy() -> Any:
        return proxy.answer(user_of(request.headers.get("cookie")))

    return app, proxy


def mounted(server: FalServer, **options: Any) -> Any:
    """Beside an application of Flask's."""

    def who(request: Any) -> str | None:
        return user_of(request.headers.get("cookie"))

    proxy = Proxies(server, is_async=False).make(authorize=who, **options)
    return DispatcherMiddleware(Flask("shop"), {"/api/fal/proxy": proxy}), proxy


def django_on_asgi(server: FalServer, **options: Any) -> Any:
    """The same view on a server of ASGI."""
    return django(server, is_async=True, **options)


def django(server: FalServer, *, is_async: bool = False, **options: Any) -> Any:
    """A view behind the check of CSRF tokens."""
    proxy = Proxies(server, is_async=False).make(authorize=None, **options)

    @csrf_exempt
    def fal_proxy(request: Any) -> Any:
        return proxy.django_view(request, user_of(request.headers.get("cookie")))

    urls: Any = types.ModuleType("urls_of_a_shop")
    urls.urlpatterns = [path("api/fal/proxy", fal_proxy)]
    return django_site(urls, "django.middleware.common.CommonMiddleware", is_async=is_async), proxy


@contextmanager
def served(make: Any, server: FalServer, **options: Any) -> Iterator[str]:
    """The URL of the proxy of a site."""
    app, proxy = make(server, **options)
    try:
        with running(app) if make in (fastapi, django_on_asgi) else running_wsgi(app) as url:
            yield f"{url}/api/fal/proxy"
    finally:
        if make is not fastapi:  # an asynchronous one is closed with its loop
            proxy.close()


@pytest.fixture(params=[fastapi, flask, mounted, django, django_on_asgi], ids=lambda each: each.__name__)
def site(request: pytest.FixtureRequest) -> Any:
    """A site of each kind."""
    return partial(served, request.param)


ADA, BOB = {"cookie": "session=known"}, {"cookie": "session=other"}


def test_who_is_known_is_passed_on(server: FalServer, site: Any) -> None:
    with site(server) as url:
        for given in ({"json": {"prompt": "x"}}, {"content": iter([b'{"prompt"', b': "x"}'])}):
            answer = ask(url, RUN, headers=ADA, **given)
            assert (answer.json(), answer.headers["x-fal-request-id"]) == (OUTPUT, "run-1")
            assert server.seen[-1].json == {"prompt": "x"}
        assert ask(url, RUN, json={}).status_code in (401, 403)
        assert ask(url, "https://fal.run/a/b", json={}, headers=ADA).status_code == 400
        put = ask(url, f"https://queue.fal.run/{SCHNELL}/requests/1/cancel", "PUT", headers=ADA)
        assert put.json() == {"status": "NOT_FOUND"}
    assert len(server.seen) == 3


def test_whose_a_request_is_the_framework_says(server: FalServer, site: Any) -> None:
    with site(server, owner=lambda request: request.user) as url:
        target = f"https://queue.fal.run/{SCHNELL}"
        request_id = ask(url, target, json={}, headers=ADA).json()["request_id"]
        answers = [ask(url, f"{target}/requests/{request_id}/status", "GET", headers=who) for who in (ADA, BOB)]
    assert [each.status_code for each in answers] in ([200, 404], [202, 404])


def test_events_come_one_by_one(server: FalServer, site: Any) -> None:
    gate = Gate()
    server.stream(f"{SCHNELL}/stream", event({"step": 1}), gate, event(OUTPUT))
    with site(server) as url, httpx.stream("POST", url, headers={**STREAM, **ADA}, json={}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        pieces = answer.iter_raw()
        assert next(pieces) == event({"step": 1})
        gate.open()  # the first event does not wait for the second
        assert b"".join(pieces) == event(OUTPUT)


def test_who_leaves_a_stream_ends_it(server: FalServer, site: Any) -> None:
    plan = server.stream(f"{SCHNELL}/stream", *[event({"step": 1}), 0.05] * 100_000)
    with site(server) as url:
        with httpx.stream("POST", url, headers={**STREAM, **ADA}, json={}) as answer:
            next(answer.iter_raw())
        until(plan.left.is_set, "the proxy goes on")


def test_who_leaves_a_silent_stream_ends_it_on_asgi(server: FalServer) -> None:
    """And a thread that waits for it keeps none of another request's."""
    gate = Gate()
    plan = server.stream(f"{SCHNELL}/stream", event({"step": 1}), gate, event(OUTPUT))
    with served(django_on_asgi, server) as url:
        with httpx.stream("POST", url, headers={**STREAM, **ADA}, json={}) as answer:
            next(answer.iter_raw())
        until(plan.left.is_set, "the proxy goes on")
        assert not gate.is_open
        gate.open()


def test_a_part_is_not_passed_off_as_whole(server: FalServer, site: Any) -> None:
    server.plan(SCHNELL, output={"x": "y" * 1000}, always={"run": faults.CUT})
    with site(server) as url, pytest.raises(httpx.RemoteProtocolError):
        ask(url, RUN, json={}, headers=ADA)


def test_who_does_not_wait_leaves_no_traceback(server: FalServer, caplog: pytest.LogCaptureFixture) -> None:
    """A middleware in front of a proxy raises where there is no answer at all."""
    server.plan(SCHNELL, always={"run": faults.SILENT})
    app, _ = fastapi(server)
    told: list[Any] = []

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        try:
            told.append(await app(scope, receive, send))
        except BaseException as error:
            told.append(error)
            raise

    with caplog.at_level(logging.ERROR), running(watched) as url:
        with pytest.raises(httpx.ReadTimeout):
            ask(f"{url}/api/fal/proxy", RUN, json={}, headers=ADA, timeout=httpx.Timeout(60, read=0.5))
        server.wait_until_left()
        until(lambda: told, "the application goes on")
    assert told == [None]
    assert not caplog.records


def test_a_route_runs_what_it_was_told_to_run_afterwards(server: FalServer) -> None:
    from starlette.background import BackgroundTask

    proxy, done = Proxies(server, is_async=True).make(), Gate()
    app = FastAPI()

    @app.post("/api/fal/proxy")
    async def fal_proxy() -> Any:
        answer = proxy.answer("ada")
        answer.background = BackgroundTask(done.open)
        return answer

    @app.get("/other")
    def other() -> PlainTextResponse:
        return PlainTextResponse("ok")

    with running(app) as url:
        assert ask(f"{url}/api/fal/proxy", RUN, json={}).json() == OUTPUT
        until(lambda: done.is_open, "nothing was run")


def test_wsgi_is_spoken_as_the_standard_says(server: FalServer) -> None:
    proxy = Proxies(server, is_async=False).make()
    app: Any = validator(proxy)
    for method, target in (("POST", RUN), ("POST", "https://a.b/c"), ("GET", f"{RUN}?a=1"), ("POST", f"{RUN}/stream")):
        server.stream(f"{SCHNELL}/stream", event({"a": 1}))
        environ: dict[str, Any] = {"wsgi.input": io.BytesIO(b"{}"), "CONTENT_LENGTH": "2", "REQUEST_METHOD": method}
        environ["QUERY_STRING"] = ""
        environ["HTTP_X_FAL_TARGET_URL"] = target
        setup_testing_defaults(environ)
        answer = app(environ, lambda *given: lambda piece: None)
        assert b"".join(answer)
        answer.close()
    proxy.close()


def test_a_body_that_django_would_drop(server: FalServer) -> None:
    """It takes none without a length; gunicorn and waitress give it, though, and Lambda's servers."""
    app, proxy = django(server)
    environ: dict[str, Any] = {"wsgi.input": io.BytesIO(b'{"prompt": "x"}'), "wsgi.input_terminated": True}
    environ |= {"REQUEST_METHOD": "POST", "PATH_INFO": "/api/fal/proxy", "HTTP_X_FAL_TARGET_URL": RUN}
    environ |= {"HTTP_COOKIE": "session=known", "HTTP_TRANSFER_ENCODING": "chunked"}
    setup_testing_defaults(environ)
    answer = app(environ, lambda *given: lambda piece: None)
    assert b"".join(answer)
    answer.close()
    proxy.close()
    assert server.seen[0].json == {"prompt": "x"}


def test_a_framework_is_imported_by_who_uses_it() -> None:
    code = "import sys; from fal_typed.proxy import FalProxy, WsgiFalProxy; FalProxy(['a/b']); WsgiFalProxy(['a/b'])"
    code += "; assert not {'starlette', 'fastapi', 'django', 'flask', 'werkzeug'} & sys.modules.keys()"
    path = str(Path(__file__).parents[3] / "generated")
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "PYTHONPATH": path})
