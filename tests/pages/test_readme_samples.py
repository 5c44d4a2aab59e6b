"""The samples of the package's README that only tell something: they print what stands below them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from testing.command import commanded

from .printed import is_as_shown
from .test_testing_page import run
from .ways import blocks

if TYPE_CHECKING:
    from pathlib import Path

    from .collect import Block

TOLD, LOGGED, CELLS = blocks("told"), blocks("logged"), blocks("cell")
# What a notebook does with a cell.
CELL = """
from pathlib import Path
from IPython.core.interactiveshell import InteractiveShell
from fal_typed.testing import fake_fal
shell = InteractiveShell.instance()
with fake_fal():
    done = shell.run_cell(Path("cell.py").read_text(encoding="utf-8"))
done.raise_error()
print(shell.display_formatter.format(done.result)[0]["text/html"])
"""
# What differs from run to run, in a line of the log.
_VARYING = (
    (r"request id [^)]+\)", "request id …)"),
    (r"\d+ ms", "… ms"),
    (r"http://127\.0\.0\.1:\d+/run", "https://fal.run"),
)


@pytest.mark.parametrize("block", TOLD, ids=[block.where for block in TOLD])
def test_what_an_endpoint_takes_is_told_without_a_key(block: Block, tmp_path: Path) -> None:
    ran = run(["-W", "error", "-c", block.code], tmp_path)
    assert (ran.returncode, ran.stderr) == (0, ""), block.where
    assert is_as_shown(block.shown or "", ran.stdout), f"{block.where}\n{ran.stdout}"
    assert "prompt" in ran.stdout.splitlines()[-1]


def same(text: str) -> str:
    for pattern, stands in _VARYING:
        text = re.sub(pattern, stands, text)
    return text


@pytest.mark.parametrize("block", LOGGED, ids=[block.where for block in LOGGED])
def test_the_log_has_the_lines_that_are_shown(block: Block, tmp_path: Path) -> None:
    with commanded("--endpoint-seconds", "0") as (url, _):
        hosts = {"FAL_RUN_HOST": f"{url}/run", "FAL_QUEUE_RUN_HOST": f"{url}/queue"}
        ran = run(["-W", "error", "-c", block.code], tmp_path, FAL_KEY="any", **hosts)
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
    assert is_as_shown(same(block.shown or ""), same(ran.stderr)), f"{block.where}\n{ran.stderr}"


@pytest.mark.parametrize("block", CELLS, ids=[block.where for block in CELLS])
def test_a_cell_shows_its_last_line(block: Block, tmp_path: Path) -> None:
    (tmp_path / "cell.py").write_text(block.code, encoding="utf-8")
    ran = run(["-c", CELL], tmp_path, IPYTHONDIR=str(tmp_path))
    assert ran.returncode == 0, ran.stderr
    assert '<img src="https://v3.fal.media/' in ran.stdout


def test_there_is_one_of_each() -> None:
    assert [len(TOLD), len(LOGGED), len(CELLS)] == [1, 1, 1]
