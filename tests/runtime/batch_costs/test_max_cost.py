"""`max_cost`: no call is made that could exceed it, and none of which that cannot be known."""

from __future__ import annotations

import asyncio
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from fal_typed import AsyncFal, Fal
from fal_typed.batch import Journal, OverBudgetError, Price, UnknownCostError, prices
from fal_typed.testing import FakeFal, fake_fal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

SCHNELL = "fal-ai/flux-1/schnell"
PROMPTS = [{"prompt": f"p{at}"} for at in range(60)]


@pytest.fixture
def fake() -> Iterator[FakeFal]:
    with fake_fal() as fake:
        fake.set_price(SCHNELL, 0.003, unit="images")
        yield fake


@pytest.fixture(params=["sync", "async"])
def mapped(request: pytest.FixtureRequest) -> Callable[..., list[Any]]:
    """`map` to its end, by either client: the jobs, and what ended it."""

    def sync(inputs: Any, **settings: Any) -> list[Any]:
        found: list[Any] = []
        with Fal(credentials="a:b") as fal:
            try:
                found += fal.flux_1.schnell.map(inputs, **settings)
            except Exception as error:
                found.append(error)
        return found

    async def asynchronous(inputs: Any, settings: Mapping[str, Any]) -> list[Any]:
        found: list[Any] = []
        async with AsyncFal(credentials="a:b") as fal:
            try:
                async for job in fal.flux_1.schnell.map(inputs, **settings):
                    found.append(job)
            except Exception as error:
                found.append(error)
        return found

    if request.param == "sync":
        return sync
    return lambda inputs, **settings: asyncio.run(asynchronous(inputs, settings))


def submitted(fake: FakeFal) -> int:
    return len(fake.calls)


@pytest.mark.parametrize("kept", [True, False])
def test_no_call_is_made_that_could_exceed_it(
    fake: FakeFal, mapped: Callable[..., list[Any]], tmp_path: Path, kept: bool
) -> None:
    journal = tmp_path / "run.sqlite" if kept else None
    found = mapped(PROMPTS, journal=journal, max_cost=0.03, window=20)
    error = found[-1]
    assert isinstance(error, OverBudgetError)
    assert str(error) == (
        f"the next call of {SCHNELL} costs up to 0.003 USD, which is more than is left of max_cost (0.03 USD for all "
        "its jobs in this journal); nothing was sent for it, and a greater max_cost goes on from here"
    )
    assert submitted(fake) == 10
    if kept:
        assert Journal(tmp_path / "run.sqlite").summary().amount == (Decimal("0.03"), "USD", False)


def test_a_greater_one_goes_on_with_what_is_left(
    fake: FakeFal, mapped: Callable[..., list[Any]], tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "run.sqlite")
    mapped(PROMPTS, journal=journal, max_cost=0.03)
    mapped(PROMPTS, journal=journal, max_cost=0.03)
    assert submitted(fake) == 10
    mapped(PROMPTS, journal=journal, max_cost=Decimal("0.036"))
    assert submitted(fake) == 12


def test_what_was_made_without_one_counts(fake: FakeFal, mapped: Callable[..., list[Any]], tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.sqlite")
    mapped(PROMPTS[:4], journal=journal)
    found = mapped(PROMPTS, journal=journal, max_cost=0.018)
    assert isinstance(found[-1], OverBudgetError)
    assert submitted(fake) == 6


def test_enough_is_enough(fake: FakeFal, mapped: Callable[..., list[Any]]) -> None:
    found = mapped(PROMPTS[:10], max_cost=0.03)
    assert [job.error for job in found] == [None] * 10


def test_a_price_of_nothing_is_no_limit(fake: FakeFal, mapped: Callable[..., list[Any]]) -> None:
    fake.set_price(SCHNELL, 0, unit="images")
    assert len(mapped(PROMPTS, max_cost=0.01)) == len(PROMPTS)


@pytest.mark.parametrize(
    ("price", "why"),
    [
        (None, "fal has no price for it"),
        (
            (1, "compute seconds", "USD"),
            "fal charges for it by 'compute seconds', and no input says how many those are",
        ),
        ((1, "units", "USD"), "by 'units'"),
        ((1, "images", "EUR"), "its price is in EUR, and max_cost is in US dollars"),
    ],
)
def test_nothing_is_sent_where_costs_cannot_be_known(
    fake: FakeFal, mapped: Callable[..., list[Any]], price: Any, why: str
) -> None:
    fake.reset()
    if price is not None:
        fake.set_price(SCHNELL, price[0], unit=price[1], currency=price[2])
    found = mapped(PROMPTS, max_cost=100)
    assert len(found) == 1
    assert isinstance(found[0], UnknownCostError)
    assert str(found[0]).startswith(f"max_cost: what a call of {SCHNELL} costs cannot be known before it is made: ")
    assert why in str(found[0])
    assert (found[0].endpoint, submitted(fake)) == (SCHNELL, 0)


def test_an_input_that_tells_nothing_is_the_error_of_its_job(fake: FakeFal, mapped: Callable[..., list[Any]]) -> None:
    fake.set_price(SCHNELL, 0.001, unit="seconds")
    found = mapped(PROMPTS[:2], max_cost=1)
    assert [type(job.error) for job in found] == [UnknownCostError] * 2
    assert "give `duration` in seconds" in str(found[0].error)
    assert submitted(fake) == 0


@pytest.mark.parametrize("wrong", [0, -1, float("nan"), float("inf"), Decimal("NaN")])
def test_it_must_be_an_amount(fake: FakeFal, wrong: Any) -> None:
    with pytest.raises(ValueError, match="max_cost must be a finite number of US dollars greater than 0"):
        Fal(credentials="a:b").flux_1.schnell.map(PROMPTS, max_cost=wrong)


@pytest.mark.parametrize("wrong", [True, "5"])
def test_it_must_be_a_number(fake: FakeFal, wrong: Any) -> None:
    with pytest.raises(TypeError, match="max_cost must be a number of US dollars, not"):
        Fal(credentials="a:b").flux_1.schnell.map(PROMPTS, max_cost=wrong)


def test_prices_are_asked_for_once_a_day_and_journal(fake: FakeFal, tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.sqlite")
    known = {SCHNELL: Price(SCHNELL, "images", Decimal("0.003"), "USD")}
    with Fal(credentials="a:b") as fal:
        assert prices(fal, [SCHNELL, "fal-ai/none"], journal=journal) == known
        fake.set_price(SCHNELL, 1)
        assert prices(fal, [SCHNELL], journal=journal) == known
        assert prices(fal, [SCHNELL])[SCHNELL].unit_price == 1
        assert prices(fal, journal=journal) == {}  # it has no jobs
        fal.flux_1.schnell.with_options(journal=journal, job_key="a").subscribe(prompt="a")
        assert prices(fal, journal=tmp_path / "run.sqlite") == known

    async def asked() -> Mapping[str, Price]:
        async with AsyncFal(credentials="a:b") as fal:
            return await prices(fal, [SCHNELL], journal=journal)

    assert asyncio.run(asked()) == known


def test_prices_of_nothing_are_refused(fake: FakeFal) -> None:
    with Fal(credentials="a:b") as fal:
        with pytest.raises(ValueError, match="prices of what"):
            prices(fal)
        with pytest.raises(TypeError, match="not one text"):
            prices(fal, SCHNELL)
        with pytest.raises(TypeError, match="client must be a Fal or an AsyncFal, not str"):
            prices("fal", [SCHNELL])  # type: ignore[call-overload]


def test_what_a_map_came_to_tells_the_amount(fake: FakeFal, tmp_path: Path) -> None:
    with Fal(credentials="a:b") as fal:
        jobs = fal.flux_1.schnell.map(PROMPTS[:4], max_cost=1)
        list(jobs)
        assert jobs.summary().amount == (Decimal("0.012"), "USD", False)
        assert str(jobs.summary()).endswith(" s, 4 billable units, 0.012 USD")
        journal = Journal(tmp_path / "run.sqlite")
        jobs = fal.flux_1.schnell.map(PROMPTS[:4], journal=journal)
        list(jobs)
        assert jobs.summary().amount is None
        prices(fal, journal=journal)
        jobs = fal.flux_1.schnell.map(PROMPTS[:6], journal=journal)
        list(jobs)
        assert jobs.summary().amount == (Decimal("0.006"), "USD", False)  # the others were kept
