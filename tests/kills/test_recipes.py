"""The programs of BATCH.md for other engines: they print what they make, and a second run asks fal for nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from fal_server import FalServer
from pages.collect import all_blocks

from .conftest import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

ENDPOINT = "fal-ai/flux-1/schnell"
# Ray gives up after half a minute in which it could not start, as on a busy machine.
ATTEMPTS = 3
# The program's name, in its first line, and what it needs.
PROGRAMS = {
    block.code.partition("\n")[0].removeprefix("# "): block.code
    for block in all_blocks()
    if block.code.startswith("# panda_")
}
NEEDED = {"panda_pool.py": "concurrent.futures", "panda_dask.py": "distributed", "panda_ray.py": "ray.data"}


def test_the_page_has_them() -> None:
    assert PROGRAMS.keys() == NEEDED.keys()
    for name, module in NEEDED.items():
        assert module in PROGRAMS[name]


def ran(name: str, folder: Path, server: FalServer) -> list[str]:
    """What a program prints."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith(("FAL_", "PYTEST_"))}
    hosts = {"FAL_KEY": "id:secret", "FAL_RUN_HOST": server.run_url, "FAL_QUEUE_RUN_HOST": server.queue_url}
    (folder / name).write_text(PROGRAMS[name], encoding="utf-8")
    for _ in range(ATTEMPTS):
        done = subprocess.run(
            [sys.executable, name],
            cwd=folder,
            env={**environment, **hosts, "PYTHONPATH": str(REPOSITORY / "generated")},
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
        )
        if "timed out during startup" not in done.stderr:
            break
    assert done.returncode == 0, done.stderr
    return sorted(line for line in done.stdout.splitlines() if line.startswith("https://"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_second_run_asks_for_nothing(name: str, tmp_path: Path) -> None:
    def output(given: dict[str, str]) -> dict[str, object]:
        url = f"https://v3.fal.media/{given['prompt'].rpartition(' ')[2]}.png"
        image = {"url": url, "width": 8, "height": 8, "content_type": "image/png"}
        return {"images": [image], "seed": 7, "prompt": "", "timings": {}, "has_nsfw_concepts": [False]}

    with FalServer() as server:
        server.plan(ENDPOINT, answers=output, seconds=lambda given: 0.1)
        first = ran(name, tmp_path, server)
        assert first == sorted(f"https://v3.fal.media/{view}.png" for view in range(20))
        assert len(server.accepted) == 20
        server.seen.clear()
        assert ran(name, tmp_path, server) == first
        assert not server.seen
