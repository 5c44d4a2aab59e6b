"""One client with many callers: each gets its own answer, the connections are shared, and nothing stays."""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import fal_typed
import pytest
from fal_server.plan import completed
from fal_server.secure import KEY
from pinned.documents import document

if TYPE_CHECKING:
    from fal_server import FalServer

SCHNELL = "fal-ai/flux-1/schnell"
THREADS, CALLS_PER_THREAD = 64, 2


@pytest.fixture
def hosts(server: FalServer) -> fal_typed.Hosts:
    """A server whose answer repeats the prompt."""
    known = document(SCHNELL)
    output = known.sample(known.output, full=True)
    server.plan(SCHNELL, states=[completed()], answers=lambda given: {**output, "prompt": given["prompt"]})
    return fal_typed.Hosts(run=server.run_url, queue=server.queue_url)


def check_traffic(server: FalServer, calls: int) -> None:
    """One submission and one result a call, each asked for once."""
    assert Counter(each.input["prompt"] for each in server.accepted) == {f"cat {i}": 1 for i in range(calls)}
    results = [seen.path for seen in server.requests("GET") if "/status" not in seen.path]
    assert len(results) == len(set(results)) == calls


@pytest.mark.parametrize("tasks", [50, pytest.param(500, marks=pytest.mark.slow)])
def test_many_tasks_on_one_client(server: FalServer, hosts: fal_typed.Hosts, tasks: int) -> None:
    async def main() -> list[Any]:
        async with fal_typed.AsyncFal(KEY, hosts=hosts) as fal:
            subscribe = fal.flux_1.schnell.subscribe
            outputs = await asyncio.gather(*(subscribe(prompt=f"cat {i}") for i in range(tasks)))
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return outputs

    outputs = asyncio.run(main())
    assert [output.prompt for output in outputs] == [f"cat {i}" for i in range(tasks)]
    assert len({fal_typed.response_info(output).request_id for output in outputs}) == tasks
    check_traffic(server, tasks)


@pytest.mark.slow
def test_64_threads_on_one_client(server: FalServer, hosts: fal_typed.Hosts) -> None:
    before = {*threading.enumerate()}
    with fal_typed.Fal(KEY, hosts=hosts) as fal, ThreadPoolExecutor(THREADS) as pool:
        numbers = range(THREADS * CALLS_PER_THREAD)
        outputs = list(pool.map(lambda i: fal.flux_1.schnell.subscribe(prompt=f"cat {i}"), numbers))
        assert server.open_connections <= THREADS
    assert [output.prompt for output in outputs] == [f"cat {i}" for i in numbers]
    check_traffic(server, len(numbers))
    assert {*threading.enumerate()} <= before


def test_connections_are_used_again(server: FalServer, hosts: fal_typed.Hosts) -> None:
    with fal_typed.Fal(KEY, hosts=hosts) as fal:
        for _ in range(5):
            fal.flux_1.schnell.run(prompt="x")
        assert server.open_connections == 1
    server.wait_until_left()
