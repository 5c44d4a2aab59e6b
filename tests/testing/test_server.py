"""The fake's server: HTTP as clients speak it, well and badly."""

from __future__ import annotations

import ssl
import threading
import time
from typing import TYPE_CHECKING

import httpx
import pytest
import trustme
from fal_server.waiting import until
from fal_typed._runtime.testing.messages import Answer, NoAnswer
from fal_typed._runtime.testing.server import bodies
from fal_typed._runtime.testing.server.listening import FakeServer

from .served import Echo, Wire, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import Any


POST = "POST /run/fal-ai/x HTTP/1.1\nhost: h\n"


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest.fixture
def server(echo: Echo) -> Iterator[FakeServer]:
    with served(echo) as running:
        yield running


@pytest.fixture
def wire(server: FakeServer) -> Iterator[Wire]:
    with Wire(server.port) as connection:
        yield connection


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(echo: Echo, authority: trustme.CA) -> Iterator[FakeServer]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1", "queue.fal.run", "rest.fal.ai").configure_cert(context)
    with served(echo, tls=context) as running:
        yield running


@pytest.fixture
def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


# What a client says


def test_a_connection_is_kept_for_one_request_after_the_other(wire: Wire) -> None:
    for number in range(3):
        said = wire.ask(f"{POST}content-length: 2\n\n{{}}")
        assert said.json == {"method": "POST", "url": "http://h/run/fal-ai/x", "bytes": 2}, number
    assert wire.ask("GET /run/fal-ai/x HTTP/1.1\nconnection: close\n\n").headers["connection"] == "close"
    assert wire.is_closed()


def test_two_requests_may_come_at_once(wire: Wire) -> None:
    wire.socket.sendall(f"{POST}content-length: 3\n\nabc{POST}content-length: 1\n\nd".replace("\n", "\r\n").encode())
    assert [wire.answer().json["bytes"] for _ in range(2)] == [3, 1]


def test_headers_come_by_names_in_lower_case(wire: Wire, echo: Echo) -> None:
    wire.ask(f"{POST}X-Fal-Hint: a\nx-fal-hint: b\ncontent-length: 0\n\n")
    assert echo.asked[0].headers["x-fal-hint"] == "a, b"


def test_a_body_may_come_in_chunks(wire: Wire, echo: Echo) -> None:
    said = wire.ask(f"{POST}transfer-encoding: chunked\n\n3;a=b\nabc\nA\n0123456789\n0\nx-trailer: 1\n\n")
    assert said.status == 200
    assert echo.asked[0].body == b"abc0123456789"
    assert wire.ask(f"{POST}content-length: 0\n\n").status == 200


def test_a_client_that_asks_before_it_sends_is_told_to_go_on(wire: Wire, echo: Echo) -> None:
    assert wire.ask(f"{POST}content-length: 2\nexpect: 100-continue\n\n", head_only=True).status == 100
    assert wire.ask("{}").status == 200
    assert echo.asked[0].body == b"{}"


@pytest.mark.parametrize(
    ("text", "status", "says"),
    [
        ("nonsense\n\n", 400, "Bad request syntax"),
        ("GET /\n\n", 400, "Bad"),
        ("GET / HTTP/9.9\n\n", 505, "version"),
        ("BREW / HTTP/1.1\n\n", 501, "BREW"),
        (f"GET /{'x' * 70_000} HTTP/1.1\n\n", 414, "Too Long"),
        (f"GET / HTTP/1.1\n{'a: b' * 20_000}\n\n", 431, "long"),
        ("GET / HTTP/1.1\n" + "a: b\n" * 200 + "\n", 431, "headers"),
        (f"{POST}content-length: -1\n\n", 400, "content-length"),
        (f"{POST}content-length: 1\ncontent-length: 2\n\n", 400, "content-length"),
        (f"{POST}content-length: ²\n\n", 400, "content-length"),
        (f"{POST}content-length: 999999999999999999999\n\n", 413, "in parts"),
        (f"{POST}content-length: 999999999999\nexpect: 100-continue\n\n", 413, "in parts"),
        (f"{POST}content-length: 1\ntransfer-encoding: chunked\n\n", 400, "not both"),
        (f"{POST}transfer-encoding: gzip, chunked\n\n", 501, "chunked"),
        (f"{POST}transfer-encoding: chunked\n\nzz\n", 400, "chunk"),
        (f"{POST}transfer-encoding: chunked\n\n-1\n", 400, "chunk"),
        (f"{POST}transfer-encoding: chunked\n\n1\nabc\n", 400, "longer than it says"),
        (f"{POST}transfer-encoding: chunked\n\n{'1' * 5000}", 400, "too long"),
        (f"{POST}transfer-encoding: chunked\n\nfffffffffff\n", 413, "in parts"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_http_is_told_so(
    wire: Wire, echo: Echo, text: str, status: int, says: str, capfd: pytest.CaptureFixture[str]
) -> None:
    said = wire.ask(text)
    assert said.status == status
    assert says in said.json["detail"]
    assert said.headers["content-type"] == "application/json"
    assert not echo.asked
    assert capfd.readouterr() == ("", "")


def test_too_long_a_body_is_refused_where_it_is_counted(wire: Wire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bodies.length_of, "__defaults__", (1000,))
    monkeypatch.setattr(bodies.read_body, "__defaults__", (1000,))
    said = wire.ask(f"{POST}content-length: 1000001\n\n{'x' * 1_000_001}")
    assert (said.status, said.headers["connection"]) == (413, "close")
    assert wire.is_closed()


def test_a_client_that_leaves_in_the_middle_is_no_trouble(
    server: FakeServer, echo: Echo, capfd: pytest.CaptureFixture[str]
) -> None:
    for text in ("", "PO", POST, f"{POST}content-length: 10\n\n123", f"{POST}transfer-encoding: chunked\n\n5\nab"):
        with Wire(server.port) as wire:
            wire.socket.sendall(text.replace("\n", "\r\n").encode())
    with Wire(server.port) as wire:
        assert wire.ask(f"{POST}content-length: 0\n\n").status == 200
    assert len(echo.asked) == 1
    assert capfd.readouterr() == ("", "")


# What it is told


def test_a_client_of_http_1_0_is_answered(wire: Wire, echo: Echo) -> None:
    echo.says["/run/fal-ai/x/stream"] = lambda _: Answer(200, {}, events=iter([b"a", b"", b"b"]))
    said = wire.ask("GET /run/fal-ai/x/stream HTTP/1.0\n\n")
    assert said.body == b"ab"
    assert wire.is_closed()


def test_events_go_out_as_they_come(wire: Wire, echo: Echo) -> None:
    go_on = threading.Event()

    def events() -> Iterator[bytes | float]:
        yield b"data: 1\n\n"
        assert go_on.wait(20)
        yield 0.01
        yield b"data: 2\n\n"

    echo.says["/run/fal-ai/x/stream"] = lambda _: Answer(200, {"content-type": "text/event-stream"}, events=events())
    wire.socket.sendall(b"POST /run/fal-ai/x/stream HTTP/1.1\r\ncontent-length: 0\r\n\r\n")
    assert wire.file.readline() == b"HTTP/1.1 200 OK\r\n"
    while wire.file.readline() != b"\r\n":
        pass
    assert wire.chunk() == b"data: 1\n\n"  # while the rest is not there yet
    go_on.set()
    assert wire.chunk() == b"data: 2\n\n"
    assert wire.chunk() == b""
    assert wire.ask("GET /run/fal-ai/x HTTP/1.1\n\n").status == 200


def test_an_answer_takes_the_time_that_it_says(server: FakeServer, echo: Echo) -> None:
    echo.says["/run/fal-ai/x"] = lambda _: Answer(200, seconds=3600)
    with Wire(server.port) as wire:
        wire.socket.sendall(b"POST /run/fal-ai/x HTTP/1.1\r\ncontent-length: 0\r\n\r\n")
        until(lambda: echo.asked, "nothing came")
        wire.socket.settimeout(0.05)
        with pytest.raises(TimeoutError):
            wire.socket.recv(1)
        server.close()  # and nobody is kept waiting
        wire.socket.settimeout(20)
        assert wire.socket.recv(1) == b""


def test_at_its_end_it_hangs_up(echo: Echo) -> None:
    with served(echo) as server, Wire(server.port) as wire:
        assert wire.ask("GET /run/a HTTP/1.1\n\n").status == 200
        server.close()
        assert wire.is_closed()


@pytest.mark.parametrize("kind", ["refused", "lost"])
def test_where_there_is_no_answer_the_connection_breaks(wire: Wire, echo: Echo, kind: Any) -> None:
    def none(_: object) -> Answer:
        raise NoAnswer(kind)

    echo.says["/run/fal-ai/x"] = none
    wire.socket.sendall(b"POST /run/fal-ai/x HTTP/1.1\r\ncontent-length: 0\r\n\r\n")
    assert wire.is_closed()


def test_a_timeout_lasts_as_long_as_the_client_stays(wire: Wire, echo: Echo, server: FakeServer) -> None:
    def none(_: object) -> Answer:
        raise NoAnswer("timeout")

    echo.says["/run/fal-ai/x"] = none
    with pytest.raises(httpx.ReadTimeout), httpx.Client() as client:
        client.post(f"{server.url}/run/fal-ai/x", timeout=httpx.Timeout(20, read=0.05))


def test_what_fails_in_the_fake_is_told_to_nobody_but_its_terminal(
    wire: Wire, echo: Echo, capfd: pytest.CaptureFixture[str]
) -> None:
    def fail(_: object) -> Answer:
        raise LookupError("the secret")

    echo.says["/run/fal-ai/x"] = fail
    said = wire.ask(f"{POST}content-length: 0\n\n")
    assert (said.status, said.json) == (500, {"detail": "the fake failed; its terminal says how"})
    assert "LookupError: the secret" in capfd.readouterr().err
    assert wire.ask("GET /run/fal-ai/y HTTP/1.1\n\n").status == 200


# Files


@pytest.fixture
def file(echo: Echo) -> str:
    echo.says["/cdn/files/a.txt"] = lambda _: Answer(200, {"content-type": "text/html", "etag": '"1"'}, b"0123456789")
    return "/cdn/files/a.txt"


def test_the_head_of_a_file_alone(wire: Wire, file: str) -> None:
    said = wire.ask(f"HEAD {file} HTTP/1.1\n\n", head_only=True)
    assert (said.status, said.headers["content-length"]) == (200, "10")
    assert wire.ask(f"GET {file} HTTP/1.1\n\n").body == b"0123456789"  # nothing was left on the way


def test_a_page_that_somebody_uploaded_can_do_nothing(wire: Wire, file: str) -> None:
    said = wire.ask(f"GET {file} HTTP/1.1\n\n")
    assert said.headers["content-security-policy"] == "sandbox"
    assert said.headers["x-content-type-options"] == "nosniff"


# Browsers


def test_a_browser_may_send_what_it_asks_for(wire: Wire, echo: Echo) -> None:
    said = wire.ask(
        "OPTIONS /run/fal-ai/x HTTP/1.1\norigin: https://app.example\naccess-control-request-method: POST\n"
        "access-control-request-headers: authorization,content-type,x-fal-target-url\n"
        "access-control-request-private-network: true\n\n"
    )
    assert said.status == 204
    assert said.headers["access-control-allow-origin"] == "*"
    assert said.headers["access-control-allow-headers"] == "authorization,content-type,x-fal-target-url"
    assert {"POST", "PUT", "GET"} <= {*said.headers["access-control-allow-methods"].split(", ")}
    assert said.headers["access-control-allow-private-network"] == "true"
    assert not echo.asked


def test_a_browser_sees_the_answer_and_its_headers(wire: Wire) -> None:
    said = wire.ask(f"{POST}origin: https://app.example\ncontent-length: 0\n\n")
    assert said.headers["access-control-allow-origin"] == said.headers["access-control-expose-headers"] == "*"
    assert "access-control-allow-origin" not in wire.ask(f"{POST}content-length: 0\n\n").headers


def test_other_sites_do_not_see_what_was_asked(wire: Wire) -> None:
    said = wire.ask("GET /_fake/requests.json HTTP/1.1\norigin: https://app.example\n\n")
    assert said.status == 200
    assert "access-control-allow-origin" not in said.headers


# Places


OWN, FALS = "http://127.0.0.1:{port}/", "https://v3.fal.media"


@pytest.mark.parametrize(
    ("text", "url", "cdn"),
    [
        ("GET /queue/fal-ai/x?a=b HTTP/1.1\n", OWN + "queue/fal-ai/x?a=b", OWN + "cdn"),
        ("GET /run/a HTTP/1.1\nhost: fake:9000\n", "http://fake:9000/run/a", "http://fake:9000/cdn"),
        ("GET /run/a HTTP/1.1\nhost: [::1]:9000\n", "http://[::1]:9000/run/a", "http://[::1]:9000/cdn"),
        ("GET /run/a HTTP/1.1\nhost: a/b@c\n", OWN + "run/a", OWN + "cdn"),
        ("GET /a HTTP/1.1\nhost: queue.localhost:8400\n", OWN + "queue/a", OWN + "cdn"),
        ("GET /a HTTP/1.1\nhost: run.localhost\n", OWN + "run/a", OWN + "cdn"),
        ("GET /a HTTP/1.1\nhost: rest.fal.ai\n", "https://rest.fal.ai/a", FALS),
        ("GET https://queue.fal.run/a?b=/c HTTP/1.1\nhost: x\n", "https://queue.fal.run/a?b=/c", FALS),
        ("GET HTTP://v3b.fal.media/files/a HTTP/1.1\n", "https://v3b.fal.media/files/a", FALS),
        ("GET " + OWN + "cdn/a HTTP/1.1\n", OWN + "cdn/a", OWN + "cdn"),
        (
            "GET /api/fal/proxy HTTP/1.1\nx-fal-target-url: https://queue.falrun.com/a?b\n",
            OWN + "queue/a?b",
            OWN + "cdn",
        ),
        ("GET /api/fal/proxy HTTP/1.1\nx-fal-target-url: " + OWN + "rest/a\n", OWN + "rest/a", OWN + "cdn"),
    ],
)
def test_each_kind_of_client_finds_its_host(
    wire: Wire, server: FakeServer, echo: Echo, text: str, url: str, cdn: str
) -> None:
    def filled(text: str) -> str:
        return text.replace("{port}", str(server.port))

    assert wire.ask(filled(text) + "\n").status == 200
    assert [one.url for one in echo.asked] == [filled(url)]
    assert [one.cdn for one in echo.hosts] == [filled(cdn)]


@pytest.mark.parametrize(
    "text",
    [
        "GET http://example.com/ HTTP/1.1\n",
        "GET ftp://fal.run/ HTTP/1.1\n",
        "GET fal.run:443 HTTP/1.1\n",
        *(
            f"GET /api/fal/proxy HTTP/1.1\nx-fal-target-url: {url}\n"
            for url in (
                "https://evil.example/",
                "https://queue.fal.run.evil.example/",
                "https://fal.run@evil.example/",
                "https://evil.example/.fal.media/",
                "https://evil.example?.fal.media/",
                "/run/a",
                "javascript://fal.run/",
            )
        ),
    ],
)
def test_other_hosts_are_none_of_ours(wire: Wire, echo: Echo, text: str) -> None:
    said = wire.ask(text + "\n")
    assert said.status == 400
    assert "neither a place of fal's" in said.json["detail"]
    assert not echo.asked


# TLS, and a proxy


def test_one_port_speaks_both(secure: FakeServer, trusting: ssl.SSLContext) -> None:
    assert secure.url == f"http://127.0.0.1:{secure.port}"
    for tls in (trusting, None):
        with Wire(secure.port, tls) as wire:
            for _ in range(2):
                scheme = "https" if tls else "http"
                assert wire.ask("GET /run/a HTTP/1.1\nhost: fake\n\n").json["url"] == f"{scheme}://fake/run/a"


def test_a_client_may_take_it_for_a_proxy(secure: FakeServer, trusting: ssl.SSLContext) -> None:
    with Wire(secure.port) as wire:
        said = wire.ask("CONNECT queue.fal.run:443 HTTP/1.1\nhost: queue.fal.run:443\n\n", head_only=True)
        assert said.status == 200
        wire.secured(trusting, "queue.fal.run")
        for _ in range(2):
            said = wire.ask("GET /a/b HTTP/1.1\nhost: queue.fal.run\n\n")
            assert said.json["url"] == "https://queue.fal.run/a/b"


@pytest.mark.parametrize(
    "place", ["example.com:443", "fal.run.evil.example:443", "127.0.0.1:22", "", "https://fal.run"]
)
def test_it_leads_to_no_other_host(secure: FakeServer, place: str) -> None:
    with Wire(secure.port) as wire:
        said = wire.ask(f"CONNECT {place} HTTP/1.1\n\n")
        assert said.status in (400, 403)
        assert wire.is_closed()


def test_without_a_certificate_it_says_what_to_do(
    server: FakeServer, trusting: ssl.SSLContext, capfd: pytest.CaptureFixture[str]
) -> None:
    with Wire(server.port) as wire:
        said = wire.ask("CONNECT fal.run:443 HTTP/1.1\n\n")
        assert (said.status, "--tls" in said.json["detail"]) == (501, True)
    for _ in range(2):
        with pytest.raises((ConnectionError, ssl.SSLError)), Wire(server.port, trusting):
            pass
    until(lambda: "--tls" in (said := capfd.readouterr().err) and said.count("\n") == 1, "nothing is said of it")


def test_a_client_that_does_not_trust_it_is_no_trouble(
    secure: FakeServer, capfd: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with pytest.raises(ssl.SSLError), Wire(secure.port, ssl.create_default_context()):
        pass
    with Wire(secure.port) as wire:
        assert wire.ask("GET /run/a HTTP/1.1\n\n").status == 200
    assert capfd.readouterr() == ("", "")


def test_many_clients_at_once(server: FakeServer, echo: Echo) -> None:
    with httpx.Client(limits=httpx.Limits(max_connections=40)) as client:

        def ask(number: int) -> None:
            assert client.post(f"{server.url}/run/a/b", content=b"x" * number).json()["bytes"] == number

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(40)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert sorted(len(one.body) for one in echo.asked) == [*range(40)]


def test_who_leaves_it_leaves_no_thread(echo: Echo, monkeypatch: pytest.MonkeyPatch) -> None:
    serve = FakeServer.serve

    def serve_and_linger(self: FakeServer) -> None:
        serve(self)
        time.sleep(0.2)

    monkeypatch.setattr(FakeServer, "serve", serve_and_linger)
    before = {*threading.enumerate()}
    with served(echo):
        pass
    assert {*threading.enumerate()} <= before
