"""What a worker does with a line of jobs, in each way there is."""

from __future__ import annotations

import asyncio
import importlib
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from .line import SENDING_SECONDS, Line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A job: which of those with equal inputs it is, and its input.
Job = tuple[int, dict[str, Any]]


def import_all() -> None:
    """What each worker would import; it takes longer than most of them live."""
    for name in ("sqlalchemy.dialects.postgresql", "psycopg", "anyio", "httpx_sse"):
        importlib.import_module(name)
    from fal_typed.batch import Journal

    with TemporaryDirectory() as folder, Journal(Path(folder, "no.sqlite")) as journal:
        for kind in ("Fal", "AsyncFal"):
            _ = client(kind, {}).flux_1.schnell.map
        assert not list(client("Fal", {}).flux_1.schnell.map([], journal=journal))


def client(kind: str, hosts: dict[str, str]) -> Any:
    """A `Fal` or an `AsyncFal` of the fake."""
    import fal_typed

    fal = getattr(fal_typed, kind)(credentials="id:secret", hosts=fal_typed.Hosts(**hosts))
    _ = fal.flux_1.schnell.subscribe
    return fal


class Desk:
    """What a process has for a line: a client, and the journal if there is one.

    Args:
        task: What the process was given.
        kind: `Fal` or `AsyncFal`.

    Attributes:
        line: The jobs.
        endpoint: What they are of.
        options: Those of each call with a journal.
    """

    def __init__(self, task: dict[str, Any], kind: str) -> None:
        self.line = Line(**task["line"])
        self.endpoint: Any = client(kind, self.line.hosts).flux_1.schnell
        self.options: dict[str, Any] = {"max_in_flight": self.line.slots}
        if self.line.saves:
            self.options["download"] = str(Path(self.line.folder, self.line.name, "{key}"))
        if "resubmit_after" in task:
            self.options["resubmit_after"] = task["resubmit_after"]
        if self.line.journal:
            from fal_typed.batch import Journal

            hurry(self.line)
            self.options["journal"] = Journal(self.line.journal, lease=self.line.lease)

    def do(self, job: Job) -> str | None:
        """One job; its prompt as the model tells it, None where it is not clear."""
        number, given = job
        with self._told(job) as told:
            if self.line.journal:
                from fal_typed.batch import work

                told.append(work(self.endpoint, given, number=number, **self.options))
            else:
                told.append(self.endpoint.subscribe(**given))
        return told[0].prompt if told else None

    async def do_async(self, job: Job) -> str | None:
        """The same with `AsyncFal`."""
        number, given = job
        with self._told(job) as told:
            if self.line.journal:
                from fal_typed.batch import work

                told.append(await work(self.endpoint, given, number=number, **self.options))
            else:
                told.append(await self.endpoint.subscribe(**given))
        return told[0].prompt if told else None

    @contextmanager
    def _told(self, job: Job) -> Iterator[list[Any]]:
        """Note what comes of a job. That it is not clear is an answer."""
        number, given = job
        outputs: list[Any] = []
        error = None
        try:
            yield outputs
        except Exception as raised:
            if type(raised).__name__ != "UnclearJobError":
                raise
            error = type(raised).__name__
        output = outputs[0].prompt if outputs else None
        self.line.say(prompt=given["prompt"], number=number, output=output, error=error)

    def say(self, job: Any) -> None:
        """Note what came of a job of `map`."""
        error = job.error and type(job.error).__name__
        output = job.output and job.output.prompt
        self.line.say(prompt=job.input["prompt"], number=job.number, output=output, error=error, how=job.how)
        if error not in (None, "UnclearJobError"):
            raise job.error


def hurry(line: Line) -> None:
    """Shorten what waits for a history to catch up: that of the fake lags less than fal's."""
    from fal_typed._runtime.batch.stages import fence, recovery
    from fal_typed._runtime.batch.stages.hold import Rules

    fence.SENDING_SECONDS = recovery.SENDING_SECONDS = SENDING_SECONDS
    defaults = {**Rules._field_defaults, "lookup_for": line.lookup_for}
    Rules.__new__.__defaults__ = tuple(defaults.values())


def mapped(task: dict[str, Any]) -> None:
    """All jobs, by `map`."""
    desk = Desk(task, "Fal")
    for job in desk.endpoint.map(desk.line.inputs(), window=desk.line.window, **desk.options):
        desk.say(job)


def mapped_async(task: dict[str, Any]) -> None:
    """The same with `AsyncFal`."""

    async def run() -> None:
        desk = Desk(task, "AsyncFal")
        async for job in desk.endpoint.map(desk.line.inputs(), window=desk.line.window, **desk.options):
            desk.say(job)

    asyncio.run(run())


def worked(task: dict[str, Any]) -> None:
    """All jobs, one call of `work` each, in an order of one's own: as an engine has its workers do."""
    desk = Desk(task, "Fal")
    jobs = desk.line.numbered()
    random.Random(task["order"]).shuffle(jobs)
    with ThreadPoolExecutor(desk.line.window) as threads:
        for _ in threads.map(desk.do, jobs):
            pass


def naive(task: dict[str, Any]) -> None:
    """What people write: threads, and a file that has what is done."""
    desk = Desk(task, "Fal")
    finished = {one["prompt"] for one in desk.line.said()}
    with ThreadPoolExecutor(desk.line.window) as threads:
        for _ in threads.map(desk.do, [job for job in desk.line.numbered() if job[1]["prompt"] not in finished]):
            pass


WAYS: dict[str, Callable[[dict[str, Any]], None]] = {
    "map": mapped,
    "async map": mapped_async,
    "work": worked,
    "naive": naive,
}
