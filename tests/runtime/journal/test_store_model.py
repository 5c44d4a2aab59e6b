"""Any sequence of calls has each store do what the model says; also by workers that lost their job long ago."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from journal_model import Model
from runtime.journal.errors import LeaseLostError, TwiceSubmittedError
from runtime.journal.records import Claim, Held, JobError, JobRecord, JobState, Sending, Wanted

if TYPE_CHECKING:
    from collections.abc import Callable

    from runtime.journal.store import Store

_EXAMPLES = itertools.count()
KEYS, OWNERS = st.sampled_from("abc"), st.sampled_from(["x", "y"])
IDS, WIRES = st.sampled_from(["r1", "r2", "r3", "r4"]), st.integers(0, 1)
UNITS = st.sampled_from([None, 0.0, 1.0, 2.0])
LIVES = st.booleans()
PICK = st.integers(0, 1000)


def lease(lives: bool) -> float:
    return 1000.0 if lives else -1.0


class Machine(RuleBasedStateMachine):
    """A store, which examples share: each has keys, ids and an endpoint of its own."""

    store: Store

    def __init__(self) -> None:
        super().__init__()
        self.model = Model()
        self.helds: list[Held] = []
        self.name = f"{next(_EXAMPLES)}-"

    def outcome(self, call: Callable[[], Any]) -> str:
        try:
            found = call()
        except LeaseLostError:
            return "lost"
        except TwiceSubmittedError:
            return "twice"
        except KeyError:
            return "no key"
        except ValueError:
            return "wrong"
        if isinstance(found, Claim):
            if found.held is not None:
                self.helds.append(found.held)
            return found.grant.value
        return found.value if isinstance(found, Sending) else str(found).lower()

    def held(self, pick: int) -> tuple[Held, tuple[str, str, int]]:
        if not self.helds or pick == 0:
            held = Held(self.name + "a", 7, "x", 0)
        else:
            held = self.helds[-1 - pick % min(4, len(self.helds))]
        return held, (held.key.removeprefix(self.name), held.owner, held.attempt)

    def handle(self, rid: str) -> dict[str, str]:
        return {"endpoint": self.name, "request_id": self.name + rid}

    @rule(key=KEYS, owner=OWNERS, lives=LIVES, retry=st.booleans(), gone=st.sampled_from(["x", "y", "nobody"]))
    def claim(self, key: str, owner: str, lives: bool, retry: bool, gone: str) -> None:
        wanted = Wanted(self.name + key, self.name, "{}")
        said = self.outcome(
            lambda: self.store.claim(wanted, owner, lease(lives), retry=retry, is_gone=lambda one: one == gone)
        )
        assert said == self.model.claim(key, owner, lives, retry, gone)

    @rule(pick=PICK, wire=WIRES, slots=st.sampled_from([None, None, 1, 2]), units=UNITS)
    def sending(self, pick: int, wire: int, slots: int | None, units: float | None) -> None:
        held, told = self.held(pick)
        most = None if units is None else 4.0
        # Slots are those of the whole store: what other examples left has no living lease.
        said = self.outcome(
            lambda: self.store.sending(held, str(wire), 1000, max_in_flight=slots, units=units, max_units=most)
        )
        assert said == self.model.sending(told, wire, slots, units, 4.0)

    @rule(pick=PICK, rid=IDS)
    def submitted(self, pick: int, rid: str) -> None:
        held, told = self.held(pick)
        assert self.outcome(lambda: self.store.submitted(held, self.handle(rid))) == self.model.submitted(told, rid)

    @rule(pick=PICK, rid=IDS)
    def adopt(self, pick: int, rid: str) -> None:
        held, told = self.held(pick)
        assert self.outcome(lambda: self.store.adopt(held, self.handle(rid))) == self.model.adopt(told, rid)

    @rule(pick=PICK)
    def withdraw(self, pick: int) -> None:
        held, told = self.held(pick)
        assert self.outcome(lambda: self.store.withdraw(held)) == self.model.withdraw(told)

    @rule(pick=PICK, units=UNITS)
    def done(self, pick: int, units: float | None) -> None:
        held, told = self.held(pick)
        assert self.outcome(lambda: self.store.done(held, "{}", (), units)) == self.model.end(told, "done", units)

    @rule(pick=PICK, units=UNITS)
    def failed(self, pick: int, units: float | None) -> None:
        held, told = self.held(pick)
        error = JobError("E", "m")
        assert self.outcome(lambda: self.store.failed(held, error, units)) == self.model.end(told, "failed", units)

    @rule(pick=PICK)
    def unclear(self, pick: int) -> None:
        held, told = self.held(pick)
        assert self.outcome(lambda: self.store.unclear(held, "why")) == self.model.end(told, "unclear", None)

    @rule(pick=PICK)
    def release(self, pick: int) -> None:
        held, told = self.held(pick)
        assert self.outcome(lambda: self.store.release(held)) == self.model.release(told)

    @rule(owner=OWNERS, keys=st.lists(KEYS, unique=True), lives=LIVES)
    def renew(self, owner: str, keys: list[str], lives: bool) -> None:
        found = self.store.renew(owner, [self.name + key for key in keys], lease(lives))
        assert found == {self.name + key: at for key, at in self.model.renew(owner, keys, lives).items()}

    @rule(key=KEYS, rid=IDS)
    def assign(self, key: str, rid: str) -> None:
        said = self.outcome(lambda: self.store.assign(self.name + key, self.handle(rid)))
        assert said == self.model.assign(key, rid)

    @rule(key=KEYS)
    def forget(self, key: str) -> None:
        assert self.outcome(lambda: self.store.forget(self.name + key)) == self.model.forget(key)

    @rule(key=KEYS)
    def retry(self, key: str) -> None:
        assert self.outcome(lambda: self.store.retry(self.name + key)) == self.model.retry(key)

    @invariant()
    def jobs_are_the_same(self) -> None:
        now = self.store.now()
        found = {one.key.removeprefix(self.name): one for one in self.store.each(endpoint=self.name)}
        assert found.keys() == self.model.jobs.keys()
        for key, job in self.model.jobs.items():
            lives = job.owner is not None and job.lives
            expected = job.state, job.owner, lives, job.attempt, job.rid, job.reserved, job.units
            assert self.told(found[key], now) == expected

    def told(self, record: JobRecord, now: float) -> tuple[Any, ...]:
        rid = record.request_id and record.request_id.removeprefix(self.name)
        lives = record.lease_until is not None and record.lease_until > now
        return record.state.value, record.owner, lives, record.attempt, rid, record.reserved, record.units

    @invariant()
    def ids_are_the_same(self) -> None:
        ids = ["r1", "r2", "r3", "r4"]
        known = self.store.known_ids([self.name + rid for rid in ids])
        assert known == {self.name + rid for rid in ids if self.model.knows(rid)}

    @invariant()
    def sums_are_the_same(self) -> None:
        counts = {one.state.value: one for one in self.store.counts() if one.endpoint == self.name}
        for state in {job.state for job in self.model.jobs.values()} | counts.keys():
            jobs = [job for job in self.model.jobs.values() if job.state == state]
            units = [job.reserved if job.units is None else job.units for job in jobs]
            expected = self.name, JobState(state), len(jobs), sum(each or 0 for each in units), units.count(None)
            assert tuple(counts[state]) == expected

    def teardown(self) -> None:
        """Leave no slot taken."""
        for owner in ("x", "y"):
            self.store.renew(owner, [self.name + key for key in "abc"], -1)


@pytest.mark.parametrize("store", ["memory"], indirect=True)
def test_in_memory(store: Store) -> None:
    run(store, 120)


@pytest.mark.parametrize("store", ["sqlite", pytest.param("postgres", marks=pytest.mark.slow)], indirect=True)
def test_in_a_database(store: Store) -> None:
    run(store, 15)


@pytest.mark.slow
def test_thoroughly(store: Store) -> None:
    run(store, 100)


def run(store: Store, examples: int) -> None:
    class ThisMachine(Machine):
        pass

    ThisMachine.store = store
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        ThisMachine, settings=settings(max_examples=examples, stateful_step_count=40, deadline=None)
    )
