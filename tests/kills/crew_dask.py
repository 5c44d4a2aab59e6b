"""Dask's workers at lines of jobs, killed at random moments; its nannies start new ones. See `crew`."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

from .crew import Crew
from .worker import Desk

if TYPE_CHECKING:
    from .crew import Hunt
    from .worker import Job

_DESKS: dict[str, Desk] = {}
_LOCK = threading.Lock()


def one_job(task: dict[str, Any], job: Job) -> str | None:
    """A task of the cluster. Its process keeps its desk."""
    with _LOCK:
        name = task["line"]["name"]
        if name not in _DESKS:
            _DESKS[name] = Desk(task, "Fal")
            _DESKS[name].line.begin()
        desk = _DESKS[name]
    return desk.do(job)


class DaskCrew(Crew):
    """A LocalCluster of two processes with eight threads each."""

    def __init__(self) -> None:
        import dask

        dask.config.set(
            {
                "distributed.worker.multiprocessing-method": "forkserver",
                # A job may be with a worker that is killed any number of times.
                "distributed.scheduler.allowed-failures": 100_000,
                # A busy machine takes longer than 15 seconds to begin a worker.
                "distributed.deploy.lost-worker-timeout": "1 hour",
            }
        )
        from distributed import Client, LocalCluster

        self._cluster = LocalCluster(n_workers=2, threads_per_worker=8, dashboard_address=None, silence_logs=50)
        self._client = Client(self._cluster)

    def do(self, task: dict[str, Any], jobs: list[Any], hunt: Hunt) -> list[Any]:
        futures = self._client.map(one_job, [task] * len(jobs), jobs, pure=False)
        while not all(future.done() for future in futures):
            time.sleep(hunt.pause())
            # A nanny gives up on a worker that dies before it is said to run.
            nannies = [one for one in self._cluster.workers.values() if one.process]
            hunt.strike([one.pid for one in nannies if one.process.status.name == "running" and one.pid])
        return self._client.gather(futures)

    def close(self) -> None:
        self._client.close()
        self._cluster.close()


CREW = DaskCrew
