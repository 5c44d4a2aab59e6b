"""Which requests are sent again, and when. No I/O.

Reads (status, result) are; a POST or PUT never is: fal has no idempotency key, so a second one may be billed twice.
"""

from __future__ import annotations

import random
import time
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from .answer import Answer, Exchange, Purpose

if TYPE_CHECKING:
    from collections.abc import Callable

FIRST_WAIT = 0.25
LONGEST_WAIT = 8.0
# A server may ask for more patience than backoff has, but not for ever.
LONGEST_ASKED_WAIT = 60.0
_STATUS_CODES = frozenset({429, 500, 502, 503, 504})
_INGRESS_CODES = frozenset({429, 502, 503, 504})


def wait_before_retry(
    exchange: Exchange,
    outcome: Answer | Exception,
    attempt: int,
    max_retries: int,
    jitter: Callable[[], float] = random.random,
) -> float | None:
    """Seconds to wait before the next attempt, or None if this outcome is the one to report.

    Args:
        exchange: What was asked.
        outcome: The answer, or the error of getting none.
        attempt: The number of attempts made before this one.
        max_retries: How many more there may be in all.
        jitter: A number from 0 to 1, so that clients do not come back all at once.
    """
    if attempt >= max_retries or not exchange.is_read or not _is_transient(exchange, outcome):
        return None
    asked = _retry_after(outcome) if isinstance(outcome, Answer) else None
    if asked is not None:
        return min(asked, LONGEST_ASKED_WAIT)
    return min(FIRST_WAIT * 2.0**attempt, LONGEST_WAIT) * (0.5 + jitter())


def _is_transient(exchange: Exchange, outcome: Answer | Exception) -> bool:
    if isinstance(outcome, Exception):
        return True
    if outcome.status == 504 and outcome.headers.get("x-fal-request-timeout-type", "").lower() == "user":
        return False  # the caller's own start timeout: the answer is final (fal docs, Common parameters)
    if exchange.purpose is Purpose.RESULT:
        # A result replays the model's own status code; only an answer of the ingress is worth asking again.
        return outcome.status in _INGRESS_CODES and outcome.request_id is None
    # A poll cut short by a proxy says nothing about the request.
    return outcome.status in _STATUS_CODES or (outcome.is_success and not outcome.json_object())


def _retry_after(answer: Answer) -> float | None:
    """The seconds of a `Retry-After` header, given as a number or as a date (RFC 9110)."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
