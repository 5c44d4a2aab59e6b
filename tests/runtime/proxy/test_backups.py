"""An outage that `Fal()` survives, its proxy survives too; and what an error says of the key."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Reply, faults
from fal_server.asgi import running
from runtime import errors
from runtime.http import requests
from runtime.http.credentials import Secret
from runtime.http.hosts import Hosts
from runtime.proxy.passing import KeyFilter
from runtime.proxy.shells.asgi import FalProxy
from runtime_proxies import ask
from runtime_sample import Fal
from runtime_twin import KEY, OUTPUT, SCHNELL
from starlette.applications import Starlette
from starlette.routing import Mount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer
    from runtime_proxies import Proxies

RUN = f"https://fal.run/{SCHNELL}"


@pytest.fixture
def dead() -> Iterator[str]:
    """Where nobody listens."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield f"http://127.0.0.1:{taken.getsockname()[1]}"


def test_a_backup_is_asked_where_the_first_cannot_be_reached(
    server: FalServer, proxies: Proxies, dead: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    hosts = Hosts(run=f"{dead}/run", queue=f"{dead}/queue")
    monkeypatch.setitem(requests.BACKUPS, hosts.run, server.run_url)
    monkeypatch.setitem(requests.BACKUPS, hosts.queue, server.queue_url)
    with proxies.serve(hosts=hosts) as url:
        for given in ({"json": {"prompt": "x"}}, {"content": iter([b'{"prompt"', b': "x"}'])}):
            assert ask(url, RUN, **given).json() == OUTPUT
            assert server.seen[-1].json == {"prompt": "x"}
        with Fal(proxy_url=url) as fal:
            assert fal.flux_1.schnell.subscribe(prompt="x").seed == 7
    assert len(server.accepted) == 3


def test_what_may_have_arrived_is_not_sent_twice(
    server: FalServer, proxies: Proxies, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(requests.BACKUPS, server.run_url, f"{server.url}/other")
    server.plan(SCHNELL, always={"run": faults.DROPPED})
    with proxies.serve() as url:
        assert ask(url, RUN, json={}).status_code == 500
    assert [each.path for each in server.seen] == [f"/run/{SCHNELL}"]


def test_a_redirect_is_not_followed(server: FalServer, proxies: Proxies) -> None:
    """Where it leads is no target that anybody allowed; the caller sees it."""
    server.plan(SCHNELL, always={"run": faults.redirect(f"{server.url}/elsewhere")})
    with proxies.serve() as url:
        assert ask(url, RUN, json={}).status_code == 307
    assert [each.path for each in server.seen] == [f"/run/{SCHNELL}"]


def test_no_host_at_all(proxies: Proxies, dead: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(requests.BACKUPS, dead, f"{dead}/other")
    with proxies.serve(hosts=Hosts(run=dead, queue=f"{dead}/queue")) as url:
        answer = ask(url, RUN, json={})
    assert (answer.status_code, answer.headers["x-fal-needs-retry"]) == (503, "1")


def test_a_client_of_other_hosts_than_its_proxy(
    server: FalServer, proxies: Proxies, caplog: pytest.LogCaptureFixture
) -> None:
    """The answer to the submit names the proxy's; the client asks by the names that it knows."""
    with proxies.serve() as url, Fal(proxy_url=url) as fal:
        handle = fal.flux_1.schnell.submit(prompt="x")
        assert handle.result().seed == 7
        handle.cancel()
    assert "do not get the key" not in caplog.text


def test_a_mount_without_its_slash(server: FalServer) -> None:
    proxy: Any = FalProxy([SCHNELL], authorize=lambda _: True, credentials=KEY)
    with running(Starlette(routes=[Mount("/m", proxy)])) as url, Fal(proxy_url=f"{url}/m") as fal:
        with pytest.raises(errors.APIStatusError) as refused:
            fal.flux_1.schnell.run(prompt="x")
        assert "(if that is your proxy: write its proxy_url with a slash at the end)" in str(refused.value)


@pytest.mark.parametrize("status", [401, 500, 422])
def test_an_error_does_not_repeat_the_key(server: FalServer, proxies: Proxies, status: int) -> None:
    body = {"detail": f"Key {KEY} is wrong, and {KEY.partition(':')[2]} too", "x": "y" * 100_000 + KEY}
    headers = {"x-fal-echo": f"Key {KEY}", "x-fal-request-id": "7"}
    server.plan(SCHNELL, always={"run": Reply(status, body, headers=headers)})
    with proxies.serve() as url:
        answer = ask(url, RUN, json={})
    assert answer.status_code == status
    assert answer.json() == {"detail": "Key *** is wrong, and *** too", "x": "y" * 100_000 + "***"}
    assert ("x-fal-echo" in answer.headers, answer.headers["x-fal-request-id"]) == (False, "7")


@pytest.mark.parametrize("size", [1, 2, 7, 30, 200])
def test_a_key_in_pieces_is_one(size: int) -> None:
    text = f"before {KEY} {KEY[:-1]} between{KEY}{KEY} {KEY.partition(':')[2]}".encode()
    clean = KeyFilter(Secret(KEY))
    pieces = [clean.feed(text[at : at + size]) for at in range(0, len(text), size)]
    whole = b"".join([*pieces, clean.end()])
    assert whole == Secret(KEY).removed_from(text)
