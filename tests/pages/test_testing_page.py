"""TESTING.md: its samples run as they stand, print what it says, and its server is found by each client."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from fal_server import FalServer

from .collect import REPOSITORY
from .printed import is_as_shown
from .ways import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .collect import Block

SCHNELL = "fal-ai/flux-1/schnell"
FAKE = blocks("fake")
CASSETTES = [block for block in FAKE if "cassette(" in block.code]
PLAIN = [block for block in FAKE if block not in CASSETTES]
FILES = {block.code.partition("\n")[0].removeprefix("# "): block.code for block in blocks("files of tests")}


def environment(**more: str) -> dict[str, str]:
    without = {name: value for name, value in os.environ.items() if not name.startswith(("FAL_", "PYTEST_"))}
    return {**without, "PYTHONPATH": str(REPOSITORY / "generated"), "NO_COLOR": "1", **more}


def run(arguments: list[str], folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment(**more), capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def recorded(tmp_path: Path) -> Iterator[dict[str, str]]:
    """The variables that lead to a service which stands for fal while something is recorded."""
    with FalServer() as server:
        server.plan(SCHNELL).output = {
            "images": [],
            "seed": 7,
            "prompt": "a panda",
            "timings": {},
            "has_nsfw_concepts": [],
        }
        yield {"FAL_KEY": "id:secret", "FAL_RUN_HOST": server.run_url, "FAL_QUEUE_RUN_HOST": server.queue_url}


def expect(block: Block, ran: subprocess.CompletedProcess[str]) -> None:
    """A program printed what the page shows, its traceback included."""
    fails = "Traceback" in (block.shown or "")
    assert ran.returncode == fails, f"{block.where}\n{ran.stdout}{ran.stderr}"
    printed = ran.stdout + (ran.stderr if fails else "")  # what is logged meanwhile is not shown
    assert is_as_shown(block.shown or "", printed), f"{block.where}\n{ran.stdout}{ran.stderr}"


@pytest.mark.parametrize("block", PLAIN, ids=[block.where for block in PLAIN])
def test_a_sample_prints_what_the_page_says(block: Block, tmp_path: Path) -> None:
    ran = run(["-W", "error", "-c", block.code], tmp_path)
    if block.shown is None:
        assert (ran.returncode, ran.stderr) == (0, ""), f"{block.where}\n{ran.stderr}"
    else:
        expect(block, ran)


def test_what_was_recorded_is_replayed(recorded: dict[str, str], tmp_path: Path) -> None:
    first, other = CASSETTES
    assert run(["-c", first.code], tmp_path, **recorded).returncode == 0
    text = (tmp_path / "panda.json").read_text(encoding="utf-8")
    assert "id:secret" not in text
    ran = run(["-c", other.code], tmp_path, **recorded)
    ran.stderr = re.sub(r"http://127\.0\.0\.1:\d+/queue|http://[\w.:]+(?=/fal-ai)", "https://queue.fal.run", ran.stderr)
    expect(other, ran)
    ran = run(
        ["-m", "pytest", "-q", "-p", "fal_typed.pytest_plugin", written(tmp_path, "test_panda.py")],
        tmp_path,
        **recorded,
    )
    assert ran.returncode == 0, ran.stdout


def written(folder: Path, name: str) -> str:
    (folder / name).write_text(FILES[name], encoding="utf-8")
    return name


@pytest.mark.parametrize("workers", [[], pytest.param(["-n", "2"], marks=pytest.mark.slow)], ids=["alone", "workers"])
def test_the_files_of_tests_pass(workers: list[str], tmp_path: Path) -> None:
    names = ["test_pictures.py", "test_pictures_by_unittest.py"]
    written(tmp_path, "pictures.py")
    tests = [written(tmp_path, name) for name in names]
    ran = run(["-m", "pytest", "-q", "-W", "error", "-p", "fal_typed.pytest_plugin", *workers, *tests], tmp_path)
    assert ran.returncode == 0, ran.stdout
    assert "2 passed" in ran.stdout
    ran = run(["-m", "unittest", "test_pictures_by_unittest"], tmp_path)
    assert ran.returncode == 0, ran.stderr
