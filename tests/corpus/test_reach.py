"""Real documents take no way through `generator/parse` and `generator/ir` that one of our own does not take, too.

So whoever has the repository alone tests the same code. Ways are the steps from line to line that `coverage` sees.
"""

from __future__ import annotations

import linecache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from coverage import Coverage
from support import Project, pretty

from corpus import own
from corpus.corpus import REPOSITORY, documents
from generator import pipeline
from generator.diagnostics import Findings
from generator.ir.docstrings import as_shown
from generator.ir.lower import lower
from generator.project.settings import load_settings

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

PARTS = [REPOSITORY / "generator" / part for part in ("parse", "ir")]
# File, and the lines before and after a step; negative where a function is entered or left.
Step = tuple[str, int, int]


def steps(root: Path, given: Mapping[str, Any]) -> set[Step]:
    """The steps that the stages from `load` to `lower` take over some documents."""
    project = Project(root)
    for endpoint_id, data in given.items():
        project.put(endpoint_id, pretty(data))
    settings, findings = load_settings(project.root), Findings()
    watch = Coverage(branch=True, data_file=None, config_file=False, include=[f"{part}/*" for part in PARTS])
    as_shown.cache_clear()  # else what one of both has asked for is no step of the other
    watch.start()
    try:
        understood = pipeline.understand(settings, findings)
        lower(understood.named, understood.sharing, understood.files, settings)
    finally:
        watch.stop()
    seen = watch.get_data()
    return {(file, *step) for file in seen.measured_files() for step in seen.arcs(file) or ()}


def shown(step: Step) -> str:
    file, start, end = step
    lines = [linecache.getline(file, abs(line)).strip() for line in (start, end)]
    return f"{Path(file).relative_to(REPOSITORY)}:{start}->{end}: {lines[0]}  ->  {lines[1]}"


@pytest.mark.slow
def test_our_own_documents_go_every_way_that_real_ones_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COVERAGE_CORE", "ctrace")  # the same steps on every Python
    # Ours come first: what a process has read it may remember, and not read again.
    ours = steps(tmp_path / "ours", own.every())
    real = steps(tmp_path / "real", documents())
    assert len({file for file, _, _ in ours}) >= 20
    assert not real - ours, "\n".join(map(shown, sorted(real - ours)))
