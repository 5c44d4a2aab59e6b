"""Two runs at once: the second is told who the first is; nobody is told of one that is dead."""

from __future__ import annotations

import errno
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support import REPOSITORY, Project, run_cli
from support.fetching import files

from generator.project import run_lock as locks

BusyError, run_lock = locks.BusyError, locks.run_lock

if TYPE_CHECKING:
    from pathlib import Path

HOLD = """
import sys, pathlib
from generator.project.run_lock import run_lock
with run_lock(pathlib.Path(sys.argv[1]), sys.argv[2]) as held:
    print(held, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def lock(project: Project) -> Path:
    return project.root / ".fal-typed-cache" / "run.lock"


def hold(lock: Path, code: str = HOLD, writes: str = "specs") -> subprocess.Popen[str]:
    """Another process that holds the lock until its input ends."""
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(lock), writes],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def test_the_second_of_two_runs_is_told_of_the_first(
    project: Project, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project.add("fal-ai/a")
    with hold(lock, writes="generated") as other:
        done = run_cli(project, capsys, "regenerate")
        assert done.code == 2
        assert done.err == f"error: another run (process {other.pid}) is writing generated; run again when it is done\n"
        assert not project.output.exists()
        assert run_cli(project, capsys, "regenerate", "--check").code == 1  # which writes nothing, and may look
        assert other.stdin is not None
        other.stdin.close()
    assert run_cli(project, capsys, "regenerate").code == 0
    assert not lock.exists()


WRITERS = [
    ("regenerate",),
    ("regenerate", "--fetch"),
    ("fetch",),
    ("fetch", "--all"),
    ("fetch", "fal-ai/a"),
    ("add", "fal-ai/b"),
    ("add", "fal-ai/b", "--from", "b.json"),
    ("remove", "fal-ai/a"),
    ("release",),
]
READERS = [("regenerate", "--check"), ("release", "--dry-run"), ("list",), ("diff", "specs"), ("explain", "name-clash")]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("command", WRITERS, ids=" ".join)
def test_whatever_writes_is_told_who_else_does_and_of_what(
    command: tuple[str, ...],
    project: Project,
    lock: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(project.root)
    project.add("fal-ai/a")
    (project.root / "b.json").write_bytes(project.path("fal-ai/a").read_bytes())
    before = files(project.root)
    with hold(lock, writes="specs/releases.json") as other:
        done = run_cli(project, capsys, *command)
        assert done.code == 2
        assert done.err == (
            f"error: another run (process {other.pid}) is writing specs/releases.json; run again when it is done\n"
        )
        assert files(project.root).keys() - before.keys() == {".fal-typed-cache/run.lock"}
        assert other.stdin is not None
        other.stdin.close()
    assert files(project.root) == before


@pytest.mark.sampled(5)
@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_whatever_only_reads_needs_no_lock(
    command: tuple[str, ...], project: Project, lock: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project.add("fal-ai/a")
    with hold(lock) as other:
        done = run_cli(project, capsys, *command)
        assert "another run" not in done.err
        assert other.stdin is not None
        other.stdin.close()


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("command", "writer", "writes"),
    [
        ("regenerate", "generator.pipeline.write", "generated"),
        pytest.param("release", "generator.diff.release.write", "specs/releases.json", marks=pytest.mark.slow),
        pytest.param("remove", "generator.fetch.uncover", "specs", marks=pytest.mark.slow),
    ],
)
def test_nobody_writes_while_somebody_writes(
    command: str,
    writer: str,
    writes: str,
    project: Project,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    project.add("fal-ai/a")
    said: list[tuple[int, str]] = []

    def others_first(*arguments: object) -> str:
        for other in (["fetch"], ["regenerate"], ["release"]):
            line = [sys.executable, "-m", "generator", "--project", str(project.root), *other]
            done = subprocess.run(line, cwd=REPOSITORY, capture_output=True, text=True, check=False)
            said.append((done.returncode, done.stderr))
        return ""

    monkeypatch.setattr(writer, others_first)
    run_cli(project, capsys, command, *(["fal-ai/a"] if command == "remove" else []))
    text = f"error: another run (process {os.getpid()}) is writing {writes}; run again when it is done\n"
    assert said == [(2, text)] * 3


STEERING = "7 \x1b[2J\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "another run is writing this project"), (STEERING, "another run (process 7) is writing \\x1b[2J;")],
)
def test_a_holder_that_could_not_say_who_it_is(
    text: str, said: str, lock: Path, project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its disk was full; and a text of somebody else's can steer no terminal."""
    project.add("fal-ai/a")
    with hold(lock) as other:
        lock.write_text(text, encoding="utf-8")
        assert said in run_cli(project, capsys, "regenerate").err
        assert other.stdin is not None
        other.stdin.close()


def test_a_run_that_was_killed_leaves_no_lock(project: Project, lock: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project.add("fal-ai/a")
    with hold(lock) as other:
        os.kill(other.pid, signal.SIGKILL)
    assert lock.is_file()
    assert run_cli(project, capsys, "regenerate").code == 0


def test_a_worker_that_outlives_its_killed_run_does_not_hold_the_lock(lock: Path) -> None:
    with hold(lock, HOLD.replace("    sys.stdin", "    import os; os.fork()\n    sys.stdin")) as other:
        os.kill(other.pid, signal.SIGKILL)
        os.waitpid(other.pid, 0)
        with run_lock(lock, "x") as held:
            assert held
        assert other.stdin is not None
        other.stdin.close()  # so the worker ends


def test_a_lock_whose_file_was_removed_under_us_is_taken_anew(lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The holder removes the file when it is done; whoever had opened it must not hold a lock that nobody sees."""
    take, tries = locks._lock, []

    def remove_first(handle: int) -> None:
        tries.append(handle)
        if len(tries) == 1:
            lock.unlink()
        take(handle)

    monkeypatch.setattr(locks, "_lock", remove_first)
    with run_lock(lock, "x") as held:
        assert held
        assert lock.is_file()
    assert len(tries) == 2


@pytest.mark.parametrize("error", [OSError(errno.ENOLCK, "No locks available"), ImportError("no fcntl")])
def test_where_there_are_no_locks_a_run_goes_on(error: Exception, lock: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(handle: int) -> None:
        raise error

    monkeypatch.setattr(locks, "_lock", refuse)
    with run_lock(lock, "x") as held:
        assert not held


def test_no_lock_is_made_behind_a_link_or_where_a_file_stands(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    for folder in ("link", "file"):
        with run_lock(tmp_path / folder / "run.lock", "x") as held:
            assert not held
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_an_error_in_the_block_gives_the_lock_back(lock: Path) -> None:
    def fail() -> None:
        with run_lock(lock, "x"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with hold(lock) as other, pytest.raises(BusyError, match=str(other.pid)), run_lock(lock, "x"):
        pass
