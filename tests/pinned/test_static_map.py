"""What type checkers know of `map`: inputs are typed as keywords are, jobs and `work` have the endpoint's output."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.static import CHECKERS, error_lines, lines_marked

from .catalog import ROOT

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
CODE = """\
from collections.abc import AsyncIterator, Iterator
from typing import assert_type

from fal_typed import AsyncFal, Fal
from fal_typed.batch import Job, Jobs, Journal, work
from fal_typed.endpoints.flux_1.schnell import Flux1SchnellInput, Flux1SchnellOutput

prompts = ["a", "b"]
fal, async_fal = Fal(), AsyncFal()
jobs = fal.flux_1.schnell.map(({"prompt": prompt} for prompt in prompts), journal=Journal("run.sqlite"), window=20)
assert_type(jobs, Jobs[Flux1SchnellInput, Flux1SchnellOutput])
for job in jobs:
    any_job: Job[Flux1SchnellInput, Flux1SchnellOutput] = job
    print(any_job)
    assert_type(job.output, Flux1SchnellOutput | None)
    if job.error is None:
        assert_type(job.output, Flux1SchnellOutput)
    else:
        assert_type(job.error, Exception)
    assert_type(job.result().seed, int)
    assert_type(job.input["prompt"], str)
    job.output.seed  # BAD
fal.flux_1.schnell.map([{"prompt": "a", "num_images": 2}, {"prompt": "b"}], download="out/{key}")
fal.flux_1.schnell.map([{"promt": "a"}])  # BAD
fal.flux_1.schnell.map([{"prompt": 3}])  # BAD
fal.flux_1.schnell.map([{}])  # BAD
fal.flux_1.schnell.map({"prompt": "a"})  # BAD
fal.flux_1.schnell.map([{"prompt": "a"}], windw=3)  # BAD
fal.flux_1.schnell.map([{"prompt": "a"}], check="some")  # BAD
for found in fal.endpoint("owner/name").map([{"anything": 3}]):
    found.result().anything


def inputs() -> Iterator[Flux1SchnellInput]:
    yield {"prompt": "a"}


async def async_inputs() -> AsyncIterator[Flux1SchnellInput]:
    yield {"prompt": "a"}


fal.flux_1.schnell.with_options(timeout=3).map(inputs())
fal.flux_1.schnell.map(async_inputs())  # BAD


given = {"prompt": "a"}
assert_type(work(fal.flux_1.schnell, given, journal="run.sqlite"), Flux1SchnellOutput)
assert_type(work(fal.flux_1.schnell, {"prompt": "a"}, journal="run.sqlite"), Flux1SchnellOutput)
work(fal.flux_1.schnell, ["a"], journal="run.sqlite")  # BAD


async def main() -> None:
    assert_type(await work(async_fal.flux_1.schnell, {"prompt": "a"}, journal="run.sqlite"), Flux1SchnellOutput)
    async for job in async_fal.flux_1.schnell.map({"prompt": prompt} for prompt in prompts):
        assert_type(job.result(), Flux1SchnellOutput)
    async with async_fal.flux_1.schnell.map(async_inputs(), ordered=True) as jobs:
        kept: list[Job[Flux1SchnellInput, Flux1SchnellOutput]] = [job async for job in jobs]
        print(kept)
    async for job in async_fal.flux_1.schnell.map([{"prompt": "a"}]):
        if job.error is None:
            assert_type(job.output, Flux1SchnellOutput)
    for job in async_fal.flux_1.schnell.map(inputs()):  # BAD
        pass
"""


@pytest.mark.parametrize("checker", CHECKERS)
def test_map_is_typed(checker: str, tmp_path: Path) -> None:
    found = error_lines(checker, tmp_path, CODE, ROOT / "generated")
    assert found.keys() == lines_marked(CODE), found
