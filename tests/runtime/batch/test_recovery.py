"""What fal's history says of a job that may have been sent: the judgement alone."""

from __future__ import annotations

from typing import Any

import pytest
from runtime.batch.stages.fence import SENDING_SECONDS
from runtime.batch.stages.recovery import Found, Verdict, judged
from runtime.journal.records import JobRecord, JobState
from runtime.platform.history import MISSING, HistoryItem

SENT = 1_000_000.0
WIRE = '{"prompt":"a cat","seed":1}'


def row(key: str = "k1", wire: str = WIRE, lease_until: float | None = None) -> JobRecord:
    return JobRecord(
        key, "a/b", wire, 0, None, JobState.SENDING, 1, None, lease_until, SENT, wire=wire, sending_at=SENT
    )


def item(request_id: str = "r1", given: Any = None, sent_at: float | None = SENT + 1, **more: Any) -> HistoryItem:
    given = {"seed": 1.0, "prompt": "a cat"} if given is None else given
    fields: dict[str, Any] = {"endpoint_id": "a/b", "sent_at": sent_at, "json_input": given, **more}
    return HistoryItem(request_id, **fields)


def verdict(found: Found, resubmit_after: float | None = None) -> Verdict:
    return judged(row(), found, resubmit_after=resubmit_after).verdict


def test_the_one_that_has_its_very_input_is_its_own() -> None:
    found = Found(SENT + 5, [item("r0", {"prompt": "a dog", "seed": 1}), item(), item()])
    judgement = judged(row(), found, resubmit_after=1)
    assert (judgement.verdict, judgement.request_ids) == (Verdict.ADOPT, ("r1",))


@pytest.mark.parametrize(
    "other",
    [
        item(given={"prompt": "a cat", "seed": True}),
        item(given={"prompt": "a cat", "seed": "1"}),
        item(given={"prompt": "a cat", "seed": 1, "more": None}),
        item(given={"prompt": "a cat"}),
        item(endpoint_id="a/c"),
        item(sent_at=SENT - 121),
    ],
    ids=["bool", "text", "more", "less", "endpoint", "earlier"],
)
def test_another_one_is_not(other: HistoryItem) -> None:
    assert verdict(Found(SENT + 5, [other])) is Verdict.LATER
    assert verdict(Found(SENT + 15, [other]), 5) is Verdict.RESUBMIT


def test_clocks_may_differ_a_little() -> None:
    assert verdict(Found(SENT + 5, [item(sent_at=SENT - 119)])) is Verdict.ADOPT
    assert verdict(Found(SENT + 5, [item(sent_at=None)])) is Verdict.ADOPT


def test_one_that_the_journal_knows_is_another_jobs() -> None:
    assert verdict(Found(SENT + 5, [item()], known={"r1"})) is Verdict.LATER
    assert verdict(Found(SENT + 5, [item(), item("r2")], known={"r1"})) is Verdict.ADOPT


def test_none_is_believed_after_so_long_and_not_before() -> None:
    late = SENT + SENDING_SECONDS  # it was sent by then
    assert verdict(Found(late + 59, []), 60) is Verdict.LATER
    assert verdict(Found(late + 60, []), 60) is Verdict.RESUBMIT
    assert verdict(Found(SENT + 9_999, [])) is Verdict.LATER


def test_several_are_not_chosen_from() -> None:
    judgement = judged(row(), Found(SENT + 5, [item(), item("r2")]), resubmit_after=1)
    assert judgement.verdict is Verdict.NEVER
    assert "r1, r2" in judgement.note


def test_one_without_an_input_may_be_any() -> None:
    mute = item("r2", MISSING)
    assert verdict(Found(SENT + 500, [mute]), 60) is Verdict.LATER
    assert verdict(Found(SENT + 500, [mute, item()]), 60) is Verdict.LATER
    assert verdict(Found(SENT + 500, [mute, item()], known={"r2"}), 60) is Verdict.ADOPT


@pytest.mark.parametrize("lease_until", [None, SENT, SENT + 60])
def test_another_open_job_with_the_same_input_may_have_it(lease_until: float | None) -> None:
    found = Found(SENT + 5, [item()], [row("k2", lease_until=lease_until)])
    judgement = judged(row(), found, resubmit_after=1)
    assert judgement.verdict is Verdict.LATER
    assert judgement.waits == (lease_until == SENT + 60)
    assert "k2" in judgement.note


def test_two_open_jobs_of_which_none_arrived() -> None:
    assert verdict(Found(SENT + 70, [], [row("k2")]), 60) is Verdict.RESUBMIT


def test_a_history_that_cannot_be_asked_says_nothing() -> None:
    judgement = judged(row(), Found(SENT + 9_999, None, why_not="403"), resubmit_after=1)
    assert (judgement.verdict, "403" in judgement.note) == (Verdict.LATER, True)
