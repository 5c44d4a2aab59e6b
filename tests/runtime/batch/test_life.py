"""One job, from its claim to its output."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Reply, faults
from jobs import QUICK, History, done, job, side_by_side, wanted
from runtime import errors
from runtime.batch.errors import JobFailedError, UnclearJobError
from runtime.batch.life import Rules
from runtime.errors import InvalidInputError
from runtime.journal.errors import JournalError
from runtime.journal.journal import Journal
from runtime.journal.records import JobState
from runtime.outputs.model import response_info
from runtime_twin import OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from pathlib import Path

    from fal_server import FalServer


@pytest.fixture
def journal() -> Journal:
    return Journal.in_memory()


def states(journal: Journal) -> list[str]:
    return [record.state.value for record in journal.store.each()]


def test_a_job_is_submitted_once_and_kept(server: FalServer, twin: Twin, journal: Journal) -> None:
    server.plan(SCHNELL, output=OUTPUT, result_headers={"x-fal-billable-units": "2.5"})
    made, kept = job(twin, journal), job(twin, journal)
    assert (made.how, kept.how) == ("made", "kept")
    assert made.output == kept.output
    assert made.output.seed == kept.output.seed == 7
    assert response_info(kept.output).request_id == response_info(made.output).request_id == made.record.request_id
    assert response_info(kept.output).billable_units == kept.record.units == made.record.units == 2.5
    assert len(server.accepted) == 1
    assert states(journal) == ["done"]


def test_its_states_are_written_down_before_what_comes_next(server: FalServer, twin: Twin, journal: Journal) -> None:
    seen: list[tuple[str, list[str]]] = []
    wire: list[str | None] = []

    class Watched(list[Any]):
        def append(self, one: Any) -> None:
            seen.append((one.method, states(journal)))
            wire.append(next(journal.store.each()).wire)
            super().append(one)

    server.seen = Watched()
    job(twin, journal)
    assert seen[0] == ("POST", ["sending"])
    assert wire[0] == '{"prompt":"a cat"}'
    assert {states[0] for _, states in seen[1:]} == {"submitted"}


def test_equal_inputs_are_as_many_jobs_as_are_wanted(server: FalServer, twin: Twin, journal: Journal) -> None:
    for number in (0, 1, 1):
        job(twin, journal, number=number)
    job(twin, journal, salt="another run")
    assert len(server.accepted) == 3


@pytest.mark.parametrize("fault", [faults.too_many(), Reply(401, {"detail": "no"}), Reply(403, {"detail": "no"})])
def test_what_fal_refuses_leaves_nothing_open(server: FalServer, twin: Twin, journal: Journal, fault: Reply) -> None:
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [fault]})
    refused = job(twin, journal, options={"max_retries": 0})
    assert isinstance(refused.error, errors.APIStatusError)
    assert states(journal) == []
    assert job(twin, journal).output.seed == 7
    assert len(server.accepted) == 1


def test_an_input_that_is_none_leaves_nothing_open(server: FalServer, twin: Twin, journal: Journal) -> None:
    with pytest.raises(errors.InvalidInputError):
        job(twin, journal, prompt=3)
    refused = job(twin, journal, prompt="x", image_url=b"\0")
    assert isinstance(refused.error, errors.APIStatusError | errors.FileTransferError | None)
    assert not server.requests("POST", "nothing")


def test_what_the_model_refused_has_failed_and_is_made_anew_if_asked(
    server: FalServer, twin: Twin, journal: Journal
) -> None:
    server.plan(SCHNELL, output=OUTPUT, first={"result": [faults.model_error(422, **{"x-fal-billable-units": "1"})]})
    failed = job(twin, journal)
    assert isinstance(failed.error, errors.ModelError)
    assert failed.record.units == 1
    again = job(twin, journal)
    assert isinstance(again.error, JobFailedError)
    assert (again.error.kind, again.error.status_code) == ("ModelError", 422)
    assert "It broke" in str(again.error)
    assert len(server.accepted) == 1
    assert job(twin, journal, Rules(retry=True)).output.seed == 7
    assert len(server.accepted) == 2


@pytest.mark.parametrize(
    "fault",
    [
        faults.gateway(503),
        Reply(401, {"detail": "no"}),
        Reply(429, {"detail": "no"}),
        Reply(200, b"<html>"),
        Reply(500, b"<html>"),
    ],
    ids=["gateway", "key", "too many", "garbled", "page"],
)
def test_what_says_nothing_of_the_job_leaves_it_submitted(
    server: FalServer, twin: Twin, journal: Journal, fault: Reply
) -> None:
    server.plan(SCHNELL, output=OUTPUT, always={"result": fault})
    left = job(twin, journal, options={"timeout": 1.0})
    assert left.error is not None
    assert states(journal) == ["submitted"]
    server.plans[SCHNELL].always.clear()
    picked_up = job(twin, journal)
    assert (picked_up.how, picked_up.output.seed) == ("picked up", 7)
    assert len(server.accepted) == 1


def test_a_wait_that_is_over_leaves_it_submitted(server: FalServer, twin: Twin, journal: Journal) -> None:
    gate = server.plan(SCHNELL, output=OUTPUT, states=[{"status": "IN_PROGRESS"}])
    late = job(twin, journal, options={"timeout": 0.5})
    assert isinstance(late.error, errors.DeadlineExceededError)
    assert not server.requests("PUT")  # it is not cancelled: it is paid for, and is picked up
    gate.states = [{"status": "COMPLETED"}]
    assert job(twin, journal).how == "picked up"
    assert len(server.accepted) == 1


def test_a_job_of_another_worker_is_waited_for(server: FalServer, twin: Twin, journal: Journal) -> None:
    def work(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell
        return done(twin, endpoint, wanted(endpoint), journal)

    found = side_by_side(twin, work, work, work)
    assert sorted(each.how for each in found) == ["kept", "kept", "made"]
    assert len(server.accepted) == 1


def test_the_slots_of_the_journal_are_kept(server: FalServer, twin: Twin, journal: Journal) -> None:
    most = 0

    class Watched(list[Any]):
        def append(self, one: Any) -> None:
            nonlocal most
            most = max(most, sum(record.state is JobState.SUBMITTED for record in journal.store.each()))
            super().append(one)

    server.seen = Watched()

    def work(number: int) -> Any:
        def of(fal: Any) -> Any:
            endpoint = fal.flux_1.schnell
            return done(twin, endpoint, wanted(endpoint, number=number), journal, Rules(max_in_flight=2))

        return of

    found = side_by_side(twin, *map(work, range(6)))
    assert [each.how for each in found] == ["made"] * 6
    assert most <= 2


def test_a_submit_without_an_answer_is_looked_up(server: FalServer, twin: Twin, journal: Journal) -> None:
    history = History(server)
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [faults.LOST]})
    found = job(twin, journal)
    assert (found.how, found.output.seed) == ("adopted", 7)
    assert history.asked == 1
    assert len(server.accepted) == 1


def test_what_is_unclear_in_memory_is_not_looked_for_in_a_journal_that_is_gone(server: FalServer, twin: Twin) -> None:
    History(server, lag=1)
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [faults.LOST]})
    unclear = job(twin, Journal.in_memory())
    assert isinstance(unclear.error, UnclearJobError)
    assert "journal.adopt" not in str(unclear.error)
    for word in ("fal.requests.find", "request(request_id)", "A journal in a file", "resubmit_after"):
        assert word in str(unclear.error)


def test_a_submit_that_the_history_does_not_have_stays_unclear(server: FalServer, twin: Twin, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.sqlite")
    History(server, lag=1)
    server.plan(SCHNELL, output=OUTPUT, first={"submit": [faults.LOST]})
    unclear = job(twin, journal)
    assert isinstance(unclear.error, UnclearJobError)
    assert isinstance(unclear.error.__cause__, errors.APIConnectionError)
    assert states(journal) == ["unclear"]
    for word in ("resubmit_after", f"journal.adopt('{unclear.record.key}'", "journal.forget", SCHNELL):
        assert word in str(unclear.error)
    assert isinstance(job(twin, journal).error, UnclearJobError)
    assert len(server.accepted) == 1
    History(server)
    assert job(twin, journal).how == "adopted"
    assert len(server.accepted) == 1


def test_a_file_that_changes_after_its_key_was_made_is_not_sent(twin: Twin, server: FalServer, tmp_path: Path) -> None:
    path, journal = tmp_path / "a.png", Journal.in_memory()
    path.write_bytes(b"one")

    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(timeout=20)
        job = wanted(endpoint, prompt="x", image_url=path)
        path.write_bytes(b"two, longer")
        return done(twin, endpoint, job, journal)

    finished = twin.do(steps)
    assert isinstance(finished.error, InvalidInputError)
    assert "a file in it was changed" in str(finished.error)
    assert not server.accepted
    assert list(journal.store.each()) == []


def test_a_job_whose_id_cannot_be_written_down_is_not_held_for_ever(
    twin: Twin, server: FalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = Journal.in_memory(lease=2)
    History(server)

    def broken(*_: object) -> None:
        raise JournalError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(journal.store, "submitted", broken)
        with pytest.raises(JournalError, match="disk is full"):
            job(twin, journal)
    finished = job(twin, journal)
    assert (finished.error, finished.how) == (None, "adopted")
    assert len(server.accepted) == 1


def test_one_that_was_cancelled_has_ended(server: FalServer, twin: Twin, journal: Journal) -> None:
    cancelled = Reply(499, {"detail": "The request was cancelled"})
    server.plan(SCHNELL, output=OUTPUT, first={"result": [cancelled]})
    assert job(twin, journal).error is not None
    assert states(journal) == ["failed"]
    assert job(twin, journal, QUICK._replace(retry=True)).error is None
    assert len(server.accepted) == 2


def test_one_that_waited_for_another_does_not_try_again_what_failed_there(
    server: FalServer, twin: Twin, journal: Journal
) -> None:
    server.plan(SCHNELL, seconds=lambda _: 0.3, first={"result": [faults.model_error(422)] * 9})
    again = QUICK._replace(retry=True)

    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(timeout=20)
        return done(twin, endpoint, wanted(endpoint), journal, again)

    found = side_by_side(twin, steps, steps, steps)
    assert all(each.error is not None for each in found)
    assert len(server.accepted) == 1
