"""The Python blocks of the two READMEs are run as they stand, against the fake server."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from .catalog import ROOT

if TYPE_CHECKING:
    from pathlib import Path

    from fal_server import FalServer

READMES = [path for path in (ROOT / "README.md", ROOT / "generated" / "README.md") if path.exists()]


def blocks(path: Path) -> list[tuple[str, str, str]]:
    """Every Python block that uses the package: where it stands, the code, and the output printed below it."""
    text = path.read_text(encoding="utf-8")
    found = re.finditer(r"^```python\n(.*?)^```\n(?:\n```text\n(.*?)^```\n)?", text, re.DOTALL | re.MULTILINE)
    where = path.relative_to(ROOT)
    return [
        (f"{where}:{text.count(chr(10), 0, match.start(1)) + 1}", match[1], match[2] or "")
        for match in found
        if "fal_typed" in match[1]
    ]


BLOCKS = [block for path in READMES for block in blocks(path)]


def test_the_readme_of_the_package_has_an_example() -> None:
    assert [where for where, *_ in BLOCKS if where.startswith("generated/")]


@pytest.mark.parametrize(("where", "code", "shown"), BLOCKS, ids=[where for where, *_ in BLOCKS])
def test_a_readme_block_runs(server: FalServer, where: str, code: str, shown: str, tmp_path: Path) -> None:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("FAL_")},
        "PYTHONPATH": str(ROOT / "generated"),
        "FAL_KEY": "key-id:very-secret",
        "FAL_RUN_HOST": server.run_url,
        "FAL_QUEUE_RUN_HOST": server.queue_url,
    }
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=environment, cwd=tmp_path, capture_output=True, text=True
    )
    assert (ran.returncode, ran.stderr) == (0, ""), f"{where}\n{ran.stdout}{ran.stderr}"
    assert server.requests("POST"), f"{where} called nothing"
    if shown:  # the first line tells what a real model made
        assert ran.stdout.splitlines()[1:] == shown.splitlines()[1:]
