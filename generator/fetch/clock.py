"""What day it is, and how long to wait before asking again: the one place that knows clock and chance."""

from __future__ import annotations

import random
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 30.0


def delay_before(repetition: int, pause: float) -> float:
    """Seconds before the n-th repetition: doubling, up to half a minute, and never in step with others."""
    longest = min(_LONGEST, pause * 2.0 ** (repetition - 1))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def wait_asked_for(headers: Mapping[str, str]) -> float | None:
    """Seconds an answer asks to wait: `Retry-After` (RFC 9110: seconds or a date), or fal's `x-ratelimit-reset`."""
    for name in ("retry-after", "x-ratelimit-reset"):
        wait = _seconds(headers.get(name, ""))
        if wait is not None:
            return wait
    return None


def _seconds(text: str) -> float | None:
    """The seconds of a header's text, whatever that is; None where it says nothing of the kind.

    The client has a reader of its own (`templates/runtime/http/retry.py`): it is a package that stands alone, and that
    this one cannot import. A test demands the same answers of both.
    """
    text = text.strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now().timestamp())
    except (ValueError, OverflowError):
        return None


def now() -> datetime:
    """The moment."""
    return datetime.now(UTC)


def today() -> str:
    """The day, YYYY-MM-DD, in UTC so that it is one day everywhere."""
    return now().date().isoformat()
