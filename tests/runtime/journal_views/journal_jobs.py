"""Journals with jobs in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runtime.journal.records import JobError, JobState, JobTimes, Wanted

if TYPE_CHECKING:
    from runtime.journal.journal import Journal
    from runtime.journal.records import Held

ENDPOINT, OTHER = "fal-ai/flux-1/schnell", "fal-ai/hidream-i1-full"
BEGAN = 1_800_000_000.0


class Made:
    """Makes jobs in a journal.

    Args:
        journal: The journal.
    """

    def __init__(self, journal: Journal) -> None:
        self.journal = journal
        self.count = 0

    def claimed(self, endpoint: str = ENDPOINT, input: str = '{"prompt": "a"}', salt: str | None = None) -> Held:
        self.count += 1
        held = self.journal.claim(Wanted(f"{self.count:032x}", endpoint, input, self.count, salt)).held
        assert held is not None
        return held

    def sending(self, *, units: float | None = None, wire: str = '{"prompt": "a"}', **wanted: Any) -> Held:
        held = self.claimed(**wanted)
        self.journal.sending(held, wire, units=units)
        return held

    def submitted(self, **given: Any) -> Held:
        held = self.sending(**given)
        self.journal.submitted(held, {"endpoint": ENDPOINT, "request_id": f"r{self.count}"})
        return held

    def done(
        self, output: str = '{"seed": 1}', files: tuple[str, ...] = (), took: float | None = 1.0, **given: Any
    ) -> Held:
        held = self.submitted(**given)
        self.journal.done(held, output, files, took)
        return held

    def failed(self, message: str = "no", took: float | None = None, **given: Any) -> Held:
        held = self.submitted(**given)
        self.journal.failed(held, JobError("ModelError", message, 422, None), took)
        return held

    def unclear(self, **given: Any) -> Held:
        held = self.sending(**given)
        self.journal.unclear(held, "two requests could be it")
        return held


def job(
    state: JobState = JobState.DONE,
    sent: float | None = 0.0,
    ended: float | None = 1.0,
    *,
    endpoint: str = ENDPOINT,
    units: float | None = 1.0,
    reserved: float | None = None,
) -> JobTimes:
    """A job that was sent and ended so many seconds after a fixed moment."""
    at = [None if each is None else BEGAN + each for each in (sent, sent, ended)]
    return JobTimes(endpoint, state, BEGAN + (sent or 0.0), *at, units, reserved)
