"""Killed at random moments, on a full disk too: nothing is half written, and the next run ends clean."""

from __future__ import annotations

import errno
import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import INTEGER, Project, obj, run_cli, spawn

from generator.write import apply as apply_stage

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
Capture = pytest.CaptureFixture[str]


def kill(root: Path, kills: int, *, seed: int, full: bool = False) -> dict[str, int]:
    """How often runs ended how (-9: killed, 2: no space left, 0: done before that); it fails where one left harm."""
    arguments = [str(root), str(kills), str(seed), "full" if full else "roomy"]
    done = spawn([str(HERE / "crash_worker.py"), *arguments], cwd=root)
    assert (done.code, done.err) == (0, "")
    outcomes: dict[str, int] = json.loads(done.out)
    return outcomes


@pytest.mark.slow
def test_a_few_kills(tmp_path: Path) -> None:
    assert kill(tmp_path, 4, seed=1)["-9"] == 4


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_hundred_kills(seed: int, tmp_path: Path) -> None:
    assert kill(tmp_path, 25, seed=seed)["-9"] == 25


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of four MiB: the runtime takes half of them."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"this user may not mount a tmpfs: {mounted.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", disk], check=True)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_hundred_kills_on_a_full_disk(seed: int, small_disk: Path) -> None:
    outcomes = kill(small_disk, 25, seed=seed, full=True)
    assert outcomes["2"] > 0


@pytest.fixture
def made(project: Project) -> Project:
    """An endpoint, generated, and another that is not yet."""
    project.add("fal-ai/a")
    project.regenerate()
    project.add("fal-ai/b", input=obj({"steps": INTEGER}))
    return project


@pytest.mark.parametrize("after", [0, 2])
def test_a_full_disk_is_said_and_changes_nothing(
    after: int, made: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, real, written = made.tree(), apply_stage.write_new, list[Path]()

    def fail(path: Path, data: bytes) -> None:
        if len(written) == after:
            path.touch()  # as far as a full disk lets it come
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        written.append(path)
        real(path, data)

    with monkeypatch.context() as patch:
        patch.setattr(apply_stage, "write_new", fail)
        done = run_cli(made, capsys, "regenerate")
    assert done.code == 2
    assert done.err == (
        f"error: <project>/generated/{apply_stage.STAGING}/{after}: No space left on device; "
        "make room there, and run again: every file is as it was or as it shall be\n"
    )
    assert made.tree() == before
    assert run_cli(made, capsys, "regenerate").code == 0
    assert "fal_typed/endpoints/b.py" in made.tree()


@pytest.mark.sampled(2)
@pytest.mark.parametrize("lost", [b"", b"\0" * 4096])
def test_what_a_power_failure_left_is_made_again(lost: bytes, made: Project, capsys: Capture) -> None:
    path = made.output / "fal_typed/endpoints/a.py"
    whole = path.read_bytes()
    path.write_bytes(lost)
    assert run_cli(made, capsys, "regenerate").code == 0
    assert path.read_bytes() == whole


def test_an_empty_file_of_somebody_else_is_not_ours(made: Project, capsys: Capture) -> None:
    path = made.output / "fal_typed/endpoints/b.py"
    path.touch()
    assert run_cli(made, capsys, "regenerate").code == 1
    assert path.read_bytes() == b""


def test_a_document_that_changes_while_a_run_reads_is_seen_by_the_next(
    made: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from generator import pipeline

    real = pipeline.write

    def change_first(*arguments: object) -> None:
        made.add("fal-ai/b", input=obj({"late": INTEGER}))
        real(*arguments)  # type: ignore[arg-type]

    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "write", change_first)
        assert run_cli(made, capsys, "regenerate").code == 0
    assert "late" not in made.module("endpoints/b.py")
    assert run_cli(made, capsys, "regenerate").code == 0
    assert "late" in made.module("endpoints/b.py")


def test_a_file_that_is_open_elsewhere_keeps_its_old_text_there(made: Project, capsys: Capture) -> None:
    made.add("fal-ai/a", input=obj({"late": INTEGER}))
    path = made.output / "fal_typed/endpoints/a.py"
    old = path.read_bytes()
    with path.open("rb") as reader:
        assert run_cli(made, capsys, "regenerate").code == 0
        assert reader.read() == old
    assert path.read_bytes() != old
