"""What the jobs of a journal came to."""

from __future__ import annotations

import threading
import time
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from journal_jobs import ENDPOINT, OTHER, job
from runtime.journal.money import Amount, Price, keep_price, kept_price, total
from runtime.journal.records import JobState
from runtime.journal.views.summary import summarized
from runtime.journal.views.tally import Tally

if TYPE_CHECKING:
    from journal_jobs import Made

PRICE = Price(ENDPOINT, "images", Decimal("0.003"), "USD")


def test_a_journal_tells_states_units_and_costs(made: Made) -> None:
    for _ in range(3):
        made.done()
    made.done(took=None, units=2.0)
    made.failed()
    made.unclear()
    made.submitted()
    made.claimed()
    made.done(endpoint=OTHER, took=None)
    keep_price(made.journal.store, PRICE)
    summary = made.journal.summary()
    first, other = summary.endpoints
    assert (first.endpoint, first.units, first.without_units) == (ENDPOINT, 5, 0)
    assert {state: count for state, count in first.jobs.items() if count} == {
        JobState.DONE: 4,
        JobState.FAILED: 1,
        JobState.UNCLEAR: 1,
        JobState.SUBMITTED: 1,
        JobState.CLAIMED: 1,
    }
    # One was expected to take two, and fal did not say.
    assert first.amount == Amount(Decimal("0.015"), "USD", estimated=True)
    assert (other.endpoint, other.units, other.without_units, other.amount) == (OTHER, 0, 1, None)
    assert summary.amount is None
    assert summary.jobs[JobState.DONE] == 5
    assert first.seconds is not None
    assert 0 <= first.seconds < 60


def test_an_empty_journal_has_a_summary(made: Made) -> None:
    summary = made.journal.summary()
    assert (summary.endpoints, summary.busy, summary.jobs_per_minute, summary.amount) == ((), 0, None, None)
    assert str(summary).splitlines()[1:] == ["0 done"]
    assert repr(summary) == "<Summary of no jobs>"


def test_given_prices_win_over_kept_ones(made: Made) -> None:
    made.done(took=2.5)
    keep_price(made.journal.store, PRICE)
    summary = made.journal.summary(prices={ENDPOINT: PRICE._replace(unit_price=Decimal(1), currency="EUR")})
    assert summary.amount == Amount(Decimal("2.5"), "EUR", estimated=False)


@pytest.mark.parametrize(
    ("unit", "estimated"),
    [("images", False), (" Megapixel", False), ("1000 characters", False), ("compute seconds", True), ("units", True)],
)
def test_a_sum_is_an_estimate_where_no_output_has_the_unit(unit: str, estimated: bool) -> None:
    summary = summarized(Tally.of([job()]), {ENDPOINT: PRICE._replace(unit=unit)})
    assert summary.amount is not None
    assert summary.amount.estimated is estimated


def test_units_are_added_without_the_errors_of_fractions() -> None:
    summary = summarized(Tally.of(job(units=0.1) for _ in range(10)), {ENDPOINT: PRICE})
    assert summary.endpoints[0].units == 1
    assert summary.amount == Amount(Decimal("0.003"), "USD", estimated=False)


@pytest.mark.parametrize("units", [float("nan"), float("inf")])
def test_units_that_are_no_number_are_in_no_sum(units: float) -> None:
    summary = summarized(Tally.of([job(units=units), job()]), {ENDPOINT: PRICE})
    assert (summary.endpoints[0].units, summary.endpoints[0].without_units) == (1, 1)


def test_who_is_in_no_sum_is_counted_below_the_table() -> None:
    jobs = [job(units=None), job(units=None), job(), job(endpoint=OTHER, units=None)]
    assert str(summarized(Tally.of(jobs), {})).splitlines()[-2:] == [
        "4 done in 1 s, 240.0 a minute",
        "3 done of which fal did not say what it counted: they are in no sum",
    ]
    assert "in no sum" not in str(summarized(Tally.of([job()]), {}))


def test_pauses_between_runs_are_left_out() -> None:
    day = 86_400.0
    runs = [job(sent=begin + at, ended=begin + at + 10) for begin in (0.0, day) for at in range(51)]
    summary = summarized(Tally.of(runs), {})
    assert summary.busy == 120
    assert summary.jobs_per_minute == 51
    assert "102 done in 2 min 0 s, 51.0 a minute" in str(summary)


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "1 s"),
        (59.4, "59 s"),
        (59.6, "1 min 0 s"),
        (3599, "59 min 59 s"),
        (3600, "1 h 0 min"),
        (7379, "2 h 2 min"),
        (90_000, "25 h 0 min"),
    ],
)
def test_how_long_it_took_is_told_in_the_units_that_fit(seconds: float, told: str) -> None:
    assert f"1 done in {told}, " in str(summarized(Tally.of([job(ended=seconds)]), {}))


def test_a_job_takes_as_long_as_the_mean_of_those_that_are_done() -> None:
    jobs = [job(ended=2), job(ended=4), job(JobState.FAILED, ended=90)]
    (one,) = summarized(Tally.of(jobs), {}).endpoints
    assert one.seconds == 3


def test_the_table_says_everything_in_one_look() -> None:
    jobs = [*(job(sent=n, ended=n + 30) for n in range(1000)), job(JobState.FAILED, units=None), job(endpoint=OTHER)]
    prices = {ENDPOINT: PRICE, OTHER: PRICE._replace(unit="units", unit_price=Decimal(2))}
    assert str(summarized(Tally.of(jobs), prices)).splitlines() == [
        "endpoint                 done  failed  unclear  open  units        cost",
        "fal-ai/flux-1/schnell   1,000       1        0     0  1,000    3.00 USD",
        "fal-ai/hidream-i1-full      1       0        0     0      1  ≈ 2.00 USD",
        "all                     1,001       1        0     0         ≈ 5.00 USD",
        "1,001 done in 17 min 9 s, 58.4 a minute",
        "costs are before discounts; ≈ is an estimate",
    ]


def test_what_is_no_estimate_is_not_said_to_be_one() -> None:
    jobs = [job(), job(endpoint=OTHER)]
    assert str(summarized(Tally.of(jobs), {ENDPOINT: PRICE})).splitlines()[-1] == "costs are before discounts"
    assert "costs" not in str(summarized(Tally.of(jobs), {}))


def test_a_notebook_shows_a_table_in_which_nothing_is_markup() -> None:
    shown = summarized(Tally.of([job(endpoint="<b>\x1b[31m")]), {})._repr_mimebundle_()
    assert "&lt;b&gt;�[31m" in shown["text/html"]
    assert "<b>" not in shown["text/html"]
    assert "\x1b" not in shown["text/html"] + shown["text/plain"]
    assert shown["text/html"].count("<tr>") == 2


def test_a_notebook_is_given_the_kinds_it_asks_for() -> None:
    summary = summarized(Tally(), {})
    assert summary._repr_mimebundle_(include={"text/html"}).keys() == {"text/html"}
    assert summary._repr_mimebundle_(exclude={"text/html"}).keys() == {"text/plain"}
    assert summary._repr_mimebundle_(include={"text/html"}, exclude={"text/html"}) == {}


def test_a_price_is_kept_for_a_day_and_no_longer(made: Made) -> None:
    store = made.journal.store
    assert kept_price(store, ENDPOINT) is None
    keep_price(store, PRICE)
    assert kept_price(store, ENDPOINT) == PRICE
    store.keep(f"price of {ENDPOINT}", '{"unit": "images"}', 10)
    assert kept_price(store, ENDPOINT) is None
    store.keep(f"price of {ENDPOINT}", "?", 10)
    assert kept_price(store, ENDPOINT) is None


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("0", "0.00"),
        ("5", "5.00"),
        ("0.003", "0.003"),
        ("1234567.891", "1,234,567.891"),
        ("0.00001234", "0.00001234"),
        ("1E-7", "0.0000001"),
        ("2.99996", "3.00"),
    ],
)
def test_an_amount_is_told(value: str, told: str) -> None:
    assert str(Amount(Decimal(value), "USD", estimated=False)) == f"{told} USD"
    assert str(Amount(Decimal(value), "EUR", estimated=True)) == f"≈ {told} EUR"


def test_amounts_are_added_where_that_can_be() -> None:
    one = Amount(Decimal(1), "USD", estimated=False)
    assert total([]) is None
    assert total([one, None]) is None
    assert total([one, one._replace(currency="EUR")]) is None
    assert total([one, one._replace(estimated=True)]) == Amount(Decimal(2), "USD", estimated=True)


def test_it_can_be_asked_for_while_jobs_go_on(made: Made) -> None:
    ends = threading.Event()

    def work() -> None:
        while not ends.is_set():
            made.done()

    worker = threading.Thread(target=work)
    worker.start()
    try:
        seen = []
        limit = time.monotonic() + 30
        while len(seen) < 20 and time.monotonic() < limit:
            seen.append(made.journal.summary().jobs[JobState.DONE])
    finally:
        ends.set()
        worker.join()
    assert seen == sorted(seen)
