"""Commands, measured: wall time, processor time, memory; and a project of as many real documents as one likes."""

from __future__ import annotations

import atexit
import os
import resource
import shutil
import subprocess
import tempfile
import threading
import time
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from corpus.folder import DOCUMENTS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

ROOT = Path(__file__).resolve().parents[2]
_EVERY = 0.02  # seconds
_PASSING = 10  # looks: a process that is Python for less than that is none of the workers
_COMPILED = str(Path(tempfile.gettempdir()) / f"fal-typed-compiled-{os.getpid()}")
atexit.register(shutil.rmtree, _COMPILED, ignore_errors=True)


class Cost(NamedTuple):
    """What a command cost.

    Attributes:
        wall: Seconds on the clock.
        processor: Seconds of processors, those of its processes too.
        memory: MiB: the most that the command and its workers ever had, each by itself, in sum.
        at_once: MiB: the most that was held at one moment, the tools it calls included.
    """

    wall: float
    processor: float
    memory: float
    at_once: float


def measure(
    command: Sequence[str], environment: Mapping[str, str] | None = None, *, watches_memory: bool = True
) -> Cost:
    """Run a command to its end, and see what it costs. Its modules are compiled once, as where they are installed.

    Args:
        command: What to run.
        environment: That it runs in.
        watches_memory: Whether somebody looks at its memory all the time, which takes time of the processors, too.
    """
    environment = {**(environment or os.environ), "PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": _COMPILED}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment)
    watch = _Watch(process.pid)
    if watches_memory:
        watch.start()
    code = process.wait()
    wall = time.perf_counter() - start
    watch.over.set()
    if watches_memory:
        watch.join()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    assert code == 0, command
    return Cost(wall, spent, sum(watch.highest.values()) / 1024, watch.at_once / 1024)


class _Watch(threading.Thread):
    """Looks at the memory of a process and of those below it, where the system tells."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.highest: defaultdict[int, int] = defaultdict(int)
        self._looks: Counter[int] = Counter()
        self.at_once = 0
        self._pid = pid

    def run(self) -> None:
        while not self.over.wait(_EVERY):
            now = 0
            for pid in _family(self._pid):
                status = _status(pid)
                now += status.get("RssAnon", 0)
                self._looks[pid] += bool(status.get("python"))
                if self._looks[pid] > _PASSING:  # what is about to become another program has its parent's memory
                    self.highest[pid] = max(self.highest[pid], status.get("VmHWM", 0))
            self.at_once = max(self.at_once, now)


def _family(pid: int) -> list[int]:
    found: list[int] = []
    waiting = [pid]
    while waiting:
        one = waiting.pop()
        found.append(one)
        for task in Path(f"/proc/{one}/task").glob("*/children"):
            try:
                waiting += map(int, task.read_text().split())
            except OSError:
                continue
    return found


def _status(pid: int) -> dict[str, int]:
    """KiB by name, and whether the process is Python: what it calls are tools."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    pairs = (line.split(":", 1) for line in lines)
    values = {name: value.split() for name, value in pairs}
    numbers = {name: int(values[name][0]) for name in ("VmHWM", "RssAnon") if name in values}
    return {**numbers, "python": int("python" in values["Name"][0])}


def project_of(root: Path, count: int) -> Path:
    """A project of some number of real documents; where there are not so many, of renamed ones behind them."""
    root.mkdir(parents=True)
    (root / "pyproject.toml").write_text("[tool.fal-typed]\n", encoding="utf-8")
    paths = sorted(DOCUMENTS.glob("*.json"))
    for number in range(count):
        path, copies = paths[number % len(paths)], number // len(paths)
        endpoint_id, text = path.stem.replace("__", "/"), path.read_text(encoding="utf-8")
        if copies:
            endpoint_id, text = renamed(endpoint_id, text, f"-{copies + 1}")
        target = root / "specs" / f"{endpoint_id}.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")
    return root


def renamed(endpoint_id: str, text: str, end: str) -> tuple[str, str]:
    """An endpoint under another app, with its document: the id, the paths and the title in there."""
    owner, app, *rest = endpoint_id.split("/")
    new = "/".join([owner, app + end, *rest])
    text = text.replace(f'"/{owner}/{app}', f'"/{owner}/{app}{end}').replace(f'"{endpoint_id}"', f'"{new}"')
    return new, text.replace(f" {endpoint_id}", f" {new}")


def environment_with(folder: Path) -> dict[str, str]:
    """The environment, with the commands of a folder before all others."""
    return {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
