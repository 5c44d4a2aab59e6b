"""The time in a fake: nobody waits, and deadlines are those of its clock."""

from __future__ import annotations

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import pytest
from fal_typed import (
    APIStatusError,
    APITimeoutError,
    AsyncFal,
    Completed,
    DeadlineExceededError,
    Fal,
    InProgress,
    Queued,
)
from fal_typed._runtime.testing.clock import FakeClock
from fal_typed.testing import FakeFal, fake_fal

from .faked import both

if TYPE_CHECKING:
    from collections.abc import Iterator

either = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


@pytest.fixture
def fake() -> Iterator[FakeFal]:
    with fake_fal() as on:
        yield on


@either
def test_twenty_minutes_take_no_time(fake: FakeFal, is_async: bool) -> None:
    """But on the fake's clock, on which the queue, the states and the logs come as they were told."""
    fake.flux_1.schnell.takes(1200, logs=["loading", "drawing"], queue=[3, 1, 0])
    updates: list[Any] = []
    began = time.monotonic()
    both(is_async, lambda fal: fal.flux_1.schnell.subscribe(prompt="x", logs=True, on_queue_update=updates.append))
    assert time.monotonic() - began < 60
    assert 1200 <= fake.clock.now() < 1210
    assert [one.queue_position for one in updates if isinstance(one, Queued)] == [3, 1, 0]
    lines = [line.message for one in updates if not isinstance(one, Queued) for line in one.logs]
    assert lines == ["loading", "drawing"]
    assert isinstance(updates[-1], Completed)
    assert any(isinstance(one, InProgress) for one in updates)


@either
@pytest.mark.parametrize("how", ["stream", "polls"])
def test_a_deadline_is_kept_on_that_clock(fake: FakeFal, is_async: bool, how: str) -> None:
    fake.flux_1.schnell.takes(1200)
    interval = None if how == "stream" else 0.5

    def use(fal: Any) -> Any:
        return fal.flux_1.schnell.with_options(poll_interval=interval).subscribe(prompt="x")

    with pytest.raises(DeadlineExceededError) as late:
        both(is_async, use, timeout=60.0)
    assert 59 < fake.clock.now() < 61
    # It was cancelled.
    assert late.value.request_id == fake.calls[0].request_id
    with pytest.raises(APIStatusError, match="cancelled"):
        Fal().flux_1.schnell.request(fake.calls[0].request_id).result()


@either
def test_a_run_ends_with_the_deadline_too(fake: FakeFal, is_async: bool) -> None:
    fake.flux_1.schnell.takes(1200)
    with pytest.raises(DeadlineExceededError):
        both(is_async, lambda fal: fal.flux_1.schnell.run(prompt="x"), timeout=60.0)
    assert fake.clock.now() == pytest.approx(60)
    both(is_async, lambda fal: fal.flux_1.schnell.run(prompt="x"))
    assert fake.clock.now() == pytest.approx(1260)


@either
def test_silence_in_a_stream_of_events(fake: FakeFal, is_async: bool) -> None:
    """The time is between the events, and more of it than `http_timeout` is too much."""
    events = [{"step": 1}, {"step": 2}, {"step": 3}]
    fake.endpoint("me/app").streams(events).takes(90)

    def use(fal: Any) -> Any:
        stream = fal.endpoint("me/app").stream({})
        if not is_async:
            with stream:
                return [*stream]

        async def used() -> Any:
            async with stream:
                return [event async for event in stream]

        return used()

    assert both(is_async, use) == events
    assert fake.clock.now() == pytest.approx(90)
    with pytest.raises(APITimeoutError):
        both(is_async, use, http_timeout=20.0)
    with pytest.raises(DeadlineExceededError):
        both(is_async, use, timeout=80.0)


def test_calls_side_by_side_take_the_time_of_one(fake: FakeFal) -> None:
    """In tasks and in threads; each keeps a deadline that it could not keep one after the other."""
    fake.flux_1.schnell.takes(100)

    async def tasks() -> None:
        async with AsyncFal(timeout=150) as fal:
            await asyncio.gather(*(fal.flux_1.schnell.subscribe(prompt=str(n)) for n in range(30)))

    asyncio.run(tasks())
    assert 100 <= fake.clock.now() < 140
    began = fake.clock.now()
    fal = Fal(timeout=200)

    def call(number: int) -> None:
        fal.flux_1.schnell.subscribe(prompt=str(number))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(call, range(8)))
    assert 100 <= fake.clock.now() - began < 190


def test_a_pause_that_is_broken_off_moves_nothing() -> None:
    clock = FakeClock()

    async def cancelled() -> None:
        async def look() -> None:
            while True:
                clock.now()
                await asyncio.sleep(0)

        looking = asyncio.create_task(look())  # so it does not come to an end at once
        pausing = asyncio.create_task(clock.apause(10))
        await asyncio.sleep(0)
        pausing.cancel()
        looking.cancel()
        await asyncio.gather(pausing, looking, return_exceptions=True)

    asyncio.run(cancelled())
    assert clock.now() == 0
    clock.pause(-1)
    clock.pause(2.5)
    assert clock.now() == 2.5
