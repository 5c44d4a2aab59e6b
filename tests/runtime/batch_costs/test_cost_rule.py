"""What is reserved for a call, beside what fal counted for others."""

from __future__ import annotations

import logging
import threading
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from fal_typed._runtime.batch.costs.rule import CostRule
from fal_typed._runtime.batch.errors import UnknownCostError
from fal_typed._runtime.journal.journal import Journal
from fal_typed._runtime.journal.money import Price
from fal_typed._runtime.journal.records import Sending, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

SCHNELL = "fal-ai/flux-1/schnell"
PRICE = Price(SCHNELL, "images", Decimal("0.5"), "USD")
ONE = {"prompt": "a"}


@pytest.fixture(params=["memory", "sqlite"])
def journal(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Journal]:
    with Journal.in_memory() if request.param == "memory" else Journal(tmp_path / "run.sqlite") as journal:
        yield journal


def rule(journal: Journal, max_cost: float = 5, price: Price = PRICE) -> CostRule:
    return CostRule(price, Decimal(str(max_cost)), journal.store)


def sent(
    journal: Journal,
    number: int,
    cost: CostRule | None = None,
    *,
    wire: str = '{"prompt": "a"}',
    given: Mapping[str, Any] = ONE,
) -> Any:
    """A job that is being sent, and the word on that."""
    held = journal.claim(Wanted(f"{number:032x}", SCHNELL, "{}", number)).held
    assert held is not None
    units = None if cost is None else cost.units_of(given)
    return held, journal.sending(held, wire, units=units, max_units=None if cost is None else cost.max_units)


def ended(journal: Journal, held: Any, units: float | None) -> None:
    journal.submitted(held, {"endpoint": SCHNELL, "request_id": held.key})
    journal.done(held, "{}", (), units)


def test_the_defaults_of_the_document_count(journal: Journal) -> None:
    assert rule(journal).max_units == pytest.approx(10)
    assert rule(journal).units_of(ONE) == 1
    assert rule(journal).units_of({"prompt": "a", "num_images": 4}) == 4
    assert rule(journal, price=PRICE._replace(unit="megapixels")).units_of(ONE) == 1  # landscape_4_3


def test_what_fal_counted_takes_the_place_of_what_was_reserved(journal: Journal) -> None:
    cost = rule(journal, 1)
    held, word = sent(journal, 1, cost)
    assert word is Sending.GO
    ended(journal, held, 0.25)
    held, word = sent(journal, 2, cost)
    assert word is Sending.GO
    ended(journal, held, None)
    assert sent(journal, 3, cost)[1] is Sending.OVER_BUDGET


def test_a_sum_of_fractions_is_no_more_than_it_is(journal: Journal) -> None:
    assert 1.1 + 1.1 + 1.1 > 3.3
    cost = rule(journal, 3.3, PRICE._replace(unit="seconds", unit_price=Decimal(1)))
    second = {"prompt": "a", "duration": 1}  # an output may be a little longer
    for number in range(3):
        assert sent(journal, number, cost, given=second)[1] is Sending.GO
    assert sent(journal, 3, cost, given=second)[1] is Sending.OVER_BUDGET


def test_more_than_was_told_is_expected_from_then_on(journal: Journal, caplog: pytest.LogCaptureFixture) -> None:
    cost = rule(journal)
    with caplog.at_level(logging.WARNING, "fal_typed"):
        cost.learn(ONE, 2.0)
        cost.learn(ONE, 2.0)  # the same, by another that was made at once
        cost.learn(ONE, 1.0)
        cost.learn(ONE, None)
    assert [record.getMessage() for record in caplog.records] == [
        f"{SCHNELL}: fal counted 2 units where the input told 1; max_cost reckons with so many from now on"
    ]
    assert cost.units_of(ONE) == 2
    assert cost.units_of({"prompt": "a", "num_images": 3}) == 6
    assert rule(journal).units_of(ONE) == 2  # of another run
    cost.learn({"prompt": "a", "num_images": 2}, 5.0)
    assert cost.units_of(ONE) == 2.5


@pytest.mark.parametrize("units", [float("inf"), float("nan"), -1.0])
def test_a_count_that_is_none_teaches_nothing(journal: Journal, units: float) -> None:
    cost = rule(journal)
    cost.learn(ONE, units)
    assert cost.units_of(ONE) == 1


def test_what_is_kept_may_be_anything(journal: Journal) -> None:
    for text in ("?", "nan", "-3", "0.1", "inf"):
        journal.store.keep(f"units of {SCHNELL}", text, 60)
        assert rule(journal).units_of(ONE) == 1


def test_jobs_that_were_sent_without_a_limit_count(journal: Journal) -> None:
    ended(journal, sent(journal, 1, wire='{"num_images": 3}')[0], None)
    held, _ = sent(journal, 2)
    ended(journal, held, 2.0)  # the store knows
    sent(journal, 3)
    journal.claim(Wanted("4" * 32, SCHNELL, "{}", 4))
    cost = rule(journal, 3.5)
    assert cost.max_units == pytest.approx(3.5 / 0.5 - 3 - 1)
    assert sent(journal, 5, cost)[1] is Sending.GO
    assert sent(journal, 6, cost)[1] is Sending.OVER_BUDGET


def test_one_of_which_nothing_can_be_known_is_told(journal: Journal) -> None:
    ended(journal, sent(journal, 1, wire='{"image_size": "auto"}')[0], None)
    with pytest.raises(UnknownCostError, match="its size is not known"):
        rule(journal, price=PRICE._replace(unit="megapixels"))


def test_workers_of_one_journal_do_not_spend_the_same_money_twice(journal: Journal) -> None:
    words: list[Sending] = []

    def work(first: int) -> None:
        cost = rule(journal)
        words.extend(sent(journal, number, cost)[1] for number in range(first, first + 10))

    workers = [threading.Thread(target=work, args=(first,)) for first in (0, 100, 200)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert words.count(Sending.GO) == 10
