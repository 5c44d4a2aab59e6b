"""What was found in fal's history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from ..display.shown import ShownData

if TYPE_CHECKING:
    from datetime import datetime

H = TypeVar("H")


@dataclass(frozen=True, slots=True, repr=False)
class FoundRequest(ShownData, Generic[H]):
    """A request that fal had, with the very input that was looked for.

    Attributes:
        request_id: fal's id of it.
        sent_at: When it was sent, in UTC; None where fal does not say.
        ended_at: When it ended; None where it has not, or fal does not say.
        status_code: How: 200, or the status of its error; None where it has not ended.
        handle: Asks about it, and gives its result as long as fal keeps that. `H` is its type.
    """

    request_id: str
    sent_at: datetime | None
    ended_at: datetime | None
    status_code: int | None
    handle: H
