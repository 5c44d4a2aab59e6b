"""Calls that nobody goes on with: each is told as closed, whichever way it is left."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Gate
from fal_server.stream import event
from heard import Heard
from runtime.events import kinds
from runtime.events.states import InProgress, LogEntry
from runtime.events.tracing import Tracing
from runtime_twin import OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer

LEFT = ["Started", "Closed"]
SIGNED = "https://v3.fal.media/x?signature=secret"


@pytest.mark.parametrize("read", [0, 1])
def test_a_stream_that_is_dropped_is_closed(server: FalServer, twin: Twin, read: int) -> None:
    server.stream(f"{SCHNELL}/stream", event({"a": 1}), event(OUTPUT))
    heard = Heard()

    async def later(fal: Any) -> None:
        stream = await fal.flux_1.schnell.stream(prompt="x").__aenter__()
        for _ in range(read):
            await anext(stream)
        del stream
        await asyncio.sleep(0)
        assert heard.kinds() == LEFT

    def sync(fal: Any) -> None:
        stream = fal.flux_1.schnell.stream(prompt="x").__enter__()
        for _ in range(read):
            next(stream)
        del stream
        assert heard.kinds() == LEFT

    gc.disable()  # it goes by itself
    try:
        twin.do(later if twin.is_async else sync, on_event=heard)
    finally:
        gc.enable()
    assert heard.kinds() == LEFT
    assert heard[-1].request_id == "stream-1"


def test_no_span_is_kept_of_a_stream_that_is_dropped(server: FalServer, twin: Twin) -> None:
    server.stream(f"{SCHNELL}/stream", event(OUTPUT))
    tracing = Tracing()

    async def later(fal: Any) -> None:
        await fal.flux_1.schnell.stream(prompt="x").__aenter__()

    def sync(fal: Any) -> None:
        fal.flux_1.schnell.stream(prompt="x").__enter__()

    twin.do(later if twin.is_async else sync, on_event=tracing)
    assert tracing._spans == {}


@pytest.mark.parametrize("way", ["break", "return", "error", "cancel"])
def test_updates_that_are_left_in_a_loop_are_closed(server: FalServer, way: str) -> None:
    heard = Heard()

    async def main() -> None:
        fal = Twin(server, is_async=True).client(on_event=heard)
        updates = (await fal.flux_1.schnell.submit(prompt="x")).updates()
        heard.clear()
        async for _ in updates:
            if way == "return":
                return
            if way == "error":
                raise ZeroDivisionError
            if way == "cancel":
                raise asyncio.CancelledError
            break

    if way in ("break", "return"):
        asyncio.run(main())
    else:
        with pytest.raises(ZeroDivisionError if way == "error" else asyncio.CancelledError):
            asyncio.run(main())
    gc.collect()
    assert heard.kinds() == ["Started", "Updated", "Closed"]


def test_updates_that_an_event_loop_cancels_as_it_ends_are_closed(server: FalServer) -> None:
    """Then the cancellation comes where the update was given away."""
    heard = Heard()

    async def main() -> None:
        fal = Twin(server, is_async=True).client(on_event=heard)
        updates = (await fal.flux_1.schnell.submit(prompt="x")).updates()
        heard.clear()
        await anext(updates)
        with pytest.raises(asyncio.CancelledError):
            await updates.athrow(asyncio.CancelledError())

    asyncio.run(main())
    assert heard.kinds() == ["Started", "Updated", "Closed"]


def test_updates_that_are_waited_for_and_cancelled_fail(server: FalServer) -> None:
    gate, heard = Gate(), Heard()
    server.plan(SCHNELL, told=[["state", gate]])

    async def main() -> None:
        async with Twin(server, is_async=True).client(on_event=heard) as fal:
            updates = (await fal.flux_1.schnell.submit(prompt="x")).updates()
            await anext(updates)
            heard.clear()
            task = asyncio.ensure_future(anext(updates))
            await asyncio.sleep(0.05)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    gate.open()
    assert heard.kinds() == ["Failed"]


def test_a_repr_quotes_no_input() -> None:
    known: dict[str, Any] = {"endpoint": "a/b", "call": 1, "request_id": "r", "seconds": 0.5}
    before = "endpoint='a/b', call=1, request_id='r', seconds=0.5"
    logs = (LogEntry(f"uploaded to {SIGNED}"), LogEntry("prompt: private"))
    told = {
        repr(kinds.Failed(**known, error=ValueError("private"))): f"Failed({before}, error=<ValueError>)",
        repr(kinds.Updated(**known, status=InProgress("r", logs))): (
            f"Updated({before}, status=<InProgress with 2 log entries>)"
        ),
        repr(kinds.Updated(**known, status=InProgress("r", logs[:1]))): (
            f"Updated({before}, status=<InProgress with 1 log entry>)"
        ),
        repr(kinds.Updated(**known, status=InProgress("r"))): f"Updated({before}, status=<InProgress>)",
        repr(kinds.Completed(**known, billable_units=2.0)): f"Completed({before}, billable_units=2.0)",
    }
    for got, wanted in told.items():
        assert got == wanted
