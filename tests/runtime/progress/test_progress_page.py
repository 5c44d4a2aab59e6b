"""The sample of the README, on a terminal: the line that the page shows is there, and gone when the call ends."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING

import pytest
from command_line import settings
from fal_server import Gate
from fal_server.plan import completed, in_progress
from pages.printed import is_as_shown
from pages.ways import blocks
from pty_terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from fal_server import FalServer
    from pages.collect import Block

if sys.platform == "win32":
    pytest.skip("there are no terminals for tests here", allow_module_level=True)

BLOCKS = blocks("seen on a terminal")
STEP = "step 3/4"


def without_time(text: str) -> str:
    return re.sub(r"  \d+ s  ", "  … s  ", text)


@pytest.mark.parametrize("block", BLOCKS, ids=[block.where for block in BLOCKS])
def test_the_line_is_as_shown_and_goes_away(block: Block, server: FalServer, tmp_path: Path) -> None:
    shown, gate = block.shown or "", Gate()
    states = [in_progress(STEP), completed(STEP)]
    server.plan(shown.split()[0], output={"images": []}, states=states, told=[["state", gate, "state"]])
    with Terminal(block.code, tmp_path, {"PYTHONWARNINGS": "error", **settings(server)}) as terminal:
        lines = terminal.wait_for_text(STEP)
        # rich, where it is installed, has a sign that turns before it.
        assert is_as_shown(without_time(shown), without_time(re.sub(r"^\W+", "", lines[0]))), lines
        gate.open()
        assert terminal.end() == [""]
