"""Tasks that are cancelled at any moment of a call: their connections go back to the pool, or are closed."""

from __future__ import annotations

import asyncio
import random
import time
from contextlib import suppress
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import anyio
import fal_typed
import httpx
import pytest
from fal_server.plan import completed, in_progress
from fal_server.secure import KEY
from fal_server.stream import event

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from fal_server import FalServer

ENDPOINT = "me/app"
POOL = 20
FEW, MANY = 160, 2000
LIMITS = httpx.Limits(max_connections=POOL, max_keepalive_connections=POOL)


async def by_cancel(call: Awaitable[Any], seconds: float) -> None:
    task = asyncio.ensure_future(call)
    asyncio.get_running_loop().call_later(seconds, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


async def by_timeout(call: Awaitable[Any], seconds: float) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await call


async def by_task_group(call: Awaitable[Any], seconds: float) -> None:
    async def fail() -> None:
        await asyncio.sleep(seconds)
        raise ZeroDivisionError

    with suppress(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(fail())
            group.create_task(call)  # type: ignore[arg-type]


async def by_scope(call: Awaitable[Any], seconds: float) -> None:
    with anyio.move_on_after(seconds):
        await call


async def twice(call: Awaitable[Any], seconds: float) -> None:
    """The second cancel comes while what the first one left is being put away."""
    task = asyncio.ensure_future(call)
    for later in (seconds, seconds + 0.0002):
        asyncio.get_running_loop().call_later(later, task.cancel)
    with suppress(asyncio.CancelledError):
        await task


def pool_of(client: httpx.AsyncClient) -> Any:
    return client._transport._pool  # type: ignore[attr-defined]


async def cancel_many(call: Callable[[], Awaitable[Any]], interrupt: Any, number: int) -> None:
    """So many calls, a pool's worth at a time; each ends at any moment of the time that calls take."""
    start = time.monotonic()
    await asyncio.gather(*(call() for _ in range(POOL)))
    longest = time.monotonic() - start
    moments = random.Random(number)

    async def one_after_the_other() -> None:
        for _ in range(number // POOL):
            await interrupt(call(), moments.uniform(0, longest))

    await asyncio.gather(*(one_after_the_other() for _ in range(POOL)))


async def check_nothing_is_left(client: httpx.AsyncClient) -> None:
    pool = pool_of(client)
    assert [each for each in pool.connections if not (each.is_idle() or each.is_closed())] == []
    assert pool._requests == []
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.fixture
def hosts(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> fal_typed.Hosts:
    """A server whose model is soon done, and clients that ask often."""
    monkeypatch.setattr("fal_typed._runtime.calls.waiting.FIRST_INTERVAL", 0.001)
    server.plan(ENDPOINT, output={"seed": 7}, states=[in_progress(), completed()])
    server.stream(f"{ENDPOINT}/stream", *(event({"seed": number}) for number in range(8)))
    return fal_typed.Hosts(run=server.run_url, queue=server.queue_url)


async def subscribe(fal: fal_typed.AsyncFal) -> Any:
    return await fal.endpoint(ENDPOINT).subscribe(prompt="a cat")


async def stream(fal: fal_typed.AsyncFal) -> Any:
    async with fal.endpoint(ENDPOINT).stream(prompt="a cat") as events:
        return await events.output()


slow = pytest.mark.slow
CASES = [
    (by_cancel, subscribe, FEW, "own"),
    (by_cancel, stream, FEW, "own"),
    *(
        pytest.param(interrupt, call, MANY if interrupt is by_cancel else MANY // 10, whose, marks=slow)
        for interrupt in (by_cancel, by_timeout, by_task_group, by_scope, twice)
        for call in (subscribe, stream)
        for whose in ("own", "injected")
    ),
]


# Whose own streams an older one leaves open when it is cancelled while it connects.
ANYIO = tuple(int(part) for part in version("anyio").split(".")[:2])


@pytest.mark.skipif(ANYIO < (4, 16), reason="an older anyio leaves connections open that are being made")
@pytest.mark.parametrize(("interrupt", "call", "number", "whose"), CASES)
def test_cancelled_calls_leave_no_connection(
    hosts: fal_typed.Hosts, monkeypatch: pytest.MonkeyPatch, interrupt: Any, call: Any, number: int, whose: str
) -> None:
    monkeypatch.setattr("fal_typed._runtime.http.transport.POOL_LIMITS", LIMITS)

    async def main() -> None:
        async with httpx.AsyncClient(limits=LIMITS) as client:
            given = client if whose == "injected" else None
            async with fal_typed.AsyncFal(KEY, hosts=hosts, http_client=given) as fal:
                await cancel_many(lambda: call(fal), interrupt, number)
                await check_nothing_is_left(fal._session.transport.client())
                # A pool of so many still serves so many.
                assert await asyncio.gather(*(call(fal) for _ in range(POOL))) == [{"seed": 7}] * POOL

    asyncio.run(main())
