"""Prices of endpoints, asked for once a day and journal. No I/O: steps, as in `calls.steps`."""

# design: What may a call cost?

from __future__ import annotations

from typing import TYPE_CHECKING

from ...http.exchange import Blocking
from ...journal.money import keep_price, kept_price
from ...platform.pricing import prices
from ..errors import UnknownCostError
from .rule import CostRule, checked_max_cost

if TYPE_CHECKING:
    from collections.abc import Iterable
    from decimal import Decimal

    from ...calls.steps import Call
    from ...http.exchange import Steps
    from ...journal.journal import Journal
    from ...journal.money import Price


def known_prices(call: Call, journal: Journal, endpoints: Iterable[str]) -> Steps[dict[str, Price]]:
    """The prices of endpoints: those that the journal has of the last day, and the others asked for, and kept.

    Args:
        call: By which client; of which endpoint is no matter.
        journal: Where they are kept.
        endpoints: Their ids. One that fal has no price of is not in the result.

    Raises:
        FalError: They cannot be asked for, or what came cannot be read.
    """
    wanted = [*dict.fromkeys(endpoints)]
    store = journal.store
    found: dict[str, Price] = {}

    def read() -> None:
        found.update((endpoint, price) for endpoint in wanted if (price := kept_price(store, endpoint)) is not None)

    yield Blocking(read)
    missing = [endpoint for endpoint in wanted if endpoint not in found]
    if not missing:
        return found
    asked = yield from prices(call, missing)

    def keep() -> None:
        for price in asked.values():
            keep_price(store, price)

    yield Blocking(keep)
    return {**found, **asked}


def cost_rule(call: Call, max_cost: float | Decimal, journal: Journal) -> Steps[CostRule]:
    """What the jobs of an endpoint may cost.

    Args:
        call: The endpoint, and how it is called.
        max_cost: What all its jobs in the journal may cost together, in US dollars.
        journal: The journal.

    Raises:
        TypeError: `max_cost` is no number.
        ValueError: It is not above zero.
        UnknownCostError: fal has no price of the endpoint, or one that `max_cost` cannot be compared with; or what
            earlier jobs take cannot be known.
        FalError: The price cannot be asked for.
    """
    amount = checked_max_cost(max_cost)
    spec = call.spec
    known: dict[str, Price] = yield from known_prices(call, journal, (spec.id, spec.path))
    price = known.get(spec.id, known.get(spec.path))  # an alias may be priced under either name
    if price is None:
        raise UnknownCostError(spec.id, "fal has no price for it")
    made: list[CostRule] = []
    yield Blocking(lambda: made.append(CostRule(price._replace(endpoint=spec.id), amount, journal.store)))
    return made[0]
