"""Kill workers at random moments, one after another in its place, until one gets to the end."""

# design: How is it known that a killed worker costs nothing?

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random

    from .line import Line
    from .nursery import Nursery, Worker

# A line that is not done by then never will be.
LAST_SECONDS = 180.0
# The share of those that are killed while they say goodbye after a Ctrl-C, and how long that may take.
INTERRUPTED, LONGEST_GOODBYE = 0.2, 0.1


class Killer:
    """Kills by the dice of one seed.

    Args:
        nursery: Where workers come from.
        dice: When they are killed.
        longest: Seconds that a worker lives at most before it is killed.

    Attributes:
        kills: How many workers it has killed.
        left: How many jobs those left that had been sent, perhaps, and had no id.
    """

    def __init__(self, nursery: Nursery, dice: random.Random, longest: float) -> None:
        self._nursery = nursery
        self._dice = dice
        self._longest = longest
        self.kills = self.left = 0

    def hunt(self, line: Line, ways: list[str], *, at_once: int = 1, kills: int, **options: Any) -> None:
        """Keep so many workers at a line, each until it is killed or done, until so many were killed.

        Args:
            line: The jobs.
            ways: What a worker does is one of them.
            at_once: How many workers.
            kills: After how many no more are killed, and new ones are not begun.
            options: Of each worker.
        """
        until: dict[Worker, float] = {}
        done = False
        last = self.kills + kills
        while self.kills < last and not done:
            while len(until) < at_once:
                worker = self._nursery.worker(self._dice.choice(ways), line.task(order=self._dice.random(), **options))
                until[worker] = time.monotonic() + self._dice.uniform(0, self._longest)
            worker = min(until, key=lambda one: until[one])
            status = worker.wait(max(0.0, until[worker] - time.monotonic()))
            del until[worker]
            if status is None:
                self.kill(worker, line)
            else:
                assert status == 0, f"a worker of {line.name}: {status}\n{self._nursery.printed()}"
                done = True
        for worker in until:
            self.kill(worker, line)

    def kill(self, worker: Worker, line: Line) -> None:
        """Kill a worker, some while they say goodbye."""
        if self._dice.random() < INTERRUPTED:
            worker.signal(signal.SIGINT)
            worker.wait(self._dice.uniform(0, LONGEST_GOODBYE))
        if worker.signal(signal.SIGKILL) and worker.wait(None) == -signal.SIGKILL:
            self.kills += 1
            self.left += line.left_by(worker.pid) if line.journal else 0

    def startle(self, line: Line, ways: list[str], *, at_once: int, naps: int, seconds: float, **options: Any) -> int:
        """Have so many workers do a line; now and then one is stopped for longer than its leases last.

        Args:
            line: The jobs.
            ways: What a worker does is one of them.
            at_once: How many workers.
            naps: How often one is stopped.
            seconds: For how long.
            options: Of each worker.

        Returns:
            How often one was.
        """
        choose = self._dice.choice
        tasks = [line.task(order=self._dice.random(), **options) for _ in range(at_once)]
        workers = [self._nursery.worker(choose(ways), task) for task in tasks]
        stopped = 0
        for _ in range(naps):
            time.sleep(self._dice.uniform(0, self._longest))
            worker = choose(workers)
            if worker.signal(signal.SIGSTOP):
                time.sleep(seconds)
                stopped += worker.signal(signal.SIGCONT)
        for worker in workers:
            status = worker.wait(LAST_SECONDS)
            assert status == 0, f"a worker of {line.name}: {status}\n{self._nursery.printed()}"
        return stopped

    def finish(self, line: Line, way: str, **options: Any) -> None:
        """Have one worker do what is left, undisturbed."""
        worker = self._nursery.worker(way, line.task(order=0, **options))
        status = worker.wait(LAST_SECONDS)
        if status is None:
            worker.signal(signal.SIGABRT)
        assert status == 0, f"the last worker of {line.name}, {way}: {status}\n{self._nursery.printed()}"
