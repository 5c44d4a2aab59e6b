"""The history of the fake, and its prices: as documented, and as a test wants it."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import pytest
from fal_typed import APIConnectionError, AsyncFal, Fal, Hosts, ModelError, RateLimitError, ServerError
from fal_typed._runtime.platform.history import MISSING, HistoryItem, history
from fal_typed._runtime.platform.pricing import Price, prices
from fal_typed._runtime.testing.messages import Request
from fal_typed.testing import FakeFal, ScriptError, fake_fal

if TYPE_CHECKING:
    from collections.abc import Iterator

SCHNELL = "fal-ai/flux-1/schnell"


@pytest.fixture
def fake() -> Iterator[FakeFal]:
    with fake_fal() as fake:
        yield fake


def listed(seconds: float = 60, **settings: Any) -> list[HistoryItem]:
    """What the client reads of the last seconds."""
    since = datetime.now(UTC).timestamp() - seconds
    with Fal(**settings) as fal:
        endpoint: Any = fal.flux_1.schnell
        call = endpoint._call()
        found: list[HistoryItem] = endpoint._do(history(call, since), call.limits(waits=False))
    return found


def asked(fake: FakeFal, path: str = "models/requests/by-endpoint", method: str = "GET", **query: Any) -> Any:
    """The status and the body of an answer."""
    url = f"https://api.fal.ai/v1/{path}?{urlencode(query, doseq=True)}"
    answer = fake.answer(Request(method, url))
    assert answer is not None
    return answer.status, json.loads(answer.body)


def test_what_was_submitted_is_listed(fake: FakeFal) -> None:
    before = datetime.now(UTC).timestamp()
    output = Fal().flux_1.schnell.subscribe(prompt="a panda", seed=7)
    fake.flux_1.schnell.fails(ModelError("no", details=[])).takes(30)
    handle = Fal().flux_1.schnell.submit(prompt="another")
    running, ended = listed()
    assert ended.json_input == {"prompt": "a panda", "seed": 7}
    assert ended.json_output["seed"] == output.seed
    assert (ended.endpoint_id, ended.status_code) == (SCHNELL, 200)
    assert ended.sent_at is not None
    assert before - 1 <= ended.sent_at <= datetime.now(UTC).timestamp()
    assert running[0] == handle.request_id
    assert (running.ended_at, running.status_code, running.json_output) == (None, None, MISSING)
    fake.clock.pause(31)
    failed = listed()[0]
    assert failed.request_id == handle.request_id
    assert failed.ended_at is not None
    assert failed.sent_at is not None
    assert round(failed.ended_at - failed.sent_at) == 30
    assert failed.status_code == 422


def test_it_lags_and_lists_what_has_ended_alone(fake: FakeFal) -> None:
    fake.history.lag = 5
    fake.flux_1.schnell.takes(20)
    Fal().flux_1.schnell.submit(prompt="a")
    assert listed() == []
    fake.clock.pause(5)
    assert len(listed()) == 1
    fake.history.only_ended = True
    assert listed() == []
    fake.clock.pause(15)
    assert len(listed()) == 1
    fake.reset()
    Fal().flux_1.schnell.submit(prompt="a")
    assert len(listed()) == 1


def test_its_pages_overlap(fake: FakeFal) -> None:
    for number in range(5):
        Fal().flux_1.schnell.submit(prompt=f"{number}")
        fake.clock.pause(1)
    fake.history.page_size, fake.history.repeats = 2, 1
    _, first = asked(fake, endpoint_id=SCHNELL)
    assert (len(first["items"]), first["has_more"]) == (2, True)
    _, second = asked(fake, endpoint_id=SCHNELL, cursor=first["next_cursor"])
    assert second["items"][0] == first["items"][1]
    assert len(second["items"]) == 3
    assert [one.json_input["prompt"] for one in listed()] == ["4", "3", "2", "1", "0"]


def test_payloads_that_are_not_there(fake: FakeFal) -> None:
    Fal().flux_1.schnell.with_options(store_io=False).submit(prompt="a")
    Fal().flux_1.schnell.submit(prompt="b")
    assert {one.json_input is MISSING for one in listed()} == {True, False}
    fake.history.payloads = False
    assert {one.json_input is MISSING for one in listed()} == {True}
    _, told = asked(fake, endpoint_id=SCHNELL)
    assert "json_input" not in told["items"][0]


def test_what_was_refused_is_not_there_and_what_got_lost_is(fake: FakeFal) -> None:
    fake.flux_1.schnell.fails(RateLimitError("no"))
    with pytest.raises(RateLimitError):
        Fal().flux_1.schnell.submit(prompt="refused")
    fake.flux_1.schnell.reset()
    fake.faults.lost_before_submit()
    with pytest.raises(APIConnectionError):
        Fal().flux_1.schnell.submit(prompt="lost before")
    fake.faults.lost_after_submit()
    with pytest.raises(APIConnectionError):
        Fal().flux_1.schnell.submit(prompt="lost after")
    assert [one.json_input["prompt"] for one in listed()] == ["lost after"]


def test_faults_happen_to_it(fake: FakeFal) -> None:
    fake.faults.unavailable(2, at="platform")
    fake.faults.rate_limited(1, retry_after=3, at="platform")
    assert listed() == []
    assert fake.clock.now() >= 3
    fake.faults.internal_error(100, at="platform")
    with pytest.raises(ServerError, match="the history of"):
        listed()
    with pytest.raises(ScriptError, match="no part of a call"):
        fake.flux_1.schnell.faults.unavailable(at="platform")


def test_filters(fake: FakeFal) -> None:
    handle = Fal().flux_1.schnell.submit(prompt="a")
    other = fake.endpoint("me/app/paint")
    other.returns({})
    Fal().endpoint("me/app/paint").submit(prompt="b")

    def ids(**query: Any) -> int:
        status, told = asked(fake, **query)
        assert status == 200, told
        return len(told["items"])

    later = (datetime.now(UTC) + timedelta(minutes=1)).isoformat()
    assert ids(endpoint_id=SCHNELL) == 1
    assert ids(endpoint_id=[SCHNELL, "me/app/paint"]) == ids(endpoint_id=f"{SCHNELL},me/app/paint") == 2
    assert ids(endpoint_id=SCHNELL, request_id=handle.request_id) == 1
    assert ids(endpoint_id="me/app/paint", request_id=handle.request_id) == 0
    assert ids(endpoint_id=SCHNELL, start=later) == ids(endpoint_id=SCHNELL, end="2020-01-01") == 0


@pytest.mark.parametrize(
    "query",
    [
        {},
        {"endpoint_id": ["a/b"] * 51},
        *(
            {"endpoint_id": "a/b", **more}
            for more in ({"limit": 101}, {"limit": 0}, {"cursor": "x"}, {"start": "soon"})
        ),
    ],
)
def test_questions_that_fal_would_refuse(fake: FakeFal, query: dict[str, Any]) -> None:
    status, told = asked(fake, **query)
    assert (status, told["error"]["type"]) == (400, "validation_error")


def test_what_the_platform_does_not_have(fake: FakeFal) -> None:
    assert asked(fake, "models/usage")[0] == 404
    assert asked(fake, "models/pricing", method="POST")[0] == 405


@pytest.mark.parametrize(("name", "value"), [("lag", -1), ("page_size", 0), ("repeats", None), ("only_ended", 1)])
def test_settings_that_are_none(fake: FakeFal, name: str, value: Any) -> None:
    with pytest.raises((ValueError, TypeError), match=name):
        setattr(fake.history, name, value)


def test_a_setting_that_there_is_not(fake: FakeFal) -> None:
    with pytest.raises(AttributeError, match="did you mean 'lag'"):
        fake.history.lagg = 5  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
    assert "lag=0.0" in repr(fake.history)


def test_prices_are_those_that_a_test_names(fake: FakeFal) -> None:
    def of(*endpoints: str) -> dict[str, Price]:
        with Fal() as fal:
            endpoint: Any = fal.flux_1.schnell
            call = endpoint._call()
            found: dict[str, Price] = endpoint._do(prices(call, endpoints), call.limits(waits=False))
        return found

    assert of(SCHNELL) == {}
    fake.set_price(SCHNELL, 0.003)
    fake.set_price("me/app", 2, unit="second", currency="EUR")
    assert of(SCHNELL, "me/app", "me/other") == {
        SCHNELL: Price(SCHNELL, "image", Decimal("0.003"), "USD"),
        "me/app": Price("me/app", "second", Decimal(2), "EUR"),
    }
    fake.reset()
    assert of(SCHNELL) == {}


@pytest.mark.parametrize(("price", "error"), [(-1, ValueError), (float("nan"), ValueError), ("1", TypeError)])
def test_a_price_that_is_none(fake: FakeFal, price: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="unit_price"):
        fake.set_price(SCHNELL, price)


def test_another_deployment_is_the_fake_too(fake: FakeFal) -> None:
    fake.flux_1.schnell.takes(0)
    Fal().flux_1.schnell.submit(prompt="a")
    assert len(listed(hosts=Hosts(api="https://fal.example/api"))) == 1


def test_the_asynchronous_client_reads_the_same(fake: FakeFal) -> None:
    async def read() -> list[HistoryItem]:
        async with AsyncFal() as fal:
            await fal.flux_1.schnell.submit(prompt="a")
            endpoint: Any = fal.flux_1.schnell
            call = endpoint._call()
            since = datetime.now(UTC).timestamp() - 60
            found: list[HistoryItem] = await endpoint._do(history(call, since), call.limits(waits=False))
            return found

    assert len(asyncio.run(read())) == 1
    assert len(fake.calls) == 1
