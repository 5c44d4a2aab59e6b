"""The postcards, with a fake of fal: no key, no network, no cost."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fal_typed import ContentPolicyError
from fal_typed.testing import FakeFal
from postcards import FAL_USER, app

pytestmark = pytest.mark.anyio


@pytest.fixture
def anyio_backend() -> str:
    """What runs the tests."""
    return "asyncio"


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the service."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="https://postcards.example") as client:
        yield client


async def order(client: httpx.AsyncClient, prompt: str) -> str:
    """The id of a postcard that was ordered."""
    answer = await client.post("/postcards", json={"prompt": prompt})
    assert answer.status_code == 202
    return answer.json()["id"]


async def show(client: httpx.AsyncClient, card: str) -> dict[str, Any]:
    """What the service says of a postcard."""
    answer = await client.get(f"/postcards/{card}")
    assert answer.status_code == 200
    return answer.json()


async def test_a_picture_is_painted(fake_fal: FakeFal, client: httpx.AsyncClient) -> None:
    card = await order(client, "a red panda")
    await fake_fal.adeliver_webhooks(app, user_id=FAL_USER)
    assert (await show(client, card))["state"] == "painted"
    fake_fal.flux_1.schnell.assert_called_once_with(prompt="a red panda", image_size="landscape_4_3")
    thumbnail = await client.post(f"/postcards/{card}/thumbnail")
    assert thumbnail.status_code == 200
    assert thumbnail.headers["content-type"] == "image/png"
    assert thumbnail.content.startswith(b"\x89PNG")


async def test_a_refused_prompt(fake_fal: FakeFal, client: httpx.AsyncClient) -> None:
    fake_fal.flux_1.schnell.fails(ContentPolicyError)
    card = await order(client, "something unspeakable")
    await fake_fal.adeliver_webhooks(app, user_id=FAL_USER)
    answer = await client.get(f"/postcards/{card}")
    assert answer.status_code == 422
    assert answer.json() == {"detail": "This prompt was refused"}


async def test_a_short_outage_is_survived_and_a_long_one_reported(fake_fal: FakeFal, client: httpx.AsyncClient) -> None:
    fake_fal.faults.connection_refused(1, at="submit")
    await order(client, "a red panda")
    fake_fal.faults.outage(3600)
    answer = await client.post("/postcards", json={"prompt": "a blue panda"})
    assert answer.status_code == 503
    assert fake_fal.flux_1.schnell.call_count == 1


async def test_the_webhook_is_delivered_and_verified(fake_fal: FakeFal, client: httpx.AsyncClient) -> None:
    fake_fal.flux_1.schnell.returns(images=[{"url": "https://v3.fal.media/panda.png"}])
    card = await order(client, "a red panda")
    (stranger,) = await fake_fal.adeliver_webhooks(app, user_id="somebody else")
    assert stranger.status_code == 401
    assert (await client.post("/fal/webhook", json={"request_id": card})).status_code == 401
    assert (await show(client, card))["state"] == "ordered"
    (delivery,) = await fake_fal.adeliver_webhooks(app, user_id=FAL_USER, again=True)
    assert delivery.status_code == 204
    assert (await show(client, card))["picture"] == "https://v3.fal.media/panda.png"


async def test_twenty_minutes_take_no_time(fake_fal: FakeFal, client: httpx.AsyncClient) -> None:
    fake_fal.flux_1.schnell.takes(1200)
    card = await order(client, "a very large red panda")
    await fake_fal.adeliver_webhooks(app, user_id=FAL_USER)
    assert (await show(client, card))["state"] == "painted"
    assert fake_fal.clock.now() >= 1200
