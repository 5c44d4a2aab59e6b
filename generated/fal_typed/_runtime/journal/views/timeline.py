"""What happened to jobs when, in so many equal pieces of time: memory does not grow with the jobs."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from ..records import JobState
from .tally import Span, span_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..records import JobTimes

_IN_FLIGHT = (JobState.SENDING, JobState.SUBMITTED)
# They are drawn when they end; an unclear one when it was sent.
SETTLED = (JobState.DONE, JobState.FAILED, JobState.UNCLEAR)


def whole_span(jobs: Iterable[JobTimes], since: float | None) -> tuple[Span, int] | None:
    """From the first thing that happened to the last one, and to how many jobs; None where nothing did."""
    begin, end = float("inf"), float("-inf")
    count = 0
    for job in jobs:
        span = span_of(job)
        count += since is None or span.end >= since
        begin, end = min(begin, span.begin), max(end, span.end)
    if since is not None:
        begin = max(begin, since)
    return (Span(begin, end), count) if begin <= end else None


class Timeline:
    """Jobs, over a span that is cut into pieces.

    Args:
        span: From when to when; what was before counts as having been there.
        pieces: How many pieces it has.
    """

    def __init__(self, span: Span, pieces: int) -> None:
        self.span, self._pieces = span, pieces
        self.width = max((span.end - span.begin) / pieces, 1e-3)
        self._settled: dict[JobState, list[int]] = {state: [0] * pieces for state in SETTLED}
        self._before: dict[JobState, int] = dict.fromkeys(SETTLED, 0)
        # Seconds in flight in the pieces at the two ends of each job, and how many more were there in all of a piece.
        self._seconds, self._more = [0.0] * pieces, [0] * (pieces + 1)
        self.jobs = dict.fromkeys(JobState, 0)

    @property
    def edges(self) -> list[float]:
        """Where the pieces begin, and where the last one ends; seconds since 1970."""
        return [self.span.begin + at * self.width for at in range(self._pieces + 1)]

    def add(self, job: JobTimes) -> None:
        """Add a job."""
        self.jobs[job.state] += 1
        if job.state in SETTLED:
            moment = job.ended_at if job.state is not JobState.UNCLEAR else job.sending_at
            if moment is not None and moment >= self.span.begin:
                self._settled[job.state][self._piece(moment)] += 1
            else:
                self._before[job.state] += 1
        if job.sending_at is not None and job.state is not JobState.UNCLEAR:
            self._fly(job.sending_at, self.span.end if job.state in _IN_FLIGHT else job.ended_at or job.sending_at)

    def _fly(self, begin: float, end: float) -> None:
        begin, end = max(begin, self.span.begin), min(end, self.span.end)
        if end <= begin:
            return
        first, last = self._piece(begin), self._piece(end)
        if first == last:
            self._seconds[first] += end - begin
            return
        self._seconds[first] += self.span.begin + (first + 1) * self.width - begin
        self._seconds[last] += end - (self.span.begin + last * self.width)
        self._more[first + 1] += 1
        self._more[last] -= 1

    def _piece(self, moment: float) -> int:
        return min(int((moment - self.span.begin) / self.width), self._pieces - 1)

    def per_minute(self, state: JobState) -> list[float]:
        """How many got into a state in each piece, as a rate."""
        return [count * 60 / self.width for count in self._settled[state]]

    def so_far(self, state: JobState) -> list[int]:
        """How many had got into a state by each of the edges."""
        return [*accumulate(self._settled[state], initial=self._before[state])]

    def in_flight(self) -> list[float]:
        """How many were in flight in each piece, on average."""
        whole = accumulate(self._more[:-1])
        return [count + seconds / self.width for count, seconds in zip(whole, self._seconds, strict=True)]
