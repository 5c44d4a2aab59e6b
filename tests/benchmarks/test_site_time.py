"""How long the site takes: from nothing, with one document changed, and where nothing changed."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING

import pytest
from corpus.folder import IS_HERE, WHY_SKIPPED
from measured import ROOT, Cost, measure, project_of

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.bench, pytest.mark.timeout(1800)]
RUNS = 3


def site(project: Path, out: Path) -> Cost:
    return measure([sys.executable, "-m", "generator", "--project", str(project), "site", "--out", str(out)])


@pytest.mark.parametrize("count", [13, 360, 1440], ids=["the thirteen", "the real ones", "a catalogue"])
def test_site_time(count: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if count > 13 and not IS_HERE:
        pytest.skip(WHY_SKIPPED)
    project = ROOT if count == 13 else project_of(tmp_path / "project", count)
    out = tmp_path / "site"
    site(project, out)  # its modules are compiled
    whole: list[Cost] = []
    for _ in range(RUNS):
        shutil.rmtree(out)
        whole.append(site(project, out))
    nothing = [site(project, out) for _ in range(RUNS)]
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 2**20
    lines = [f"\n{count} documents, {size:.1f} MiB of pages"]
    for name, costs in {"from nothing": whole, "nothing changed": nothing}.items():
        least = min(costs, key=lambda one: one.wall)
        lines.append(
            f"  {name:<16}{least.wall:6.2f} s, {least.processor:6.2f} s of processors, {least.memory:5.0f} MiB"
        )
    with capsys.disabled():
        sys.stdout.write("\n".join(lines) + "\n")
