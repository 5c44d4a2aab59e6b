"""Fifty small files beside one shared client of httpx, on one https server: in pairs, one after the other."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fal_server import Reply
from fal_server.secure import Deployment, deployed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recorder import Recorder

pytestmark = pytest.mark.bench
ROOT = Path(__file__).resolve().parents[2]
FILES, PAIRS = 50, 9
CONTENT = bytes(range(256)) * 80
WAYS = {"download": "httpx", "adownload": "httpx-async", "download_all": "httpx", "adownload_all": "httpx-async"}
# What a download may cost beside that.
MOST = 1.5


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture(scope="module")
def rows() -> Iterator[list[str]]:
    """The table, printed when all is measured."""
    lines: list[str] = []
    yield lines
    what = f"CPU of {FILES} files, ms"
    head = f"{what:26} {'fal_typed':>9} {'httpx':>9} {'ratio':>6}  {'of the pairs':>14}  {'wall':>6}"
    sys.__stdout__.write("\n" + "\n".join([head, *lines]) + "\n")  # type: ignore[union-attr]


def measure(deployment: Deployment, way: str, folder: Path) -> dict[str, float]:
    """What a worker says."""
    deployment.server.storage.pages["small.png"] = Reply(200, CONTENT, {"content-type": "image/png"})
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    worker = str(Path(__file__).with_name("download_worker.py"))
    environment = {**deployment.environment, "PYTHONPATH": str(ROOT / "generated")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs is compiled, and stays so
    url = f"{deployment.server.storage.cdn_url}/files/small.png"
    command = [sys.executable, worker, way, url, os.fspath(folder), str(FILES)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    found: dict[str, float] = json.loads(done.stdout)
    assert found["files"] == FILES
    return found


@pytest.mark.parametrize("way", WAYS)
def test_small_files(deployment: Deployment, rows: list[str], recorder: Recorder, tmp_path: Path, way: str) -> None:
    ways = (way, WAYS[way])
    for each in ways:
        measure(deployment, each, tmp_path / "warm")  # compiled, and in the system's memory
    pairs: list[list[dict[str, float]]] = []
    for turn in range(PAIRS):
        order = ways if turn % 2 else ways[::-1]
        found = {each: measure(deployment, each, tmp_path / "files") for each in order}
        pairs.append([found[each] for each in ways])
    client = "AsyncClient" if way.startswith("a") else "Client"
    recorder.figure(
        f"{way}: {FILES} small files",
        topic="Files",
        unit="ms",
        values={
            f"fal-typed, {way}": [own["cpu"] for own, _ in pairs],
            f"httpx, one shared {client}": [other["cpu"] for _, other in pairs],
        },
        scale=1000,
        paired=True,
        note="Processor time for all files of 20 kB from one https server, what is made once included.",
    )
    own, other = (statistics.median(each["cpu"] for each in side) * 1000 for side in zip(*pairs, strict=True))
    ratios = sorted(own["cpu"] / other["cpu"] for own, other in pairs)
    wall = statistics.median(own["wall"] / other["wall"] for own, other in pairs)
    ratio, spread = statistics.median(ratios), f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
    rows.append(f"{way:26} {own:9.1f} {other:9.1f} {ratio:6.2f}  {spread:>14}  {wall:6.2f}")
    assert ratio <= MOST
