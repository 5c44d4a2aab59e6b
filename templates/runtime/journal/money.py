"""What work costs: the price of a unit, an amount of money, and the prices that a journal keeps for a day."""

# design: What may a call cost?

from __future__ import annotations

import json
import re
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

    from .store import Store

DAY = 86_400.0
"""Seconds for which a price is believed."""
OUTPUT_UNITS = frozenset("image video audio song generation request call run megapixel second minute character".split())
"""What an output has, in fal's words."""
_UNIT = re.compile(r"(?:per )?(?:([1-9]\d{0,8}) ?)?([a-z]+?)s?")
# Of a sum of binary fractions.
_DIGITS = 9
# What is less is shown with all its digits.
_SHOWN = Decimal("0.0001")
_PRICE = "price of {}"


def unit_of(text: str) -> tuple[int | None, str] | None:
    """How many of what are one unit: `1000 characters` is `(1000, "character")`, `images` is `(None, "image")`."""
    found = _UNIT.fullmatch(text.strip().lower())
    return None if found is None else (int(found[1]) if found[1] else None, found[2])


class Price(NamedTuple):
    """What a unit of an endpoint costs the account of the key. A discount may not be in it.

    Attributes:
        unit: What is counted, in fal's words: `image`, `second`, `megapixel` ….
        currency: Three letters (ISO 4217).
    """

    endpoint: str
    unit: str
    unit_price: Decimal
    currency: str

    @property
    def is_of_output(self) -> bool:
        """Whether what is counted is something that an output has, and not what making it took."""
        unit = unit_of(self.unit)
        return unit is not None and unit[1] in OUTPUT_UNITS

    def of(self, units: float | Decimal, *, estimated: bool = False) -> Amount:
        """What so many units cost: an estimate, too, where the unit is not something that an output has."""
        exact = units if isinstance(units, Decimal) else Decimal(str(round(units, _DIGITS)))
        return Amount(self.unit_price * exact, self.currency, estimated or not self.is_of_output)


class Amount(NamedTuple):
    """An amount of money, before discounts.

    Attributes:
        value: How much.
        currency: Three letters (ISO 4217).
        estimated: Whether it is no more than an estimate.
    """

    value: Decimal
    currency: str
    estimated: bool

    def __str__(self) -> str:
        text = f"{self.value:,.4f}" if not self.value or self.value >= _SHOWN else f"{self.value:,f}"
        whole, _, part = text.partition(".")
        return f"{'≈ ' if self.estimated else ''}{whole}.{part.rstrip('0').ljust(2, '0')} {self.currency}"


def total(amounts: Iterable[Amount | None]) -> Amount | None:
    """All of them together; None where one is not known, where there are several currencies, and of none."""
    known: list[Amount] = []
    for amount in amounts:
        if amount is None or (known and amount.currency != known[0].currency):
            return None
        known.append(amount)
    if not known:
        return None
    value = sum((amount.value for amount in known), Decimal())
    return Amount(value, known[0].currency, any(amount.estimated for amount in known))


def keep_price(store: Store, price: Price) -> None:
    """Keep a price for a day."""
    text = json.dumps({"unit": price.unit, "unit_price": str(price.unit_price), "currency": price.currency})
    store.keep(_PRICE.format(price.endpoint), text, DAY)


def kept_price(store: Store, endpoint: str) -> Price | None:
    """The price of an endpoint, if it was asked for in the last day, and can be read."""
    text = store.kept(_PRICE.format(endpoint))
    if text is None:
        return None
    try:
        kept: dict[str, Any] = json.loads(text)
        return Price(endpoint, kept["unit"], Decimal(kept["unit_price"]), kept["currency"])
    except (ValueError, KeyError, TypeError, InvalidOperation):
        return None  # of a later version; it is asked for anew
