"""What a benchmark found, kept in `comparison.json` for the page that compares: by test, with its command and its date.

A test records through the fixture `recorder`; what it recorded is kept when it passed (`conftest.py`).
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import sys
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import metadata
from typing import TYPE_CHECKING, Any, Literal

import fal_typed

from generator.site.comparison.facts import BenchRun, Feature, Figure, Machine, Measured, Ratio, Tried
from generator.site.comparison.read import FORMAT, read_comparison

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

OURS = "fal-typed"
# A label: `fal-client`, or with one of its ways behind a comma.
Label = str


class Recorder:
    """Takes what one test finds."""

    def __init__(self) -> None:
        self.figures: list[Figure] = []
        self.features: list[Feature] = []
        self.versions: dict[str, str] = {}

    def figure(
        self,
        name: str,
        *,
        topic: str,
        unit: str,
        values: Mapping[Label, Sequence[float]],
        scale: float = 1,
        how: Literal["median", "least"] = "median",
        paired: bool = False,
        better: Literal["less", "more"] = "less",
        note: str = "",
    ) -> None:
        """Keep what was measured.

        Args:
            name: What.
            topic: The section of the page.
            unit: Of the values, once they are scaled.
            values: All that was measured of each; ours first.
            scale: What they are multiplied with.
            how: Which of them stands for all.
            paired: Whether those at the same place were measured together, so that their ratios mean something.
            better: Which end is.
            note: How it was measured, in a sentence.
        """
        (ours, own), *others = values.items()
        self.figures.append(
            Figure(
                name=name,
                topic=topic,
                unit=unit,
                better=better,
                values=tuple(
                    self._value(label, [one * scale for one in found], how) for label, found in values.items()
                ),
                runs=max(len(found) for found in values.values()),
                note=note,
                ratios=tuple(_ratio(label, own, found) for label, found in others if paired and ours),
            )
        )

    def feature(self, name: str, *, topic: str, tried: str, answers: Iterable[Tried]) -> None:
        """Keep what was tried, and what was seen of each."""
        found = tuple(answers)
        for one in found:
            self._note(one.who)
        self.features.append(Feature(name=name, topic=topic, tried=tried, answers=found))

    def version(self, who: str, version: str) -> None:
        """Keep the version of something that is not installed here."""
        self.versions[who] = version

    def _value(self, label: Label, found: Sequence[float], how: str) -> Measured:
        who, _, way = label.partition(", ")
        self._note(who)
        value = min(found) if how == "least" else statistics.median(found)
        ends = {"least": _round(min(found)), "most": _round(max(found))} if len(found) > 1 else {}
        return Measured(who=who, how=way, value=_round(value), **ends)

    def _note(self, who: str) -> None:
        if who not in self.versions:
            self.versions[who] = fal_typed.__version__ if who == OURS else metadata.version(who)


def _ratio(label: Label, own: Sequence[float], other: Sequence[float]) -> Ratio:
    ratios = sorted(one / two for one, two in zip(own, other, strict=True))
    return Ratio(by=label, median=_round(statistics.median(ratios)), least=_round(ratios[0]), most=_round(ratios[-1]))


def _round(value: float) -> float:
    """Four digits that count: more would be noise, and make the file longer."""
    return float(f"{value:.4g}")


def run_of(test: str, found: Recorder) -> BenchRun:
    """What a test found, with what is needed to find it again.

    Args:
        test: Its file and name.
        found: What it recorded.
    """
    command = f".venv/bin/python -m pytest -m bench -s {test.partition('[')[0]}"
    return BenchRun(
        test=test,
        command=command,
        date=datetime.now(UTC).date().isoformat(),
        machine=_machine(),
        versions=found.versions,
        figures=tuple(found.figures),
        features=tuple(found.features),
    )


def _machine() -> Machine:
    processors = len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1
    try:
        system = platform.freedesktop_os_release()["PRETTY_NAME"]
    except OSError:
        system = f"{platform.system()} {platform.release()}"
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return Machine(processors=processors, system=f"{system} ({platform.machine()})", python=python)


def record(path: Path, runs: Sequence[BenchRun], *, is_gone: Callable[[str], bool] = lambda _: False) -> None:
    """Put runs into a file, in place of those of the same tests; all others stay as they are.

    Args:
        path: The file; it need not be there.
        runs: What passed.
        is_gone: Whether there is no such test any more: what it found is left out.
    """
    before = read_comparison(path).runs if path.is_file() else ()
    merged = {run.test: run for run in (*before, *runs) if not is_gone(run.test)}
    document = {"format": FORMAT, "runs": [_plain(asdict(merged[test])) for test in sorted(merged)]}
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False)
    beside = path.with_suffix(".new")
    beside.write_text(text + "\n", encoding="utf-8")
    read_comparison(beside)
    beside.replace(path)


def _plain(value: Any) -> Any:
    """Without what a reader takes for granted: empty texts and lists, and null."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if one not in ("", (), None, {})}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value
