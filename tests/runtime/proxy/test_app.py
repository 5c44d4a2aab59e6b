"""The proxy over real sockets: our clients, and plain HTTP, through it to the fake fal."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import Gate, faults, until
from fal_server.asgi import running
from fal_server.plan import Reply
from fal_server.stream import event
from runtime import errors, stand_in
from runtime.calls.status import Completed, InProgress, Queued
from runtime.http.hosts import Hosts
from runtime.proxy.shells.asgi import FalProxy
from runtime_sample import Fal
from runtime_twin import KEY, OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fal_server import FalServer
    from runtime.proxy.request import ProxyRequest
    from runtime_proxies import Proxies

RUN = f"https://fal.run/{SCHNELL}"


def allow(request: ProxyRequest) -> bool:
    return True


@contextlib.contextmanager
def proxy(server: FalServer, **options: Any) -> Iterator[str]:
    """A proxy to the fake fal; its URL."""
    hosts = Hosts(run=server.run_url, queue=server.queue_url, rest=f"{server.url}/rest")
    given = {"allowed_endpoints": ["fal-ai/flux-1/*"], "authorize": allow, "credentials": KEY, "hosts": hosts}
    with running(FalProxy(**{**given, **options}), lifespan="on") as url:
        yield f"{url}/api/fal/proxy"


def post(url: str, target: str | None = RUN, method: str = "POST", **options: Any) -> httpx.Response:
    headers = {**({} if target is None else {"x-fal-target-url": target}), **options.pop("headers", {})}
    return httpx.request(method, url, headers=headers, **options)


def test_a_server_begins_it_and_ends_it() -> None:
    app = FalProxy([SCHNELL], authorize=allow, credentials=KEY)
    asked, told = ["lifespan.startup", "lifespan.shutdown"], list[str]()

    async def receive() -> dict[str, str]:
        return {"type": asked.pop(0)}

    async def send(message: Any) -> None:
        told.append(message["type"])

    asyncio.run(app({"type": "lifespan"}, receive, send))
    assert (asked, told) == ([], ["lifespan.startup.complete", "lifespan.shutdown.complete"])


def test_our_clients_need_no_key(server: FalServer, twin: Twin) -> None:
    updates: list[Any] = []

    def steps(fal: Any) -> Any:
        schnell = fal.flux_1.schnell.with_options(priority="low", allow_fallback=False, max_queue_length=3)
        assert (yield schnell.run(prompt="x")).seed == 7
        out = yield schnell.subscribe(prompt="x", logs=True, on_queue_update=updates.append)
        assert out.seed == 7
        yield (yield schnell.submit(prompt="x")).cancel()

    with proxy(server) as url:
        twin.do(steps, proxy_url=url, credentials=None)
    assert updates
    assert {each.headers["authorization"] for each in server.seen} == {f"Key {KEY}"}
    assert not [each for each in server.seen if "x-fal-target-url" in each.headers]
    assert server.seen[0].headers["x-fal-queue-priority"] == "low"
    assert server.seen[0].headers["x-app-fal-disable-fallback"] == "1"
    assert server.seen[1].query == {"fal_max_queue_length": "3"}
    assert server.seen[0].headers["user-agent"] == "fal-typed/0.1.0"
    assert [each.method for each in server.seen if each.method != "GET"] == ["POST", "POST", "POST", "PUT"]


def test_a_proxy_renews_its_login(server: FalServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "auth0_token").write_text("refresh")
    monkeypatch.setenv("FAL_HOME_DIR", str(tmp_path))
    monkeypatch.setattr("runtime.http.login.TOKEN_URL", f"{server.run_url}/oauth/token")
    plan = server.plan("oauth/token", first={"run": [Reply(200, {"access_token": "new", "expires_in": 7200})]})
    plan.always["run"] = Reply(403, {})
    with proxy(server, credentials=None) as url:
        assert [post(url, json={"prompt": "x"}).status_code for _ in range(2)] == [200, 200]
    with proxy(server, credentials=None) as url:  # which finds no usable token in the file
        assert post(url, json={"prompt": "x"}).status_code == 500
    asked, *passed, refused = server.seen
    assert [each.headers["authorization"] for each in passed] == ["Bearer new"] * 2
    assert (asked.path, refused.path) == ("/run/oauth/token", "/run/oauth/token")


@pytest.mark.parametrize(("key", "sent"), [("a-fakes", "a-fakes"), (None, KEY)])
def test_what_stands_in_for_the_network_may_have_a_key(
    key: str | None, sent: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = FalProxy(["**"], authorize=allow, credentials=KEY)
    assert made._secret().authorization == f"Key {KEY}"
    monkeypatch.setattr(stand_in, "current", SimpleNamespace(key=key))
    assert made._secret().authorization == f"Key {sent}"


def test_no_key_is_sent_to_a_proxy(twin: Twin, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAL_KEY", KEY)
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(((scope["path"], scope["query_string"]), dict(scope["headers"])))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"images": [], "seed": 7}'})

    with running(app) as url:
        for credentials in (None, KEY):
            twin.do(
                lambda fal: fal.flux_1.schnell.with_options(headers={"X-Fal-Target-Url": "no"}).run(prompt="x"),
                proxy_url=f"{url}/proxy/?site=1",
                credentials=credentials,
            )
    assert len(seen) == 2
    for place, headers in seen:
        assert place == ("/proxy/", b"site=1")
        assert b"authorization" not in headers
        assert headers[b"x-fal-target-url"].decode() == f"{twin.hosts.run}/{SCHNELL}"
        assert KEY not in str(headers)


def test_what_a_proxy_wants_comes_from_the_callers_own_client(server: FalServer, twin: Twin) -> None:
    def is_signed_in(request: ProxyRequest) -> bool:
        return request.headers["authorization"].startswith("Basic ")

    client: Any = httpx.AsyncClient(auth=("me", "pw")) if twin.is_async else httpx.Client(auth=("me", "pw"))

    def steps(fal: Any) -> Any:
        yield fal.flux_1.schnell.run(prompt="x")
        yield client.aclose() if twin.is_async else client.close()

    with proxy(server, authorize=is_signed_in) as url:
        twin.do(steps, proxy_url=url, credentials=None, http_client=client)
    assert server.seen[0].headers["authorization"] == f"Key {KEY}"


NO_PROXIES = [
    "http://app.example/p",
    "/api/proxy",
    "https://a:b@app.example/",
    "https://app.example/#x",
    "https://app.example/?a b",
    3,
]


@pytest.mark.parametrize("url", NO_PROXIES)
def test_a_proxy_url_that_is_none(url: Any) -> None:
    with pytest.raises(ValueError, match="proxy_url"):
        Fal(proxy_url=url)


def test_the_proxy_url_is_a_setting() -> None:
    fal = Fal(proxy_url="https://app.example/api/fal/proxy/?x=1")
    assert "proxy_url='https://app.example/api/fal/proxy/?x=1'" in repr(fal)
    assert repr(pickle.loads(pickle.dumps(fal))) == repr(fal)


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (faults.model_error(422), errors.ModelError),
        (Reply(401, {"detail": "no such key"}), errors.AuthenticationError),
        (Reply(500, b"<html>"), errors.ServerError),
    ],
)
def test_errors_come_through(server: FalServer, twin: Twin, reply: Reply, kind: type[errors.APIStatusError]) -> None:
    server.plan(SCHNELL, always={"run": reply})
    with proxy(server) as url, pytest.raises(kind) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), proxy_url=url, credentials=None)
    assert caught.value.body == (reply.body if not isinstance(reply.body, bytes) else reply.body.decode())
    assert caught.value.headers.get("x-fal-request-id") == reply.headers.get("x-fal-request-id")


WORDS = {
    400: "Invalid request",
    401: "Unauthorized",
    413: "Request too large",
    500: "The proxy has no credentials",
}


@pytest.mark.parametrize(
    ("options", "target", "status"),
    [
        ({}, None, 400),
        ({}, "https://evil.example/fal-ai/flux-1/schnell", 400),
        ({}, "https://fal.run/fal-ai/flux-2/dev", 400),
        ({"allowed_endpoints": []}, RUN, 400),
        ({"authorize": None}, RUN, 401),
        ({"authorize": lambda request: False}, RUN, 401),
        ({"authorize": lambda request: None}, RUN, 401),
        ({"max_body_bytes": 3}, RUN, 413),
        ({"credentials": None}, RUN, 500),
    ],
)
def test_what_is_refused_never_leaves(
    server: FalServer, proxies: Proxies, options: dict[str, Any], target: str | None, status: int
) -> None:
    with proxies.serve(**options) as url:
        answer = post(url, target, json={"prompt": "x"})
    assert (answer.status_code, answer.json()) == (status, {"detail": WORDS[status]})
    assert not server.seen


def test_two_targets_are_none(server: FalServer) -> None:
    with proxy(server) as url:
        answer = httpx.post(url, headers=[("x-fal-target-url", RUN), ("x-fal-target-url", RUN)], json={})
    assert answer.status_code == 400
    assert not server.seen


def test_authorize_may_wait_and_sees_who_asks(server: FalServer) -> None:
    asked: list[ProxyRequest] = []

    async def is_signed_in(request: ProxyRequest) -> bool:
        await asyncio.sleep(0)
        asked.append(request)
        return request.headers.get("cookie") == "session=good"

    with proxy(server, authorize=is_signed_in) as url:
        assert post(url, json={}, headers={"cookie": "session=bad"}).status_code == 401
        assert not server.seen
        assert post(url, json={}, headers={"Cookie": "session=good"}).status_code == 200
    assert [each.endpoint for each in asked] == [SCHNELL, SCHNELL]
    assert asked[0].scope["client"][0] == "127.0.0.1"
    assert "cookie" not in server.seen[0].headers


def test_an_authorize_that_fails_lets_nobody_through(server: FalServer) -> None:
    def broken(request: ProxyRequest) -> bool:
        raise RuntimeError("no database")

    with proxy(server, authorize=broken) as url:
        assert post(url, json={}).status_code == 500
    assert not server.seen


def test_a_body_without_length_is_counted(server: FalServer) -> None:
    with proxy(server, max_body_bytes=5000) as url:
        assert post(url, content=iter([b"x" * 1000] * 100)).status_code == 413
    assert not server.accepted


def test_a_body_without_length_is_passed_on(server: FalServer) -> None:
    with proxy(server) as url:
        assert post(url, content=iter([b'{"prompt"', b': "x"}'])).json() == OUTPUT
    assert server.seen[0].json == {"prompt": "x"}
    assert server.seen[0].headers["content-type"] == "application/json"


def test_states_come_one_by_one(server: FalServer, twin: Twin) -> None:
    gate = Gate()
    server.plans[SCHNELL].told = [["state", gate]]

    def steps(fal: Any) -> Any:
        updates = (yield fal.flux_1.schnell.submit(prompt="x")).updates()
        assert type((yield anext(updates)) if twin.is_async else next(updates)) is Queued
        assert not gate.is_open
        gate.open()
        assert [type(update) for update in (yield updates)] == [InProgress, Completed]

    with proxy(server) as url:
        twin.do(steps, proxy_url=url, credentials=None)
    assert len(server.requests("GET")) == 1


@pytest.mark.parametrize("status", [404, 405, 501])
def test_a_refused_stream_is_asked_for_once(server: FalServer, twin: Twin, status: int) -> None:
    server.plans[SCHNELL].always["stream"] = Reply(status, {"detail": "no"})

    def steps(fal: Any) -> Any:
        for _ in range(2):
            assert (yield fal.flux_1.schnell.subscribe(prompt="x")).seed == 7

    with proxy(server) as url:
        twin.do(steps, proxy_url=url, credentials=None)
    assert (len(server.requests("GET", "/stream")), len(server.requests("GET", "/status"))) == (1, 6)


def test_events_come_one_by_one(server: FalServer) -> None:
    gate = Gate()
    server.stream(f"{SCHNELL}/stream", event({"step": 1}), gate, event(OUTPUT))
    headers = {"x-fal-target-url": f"{RUN}/stream", "accept": "text/event-stream"}
    with proxy(server) as url, httpx.stream("POST", url, headers=headers, json={}) as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["x-fal-request-id"] == "stream-1"
        chunks = answer.iter_raw()
        assert next(chunks) == event({"step": 1})
        gate.open()  # the first event does not wait for the second
        assert b"".join(chunks) == event(OUTPUT)
    assert server.seen[0].headers["accept"] == "text/event-stream"


def test_a_caller_that_leaves_a_stream_ends_it(server: FalServer) -> None:
    plan = server.stream(f"{SCHNELL}/stream", *[event({"step": 1}), 0.05] * 100_000)
    with proxy(server) as url:
        with httpx.stream("POST", url, headers={"x-fal-target-url": f"{RUN}/stream"}, json={}) as answer:
            next(answer.iter_raw())
        until(plan.left.is_set, "the proxy goes on")


def test_a_caller_that_does_not_wait_ends_the_run(server: FalServer) -> None:
    server.plan(SCHNELL, always={"run": faults.SILENT})
    with proxy(server) as url:
        with pytest.raises(httpx.ReadTimeout):
            post(url, json={}, timeout=httpx.Timeout(60, read=0.5))
        server.wait_until_left()


def test_an_answer_that_breaks_off_is_not_passed_off_as_whole(server: FalServer) -> None:
    server.plan(SCHNELL, output={"x": "y" * 1000}, always={"run": faults.CUT})
    with proxy(server) as url, pytest.raises(httpx.RemoteProtocolError):
        post(url, json={})


def test_no_answer_at_all(server: FalServer, caplog: pytest.LogCaptureFixture) -> None:
    server.plan(SCHNELL, always={"run": faults.DROPPED})
    with proxy(server) as url:
        answer = post(url, json={})
    assert (answer.status_code, answer.json()) == (500, {"detail": "fal gave no answer"})
    assert answer.headers["x-fal-needs-retry"] == "0", "it may have been accepted, and fal's client repeats after a 502"
    assert KEY not in caplog.text


def test_fal_out_of_reach(server: FalServer) -> None:
    hosts = Hosts(run="http://127.0.0.1:9", queue="http://127.0.0.1:9")
    with proxy(server, hosts=hosts) as url:
        answer = post(url, json={})
    assert (answer.status_code, answer.json()) == (503, {"detail": "fal cannot be reached"})
    assert answer.headers["x-fal-needs-retry"] == "1", "nothing was sent"


def test_a_get_has_no_body(server: FalServer) -> None:
    with proxy(server) as url:
        answer = post(url, "https://queue.fal.run/fal-ai/flux-1/requests/none/status", method="GET")
    assert (answer.status_code, answer.json()) == (404, {"status": "NOT_FOUND"})
    assert server.seen[0].method == "GET"


def test_the_key_of_the_environment(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with proxy(server, credentials=None) as url:
        monkeypatch.setenv("FAL_KEY", "from:environment")
        assert post(url, json={}).status_code == 200
    assert server.seen[0].headers["authorization"] == "Key from:environment"


def test_a_proxy_that_refuses_everything_says_so(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        FalProxy(authorize=allow)
        FalProxy(["a/b"], authorize=allow)
        assert [record.getMessage() for record in caplog.records] == [
            "a proxy without allowed_endpoints refuses every request"
        ]
        with running(FalProxy(["a/b"], credentials=KEY)) as url:
            assert [post(url, "https://fal.run/a/b").status_code for _ in range(2)] == [401, 401]
    assert len(caplog.records) == 2, "strangers do not fill the log"
    assert caplog.records[1].getMessage().startswith("proxy: refused a caller that nobody knows: ")


@pytest.mark.parametrize(
    ("options", "kind"),
    [({"authorize": 3}, TypeError), ({"max_body_bytes": -1}, ValueError), ({"allowed_endpoints": "a/b"}, TypeError)],
)
def test_wrong_use(options: dict[str, Any], kind: type[Exception]) -> None:
    with pytest.raises(kind, match=next(iter(options))):
        FalProxy(**options)


def test_a_websocket_is_closed() -> None:
    sent: list[Any] = []

    async def receive() -> dict[str, str]:
        return {"type": "websocket.connect"}

    async def send(message: Any) -> None:
        sent.append(message)

    async def main() -> None:
        async with FalProxy(["a/b"], authorize=allow) as app:
            await app({"type": "websocket"}, receive, send)

    asyncio.run(main())
    assert sent == [{"type": "websocket.close", "code": 1008}]
