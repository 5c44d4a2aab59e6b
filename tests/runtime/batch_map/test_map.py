"""`map`: every input a job, within a window, and what went wrong as a value."""

from __future__ import annotations

import asyncio
import inspect
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Gate, Reply, faults
from mapping import echo, mapped, prompts, results, sent, settled
from runtime.errors import InvalidInputError, ModelError
from runtime.jobs.errors import TooManyErrorsError
from runtime.journal.errors import JournalError
from runtime.journal.journal import Journal
from runtime_twin import SCHNELL, Twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer


@pytest.fixture(autouse=True)
def _echo(server: FalServer) -> None:
    server.plan(SCHNELL, answers=echo)


def test_every_input_is_a_job(twin: Twin, server: FalServer) -> None:
    found = mapped(twin, prompts(30), window=4)
    assert sorted(job.index for job in found.jobs) == [*range(30)]
    assert all(job.result().seed == job.index and job.result() is job.output for job in found.jobs)
    assert all(job.input == {"prompt": f"p{job.index}"} and job.how == "made" for job in found.jobs)
    assert len({job.key for job in found.jobs}) == len({job.request_id for job in found.jobs}) == 30
    assert len(sent(server)) == 30
    assert found.summary is not None
    assert (found.summary.made, found.summary.failed) == (30, 0)


def test_the_block_around_it_gives_the_jobs(twin: Twin, server: FalServer) -> None:
    async def read_async(jobs: Any) -> None:
        async with jobs as given:
            assert given is jobs
            assert aiter(jobs) is jobs
            assert (await anext(jobs)).index == 0

    def read(jobs: Any) -> None:
        with jobs as given:
            assert given is jobs
            assert iter(jobs) is jobs
            assert next(jobs).index == 0

    def steps(fal: Any) -> Any:
        jobs = fal.flux_1.schnell.map(prompts(1))
        assert repr(jobs).startswith(f"<{'Async' if twin.is_async else ''}Jobs {SCHNELL}: 0 made in ")
        return read_async(jobs) if twin.is_async else read(jobs)

    twin.do(steps)


def test_nothing_is_nothing(twin: Twin) -> None:
    assert mapped(twin, []).jobs == []


def test_in_the_order_of_the_inputs_where_that_is_wanted(twin: Twin, server: FalServer) -> None:
    def takes(given: Any) -> float:
        return 0.4 if given["prompt"] in ("p0", "p3") else 0.0

    server.plan(SCHNELL, answers=echo, seconds=takes)
    late, inner = mapped(twin, prompts(8), window=4), mapped(twin, prompts(8), window=4, ordered=True)
    assert late.jobs[0].index != 0
    assert [job.index for job in inner.jobs] == [*range(8)]


def test_inputs_are_read_a_little_ahead_and_no_further(twin: Twin) -> None:
    read: list[int] = []

    def endless() -> Iterator[dict[str, Any]]:
        while True:
            read.append(len(read))
            yield {"prompt": f"p{len(read) - 1}"}

    ahead: list[int] = []
    found = mapped(twin, endless(), window=3, at_most=10, each=lambda job: ahead.append(len(read)))
    assert len(found.jobs) == 10
    assert all(there - at <= 2 * 3 for at, there in enumerate(ahead))


def test_no_more_are_in_flight_than_the_window_has(twin: Twin, server: FalServer) -> None:
    """All that may be in flight are there together, and none beside them."""
    gate = Gate()
    server.plan(SCHNELL, answers=echo, always={"result": replace(faults.held(gate), usual=True)})
    sent_at_once: list[int] = []

    def watch() -> None:
        settled(lambda: gate.arrived == 4)
        time.sleep(0.2)
        sent_at_once.append(len(sent(server)))
        gate.open()

    watching = threading.Thread(target=watch)
    watching.start()
    found = mapped(twin, prompts(12), window=4)
    watching.join()
    assert len(found.jobs) == 12
    assert sent_at_once == [4]


def test_results_are_fetched_while_the_reader_is_busy(twin: Twin, server: FalServer) -> None:
    """The loop's body takes long: meanwhile whatever else was read comes to its end."""
    read: list[Any] = []
    ahead: list[int] = []

    def inputs() -> Iterator[Any]:
        for each in prompts(10):
            read.append(each)
            yield each

    async def busy_async(_: Any) -> None:
        await asyncio.to_thread(busy, _)

    def busy(_: Any) -> None:
        settled(lambda: len(results(server)) >= len(read))
        ahead.append(len(results(server)) - len(ahead) - 1)

    found = mapped(twin, inputs(), window=3, each=busy_async if twin.is_async else busy)
    assert found.error is None
    assert len(found.jobs) == 10
    assert ahead[0] >= 1
    assert max(ahead) >= 3


def test_equal_inputs_are_several_jobs_or_one(twin: Twin, server: FalServer) -> None:
    same = [{"prompt": "p1"}] * 4
    found = mapped(twin, same, window=2)
    assert sorted(job.number for job in found.jobs) == [0, 1, 2, 3]
    assert len(sent(server)) == 4
    once = mapped(twin, same, window=2, dedupe=True)
    assert {job.number for job in once.jobs} == {0}
    assert len({job.request_id for job in once.jobs}) == 1
    assert sorted(job.how for job in once.jobs) == ["kept", "kept", "kept", "made"]
    assert len(sent(server)) == 5


def test_what_goes_wrong_with_one_is_its_error(twin: Twin, server: FalServer) -> None:
    inputs: list[Any] = [{"prompt": "p0"}, {"promt": "p1"}, {"prompt": "p2"}, "p3", None, {"prompt": "p5"}]
    server.plan(SCHNELL, answers=echo, first={"result": [faults.model_error(422)]})
    found = mapped(twin, inputs, window=1)
    errors = {job.index: type(job.error) for job in found.jobs if job.error}
    refused = next(index for index, kind in errors.items() if kind is ModelError)
    assert errors == {refused: ModelError, 1: InvalidInputError, 3: TypeError, 4: TypeError}
    assert "inputs[3]" in str(found.by_index[3].error)
    assert found.by_index[1].key == ""
    with pytest.raises(InvalidInputError, match="promt"):
        found.by_index[1].result()
    assert len(sent(server)) == 3


def test_every_input_is_looked_at_before_the_first_one_is_sent(twin: Twin, server: FalServer) -> None:
    inputs: list[Any] = [{"prompt": "p0"}, *([{"prompt": 3}] * 30)]
    for given in (inputs, iter(inputs)):
        found = mapped(twin, given, check="all")
        assert isinstance(found.error, InvalidInputError)
        assert "inputs[1].prompt" in str(found.error)
        assert "inputs[20].prompt" in str(found.error)
        assert "inputs[21].prompt" not in str(found.error)
        assert "10 more are wrong" in str(found.error)
        assert "inputs[0]" not in str(found.error)
    assert not server.seen
    assert len(mapped(twin, prompts(5), check="all").jobs) == 5


def test_more_errors_than_allowed_end_it(twin: Twin, server: FalServer) -> None:
    server.plan(SCHNELL, always={"result": faults.model_error(422)})
    found = mapped(twin, prompts(50), window=2, max_errors=3)
    assert isinstance(found.error, TooManyErrorsError)
    assert isinstance(found.error.__cause__, ModelError)
    assert 4 <= len(found.jobs) == found.error.failed <= 6
    assert len(sent(server)) == len(found.jobs)
    assert isinstance(mapped(twin, prompts(3), max_errors=0).error, TooManyErrorsError)


def test_as_many_errors_as_allowed_end_nothing(twin: Twin, server: FalServer) -> None:
    server.plan(SCHNELL, answers=echo, first={"result": [faults.model_error(422)] * 3})
    found = mapped(twin, prompts(10), window=1, max_errors=3)
    assert found.error is None
    assert (len(found.errors), len(found.jobs)) == (3, 10)
    assert len(mapped(twin, prompts(3), max_errors=0).jobs) == 3


def test_it_stops_after_so_many(twin: Twin, server: FalServer, tmp_path: Any) -> None:
    journal = Journal.in_memory()
    found = mapped(twin, prompts(20), window=3, stop_after=5, journal=journal)
    assert len(found.jobs) == len(sent(server)) == 5
    assert found.error is None
    again = mapped(twin, prompts(20), window=3, stop_after=5, journal=journal)
    assert len(sent(server)) == 10
    assert sorted(job.how for job in again.jobs) == ["kept"] * 5 + ["made"] * 5


def test_a_generator_that_raises_is_heard_after_what_was_begun(twin: Twin, server: FalServer) -> None:
    def inputs() -> Iterator[dict[str, Any]]:
        yield from prompts(3)
        raise LookupError("no more rows")

    found = mapped(twin, inputs(), window=2)
    assert sorted(job.index for job in found.jobs) == [0, 1, 2]
    assert isinstance(found.error, LookupError)
    assert len(sent(server)) == 3


def test_what_was_done_is_not_asked_for_again(twin: Twin, server: FalServer) -> None:
    journal = Journal.in_memory()
    first = mapped(twin, prompts(6), journal=journal)
    again = mapped(twin, prompts(8), journal=journal, ordered=True)
    assert [job.how for job in again.jobs] == ["kept"] * 6 + ["made"] * 2
    assert {job.key: job.result().seed for job in first.jobs}.items() <= {
        job.key: job.result().seed for job in again.jobs
    }.items()
    assert len(sent(server)) == 8
    salted = mapped(twin, prompts(6), journal=journal, salt="another")
    assert {job.how for job in salted.jobs} == {"made"}


def test_an_endpoints_own_journal(twin: Twin, server: FalServer) -> None:
    journal = Journal.in_memory()
    for _ in range(2):
        mapped(twin, prompts(3), options={"timeout": 20, "journal": journal})
    mapped(twin, prompts(3), options={"timeout": 20, "journal": journal}, journal=Journal.in_memory())
    assert len(sent(server)) == 6
    with pytest.raises(ValueError, match="job_key is of one call"):
        mapped(twin, prompts(3), options={"journal": journal, "job_key": "mine"})


def test_a_journal_that_cannot_be_written_ends_it(
    twin: Twin, server: FalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came of the others is given out before that is raised."""
    journal = Journal.in_memory()
    claim = journal.store.claim

    def claimed(wanted: Any, *args: Any, **named: Any) -> Any:
        if "p5" in wanted.input:
            raise JournalError("the disk is full")
        return claim(wanted, *args, **named)

    monkeypatch.setattr(journal.store, "claim", claimed)
    found = mapped(twin, prompts(50), window=2, journal=journal)
    assert isinstance(found.error, JournalError)
    assert {0, 1, 2, 3} <= {*found.by_index} < {*range(10)}
    assert len(found.jobs) == len(sent(server))


def test_what_failed_is_tried_again_if_asked(twin: Twin, server: FalServer) -> None:
    journal = Journal.in_memory()
    server.plan(SCHNELL, answers=echo, first={"result": [faults.model_error(422)]})
    mapped(twin, prompts(1), journal=journal)
    server.plan(SCHNELL, answers=echo)
    assert len(mapped(twin, prompts(1), journal=journal).errors) == 1
    assert mapped(twin, prompts(1), journal=journal, retry=True).jobs[0].result().seed == 0
    assert len(sent(server)) == 2


def test_leaving_it_leaves_the_rest_to_the_next_run(twin: Twin, server: FalServer) -> None:
    journal = Journal.in_memory()
    before = threading.active_count()
    first = mapped(twin, prompts(20), window=3, at_most=4, journal=journal)
    begun = len(sent(server))
    assert begun <= 4 + 2 * 3
    assert threading.active_count() <= before + 1  # that of the leases
    rest = mapped(twin, prompts(20), window=3, journal=journal)
    assert len(first.jobs) == 4
    assert len(rest.jobs) == len(sent(server)) == 20
    assert {job.how for job in rest.jobs} <= {"kept", "made", "picked up"}


def test_what_cannot_be_is_said_at_once(twin: Twin) -> None:
    def told(inputs: Any, **given: Any) -> str:
        def call(fal: Any) -> None:
            fal.flux_1.schnell.map(inputs, **given)

        with pytest.raises((TypeError, ValueError)) as raised:
            twin.do(call)
        return str(raised.value)

    assert told({"prompt": "one"}).startswith("inputs must be a list or any iterable of inputs, not dict")
    assert told("one").startswith("inputs must be a list")
    assert told([], window=0) == "window must be 1 or more, not 0"
    assert told([], window=None) == "window must be an int, not None"
    assert told([], check="some") == "check must be one of 'each', 'all', not 'some'"
    assert told([], max_errors=-1) == "max_errors must be 0 or more, not -1"
    assert told([], stop_after=0) == "stop_after must be 1 or more, not 0"
    assert told([], retry=None) == "retry must be True or False, not None"
    assert told([], retry="no") == "retry must be True or False, not str"
    assert told([], max_in_flight=0) == "max_in_flight must be 1 or more, not 0"
    assert told([], max_in_flight=-1).startswith("max_in_flight must be")
    assert told([], resubmit_after=0).startswith("resubmit_after must be a finite number of seconds greater than 0")
    assert told([], salt=3) == "salt must be a str, not int"
    assert told([], journal=3) == "journal must be a Journal, a path or a URL, not int"
    assert told([], download=3) == "download must be a path, not int"
    assert told([], ordered="no") == "ordered must be True or False, not str"
    assert told([], progress="no").startswith("progress must be")
    assert told([], dedupe=None) == "dedupe must be True or False, not None"
    assert told([], max_cost=-1).startswith("max_cost must be")
    assert "there is no {kye}" in told([], download="{kye}.png")
    assert "windw" in told([], windw=3)


def test_twenty_are_under_way_where_nothing_else_is_said(twin: Twin) -> None:
    window = twin.do(lambda fal: inspect.signature(fal.flux_1.schnell.map).parameters["window"])
    assert window.default == 20


def test_a_busy_host_is_left_in_peace(twin: Twin, server: FalServer) -> None:
    """More refusals than a call tries again: the jobs come all the same."""
    refusals = [faults.too_many("0")] * 12
    server.plan(SCHNELL, answers=echo, first={"submit": refusals})
    found = mapped(twin, prompts(6), window=4, options={"timeout": 20, "max_retries": 0})
    assert sorted(job.index for job in found.jobs) == [*range(6)]
    assert found.errors == []
    assert len(sent(server)) == 6


@pytest.mark.parametrize("after", ["inf", "Wed, 21 Oct 2015 07:28:00 GMT"])
def test_whenever_a_busy_host_wants_to_be_asked_again(twin: Twin, server: FalServer, after: str) -> None:
    server.plan(SCHNELL, answers=echo, first={"submit": [faults.too_many(after)]})
    found = mapped(twin, prompts(2), window=2, options={"timeout": 20, "max_retries": 0})
    assert (len(found.jobs), found.errors) == (2, [])


def test_a_host_that_stays_busy_is_an_error(twin: Twin, server: FalServer) -> None:
    server.plan(SCHNELL, always={"submit": Reply(429, {"detail": "no"}, {"retry-after": "0"})})
    found = mapped(twin, prompts(2), window=2, options={"timeout": 3, "max_retries": 0})
    assert [type(error).__name__ for error in found.errors] == ["RateLimitError"] * 2
