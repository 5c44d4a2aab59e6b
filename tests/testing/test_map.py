"""`map` in the fake: on its clock, of endpoints of the package and of any other, with prices."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from fal_typed import AsyncFal, ContentPolicyError, Fal
from fal_typed.batch import Job, Journal, OverBudgetError, UnknownCostError
from fal_typed.testing import fake_fal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fal_typed.endpoints.flux_1.schnell import Flux1SchnellInput
    from fal_typed.testing import FakeFal

pytestmark = pytest.mark.usefixtures("no_key")
BOTH = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


@pytest.fixture
def fake() -> Iterator[FakeFal]:
    with fake_fal() as fake:
        yield fake


def done(is_async: bool, endpoint_id: str, inputs: Any, **given: Any) -> list[Job[Any, Any]]:
    if not is_async:
        with Fal() as fal:
            return [*fal.endpoint(endpoint_id).map(inputs, **given)]

    async def main() -> list[Job[Any, Any]]:
        async with AsyncFal() as fal:
            return [job async for job in fal.endpoint(endpoint_id).map(inputs, **given)]

    return asyncio.run(main())


def test_a_folder_of_prompts(fake: FakeFal, tmp_path: Path) -> None:
    fake.flux_1.schnell.takes(60).then.fails(ContentPolicyError)
    with Fal() as fal:
        jobs = fal.flux_1.schnell.map(({"prompt": f"p{at}"} for at in range(4)), window=1, download=tmp_path)
        kinds = [type(job.error).__name__ if job.error else job.result().prompt for job in jobs]
    assert kinds == ["p0", "ContentPolicyError", "ContentPolicyError", "ContentPolicyError"]
    assert len([*tmp_path.iterdir()]) == 1


@BOTH
def test_endpoints_by_their_ids(fake: FakeFal, is_async: bool) -> None:
    fake.endpoint("owner/name").returns(text="done")
    jobs = done(is_async, "owner/name", [{"anything": 3}, {"prompt": None}], ordered=True)
    assert [job.result()["text"] for job in jobs] == ["done", "done"]


@BOTH
def test_what_it_may_cost(fake: FakeFal, is_async: bool) -> None:
    """It stops before the call that would cost too much, and all that was paid is given out."""
    fake.set_price("fal-ai/flux-1/schnell", 0.5, unit="image")
    inputs: list[Flux1SchnellInput] = [{"prompt": f"p{at}", "num_images": 1} for at in range(10)]
    journal, found = Journal.in_memory(), list[Job[Any, Any]]()

    def read() -> None:
        with Fal() as fal:
            for job in fal.flux_1.schnell.map(inputs, max_cost=2, window=3, journal=journal):
                found.append(job)

    async def read_async() -> None:
        async with AsyncFal() as fal:
            async for job in fal.flux_1.schnell.map(inputs, max_cost=2, window=3, journal=journal):
                found.append(job)

    with pytest.raises(OverBudgetError):
        asyncio.run(read_async()) if is_async else read()
    assert len(fake.calls) == 4
    assert len([job for job in found if job.error is None]) == 4


@BOTH
def test_a_price_that_nobody_knows(fake: FakeFal, is_async: bool) -> None:
    with pytest.raises(UnknownCostError):
        done(is_async, "owner/name", [{"prompt": "a"}], max_cost=2)
    assert len(fake.calls) == 0


def test_a_namespace_has_no_map(fake: FakeFal) -> None:
    with Fal() as fal, pytest.raises(AttributeError, match=r"it is no endpoint, but has some below it: \.schnell"):
        fal.flux_1.map([])  # type: ignore[attr-defined]  # pyright: ignore[reportAttributeAccessIssue]
