"""What a unit of an endpoint costs. No I/O."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from ..errors import NotFoundError
from ..http.error_answers import unreadable
from ..journal.money import Price
from .pages import Listing, pages

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from ..calls.steps import Call
    from ..http.exchange import Steps
    from .pages import Page

# So many endpoints may be asked about at once.
_AT_ONCE = 50


def prices(call: Call, endpoints: Sequence[str]) -> Steps[dict[str, Price]]:
    """The prices of endpoints by their ids; one that fal has no price of is not there.

    Args:
        call: By which client.
        endpoints: Their ids.

    Raises:
        FalError: They cannot be asked for, or what came cannot be read. See `pages`.
    """
    wanted = [*dict.fromkeys(endpoints)]
    found: dict[str, Price] = {}
    for at in range(0, len(wanted), _AT_ONCE):
        found.update((yield from _some(call, wanted[at : at + _AT_ONCE])))
    return found


def _some(call: Call, endpoints: list[str]) -> Steps[dict[str, Price]]:
    found: dict[str, Price] = {}
    named = endpoints[0] if len(endpoints) == 1 else f"{len(endpoints)} endpoints"
    query = tuple(("endpoint_id", endpoint) for endpoint in endpoints)
    try:
        yield from pages(
            call,
            Listing(f"the prices of {named}", "models/pricing", "prices", query),
            lambda page: found.update((price.endpoint, price) for price in _prices(page)),
        )
    except NotFoundError:
        if len(endpoints) > 1:  # one of them is unknown, and hides the others
            for endpoint in endpoints:
                found.update((yield from _some(call, [endpoint])))
    return found


def _prices(page: Page) -> Iterator[Price]:
    for raw in page.items:
        endpoint, unit, currency = (raw.get(name) for name in ("endpoint_id", "unit", "currency"))
        amount = _amount(raw.get("unit_price"))
        if not (isinstance(endpoint, str) and isinstance(unit, str) and isinstance(currency, str)) or amount is None:
            raise unreadable(page.answer, page.exchange, "a price cannot be read")
        yield Price(endpoint, unit, amount, currency)


def _amount(value: Any) -> Decimal | None:
    """A price as fal writes it, which is exact in decimals; None for what is none."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount >= 0 else None
