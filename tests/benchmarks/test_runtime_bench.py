"""The CPU of calls beside the official client, on one https server: in pairs, one after the other. 1 is a tie."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fal_server.secure import Deployment, deployed
from pinned.documents import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recorder import Recorder

pytestmark = pytest.mark.bench
ENDPOINT = "fal-ai/flux-1/schnell"
CLIENTS = ("fal_typed", "fal_client")
ROOT = Path(__file__).resolve().parents[2]
# What it is called; the worker's mode, and what of its answer; calls in a process; pairs; how long the model takes.
# `subscribe` is three requests where both pause once: a process that slept is slower.
ROWS = {
    "run (Fal)": ("run", "cpu", 200, 9, None),
    "run (AsyncFal)": ("run-async", "cpu", 200, 9, None),
    "subscribe of three requests (Fal)": ("subscribe", "cpu", 50, 7, 0.05),
    "subscribe of three requests (AsyncFal)": ("subscribe-async", "cpu", 50, 7, 0.05),
    "run, 2,000 of them, 100 at a time (AsyncFal)": ("many", "cpu", 2000, 5, None),
    "import and first run (Fal)": ("first", "cpu", 1, 15, None),
    "import and first run (AsyncFal)": ("first-async", "cpu", 1, 15, None),
    "first run, in the event loop (AsyncFal)": ("first-async", "loop", 1, 15, None),
}


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture(scope="module")
def rows() -> Iterator[list[str]]:
    """The table, printed when all is measured."""
    lines: list[str] = []
    yield lines
    head = f"{'CPU a call, ms':46} {'fal_typed':>9} {'fal_client':>10} {'ratio':>6}  {'of the pairs':>14}"
    sys.__stdout__.write("\n" + "\n".join([head, *lines]) + "\n")  # type: ignore[union-attr]


def measure(deployment: Deployment, client: str, mode: str, number: int, seconds: float | None) -> dict[str, float]:
    """What a worker says, on a server that has nothing else to do."""
    known = document(ENDPOINT)
    deployment.server.reset()
    plan = {} if seconds is None else {"seconds": lambda _: seconds}
    deployment.server.plan(ENDPOINT, output=known.sample(known.output, full=True), **plan)
    worker = str(Path(__file__).with_name("runtime_worker.py"))
    environment = {**os.environ, **deployment.environment, "PYTHONPATH": str(ROOT / "generated")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs is compiled, and stays so
    command = [sys.executable, worker, client, mode, str(number)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", ROWS)
def test_cpu(deployment: Deployment, rows: list[str], recorder: Recorder, name: str) -> None:
    mode, key, number, pairs, seconds = ROWS[name]
    for client in CLIENTS:
        measure(deployment, client, mode, 1, seconds)  # compiled, and in the system's memory
    pairs_of: list[list[float]] = []
    for turn in range(pairs):
        order = CLIENTS if turn % 2 else CLIENTS[::-1]
        found = {client: measure(deployment, client, mode, number, seconds)[key] for client in order}
        pairs_of.append([found[client] for client in CLIENTS])
    recorder.figure(
        name[0].upper() + name[1:],
        topic="Calls",
        unit="ms",
        values={client.replace("_", "-"): [pair[at] for pair in pairs_of] for at, client in enumerate(CLIENTS)},
        scale=1000,
        paired=True,
        note="Processor time of a call to one https server.",
    )
    own, other = (statistics.median(values) * 1000 for values in zip(*pairs_of, strict=True))
    ratios = sorted(own / other for own, other in pairs_of)
    spread = f"{ratios[0]:.2f} to {ratios[-1]:.2f}"
    rows.append(f"{name:46} {own:9.2f} {other:10.2f} {statistics.median(ratios):6.2f}  {spread:>14}")
