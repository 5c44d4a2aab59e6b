"""Adds up what jobs took, one after the other: memory does not grow with them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from ..records import JobState

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Self

    from ..records import JobTimes

ENDED = (JobState.DONE, JobState.FAILED)


class Span(NamedTuple):
    """From when to when, in seconds since 1970."""

    begin: float
    end: float


class Sums:
    """Of the jobs of one endpoint.

    Attributes:
        jobs: How many, by state.
        units: What those that ended took: as fal counted, or as it was expected.
        expected: How many of those fal's count is not known of, but was expected.
        unknown: How many fal's count is not known of, nor was expected.
        seconds: How long those took that are done, from being sent, together.
    """

    def __init__(self) -> None:
        self.jobs: Counter[JobState] = Counter()
        self.units = Decimal()
        self.expected = self.unknown = 0
        self.seconds = 0.0
        self.timed = 0

    def add(self, job: JobTimes) -> None:
        """Add a job."""
        self.jobs[job.state] += 1
        if job.state not in ENDED:
            return
        units = next((each for each in (job.units, job.reserved) if each is not None and isfinite(each)), None)
        self.units += Decimal(str(units or 0))
        self.expected += job.units is None and units is not None
        # One that failed and of which fal counted nothing was most likely not charged for.
        self.unknown += units is None and job.state is JobState.DONE
        if job.state is JobState.DONE and job.ended_at is not None and job.sending_at is not None:
            self.seconds += max(job.ended_at - job.sending_at, 0)
            self.timed += 1


class Tally:
    """Of the jobs of all endpoints.

    Attributes:
        endpoints: The sums by endpoint, in the order in which they came.
        busy: The seconds in which at least one was under way, as far as they came in the order of their beginnings.
    """

    def __init__(self) -> None:
        self.endpoints: dict[str, Sums] = {}
        self.busy = 0.0
        self._until: float | None = None

    @classmethod
    def of(cls, jobs: Iterable[JobTimes]) -> Self:
        """What so many jobs make."""
        made = cls()
        for job in jobs:
            made.add(job)
        return made

    def add(self, job: JobTimes) -> None:
        """Add a job."""
        self.endpoints.setdefault(job.endpoint, Sums()).add(job)
        begin, end = span_of(job)
        if self._until is None or begin > self._until:
            self.busy += end - begin
        elif end > self._until:
            self.busy += end - self._until
        self._until = end if self._until is None else max(end, self._until)


def span_of(job: JobTimes) -> Span:
    """When something happened to a job for the first and the last time. One that is taken again has a later claim."""
    times = [each for each in (job.sending_at, job.submitted_at, job.ended_at) if each is not None]
    return Span(min(times), max(times)) if times else Span(job.claimed_at, job.claimed_at)
