"""What stops a job from outside leaves it such that the next run goes on with it; who only slept does not submit."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from fal_server import FalServer, Reply, faults, interrupt, until
from fal_server.plan import Gate, in_progress
from jobs import QUICK, History, done, job, wanted
from runtime.batch.errors import UnclearJobError
from runtime.batch.life import Rules, lived
from runtime.errors import ClientClosedError
from runtime.journal import clock
from runtime.journal.errors import JournalError, TwiceSubmittedError
from runtime.journal.journal import Journal
from runtime.journal.records import Grant, JobState
from runtime_sample import AsyncFal
from runtime_twin import KEY, OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from collections.abc import Callable


@pytest.fixture
def journal() -> Journal:
    return Journal.in_memory()


def left(journal: Journal) -> list[tuple[str, bool]]:
    """The states, and whether anybody has the job."""
    return [(record.state.value, record.owner is not None) for record in journal.store.each()]


async def _cancelled(server: FalServer, journal: Journal, when: Callable[[], object], how: str = "task") -> None:
    twin = Twin(server, is_async=True)

    async def called(endpoint: Any) -> None:
        await done(twin, endpoint, wanted(endpoint), journal)

    async def waits() -> None:
        await asyncio.to_thread(until, when, "that did not happen")

    async with AsyncFal(KEY, hosts=twin.hosts) as fal:
        endpoint = fal.flux_1.schnell.with_options(poll_interval=60)
        if how == "scope":
            async with anyio.create_task_group() as group:
                group.start_soon(called, endpoint)
                await waits()
                group.cancel_scope.cancel()
            return
        task = asyncio.create_task(called(endpoint))
        await waits()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task


@pytest.mark.parametrize("how", ["task", "scope"])
def test_a_task_that_is_cancelled_while_it_waits(server: FalServer, journal: Journal, how: str) -> None:
    plan = server.plan(SCHNELL, output=OUTPUT, states=[in_progress()])
    asyncio.run(_cancelled(server, journal, lambda: server.requests("GET"), how))
    assert left(journal) == [("submitted", False)]
    plan.states = [{"status": "COMPLETED"}]
    assert job(Twin(server, is_async=True), journal).how == "picked up"
    assert len(server.accepted) == 1


@pytest.mark.parametrize("how", ["task", "scope"])
def test_a_task_that_is_cancelled_while_it_submits(server: FalServer, journal: Journal, how: str) -> None:
    gate = Gate()
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [Reply(usual=True, gate=gate)]})
    asyncio.run(_cancelled(server, journal, lambda: gate.arrived, how))
    gate.open()
    assert left(journal) == [("sending", False)]
    History(server)
    assert job(Twin(server, is_async=True), journal).how == "adopted"
    assert len(server.accepted) == 1


class Slow(Journal):
    """One that takes a while to claim and to announce."""

    arrived: list[str]

    def claim(self, *given: Any, **more: Any) -> Any:
        self.arrived.append("claim")
        time.sleep(0.2)
        return super().claim(*given, **more)

    def sending(self, *given: Any, **more: Any) -> Any:
        self.arrived.append("sending")
        time.sleep(0.2)
        return super().sending(*given, **more)


@pytest.mark.parametrize("how", ["task", "scope"])
@pytest.mark.parametrize("where", ["claim", "sending"])
def test_a_task_that_is_cancelled_while_it_is_written_down(server: FalServer, how: str, where: str) -> None:
    journal = Slow.in_memory()
    journal.arrived = []
    asyncio.run(_cancelled(server, journal, lambda: where in journal.arrived, how))
    assert left(journal) == []
    assert server.accepted == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to every process of a terminal")
def test_ctrl_c_leaves_it_submitted(server: FalServer, journal: Journal) -> None:
    plan = server.plan(SCHNELL, output=OUTPUT, states=[in_progress()])
    twin = Twin(server, is_async=False)

    thread = threading.Thread(target=interrupt, args=(lambda: server.requests("GET"), "nobody waits"))
    thread.start()
    with pytest.raises(KeyboardInterrupt) as caught:
        job(twin, journal, options={"poll_interval": 60})
    thread.join()
    assert "request id" in caught.value.__notes__[0]
    assert left(journal) == [("submitted", False)]
    plan.states = [{"status": "COMPLETED"}]
    assert job(twin, journal).how == "picked up"


def test_what_a_callback_raises_is_told_and_leaves_it_submitted(
    server: FalServer, twin: Twin, journal: Journal
) -> None:
    def callback(_: object) -> None:
        raise LookupError("mine")

    found = job(twin, journal, options={"on_queue_update": callback})
    assert isinstance(found.error, LookupError)
    assert left(journal) == [("submitted", False)]
    assert job(twin, journal).how == "picked up"


def test_fal_is_asked_to_cancel_where_that_is_wanted(server: FalServer, twin: Twin, journal: Journal) -> None:
    def callback(_: object) -> None:
        raise LookupError("mine")

    found = job(twin, journal, options={"on_queue_update": callback, "cancel_on_interrupt": True})
    assert isinstance(found.error, LookupError)
    assert len(server.requests("PUT")) == 1


def test_a_call_that_is_dropped_is_given_back(server: FalServer, journal: Journal) -> None:
    """A coroutine that was closed: nobody does what would be asked for."""
    call = Twin(server, is_async=False).client().flux_1.schnell._call()
    endpoint = Twin(server, is_async=False).client().flux_1.schnell
    limits = call.limits()
    steps = lived(call, wanted(endpoint), journal, QUICK, limits)
    step = next(steps)
    step.work()
    step = steps.send(None)
    step.work()
    steps.send(None)
    assert left(journal) == [("sending", True)]
    steps.close()
    assert left(journal) == []  # nothing was sent


# Who only slept.


class Asleep(Journal):
    """One whose worker finds its lease over at some of the moments at which it is looked at."""

    looks: list[bool]

    def good_until(self, held: Any) -> float:
        is_good = self.looks.pop(0) if self.looks else True
        return super().good_until(held) if is_good else clock.awake() - 1


LOOKS = {"before": [False], "when it is written": [True, False], "after its head": [True, True, False]}


@pytest.mark.parametrize("looks", LOOKS.values(), ids=LOOKS)
def test_who_slept_does_not_submit(server: FalServer, twin: Twin, looks: list[bool]) -> None:
    journal = Asleep.in_memory()
    journal.looks = [*looks]
    assert job(twin, journal).how == "made"
    assert journal.looks == []
    assert [len(server.requests("POST")), len(server.accepted)] == [1, 1]
    assert next(journal.store.each()).attempt == 1  # it was forgotten meanwhile, as nothing was sent


def test_each_retry_looks_again(server: FalServer, twin: Twin) -> None:
    journal = Asleep.in_memory()
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [faults.too_many("0")]})
    journal.looks = [True, True, True, False]
    assert job(twin, journal).how == "made"
    assert len(server.requests("POST")) == 2
    assert len(server.accepted) == 1


def test_who_slept_gives_way_to_who_has_taken_it(server: FalServer, twin: Twin) -> None:
    """While it slept before its submit, another one has taken the job and looks for it in the history."""

    class Taken(Journal):
        def good_until(self, held: Any) -> float:
            other = Journal.in_memory()
            other.store = self.store
            record = self.store.get(held.key)
            assert record is not None
            if record.state is JobState.SENDING and record.attempt == 1:
                claim = self.store.claim(self.job, "other", 60, is_gone=lambda _: True)
                assert claim.grant is Grant.LOOK_UP
                assert claim.held is not None
                self.store.adopt(claim.held, {"endpoint": SCHNELL, "request_id": self.theirs})
                self.store.release(claim.held)
                return clock.awake() - 1
            return super().good_until(held)

    journal: Any = Taken.in_memory()
    server.known_request("theirs", server.plans[SCHNELL])
    journal.theirs = "theirs"

    def steps(fal: Any) -> Any:
        journal.job = wanted(fal.flux_1.schnell).wanted
        found = yield done(twin, fal.flux_1.schnell, wanted(fal.flux_1.schnell), journal)
        assert (found.how, found.record.request_id) == ("picked up", "theirs")

    twin.do(steps)
    assert server.accepted == []


def test_an_id_that_comes_late_is_not_lost(server: FalServer, twin: Twin) -> None:
    """Another one took the job while it was being submitted, and has submitted it, too: both ids are told."""

    class Late(Journal):
        def submitted(self, held: Any, handle: Any) -> None:
            if held.attempt == 1:
                claim = self.store.claim(self.job, "other", 60, is_gone=lambda _: True)
                assert claim.held is not None
                self.store.adopt(claim.held, {"endpoint": SCHNELL, "request_id": "theirs"})
            super().submitted(held, handle)

    journal: Any = Late.in_memory()

    def steps(fal: Any) -> Any:
        journal.job = wanted(fal.flux_1.schnell).wanted
        return done(twin, fal.flux_1.schnell, wanted(fal.flux_1.schnell), journal)

    found = twin.do(steps)
    assert isinstance(found.error, TwiceSubmittedError)
    assert "theirs" in str(found.error)
    assert server.accepted
    assert journal.store.known_ids({*server._submissions}) == {*server._submissions}  # it is no other job's


# What is worse.


def test_a_journal_that_fails_ends_the_run_and_the_id_is_told(server: FalServer, twin: Twin) -> None:
    class Broken(Journal):
        def submitted(self, held: Any, handle: Any) -> None:
            raise JournalError("disk full")

    journal = Broken.in_memory()
    with pytest.raises(JournalError) as caught:
        job(twin, journal)
    (request_id,) = server._submissions
    assert request_id in caught.value.__notes__[0]
    assert left(journal) == [("sending", True)] or left(journal) == [("sending", False)]


@pytest.mark.parametrize(
    ("fault", "is_there"),
    [(faults.DROPPED, False), (faults.LOST, True), (faults.gateway(502), True), (Reply(200, b"<html>"), True)],
    ids=["dropped", "lost", "502", "garbled"],
)
def test_what_may_have_arrived_is_looked_up(
    server: FalServer, twin: Twin, journal: Journal, fault: Reply, is_there: bool
) -> None:
    History(server)
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [fault]})
    found = job(twin, journal, options={"max_retries": 3})
    if fault is not faults.DROPPED:
        assert (found.how, found.error) == ("adopted", None)
    else:
        assert found.how == "adopted" or isinstance(found.error, UnclearJobError)
    assert len(server.requests("POST")) == 1


def test_a_history_that_lags_is_asked_again(server: FalServer, twin: Twin, journal: Journal) -> None:
    history = History(server, lag=1)

    def heard() -> None:
        history.lag = int(history.asked < 2)

    history.heard = heard
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [faults.LOST]})
    assert job(twin, journal, Rules(lookup_for=20)).how == "adopted"
    assert history.asked == 2


@pytest.mark.parametrize(
    ("reply", "asked"), [(Reply(403, {"error": {"message": "no scope"}}), 1), (Reply(401, {"detail": "no"}), 1)]
)
def test_a_history_that_is_refused_is_not_asked_again(
    server: FalServer, twin: Twin, journal: Journal, reply: Reply, asked: int
) -> None:
    history = History(server, first=[reply] * 9)
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [faults.LOST]})
    found = job(twin, journal, Rules(lookup_for=20))
    assert isinstance(found.error, UnclearJobError)
    assert "cannot be asked" in str(found.error)
    assert history.asked == asked


def test_none_is_believed_once_in_a_run(
    server: FalServer, twin: Twin, journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever swallows every request is not given them for ever."""
    monkeypatch.setattr("runtime.batch.stages.recovery.SENDING_SECONDS", 0.0)
    History(server, lag=99)
    server.plan(SCHNELL, output=OUTPUT, always={"submit": faults.LOST})
    found = job(twin, journal, Rules(lookup_for=5, resubmit_after=0.1))
    assert isinstance(found.error, UnclearJobError)
    assert len(server.accepted) == 2


def test_the_time_of_a_call_is_its_lookups_too(server: FalServer, twin: Twin, journal: Journal) -> None:
    History(server, lag=1)
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [faults.LOST]})
    began = time.monotonic()
    found = job(twin, journal, Rules(lookup_for=60), options={"timeout": 1.0})
    assert found.error is not None
    assert time.monotonic() - began < 20
    assert left(journal) == [("unclear", False)] or left(journal) == [("sending", False)]


def test_a_client_that_is_closed_meanwhile_is_no_riddle(server: FalServer, journal: Journal) -> None:
    History(server)
    gate = Gate()
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [Reply(usual=True, gate=gate)]})
    twin = Twin(server, is_async=False)
    fal = twin.client()
    found: list[Any] = []
    endpoint = fal.flux_1.schnell
    thread = threading.Thread(target=lambda: found.append(done(twin, endpoint, wanted(endpoint), journal)))
    thread.start()
    until(lambda: gate.arrived, "nobody submits")
    fal.close()
    thread.join()
    gate.open()
    assert isinstance(found[0].error, UnclearJobError)
    assert isinstance(found[0].error.__cause__, ClientClosedError)
    assert job(twin, journal).how == "adopted"


def test_an_id_is_tried_to_be_written_down_twice(server: FalServer, twin: Twin) -> None:
    """A database that is away for a moment ends the run, and loses nothing."""

    class Away(Journal):
        times = 0

        def submitted(self, held: Any, handle: Any) -> None:
            self.times += 1
            if self.times == 1:
                raise JournalError("away")
            super().submitted(held, handle)

    journal = Away.in_memory()
    with pytest.raises(JournalError, match="away"):
        job(twin, journal)
    assert left(journal) == [("submitted", False)]
    assert job(twin, journal).how == "picked up"
    assert len(server.accepted) == 1
