"""A picture of a journal: throughput, what was in flight, and what became of the jobs, over time."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ..records import JobState
from .timeline import SETTLED, Timeline, whole_span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from matplotlib.figure import Figure

    from ..records import JobTimes

# A picture has so many pieces of time, and fewer where there are few jobs: some should end in each.
_FEWEST, _MOST, _JOBS_IN_ONE = 12, 120, 4
# Of Okabe and Ito: most people who cannot tell red from green can tell these.
_COLOURS = {JobState.DONE: "#0072b2", JobState.FAILED: "#d55e00", JobState.UNCLEAR: "#e69f00"}
_IN_FLIGHT = "#56b4e9"


def plotted(jobs: Callable[[], Iterable[JobTimes]], since: float | None) -> Figure:
    """The picture. Nothing opens a window, and no other picture is touched.

    Args:
        jobs: Reads the jobs anew with each call.
        since: Seconds since 1970.

    Raises:
        ImportError: There is no matplotlib.
        ValueError: There are no jobs to show.
    """
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise ImportError(
            "a picture takes matplotlib: pip install matplotlib, or this package with the extra `plot`"
        ) from None
    found = whole_span(jobs(), since)
    if found is None:
        raise ValueError("there are no jobs to show" + ("" if since is None else " from then on"))
    span, count = found
    timeline = Timeline(span, min(max(count // _JOBS_IN_ONE, _FEWEST), _MOST))
    for job in jobs():
        timeline.add(job)
    figure = Figure(figsize=(9, 7.5), layout="constrained")
    _draw(figure, timeline)
    return figure


def _draw(figure: Any, timeline: Timeline) -> None:
    dates: Any = import_module("matplotlib.dates")  # whose types are not known
    zone = datetime.now().astimezone().tzinfo
    times: list[float] = [dates.date2num(datetime.fromtimestamp(edge, zone)) for edge in timeline.edges]
    figure.suptitle(_title(timeline))
    rates, flying, states = axes = figure.subplots(3, 1, sharex=True)
    _draw_rates(rates, times, timeline)
    _draw_flying(flying, times, timeline)
    _draw_states(states, times, timeline)
    for each in axes:
        each.set_ylim(bottom=0)
        each.set_xlim(times[0], times[-1])
        each.grid(alpha=0.3)
        each.set_axisbelow(True)
        each.yaxis.set_major_formatter(_written)
    states.yaxis.get_major_locator().set_params(integer=True)
    locator = dates.AutoDateLocator(tz=zone)
    states.xaxis.set_major_locator(locator)
    states.xaxis.set_major_formatter(dates.ConciseDateFormatter(locator, tz=zone))


def _title(timeline: Timeline) -> str:
    counts = {state: timeline.jobs[state] for state in (*SETTLED, *JobState)}
    told = [f"{count:,} {state.value}" for state, count in counts.items() if count]
    jobs = sum(counts.values())
    return f"{jobs:,} job{'' if jobs == 1 else 's'}: {', '.join(told)}"


def _draw_rates(axis: Any, times: list[float], timeline: Timeline) -> None:
    below = [0.0] * (len(times) - 1)
    for state in (JobState.DONE, JobState.FAILED):
        if timeline.jobs[state]:
            rates = timeline.per_minute(state)
            above = [low + rate for low, rate in zip(below, rates, strict=True)]
            axis.stairs(above, times, baseline=below, fill=True, color=_COLOURS[state])
            below = above
    axis.set_ylabel("ended a minute")


def _draw_flying(axis: Any, times: list[float], timeline: Timeline) -> None:
    axis.stairs(timeline.in_flight(), times, fill=True, color=_IN_FLIGHT)
    axis.set_ylabel("in flight")


def _draw_states(axis: Any, times: list[float], timeline: Timeline) -> None:
    shown = [state for state in SETTLED if timeline.jobs[state]]
    if shown:
        counts = [timeline.so_far(state) for state in shown]
        colours = [_COLOURS[state] for state in shown]
        axis.stackplot(times, *counts, labels=[state.value for state in shown], colors=colours)
        axis.legend(loc="upper left", frameon=False)  # where least is drawn; the colours are those of the first part
    axis.set_ylabel("jobs so far")


def _written(value: float, _: object) -> str:
    """A number on an axis."""
    return f"{value:,.0f}" if value == int(value) else f"{value:g}"
