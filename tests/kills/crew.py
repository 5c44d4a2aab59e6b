"""An engine in a process of its own, asked for line after line: one of JSON in, `{"kills": …, "told": […]}` out."""

from __future__ import annotations

import importlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from abc import ABC, abstractmethod
from typing import IO, TYPE_CHECKING, Any

from .line import Line, began

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path


# Ray gives up after half a minute in which it could not start, as on a busy machine.
STARTS = 5


class Hunt:
    """Kills among the workers of an engine.

    Args:
        line: What they do.
        dice: Which of them, and when.
        most: How many are killed.

    Attributes:
        kills: How many were.
        left: How many jobs those left that had been sent, perhaps, and had no id.
    """

    def __init__(self, line: Line, dice: random.Random, most: int) -> None:
        self._line, self._most = line, most
        self._dice = dice
        self.kills = self.left = 0

    def pause(self) -> float:
        """Seconds until the next kill."""
        return self._dice.uniform(0.1, 1.0)

    def strike(self, among: Collection[int] | None = None) -> None:
        """Kill a worker that has begun, unless enough are dead; one of these, if only they may be."""
        known = [pid for pid, when in self._line.workers() if began(pid) == when]
        begun = [pid for pid in known if among is None or pid in among]
        if not begun or self.kills >= self._most:
            return
        pid = self._dice.choice(begun)
        os.kill(pid, signal.SIGKILL)
        self.kills += 1
        time.sleep(0.01)
        self.left += self._line.left_by(pid) if self._line.journal else 0


class Crew(ABC):
    """Workers of an engine."""

    @abstractmethod
    def do(self, task: dict[str, Any], jobs: list[Any], hunt: Hunt) -> list[Any]:
        """Do the jobs of a line while workers are killed; what came of each job."""

    @abstractmethod
    def close(self) -> None:
        """Stop the engine."""


def main() -> None:
    """Be the process: an engine prints, too, so that the answers go where stdout was."""
    kind: type[Crew] = importlib.import_module(f"kills.{sys.argv[1]}").CREW
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    crew = kind()
    answers.write("{}\n")
    try:
        for text in sys.stdin:
            task = json.loads(text)
            line = Line(**task["line"])
            jobs = line.numbered()
            dice = random.Random(task["seed"])
            dice.shuffle(jobs)
            hunt = Hunt(line, dice, task["kills"])
            told = crew.do(task, jobs, hunt)
            answers.write(json.dumps({"kills": hunt.kills, "left": hunt.left, "told": told}) + "\n")
    finally:
        crew.close()


class Engine:
    """The process, seen from outside.

    Args:
        name: That of its module here.
        path: What it imports from.
        log: The file that has what it prints.
    """

    def __init__(self, name: str, path: str, log: Path) -> None:
        self._command = [sys.executable, "-m", "kills.crew", name]
        left = {name: text for name, text in os.environ.items() if not name.startswith(("FAL_", "PYTEST_"))}
        self._environment = {**left, "PYTHONPATH": path, "FAL_HOME_DIR": "/nonexistent"}
        self._log = log.open("ab")
        for _ in range(STARTS):
            if self._is_started():
                return
        raise AssertionError(f"{name} does not start: {log.read_text('utf-8', 'replace')[-3000:]}")

    def _is_started(self) -> bool:
        self._process = subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
            bufsize=1,
        )
        self._input: IO[str] = self._process.stdin  # type: ignore[assignment]
        self._output: IO[str] = self._process.stdout  # type: ignore[assignment]
        if self._output.readline():
            return True
        self._input.close()
        self._output.close()
        self._process.wait(60)
        return False

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        self._input.close()
        try:
            self._process.wait(60)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        finally:
            self._output.close()
            self._log.close()

    def hunt(self, line: Line, *, seed: int, kills: int) -> dict[str, int]:
        """Have it do a line while its workers are killed; how many were, and what they left: see Hunt."""
        self._input.write(json.dumps(line.task(seed=seed, kills=kills)) + "\n")
        answer = self._output.readline()
        assert answer, f"the engine has ended at {line.name}"
        said = json.loads(answer)
        assert len(said["told"]) == line.jobs
        return {"kills": said["kills"], "left": said["left"]}


if __name__ == "__main__":
    main()
