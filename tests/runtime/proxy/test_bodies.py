"""The body of a request is what the server gives, whatever its headers say."""

from __future__ import annotations

import asyncio
import io
import threading
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import Gate, faults, until
from fal_server.stream import event
from hypercorn.asyncio import serve
from hypercorn.config import Config
from runtime.http.hosts import Hosts
from runtime.proxy.shells.asgi import FalProxy
from runtime.proxy.shells.wsgi import WsgiFalProxy
from runtime.proxy.shells.wsgi_body import WsgiBody
from runtime_proxies import ask
from runtime_twin import KEY, SCHNELL

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer
    from runtime_proxies import Proxies

RUN = f"https://fal.run/{SCHNELL}"
Message = dict[str, Any]


def app(server: FalServer, **options: Any) -> FalProxy:
    hosts = Hosts(run=server.run_url, queue=server.queue_url)
    return FalProxy([SCHNELL], authorize=lambda _: True, credentials=KEY, hosts=hosts, **options)


async def called(
    app: FalProxy, messages: list[Message], *headers: tuple[bytes, bytes], method: str = "POST", target: str = RUN
) -> Any:
    """What an application answers to messages, behind which the caller stays."""
    sent: list[Message] = []

    async def receive() -> Message:
        if not messages:
            await asyncio.Event().wait()
        return messages.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": method, "headers": [(b"x-fal-target-url", target.encode()), *headers]}
    async with app:
        await app(scope, receive, send)
    return sent[0]["status"], b"".join(each["body"] for each in sent[1:])


def request(body: bytes, more: bool = False) -> Message:
    return {"type": "http.request", "body": body, "more_body": more}


BODIES = [
    [request(b'{"prompt": "x"}')],
    [request(b'{"prompt"', True), request(b': "x"}')],
    [request(b"", True), request(b'{"prompt"', True), request(b"", True), request(b': "x"}', True), request(b"")],
]


@pytest.mark.parametrize("messages", BODIES)
@pytest.mark.parametrize("headers", [[], [(b"content-length", b"15")], [(b"content-length", b"x")]])
@pytest.mark.parametrize("check", [None, lambda request: request.input == {"prompt": "x"}])
def test_a_body_is_passed_on_whatever_is_said_of_it(
    server: FalServer, messages: list[Message], headers: list[tuple[bytes, bytes]], check: Any
) -> None:
    status, _ = asyncio.run(called(app(server, check_input=check), [*messages], *headers))
    assert (status, server.seen[0].json) == (200, {"prompt": "x"})
    assert server.seen[0].headers["content-type"] == "application/json"


def test_no_body_is_none(server: FalServer) -> None:
    """Not even where one was promised, as HTTP/1.1 promises for `transfer-encoding: chunked`."""
    for headers in ([], [(b"transfer-encoding", b"chunked")], [(b"content-length", b"0")]):
        asyncio.run(called(app(server), [request(b"")], *headers))
        assert (server.seen[-1].body, server.seen[-1].headers["content-length"]) == (b"", "0")


def test_a_get_passes_no_body_on(server: FalServer) -> None:
    """Where it is read anyway it would be an input that nobody checked."""
    asyncio.run(called(app(server), [request(b'{"prompt": "x"}')], (b"content-length", b"15"), method="GET"))
    assert (server.seen[0].method, server.seen[0].body) == ("GET", b"")


def test_a_body_without_length_is_counted(server: FalServer) -> None:
    messages = [request(b"x" * 10, True) for _ in range(100)]
    status, _ = asyncio.run(called(app(server, max_body_bytes=50), messages))
    assert status == 413
    assert len(messages) > 90
    assert not server.accepted


def test_a_length_of_5000_digits(server: FalServer) -> None:
    status, _ = asyncio.run(called(app(server), [request(b"{}")], (b"content-length", b"9" * 5000)))
    assert status == 413


def test_bytes_beyond_ascii_arrive(server: FalServer) -> None:
    headers = [(b"user-agent", b"caf\xe9/1 \xff"), (b"x-fal-tags", b"a=\xc3\xa4")]
    status, _ = asyncio.run(called(app(server), [request(b"{}")], *headers))
    assert status == 200
    seen = {name: value.encode("latin-1") for name, value in server.seen[0].headers.items()}
    assert (seen["user-agent"], seen["x-fal-tags"]) == (b"caf\xe9/1 \xff", b"a=\xc3\xa4")


def test_http2_needs_no_length(server: FalServer) -> None:
    """As hypercorn speaks it, without TLS."""
    with _hypercorn(app(server)) as url, httpx.Client(http1=False, http2=True, trust_env=False) as client:
        headers = {"x-fal-target-url": RUN}
        for content in (b'{"prompt": "x"}', iter([b'{"prompt"', b': "x"}'])):
            answer = client.post(url, headers=headers, content=content)
            assert (answer.status_code, answer.http_version) == (200, "HTTP/2")
            assert server.seen[-1].json == {"prompt": "x"}
        server.stream(f"{SCHNELL}/stream", event({"a": 1}), event({"a": 2}))
        streamed = client.post(url, headers={"x-fal-target-url": f"{RUN}/stream"}, content=iter([b"{}"]))
        assert streamed.content == event({"a": 1}) + event({"a": 2})


class _hypercorn:  # noqa: N801 - used as a function
    def __init__(self, app: Any) -> None:
        self._app = app
        self._config = Config()
        self._config.bind = ["127.0.0.1:0"]
        self._config.accesslog = self._config.errorlog = None
        self._started = threading.Event()

    def __enter__(self) -> str:
        self._sockets = self._config.create_sockets()
        self._config.create_sockets = lambda: self._sockets  # type: ignore[method-assign]
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._started.wait(30)
        host, port = self._sockets.insecure_sockets[0].getsockname()
        return f"http://{host}:{port}/p"

    async def _run(self) -> None:
        self._loop, self._over = asyncio.get_running_loop(), asyncio.Event()
        self._started.set()
        await serve(self._app, self._config, shutdown_trigger=self._over.wait)

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._over.set)
        self._thread.join(10)


# --- WSGI ------------------------------------------------------------------------------------------------------------


class Reset(io.BytesIO):
    """One whose sender has left."""

    def read(self, size: int | None = -1, /) -> bytes:
        raise ConnectionResetError


class Endless(io.BytesIO):
    """Behind the body of which there is nothing, for ever: a socket."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        self._length = len(content)

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert 0 < size <= self._length - self.tell(), "this would wait"
        return super().read(size)


def wsgi(server: FalServer, body: io.BytesIO, method: str = "POST", **environ: Any) -> str:
    """The status that a proxy answers with."""
    hosts = Hosts(run=server.run_url, queue=server.queue_url)
    told: list[str] = []
    scope = {"REQUEST_METHOD": method, "HTTP_X_FAL_TARGET_URL": RUN, "wsgi.input": body, **environ}
    with WsgiFalProxy([SCHNELL], authorize=lambda _: True, credentials=KEY, hosts=hosts, max_body_bytes=10**6) as proxy:
        answer: Any = proxy(scope, lambda status, headers, *_: told.append(status) or print)  # type: ignore[arg-type]
        assert b"".join(answer)
        if hasattr(answer, "close"):
            answer.close()
    return told[0]


@pytest.mark.parametrize("size", [1, 70_000, 300_000])
def test_wsgi_reads_what_is_named_or_all_there_is(server: FalServer, size: int) -> None:
    body = b'{"prompt": "' + b"x" * size + b'"}'
    named = {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json"}
    assert wsgi(server, Endless(body), **named) == "200 OK"
    assert wsgi(server, io.BytesIO(body), **{"wsgi.input_terminated": True}) == "200 OK"
    chunked = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    assert wsgi(server, io.BytesIO(body), **chunked, CONTENT_LENGTH="") == "200 OK"
    assert [each.body for each in server.seen] == [body] * 3


@pytest.mark.parametrize(
    ("size", "is_whole"), [(0, True), (1000, True), (65_535, True), (65_536, False), (10**6, False)]
)
def test_wsgi_holds_what_is_short_and_passes_on_what_is_long(size: int, is_whole: bool) -> None:
    """Of a body that is passed on in pieces fal is not told the length, and of no body more is held than a piece."""
    environ = {"wsgi.input": io.BytesIO(b"x" * size), "wsgi.input_terminated": True}
    content = WsgiBody(environ, 10**7).content()
    assert isinstance(content, bytes) is is_whole
    pieces = [content] if isinstance(content, bytes) else [*content]
    assert (sum(map(len, pieces)), max(map(len, pieces)) <= 65_536) == (size, True)


def test_wsgi_does_not_wait_for_what_nobody_promised(server: FalServer) -> None:
    assert wsgi(server, Endless(b"")) == "200 OK"
    assert wsgi(server, Endless(b""), method="GET") == "200 OK"
    assert server.seen[0].body == b""


@pytest.mark.parametrize(
    ("body", "environ", "status"),
    [
        (io.BytesIO(b"{}"), {"CONTENT_LENGTH": "5"}, "400 Bad Request"),
        (Endless(b""), {"HTTP_TRANSFER_ENCODING": "chunked"}, "411 Length Required"),
        (Endless(b""), {"SERVER_PROTOCOL": "HTTP/2"}, "411 Length Required"),
        (Reset(b""), {"CONTENT_LENGTH": "3"}, "400 Bad Request"),
        (Endless(b""), {"CONTENT_LENGTH": "9" * 5000}, "413 Request Entity Too Large"),
        (io.BytesIO(b"x" * 2_000_000), {"wsgi.input_terminated": True}, "413 Request Entity Too Large"),
    ],
)
def test_a_body_that_wsgi_refuses(server: FalServer, body: io.BytesIO, environ: dict[str, Any], status: str) -> None:
    assert wsgi(server, body, **environ).split()[0] == status.split()[0]
    assert not server.accepted


# --- who leaves, and what breaks off ---------------------------------------------------------------------------------


def test_a_caller_who_leaves_is_answered_all_the_same(server: FalServer) -> None:
    """A middleware in between may wait for an answer, and raise if there is none."""
    server.plan(SCHNELL, always={"run": faults.SILENT})
    gone = [request(b"{}"), {"type": "http.disconnect"}]
    assert asyncio.run(called(app(server), [*gone])) == (499, b'{"detail": "The caller has left"}')
    half = [request(b"{", True), {"type": "http.disconnect"}]
    assert asyncio.run(called(app(server), half))[0] == 499
    assert asyncio.run(called(app(server, check_input=lambda _: True), [request(b"{", True), *gone[1:]]))[0] == 499


def test_who_leaves_what_has_no_body_is_noticed(server: FalServer) -> None:
    server.plans[SCHNELL].told = [["state", gate := Gate()]]
    submitted = httpx.post(f"{server.queue_url}/{SCHNELL}", json={}).json()
    target = f"https://queue.fal.run/fal-ai/flux-1/requests/{submitted['request_id']}/status/stream"
    gone = [request(b""), {"type": "http.disconnect"}]
    asyncio.run(asyncio.wait_for(called(app(server), gone, method="GET", target=target), 30))
    assert not gate.is_open


def test_an_answer_that_breaks_off_is_not_passed_off_as_whole(server: FalServer, proxies: Proxies) -> None:
    server.plan(SCHNELL, output={"x": "y" * 1000}, always={"run": faults.CUT})
    with proxies.serve() as url, pytest.raises(httpx.RemoteProtocolError):
        ask(url, RUN, json={})


def test_a_stream_that_breaks_off_is_not_passed_off_as_whole(server: FalServer, proxies: Proxies) -> None:
    """It has no length that would tell."""
    server.stream(f"{SCHNELL}/stream", event({"step": 1}), "cut")
    with proxies.serve() as url, pytest.raises(httpx.RemoteProtocolError):
        ask(url, f"{RUN}/stream", json={})


def test_an_answer_that_nobody_reads_is_closed(server: FalServer) -> None:
    plan = server.stream(f"{SCHNELL}/stream", *[event({"step": 1}), 0.05] * 100_000)
    hosts = Hosts(run=server.run_url, queue=server.queue_url)
    scope = {"REQUEST_METHOD": "POST", "HTTP_X_FAL_TARGET_URL": f"{RUN}/stream", "wsgi.input": io.BytesIO()}
    with WsgiFalProxy([SCHNELL], authorize=lambda _: True, credentials=KEY, hosts=hosts) as proxy:
        answer: Any = proxy(scope, lambda *given: print)  # type: ignore[arg-type, return-value]
        answer.close()
        until(plan.left.is_set, "the proxy goes on")


@pytest.mark.parametrize("reads", [True, False])
def test_a_connection_is_free_again_however_its_answer_ends(server: FalServer, reads: bool) -> None:
    server.plan(SCHNELL)
    hosts = Hosts(run=server.run_url, queue=server.queue_url)
    scope = {"REQUEST_METHOD": "POST", "HTTP_X_FAL_TARGET_URL": RUN, "wsgi.input": io.BytesIO(b"{}")}
    with WsgiFalProxy([SCHNELL], authorize=lambda _: True, credentials=KEY, hosts=hosts) as proxy:
        answer: Any = proxy(scope, lambda *given: print)  # type: ignore[arg-type, return-value]
        assert not answer._response.is_closed
        if reads:
            list(answer)
        answer.close()
        assert answer._response.is_closed


def test_a_caller_who_is_gone_before_the_first_byte_holds_no_connection(server: FalServer) -> None:
    plan = server.stream(f"{SCHNELL}/stream", *[event({"step": 1}), 0.05] * 100_000)

    messages = [request(b"{}")]

    async def receive() -> Message:
        return messages.pop() if messages else await asyncio.Event().wait()  # type: ignore[return-value]

    async def gone(message: Message) -> None:
        raise OSError("gone")

    async def main() -> None:
        scope = {"type": "http", "method": "POST", "headers": [(b"x-fal-target-url", f"{RUN}/stream".encode())]}
        async with app(server) as proxy:
            with suppress(OSError):
                await proxy(scope, receive, gone)
            while not plan.left.is_set():
                await asyncio.sleep(0.01)

    asyncio.run(asyncio.wait_for(main(), 30))


def test_events_come_one_by_one_and_end_with_their_reader(server: FalServer, proxies: Proxies) -> None:
    plan = server.stream(f"{SCHNELL}/stream", *[event({"step": 1}), 0.05] * 100_000)
    with proxies.serve() as url:
        target = {"x-fal-target-url": f"{RUN}/stream"}
        with httpx.stream("POST", url, headers=target, json={}) as answer:
            assert next(_events(answer)) == event({"step": 1})
        until(plan.left.is_set, "the proxy goes on")


def _events(answer: httpx.Response) -> Iterator[bytes]:
    yield from answer.iter_raw()
