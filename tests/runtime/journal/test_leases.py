"""Who has a job, until when, and whether that worker still lives."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from runtime.journal import clock, owners
from runtime.journal.errors import JournalError, LeaseLostError, TwiceSubmittedError
from runtime.journal.journal import Journal
from runtime.journal.owners import is_gone, new_owner, told
from runtime.journal.records import Grant, Held, JobError, JobState, Wanted
from runtime.journal.values import normal

if TYPE_CHECKING:
    from collections.abc import Collection

linux = pytest.mark.skipif(sys.platform != "linux", reason="what /proc tells")
SHORT = 0.3


def wanted(key: str = "k") -> Wanted:
    return Wanted(key, "fal-ai/a", "{}")


def claimed(journal: Journal, key: str = "k") -> Held:
    held = journal.claim(wanted(key)).held
    assert held is not None
    return held


def beats() -> set[threading.Thread]:
    return {each for each in threading.enumerate() if each.name == "fal-leases"}


def until(so: object) -> None:
    end = time.monotonic() + 30
    while not so():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.01)


def test_a_lease_is_prolonged_as_long_as_it_is_held() -> None:
    before = beats()  # of other tests' journals
    with Journal.in_memory(lease=SHORT) as journal:
        begun = clock.awake()
        held = claimed(journal)
        assert held.good_until == pytest.approx(journal.good_until(held), abs=0.2)
        until(lambda: journal.good_until(held) > begun + 3 * SHORT)
        assert journal.still_mine(held)
        journal.release(held)
        assert journal.good_until(held) < 0
        assert not journal.still_mine(held)
    until(lambda: not beats() - before)


@pytest.mark.parametrize("end", ["done", "failed", "unclear", "lost", "collected", "closed"])
def test_nobody_prolongs_what_is_over(end: str) -> None:
    before, journal = beats(), Journal.in_memory(lease=SHORT)
    held = claimed(journal)
    assert beats() - before
    if end != "lost":
        journal.sending(held, "{}")
    if end == "unclear":
        journal.unclear(held, "why")
    elif end in ("done", "failed"):
        journal.submitted(held, {"endpoint": "e", "request_id": "r"})
        journal.done(held, "{}") if end == "done" else journal.failed(held, JobError("E", "m"))
    elif end == "lost":
        journal.store.release(held)
        with pytest.raises(LeaseLostError):
            journal.withdraw(held)
    elif end == "closed":
        journal.close()
    else:
        del journal
        gc.collect()
    until(lambda: not beats() - before)


def test_what_another_has_taken_is_held_no_more() -> None:
    """And what this process has taken anew since is another taking."""
    with Journal.in_memory() as journal:
        held = claimed(journal)
        journal.store.release(held)
        again = claimed(journal)
        assert again.attempt == 1  # it was forgotten: it is the same to the store
        journal.sending(again, "{}")
        journal.store.release(again)
        third = claimed(journal)
        assert (third.attempt, journal.still_mine(third), journal.still_mine(again)) == (2, True, False)
        assert journal.good_until(again) < clock.awake() < journal.good_until(third)


@pytest.mark.parametrize("error", [JournalError("it is away"), RuntimeError("what no one thought of")])
def test_a_store_that_cannot_be_asked_prolongs_nothing(error: Exception, monkeypatch: pytest.MonkeyPatch) -> None:
    with Journal.in_memory(lease=SHORT) as journal:
        real, asked = journal.store.renew, threading.Event()

        def renew(owner: str, keys: Collection[str], lease: float) -> dict[str, int]:
            asked.set()
            raise error

        monkeypatch.setattr(journal.store, "renew", renew)
        held = claimed(journal)
        first = journal.good_until(held)
        assert asked.wait(30)
        assert journal.good_until(held) == first
        monkeypatch.setattr(journal.store, "renew", real)
        until(lambda: journal.good_until(held) > first)


def test_the_lease_is_good_from_before_it_was_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer that took long, or a sleep meanwhile, makes it no longer."""
    now = 100.0

    def slow(*_: object, **__: object) -> float:
        nonlocal now
        now += 50
        return 0.0

    monkeypatch.setattr(clock, "awake", lambda: now)
    with Journal.in_memory(lease=60) as journal:
        claim = journal.store.claim

        def claim_slowly(*arguments: object, **named: object) -> object:
            found = claim(*arguments, **named)  # type: ignore[arg-type]
            slow()
            return found

        monkeypatch.setattr(journal.store, "claim", claim_slowly)
        held = claimed(journal)
        assert (now, journal.good_until(held)) == (150, 160)
        now = 200
        assert journal.good_until(held) < now  # it slept
        renew = journal.store.renew

        def renew_slowly(*arguments: object) -> object:
            found = renew(*arguments)  # type: ignore[arg-type]
            slow()
            return found

        monkeypatch.setattr(journal.store, "renew", renew_slowly)
        assert journal.still_mine(held)  # nobody else wanted it
        assert (now, journal.good_until(held)) == (250, 260)


def test_the_clock_goes_on() -> None:
    one = clock.awake()
    assert 0 < one <= clock.awake()
    if sys.platform == "linux":
        assert one == pytest.approx(time.clock_gettime(time.CLOCK_BOOTTIME), abs=5)


def test_a_forgetful_journal_counts_what_it_forgets() -> None:
    with Journal.in_memory(forgetful=True) as journal:
        for key in ("a", "b"):
            held = claimed(journal, key)
            journal.sending(held, "{}")
            journal.submitted(held, {"endpoint": "e", "request_id": key})
            journal.done(held, "{}", (), 2.0)
        assert list(journal.store.each()) == []
        assert [(one.state, one.jobs, one.units) for one in journal.store.counts()] == [(JobState.DONE, 2, 4.0)]
        assert journal.claim(wanted("a")).grant is Grant.MINE


def test_by_hand() -> None:
    with Journal.in_memory() as journal:
        held = claimed(journal)
        journal.sending(held, "{}")
        with pytest.raises(LeaseLostError, match=rf"process {os.getpid()} on .* has the job k; it can be changed once"):
            journal.adopt("k", "r1")
        journal.unclear(held, "why")
        journal.adopt("k", "r1")
        claim = journal.claim(wanted())
        assert claim.record.handle == {"endpoint": "fal-ai/a", "request_id": "r1"}
        assert claim.held is not None
        journal.failed(claim.held, JobError("E", "m"))
        assert journal.retry() == 1
        assert journal.forget("k") is True
        with pytest.raises(KeyError):
            journal.adopt("k", "r2")


def test_an_owner_lives_as_long_as_its_process() -> None:
    mine = new_owner()
    assert mine != new_owner()
    assert not is_gone(mine)
    assert told(mine).startswith(f"process {os.getpid()} on ")


@linux
def test_a_dead_owner_is_gone() -> None:
    program = "from runtime.journal.owners import new_owner; print(new_owner(), flush=True); input()"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
    ) as process:
        assert process.stdout is not None
        owner = process.stdout.readline().strip()
        assert not is_gone(owner)
        process.kill()
        until(lambda: is_gone(owner))  # dead, and nobody has waited for it yet
    assert is_gone(owner)


@linux
@pytest.mark.parametrize(
    ("place", "value", "gone"),
    [
        (0, "elsewhere", False),  # a host's name changes
        (1, "another boot", False),
        (2, "another namespace", False),
        (3, "999999999", True),
        (4, "1", True),  # its number is another process's now
        (1, "", False),
        (2, "", False),
        (3, "x", False),
        (4, "", False),
    ],
)
def test_what_is_known_of_an_owner(place: int, value: str, gone: bool) -> None:
    parts = new_owner().split("|")
    parts[place] = value
    assert is_gone("|".join(parts)) is gone


def test_an_owner_of_another_kind_may_live() -> None:
    assert not is_gone("somebody")
    assert told("somebody") == "somebody"


@linux
def test_a_process_that_may_not_be_seen_lives(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = new_owner().split("|")
    parts[3] = "1"  # another user's, as /proc may hide it
    monkeypatch.setattr(owners, "_start_of", lambda pid: None)

    def refused(pid: int, number: int) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "kill", refused)
    assert not is_gone("|".join(parts))


def test_errors_tell_what_they_are_about() -> None:
    error = TwiceSubmittedError("k", ("r1", "r2"))
    assert "job k was submitted twice: its request is r1, and r2 is another one" in str(error)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (1, 1.0, True),
        (0, -0.0, True),
        (1, True, False),
        (0, False, False),
        ([1, {"a": 2.0}], [1.0, {"a": 2}], True),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, True),
        ({"a": None}, {}, False),
        ("1", 1, False),
        (float("inf"), float("inf"), True),
        (10**30, 1e30, False),
        (2**53, float(2**53), True),
        ("é", "e\u0301", False),
    ],
)
def test_values_are_compared_as_json(one: object, other: object, same: bool) -> None:
    assert (normal(one) == normal(other)) is same


def test_a_job_that_ends_while_leases_are_prolonged_is_not_lost(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with Journal.in_memory() as journal:
        held, other = claimed(journal), claimed(journal, "other")
        for one in (held, other):
            journal.sending(one, "{}")
            journal.submitted(one, {"request_id": one.key})
        done = journal.store.done

        def done_and_renewed(*given: object) -> None:
            done(*given)  # type: ignore[arg-type]
            vars(journal)["_leases"].renew()

        monkeypatch.setattr(journal.store, "done", done_and_renewed)
        journal.done(held, "{}")
        assert caplog.records == []
        assert journal.good_until(other) > clock.awake()
        monkeypatch.undo()
        journal.store.done(other, "{}")
        vars(journal)["_leases"].renew()
        assert "was lost: another worker has taken it" in caplog.text


@pytest.mark.parametrize("request_id", ["", " ", "..", "a/b", "a b", "x\n", "x" * 300, None, 5])
def test_what_is_no_id_is_not_adopted(request_id: object) -> None:
    with Journal.in_memory() as journal:
        held = claimed(journal)
        journal.sending(held, "{}")
        journal.unclear(held, "it is not there")
        with pytest.raises((TypeError, ValueError), match="a request id"):
            journal.adopt(held.key, request_id)  # type: ignore[arg-type]
        assert [record.state for record in journal.store.each()] == [JobState.UNCLEAR]
