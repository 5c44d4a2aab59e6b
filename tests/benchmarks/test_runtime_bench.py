"""The CPU of `subscribe` beside the official client, on one https server. 1 is a tie."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.secure import Deployment, deployed
from pinned.documents import document

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.bench
ENDPOINT = "fal-ai/flux-1/schnell"
CLIENTS = ("fal_typed", "fal_client")
ROUNDS, CALLS_PER_ROUND = 3, 50
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture(scope="module")
def rows() -> Iterator[list[str]]:
    """The table, printed when all is measured."""
    lines: list[str] = []
    yield lines
    head = f"{'subscribe':44} {'fal_typed':>12} {'fal_client':>12} {'ratio':>7}"
    sys.__stdout__.write("\n" + "\n".join([head, *lines]) + "\n")  # type: ignore[union-attr]


def row(rows: list[str], name: str, values: dict[str, float], unit: str, scale: float = 1.0) -> None:
    own, other = (values[client] * scale for client in CLIENTS)
    rows.append(f"{name:44} {own:9.2f} {unit:2} {other:9.2f} {unit:2} {own / other:7.2f}")


def measure(deployment: Deployment, client: str, mode: str, number: int) -> dict[str, Any]:
    """What a worker says."""
    worker = str(Path(__file__).with_name("runtime_worker.py"))
    environment = {**deployment.environment, "PYTHONPATH": str(ROOT / "generated")}
    command = [sys.executable, worker, client, mode, str(number)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def prepare(deployment: Deployment, **plan: Any) -> None:
    known = document(ENDPOINT)
    deployment.server.reset()
    deployment.server.plan(ENDPOINT, output=known.sample(known.output, full=True), **plan)


@pytest.mark.parametrize("mode", ["cpu", "cpu-async"])
def test_cpu(deployment: Deployment, rows: list[str], mode: str) -> None:
    times: dict[str, list[float]] = {client: [] for client in CLIENTS}
    for _ in range(ROUNDS):  # in turns, so that a busy moment meets both
        for client in CLIENTS:
            prepare(deployment, seconds=lambda _: 0.05)  # so that both pause once: a process that slept is slower
            times[client].append(measure(deployment, client, mode, CALLS_PER_ROUND)["cpu"])
    values = {client: statistics.median(each) for client, each in times.items()}
    row(rows, f"CPU a call ({'AsyncFal' if 'async' in mode else 'Fal'})", values, "ms", 1000)
