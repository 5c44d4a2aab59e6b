"""Targets, most of which attack, given over HTTP to our proxy and to fal's own, with the same allowed endpoints.

Neither sends anything to anybody: where fal would be reached, the answer says what would have been sent. What each has
to do is in the tables of `targets.py`.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import httpx
import pytest
from fal_server.asgi import running
from fal_server.wsgi import running_wsgi
from fal_typed.proxy import FalProxy, WsgiFalProxy

from .node import environment, installed, needed_node
from .targets import ALLOWED, EVERY, FAILS, HOSTILE, REST, RIGHT, RUN

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

PROGRAM = Path(__file__).with_name("fals_proxy.mjs")


class Verdict(NamedTuple):
    """What a proxy does with a target.

    Attributes:
        methods: Those with which it passes it on, or that it fails.
        leads: Where to, if not exactly where it says.
    """

    methods: str
    leads: str = ""


class Proxies(NamedTuple):
    """The URLs of both, and who asks them."""

    ours: str
    fals: str
    client: httpx.Client

    def judged(self, url: str, target: Any) -> Verdict:
        """What a proxy does with a target."""
        given = target if isinstance(target, tuple) else (target,)
        headers = [(b"x-fal-target-url", each if isinstance(each, bytes) else each.encode()) for each in given]
        methods, places = list[str](), set[str]()
        for method in EVERY.split():
            answer = self.client.request(method, url, headers=headers, content=b"" if method == "GET" else b"{}")
            if answer.status_code == 200:
                methods.append(method)
                places.add(answer.json()["sent"])
            elif answer.status_code != 400:
                return Verdict(FAILS)
        return Verdict(" ".join(methods), " ".join(places - {headers[0][1].decode("latin-1")}))


@contextlib.contextmanager
def fals_proxy() -> Iterator[str]:
    """fal's own, on Node."""
    command = [needed_node().program, str(PROGRAM), str(installed()), json.dumps(ALLOWED)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, env=environment()) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        yield f"http://127.0.0.1:{int(process.stdout.readline())}/api/fal/proxy"
        process.stdin.close()


SETTINGS: dict[str, Any] = {"allowed_endpoints": ALLOWED, "authorize": lambda request: True, "credentials": "id:secret"}


@contextlib.contextmanager
def our_proxy() -> Iterator[str]:
    """Ours, with a client that sends nothing."""

    async def said(url: httpx.URL) -> AsyncIterator[bytes]:
        yield json.dumps({"sent": str(url)}).encode()

    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=said(request.url)))
    with running(FalProxy(**SETTINGS, http_client=httpx.AsyncClient(transport=transport)), lifespan="on") as url:
        yield f"{url}/api/fal/proxy"


@contextlib.contextmanager
def our_wsgi_proxy() -> Iterator[str]:
    """The same for WSGI."""

    def said(url: httpx.URL) -> Iterator[bytes]:
        yield json.dumps({"sent": str(url)}).encode()

    transport = httpx.MockTransport(lambda request: httpx.Response(200, content=said(request.url)))
    with running_wsgi(WsgiFalProxy(**SETTINGS, http_client=httpx.Client(transport=transport))) as url:
        yield f"{url}/api/fal/proxy"


@pytest.fixture(scope="module", params=[our_proxy, pytest.param(our_wsgi_proxy, marks=pytest.mark.slow)])
def proxies(request: pytest.FixtureRequest) -> Iterator[Proxies]:
    with request.param() as ours, fals_proxy() as fals, httpx.Client() as client:
        yield Proxies(ours, fals, client)


def name(target: Any) -> str:
    return ascii(target).strip("b'()")[:80]


@pytest.mark.parametrize(("target", "fals", "ours"), RIGHT, ids=name)
def test_what_fals_clients_ask_for(proxies: Proxies, target: str, fals: str, ours: str) -> None:
    assert proxies.judged(proxies.ours, target) == Verdict(ours)
    assert proxies.judged(proxies.fals, target) == Verdict(fals)


@pytest.mark.parametrize(("target", "fals", "leads"), HOSTILE, ids=name)
def test_what_attacks(proxies: Proxies, target: Any, fals: str, leads: str) -> None:
    assert proxies.judged(proxies.ours, target) == Verdict("")
    assert proxies.judged(proxies.fals, target) == Verdict(fals, leads)


def test_ours_passes_on_nothing_that_fals_refuses() -> None:
    """But for what its own client needs: streams of an endpoint that is allowed, and files of more than 90 MB."""
    more = {target: set(ours.split()) - set(fals.split()) for target, fals, ours in RIGHT}
    assert {target: methods for target, methods in more.items() if methods} == {
        f"{RUN}/fal-ai/flux-1/schnell/stream": {"POST"},
        f"{REST}/storage/upload/initiate-multipart?storage_type=fal-cdn-v3": {"POST"},
    }
