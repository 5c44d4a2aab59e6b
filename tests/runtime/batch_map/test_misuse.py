"""What callers do to a `map` that they should not, or that nobody thought of: nothing is paid twice, nothing hangs."""

from __future__ import annotations

import asyncio
import os
import threading
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import faults
from mapping import echo, mapped, prompts, sent, settled
from runtime.batch.mapping.transports import JobTransport
from runtime.journal.errors import JournalError
from runtime.journal.journal import Journal
from runtime_twin import SCHNELL, Twin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from fal_server import FalServer


def test_an_input_that_is_used_again_for_the_next(twin: Twin, server: FalServer) -> None:
    """What is sent is what was there when it was read, of which the key is made."""
    given: dict[str, Any] = {"prompt": "a cat", "image_size": {"width": 0, "height": 64}}

    def inputs() -> Iterator[dict[str, Any]]:
        for width in range(100, 108):
            given["image_size"]["width"] = width
            yield given

    found = mapped(twin, inputs(), window=3)
    assert found.errors == []
    assert sorted(accepted.input["image_size"]["width"] for accepted in server.accepted) == [*range(100, 108)]


def test_equal_inputs_that_are_one_job_are_tried_again_once(twin: Twin, server: FalServer) -> None:
    server.plan(SCHNELL, first={"result": [faults.model_error(422)] * 20})
    same = [{"prompt": "p0"}] * 5
    journal = Journal.in_memory()
    for run in range(1, 4):
        found = mapped(twin, same, window=3, dedupe=True, retry=True, journal=journal)
        assert len(found.errors) == 5
        assert len(sent(server)) == run


def test_what_fails_is_submitted_too(twin: Twin, server: FalServer) -> None:
    server.plan(SCHNELL, first={"result": [faults.model_error(422)] * 20})
    found = mapped(twin, prompts(20), window=4, stop_after=5)
    assert len(sent(server)) == len(found.jobs) == 5


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_child_does_not_wait_for_the_threads_of_its_parent(server: FalServer) -> None:
    server.plan(SCHNELL, answers=echo)
    with Twin(server, is_async=False).client() as fal:
        jobs = fal.flux_1.schnell.map(prompts(10), window=3)
        next(jobs)
        if not (child := os.fork()):
            threading.Timer(10, os._exit, [1]).start()
            try:
                next(jobs)
            except RuntimeError as error:
                jobs.close()
                os._exit(0 if "by the process that began it" in str(error) else 2)
            os._exit(3)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
        assert len(list(jobs)) == 9
    assert len(sent(server)) == 10


def test_what_ends_all_does_not_wait_for_another_input(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = Journal.in_memory()

    async def inputs() -> AsyncIterator[dict[str, Any]]:
        yield {"prompt": "p0"}
        await asyncio.Event().wait()  # nobody ever gives another one

    def broken(*_: object) -> None:
        raise JournalError("the disk is full")

    async def read() -> None:
        async with Twin(server, is_async=True).client() as fal:
            with pytest.raises(JournalError, match="disk is full"):
                async for _ in fal.flux_1.schnell.map(inputs(), journal=journal):
                    pass

    monkeypatch.setattr(journal.store, "done", broken)
    asyncio.run(asyncio.wait_for(read(), 20))


def test_many_short_maps_leave_no_threads(server: FalServer) -> None:
    def leases() -> int:
        return sum(thread.name == "fal-leases" for thread in threading.enumerate())

    before = leases()
    with Twin(server, is_async=False).client() as fal:
        for _ in range(10):
            list(fal.flux_1.schnell.map(prompts(2)))
    settled(lambda: leases() <= before)


def test_a_misspelt_setting_is_told_how_it_is_spelt(twin: Twin) -> None:
    with pytest.raises(TypeError, match=r"unexpected keyword argument 'windw'.*did you mean 'window'"):
        twin.do(lambda fal: fal.flux_1.schnell.map([], windw=3))


@pytest.mark.parametrize("most", [0, 1, 3])
def test_a_machine_that_has_no_more_threads(server: FalServer, monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Those that there are do it all; without one, it says so. Its connections are closed in the end."""
    server.plan(SCHNELL, answers=echo)
    started: list[threading.Thread] = []
    closed: list[object] = []
    start, close = threading.Thread.start, JobTransport.close

    def start_few(thread: threading.Thread) -> None:
        if thread.name == "fal-map":
            if len(started) == most:
                raise RuntimeError("can't start new thread")
            started.append(thread)
        start(thread)

    def closing(transport: JobTransport) -> None:
        closed.append(transport)
        close(transport)

    monkeypatch.setattr(threading.Thread, "start", start_few)
    monkeypatch.setattr(JobTransport, "close", closing)
    found = mapped(Twin(server, is_async=False), prompts(10), window=5)
    assert [type(found.error)] == ([type(None)] if most else [RuntimeError])
    assert sorted(sent(server)) == ([f"p{index}" for index in range(10)] if most else [])
    assert len(started) == most
    assert closed
