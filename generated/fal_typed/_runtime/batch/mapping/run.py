"""What threads and tasks share of a `map`: what is done with an input, when to stop, and what is told of it. No I/O."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from ... import checks, stand_in
from ...errors import InvalidInputError, RateLimitError
from ...http.exchange import PATIENCE, Blocking
from ...http.retry import retry_after
from ...jobs.errors import TooManyErrorsError
from ...jobs.job import Job
from ...jobs.tally import Tally
from ...journal.journal import Journal, opened
from ...journal.money import kept_price
from ..costs.steps import cost_rule
from ..keys import Keys
from .pace import Pace

if TYPE_CHECKING:
    from ...calls.steps import Call
    from ...http.exchange import Steps
    from ...jobs.settings import MapSettings
    from ...jobs.tally import MapSummary
    from ...journal.money import Price
    from ..keys import Prepared
    from ..life import Finished, Rules
    from .shown import Shown

I = TypeVar("I")  # noqa: E741  # input, beside T
T = TypeVar("T")


class Task(NamedTuple):
    """A job that is to be done.

    Attributes:
        at: Which of the inputs it is for.
        refused_at: When fal first said that there are too many requests, if it did.
    """

    at: int
    given: Any
    prepared: Prepared
    refused_at: float | None = None


class Run(Generic[I, T]):
    """Not safe in threads, but for `prepared`.

    Args:
        call: The endpoint, and how it is called.
        settings: Those of the `map`.
        rules: How a job is done, but for what it may cost.
        shown: Where it is shown how far it is.

    Attributes:
        journal: Where it is written down.
        rules: How a job is done.
        pace: How many may be in flight.
        in_flight: How many are.
        error: What ended it, to be raised when what is in flight is done.
        input_error: What reading the inputs raised, to be raised when all that was read before is done.
    """

    def __init__(self, call: Call, settings: MapSettings, rules: Rules, shown: Shown) -> None:
        self.settings = settings
        self.call = call
        self.journal: Journal = self._journal()
        self.rules = rules
        self.pace = Pace(settings.window)
        self.in_flight = 0
        self.error: BaseException | None = None
        self.input_error: Exception | None = None
        self._keys = Keys(call, salt=settings.salt, dedupe=settings.dedupe)
        self._tally = Tally()
        self._tried: set[str] = set()
        self._price: Price | None = None
        self._shown = shown
        self._begun = stand_in.now()
        self._last_error: Exception | None = None

    def _journal(self) -> Journal:
        if self.settings.journal is None:
            return Journal.in_memory(forgetful=not self.settings.dedupe)
        return opened(self.settings.journal)

    def learnt_cost(self) -> Steps[None]:
        """Learn what a job may cost, where that is limited: before anything is sent. Else what the journal knows."""
        if self.settings.max_cost is not None:
            rule = yield from cost_rule(self.call, self.settings.max_cost, self.journal)
            self.rules, self._price = self.rules._replace(cost=rule), rule.price
        elif self.settings.journal is not None:
            self._price = yield Blocking(lambda: kept_price(self.journal.store, self.call.spec.id))

    # An input.

    def prepared(self, index: int, given: I) -> Task | Job[I, T]:
        """What is to be done for an input; or the job of one that the endpoint does not take."""
        try:
            if not checks.is_mapping(given):
                kind = type(given).__name__
                raise TypeError(f"inputs[{index}] must be a mapping of the endpoint's inputs, not {kind}")
            return Task(index, given, self._keys.prepared(given)._replace(at=index))
        except (InvalidInputError, TypeError) as error:
            return Job("", index, 0, given, error=error)

    def rules_of(self, task: Task) -> Rules:
        """How a job is done that begins now: of equal inputs that are one job, the first tries again what failed."""
        rules, key = self.rules, task.prepared.wanted.key
        if not (self.settings.dedupe and rules.retry):
            return rules
        is_first = key not in self._tried
        self._tried.add(key)
        return rules if is_first else rules._replace(retry=False)

    # When to stop.

    def may_begin(self) -> bool:
        """Whether one more may be begun now."""
        most = self.settings.stop_after
        left = most is None or self._tally.submitted + self.in_flight < most
        return left and self.pace.may_begin(self.in_flight)

    @property
    def is_ending(self) -> bool:
        """Whether no more is to be begun."""
        settings = self.settings
        if settings.stop_after is not None and self._tally.submitted >= settings.stop_after:
            return True
        return self.error is not None or (settings.max_errors is not None and self._tally.failed > settings.max_errors)

    def check(self) -> None:
        """At the end: raise what is to be said of all of them.

        Raises:
            BaseException: What ended it, or the inputs.
            TooManyErrorsError: More jobs than `max_errors` ended with an error.
        """
        if self.error is not None:
            raise self.error
        most = self.settings.max_errors
        if most is not None and self._tally.failed > most:
            raise TooManyErrorsError(self.call.spec.id, self._tally.failed, most) from self._last_error
        if self.input_error is not None:
            raise self.input_error

    # What came of it.

    def refused(self, task: Task, finished: Finished, begun: float) -> tuple[Task, float] | None:
        """For a job that fal did not accept because there are too many: what to do again, after how many seconds.

        None where it is over: it was accepted, or it was refused for too long.
        """
        error = finished.error
        if not isinstance(error, RateLimitError) or error.maybe_submitted:
            self.pace.went_well()
            return None
        rest = self.pace.refused(begun, retry_after(error.headers))
        first = begun if task.refused_at is None else task.refused_at
        patience = self.call.options.timeout or self.call.settings.timeout or PATIENCE
        return None if stand_in.now() + rest - first > patience else (task._replace(refused_at=first), rest)

    def job(self, task: Task, finished: Finished) -> Job[I, T]:
        """The job of what was done."""
        record, error = finished.record, finished.error
        request_id: str | None = record.request_id or getattr(error, "request_id", None)
        units: Any = record.units if record.units is not None else getattr(error, "billable_units", None)
        return Job(
            key=record.key,
            index=task.at,
            number=record.number,
            input=task.given,
            output=None if error is not None else finished.output,
            error=error,
            files=tuple(Path(file) for file in finished.files),
            request_id=request_id,
            billable_units=units,
            how=finished.how,
        )

    def note(self, job: Job[I, T]) -> None:
        """One is ready."""
        self._tally.count(job)
        self._last_error = job.error or self._last_error
        self.show()

    def show(self) -> None:
        """Say on the progress line how far it is."""
        self._shown.tell(self._tally, self.in_flight)

    def end(self) -> None:
        """Nothing goes on any more."""
        self._shown.end()
        if self.settings.journal is None:  # which is known here alone
            self.journal.close()

    def summary(self) -> MapSummary:
        """What came of the jobs so far."""
        return self._tally.summary(self.call.spec.id, stand_in.now() - self._begun, self._price)

    def how_to_go_on(self, in_flight: int) -> str:
        """What to say to who stops it before its end."""
        told = f"{self.call.spec.id}: {self._tally.total} jobs are done"
        kept = self.settings.journal is not None
        if in_flight:
            left = "that the next run picks up" if kept else "whose outputs are lost here, and may have to be paid"
            told += f", and {in_flight} were in flight, {left}"
        if kept:
            return f"{told}; the same call with the journal {_shown_address(self.journal)} goes on from there"
        return f"{told}; with `journal=` the same call would go on from there"


def _shown_address(journal: Journal) -> str:
    return os.path.basename(journal.address) if os.path.isabs(journal.address) else journal.address  # noqa: PTH117, PTH119
