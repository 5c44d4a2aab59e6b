"""How long `import fal_typed` and naming the client take, beside `import fal_client`."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from recorder import Recorder

ROUNDS = 21
GOAL = 0.2
PROGRAMS = {
    "bare interpreter": "pass",
    "fal_typed": "import fal_typed; fal_typed.Fal",
    "fal_client": "import fal_client",
}


def seconds(code: str) -> float:
    """The wall time of one interpreter that runs this code."""
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2] / "generated")}
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    return time.perf_counter() - start


@pytest.mark.bench
def test_import_time(recorder: Recorder, capsys: pytest.CaptureFixture[str]) -> None:
    pytest.importorskip("fal_client")
    for code in PROGRAMS.values():
        seconds(code)  # compiled and in the page cache
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    for _ in range(ROUNDS):  # in turns, so that a busy moment meets all of them
        for name, code in PROGRAMS.items():
            times[name].append(seconds(code))
    bare = times.pop("bare interpreter")
    recorder.figure(
        "Import and name the client",
        topic="Start",
        unit="ms",
        values={name.replace("_", "-"): [one - min(bare) for one in found] for name, found in times.items()},
        scale=1000,
        how="least",
        paired=True,
        note="Wall time of a process beyond that of a bare interpreter: the least.",
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{ROUNDS} runs in turns; ms beyond a bare interpreter ({min(bare) * 1000:.1f} ms)\n")
        for how in (min, statistics.median):
            own, other = ((how(times[name]) - how(bare)) * 1000 for name in ("fal_typed", "fal_client"))
            ratio = f"ratio {own / other:.3f} (goal {GOAL})"
            sys.stdout.write(f"{how.__name__:>7}: fal_typed {own:6.1f}   fal_client {other:6.1f}   {ratio}\n")
