"""A result of 10 KB is kept for six minutes by fal's clock: `map` fetches it at once, however slow its reader."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from billing_fal import BillingFal
from fal_typed import Fal, Hosts, ResultExpiredError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

JOBS = 40
INPUTS = [{"prompt": f"{number}"} for number in range(JOBS)]


@pytest.fixture
def fal() -> Iterator[BillingFal]:
    with BillingFal(takes=(0.05, 0.2), large=1.0) as running:
        yield running


def test_a_slow_reader_loses_nothing(fal: BillingFal, tmp_path: Path) -> None:
    begun = fal.counts()["now"]
    with Fal("id:secret", hosts=Hosts(**fal.hosts)) as client:
        prompts: list[str] = []
        for job in client.flux_1.schnell.map(INPUTS, journal=tmp_path / "run.sqlite", window=10):
            time.sleep(0.1)
            fal.advance(20)
            prompts.append(job.result().prompt)
    assert sorted(prompts) == sorted(one["prompt"] for one in INPUTS)
    counts = fal.counts()
    assert counts["now"] - begun > 2 * 360
    assert (counts["accepted"], counts["delivered"], counts["expired"]) == (JOBS, JOBS, 0)


def test_who_submits_all_and_then_collects_loses_it(fal: BillingFal) -> None:
    with Fal("id:secret", hosts=Hosts(**fal.hosts)) as client:
        handles = [client.flux_1.schnell.submit(**one) for one in INPUTS[:5]]
        time.sleep(0.3)
        fal.advance(400)
        with pytest.raises(ResultExpiredError):
            handles[0].result()
