"""What a journal knows of a job."""

# design: What does a journal promise?

from __future__ import annotations

from enum import Enum
from reprlib import Repr
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_SHORT = Repr()
_SHORT.maxstring = _SHORT.maxother = 100
_SHORT.maxtuple = 3


class JobState(Enum):
    """How far a job is.

    Attributes:
        CLAIMED: A worker has taken it; nothing was sent.
        SENDING: Its input is about to be sent, or was sent just now; fal's id is not known.
        SUBMITTED: fal has it, under an id that is known.
        DONE: Its output is here.
        FAILED: It ended with an error, for which fal may charge.
        UNCLEAR: Whoever was sending it is gone, and fal's history did not tell whether it arrived.
    """

    CLAIMED = "claimed"
    SENDING = "sending"
    SUBMITTED = "submitted"
    DONE = "done"
    FAILED = "failed"
    UNCLEAR = "unclear"


class JobError(NamedTuple):
    """An error as it is written down.

    Attributes:
        kind: The name of its class.
        message: What it said.
        status_code: That of fal's answer, where there was one.
        body: fal's answer as JSON text.
    """

    kind: str
    message: str
    status_code: int | None = None
    body: str | None = None


class Wanted(NamedTuple):
    """A job that somebody wants done.

    Attributes:
        key: What it is known by: 32 hexadecimal digits, or the caller's own.
        endpoint: The endpoint's id.
        input: Its input as JSON text, in the names of the wire; a file is `{"sha256": …}`.
        number: Which of several with that input it is, from 0.
        salt: What the caller tells apart otherwise equal jobs by.
    """

    key: str
    endpoint: str
    input: str
    number: int = 0
    salt: str | None = None


class JobRecord(NamedTuple):
    """A job in a journal. Times are seconds since 1970 by the journal's own clock.

    Attributes:
        attempt: How often it was taken.
        owner: Who has it, as long as the lease lasts.
        wire: The input as it goes over the wire, as JSON text; None before it is about to be sent.
        handle: As `RequestHandle.to_dict()`.
        output: fal's answer as JSON text.
        files: The paths of what was downloaded.
        note: Why it is unclear.
        units: What fal charges for it, in the endpoint's units, as far as that is known.
        reserved: The units that it is expected to take.
    """

    key: str
    endpoint: str
    input: str
    number: int
    salt: str | None
    state: JobState
    attempt: int
    owner: str | None
    lease_until: float | None
    claimed_at: float
    wire: str | None = None
    sending_at: float | None = None
    submitted_at: float | None = None
    ended_at: float | None = None
    handle: Mapping[str, str] | None = None
    output: str | None = None
    files: tuple[str, ...] = ()
    error: JobError | None = None
    note: str | None = None
    units: float | None = None
    reserved: float | None = None

    @property
    def request_id(self) -> str | None:
        """The id of its request, where it is known."""
        return None if self.handle is None else self.handle["request_id"]

    def __repr__(self) -> str:
        """With the beginnings of long texts; inputs and outputs may have pictures in them."""
        fields = (f"{name}={_SHORT.repr(value)}" for name, value in zip(self._fields, self, strict=True))
        return f"{type(self).__name__}({', '.join(fields)})"


class Grant(Enum):
    """What came of claiming a job.

    Attributes:
        MINE: Nothing was sent for it; it is the claimer's to send.
        LOOK_UP: It is the claimer's; somebody may have sent it, and is gone.
        PICK_UP: It is the claimer's; it was submitted, and its id is known.
        DONE: Its output is here.
        FAILED: It failed before, and is not to be tried again.
        BUSY: Another worker has it.
    """

    MINE = "mine"
    LOOK_UP = "look up"
    PICK_UP = "pick up"
    DONE = "done"
    FAILED = "failed"
    BUSY = "busy"


class Held(NamedTuple):
    """A job that a worker has: what every change of it is made with.

    Attributes:
        good_until: Until when the lease lasts for certain, by `journal.clock.awake`; it grows with each renewal,
            which `Journal.good_until` knows.
    """

    key: str
    attempt: int
    owner: str
    good_until: float


class Claim(NamedTuple):
    """What came of claiming a job: `held` is there for MINE, LOOK_UP and PICK_UP."""

    grant: Grant
    record: JobRecord
    held: Held | None = None


class Sending(Enum):
    """Whether a claimed job may be sent now.

    Attributes:
        GO: It may; it is written down.
        NO_SLOT: As many as may be are in flight. Nothing changed.
        OVER_BUDGET: It would cost more than may be spent. Nothing changed.
    """

    GO = "go"
    NO_SLOT = "no slot"
    OVER_BUDGET = "over budget"


class Count(NamedTuple):
    """How many jobs of an endpoint are in one state, and the units they took or are expected to take."""

    endpoint: str
    state: JobState
    jobs: int
    units: float
    without_units: int


class JobTimes(NamedTuple):
    """When a job went from state to state and what it took, without what may be long. Seconds as in `JobRecord`."""

    endpoint: str
    state: JobState
    claimed_at: float
    sending_at: float | None = None
    submitted_at: float | None = None
    ended_at: float | None = None
    units: float | None = None
    reserved: float | None = None


def times_of(record: JobRecord) -> JobTimes:
    """The short part of a job."""
    sent, ended = (record.sending_at, record.submitted_at), record.ended_at
    return JobTimes(record.endpoint, record.state, record.claimed_at, *sent, ended, record.units, record.reserved)
