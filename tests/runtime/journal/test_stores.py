"""What every store does, one thing at a time. `test_store_model` has them in any order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from runtime.journal.errors import JobMismatchError, LeaseLostError, TwiceSubmittedError
from runtime.journal.records import Count, Grant, Held, JobError, JobState, Sending, Wanted

if TYPE_CHECKING:
    from runtime.journal.store import Store

# Seconds: one that lasts, and one that is over as soon as it begins.
LONG, OVER = 1000.0, -1.0
WANTED = Wanted("k1", "fal-ai/a", '{"prompt":"a cat"}', 3, "salt")
OTHER = Wanted("k2", "fal-ai/a", '{"prompt":"a dog"}')


def handle(request_id: str) -> dict[str, str]:
    return {"endpoint": "fal-ai/a", "request_id": request_id, "status_url": "https://queue.fal.run/…"}


def claimed(store: Store, wanted: Wanted = WANTED, owner: str = "me", lease: float = LONG) -> Held:
    held = store.claim(wanted, owner, lease).held
    assert held is not None
    return held


def sent(store: Store, wanted: Wanted = WANTED, owner: str = "me", lease: float = LONG) -> Held:
    held = claimed(store, wanted, owner, lease)
    assert store.sending(held, wanted.input, lease) is Sending.GO
    return held


def submitted(store: Store, wanted: Wanted = WANTED, owner: str = "me", lease: float = LONG) -> Held:
    held = sent(store, wanted, owner, lease)
    store.submitted(held, handle(f"r-{wanted.key}"))
    return held


def state(store: Store, key: str = "k1") -> JobState | None:
    record = store.get(key)
    return None if record is None else record.state


def test_a_job_from_its_claim_to_its_output(store: Store) -> None:
    before = store.now()
    claim = store.claim(WANTED, "me", LONG)
    held = claim.held
    assert claim.grant is Grant.MINE
    assert held is not None
    assert (held.key, held.attempt, held.owner) == ("k1", 1, "me")
    assert store.get("k1") == claim.record
    record = claim.record
    assert Wanted(*record[:5]) == WANTED
    assert before - 0.01 <= record.claimed_at <= store.now() + 0.01
    assert record.lease_until == pytest.approx(record.claimed_at + LONG, abs=0.01)
    assert store.sending(held, '{"prompt": "a cat"}', LONG) is Sending.GO
    store.submitted(held, handle("r1"))
    store.done(held, '{"images": []}', ("out/1.png", "out/2.png"), 2.5)
    record = store.get("k1")
    assert record is not None
    times = record.claimed_at, record.sending_at, record.submitted_at, record.ended_at
    assert None not in times
    assert list(times) == sorted(times)  # type: ignore[type-var]
    assert record._replace(claimed_at=0, sending_at=None, submitted_at=None, ended_at=None) == record._replace(
        state=JobState.DONE,
        owner=None,
        lease_until=None,
        claimed_at=0,
        wire='{"prompt": "a cat"}',
        sending_at=None,
        submitted_at=None,
        ended_at=None,
        handle=handle("r1"),
        output='{"images": []}',
        files=("out/1.png", "out/2.png"),
        units=2.5,
    )
    assert store.claim(WANTED, "other", LONG)[:2] == (Grant.DONE, record)
    assert store.counts() == [Count("fal-ai/a", JobState.DONE, 1, 2.5, 0)]


def test_a_job_that_failed_is_begun_anew_if_asked(store: Store) -> None:
    error = JobError("ModelError", "no \0 such \ud800 prompt", 422, '{"detail": []}')
    held = submitted(store)
    store.failed(held, error, 1.0)
    claim = store.claim(WANTED, "other", LONG)
    assert (claim.grant, claim.record.error, claim.record.units, claim.held) == (Grant.FAILED, error, 1.0, None)
    again = store.claim(WANTED, "other", LONG, retry=True)
    assert again.grant is Grant.MINE
    record = again.record
    assert (record.state, record.attempt, record.error, record.handle) == (JobState.CLAIMED, 2, None, None)
    assert record.units is record.wire is record.sending_at is record.submitted_at is record.ended_at is None
    assert store.known_ids(["r-k1", "r-k2"]) == {"r-k1"}  # or it would be taken for the next one's


def test_who_comes_second_waits(store: Store) -> None:
    claimed(store)
    for owner in ("me", "other"):
        claim = store.claim(WANTED, owner, LONG)
        assert (claim.grant, claim.held, claim.record.owner) == (Grant.BUSY, None, "me")


@pytest.mark.parametrize(("make", "grant"), [(claimed, Grant.MINE), (sent, Grant.LOOK_UP), (submitted, Grant.PICK_UP)])
def test_what_a_dead_worker_had_goes_to_the_next(store: Store, make: object, grant: Grant) -> None:
    make(store, lease=OVER)  # type: ignore[operator]
    known = state(store)
    claim = store.claim(WANTED, "other", LONG)
    assert (claim.grant, claim.record.attempt, claim.record.owner) == (grant, 2, "other")
    assert claim.record.state is known
    assert store.claim(WANTED, "third", LONG, is_gone=lambda owner: owner == "me").grant is Grant.BUSY
    assert store.claim(WANTED, "third", LONG, is_gone=lambda owner: owner == "other").record.attempt == 3


def test_who_lost_a_job_changes_nothing(store: Store) -> None:
    held = sent(store, lease=OVER)
    other = store.claim(WANTED, "other", LONG).held
    assert other is not None
    before = store.get("k1")
    for change in (
        lambda: store.sending(held, "{}", LONG),
        lambda: store.adopt(held, handle("r9")),
        lambda: store.withdraw(held),
        lambda: store.done(held, "{}"),
        lambda: store.failed(held, JobError("E", "m")),
        lambda: store.unclear(held, "why"),
    ):
        with pytest.raises(LeaseLostError, match="k1"):
            change()
    store.release(held)
    assert store.renew("me", ["k1"], LONG) == {}
    assert store.get("k1") == before
    assert store.renew("other", ["k1", "k2"], LONG) == {"k1": 2}


def test_an_owner_that_takes_its_job_anew_is_another_taking(store: Store) -> None:
    old = sent(store, lease=OVER)
    new = store.claim(WANTED, "me", LONG).held
    assert new is not None
    with pytest.raises(LeaseLostError):
        store.withdraw(old)
    store.withdraw(new)


def test_a_late_id_is_written_down(store: Store) -> None:
    """Its request is paid: who has the job now is told to look again."""
    held = sent(store, lease=OVER)
    other = store.claim(WANTED, "other", LONG).held
    assert other is not None
    with pytest.raises(LeaseLostError):
        store.submitted(held, handle("r1"))
    with pytest.raises(LeaseLostError):
        store.unclear(other, "nothing was found")
    claim = store.claim(WANTED, "third", LONG)
    assert (claim.grant, claim.record.request_id) == (Grant.PICK_UP, "r1")


def test_a_late_id_is_written_down_where_the_job_is_nobodys(store: Store) -> None:
    held = sent(store)
    store.release(held)
    with pytest.raises(LeaseLostError):
        store.submitted(held, handle("r1"))
    assert state(store) is JobState.SUBMITTED


def test_a_second_id_is_told(store: Store) -> None:
    held = sent(store, lease=OVER)
    other = store.claim(WANTED, "other", LONG).held
    assert other is not None
    store.withdraw(other)
    store.sending(other, WANTED.input, LONG)
    store.submitted(other, handle("r2"))
    with pytest.raises(TwiceSubmittedError) as caught:
        store.submitted(held, handle("r1"))
    assert caught.value.request_ids == ("r2", "r1")
    assert caught.value.maybe_submitted
    record = store.get("k1")
    assert record is not None
    assert record.request_id == "r2"
    assert store.known_ids(["r1", "r2"]) == {"r1", "r2"}  # nobody takes it for that of another job
    store.done(other, "{}")


def test_an_id_is_of_one_job(store: Store) -> None:
    submitted(store)
    held = sent(store, OTHER)
    assert store.adopt(held, handle("r-k1")) is False
    with pytest.raises(JobMismatchError, match="that of the job k1"):
        store.submitted(held, handle("r-k1"))
    assert state(store, "k2") is JobState.SENDING
    assert store.adopt(held, handle("r7")) is True
    assert store.adopt(held, handle("r7")) is True


def test_a_forgotten_id_is_not_adopted(store: Store) -> None:
    store.release(submitted(store))
    assert store.forget("k1") is True
    assert store.forget("k1") is False
    assert store.get("k1") is None
    assert store.adopt(sent(store, OTHER), handle("r-k1")) is False


def test_an_id_for_a_forgotten_job_is_known(store: Store) -> None:
    held = sent(store)
    store.release(held)
    store.forget("k1")
    with pytest.raises(LeaseLostError):
        store.submitted(held, handle("r1"))
    assert store.known_ids(["r1"]) == {"r1"}


def test_what_was_not_sent_is_forgotten(store: Store) -> None:
    held = claimed(store)
    store.release(held)
    assert store.get("k1") is None
    held = sent(store)
    store.withdraw(held)
    record = store.get("k1")
    assert record is not None
    assert (record.state, record.wire, record.owner) == (JobState.CLAIMED, None, "me")
    assert store.sending(held, "{}", LONG) is Sending.GO
    store.release(held)
    assert state(store) is JobState.SENDING


def test_an_unclear_job_is_looked_up_again(store: Store) -> None:
    held = sent(store)
    store.unclear(held, "two were found: \0 \ud800")
    record = store.get("k1")
    assert record is not None
    assert record.note is not None
    assert (record.state, record.owner, record.note[:16]) == (JobState.UNCLEAR, None, "two were found: ")
    claim = store.claim(WANTED, "other", LONG)
    assert claim.grant is Grant.LOOK_UP
    assert claim.held is not None
    assert store.adopt(claim.held, handle("r1"))
    record = store.get("k1")
    assert record is not None
    assert (record.state, record.note, record.submitted_at is None) == (JobState.SUBMITTED, None, False)


def test_what_is_said_twice_changes_nothing(store: Store) -> None:
    """As after an answer of the database that did not arrive."""
    held = claimed(store)
    for _ in range(2):
        assert store.sending(held, '{"a": 1}', LONG, units=2.0, max_units=2.0) is Sending.GO
    for _ in range(2):
        store.submitted(held, handle("r1"))
    for _ in range(2):
        store.done(held, "{}", (), 1.0)
    assert store.counts() == [Count("fal-ai/a", JobState.DONE, 1, 1.0, 0)]
    assert store.sending(claimed(store, OTHER), "{}", LONG, units=1.5, max_units=2.0) is Sending.OVER_BUDGET
    assert store.sending(claimed(store, OTHER._replace(key="k3")), "{}", LONG, units=1, max_units=2) is Sending.GO


@pytest.mark.parametrize(
    ("make", "change"),
    [
        (claimed, lambda store, held: store.submitted(held, handle("r1"))),
        (claimed, lambda store, held: store.done(held, "{}")),
        (sent, lambda store, held: store.done(held, "{}")),
        (sent, lambda store, held: store.sending(held, "{}", LONG)),
        (submitted, lambda store, held: store.withdraw(held)),
        (submitted, lambda store, held: store.sending(held, "{}", LONG)),
        (submitted, lambda store, held: store.adopt(held, handle("r1"))),
        (submitted, lambda store, held: store.unclear(held, "why")),
    ],
)
def test_no_step_is_left_out(store: Store, make: object, change: object) -> None:
    held = make(store)  # type: ignore[operator]
    before = store.get("k1")
    with pytest.raises(ValueError, match=r"the job k1 is (claimed|sending|submitted); for this it must be "):
        change(store, held)  # type: ignore[operator]
    assert store.get("k1") == before


def test_a_key_is_of_one_job(store: Store) -> None:
    claimed(store)
    with pytest.raises(JobMismatchError, match=r"its input is .*a cat.*, not .*a dog"):
        store.claim(OTHER._replace(key="k1"), "other", LONG)
    with pytest.raises(JobMismatchError, match="a job of fal-ai/a, not of fal-ai/b"):
        store.claim(WANTED._replace(endpoint="fal-ai/b"), "other", LONG)


@pytest.mark.parametrize("key", ["", "a\0b", "\ud800"])
def test_a_key_that_cannot_be_kept_is_refused(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match="a job's key"):
        store.claim(WANTED._replace(key=key), "me", LONG)


def test_texts_of_every_kind_come_back(store: Store) -> None:
    text = '{"a": "é 漢 🎈 \'\\" \\u0000 \u2028 %s %(x)s :name ?"}'
    held = claimed(store, Wanted("ключ '\";--", "fal-ai/a", text, salt="%s"))
    store.sending(held, text, LONG)
    store.submitted(held, handle("r1"))
    store.done(held, '["\ud83d", "' + text[7:-2] + '"]', ("/a b/ü.png",))
    record = store.get(held.key)
    assert record is not None
    assert (record.input, record.wire, record.files) == (text, text, ("/a b/ü.png",))
    assert record.output == '["\\ud83d", "' + text[7:-2] + '"]'


def test_slots_are_those_of_living_leases(store: Store) -> None:
    submitted(store)
    sent(store, OTHER, "gone", OVER)
    third, fourth = (claimed(store, OTHER._replace(key=key)) for key in ("k3", "k4"))
    assert store.sending(third, "{}", LONG, max_in_flight=1) is Sending.NO_SLOT
    assert state(store, "k3") is JobState.CLAIMED
    assert store.sending(third, "{}", LONG, max_in_flight=2) is Sending.GO
    assert store.sending(fourth, "{}", LONG, max_in_flight=2) is Sending.NO_SLOT
    store.submitted(third, handle("r3"))
    store.done(third, "{}")
    assert store.sending(fourth, "{}", LONG, max_in_flight=2) is Sending.GO


def test_a_budget_is_reserved_given_back_and_spent(store: Store) -> None:
    def may(key: str, units: float) -> Sending:
        held = claimed(store, OTHER._replace(key=key), lease=OVER)
        return store.sending(held, "{}", LONG, units=units, max_units=10)

    first = claimed(store)
    assert store.sending(first, "{}", LONG, units=6, max_units=10) is Sending.GO
    assert may("a", 5) is Sending.OVER_BUDGET
    store.withdraw(first)
    assert may("b", 5) is Sending.GO
    assert store.sending(first, "{}", LONG, units=6, max_units=10) is Sending.OVER_BUDGET
    assert store.sending(first, "{}", LONG, units=5, max_units=10) is Sending.GO
    store.submitted(first, handle("r1"))
    store.failed(first, JobError("E", "m"), 2)  # it took less
    assert may("c", 4) is Sending.OVER_BUDGET
    assert may("d", 3) is Sending.GO
    again = store.claim(WANTED, "me", LONG, retry=True).held  # what it took is spent
    assert again is not None
    assert store.sending(again, "{}", LONG, units=0.5, max_units=10) is Sending.OVER_BUDGET
    assert store.sending(again, "{}", LONG, units=0, max_units=10) is Sending.GO
    elsewhere = claimed(store, OTHER._replace(key="e", endpoint="fal-ai/b"))
    assert store.sending(elsewhere, "{}", LONG, units=11, max_units=10) is Sending.OVER_BUDGET
    assert store.sending(elsewhere, "{}", LONG, units=10, max_units=10) is Sending.GO


def test_what_is_spent_without_a_limit_counts(store: Store) -> None:
    store.done(submitted(store), "{}", (), 4.0)
    held = claimed(store, OTHER)
    assert store.sending(held, "{}", LONG, units=7, max_units=10) is Sending.OVER_BUDGET
    assert store.sending(held, "{}", LONG, units=6, max_units=10) is Sending.GO


def test_equal_wires_are_found(store: Store) -> None:
    texts = {
        "a": '{"n": 1, "x": [true]}',
        "b": '{"x": [true], "n": 1.0}',
        "c": '{"n": 1, "x": [1]}',
        "d": '{"n": true, "x": [true]}',
        "e": '{"n": 1, "x": [true], "y": null}',
    }
    for key, wire in texts.items():
        store.sending(claimed(store, OTHER._replace(key=key)), wire, LONG)
    elsewhere = claimed(store, OTHER._replace(key="f", endpoint="fal-ai/b"))
    store.sending(elsewhere, texts["a"], LONG)
    record = store.get("a")
    assert record is not None
    assert [one.key for one in store.open_alike(record)] == ["b"]
    store.unclear(Held("b", 1, "me", 0), "why")
    assert [one.key for one in store.open_alike(record)] == ["b"]
    store.adopt(store.claim(OTHER._replace(key="b"), "me", LONG).held, handle("r1"))  # type: ignore[arg-type]
    assert store.open_alike(record) == []


def test_jobs_come_in_their_order_and_are_counted(store: Store) -> None:
    keys = [f"{(7 * number) % 450:03}" for number in range(450)]  # more than a page
    for key in keys:
        claimed(store, Wanted(key, f"fal-ai/{key[-1]}", "{}"), lease=OVER)
    for key in keys[::2]:
        store.sending(store.claim(Wanted(key, f"fal-ai/{key[-1]}", "{}"), "me", LONG).held, "{}", LONG)  # type: ignore[arg-type]
    assert [one.key for one in store.each()] == keys
    assert [one.key for one in store.each(state=JobState.CLAIMED)] == keys[1::2]
    assert [one.key for one in store.each(endpoint="fal-ai/4")] == [key for key in keys if key[-1] == "4"]
    assert [one.key for one in store.each(state=JobState.DONE, endpoint="fal-ai/4")] == []
    counts = store.counts()
    assert counts == sorted(counts, key=lambda one: (one.endpoint, one.state.value))
    assert sum(one.jobs for one in counts) == 450
    assert {one.state for one in counts} == {JobState.CLAIMED, JobState.SENDING}
    assert all((one.units, one.without_units) == (0.0, one.jobs) for one in counts)


def test_by_hand(store: Store) -> None:
    held = sent(store)
    for change in (lambda: store.assign("k1", handle("r1")), lambda: store.forget("k1")):
        with pytest.raises(LeaseLostError, match="me has the job k1"):
            change()
    store.unclear(held, "why")
    with pytest.raises(KeyError, match="no job k9"):
        store.assign("k9", handle("r1"))
    submitted(store, OTHER)
    with pytest.raises(JobMismatchError):
        store.assign("k1", handle("r-k2"))
    store.assign("k1", handle("r1"))
    claim = store.claim(WANTED, "me", LONG)
    assert (claim.grant, claim.record.request_id) == (Grant.PICK_UP, "r1")
    assert claim.held is not None
    store.done(claim.held, "{}")
    with pytest.raises(ValueError, match="is done, not unclear"):
        store.assign("k1", handle("r2"))


def test_failed_jobs_are_tried_again_by_hand(store: Store) -> None:
    for key in ("a", "b", "c"):
        store.failed(submitted(store, OTHER._replace(key=key)), JobError("E", "m"))
    store.done(submitted(store), "{}")
    assert store.retry("a") == 1
    assert store.retry("a") == store.retry("k1") == store.retry("nothing") == 0
    assert store.retry() == 2
    for key in ("a", "b", "c"):
        claim = store.claim(OTHER._replace(key=key), "me", LONG)
        assert (claim.grant, claim.record.attempt) == (Grant.MINE, 2)
    assert store.known_ids(["r-a", "r-b", "r-c", "r-d"]) == {"r-a", "r-b", "r-c"}


def test_facts_are_kept_for_a_while(store: Store) -> None:
    assert store.kept("price") is None
    store.keep("price", "1", LONG)
    store.keep("price", "2", LONG)
    store.keep("old", "3", -1)
    assert (store.kept("price"), store.kept("old")) == ("2", None)


def test_nothing_asked_is_nothing_found(store: Store) -> None:
    assert store.known_ids([]) == set()
    assert store.renew("me", [], LONG) == {}
    assert store.counts() == []
    many = [f"r{number}" for number in range(1200)]
    submitted(store)
    assert store.known_ids([*many, "r-k1"]) == {"r-k1"}
