"""Ray Data's actors at lines of jobs, killed at random moments; Ray starts new ones. See `crew`."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

from .crew import Crew
from .worker import Desk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from .crew import Hunt

ACTORS, BATCH = 2, 8


class Worker:
    """An actor: some of its calls run at once, in one loop."""

    def __init__(self, task: dict[str, Any]) -> None:
        self._desk = Desk(task, "AsyncFal")
        self._desk.line.begin()

    async def __call__(self, batch: dict[str, Any]) -> AsyncIterator[dict[str, Any]]:
        pairs = zip(batch["number"].tolist(), batch["prompt"].tolist(), strict=True)
        jobs = [(number, {"prompt": prompt, "num_images": 1}) for number, prompt in pairs]
        told = await asyncio.gather(*map(self._desk.do_async, jobs))
        yield {"told": [one or "" for one in told]}


class RayCrew(Crew):
    """A Ray of its own, on this machine."""

    def __init__(self) -> None:
        import ray

        ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False, object_store_memory=100 * 2**20)
        ray.data.DataContext.get_current().enable_progress_bars = False

    def do(self, task: dict[str, Any], jobs: list[Any], hunt: Hunt) -> list[Any]:
        from ray.data import ActorPoolStrategy, from_items

        over = threading.Event()

        def kill() -> None:
            while not over.wait(hunt.pause()):
                hunt.strike()

        killing = threading.Thread(target=kill, daemon=True)
        killing.start()
        rows = from_items([{"number": number, "prompt": given["prompt"]} for number, given in jobs])
        told = rows.repartition(len(jobs) // BATCH).map_batches(
            Worker, fn_constructor_args=(task,), compute=ActorPoolStrategy(size=ACTORS), batch_size=BATCH, num_cpus=0.1
        )
        found = [row["told"] or None for row in told.take_all()]
        over.set()
        killing.join()
        return found

    def close(self) -> None:
        import ray

        ray.shutdown()


CREW = RayCrew
