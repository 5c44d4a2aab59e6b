"""The blocks of the pages that start the fake's server, or call it: run as they stand, but for the port."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from javascript.node import installed, missing, needed_node
from pages.ways import blocks

from .command import ENVIRONMENT, commanded
from .test_official_clients import certified

if TYPE_CHECKING:
    from pages.collect import Block

BLOCKS = blocks("fake server")
PORT, URL = "--port 8400", "http://127.0.0.1:8400"
STARTS = "python -m fal_typed.testing "


def ran(command: list[str], folder: Path) -> str:
    """What a program prints that knows nothing but what the page says."""
    usual = {name: text for name, text in ENVIRONMENT.items() if not name.upper().endswith("_PROXY")}
    kept = {name: text for name, text in usual.items() if not name.startswith(("FAL_", "SSL_"))}
    kept["PATH"] = os.pathsep.join((str(Path(sys.executable).parent), kept.get("PATH", "")))
    done = subprocess.run(command, cwd=folder, env=kept, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("block", BLOCKS, ids=[block.where for block in BLOCKS])
def test_a_block_runs(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    authority, chain, key = certified(tmp_path)
    shutil.copy(authority, tmp_path / "fake.pem")
    if STARTS in block.code:
        before, _, options = block.code.rpartition(STARTS)
        assert PORT in options
        ran(["bash", "-ec", before], tmp_path)
        with commanded(*options.replace(PORT, "").split()):
            return
    with commanded("--tls", str(chain), str(key)) as (url, _):
        code = block.code.replace(URL, url)
        assert url in code
        if block.language == "python":
            said = ran([sys.executable, "-W", "error", "-c", code], tmp_path)
            assert said.startswith(f"{url}/cdn/files/")
        elif block.language == "js":
            (tmp_path / "node_modules").symlink_to(installed() / "node_modules")
            (tmp_path / "block.mjs").write_text(code, encoding="utf-8")
            ran([needed_node().program, "block.mjs"], tmp_path)
        else:
            if shutil.which("curl") is None and "curl" in code:
                missing("curl is not here")
            assert "images" in ran(["bash", "-ec", code], tmp_path)


def test_a_block_that_calls_it_and_one_that_starts_it_are_known() -> None:
    """Where the pages have none, none of these tests says anything."""
    assert not BLOCKS or {STARTS in block.code for block in BLOCKS} == {True, False}
