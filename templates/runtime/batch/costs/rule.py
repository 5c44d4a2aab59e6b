"""`max_cost`: what a call takes at most, and how many units all jobs of an endpoint may take together."""

# design: What may a call cost?

from __future__ import annotations

import json
from decimal import Decimal
from math import inf
from typing import TYPE_CHECKING, Any

from ...journal.money import Amount
from ...journal.records import JobState
from ...log import logger
from ...schemas import schemas_of
from ..errors import OverBudgetError, UnknownCostError
from .units import Input, UnknownUnitsError, units_of, unknown_unit

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...journal.money import Price
    from ...journal.records import JobRecord
    from ...journal.store import Store

_PACKAGE = __name__.partition("._runtime")[0]
CURRENCY = "USD"
# What fal counted beyond what was expected is remembered for so long.
_MONTH = 30 * 86_400.0
_COUNTED = "units of {}"
# Sums of units are made of binary fractions.
_ROUNDING = 1e-9


def checked_max_cost(value: float | Decimal) -> Decimal:
    """`max_cost`, if it is one.

    Raises:
        TypeError: It is no number.
        ValueError: It is no amount that can be spent.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"max_cost must be a number of US dollars, not {type(value).__name__}")
    amount = Decimal(str(value))
    if not amount.is_finite() or amount <= 0:
        raise ValueError(f"max_cost must be a finite number of US dollars greater than 0, not {value}")
    return amount


class CostRule:
    """What the jobs of an endpoint may cost. Safe in threads.

    It reckons with what fal counted, once that was more than the input told: a model that counts two units for what
    looks like one is expected to do so again.

    Args:
        price: That of the endpoint.
        max_cost: What all its jobs in the journal may cost together, in US dollars.
        store: The journal's.

    Raises:
        UnknownCostError: The price is in another currency, or of a unit that no input tells; or what earlier jobs took
            is not known.
    """

    def __init__(self, price: Price, max_cost: Decimal, store: Store) -> None:
        if price.currency != CURRENCY:
            raise UnknownCostError(price.endpoint, f"its price is in {price.currency}, and max_cost is in US dollars")
        if not price.is_of_output:
            raise UnknownCostError(price.endpoint, unknown_unit(price.unit))
        self.price, self.max_cost = price, max_cost
        self._store = store
        self._properties = _properties_of(price.endpoint)
        self._factor = _kept_factor(store, price.endpoint)
        self._before = self._of_earlier_jobs()

    @property
    def endpoint(self) -> str:
        """Of which endpoint."""
        return self.price.endpoint

    @property
    def max_units(self) -> float | None:
        """What all jobs of the endpoint together may take; None where it costs nothing."""
        if not self.price.unit_price:
            return None
        return float(self.max_cost / self.price.unit_price) * (1 + _ROUNDING) - self._before

    def units_of(self, arguments: Mapping[str, Any]) -> float:
        """The units that a call takes at most.

        Args:
            arguments: Its input under the names of the wire; files may be files yet.

        Raises:
            UnknownCostError: The input does not tell.
        """
        return self._factor * self._told_by(arguments)

    def learn(self, arguments: Mapping[str, Any], units: float | None) -> None:
        """Take what fal counted for a call that was made with this rule; it may be kept, which may block."""
        told = self._told_by(arguments)
        if units is None or not told or not 1 + _ROUNDING < units / told / self._factor < inf:
            return
        self._factor = units / told
        logger.warning(
            "%s: fal counted %g units where the input told %g; max_cost reckons with so many from now on",
            self.endpoint,
            units,
            told,
        )
        self._store.keep(_COUNTED.format(self.endpoint), repr(self._factor), _MONTH)

    def _told_by(self, arguments: Mapping[str, Any]) -> float:
        try:
            return units_of(self.price.unit, Input(arguments, self._properties))
        except UnknownUnitsError as error:
            raise UnknownCostError(self.endpoint, str(error)) from None

    def exceeded(self, units: float) -> OverBudgetError:
        """The error for a job that the store refused so many units."""
        cost = self.price.of(units, estimated=True)
        return OverBudgetError(self.endpoint, cost=cost, max_cost=Amount(self.max_cost, CURRENCY, estimated=False))

    def _of_earlier_jobs(self) -> float:
        """What was sent without a limit, and is not counted yet."""
        times = self._store.times(endpoint=self.endpoint)
        if not any(each.units is None and each.reserved is None and each.sending_at is not None for each in times):
            return 0.0
        return sum(map(self._of_earlier_job, self._store.each(endpoint=self.endpoint)))

    def _of_earlier_job(self, record: JobRecord) -> float:
        was_sent = record.state in (JobState.SENDING, JobState.SUBMITTED, JobState.UNCLEAR, JobState.DONE)
        if not was_sent or record.wire is None or not (record.units is None and record.reserved is None):
            return 0.0
        return self.units_of(json.loads(record.wire))


def _properties_of(endpoint: str) -> Mapping[str, Mapping[str, Any]] | None:
    """What the document of an endpoint says of its inputs; None where the package has none."""
    try:
        schemas = schemas_of(_PACKAGE, endpoint)
    except (OSError, RuntimeError):
        return None
    return None if schemas is None else schemas.input.get("properties", {})


def _kept_factor(store: Store, endpoint: str) -> float:
    try:
        factor = float(store.kept(_COUNTED.format(endpoint)) or 1)
    except ValueError:
        return 1.0
    return factor if 1 < factor < inf else 1.0
