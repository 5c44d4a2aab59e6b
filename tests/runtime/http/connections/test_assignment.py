"""Which of its connections a pool looks at, and which it closes."""

from __future__ import annotations

import asyncio
import gc
import time
import weakref
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from fal_server.plan import Gate, Reply
from fal_server.waiting import until
from runtime.http.connections.pools import keep, pools_of
from runtime.http.hosts import Hosts
from runtime_sample import Fal
from runtime_twin import KEY, OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer


CALLS = 8


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def pool(request: pytest.FixtureRequest, server: FalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A pool whose one connection waits for a request, and was closed by the other side; it looks each time."""
    monkeypatch.setattr("runtime.http.connections.assignment.LOOK_SECONDS", 0)
    with request.param.Client() as client:
        fal = Fal(KEY, hosts=Hosts(run=server.run_url, queue=server.queue_url), http_client=client)
        fal.flux_1.schnell.run(prompt="x")
        (pool,) = pools_of(client)
        server.close_connections()
        until(lambda: pool._connections[0].has_expired(), "it is not closed")
        yield pool


def test_a_connection_that_a_request_was_given_is_not_closed_by_another_thread(pool: Any) -> None:
    """It is idle until that request's thread goes on; its answer is then what there is to read."""
    (connection,) = pool._connections
    given = SimpleNamespace(connection=connection, is_queued=lambda: False)
    pool._requests.append(given)
    assert pool._assign_requests_to_connections() == []
    assert pool._connections == [connection]
    pool._requests.remove(given)
    assert pool._assign_requests_to_connections() == [connection]
    connection.close()
    assert pool._connections == []


def test_a_full_pool_of_such_connections_makes_no_more(pool: Any) -> None:
    pool._max_connections = 1
    (connection,) = pool._connections
    waits = SimpleNamespace(
        connection=None,
        is_queued=lambda: True,
        request=SimpleNamespace(url=SimpleNamespace(origin=None)),
        assign_to_connection=lambda _: pytest.fail("there is no connection to have"),
    )
    pool._requests += [SimpleNamespace(connection=connection, is_queued=lambda: False), waits]
    assert pool._assign_requests_to_connections() == []
    pool._requests.clear()


def at_once(twin: Twin, call: Any) -> Any:
    """So many calls, awaited or done."""
    if twin.is_async:
        return asyncio.gather(*(call() for _ in range(CALLS)))
    with ThreadPoolExecutor(CALLS) as threads:
        return [each.result() for each in [threads.submit(call) for _ in range(CALLS)]]


def looked_at(pool: Any, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The connections that are asked whether they are to go, from now on."""
    found: list[Any] = []
    for one in pool._connections:
        asked = one.has_expired
        monkeypatch.setattr(one, "has_expired", lambda one=one, asked=asked: found.append(one) or asked())
    return found


@pytest.mark.parametrize(("since", "looks"), [(0.9, 1), (1.1, CALLS)])
def test_what_waits_is_looked_at_once_a_second_and_what_is_to_be_used_each_time(
    twin: Twin, monkeypatch: pytest.MonkeyPatch, since: float, looks: int
) -> None:
    gate = Gate(CALLS)
    twin.server.plan(SCHNELL, output=OUTPUT, first={"run": [Reply(gate=gate, usual=True)] * CALLS})
    client = (httpx.AsyncClient if twin.is_async else httpx.Client)()

    def steps(fal: Any) -> Any:
        yield at_once(twin, partial(fal.flux_1.schnell.run, prompt="x"))
        (pool,) = pools_of(client)
        assert len(pool._connections) == CALLS
        pool._assign_requests_to_connections._looked = time.monotonic() - since
        found = looked_at(pool, monkeypatch)
        assert gate.is_open
        twin.server.plan(SCHNELL, output=OUTPUT)
        yield fal.flux_1.schnell.run(prompt="x")
        assert len(set(map(id, found))) == looks
        assert len(pool._connections) == CALLS
        yield client.aclose() if twin.is_async else client.close()

    twin.do(steps, http_client=client)


def test_what_is_a_parents_outlives_all_who_know_it() -> None:
    """Closed by Python, its connection would say good-bye in the parent's name."""

    class Connection:
        """It can be known without being kept."""

    connection = Connection()
    known = weakref.ref(connection)
    keep({"connection": connection})
    del connection
    gc.collect()
    assert known() is not None
