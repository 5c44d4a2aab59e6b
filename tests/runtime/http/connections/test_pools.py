"""What the pools below a client do that httpcore's do not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from fal_server.waiting import until
from runtime.http.connections.pools import pools_of
from runtime.http.hosts import Hosts
from runtime_sample import Fal
from runtime_twin import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer


@pytest.fixture(params=[httpx, httpx2], ids=["httpx", "httpx2"])
def pool(request: pytest.FixtureRequest, server: FalServer) -> Iterator[Any]:
    """A pool whose one connection waits for a request, and was closed by the other side."""
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
