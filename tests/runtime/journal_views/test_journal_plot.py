"""What happened to jobs over time, and the picture of it."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from journal_jobs import BEGAN, ENDPOINT, OTHER, job
from runtime.journal.records import JobState
from runtime.journal.views.plot import plotted
from runtime.journal.views.tally import Span
from runtime.journal.views.timeline import Timeline, whole_span

if TYPE_CHECKING:
    from journal_jobs import Made
    from runtime.journal.records import JobTimes

GENERATED = Path(__file__).resolve().parents[3] / "generated"
DONE, FAILED, UNCLEAR = JobState.DONE, JobState.FAILED, JobState.UNCLEAR


def timeline(jobs: list[JobTimes], begin: float, end: float, pieces: int) -> Timeline:
    made = Timeline(Span(BEGAN + begin, BEGAN + end), pieces)
    for each in jobs:
        made.add(each)
    return made


def test_the_span_is_that_of_what_happened() -> None:
    assert whole_span([], None) is None
    assert whole_span([job(sent=3, ended=9), job(sent=1, ended=2)], None) == (Span(BEGAN + 1, BEGAN + 9), 2)
    assert whole_span([job(sent=1, ended=9), job(sent=1, ended=3)], BEGAN + 4) == (Span(BEGAN + 4, BEGAN + 9), 1)
    assert whole_span([job(sent=1, ended=2)], BEGAN + 4) is None
    assert whole_span([job(JobState.CLAIMED, None, None)], None) == (Span(BEGAN, BEGAN), 1)


def test_ends_are_counted_by_the_minute_and_added_up() -> None:
    made = timeline([job(ended=1), job(ended=2), job(ended=29), job(FAILED, ended=10)], 0, 30, 3)
    assert made.per_minute(DONE) == [12, 0, 6]
    assert made.so_far(DONE) == [0, 2, 2, 3]
    assert made.so_far(FAILED) == [0, 0, 1, 1]


def test_what_was_before_the_picture_counts_as_there() -> None:
    made = timeline([job(sent=0, ended=5), job(sent=6, ended=15)], 10, 20, 2)
    assert made.so_far(DONE) == [1, 1, 2]
    assert made.in_flight() == [1, 0]


def test_an_unclear_job_is_drawn_when_it_was_sent_and_is_not_in_flight() -> None:
    made = timeline([job(UNCLEAR, sent=5, ended=None), job(JobState.SUBMITTED, sent=5, ended=None)], 0, 20, 2)
    assert made.so_far(UNCLEAR) == [0, 1, 1]
    assert made.in_flight() == [0.5, 1]


@pytest.mark.parametrize("seed", range(20))
def test_seconds_in_flight_are_those_of_the_jobs(seed: int) -> None:
    chance = random.Random(seed)
    times = [sorted((chance.uniform(-10, 110), chance.uniform(-10, 110))) for _ in range(50)]
    made = timeline([job(sent=begin, ended=end) for begin, end in times], 0, 100, 7)
    for at, count in enumerate(made.in_flight()):
        low, high = at * 100 / 7, (at + 1) * 100 / 7
        seconds = sum(max(min(end, high) - max(begin, low), 0) for begin, end in times)
        assert count == pytest.approx(seconds / (100 / 7))


def test_a_moment_can_be_drawn() -> None:
    made = timeline([job(sent=0, ended=0)], 0, 0, 4)
    assert made.so_far(DONE) == [0, 1, 1, 1, 1]
    assert made.edges == sorted(set(made.edges))


def test_the_picture_has_three_parts_and_a_title(made: Made, tmp_path: Path) -> None:
    made.done()
    made.failed()
    made.unclear()
    made.done(endpoint=OTHER)
    figure = made.journal.plot()
    assert [axis.get_ylabel() for axis in figure.axes] == ["ended a minute", "in flight", "jobs so far"]
    assert figure.get_suptitle() == "4 jobs: 2 done, 1 failed, 1 unclear"
    figure.savefig(tmp_path / "run.png")
    assert (tmp_path / "run.png").read_bytes().startswith(b"\x89PNG")
    assert made.journal.plot(endpoint=OTHER).get_suptitle() == "1 job: 1 done"


def test_jobs_are_counted_in_whole_numbers_over_a_grid() -> None:
    figure: Any = plotted(lambda: [job(sent=0, ended=5)], None)
    assert all(each.get_axisbelow() is True for each in figure.axes)
    assert all(float(tick).is_integer() for tick in figure.axes[-1].get_yticks())


def test_there_must_be_something_to_show(made: Made) -> None:
    with pytest.raises(ValueError, match=r"there are no jobs to show$"):
        made.journal.plot()
    made.done()
    with pytest.raises(ValueError, match="there are no jobs to show from then on"):
        made.journal.plot(since=datetime(2100, 1, 1, tzinfo=UTC))
    made.journal.plot(since=datetime(2020, 1, 1))


@pytest.mark.slow
def test_every_kind_of_jobs_can_be_drawn() -> None:
    for state in JobState:
        for sent, ended in ((None, None), (0.0, None), (0.0, 5.0)):
            figure: Any = plotted(lambda: [job(state, sent, ended)], None)  # noqa: B023
            figure.canvas.draw()


def test_without_matplotlib_one_line_says_what_to_install(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    made.done()
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    with pytest.raises(ImportError, match=r"^a picture takes matplotlib: pip install matplotlib, or this package"):
        made.journal.plot()


@pytest.mark.slow
def test_it_takes_no_display_and_touches_no_other_picture() -> None:
    program = f"""
import sys
from fal_typed._runtime.journal.records import JobState, JobTimes
from fal_typed._runtime.journal.journal import Journal
assert "matplotlib" not in sys.modules
from fal_typed._runtime.journal.views.plot import plotted
plotted(lambda: [JobTimes({ENDPOINT!r}, JobState.DONE, 1.0, 1.0, 1.0, 2.0)], None).canvas.draw()
assert "matplotlib.pyplot" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, "PYTHONPATH": str(GENERATED)})
