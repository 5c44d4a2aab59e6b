"""One job in the hands of a worker: what is known of it here, and how that is written down."""

# design: What does a journal promise?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from ...errors import FalError
from ...http.exchange import Blocking, Pause
from ...journal import clock
from ...journal.errors import JobMismatchError, JournalError, LeaseLostError, TwiceSubmittedError
from ...journal.records import Grant, JobRecord, JobState
from ...log import logger

if TYPE_CHECKING:
    from ...calls.steps import Call, Request
    from ...http.exchange import Limits, Steps
    from ...journal.journal import Journal
    from ...journal.records import Held
    from ..costs.rule import CostRule
    from ..keys import Prepared
    from .fence import Fence

How = Literal["made", "kept", "picked up", "adopted"]


class Rules(NamedTuple):
    """How jobs are done.

    Attributes:
        retry: Whether one that failed before is done anew.
        resubmit_after: After how many seconds a request that fal's history does not have is believed not to have
            arrived; None for never.
        lookup_for: For how many seconds after it was sent fal's history is asked for it.
        download: Where the files of outputs are saved, if they are: a template. See `saving`.
        max_in_flight: How many jobs of the journal may be in flight.
        cost: What they may cost.
    """

    retry: bool = False
    resubmit_after: float | None = None
    lookup_for: float = 30.0
    download: str | None = None
    max_in_flight: int | None = None
    cost: CostRule | None = None


class Finished(NamedTuple):
    """What came of a job.

    Attributes:
        record: As far as it is known here.
        output: The output, if there is one: also where its files could not be saved, which is the error then.
        error: What went wrong.
        files: Where its files were saved.
        how: Whether it was submitted now, was done before, was picked up by its id, or found in fal's history.
    """

    record: JobRecord
    output: Any
    error: Exception | None
    files: tuple[str, ...]
    how: How


class Hold:
    """One job, and what is known of it here.

    Args:
        call: Its endpoint, and how that is called.
        prepared: Its input.
        journal: Where it is written down.
        rules: How it is done.
        limits: How long all of it may take.

    Attributes:
        grant: What claiming it gave.
        held: What it is changed with, as long as this worker has it.
        request: Its request, as soon as it is known.
        announced_at: Before when it was written down that it is about to be sent, by `clock.awake`.
        fence: What its submit is limited by, from when that begins.
        is_announced: Whether the journal has it as being sent.
        is_refused: Whether it is certain that fal does not have it.
        ends_run: Whether what is raised is about all jobs.
        how: See Finished.
    """

    def __init__(self, call: Call, prepared: Prepared, journal: Journal, rules: Rules, limits: Limits) -> None:
        self.call, self.prepared, self.journal, self.rules, self.limits = call, prepared, journal, rules, limits
        self.ends_run = False
        self.grant = Grant.BUSY
        self.how: How = "made"
        self._record: JobRecord | None = None
        self._begin(None)

    def _begin(self, held: Held | None) -> None:
        self.held = held
        self.request: Request | None = None
        self.fence: Fence | None = None
        self.announced_at = 0.0
        self.is_announced = self.is_refused = self._is_written = False

    @property
    def key(self) -> str:
        """The job's key."""
        return self.prepared.wanted.key

    @property
    def record(self) -> JobRecord:
        """What is known of it."""
        return self._record or JobRecord(*self.prepared.wanted, JobState.CLAIMED, 0, None, None, 0.0)

    def note(self, **changes: Any) -> None:
        """Something of it has changed."""
        self._record = self.record._replace(**changes)

    @property
    def mine(self) -> Held:
        """What it is changed with.

        Raises:
            LeaseLostError: This worker does not have it.
        """
        if self.held is None:
            raise LeaseLostError(self.key, f"the job {self.key} is not had here")
        return self.held

    @property
    def lease_is_good(self) -> bool:
        """Whether nobody else can have it, for certain."""
        return self.held is not None and self.journal.good_until(self.held) > clock.awake()

    def finished(self, output: Any = None, *, error: Exception | None = None, files: tuple[str, ...] = ()) -> Finished:
        """What is told of it."""
        return Finished(self.record, output, error, files, self.how)

    def waited(self, seconds: float) -> Steps[None]:
        """A pause, within the limits.

        Raises:
            DeadlineExceededError: The time is over.
        """
        deadline = self.limits.deadline
        if deadline.has_passed:
            raise deadline.exceeded(self.call.spec.id, self.record.request_id)
        yield Pause(deadline.pause(seconds))

    # What may block.

    def claim(self, *, retry: bool) -> None:
        """Take it, if nobody has it: `grant`."""
        claim = self.journal.claim(self.prepared.wanted, retry=retry)
        self._begin(claim.held)
        self._record, self.grant = claim.record, claim.grant

    def has(self, request: Request) -> None:
        """The journal has its id already."""
        self.request, self._is_written = request, True

    def write_id(self) -> None:
        """Write down which request is its own, by the answer to its submit."""
        assert self.request is not None
        handle = self.request.to_dict()
        try:
            self.journal.submitted(self.mine, handle)
        except (TwiceSubmittedError, LeaseLostError, JobMismatchError):
            self._is_written = True  # as far as it can be
            raise
        except JournalError as error:
            error.add_note(f"{self.call.spec.id}: job {self.key} has the request id {self.request.request_id}")
            raise
        self._is_written = True
        self.note(state=JobState.SUBMITTED, handle=handle)

    def has_found(self, request: Request) -> Steps[bool]:
        """Write down that a request is its own, by fal's history; False where that is another job's."""

        def work() -> None:
            if self.journal.found(self.mine, request.to_dict()):
                self.has(request)
                self.how = "adopted"
                self.note(state=JobState.SUBMITTED, handle=request.to_dict())

        yield Blocking(work)
        return self.request is not None

    def is_not_there(self) -> Steps[None]:
        """Write down that fal does not have it, for certain or because that is to be believed."""
        held = self.mine
        yield Blocking(lambda: self.journal.withdraw(held))
        self._begin(held)

    def leave(self) -> None:
        """Give it back as it is: the id is written down if it is not yet; what was not sent is withdrawn."""
        held = self.held
        if held is None:
            return
        try:
            if self.request is not None and not self._is_written:
                self.write_id()
            elif self.request is None and self.is_announced and not self._may_be_sent:
                self.journal.withdraw(held)
            self.journal.release(held)
        except LeaseLostError:
            pass  # another worker has it
        except FalError as error:
            logger.warning("%s: job %s could not be given back: %s", self.call.spec.id, held.key, error)
        finally:
            self.journal.not_prolonged(held)
            self.held = None

    @property
    def _may_be_sent(self) -> bool:
        return self.fence is not None and self.fence.has_begun and not self.is_refused
