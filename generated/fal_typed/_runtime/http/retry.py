"""Which requests are sent again, and when. No I/O.

fal has no idempotency key, and bills every request that it accepts: a POST that may have been accepted is never sent
again. The table below is the whole policy; `what_happened` says which row an outcome is in.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TYPE_CHECKING

from .exchange import Answer, Exchange, Purpose

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..errors import APIConnectionError

FIRST_WAIT = 0.25
# A glitch costs a quarter of a second; three more tries still outlast an outage of five.
GROWTH = 4.0
LONGEST_WAIT = 8.0
# A server may ask for more patience than backoff has, but not for ever.
LONGEST_ASKED_WAIT = 60.0
_INGRESS_CODES = frozenset({502, 503, 504})


class Event(Enum):
    """What became of one try."""

    UNREACHED = "no connection, so nothing was sent"
    UNSENT = "no free connection in the pool, so nothing was sent"
    UNANSWERED = "sent, at least in part, and no whole answer"
    TOO_MANY = "429"
    INGRESS = "502, 503 or 504 of fal's ingress, which found nobody to pass the request on to"
    TEMPORARY = "5xx that fal calls temporary"
    GATEWAY = "502, 503 or 504 that does not say whose it is"
    SERVER_ERROR = "any other 5xx of the platform"
    GARBLED = "a success with something other than a JSON object"
    FINAL = "anything else, and whatever fal calls final"


_AGAIN, _NEVER = True, False

# Cancelling (PUT) is idempotent: a second one changes nothing, and a lost one leaves a request running that is billed.
# A result (GET) replays the model's own error, which asking again does not change: only what cannot be the model's is
# tried again. A status with something odd in it says nothing about the request. Files are moved before anything is
# billed, or after; storage answers with little or nothing.
# fmt: off
_TABLE = {
    #                    run¹    submit  status  result  cancel  files
    Event.UNREACHED:    (_AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Event.UNSENT:       (_AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Event.TOO_MANY:     (_AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Event.INGRESS:      (_AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Event.TEMPORARY:    (_AGAIN, _AGAIN, _AGAIN, _NEVER, _AGAIN, _AGAIN),
    Event.GATEWAY:      (_NEVER, _NEVER, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Event.UNANSWERED:   (_NEVER, _NEVER, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Event.SERVER_ERROR: (_NEVER, _NEVER, _AGAIN, _NEVER, _AGAIN, _AGAIN),
    Event.GARBLED:      (_NEVER, _NEVER, _AGAIN, _NEVER, _NEVER, _NEVER),
    Event.FINAL:        (_NEVER, _NEVER, _NEVER, _NEVER, _NEVER, _NEVER),
    # ¹ and stream, up to the head of its answer: what breaks off later is never asked for again.
}
# fmt: on
_COLUMNS = {
    Purpose.RUN: 0,
    Purpose.STREAM: 0,
    Purpose.SUBMIT: 1,
    Purpose.STATUS: 2,
    Purpose.RESULT: 3,
    Purpose.CANCEL: 4,
    Purpose.UPLOAD: 5,
    Purpose.DOWNLOAD: 5,
}
TRIED_AGAIN = {(event, purpose): row[column] for event, row in _TABLE.items() for purpose, column in _COLUMNS.items()}


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """A try without an answer: the error to raise, and how far the request came."""

    error: APIConnectionError
    event: Event

    @property
    def is_timeout(self) -> bool:
        """Whether the time was over, rather than the connection."""
        return isinstance(self.error, TimeoutError)


@dataclass(frozen=True, slots=True)
class Try:
    """One sending of a request.

    Attributes:
        exchange: The request.
        number: How many there were before; the one to the other host counts with the one before it.
        elsewhere: Whether it goes to fal's other host.
        wait: Seconds to wait before it.
    """

    exchange: Exchange
    number: int = 0
    elsewhere: bool = False
    wait: float = 0.0

    @property
    def sent(self) -> Exchange:
        """What is sent, and where."""
        if self.elsewhere and self.exchange.alternate is not None:
            return replace(self.exchange, url=self.exchange.alternate)
        return self.exchange


def next_try(
    last: Try,
    outcome: Answer | NoAnswer,
    max_retries: int,
    jitter: Callable[[], float] = random.random,
) -> Try | None:
    """The next try, or None if this outcome is the one to report.

    Args:
        last: What was tried.
        outcome: What came of it.
        max_retries: How many more there may be in all, not counting those at the other host; 0 turns that off too.
        jitter: A number from 0 to 1, so that clients do not come back all at once.
    """
    exchange = last.exchange
    event = what_happened(outcome)
    if max_retries == 0 or not TRIED_AGAIN[event, exchange.purpose]:
        return None
    if event is Event.UNREACHED and exchange.alternate is not None and not last.elsewhere:
        return replace(last, elsewhere=True, wait=0.0)
    if last.number >= max_retries:
        return None
    asked = _retry_after(outcome) if isinstance(outcome, Answer) else None
    wait = min(FIRST_WAIT * GROWTH**last.number, LONGEST_WAIT) * (0.5 + jitter())
    return Try(exchange, last.number + 1, wait=wait if asked is None else min(asked, LONGEST_ASKED_WAIT))


def what_happened(outcome: Answer | NoAnswer) -> Event:
    """The row of the table."""
    if isinstance(outcome, NoAnswer):
        return outcome.event
    if outcome.retryable is False or _is_start_timeout(outcome):
        return Event.FINAL
    if outcome.status == 429:
        return Event.TOO_MANY
    if outcome.status >= 500:
        return _server_error(outcome)
    return Event.GARBLED if outcome.is_success and not outcome.json_object() else Event.FINAL


def _server_error(answer: Answer) -> Event:
    # Trusted on 5xx alone, which fal never bills (fal docs, FAQ); a 4xx may have cost GPU time.
    if answer.retryable:
        return Event.TEMPORARY
    if answer.status not in _INGRESS_CODES or answer.request_id is not None:
        return Event.SERVER_ERROR
    return Event.INGRESS if _is_ingress_page(answer) else Event.GATEWAY


def _is_ingress_page(answer: Answer) -> bool:
    """Whether nginx wrote this, in front of fal's servers (the test of the official client 1.0.3, and a little more).

    Whatever passed through fal's servers has a header of theirs.
    """
    is_fals = any(name.lower().startswith("x-fal-") for name in answer.headers)
    return not is_fals and b"nginx" in answer.content.lower() and not answer.json_object()


def _is_start_timeout(answer: Answer) -> bool:
    """The caller's own start timeout has passed: the answer is final (fal docs, Common parameters)."""
    return answer.status == 504 and answer.headers.get("x-fal-request-timeout-type", "").strip().lower() == "user"


def _retry_after(answer: Answer) -> float | None:
    """The seconds of a `Retry-After` header, given as a number or as a date (RFC 9110)."""
    text = answer.headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None
