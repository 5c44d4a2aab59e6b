"""What it costs to be listened to, and that it costs nothing where nobody listens: CPU of calls, in pairs.

`FAL_TYPED_BEFORE=DIR` compares with the package of another checkout, its folder `generated`, to which nobody listens.
"""

from __future__ import annotations

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
ROOT = Path(__file__).resolve().parents[2]
OWN = ROOT / "generated"
BEFORE = Path(os.environ.get("FAL_TYPED_BEFORE", OWN))
WAYS = ["before", "handler", "log", "tracing", "spans"]
HEARD = {"handler": "an on_event", "log": "the log", "tracing": "tracing, no provider", "spans": "tracing"}
PAIRS = 9
NUMBERS = {"run": 300, "subscribe": 100}


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    with deployed(tmp_path_factory.mktemp("ca")) as running:
        yield running


@pytest.fixture(scope="module")
def rows() -> Iterator[list[str]]:
    """The table, printed when all is measured."""
    lines: list[str] = []
    yield lines
    head = f"{'CPU a call, ms':24} {'nobody':>8} {'so':>8} {'ratio':>6}  {'of the pairs':>14}"
    sys.__stdout__.write("\n" + "\n".join([head, *lines]) + "\n")  # type: ignore[union-attr]


def measure(deployment: Deployment, how: str, verb: str) -> float:
    known = document(ENDPOINT)
    deployment.server.reset()
    deployment.server.plan(ENDPOINT, output=known.sample(known.output, full=True), seconds=lambda _: 0.0)
    package = BEFORE if how == "before" else OWN
    environment = {**os.environ, **deployment.environment, "PYTHONPATH": str(package)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # what pip installs is compiled, and stays so
    worker = str(Path(__file__).with_name("listening_worker.py"))
    command = [sys.executable, worker, "nobody" if how == "before" else how, verb, str(NUMBERS[verb])]
    return float(subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE).stdout)


@pytest.mark.parametrize("how", WAYS)
@pytest.mark.parametrize("verb", NUMBERS)
def test_cpu(deployment: Deployment, rows: list[str], recorder: Recorder, verb: str, how: str) -> None:
    pairs: list[tuple[float, float]] = []
    for turn in range(PAIRS):
        order = ("nobody", how) if turn % 2 else (how, "nobody")
        found = {one: measure(deployment, one, verb) for one in order}
        pairs.append((found["nobody"], found[how]))
    if how != "before":
        recorder.figure(
            f"{verb}, with {HEARD[how]}",
            topic="Being listened to",
            unit="ms",
            values={
                f"fal-typed, {HEARD[how]}": [so for _, so in pairs],
                "fal-typed, nobody listens": [own for own, _ in pairs],
            },
            scale=1000,
            paired=True,
            note="Processor time of a call.",
        )
    nobody, so = (statistics.median(values) * 1000 for values in zip(*pairs, strict=True))
    ratios = sorted(other / own for own, other in pairs)
    spread = f"{ratios[0]:.3f} to {ratios[-1]:.3f}"
    rows.append(f"{verb + ', ' + how:24} {nobody:8.3f} {so:8.3f} {statistics.median(ratios):6.3f}  {spread:>14}")
