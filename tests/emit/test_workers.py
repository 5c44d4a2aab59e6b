"""The processes that run datamodel-code-generator for many documents: they end with the run, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import REPOSITORY, STRING, Project, hear_interrupts, obj

from generator import pipeline
from generator.emit import models, workers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture
def large(project: Project) -> Project:
    """More documents than get processes: they are at work for a while."""
    for number in range(4 * workers.WORTH_PROCESSES):
        project.add(f"fal-ai/e{number}")
    return project


def group_of(leader: int) -> list[str]:
    """The command lines of the processes in a group, the leader's left out."""
    found: list[str] = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if int(process.name) != leader and os.getpgid(int(process.name)) == leader:
                found.append((process / "cmdline").read_text(encoding="utf-8").replace("\0", " "))
        except OSError:
            continue
    return [line for line in found if line]  # one that has ended, and waits to be noticed, has none


def wait_for(leader: int, true: Callable[[list[str]], bool]) -> None:
    """Wait until something is true of a group."""
    for _ in range(2400):
        if true(group_of(leader)):
            return
        time.sleep(0.05)
    raise TimeoutError(group_of(leader))


@contextmanager
def started(project: Project) -> Generator[subprocess.Popen[str]]:
    """A run in a group of its own, as a terminal starts it, as soon as other processes are at work for it."""
    command = [sys.executable, "-m", "generator", "--project", str(project.root), "regenerate"]
    run = subprocess.Popen(
        command, cwd=REPOSITORY, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=hear_interrupts
    )
    try:
        wait_for(run.pid, lambda lines: len(lines) > 1)
        yield run
        run.wait(timeout=60)
        wait_for(run.pid, lambda lines: not lines)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(run.pid, signal.SIGKILL)
        run.communicate()


@pytest.mark.parametrize("seconds", [0.2, *(pytest.param(at, marks=pytest.mark.slow) for at in (0.0, 0.5, 0.8))])
def test_ctrl_c_ends_all_of_them_without_a_word(large: Project, seconds: float) -> None:
    with started(large) as run:
        time.sleep(seconds)
        os.killpg(run.pid, signal.SIGINT)
        _, said = run.communicate(timeout=60)
    assert "Traceback" not in said
    assert run.returncode in (130, 0)  # a quick machine may be done


@pytest.mark.slow
def test_a_killed_run_leaves_none(large: Project) -> None:
    with started(large) as run:
        time.sleep(0.3)
        run.kill()


@pytest.mark.parametrize("batch", [1, 7, 100])
@pytest.mark.slow
def test_many_documents_give_what_few_give(project: Project, monkeypatch: pytest.MonkeyPatch, batch: int) -> None:
    """Classes are laid out, and modules read, in processes: while more are decided, as soon as there is a batch."""
    begun: list[str] = []

    class Seen(models.Begun):
        def sources(self) -> dict[str, str | models.ModelsError]:
            begun.extend(self.keys())
            return super().sources()

    monkeypatch.setattr(pipeline, "Begun", Seen)
    monkeypatch.setattr(models, "_BATCH", batch)
    for number in range(workers.WORTH_PROCESSES):
        project.add(f"fal-ai/e{number}")
    project.regenerate()
    kinds = 2
    assert len(begun) == kinds * (workers.WORTH_PROCESSES // batch * batch)
    beside = project.tree()
    monkeypatch.setattr(workers, "WORTH_PROCESSES", 1000)
    for cache in (project.root / ".fal-typed-cache").glob("*.json"):
        cache.unlink()
    for path in project.output.rglob("*.py"):
        path.unlink()
    project.regenerate()
    assert project.tree() == beside


def test_processes_begin_as_soon_as_it_is_known_that_there_is_much_to_do(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is read where nothing is remembered; where all documents changed, once they were looked at."""
    asked: list[int] = []
    monkeypatch.setattr(workers, "WORTH_PROCESSES", 3)
    monkeypatch.setattr(pipeline, "workers", lambda documents: asked.append(documents) or workers.workers(documents))
    for number in range(3):
        project.add(f"fal-ai/e{number}")
    project.regenerate()
    assert asked == [3]
    asked.clear()
    for number in range(3):
        project.add(f"fal-ai/e{number}", output=obj({"new": STRING}))
    project.regenerate()
    assert asked == [0, 3]
    asked.clear()
    project.regenerate()
    assert asked == [0, 0]


def test_ctrl_c_is_for_the_run_and_not_for_them() -> None:
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    with workers.workers(workers.WORTH_PROCESSES) as pool:
        assert pool is not None
        assert signal.SIGINT in pool.submit(signal.pthread_sigmask, signal.SIG_BLOCK, ()).result()
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) == before
