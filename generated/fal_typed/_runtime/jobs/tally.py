"""What came of the jobs of a `map`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ..display.shown import ShownData

if TYPE_CHECKING:
    from ..journal.money import Amount, Price
    from .job import Job


@dataclass(frozen=True, slots=True, repr=False)
class MapSummary(ShownData):
    """How many jobs ended how, of those that were ready so far.

    Attributes:
        endpoint: The endpoint's id.
        made: Submitted now, and done.
        kept: Done before; their output was in the journal.
        picked_up: Submitted before, by a process that is gone perhaps, and done now.
        failed: Ended with an error.
        billable_units: What fal counted for those that were not kept; None where it said nothing.
        amount: What that costs, where the price is known: it was asked for by a `max_cost`, or by `prices`.
        seconds: Since the beginning.
    """

    endpoint: str
    made: int
    kept: int
    picked_up: int
    failed: int
    billable_units: float | None
    seconds: float
    amount: Amount | None = None

    def __str__(self) -> str:
        parts = [f"{self.made} made"]
        for count, word in ((self.kept, "kept"), (self.picked_up, "picked up"), (self.failed, "failed")):
            parts += [f"{count} {word}"] if count else []
        plural = "" if self.billable_units == 1 else "s"
        units = "" if self.billable_units is None else f", {self.billable_units:g} billable unit{plural}"
        cost = "" if self.amount is None else f", {self.amount}"
        return f"{self.endpoint}: {', '.join(parts)} in {self.seconds:.1f} s{units}{cost}"


def _may_be_submitted(job: Job[Any, Any]) -> bool:
    """Whether it was submitted now, as far as it can be known."""
    if job.how != "made" or job.error is None:
        return job.how == "made"
    if job.request_id is not None:
        return True
    # An error about a job that an earlier run has sent has no cause here.
    return bool(getattr(job.error, "maybe_submitted", False)) and job.error.__cause__ is not None


class Tally:
    """Counts jobs as they become ready."""

    def __init__(self) -> None:
        self.ended = {"made": 0, "kept": 0, "picked up": 0, "adopted": 0}
        self.failed = self.unsaid = self.submitted = 0
        self.units: float | None = None

    @property
    def total(self) -> int:
        """How many are ready, whatever came of them."""
        return self.failed + sum(self.ended.values())

    def count(self, job: Job[Any, Any]) -> None:
        """One more."""
        if job.error is not None:
            self.failed += 1
        else:
            self.ended[job.how] += 1
        if job.how == "kept":
            return
        self.submitted += _may_be_submitted(job)
        if job.billable_units is not None:
            self.units = (self.units or 0.0) + job.billable_units
        elif job.error is None:
            self.unsaid += 1

    def summary(self, endpoint: str, seconds: float, price: Price | None = None) -> MapSummary:
        """What was counted, and what that costs."""
        return MapSummary(
            endpoint,
            self.ended["made"],
            self.ended["kept"],
            self.ended["picked up"] + self.ended["adopted"],
            self.failed,
            self.units,
            round(seconds, 3),
            None if price is None else price.of(self.units or 0.0, estimated=self.unsaid > 0),
        )
