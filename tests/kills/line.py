"""A line of jobs: what is to be done, where, and what its workers said of it."""

from __future__ import annotations

import json
import os
import random
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

# So long after a worker has said that it sends a job it may do so; it is longer where nobody is in a hurry.
SENDING_SECONDS = 1.0


def began(pid: int) -> str | None:
    """When a process was begun, by its system's clock; None if it is no more."""
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
    except OSError:
        return None


@dataclass(frozen=True)
class Line:
    """What all workers of a run are given.

    Attributes:
        hosts: Where its fal is, by the names of `Hosts`.
        folder: Where its files are.
        journal: The path or the URL of its journal.
        name: Tells its inputs from those of other lines.
        jobs: How many there are.
        twins: How many of them have the same input as the one before.
        window: How many a worker has in flight.
        lease: Seconds.
        lookup_for: Seconds for which the history is asked for a request that nobody knows of.
        slots: How many may be in flight at all workers together.
        saves: Whether the files of outputs are saved.
    """

    hosts: dict[str, str]
    folder: str
    journal: str
    name: str
    jobs: int = 40
    twins: int = 0
    window: int = 8
    lease: float = 10
    lookup_for: float = 1.5
    slots: int | None = None
    saves: bool = False

    def inputs(self) -> list[dict[str, Any]]:
        """The inputs, in one order."""
        each = [{"prompt": f"{self.name} {number}", "num_images": 1} for number in range(self.jobs - self.twins)]
        chosen = random.Random(self.name).sample(range(len(each)), self.twins)
        return sorted([*each, *(each[index] for index in chosen)], key=lambda one: str(one["prompt"]))

    def numbered(self) -> list[tuple[int, dict[str, Any]]]:
        """The same, each with how often it came before."""
        met: dict[str, int] = {}
        found: list[tuple[int, dict[str, Any]]] = []
        for one in self.inputs():
            found.append((met.get(one["prompt"], 0), one))
            met[one["prompt"]] = found[-1][0] + 1
        return found

    def task(self, **more: Any) -> dict[str, Any]:
        """It as JSON, for a worker."""
        return {"line": asdict(self), **more}

    def say(self, **said: Any) -> None:
        """Note what came of a job, where the process may die any moment."""
        text = json.dumps({"pid": os.getpid(), **said}) + "\n"
        handle = os.open(Path(self.folder) / f"{self.name}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            os.write(handle, text.encode())
        finally:
            os.close(handle)

    def said(self) -> list[dict[str, Any]]:
        """What the workers have noted."""
        path = Path(self.folder) / f"{self.name}.jsonl"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []

    def begin(self) -> None:
        """Note that a worker of an engine has begun."""
        path = Path(self.folder) / f"{self.name}.workers"
        path.mkdir(exist_ok=True)
        (path / f"{os.getpid()} {began(os.getpid())}").touch()

    def workers(self) -> list[tuple[int, str]]:
        """Those that have, by their ids and when they were begun; some may be no more."""
        names = sorted(path.name.split() for path in (Path(self.folder) / f"{self.name}.workers").glob("*"))
        return [(int(pid), when) for pid, when in names]

    def left_by(self, pid: int) -> int:
        """How many jobs a worker that is dead had sent, or was about to send, without having got an id."""
        from fal_typed.batch import JobState, Journal

        with Journal(self.journal) as journal:
            owners = [record.owner or "" for record in journal.jobs(state=JobState.SENDING)]
        return sum(f"|{pid}|" in owner for owner in owners)
