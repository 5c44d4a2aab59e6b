"""A job that may have been sent, looked for in fal's history until it is settled, or the time is over. No I/O."""

# design: What becomes of a job that may have been sent?

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ... import stand_in
from ...calls.steps import Request
from ...errors import APIStatusError, FalError, MissingCredentialsError
from ...http.exchange import Blocking, Deadline, Within
from ...journal.errors import LeaseLostError
from ...platform.history import history
from .recovery import SKEW, Found, Verdict, judged

if TYPE_CHECKING:
    from ...http.exchange import Steps
    from ...journal.records import JobRecord
    from ...platform.history import HistoryItem
    from .hold import Hold
    from .recovery import Judgement

# Seconds between two looks, and those that one may take at least.
FIRST_LOOK, LONGEST_LOOK, SHORTEST_TIME = 0.5, 5.0, 10.0
# What the history is refused with, also the next time.
_REFUSALS = (401, 402, 403, 404)


class Unsettled(NamedTuple):
    """A job of which nobody knows whether fal has it.

    Attributes:
        row: What is written down.
        note: What was found.
        request_ids: The requests that may be its own.
    """

    row: JobRecord
    note: str
    request_ids: tuple[str, ...]


def looked_up(hold: Hold, resubmit_after: float | None) -> Steps[Request | Unsettled | None]:
    """The request of a job that was about to be sent, which the journal has now; None where it did not arrive.

    Args:
        hold: The job.
        resubmit_after: See Rules.
    """
    row, now = yield from _row(hold)
    looks = Looks(hold, age=now - (row.sending_at or now))
    while True:
        found = yield from _found(hold, row, looks)
        judgement = judged(row, found, resubmit_after=resubmit_after)
        if judgement.verdict is Verdict.ADOPT:
            request_id = judgement.request_ids[0]
            request = Request(hold.call, request_id, hold.call.builder.urls_of(request_id))
            if (yield from hold.has_found(request)):
                return request
        elif judgement.verdict is Verdict.RESUBMIT:
            yield from hold.is_not_there()
            return None
        elif looks.has_another(judgement):
            yield from looks.pause(judgement)
        else:
            yield from _given_up(hold, judgement.note)
            return Unsettled(row, judgement.note, judgement.request_ids)


def _given_up(hold: Hold, note: str) -> Steps[None]:
    held = hold.mine
    yield Blocking(lambda: hold.journal.unclear(held, note))
    hold.held = None


def _row(hold: Hold) -> Steps[tuple[JobRecord, float]]:
    """What is written down, and the journal's time."""
    key, store = hold.mine.key, hold.journal.store
    row: JobRecord | None
    now: float
    row, now = yield Blocking(lambda: (store.get(key), store.now()))
    if row is None or row.wire is None or row.sending_at is None:
        raise LeaseLostError(key, f"the job {key} is not being sent any more")
    return row, now


def _found(hold: Hold, row: JobRecord, looks: Looks) -> Steps[Found]:
    store = hold.journal.store
    now: float = yield Blocking(store.now)
    assert row.sending_at is not None
    try:
        asked = history(hold.call, row.sending_at - SKEW)
        items: list[HistoryItem] = yield Within(asked, hold.limits._replace(deadline=looks.deadline(), patience=None))
    except FalError as error:
        looks.is_refused = isinstance(error, MissingCredentialsError) or (
            isinstance(error, APIStatusError) and error.status_code in _REFUSALS
        )
        return Found(now, None, why_not=str(error))
    ids = [item.request_id for item in items]
    alike = yield Blocking(lambda: store.open_alike(row))
    known = yield Blocking(lambda: store.known_ids(ids))
    return Found(now, items, alike, known)


class Looks:
    """How often the history is looked at.

    Args:
        hold: For which job.
        age: Seconds since it was sent.

    Attributes:
        is_refused: Whether the history was refused.
    """

    def __init__(self, hold: Hold, *, age: float) -> None:
        self._hold = hold
        # A worker that lives is waited for from now on, whenever the job was sent.
        self._last_wait = stand_in.now() + hold.rules.lookup_for
        self._last = self._last_wait - max(age, 0.0)
        self._seconds = FIRST_LOOK
        self.is_refused = False

    def deadline(self) -> Deadline:
        """How long the next one may take."""
        return Deadline(self._hold.limits.deadline.limit(max(self._last - stand_in.now(), SHORTEST_TIME)))

    def has_another(self, judgement: Judgement) -> bool:
        """Whether it is looked at once more."""
        if self.is_refused or judgement.verdict is Verdict.NEVER or self._hold.limits.deadline.has_passed:
            return False
        return self._left(judgement) > 0

    def pause(self, judgement: Judgement) -> Steps[None]:
        """What lies between two."""
        seconds, self._seconds = self._seconds, min(self._seconds * 1.6, LONGEST_LOOK)
        yield from self._hold.waited(min(seconds, self._left(judgement)))

    def _left(self, judgement: Judgement) -> float:
        return (self._last_wait if judgement.waits else self._last) - stand_in.now()
