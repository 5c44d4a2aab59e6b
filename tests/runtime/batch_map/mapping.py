"""`map` of both clients, as one."""

from __future__ import annotations

import time
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fal_server import FalServer
    from runtime.jobs.job import Job
    from runtime.jobs.tally import MapSummary
    from runtime_twin import Twin

FAST = {"timeout": 20}


def prompts(count: int) -> Iterator[dict[str, Any]]:
    """So many inputs, `p0` and so on."""
    return ({"prompt": f"p{index}"} for index in range(count))


class Mapped:
    """What came of a `map`: its jobs, what it raised, and its summary.

    Args:
        at_most: After how many jobs to leave the loop.
        each: Called with every job, and awaited if it can be.
    """

    def __init__(self, at_most: int | None, each: Callable[[Job[Any, Any]], object]) -> None:
        self.jobs: list[Job[Any, Any]] = []
        self.error: BaseException | None = None
        self.summary: MapSummary | None = None
        self._at_most, self._each = at_most, each

    @property
    def by_index(self) -> dict[int, Job[Any, Any]]:
        return {job.index: job for job in self.jobs}

    @property
    def errors(self) -> list[Exception]:
        return [job.error for job in self.jobs if job.error is not None]

    def read(self, jobs: Any) -> None:
        with jobs:
            try:
                for job in jobs:
                    self._keep(job)
                    if len(self.jobs) == self._at_most:
                        break
            except Exception as error:
                self.error = error
            self.summary = jobs.summary()

    async def read_async(self, jobs: Any) -> None:
        async with jobs:
            try:
                async for job in jobs:
                    said = self._keep(job)
                    if isawaitable(said):
                        await said
                    if len(self.jobs) == self._at_most:
                        break
            except Exception as error:
                self.error = error
            self.summary = jobs.summary()

    def _keep(self, job: Job[Any, Any]) -> object:
        self.jobs.append(job)
        return self._each(job)


def mapped(
    twin: Twin,
    inputs: Iterable[Any],
    *,
    at_most: int | None = None,
    each: Callable[[Job[Any, Any]], object] = lambda _: None,
    options: dict[str, Any] = FAST,
    **given: Any,
) -> Mapped:
    """Read a `map` to its end, or up to so many jobs."""
    found = Mapped(at_most, each)

    def read(fal: Any) -> Any:
        jobs = fal.flux_1.schnell.with_options(**options).map(inputs, **given)
        return found.read_async(jobs) if twin.is_async else found.read(jobs)

    twin.do(read)
    return found


def sent(server: FalServer) -> list[str]:
    """The prompts that were accepted, in order."""
    return [accepted.input["prompt"] for accepted in server.accepted]


def results(server: FalServer) -> list[str]:
    """The paths of the results that were asked for."""
    return [seen.path for seen in server.seen if seen.method == "GET" and "/status" not in seen.path]


def settled(is_so: Callable[[], bool], seconds: float = 30.0) -> None:
    """Wait until something is so, or fail."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came to that"
        time.sleep(0.01)


def slow(*which: str) -> Callable[[Any], float]:
    """How long the model takes: a minute for these prompts, or for all; nothing for the others."""
    return lambda given: 60.0 if not which or given["prompt"] in which else 0.0


def echo(given: Any) -> dict[str, Any]:
    """An output that tells its input."""
    return {"images": [], "seed": int(given["prompt"].removeprefix("p"))}
