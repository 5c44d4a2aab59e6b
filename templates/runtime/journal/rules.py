"""What may become of a job: the part of a store that does not depend on what it is kept in."""

# design: What does a journal promise?

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from .errors import JobMismatchError, LeaseLostError, TwiceSubmittedError
from .owners import told
from .records import Grant, JobState

if TYPE_CHECKING:
    from collections.abc import Callable

    from .records import Held, JobRecord, Wanted

# What a worker that has a job can make of it, and from which states.
TO_SEND = frozenset({JobState.CLAIMED})
TO_SUBMIT = frozenset({JobState.SENDING})
TO_ADOPT = frozenset({JobState.SENDING, JobState.UNCLEAR})
TO_WITHDRAW = frozenset({JobState.CLAIMED, JobState.SENDING, JobState.UNCLEAR})
TO_FINISH = frozenset({JobState.SUBMITTED})
TO_FAIL = frozenset({JobState.SENDING, JobState.SUBMITTED})
# Those whose request takes one of the account's slots, and those that may have been sent and have no id.
IN_FLIGHT = frozenset({JobState.SENDING, JobState.SUBMITTED})
OPEN = frozenset({JobState.SENDING, JobState.UNCLEAR})
# A late id is still written down where the job was not decided meanwhile.
TO_SUBMIT_LATE = TO_WITHDRAW

_GRANTS = {
    JobState.CLAIMED: Grant.MINE,
    JobState.SENDING: Grant.LOOK_UP,
    JobState.UNCLEAR: Grant.LOOK_UP,
    JobState.SUBMITTED: Grant.PICK_UP,
    JobState.DONE: Grant.DONE,
}
HELD = frozenset({Grant.MINE, Grant.LOOK_UP, Grant.PICK_UP})


def never_gone(owner: str) -> bool:  # noqa: ARG001
    """Believe every lease."""
    return False


def is_free(record: JobRecord, now: float, is_gone: Callable[[str], bool]) -> bool:
    """Whether nobody has a job, or who had it is gone."""
    if record.owner is None or record.lease_until is None:
        return True
    return record.lease_until <= now or is_gone(record.owner)


def granted(record: JobRecord, now: float, *, retry: bool, is_gone: Callable[[str], bool]) -> Grant:
    """What somebody who claims a known job gets."""
    if record.state is JobState.FAILED:
        return Grant.MINE if retry else Grant.FAILED
    if record.state is not JobState.DONE and not is_free(record, now, is_gone):
        return Grant.BUSY
    return _GRANTS[record.state]


def check_wanted(wanted: Wanted) -> None:
    """Raise ValueError for a key or a salt that a database cannot keep."""
    for name, text in ("key", wanted.key), ("salt", wanted.salt or ""):
        if "\0" in text or any("\ud800" <= each <= "\udfff" for each in text):
            raise ValueError(f"a job's {name} must be text without NUL and without halves of surrogates, not {text!r}")
    if not wanted.key:
        raise ValueError("a job's key must not be empty")


def check_same(wanted: Wanted, record: JobRecord) -> None:
    """Raise JobMismatchError if a key is that of another endpoint's job, or of one with another input."""
    if wanted.endpoint != record.endpoint:
        difference = f"it is a job of {record.endpoint}, not of {wanted.endpoint}"
    elif wanted.input != record.input:
        difference = f"its input is {_shown(record.input)}, not {_shown(wanted.input)}"
    else:
        return
    raise JobMismatchError(
        wanted.key, f"the job {wanted.key} is in the journal already, and is another one: {difference}"
    )


def is_held(record: JobRecord | None, held: Held) -> TypeGuard[JobRecord]:
    """Whether a worker still has a job."""
    return record is not None and (record.owner, record.attempt) == (held.owner, held.attempt)


def check_held(held: Held, record: JobRecord | None, sources: frozenset[JobState]) -> JobRecord:
    """A job that a worker still has, in a state that it can be changed in.

    Raises:
        LeaseLostError: Somebody else has the job, or did something to it.
        ValueError: A job in that state cannot be changed so.
    """
    if not is_held(record, held):
        raise lost(held, record)
    if record.state not in sources:
        wanted = " or ".join(sorted(state.value for state in sources))
        raise ValueError(f"the job {held.key} is {record.state.value}; for this it must be {wanted}")
    return record


def lost(held: Held, record: JobRecord | None) -> LeaseLostError:
    """The error for a job that a worker has no more."""
    if record is None:
        return LeaseLostError(held.key, f"the job {held.key} is not in the journal any more")
    by = "given back" if record.owner is None else f"taken by {told(record.owner)}"
    return LeaseLostError(held.key, f"the job {held.key} was {by} meanwhile, and is {record.state.value}")


def is_over(held: Held, record: JobRecord, state: JobState) -> bool:
    """Whether this very worker has brought a job to that end: a change is repeated where no answer to it came."""
    return record.attempt == held.attempt and record.owner is None and record.state is state


def by_hand(key: str, record: JobRecord | None, now: float, is_gone: Callable[[str], bool]) -> JobRecord:
    """A job that a person may change: it is there, and nobody has it.

    Raises:
        KeyError: There is no such job.
        LeaseLostError: A worker has it.
    """
    if record is None:
        raise KeyError(f"there is no job {key} in the journal")
    if not is_free(record, now, is_gone):
        assert record.owner is not None
        raise LeaseLostError(key, f"{told(record.owner)} has the job {key}; it can be changed once that one is gone")
    return record


def check_assignable(record: JobRecord) -> None:
    """Raise ValueError if a job is not one whose request is to be found."""
    if record.state not in OPEN:
        raise ValueError(f"the job {record.key} is {record.state.value}, not unclear: it needs no request's id")


def check_id(held: Held, record: JobRecord | None, request_id: str) -> bool:
    """Whether an id is to be written down that a job's submitting gave. False: it is there already.

    Raises:
        TwiceSubmittedError: The job has another one.
        LeaseLostError: It is not there any more, or has the id, and another worker.
    """
    known = None if record is None else record.request_id
    if known not in (None, request_id):
        raise TwiceSubmittedError(held.key, (known or "", request_id))
    if record is None or known is not None or record.state not in TO_SUBMIT_LATE:
        check_held(held, record, TO_SUBMIT | {JobState.SUBMITTED})
        return False
    return True


def taken_id(key: str, request_id: str, other: str) -> JobMismatchError:
    """The error for an id that another job has."""
    return JobMismatchError(
        key, f"the request {request_id} cannot be that of the job {key}: it is that of the job {other}"
    )


def _shown(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:200]}…"
