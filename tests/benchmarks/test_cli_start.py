"""How long the command line takes to its help, beyond Python's own start: with thirteen endpoints, and a catalogue."""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest
from corpus.folder import IS_HERE, WHY_SKIPPED
from measured import ROOT, measure, project_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from recorder import Recorder

ROUNDS, ENDPOINTS, GOAL = 15, 1440, 200
COMMANDS = {
    "--help": ["--help"],
    "run --help": ["run", "--help"],
    "run ENDPOINT --help": ["run", "fal-ai/flux-1/schnell", "--help"],
    "search": ["search", "upscale", "image"],
}

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]


def seconds(package: Path, command: Sequence[str]) -> tuple[float, float]:
    """The wall time and the processor time of one process of Python."""
    environment = {**os.environ, "PYTHONPATH": str(package)}
    before, start = os.times(), time.perf_counter()
    subprocess.run([sys.executable, *command], env=environment, stdout=subprocess.DEVNULL, check=False)
    wall, after = time.perf_counter() - start, os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, spent


@pytest.mark.parametrize("count", [13, ENDPOINTS])
def test_start_of_the_command_line(
    count: int, tmp_path: Path, recorder: Recorder, capsys: pytest.CaptureFixture[str]
) -> None:
    package = ROOT / "generated"
    if count == ENDPOINTS:
        if not IS_HERE:
            pytest.skip(WHY_SKIPPED)
        project = project_of(tmp_path / "project", count)
        measure([sys.executable, "-m", "generator", "--project", str(project), "regenerate"])
        package = project / "generated"
    programs = {"Python": ["-c", "pass"], **{name: ["-m", "fal_typed.cli", *one] for name, one in COMMANDS.items()}}
    for command in programs.values():
        seconds(package, command)  # compiled and in the page cache
    times = {name: [seconds(package, command) for _ in range(ROUNDS)] for name, command in programs.items()}
    bare = times.pop("Python")
    recorder.figure(
        f"The command line, {count:,} endpoints",
        topic="Start",
        unit="ms",
        values={f"fal-typed, {name}": [wall - min(bare)[0] for wall, _ in found] for name, found in times.items()},
        scale=1000,
        how="least",
        note="Wall time of a process beyond that of a bare interpreter: the least.",
    )
    with capsys.disabled():
        sys.stdout.write(f"\n{count} endpoints, {ROUNDS} runs; ms beyond Python's own start (goal {GOAL})\n")
        for name, found in times.items():
            parts: list[str] = []
            for at, what in enumerate(("wall", "processor")):
                own, base = ([each[at] * 1000 for each in one] for one in (found, bare))
                least, middle = min(own) - min(base), statistics.median(own) - statistics.median(base)
                parts.append(f"{what} {least:4.0f} (median {middle:4.0f})")
            sys.stdout.write(f"  {name:22} {'   '.join(parts)}\n")
    shutil.rmtree(tmp_path, ignore_errors=True)
