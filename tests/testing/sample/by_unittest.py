"""A test of the postcards by unittest alone."""

import unittest

import httpx
from fal_typed.testing import fake_fal
from postcards import FAL_USER, app


class Postcards(unittest.IsolatedAsyncioTestCase):
    """With a fake of fal for each test."""

    async def test_a_picture_is_painted(self) -> None:
        transport = httpx.ASGITransport(app)
        async with fake_fal() as fake, httpx.AsyncClient(transport=transport, base_url="https://test") as client:
            card = (await client.post("/postcards", json={"prompt": "a red panda"})).json()["id"]
            await fake.adeliver_webhooks(app, user_id=FAL_USER)
            assert (await client.get(f"/postcards/{card}")).json()["state"] == "painted"
            fake.flux_1.schnell.assert_called_once_with(prompt="a red panda", image_size="landscape_4_3")


if __name__ == "__main__":
    unittest.main()
