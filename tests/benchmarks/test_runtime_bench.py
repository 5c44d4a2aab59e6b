"""`subscribe` beside the official client, on one https server: CPU, requests, lateness, memory. 1 is a tie."""

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
WAITING = 40
DURATIONS = (0.5, 1.5, 4.0, 10.0)
IN_FLIGHT, IN_FLIGHT_SECONDS = 500, 20.0
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


def takes(given: Any, seconds: float) -> float:
    """Spread over a few polls of either client: who meets the end by chance is not who is early."""
    number = given["prompt"].removeprefix("cat ")
    return seconds + (int(number) / WAITING * 0.3 if number.isdecimal() else 0.0)


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


@pytest.mark.parametrize("seconds", DURATIONS)
def test_requests_and_lateness(deployment: Deployment, rows: list[str], seconds: float) -> None:
    requests: dict[str, float] = {}
    late: dict[str, float] = {}
    for client in CLIENTS:
        prepare(deployment, seconds=lambda given: takes(given, seconds))
        returned = measure(deployment, client, "wait", WAITING)["returned"]
        requests[client] = len(deployment.server.seen) / WAITING
        done = {each.input["prompt"]: each.at + takes(each.input, seconds) for each in deployment.server.accepted}
        late[client] = statistics.mean(returned[prompt] - at for prompt, at in done.items())
    row(rows, f"requests a call, model runs {seconds:g} s", requests, "")
    row(rows, f"from completion to return, model runs {seconds:g} s", late, "ms", 1000)


def test_memory(deployment: Deployment, rows: list[str]) -> None:
    values: dict[str, float] = {}
    for client in CLIENTS:
        prepare(deployment, seconds=lambda _: IN_FLIGHT_SECONDS)
        values[client] = measure(deployment, client, "memory", IN_FLIGHT)["bytes"]
    row(rows, f"memory with {IN_FLIGHT} in flight", values, "MB", 1e-6)
