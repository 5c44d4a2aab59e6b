"""A request that breaks off while it is being sent: part of it has arrived, so nobody sends it a second time."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import fal_typed
import httpx
import pytest
from fal_server import FalServer, faults, until
from fal_server.secure import KEY, Deployment
from fal_typed._runtime.http import requests, retry, transport
from fal_typed._runtime.http.exchange import Exchange, Limits, PhaseTimeouts, Purpose

ENDPOINT = "me/app"
# More than a system keeps on its way to a server that does not read.
LARGE = "x" * 16_000_000
each_way = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


@pytest.fixture(params=["http", "https"])
def there(request: pytest.FixtureRequest, server: FalServer, monkeypatch: pytest.MonkeyPatch) -> FalServer:
    """The server, to which nothing was sent yet."""
    monkeypatch.setattr(retry, "FIRST_WAIT", 0.001)
    if request.param == "http":
        return server
    deployment: Deployment = request.getfixturevalue("secure")
    monkeypatch.setenv("SSL_CERT_FILE", deployment.variables["SSL_CERT_FILE"])
    deployment.server.reset()
    return deployment.server


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that soon has enough of a server that takes nothing, and has all the time for the rest."""

    def limits(*_: object) -> PhaseTimeouts:
        return PhaseTimeouts({"connect": 60.0, "pool": 60.0, "write": 0.1, "read": 60.0}, None)

    monkeypatch.setattr(Limits, "phases", limits)


def call(server: FalServer, verb: str, *, is_async: bool) -> Any:
    """One with a large input."""
    hosts = fal_typed.Hosts(run=server.run_url, queue=server.queue_url)

    async def main() -> Any:
        async with fal_typed.AsyncFal(KEY, hosts=hosts) as fal:
            return await getattr(fal.endpoint(ENDPOINT), verb)(text=LARGE)

    if is_async:
        return asyncio.run(main())
    with fal_typed.Fal(KEY, hosts=hosts) as fal:
        return getattr(fal.endpoint(ENDPOINT), verb)(text=LARGE)


def check_sent_once(server: FalServer, error: fal_typed.APIConnectionError) -> None:
    until(lambda: server.seen, "nothing arrived")
    server.wait_until_left()
    assert len(server.seen) == len(server.accepted) == 1
    assert error.maybe_submitted is True


@pytest.mark.sampled(5)
@pytest.mark.usefixtures("impatient")
@each_way
@pytest.mark.parametrize(("verb", "after"), [("run", 0), ("run", 1_000_000), ("submit", 1_000_000)])
def test_a_server_that_stops_reading_gets_it_once(
    there: FalServer, is_async: bool, after: int, verb: str, library: str
) -> None:
    there.plan(ENDPOINT, first={verb: [faults.stalls(after)]})
    with pytest.raises(fal_typed.APITimeoutError) as caught:
        call(there, verb, is_async=is_async)
    assert type(caught.value.__cause__) is sys.modules[library].WriteTimeout
    check_sent_once(there, caught.value)


@each_way
@pytest.mark.parametrize("after", [0, 1_000_000])
def test_a_server_that_breaks_off_gets_it_once(there: FalServer, is_async: bool, after: int) -> None:
    there.plan(ENDPOINT, first={"run": [faults.resets(after)]})
    with pytest.raises(fal_typed.APIConnectionError) as caught:
        call(there, "run", is_async=is_async)
    check_sent_once(there, caught.value)


@each_way
def test_an_ingress_that_refuses_without_reading_on_gets_it_again(
    there: FalServer, is_async: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That of fal's own hosts, for one of which this server stands."""
    monkeypatch.setattr(requests, "BACKUPS", {there.run_url: there.run_url})
    there.plan(ENDPOINT, output={"seed": 7}, first={"run": [faults.refuses(1_000_000)]})
    assert call(there, "run", is_async=is_async) == {"seed": 7}
    assert (len(there.seen), len(there.accepted)) == (2, 1)


ERRORS = [getattr(httpx, name) for name in httpx.__all__ if isinstance(getattr(httpx, name), type)]
BEFORE_ANYTHING_WAS_SENT = {httpx.ConnectError, httpx.ConnectTimeout, httpx.ProxyError, httpx.PoolTimeout}


@pytest.mark.parametrize("kind", [kind for kind in ERRORS if issubclass(kind, httpx.RequestError)])
def test_which_errors_mean_that_nothing_was_sent(kind: type[httpx.RequestError]) -> None:
    """Some come from transports of callers alone: httpx's own reads on after a WriteError."""
    exchange = Exchange(Purpose.RUN, "POST", "https://fal.run/a/b", {}, "a/b")
    failed = transport.no_answer(exchange, kind("x"))
    assert failed.error.maybe_submitted is (kind not in BEFORE_ANYTHING_WAS_SENT)
    assert retry.TRIED_AGAIN[failed.outcome, Purpose.RUN] is (kind in BEFORE_ANYTHING_WAS_SENT)
