"""How a `map` slows down and speeds up, what it shows, and in which order it gives out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from runtime import errors
from runtime.batch.mapping import shown
from runtime.batch.mapping.pace import FIRST_REST, LONGEST_REST, Pace
from runtime.batch.mapping.ready import Ready
from runtime.inputs.spec import EndpointSpec
from runtime.jobs.job import Job
from runtime.jobs.tally import Tally
from runtime.journal.money import Price
from runtime.progress.wanted import Place


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_a_wave_of_refusals_halves_the_window_once() -> None:
    clock = Clock()
    pace = Pace(16, clock)
    assert pace.may_begin(15)
    assert not pace.may_begin(16)
    assert [pace.refused(90.0, None) for _ in range(5)] == [FIRST_REST] * 5
    assert pace.allowed == 8
    assert not pace.may_begin(0)
    clock.now += FIRST_REST
    assert pace.may_begin(7)
    assert not pace.may_begin(8)
    assert pace.refused(clock.now, None) == 2 * FIRST_REST
    assert pace.allowed == 4


def test_it_rests_as_long_as_fal_says_and_not_for_ever() -> None:
    clock = Clock()
    pace = Pace(4, clock)
    assert pace.refused(clock.now, 7.0) == 7.0
    clock.now += 6.9
    assert not pace.may_begin(0)
    clock.now += 0.2
    assert pace.may_begin(0)
    assert pace.refused(clock.now, 1e9) == LONGEST_REST
    rests = list[float]()
    for _ in range(20):
        clock.now += 100
        rests.append(pace.refused(clock.now, None))
    assert rests[-1] == LONGEST_REST
    assert pace.allowed == 1


def test_it_widens_by_one_with_each_window_full() -> None:
    clock = Clock()
    pace = Pace(8, clock)
    pace.went_well()
    assert pace.allowed == 8
    pace.refused(clock.now, 0.0)
    assert pace.allowed == 4
    for wanted in (5, 6, 7, 8, 8):
        for _ in range(wanted):
            pace.went_well()
        assert pace.allowed == wanted


@given(order=st.permutations(range(8)), ordered=st.booleans())
def test_all_that_is_put_in_comes_out_once(order: list[int], ordered: bool) -> None:
    ready: Ready[Any, Any] = Ready(ordered=ordered)
    out: list[int] = []
    for index in order:
        ready.put(Job("k", index, 0, {}))
        while (job := ready.take()) is not None:
            out.append(job.index)
    assert out == (sorted(order) if ordered else order)


def test_what_lies_behind_a_gap_comes_at_the_end() -> None:
    ready: Ready[Any, Any] = Ready(ordered=True)
    for index in (3, 1):
        ready.put(Job("k", index, 0, {}))
    assert ready.take() is None
    ready.rest()
    assert [job.index for job in (ready.take(), ready.take()) if job is not None] == [1, 3]
    assert not ready.has_some


class Call:
    progress = True
    spec = EndpointSpec(id="owner/name", path="owner/name")


@pytest.mark.parametrize(("total", "told"), [(None, "3 done, 1 failed, 4 in flight"), (9, "3 of 9 done, 1 failed, 4")])
def test_the_line_says_how_far_it_is(monkeypatch: pytest.MonkeyPatch, total: int | None, told: str) -> None:
    lines: list[Any] = []

    def place(asked: bool | None) -> Place | None:
        return Place.LINES if asked else None

    def add(line: Any, _: Place) -> None:
        lines.append(line)

    def end(_: Any) -> None:
        lines.append("end")

    monkeypatch.setattr(shown, "place", place)
    monkeypatch.setattr(shown.DISPLAY, "add", add)
    monkeypatch.setattr(shown.DISPLAY, "end", end)
    call: Any = Call()
    line, nothing, tally = shown.Shown(call, None, total), shown.Shown(call, False, total), Tally()
    assert lines == []
    for error in (None, None, ValueError()):
        tally.count(Job("k", 0, 0, {}, error=error))
    for one in (nothing, line):
        one.tell(tally, 4)
        one.tell(tally, 4)
        one.end()
    assert lines[1:] == ["end"]
    assert lines[0].what == "owner/name"
    assert lines[0].state.startswith(told)


def caused(*, maybe_submitted: bool) -> Exception:
    """An error with a cause, as one of a call has."""
    error = errors.APITimeoutError("x", maybe_submitted=maybe_submitted)
    error.__cause__ = OSError()
    return error


@pytest.mark.parametrize(
    ("job", "submitted"),
    [
        ({}, 1),
        ({"request_id": "sent"}, 1),
        ({"request_id": "kept", "how": "kept"}, 0),
        ({"request_id": "before", "how": "picked up"}, 0),
        ({"request_id": "before", "how": "adopted"}, 0),
        ({"request_id": "before", "how": "picked up", "error": ValueError()}, 0),
        ({"request_id": "sent", "error": ValueError()}, 1),
        ({"error": ValueError()}, 0),
        ({"error": caused(maybe_submitted=True)}, 1),
        ({"error": caused(maybe_submitted=False)}, 0),
        ({"error": errors.APITimeoutError("x", maybe_submitted=True)}, 0),
    ],
)
def test_what_may_be_submitted_is_counted(job: Any, submitted: int) -> None:
    tally = Tally()
    tally.count(Job("k", 0, 0, {}, **job))
    assert tally.submitted == submitted
    assert tally.total == 1


def test_a_summary_reads_as_a_sentence() -> None:
    tally = Tally()
    for how, units in (("made", 1.5), ("made", None), ("kept", 4.0), ("adopted", 1.0), ("picked up", None)):
        tally.count(Job("k", 0, 0, {}, how=how, billable_units=units))  # type: ignore[arg-type]
    tally.count(Job("k", 0, 0, {}, error=ValueError(), billable_units=1.0))
    told = tally.summary("a/b", 3.21)
    assert tally.summary("a/b", 3.21549).seconds == 3.215
    assert str(told) == "a/b: 2 made, 1 kept, 2 picked up, 1 failed in 3.2 s, 3.5 billable units"
    one = Tally()
    one.count(Job("k", 0, 0, {}, billable_units=1.0))
    assert str(one.summary("a/b", 0.0)).endswith(" s, 1 billable unit")
    assert str(Tally().summary("a/b", 0.0)) == "a/b: 0 made in 0.0 s"


@pytest.mark.parametrize(("units", "estimated"), [(1.0, False), (None, True)])
def test_a_cost_is_an_estimate_where_fal_did_not_say_of_all_what_it_counted(
    units: float | None, estimated: bool
) -> None:
    tally = Tally()
    for each in (2.0, units):
        tally.count(Job("k", 0, 0, {}, how="made", billable_units=each))
    amount = tally.summary("a/b", 1.0, Price("a/b", "images", Decimal("0.5"), "USD")).amount
    assert amount is not None
    assert amount.estimated is estimated
    assert amount.value == Decimal("0.5") * Decimal(str(2 + (units or 0)))
