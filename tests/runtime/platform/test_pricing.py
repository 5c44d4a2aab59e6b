"""What units cost."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import FalServer, Reply
from platform_pages import Pages, asked
from runtime.errors import InvalidResponseError, PermissionDeniedError
from runtime.platform.pricing import Price, prices

if TYPE_CHECKING:
    from runtime_twin import Twin


def price(endpoint: str, **more: Any) -> dict[str, Any]:
    return {"endpoint_id": endpoint, "unit_price": 0.025, "unit": "image", "currency": "USD", **more}


def of(twin: Twin, *endpoints: str) -> dict[str, Price]:
    found: dict[str, Price] = asked(twin, lambda call: prices(call, endpoints))
    return found


def test_prices_are_exact(twin: Twin, server: FalServer) -> None:
    listed = [price("a/b"), price("a/c", unit_price=0.1, unit="second", currency="EUR"), price("a/d", unit_price=0)]
    server.platform = pages = Pages(lambda: listed, field="prices")
    assert of(twin, "a/b", "a/c", "a/d", "a/b", "a/unpriced") == {
        "a/b": Price("a/b", "image", Decimal("0.025"), "USD"),
        "a/c": Price("a/c", "second", Decimal("0.1"), "EUR"),
        "a/d": Price("a/d", "image", Decimal(0), "USD"),
    }
    assert pages.asked == [("models/pricing", {"endpoint_id": ["a/b", "a/c", "a/d", "a/unpriced"]})]


def test_fifty_at_once(twin: Twin, server: FalServer) -> None:
    sizes: list[int] = []

    def answer(_: str, query: dict[str, list[str]]) -> Reply:
        sizes.append(len(query["endpoint_id"]))
        return Reply(200, {"prices": [price(each) for each in query["endpoint_id"]], "has_more": False})

    server.platform = answer
    assert len(of(twin, *(f"a/{number}" for number in range(120)))) == 120
    assert sizes == [50, 50, 20]
    sizes.clear()
    assert of(twin) == {}
    assert sizes == []


def test_one_that_fal_does_not_know_hides_no_other(twin: Twin, server: FalServer) -> None:
    def answer(_: str, query: dict[str, list[str]]) -> Reply:
        if "a/gone" in query["endpoint_id"]:
            return Reply(404, {"error": {"type": "not_found", "message": "unknown endpoint"}})
        return Reply(200, {"prices": [price(each) for each in query["endpoint_id"]], "has_more": False})

    server.platform = answer
    assert of(twin, "a/b", "a/gone", "a/c").keys() == {"a/b", "a/c"}
    assert of(twin, "a/gone") == {}


@pytest.mark.parametrize("amount", [None, True, "dear", -1, [], "NaN", "Infinity"])
def test_a_price_that_is_none(twin: Twin, server: FalServer, amount: Any) -> None:
    server.platform = Pages(lambda: [price("a/b", unit_price=amount)], field="prices")
    with pytest.raises(InvalidResponseError, match=r"the prices of a/b: a price cannot be read"):
        of(twin, "a/b")


def test_a_key_that_may_not(twin: Twin, server: FalServer) -> None:
    server.platform = lambda _, __: Reply(403, {"error": {"type": "authorization_error", "message": "Access denied"}})
    with pytest.raises(PermissionDeniedError, match=r"Access denied; it takes a key of scope API or ADMIN"):
        of(twin, "a/b")
