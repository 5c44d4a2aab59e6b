"""What jobs raise, beside what a journal and a call do."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from ..errors import FalError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..journal.money import Amount
    from ..journal.records import JobError, JobRecord


_ADVICE_IN_MEMORY = (
    "Look for it at fal (fal.requests.find); if it is there, its endpoint's request(request_id) gives the output, and "
    "if it is not, call again. A journal in a file, journal=…, would let another run take it up"
)


class UnclearJobError(FalError):
    """It is not known whether a job was submitted, and fal's history did not settle it. It is not submitted again.

    Args:
        in_memory: Whether the journal is this process's alone, and gone with it.

    Attributes:
        key: The job's key.
        endpoint: The endpoint's id.
        sending_at: When it was sent, if it was: seconds since 1970.
        request_ids: The requests in fal's history that may be the job's.
    """

    maybe_submitted = True

    def __init__(
        self, record: JobRecord, note: str, request_ids: Sequence[str] = (), *, in_memory: bool = False
    ) -> None:
        self.key: str = record.key
        self.endpoint: str = record.endpoint
        self.sending_at: float | None = record.sending_at
        self.request_ids: tuple[str, ...] = tuple(request_ids)
        when = "" if record.sending_at is None else f" (sent at {_told(record.sending_at)})"
        super().__init__(
            f"whether job {self.key} of {self.endpoint} was submitted is not known{when}: {note}; it is not submitted "
            f"again. {_ADVICE_IN_MEMORY if in_memory else _advice(self.key)}; or let resubmit_after= say after how "
            "many seconds a request that is not in the history is believed not to have arrived"
        )


def _advice(key: str) -> str:
    return (
        f"Look for it at fal, then say journal.adopt({key!r}, request_id) if it is there, or "
        f"journal.forget({key!r}) if it is not"
    )


class JobFailedError(FalError):
    """A job failed before, as the journal says. `retry=True` does it anew.

    Attributes:
        key: The job's key.
        kind: The name of the error's class.
        status_code: That of fal's answer, where there was one.
        body: fal's answer as JSON text.
        request_id: fal's id of the request.
    """

    maybe_submitted = True

    def __init__(self, record: JobRecord, error: JobError) -> None:
        self.key: str = record.key
        self.request_id: str | None = record.request_id
        self.kind: str = error.kind
        self.status_code: int | None = error.status_code
        self.body: str | None = error.body
        super().__init__(
            f"job {record.key} of {record.endpoint} failed before, with {error.kind}: {error.message} "
            "(retry=True, or journal.retry(), does it anew)"
        )


class UnknownCostError(FalError, ValueError):
    """There is a `max_cost`, and what a call costs cannot be known before it is made. Nothing was sent.

    Attributes:
        endpoint: The endpoint's id.
        reason: Why not.
    """

    def __init__(self, endpoint: str, reason: str) -> None:
        self.endpoint: str = endpoint
        self.reason: str = reason
        super().__init__(f"max_cost: what a call of {endpoint} costs cannot be known before it is made: {reason}")


class OverBudgetError(FalError):
    """The next call would cost more than `max_cost` leaves. Nothing was sent for it.

    Attributes:
        endpoint: The endpoint's id.
        cost: What the call costs at most.
        max_cost: What all jobs of the endpoint in the journal may cost together.
    """

    def __init__(self, endpoint: str, *, cost: Amount, max_cost: Amount) -> None:
        self.endpoint: str = endpoint
        self.cost: Amount = cost
        self.max_cost: Amount = max_cost
        told = cost._replace(estimated=False)
        super().__init__(
            f"the next call of {endpoint} costs up to {told}, which is more than is left of max_cost ({max_cost} for "
            "all its jobs in this journal); nothing was sent for it, and a greater max_cost goes on from here"
        )


class ForgottenError(FalError):
    """A job that was submitted is not in the journal any more."""

    def __init__(self, record: JobRecord) -> None:
        super().__init__(f"job {record.key} of {record.endpoint} is not in the journal any more")


def _told(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")


# A traceback then names what users import, and not the module that it lies in.
for _error in (UnclearJobError, JobFailedError, UnknownCostError, OverBudgetError):
    _error.__module__ = f"{__name__.partition('._runtime')[0]}.batch"
