"""What `map` costs: its own time beside as many bare calls, the memory of 50,000 jobs, and fal-client beside it."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from billing_fal import BillingFal
from fal_server.secure import Deployment, deployed
from map_worker import WINDOW
from pinned.documents import document

if TYPE_CHECKING:
    from collections.abc import Iterator

    from recorder import Recorder

pytestmark = [pytest.mark.bench, pytest.mark.timeout(3600)]
ENDPOINT = "fal-ai/flux-1/schnell"
ROOT = Path(__file__).resolve().parents[2]
WORKER = str(Path(__file__).with_name("map_worker.py"))
MOST_RATIO, MOST_MEMORY = 1.3, 150.0
MANY, BESIDE, TURNS = 50_000, 2_000, 2
WAYS = {"map": "fal-typed, map", "map-async": "fal-typed, map (async)", "gather": "fal-client, semaphore and gather"}
# Of what a worker says: unit, scale, and what it is.
MEASURED = {
    "wall": ("s", 1, "time on the clock"),
    "cpu": ("ms", 1000, "processor time of a job"),
    "peak": ("MiB", 1, "the most memory"),
}


@pytest.fixture(scope="module")
def rows() -> Iterator[list[str]]:
    """The table, printed when all is measured."""
    lines: list[str] = []
    yield lines
    sys.__stdout__.write("\n" + "\n".join(lines) + "\n")  # type: ignore[union-attr]


def measured(*arguments: str, **variables: str) -> Any:
    """What a worker says."""
    environment = {**os.environ, "FAL_KEY": "a:b", "PYTHONPATH": str(ROOT / "generated"), **variables}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs is compiled, and stays so
    done = subprocess.run([sys.executable, WORKER, *arguments], env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


@pytest.mark.parametrize("mode", ["pairs", "pairs-async"])
def test_time_of_its_own(rows: list[str], recorder: Recorder, mode: str) -> None:
    with BillingFal() as fal:
        found = measured(mode, "300", json.dumps(fal.hosts))
    recorder.figure(
        "A job of map beside a bare subscribe" + (", async" if mode.endswith("async") else ""),
        topic="Many jobs",
        unit="ms",
        values={
            "fal-typed, map": [many["cpu"] for _, many in found],
            "fal-typed, subscribe": [bare["cpu"] for bare, _ in found],
        },
        scale=1000,
        paired=True,
        note="Processor time of a job.",
    )
    ratios = sorted(many["cpu"] / bare["cpu"] for bare, many in found)
    own, other = (statistics.median(pair[at]["cpu"] for pair in found) * 1000 for at in (1, 0))
    rows.append(
        f"{mode}: {own:.2f} ms CPU a job, a bare subscribe {other:.2f} ms; "
        f"ratio {statistics.median(ratios):.2f} ({ratios[0]:.2f} to {ratios[-1]:.2f})"
    )
    assert statistics.median(ratios) <= MOST_RATIO


@pytest.mark.parametrize("mode", ["map", "map-async"])
@pytest.mark.parametrize("keeps", [False, True], ids=["no journal", "SQLite"])
def test_memory_of_many(rows: list[str], recorder: Recorder, tmp_path: Path, mode: str, keeps: bool) -> None:
    journal = [str(tmp_path / "run.sqlite")] if keeps else []
    with BillingFal() as fal:
        said = measured(mode, str(MANY), json.dumps(fal.hosts), *journal)
        assert fal.counts()["accepted"] == MANY
    recorder.figure(
        f"Memory of {MANY:,} jobs: {mode}, {'SQLite' if keeps else 'no journal'}",
        topic="Many jobs",
        unit="MiB",
        values={"fal-typed": [said["peak"]]},
        note="The most that the process ever had.",
    )
    rows.append(
        f"{mode}, {MANY} jobs, {'SQLite' if keeps else 'no journal'}: {said['peak']:.0f} MiB, "
        f"{said['cpu'] * 1000:.2f} ms CPU and {said['wall'] / MANY * 1000:.2f} ms a job"
    )
    assert said["peak"] < MOST_MEMORY


def takes(_: object) -> float:
    return 0.2


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("ca")) as running:
        yield running


def test_beside_fal_client(rows: list[str], recorder: Recorder, deployment: Deployment) -> None:
    """The same number of jobs at once, on one https server, turn by turn."""
    known, said = document(ENDPOINT), dict[str, list[Any]]()
    for turn in range(TURNS):
        for mode in ("map", "map-async", "gather") if turn % 2 else ("gather", "map-async", "map"):
            deployment.server.reset()
            output = known.sample(known.output, full=True)
            deployment.server.plan(ENDPOINT, output=output, seconds=takes)
            said.setdefault(mode, []).append(measured(mode, str(BESIDE), **deployment.variables))
            assert len(deployment.server.accepted) == BESIDE
    for what, (unit, scale, note) in MEASURED.items():
        recorder.figure(
            f"{BESIDE:,} jobs, {WINDOW} at a time: {note}",
            topic="Many jobs",
            unit=unit,
            values={label: [one[what] for one in said[mode]] for mode, label in WAYS.items()},
            scale=scale,
            paired=True,
            note=f"The model takes {takes(None):g} s; one https server, {TURNS} turns.",
        )
    for mode, each in said.items():
        wall, cpu, peak = (statistics.median(one[key] for one in each) for key in ("wall", "cpu", "peak"))
        name = {"gather": "fal-client, semaphore and gather"}.get(mode, f"fal_typed, {mode}")
        rows.append(f"{name}: {BESIDE} jobs in {wall:.1f} s, {cpu * 1000:.2f} ms CPU a job, {peak:.0f} MiB")
