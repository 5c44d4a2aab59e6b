"""What fal's history says of a job that may have been sent: a judgement of what was found. No I/O.

What is found must have been looked at in this order: the history, then the other open jobs, then the known ids. A
request that the history has was being sent by then; its job is open still, or the journal has its id.
"""

# design: What becomes of a job that may have been sent?

from __future__ import annotations

import json
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ...journal.values import normal
from ...platform.history import MISSING
from .fence import SENDING_SECONDS

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from ...journal.records import JobRecord
    from ...platform.history import HistoryItem

# By so many seconds fal's clock may be behind the journal's.
SKEW = 120.0


class Found(NamedTuple):
    """What is known of an open job at one moment.

    Attributes:
        now: By the journal's clock, when the history was asked.
        items: The requests in fal's history; None where it cannot be asked.
        alike: The other open jobs with an equal input.
        known: The ids, of those in the history, that the journal has.
        why_not: Why the history cannot be asked.
    """

    now: float
    items: Sequence[HistoryItem] | None
    alike: Sequence[JobRecord] = ()
    known: Collection[str] = ()
    why_not: str = ""


class Verdict(Enum):
    """What is to be done.

    Attributes:
        ADOPT: One request is the job's.
        RESUBMIT: It did not arrive.
        LATER: It is not settled, and may be at another look.
        NEVER: It is not settled, and looking again does not help.
    """

    ADOPT = "adopt"
    RESUBMIT = "resubmit"
    LATER = "later"
    NEVER = "never"


class Judgement(NamedTuple):
    """What is to be done, why, and which requests may be the job's.

    Attributes:
        waits: Whether it is for a worker that lives.
    """

    verdict: Verdict
    note: str = ""
    request_ids: tuple[str, ...] = ()
    waits: bool = False


def judged(row: JobRecord, found: Found, *, resubmit_after: float | None) -> Judgement:
    """What is to be done about a job that may have been sent.

    Args:
        row: The job, which was about to be sent.
        found: What is known.
        resubmit_after: After how many seconds a request that the history does not have is believed not to have
            arrived; counted from when it can have been sent at the latest.
    """
    if found.items is None:
        return Judgement(Verdict.LATER, f"fal's history cannot be asked ({found.why_not})")
    equal, mute = _sorted(row, found)
    ids = tuple(item.request_id for item in (*equal, *mute))
    if not ids:
        return _none(row, found, resubmit_after)
    if found.alike:
        keys = ", ".join(other.key for other in found.alike)
        lives = any(_is_live(other, found.now) for other in found.alike)
        note = f"fal's history has {_listed(ids)}, which may be that of another open job with the same input ({keys})"
        return Judgement(Verdict.LATER, note, ids, waits=lives)
    if mute:
        note = f"fal's history has {_listed(ids)}, and does not say the input of {_listed(_ids(mute))}"
        return Judgement(Verdict.LATER, note, ids)
    if len(equal) > 1:
        return Judgement(Verdict.NEVER, f"fal's history has several with this very input: {_listed(ids)}", ids)
    return Judgement(Verdict.ADOPT, request_ids=ids)


def _none(row: JobRecord, found: Found, resubmit_after: float | None) -> Judgement:
    assert row.sending_at is not None
    if resubmit_after is not None and found.now - row.sending_at >= SENDING_SECONDS + resubmit_after:
        return Judgement(Verdict.RESUBMIT)
    return Judgement(Verdict.LATER, "fal's history does not have it, or not yet")


def _sorted(row: JobRecord, found: Found) -> tuple[list[HistoryItem], list[HistoryItem]]:
    """Those requests that no job has and that have its very input, and those of which the input is not known."""
    assert row.wire is not None
    assert row.sending_at is not None
    wire = normal(json.loads(row.wire))
    equal: dict[str, HistoryItem] = {}
    mute: dict[str, HistoryItem] = {}
    for item in found.items or ():
        if item.request_id in found.known or item.endpoint_id != row.endpoint:
            continue
        if item.sent_at is not None and item.sent_at < row.sending_at - SKEW:
            continue
        if item.json_input is MISSING:
            mute[item.request_id] = item
        elif normal(item.json_input) == wire:
            equal[item.request_id] = item
    return list(equal.values()), [item for item in mute.values() if item.request_id not in equal]


def _is_live(other: JobRecord, now: float) -> bool:
    return other.lease_until is not None and other.lease_until > now


def _ids(items: Sequence[HistoryItem]) -> tuple[str, ...]:
    return tuple(item.request_id for item in items)


def _listed(ids: Sequence[str]) -> str:
    shown = ", ".join(ids[:5])
    return f"request {shown}" if len(ids) == 1 else f"requests {shown}{' …' if len(ids) > 5 else ''}"
