"""Jobs of workers that die at any step, with a history that lags, pages, repeats and fails: none is paid twice."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings, strategies
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test
from runtime.batch.errors import UnclearJobError
from runtime.batch.life import Rules
from runtime.batch.stages.fence import SENDING_SECONDS
from runtime.journal.records import JobState
from world import Worker, World

FAULTS = ["ok", "ok", "lost", "gone", "unreached", "refused", "garbled"]
HISTORY_FAULTS = ["ok", "broken", "refused"]
LONGEST_LAG = 100.0
whole = strategies.integers


class Killed(RuleBasedStateMachine):
    """Workers come, do a step, sleep and die; a few jobs, some of which have equal inputs."""

    believed = Rules()

    def __init__(self) -> None:
        super().__init__()
        self.world = World()
        self._patches = self.world.clocks()
        self._patches.__enter__()

    def teardown(self) -> None:
        with self._patches:
            self.settle()

    def ready(self) -> list[Worker]:
        return [worker for worker in self.world.workers if worker.is_ready]

    def live(self) -> list[Worker]:
        return [worker for worker in self.world.workers if worker.is_live]

    # What happens.

    @rule(prompt=whole(0, 1), number=whole(0, 1))
    def begin(self, prompt: int, number: int) -> None:
        Worker(self.world, {"prompt": f"p{prompt}"}, number, self.believed)

    @precondition(lambda self: self.ready())
    @rule(which=whole(0, 99), steps=whole(1, 12))
    def go_on(self, which: int, steps: int) -> None:
        worker = self.ready()[which % len(self.ready())]
        for _ in range(steps):
            if worker.is_ready:
                worker.do()

    @precondition(lambda self: self.ready())
    @rule(which=whole(0, 99), does_it=strategies.booleans())
    def kill(self, which: int, does_it: bool) -> None:
        worker = self.ready()[which % len(self.ready())]
        if does_it:
            worker.do(then_die=True)
        else:
            worker.die()

    @precondition(lambda self: self.live())
    @rule(which=whole(0, 99))
    def stop_or_wake(self, which: int) -> None:
        worker = self.live()[which % len(self.live())]
        worker.is_stopped = not worker.is_stopped

    @rule(seconds=strategies.sampled_from([0.5, 2.0, 10.0, 61.0]))
    def wait(self, seconds: float) -> None:
        self.world.wait(seconds)

    @rule(fault=strategies.sampled_from(FAULTS))
    def go_wrong(self, fault: str) -> None:
        self.world.faults.append(fault)

    @rule(fault=strategies.sampled_from(HISTORY_FAULTS))
    def ask_in_vain(self, fault: str) -> None:
        self.world.history_faults.append(fault)

    @rule(lag=strategies.sampled_from([0.0, 3.0, 40.0, LONGEST_LAG]), page=whole(1, 3), repeats=strategies.booleans())
    def change_history(self, lag: float, page: int, repeats: bool) -> None:
        self.world.lag, self.world.page, self.world.repeats = lag, page, repeats

    @rule(sees_death=strategies.booleans())
    def change_sight(self, sees_death: bool) -> None:
        self.world.sees_death = sees_death

    # What must be.

    @invariant()
    def none_is_paid_twice(self) -> None:
        for key in {request.key for request in self.world.requests}:
            assert self.world.submissions(key) <= 1

    @invariant()
    def no_job_has_anothers_request(self) -> None:
        keys = {request.request_id: request.key for request in self.world.requests}
        for record in self.world.store.each():
            if record.request_id is not None:
                assert keys[record.request_id] == record.key

    def settle(self) -> None:
        """Everybody who lives comes to an end, and once more for each job: it is done, or unclear and reported."""
        self.world.faults.clear()
        self.world.history_faults.clear()
        self.world.lag, self.world.page = 0.0, 100
        keys = {worker.key: worker for worker in self.world.workers}
        for worker in self.world.workers:
            worker.is_stopped = False
        self._run_all()
        self.world.wait(61)
        for worker in list(keys.values()):
            Worker(self.world, dict(worker.job.given), worker.job.wanted.number, self.believed)
        self._run_all()
        self.none_is_paid_twice()
        self.no_job_has_anothers_request()
        for worker in self.world.workers[-len(keys) :] if keys else []:
            self._check(worker)

    def _run_all(self) -> None:
        for _ in range(3_000):
            if not self.live():
                return
            for worker in self.ready():
                worker.do()
            if not self.ready():
                self.world.wait(0.5)
        raise AssertionError("somebody does not come to an end")

    def _check(self, worker: Worker) -> None:
        finished, record = worker.finished, self.world.store.get(worker.key)
        assert finished is not None
        assert record is not None
        if record.state is JobState.DONE:
            assert finished.output["made_of"] == worker.job.given
            assert self.world.submissions(worker.key) == 1
        else:
            assert record.state is JobState.UNCLEAR
            assert isinstance(finished.error, UnclearJobError)
            assert worker.key in str(finished.error)


class Believed(Killed):
    """The same, where none is believed after the longest lag there is: still nothing is paid twice, and all is done."""

    believed = Rules(resubmit_after=LONGEST_LAG + 1)

    def settle(self) -> None:
        self.world.wait(LONGEST_LAG + SENDING_SECONDS + 1)
        super().settle()

    def _check(self, worker: Worker) -> None:
        if self._is_alone(worker):
            assert self.world.store.get(worker.key).state is JobState.DONE  # type: ignore[union-attr]
        super()._check(worker)

    def _is_alone(self, worker: Worker) -> bool:
        """Whether no other job has the same input."""
        return len({each.key for each in self.world.workers if each.job.given == worker.job.given}) == 1


@pytest.mark.parametrize("machine", [Killed, Believed])
def test_no_job_is_paid_twice_whoever_dies(machine: Any) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=60, stateful_step_count=30))


@pytest.mark.slow
@pytest.mark.parametrize("machine", [Killed, Believed])
def test_no_job_is_paid_twice_whoever_dies_often(machine: Any) -> None:
    run_state_machine_as_test(machine, settings=settings(max_examples=300, stateful_step_count=60))


def test_what_is_sent_late_is_not_believed_lost_too_early() -> None:
    """A worker that lives may send a job long after it wrote that down: the time counts from when it is sent."""
    world = World(lag=LONGEST_LAG, faults=["lost"])
    with world.clocks():
        worker = Worker(world, {"prompt": "x"}, 0, Believed.believed)
        while not worker.is_submitting:
            worker.do()
        world.wait(3 * LONGEST_LAG)
        for _ in range(500):
            if worker.is_ready:
                worker.do()
            world.wait(0.5)
        assert world.submissions(worker.key) == 1
        assert isinstance(worker.finished and worker.finished.error, UnclearJobError)
        world.wait(LONGEST_LAG)
        again = Worker(world, {"prompt": "x"}, 0, Believed.believed)
        while again.is_live:
            again.do()
            world.wait(0.5)
    assert again.finished is not None
    assert (again.finished.how, world.submissions(worker.key)) == ("adopted", 1)


def test_a_request_that_may_be_that_of_another_open_job_is_nobodys() -> None:
    """Two jobs with one input: the first was accepted and nobody heard of it, the second never arrived."""
    world = World(faults=["lost", "gone"])
    with world.clocks():
        first = Worker(world, {"prompt": "x"}, 0, Killed.believed)
        while not first.is_submitting:
            first.do()
        first.do(then_die=True)
        second = _run(world, 1)
        assert isinstance(second.finished and second.finished.error, UnclearJobError)
        assert "r0" in str(second.finished and second.finished.error)
        assert isinstance(_run(world, 0).finished.error, UnclearJobError)  # type: ignore[union-attr]
        assert second.journal.forget(second.key)
        again = _run(world, 0).finished
    assert again is not None
    assert (again.how, world.submissions(first.key)) == ("adopted", 1)


def _run(world: World, number: int) -> Worker:
    worker = Worker(world, {"prompt": "x"}, number, Killed.believed)
    while worker.is_live:
        if worker.is_ready:
            worker.do()
        world.wait(0.5)
    return worker
