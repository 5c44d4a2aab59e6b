"""Clients that are closed: before a call, during it, by another thread or task, or by the end of their event loop."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import Gate, Reply, until
from runtime.errors import APIConnectionError, ClientClosedError
from runtime_twin import KEY, SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer


def closed(fal: Any) -> Any:
    return fal.aclose() if hasattr(fal, "aclose") else fal.close()


@pytest.mark.parametrize("whose", ["own", "injected"])
def test_a_client_that_is_closed_says_so(twin: Twin, whose: str) -> None:
    given = (httpx.AsyncClient if twin.is_async else httpx.Client)() if whose == "injected" else None

    def steps(fal: Any) -> Any:
        yield fal.flux_1.schnell.run(prompt="x")
        yield closed(fal) if given is None else closed(given)
        yield fal.flux_1.schnell.run(prompt="x")

    with pytest.raises(RuntimeError, match="closed") as caught:
        twin.do(steps, http_client=given)
    assert type(caught.value) is ClientClosedError


def check_ended_by_closing(error: BaseException | None) -> None:
    assert type(error) is ClientClosedError
    cause = error.__cause__
    assert isinstance(cause, APIConnectionError)
    assert cause.maybe_submitted is True


def test_closing_wakes_a_thread_that_waits_for_an_answer(server: FalServer) -> None:
    twin, gate = Twin(server, is_async=False), Gate()
    server.plan(SCHNELL, always={"run": Reply(gate=gate)})
    raised: list[BaseException] = []
    fal = twin.client()

    def call() -> None:
        try:
            fal.flux_1.schnell.run(prompt="x")
        except Exception as error:
            raised.append(error)

    thread = threading.Thread(target=call)
    thread.start()
    until(lambda: gate.arrived, "no request came")
    fal.close()
    thread.join()
    gate.open()
    check_ended_by_closing(raised[0])


def test_closing_ends_a_task_that_waits_for_an_answer(server: FalServer) -> None:
    twin, gate = Twin(server, is_async=True), Gate()
    server.plan(SCHNELL, always={"run": Reply(gate=gate)})

    async def main() -> BaseException | None:
        fal = twin.client()
        task = asyncio.ensure_future(fal.flux_1.schnell.run(prompt="x"))
        while not gate.arrived:
            await asyncio.sleep(0.002)
        await fal.aclose()
        await asyncio.wait([task])
        return task.exception()

    error = asyncio.run(main())
    gate.open()
    check_ended_by_closing(error)


def test_the_end_of_a_loop_closes_its_connections(server: FalServer) -> None:
    fal = Twin(server, is_async=True).kind(KEY, hosts=Twin(server, is_async=True).hosts)
    with warnings.catch_warnings(record=True) as told:
        gc.collect()  # what others left
        told.clear()
        warnings.simplefilter("always")
        for _ in range(3):
            asyncio.run(fal.flux_1.schnell.run(prompt="x"))
            server.wait_until_left()
        gc.collect()
    assert [each for each in told if each.category is ResourceWarning] == []
