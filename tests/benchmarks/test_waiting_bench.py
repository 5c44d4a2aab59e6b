"""How `subscribe` waits, beside the official client on one https server: lateness, requests, CPU; 500 at once.

Each row is a ratio of medians, with the least and the most of the pairs that were measured. 1 is a tie.
"""

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
    from collections.abc import Callable, Iterator

    from recorder import Recorder

pytestmark = pytest.mark.bench
ENDPOINT = "fal-ai/flux-1/schnell"
CLIENTS = ("fal_typed", "fal_client")
AT_ONCE = 16
# Seconds that the model runs, and how many pairs are measured.
DURATIONS = {0.3: 3, 1.5: 3, 4.0: 2, 10.0: 2, 60.0: 1}
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
    head = f"{'subscribe':52} {'fal_typed':>12} {'fal_client':>12} {'ratio':>7}"
    sys.__stdout__.write("\n" + "\n".join([head, *lines]) + "\n")  # type: ignore[union-attr]


Measured = dict[str, list[dict[str, float]]]


def row(
    told: tuple[list[str], Recorder], name: str, measured: Measured, key: str, unit: str = "", scale: float = 1.0
) -> None:
    """Tell a line, and keep it."""
    rows, recorder = told
    recorder.figure(
        name[0].upper() + name[1:],
        topic="Waiting",
        unit=unit,
        values={client.replace("_", "-"): [each[key] for each in measured[client]] for client in CLIENTS},
        scale=scale,
        paired=True,
        note="subscribe with AsyncClient and AsyncFal, on one https server.",
    )
    values = {client: [each[key] * scale for each in measured[client]] for client in CLIENTS}
    own, other = (statistics.median(values[client]) for client in CLIENTS)
    ratios = sorted(one / two for one, two in zip(*(values[client] for client in CLIENTS), strict=True))
    spread = f"  ({ratios[0]:.2f} to {ratios[-1]:.2f})" if len(ratios) > 1 else ""
    rows.append(f"{name:52} {own:9.2f} {unit:2} {other:9.2f} {unit:2} {own / other:7.2f}{spread}")


def takes(given: Any, seconds: float) -> float:
    """Spread over a few polls of either client: who meets the end by chance is not who is early."""
    number = given["prompt"].removeprefix("cat ")
    return seconds + int(number) % AT_ONCE / AT_ONCE * 0.3 if number.isdecimal() else 0.0


def worker(deployment: Deployment, client: str, number: int) -> dict[str, Any]:
    """What a worker says."""
    path = str(Path(__file__).with_name("waiting_worker.py"))
    environment = {**deployment.environment, "PYTHONPATH": str(ROOT / "generated")}
    command = [sys.executable, path, client, str(number)]
    return json.loads(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)


def measure(deployment: Deployment, client: str, number: int, seconds: Callable[[Any], float]) -> dict[str, float]:
    """One worker on a server that has nothing else to do."""
    server, known = deployment.server, document(ENDPOINT)
    server.reset()
    server.plan(ENDPOINT, output=known.sample(known.output, full=True), seconds=seconds)
    said = worker(deployment, client, number)
    done = {each.input["prompt"]: each.at + seconds(each.input) for each in server.accepted}
    late = [said["returned"][prompt] - at for prompt, at in done.items() if prompt != "warm"]
    about_warm = 3  # of the one call before the others
    return {
        "late": statistics.mean(late),
        "latest": max(late),
        "requests": (len(server.seen) - about_warm) / number,
        **{key: said[key] for key in ("cpu", "bytes", "sockets")},
    }


@pytest.mark.parametrize(("seconds", "pairs"), DURATIONS.items())
def test_waiting(deployment: Deployment, rows: list[str], recorder: Recorder, seconds: float, pairs: int) -> None:
    told = rows, recorder
    measured: Measured = {client: [] for client in CLIENTS}
    for _ in range(pairs):
        for client in CLIENTS:
            measured[client].append(measure(deployment, client, AT_ONCE, lambda given: takes(given, seconds)))
    row(told, f"from completion to return, model runs {seconds:g} s", measured, "late", "ms", 1000)
    row(told, f"the latest of {AT_ONCE}, model runs {seconds:g} s", measured, "latest", "ms", 1000)
    row(told, f"requests a call, model runs {seconds:g} s", measured, "requests")
    row(told, f"CPU a call, model runs {seconds:g} s", measured, "cpu", "ms", 1000)


def test_many_at_once(deployment: Deployment, rows: list[str], recorder: Recorder) -> None:
    told = rows, recorder
    measured: Measured = {
        client: [measure(deployment, client, IN_FLIGHT, lambda given: takes(given, IN_FLIGHT_SECONDS))]
        for client in CLIENTS
    }
    what = f"{IN_FLIGHT} at once, {IN_FLIGHT_SECONDS:g} s"
    row(told, f"{what}: memory", measured, "bytes", "MB", 1e-6)
    row(told, f"{what}: sockets", measured, "sockets")
    row(told, f"{what}: CPU a call", measured, "cpu", "ms", 1000)
    row(told, f"{what}: requests a call", measured, "requests")
    row(told, f"{what}: from completion to return", measured, "late", "ms", 1000)
