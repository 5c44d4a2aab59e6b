"""Webhook calls of the fake: signed so that the verifier takes them, and posted to whatever is tested."""

from __future__ import annotations

import asyncio
import json
import threading
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import httpx
import pytest
from runtime import errors, stand_in
from runtime.testing.clock import FakeClock
from runtime.testing.scripting.mistakes import ScriptError
from runtime.testing.scripting.script import Call, CallOptions, Play
from runtime.testing.webhooks.delivery import Webhooks
from runtime.testing.wire import AsyncWire, Wire
from runtime.webhooks.verifier import WebhookVerifier

from .scripted import USUAL, Output, Scene

if TYPE_CHECKING:
    from collections.abc import Iterator

    from runtime.testing.messages import Answer, Request

HOOK = "https://my.app/hooks/fal?token=1"


class Instead:
    """The notebook alone, in place of the network: it answers what its faults answer."""

    key = "fake"

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._client = httpx.Client(transport=Wire(self, scene.clock))
        self.now, self.pause, self.apause = scene.clock.now, scene.clock.pause, scene.clock.apause

    def answer(self, request: Request, hosts: object = None) -> Answer:
        for fault in self._scene.notebook.faults():
            found = fault(request, lambda: pytest.fail("nobody else answers"))
            if found is not None:
                return found
        raise AssertionError(request.url)

    def client(self) -> httpx.Client:
        return self._client

    def async_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=AsyncWire(self, self._scene.clock))


@pytest.fixture
def scene() -> Iterator[Scene]:
    made = Scene()
    made.paint.returns(seed=1)
    instead = Instead(made)
    stand_in.put(instead)
    yield made
    stand_in.take_away(instead)


class Quiet(WSGIRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


class App:
    """What takes the calls, as an ASGI and as a WSGI application."""

    def __init__(self, *accounts: str) -> None:
        self.verifier = WebhookVerifier(user_ids={*accounts, "fake-user"})
        self.events: list[Any] = []
        self.urls: list[str] = []
        self.status = 200

    async def asgi(self, scope: Any, receive: Any, send: Any) -> None:
        message = await receive()
        self.urls.append(f"{scope['path']}?{scope['query_string'].decode()}")
        self.events.append(await self.verifier.averify(scope["headers"], message["body"]))
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b"thanks"})

    def wsgi(self, environ: Any, start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        self.urls.append(f"{environ['PATH_INFO']}?{environ['QUERY_STRING']}")
        self.events.append(self.verifier.verify(environ, body))
        start_response(f"{self.status} .", [])
        return [b"thanks"]


@pytest.fixture(params=["asgi", "wsgi", "async asgi", "async wsgi", "client", "async client"])
def deliver(request: pytest.FixtureRequest, scene: Scene) -> Any:
    """Each way in which the calls get to an application."""
    way = request.param
    hooks = scene.notebook.webhooks

    def one(app: App, **options: Any) -> Any:
        if way == "client":
            with httpx.Client(transport=httpx.WSGITransport(app.wsgi)) as client:
                return hooks.deliver(client, **options)
        if way == "async client":
            return asyncio.run(hooks.adeliver(httpx.AsyncClient(transport=httpx.ASGITransport(app.asgi)), **options))
        target = app.asgi if way.endswith("asgi") else app.wsgi
        return asyncio.run(hooks.adeliver(target, **options)) if "async" in way else hooks.deliver(target, **options)

    return one


def test_the_verifier_takes_what_the_fake_signs(scene: Scene, deliver: Any) -> None:
    scene.call(prompt="a", webhook_url=HOOK)
    scene.call(prompt="b")
    app = App()
    (delivery,) = deliver(app)
    assert (delivery.status_code, delivery.acknowledged, delivery.response.text) == (200, True, "thanks")
    assert (delivery.request_id, delivery.webhook_url) == ("req-1", HOOK)
    (event,) = app.events
    assert app.urls == ["/hooks/fal?token=1"]
    assert (event.ok, event.request_id, event.user_id) == (True, "req-1", "fake-user")
    assert event.output(Output).model_dump(exclude_unset=True) == {**USUAL, "seed": 1}


def test_it_is_delivered_once_unless_it_is_to_come_again(scene: Scene, deliver: Any) -> None:
    scene.call(prompt="a", webhook_url=HOOK)
    app = App()
    app.status = 500
    assert [one.acknowledged for one in deliver(app)] == [False]
    assert deliver(app) == []
    scene.call(prompt="b", webhook_url=HOOK)
    assert [one.request_id for one in deliver(app, again=True)] == ["req-1", "req-2"]
    assert len(app.events) == 3


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (errors.ContentPolicyError("no"), errors.ContentPolicyError),
        (errors.RequestFailedError, errors.RequestFailedError),
    ],
)
def test_a_failure_is_delivered_as_one(scene: Scene, error: Any, kind: type[Exception]) -> None:
    scene.paint.fails(error)
    scene.call(prompt="a", webhook_url=HOOK)
    app = App()
    (delivery,) = scene.notebook.webhooks.deliver(app.wsgi)
    assert json.loads(delivery.body)["status"] == "ERROR"
    with pytest.raises(kind):
        app.events[0].output(Output)


def test_what_was_refused_ends_nowhere_and_what_got_lost_does_end(scene: Scene) -> None:
    scene.paint.fails(errors.RateLimitError).then.fails(errors.APIConnectionError)
    scene.call(prompt="a", webhook_url=HOOK)
    scene.call(prompt="a", webhook_url=HOOK)
    app = App()
    assert [one.request_id for one in scene.notebook.webhooks.deliver(app.wsgi)] == ["req-2"]


def test_it_is_signed_for_the_account_that_is_asked_for(scene: Scene) -> None:
    scene.call(prompt="a", webhook_url=HOOK)
    app = App("mine")
    scene.notebook.webhooks.deliver(app.wsgi, user_id="mine")
    assert app.events[0].user_id == "mine"
    with pytest.raises(errors.WebhookVerificationError):
        scene.notebook.webhooks.deliver(app.wsgi, user_id="somebody", again=True)


def test_the_clock_goes_on_to_the_end_of_the_request(scene: Scene) -> None:
    scene.paint.takes(1200)
    scene.call(prompt="a", webhook_url=HOOK)
    scene.notebook.webhooks.deliver(App().wsgi)
    assert scene.clock.now() == 1200


def test_nobody_trusts_it_elsewhere(scene: Scene) -> None:
    scene.call(prompt="a", webhook_url=HOOK)
    app = App()
    scene.notebook.webhooks.deliver(app.wsgi)
    other = Scene()
    instead = Instead(other)
    stand_in.put(instead)
    try:
        with pytest.raises(errors.WebhookVerificationError):
            scene.notebook.webhooks.deliver(app.wsgi, again=True)
    finally:
        stand_in.take_away(instead)


def test_an_application_of_an_event_loop_is_awaited_in_one(scene: Scene) -> None:
    scene.call(prompt="a", webhook_url=HOOK)

    async def test() -> None:
        with pytest.raises(ScriptError, match=r"await fake\.adeliver_webhooks"):
            scene.notebook.webhooks.deliver(App().asgi)

    asyncio.run(test())
    assert len(scene.notebook.webhooks.deliver(App().asgi)) == 1  # it waits yet


def test_a_url_is_of_this_machine(scene: Scene) -> None:
    scene.call(prompt="a", webhook_url=HOOK)
    for to in (None, "https://example.com/hook"):
        with pytest.raises(ScriptError, match="would leave this machine"):
            scene.notebook.webhooks.deliver(to)


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize("is_named", [False, True])
def test_a_server_of_this_machine_is_called(scene: Scene, is_async: bool, is_named: bool) -> None:
    app = App()
    with make_server("127.0.0.1", 0, app.wsgi, handler_class=Quiet) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}/hooks?token=2"
        scene.call(prompt="a", webhook_url=HOOK if is_named else url)
        hooks, to = scene.notebook.webhooks, url if is_named else None
        (delivery,) = asyncio.run(hooks.adeliver(to)) if is_async else hooks.deliver(to)
        server.shutdown()
        thread.join()
    assert delivery.response.text == "thanks"
    assert (app.urls, app.events[0].request_id) == (["/hooks?token=2"], "req-1")


def test_a_host_may_be_allowed() -> None:
    hooks = Webhooks(FakeClock(), lambda host: host == "hooks.localhost")
    hooks.note(Call("me/app", {}, "req-1", "submit", CallOptions("http://hooks.localhost:1/a")), Play({}))
    with pytest.raises(httpx.ConnectError):
        hooks.deliver()


@pytest.mark.parametrize("to", [3, lambda: None, object()])
def test_what_takes_no_calls_is_refused(scene: Scene, to: Any) -> None:
    scene.call(prompt="a", webhook_url=HOOK)
    with pytest.raises(ScriptError, match="takes an ASGI or WSGI application"):
        scene.notebook.webhooks.deliver(to)


def test_an_error_of_the_application_is_an_error_of_the_test(scene: Scene) -> None:
    scene.call(prompt="a", webhook_url=HOOK)

    def app(environ: Any, start_response: Any) -> Any:
        raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        scene.notebook.webhooks.deliver(app)
