"""What becomes of a `map` that is stopped: nothing is paid twice, nothing goes on, and it is said how to go on."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Gate, faults
from mapping import echo, mapped, prompts, sent, settled, slow
from runtime.journal.journal import Journal
from runtime.journal.records import JobState
from runtime_twin import OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer

STOPPED = Path(__file__).with_name("stopped_program.py")


def threads() -> int:
    return sum(thread.name.startswith("fal-map") for thread in threading.enumerate())


def states(journal: Journal) -> list[JobState]:
    return [record.state for record in journal.store.each()]


def test_a_loop_that_is_left_begins_no_more(server: FalServer) -> None:
    """Without a `with` block, too: the iterator is gone with the loop."""
    journal = Journal.in_memory()
    gate = Gate()
    server.plan(SCHNELL, answers=echo, first={"result": [replace(faults.held(gate), usual=True)] * 4})
    with Twin(server, is_async=False).client() as fal:
        for _ in fal.flux_1.schnell.with_options(poll_interval=0.01).map(prompts(30), window=5, journal=journal):
            break
        gc.collect()
        settled(lambda: threads() == 0)
        gate.open()
        assert set(states(journal)) <= {JobState.DONE, JobState.SUBMITTED}
        assert len(sent(server)) == len(states(journal)) <= 11
        found = [*fal.flux_1.schnell.map(prompts(30), window=5, journal=journal)]
    assert sorted(job.output.seed for job in found) == [*range(30)]
    assert len(sent(server)) == 30


def test_threads_end_with_the_last_job_though_nobody_asks_for_more(server: FalServer) -> None:
    server.plan(SCHNELL, answers=echo)
    with Twin(server, is_async=False).client() as fal:
        jobs = fal.flux_1.schnell.map(prompts(3), window=5)
        assert [next(jobs).index for _ in range(3)]
        settled(lambda: threads() == 0)
        jobs.close()


@pytest.mark.parametrize("purpose", ["submit", "status", "result"])
def test_a_submit_that_has_begun_comes_to_its_end(twin: Twin, server: FalServer, purpose: str) -> None:
    """Closed while fal accepts some: their ids are written down, and those that wait are left at once."""
    journal = Journal.in_memory()
    gate = Gate()
    server.plan(SCHNELL, answers=echo, first={purpose: [replace(faults.held(gate), usual=True)] * 3})

    def close(fal: Any) -> Any:
        jobs = fal.flux_1.schnell.map(prompts(30), window=3, journal=journal)
        return close_async(jobs) if twin.is_async else close_sync(jobs)

    def close_sync(jobs: Any) -> None:
        reading = threading.Thread(target=lambda: [*jobs])
        reading.start()
        settled(lambda: gate.arrived == 3)
        opening = threading.Timer(0.3 if purpose == "submit" else 20, gate.open)
        opening.start()
        jobs.close()
        opening.cancel()
        reading.join()

    async def close_async(jobs: Any) -> None:
        async def read() -> None:
            async for _ in jobs:
                pass

        reading = asyncio.create_task(read())
        while gate.arrived < 3:
            await asyncio.sleep(0.01)
        opening = asyncio.get_running_loop().call_later(0.3 if purpose == "submit" else 20, gate.open)
        await jobs.aclose()
        opening.cancel()
        await reading

    twin.do(close)
    assert gate.is_open is (purpose == "submit")
    gate.open()
    assert set(states(journal)) == {JobState.SUBMITTED}
    assert len(sent(server)) == len(states(journal)) == 3
    server.plan(SCHNELL, answers=echo)
    found = mapped(twin, prompts(30), journal=journal)
    assert sorted(job.how for job in found.jobs) == ["made"] * 27 + ["picked up"] * 3
    assert len(sent(server)) == 30


def test_a_cancelled_loop_ends_all_of_it(server: FalServer) -> None:
    journal = Journal.in_memory()
    server.plan(SCHNELL, output=OUTPUT, seconds=slow())

    async def main() -> None:
        async with Twin(server, is_async=True).client() as fal:
            jobs = fal.flux_1.schnell.map(prompts(30), window=3, journal=journal)
            with pytest.raises(TimeoutError) as raised:
                async with asyncio.timeout(2):
                    await anext(jobs)
            assert raised.value.__cause__ is not None
            (told,) = raised.value.__cause__.__notes__
            assert told.startswith(f"{SCHNELL}: 0 jobs are done, and 3 were in flight, that the next run picks up")
            assert not [task for task in asyncio.all_tasks() if task.get_name().startswith("fal-map")]
            assert [job async for job in jobs] == []

    asyncio.run(main())
    assert states(journal) == [JobState.SUBMITTED] * 3
    assert all(record.owner is None for record in journal.store.each())


def test_what_is_dropped_when_its_loop_is_gone_gives_up_its_jobs(server: FalServer) -> None:
    journal = Journal.in_memory()
    server.plan(SCHNELL, output=OUTPUT)

    async def main() -> Any:
        async with Twin(server, is_async=True).client() as fal:
            jobs = fal.flux_1.schnell.map(prompts(3), window=1, journal=journal)
            await anext(jobs)
            return jobs

    running = asyncio.run(main())._running
    running.drop()
    assert running._is_stopped
    assert all(record.owner is None for record in journal.store.each())


def test_cancel_on_interrupt_asks_fal_to_drop_them(twin: Twin, server: FalServer) -> None:
    server.plan(SCHNELL, output=OUTPUT, seconds=slow(*(f"p{at}" for at in range(1, 30))))
    mapped(twin, prompts(30), window=3, at_most=1, options={"cancel_on_interrupt": True})
    cancelled = [seen for seen in server.seen if seen.method == "PUT"]
    assert len(cancelled) == len(sent(server)) - 1


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send there")
@pytest.mark.parametrize("kind", ["sync", "async"])
def test_ctrl_c(kind: str, server: FalServer, tmp_path: Path) -> None:
    """Of a whole program: it ends at once, says how to go on, and the same line goes on from there."""
    late = ["p8", "p9"]

    def takes(given: Any) -> float:
        return 60.0 if given["prompt"] in late else 0.0

    server.plan(SCHNELL, answers=echo, seconds=takes)
    path = str(tmp_path / "run.sqlite")
    command = [sys.executable, str(STOPPED), kind, path, server.run_url, server.queue_url]
    env = {**os.environ, "FAL_KEY": "a:b", "PYTHONPATH": os.pathsep.join(sys.path)}
    program = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=env)
    settled(lambda: len(sent(server)) == 10, seconds=30)
    with Journal(path) as journal:
        settled(lambda: states(journal).count(JobState.DONE) == 8)
    program.send_signal(signal.SIGINT)
    told = program.communicate(timeout=20)[1]
    assert "8 jobs are done, and 2 were in flight, that the next run picks up; the same call with the journal " in told
    assert "KeyboardInterrupt" in told
    late.clear()
    with Journal(path) as journal:
        assert states(journal).count(JobState.SUBMITTED) == 2
        found = mapped(Twin(server, is_async=kind == "async"), prompts(10), journal=journal)
    assert sorted(job.how for job in found.jobs) == ["kept"] * 8 + ["picked up"] * 2
    assert found.errors == []
    assert len(sent(server)) == 10
