"""COMMAND_LINE.md, and what the README has of it: each block is typed into a shell, with the fake's server for fal."""

from __future__ import annotations

import os
import re
import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from fal_typed._runtime.cli.exits import TABLE
from testing.command import commanded

from .collect import REPOSITORY
from .printed import is_as_shown
from .shell import typed
from .ways import blocks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from .collect import Block

BLOCKS = blocks("command line")
PAGE = (REPOSITORY / "generated" / "COMMAND_LINE.md").read_text(encoding="utf-8")
# What pip makes of `[project.scripts]`.
SCRIPT = "#!{python}\nimport sys\nfrom fal_typed.cli import main\nsys.exit(main())\n"


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """A fal that answers at once."""
    with commanded("--endpoint-seconds", "0") as (url, _):
        yield url


def printed(block: Block, url: str, folder: Path) -> str:
    """What a terminal shows, with pictures where those of fal are."""
    command = folder / "bin" / "fal-typed"
    command.parent.mkdir()
    command.write_text(SCRIPT.format(python=sys.executable), encoding="utf-8")
    command.chmod(0o755)
    work = folder / "work"
    work.mkdir()
    done = typed(
        block.code,
        work,
        PATH=os.pathsep.join((str(command.parent), os.environ["PATH"])),
        COLUMNS="80",
        PYTHONPATH=str(REPOSITORY / "generated"),
        FAL_KEY="any",
        FAL_RUN_HOST=f"{url}/run",
        FAL_QUEUE_RUN_HOST=f"{url}/queue",
    )
    assert done.code == 0, f"{block.where}\n{done.shown}"
    return re.sub(rf"{url}/cdn/files/\S+/(?=\w+\.\w+)", "https://v3.fal.media/files/panda/", done.shown)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("block", BLOCKS, ids=[block.where for block in BLOCKS])
def test_a_command_prints_what_the_page_says(block: Block, url: str, tmp_path: Path) -> None:
    if "jq " in block.code and shutil.which("jq") is None:
        pytest.skip("there is no jq on this machine, which this block of the page needs")
    shown = printed(block, url, tmp_path)
    if block.shown is not None:
        assert is_as_shown(block.shown, shown), f"{block.where}\n{shown}"
    for path in re.findall(r"^saved: (\S+)$", shown, re.MULTILINE):
        assert (tmp_path / "work" / path).stat().st_size
    if " -o " in block.code:
        assert list((tmp_path / "work" / "out").iterdir())


def test_the_commands_are_told_on_the_page_and_on_the_first_one() -> None:
    pages = {block.page for block in BLOCKS}
    assert pages == {"generated/README.md", "generated/COMMAND_LINE.md"}
    from fal_typed._runtime.cli.app import app
    from fal_typed._runtime.cli.batch.app import batch

    commands = [*app.registered_commands, *batch.registered_commands]
    names = {"batch", *(command.callback.__name__ for command in commands if command.callback)}
    rows = "".join(line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `"))
    assert names <= set(re.findall(r"\w+", rows))


def test_the_exit_codes_are_those_of_help() -> None:
    rows = re.findall(r"^\| (\d+) \| (.*) \|$", PAGE, re.MULTILINE)
    told = [(code, text.replace("`", "").replace("; nothing", ", nothing")) for code, text in rows]
    assert told == re.findall(r"(\d+) ([^;.]+)[;.]", TABLE.partition(": ")[2])
