"""What was measured, laid out as the page shows it: in sections, in order, each number as people read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..places import slug
from .views import AnswerView, BarView, FeatureView, FigureView, PageView, SectionView

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from .facts import BenchRun, ClientComparison, Feature, Figure, Machine, Measured, Tried

# Which packages and sections come first; what is not here comes behind them, by name.
_WHO = ("fal-typed", "fal-client")
_TOPICS = (
    *("Before a call", "Paying once", "While it runs", "Files", "Around a call", "Writing and testing", "Getting it"),
    *("Start", "Calls", "Waiting", "Many jobs"),
)
_RESERVED = ("features", "figures", "seen")
# Of a bar with its label, and below the last one; in pixels.
_ROW, _END = 44, 2


def page_view(comparison: ClientComparison) -> PageView:
    """Lay out the page.

    Args:
        comparison: What is on it.
    """
    runs = comparison.runs
    features = [(run, one) for run in runs for one in run.features]
    figures = [(run, one) for run in runs for one in run.figures]
    who = _in_order({answer.who for _, one in features for answer in one.answers}, _WHO)
    several = len({run.machine for run in runs}) > 1
    ids = _Ids()
    return PageView(
        who=tuple(who),
        measured=tuple(_measured(runs)),
        features=tuple(
            SectionView(
                id=ids.of(topic),
                name=topic,
                features=tuple(
                    _feature(ids.of(one.name), one, run, who, _how(run, several=several))
                    for run, one in features
                    if one.topic == topic
                ),
            )
            for topic in _in_order({one.topic for _, one in features}, _TOPICS)
        ),
        figures=tuple(
            SectionView(
                id=ids.of(topic),
                name=topic,
                figures=tuple(
                    _figure(ids.of(one.name), one, run, _how(run, one.runs, several=several))
                    for run, one in figures
                    if one.topic == topic
                ),
            )
            for topic in _in_order({one.topic for _, one in figures}, _TOPICS)
        ),
    )


class _Ids:
    """What elements are called: each once."""

    def __init__(self) -> None:
        self._given: set[str] = {*_RESERVED}

    def of(self, name: str) -> str:
        """An id that no other element has."""
        found, number = slug(name), 2
        while found in self._given:
            found, number = f"{slug(name)}-{number}", number + 1
        self._given.add(found)
        return found


def _in_order(names: Iterable[str], first: Sequence[str]) -> list[str]:
    return sorted(names, key=lambda name: (first.index(name) if name in first else len(first), name.lower()))


def _measured(runs: Sequence[BenchRun]) -> Iterable[str]:
    """When, on what, and of which versions."""
    if not runs:
        yield "Nothing was measured yet."
        return
    dates = sorted({run.date for run in runs})
    days = f"on {dates[0]}" if len(dates) == 1 else f"between {dates[0]} and {dates[-1]}"
    yield f"Measured {days} with {'; '.join(sorted({_machine(run.machine) for run in runs}))}."
    found: dict[str, set[str]] = {}
    for run in runs:
        for name, version in run.versions.items():
            found.setdefault(name, set()).add(version)
    yield "Compared: " + ", ".join(f"{one} {' and '.join(sorted(found[one]))}" for one in _in_order(found, _WHO)) + "."


def _machine(machine: Machine) -> str:
    count = machine.processors
    return f"{count} processor{'s' if count != 1 else ''}, {machine.system}, {machine.python}"


def _how(run: BenchRun, count: int = 1, *, several: bool) -> str:
    """When something was measured, how often, and on what if not all was on one machine."""
    times = [f"{count} runs of each"] if count > 1 else []
    return ", ".join([*times, run.date, *([_machine(run.machine)] if several else [])])


def _feature(id: str, feature: Feature, run: BenchRun, who: Sequence[str], how: str) -> FeatureView:
    by_name: dict[str, Tried] = {answer.who: answer for answer in feature.answers}
    answers = tuple(
        AnswerView(one, by_name[one].verdict, by_name[one].seen, by_name[one].shown_by)
        if one in by_name
        else AnswerView(one, "", "", ())
        for one in who
    )
    return FeatureView(id=id, name=feature.name, tried=feature.tried, answers=answers, how=how, command=run.command)


def _figure(id: str, figure: Figure, run: BenchRun, how: str) -> FigureView:
    longest = max(max(one.value, one.most or 0.0) for one in figure.values) or 1.0
    bars = tuple(_bar(one, figure.unit, longest, _ROW * at) for at, one in enumerate(figure.values))
    told = "; ".join(f"{bar.label}: {bar.shown}{f' ({bar.spread})' if bar.spread else ''}" for bar in bars)
    return FigureView(
        id=id,
        name=figure.name,
        note=figure.note,
        told=f"{told}. {'Less' if figure.better == 'less' else 'More'} is better.",
        bars=bars,
        height=_ROW * len(bars) + _END,
        ratios=tuple(
            f"{bars[0].label} / {one.by}: {number(one.median)} ({number(one.least)} to {number(one.most)})"
            for one in figure.ratios
        ),
        how=how,
        command=run.command,
    )


def _bar(value: Measured, unit: str, longest: float, top: int) -> BarView:
    unit = f" {unit}" if unit else ""
    least, most = value.least, value.most
    spread = "" if least is None or most is None else f"{number(least)} to {number(most)}{unit}"
    return BarView(
        label=value.label,
        shown=number(value.value) + unit,
        spread=spread,
        width=_percent(value.value, longest),
        least=_percent(least or 0.0, longest) if spread else "",
        most=_percent(most or 0.0, longest) if spread else "",
        ours=value.who == _WHO[0],
        top=top,
    )


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.2f}%"


def number(value: float) -> str:
    """A number as people read it: three digits that count, thousands apart, no exponent."""
    if value >= 100:
        return f"{value:,.0f}"
    if value and value < 0.001:
        return re.sub(r"0+$", "", f"{value:.6f}") or "0"
    return f"{value:.3g}"
