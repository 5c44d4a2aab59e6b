"""Which requests are sent again, and when. No I/O.

fal has no idempotency key, and bills every request that it accepts: a POST that may have been accepted is never sent
again. The table below is the whole policy; `what_happened` says which row an outcome is in.
"""

# design: When does the client send a request again?

from __future__ import annotations

import random
import time
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from enum import Enum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..log import logger
from .exchange import Answer, Exchange, Pause, Purpose

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..errors import APIConnectionError
    from .exchange import Limits, Steps

FIRST_WAIT = 0.25
# A glitch costs a quarter of a second; three more tries still outlast an outage of five.
GROWTH = 4.0
LONGEST_WAIT = 8.0
# A server may ask for more patience than backoff has, but not for ever.
LONGEST_ASKED_WAIT = 60.0
_INGRESS_CODES = frozenset({502, 503, 504})


class Outcome(Enum):
    """What became of one attempt."""

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
    Outcome.UNREACHED:    (_AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Outcome.UNSENT:       (_AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Outcome.TOO_MANY:     (_AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Outcome.INGRESS:      (_AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Outcome.TEMPORARY:    (_AGAIN, _AGAIN, _AGAIN, _NEVER, _AGAIN, _AGAIN),
    Outcome.GATEWAY:      (_NEVER, _NEVER, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Outcome.UNANSWERED:   (_NEVER, _NEVER, _AGAIN, _AGAIN, _AGAIN, _AGAIN),
    Outcome.SERVER_ERROR: (_NEVER, _NEVER, _AGAIN, _NEVER, _AGAIN, _AGAIN),
    Outcome.GARBLED:      (_NEVER, _NEVER, _AGAIN, _NEVER, _NEVER, _NEVER),
    Outcome.FINAL:        (_NEVER, _NEVER, _NEVER, _NEVER, _NEVER, _NEVER),
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
TRIED_AGAIN = {
    **{(outcome, purpose): row[at] for outcome, row in _TABLE.items() for purpose, at in _COLUMNS.items()},
    # Where there is no stream of states, they are asked for one by one instead.
    **{(outcome, Purpose.STATUS_STREAM): _NEVER for outcome in Outcome},
}


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """An attempt without an answer: the error to raise, and how far the request came."""

    error: APIConnectionError
    outcome: Outcome

    @property
    def is_timeout(self) -> bool:
        """Whether the time was over, rather than the connection."""
        return isinstance(self.error, TimeoutError)


@dataclass(frozen=True, slots=True)
class Attempt:
    """One sending of a request: a step that asks for what came of it.

    Attributes:
        exchange: What is sent, and where.
        number: How many there were before; the one to fal's other host counts with the one before it.
        wait: Seconds to wait before it.
        instead_of: What could not reach its host, where this goes to the other one.
    """

    exchange: Exchange
    number: int = 0
    wait: float = 0.0
    instead_of: Exchange | None = None


def attempts(exchange: Exchange, limits: Limits) -> Steps[Answer]:
    """The attempts at an exchange, to the answer to report, whatever its status.

    Raises:
        APIConnectionError: There was none, after the retries that are allowed.
    """
    this = Attempt(exchange)
    while True:
        result: Answer | NoAnswer = yield this
        coming = next_attempt(this, result, limits.max_retries)
        if coming is None:
            if isinstance(result, NoAnswer):
                raise result.error
            return result
        _log_retry(this, coming, result)
        yield Pause(limits.deadline.pause(coming.wait))
        this = coming


def next_attempt(
    last: Attempt,
    result: Answer | NoAnswer,
    max_retries: int,
    jitter: Callable[[], float] = random.random,
) -> Attempt | None:
    """The next attempt, or None if this result is the one to report.

    Args:
        last: What was tried.
        result: What came of it.
        max_retries: How many more there may be in all, not counting those at the other host; 0 turns that off too.
        jitter: A number from 0 to 1, so that clients do not come back all at once.
    """
    exchange = last.instead_of or last.exchange
    outcome = what_happened(result)
    if max_retries == 0 or not TRIED_AGAIN[outcome, exchange.purpose]:
        return None
    if outcome is Outcome.UNREACHED and exchange.alternate is not None and last.instead_of is None:
        return Attempt(replace(exchange, url=exchange.alternate), last.number, instead_of=exchange)
    if last.number >= max_retries:
        return None
    asked = _retry_after(result) if isinstance(result, Answer) else None
    wait = min(FIRST_WAIT * GROWTH**last.number, LONGEST_WAIT) * (0.5 + jitter())
    return Attempt(exchange, last.number + 1, wait=wait if asked is None else min(asked, LONGEST_ASKED_WAIT))


def what_happened(result: Answer | NoAnswer) -> Outcome:
    """The row of the table."""
    if isinstance(result, NoAnswer):
        return result.outcome
    if result.is_success:
        is_usable = bool(result.json_object()) or result.retryable is False
        return Outcome.FINAL if is_usable else Outcome.GARBLED
    if result.retryable is False or _is_start_timeout(result):
        return Outcome.FINAL
    if result.status == 429:
        return Outcome.TOO_MANY
    return _server_error(result) if result.status >= 500 else Outcome.FINAL


def _server_error(answer: Answer) -> Outcome:
    # Trusted on 5xx alone, which fal never bills (fal docs, FAQ); a 4xx may have cost GPU time.
    if answer.retryable:
        return Outcome.TEMPORARY
    if answer.status not in _INGRESS_CODES or answer.request_id is not None:
        return Outcome.SERVER_ERROR
    return Outcome.INGRESS if _is_ingress_page(answer) else Outcome.GATEWAY


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


def _log_retry(last: Attempt, coming: Attempt, result: Answer | NoAnswer) -> None:
    """What goes wrong and is tried again: INFO, and a WARNING where fal's host cannot be reached."""
    exchange = last.exchange
    if coming.instead_of is not None:
        logger.warning("%s cannot be reached; trying %s", exchange.shown_url, urlsplit(coming.exchange.url).hostname)
        return
    what = what_happened(result).value
    logger.info("%s %s: %s; trying again in %.2f s", exchange.method, exchange.shown_url, what, coming.wait)
