"""Which requests are sent again, when, and for how long. No I/O.

fal has no idempotency key, and bills every request that it accepts: a POST that may have been accepted is never sent
again. The table below is the whole policy; `what_happened` says which row an outcome is in.
"""

# design: When does the client send a request again?

from __future__ import annotations

import random
import time
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

from .. import stand_in
from ..errors import DeadlineExceededError
from ..log import logger
from .error_answers import id_note, status_error, unreadable
from .exchange import FILES, READS, Answer, Exchange, Limits, Pause, Purpose
from .outcomes import NoAnswer, Outcome, what_happened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ..errors import FalError
    from .exchange import Steps

FIRST_WAIT = 0.25
# A glitch costs a quarter of a second; a few more tries still outlast an outage of five.
GROWTH = 4.0
LONGEST_WAIT = 8.0
# After so many tries the wait grows no more, whatever the numbers above are.
_GROWN = 10
# A server may ask for more patience than backoff has, but not for ever.
LONGEST_ASKED_WAIT = 60.0
# It may ask for none at all, once; after that it is left in peace for so long.
SHORTEST_ASKED_WAIT = 1.0
# How often a read is tried again that waiting does not mend: a host that was never there, an error that stays.
FEW = 3
# An outage that lasts so long is worth a line in the log.
TOLD_AFTER = 10.0

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
    Outcome.RELAYED:      (_NEVER, _NEVER, _AGAIN, _NEVER, _AGAIN, _AGAIN),
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
    Purpose.PLATFORM: 2,
}
TRIED_AGAIN = {
    **{(outcome, purpose): row[at] for outcome, row in _TABLE.items() for purpose, at in _COLUMNS.items()},
    # Where there is no stream of states, they are asked for one by one instead.
    **{(outcome, Purpose.STATUS_STREAM): _NEVER for outcome in Outcome},
}

# How often: a POST and an upload `max_retries` times. A read (status, result, cancel, download) as long as an outage
# lasts, within its limits' patience: what waits for a request up to the deadline, or ten minutes without one; a lone
# status() or cancel() half a minute. These are no outage, and are tried `FEW` times.
_NO_OUTAGE = frozenset({Outcome.SERVER_ERROR, Outcome.GARBLED})


class Attempt(NamedTuple):
    """One sending of a request: a step that asks for what came of it.

    Attributes:
        exchange: What is sent, and where.
        limits: In which it must end.
        number: How many there were before; the one to fal's other host counts with the one before it.
        wait: Seconds to wait before it.
        instead_of: What could not reach its host, where this goes to the other one.
    """

    exchange: Exchange
    limits: Limits
    number: int = 0
    wait: float = 0.0
    instead_of: Exchange | None = None


def attempts(exchange: Exchange, limits: Limits, reached: set[str]) -> Steps[Answer]:
    """The attempts at an exchange, to the answer to report, whatever its status.

    Args:
        exchange: What is asked.
        limits: How long and how often.
        reached: The origins that there was a connection to, ever, with marks of `_told_of`; added to.

    Raises:
        APIConnectionError: There was none, after the retries that are allowed.
        DeadlineExceededError: The caller's time is over; it chains what happened last.
    """
    tries = Tries(exchange, limits, reached)
    this = Attempt(exchange, tries.limits())
    while True:
        try:
            result: Answer | NoAnswer = yield this
        except DeadlineExceededError as late:
            tries.explain(late)
            raise
        tries.note(this, result)
        if isinstance(result, Answer) and result.is_usable:
            if tries.is_told:
                tries.tell_end()
            return result
        coming = tries.next_attempt(this, result)
        if coming is None:
            return tries.give_up(result)
        _log_retry(this, coming, result, reached)
        if limits.watch is not None:
            reason = what_happened(result, this.instead_of or exchange).value
            limits.watch.retried(exchange.purpose.value, coming.number + 1, reason, coming.wait)
        for seconds in tries.pauses(coming.wait):
            yield Pause(limits.deadline.pause(seconds))
        this = coming


class Tries:
    """What came of the attempts at one exchange so far, and whether there is another one.

    Attributes:
        is_told: Whether the log has an outage whose end it does not have yet.
    """

    def __init__(self, exchange: Exchange, limits: Limits, reached: set[str]) -> None:
        self._exchange = exchange
        self._limits = limits
        self._reached = reached
        self._patience = limits.patience if exchange.purpose in READS else None
        self._began = stand_in.now()
        self._count = 0
        self.is_told = False
        self._lasts: Outcome | None = None  # what an outage looks like
        self._last: Answer | NoAnswer | None = None
        self._furthest = self._renewed = 0

    @property
    def seconds(self) -> float:
        """How long they have taken."""
        return stand_in.now() - self._began

    def limits(self) -> Limits:
        """Those of the attempt that comes now: none lasts much longer than there is patience.

        A state comes in milliseconds or not at all: who first waits for one is to be told of silence in time. Where it
        does take long, the second attempt has all the time there is.
        """
        seconds = self._limits.http_timeout
        left = self._patience if self._count == 0 else self._patience_left()
        if left is not None:
            seconds = min(seconds, max(left, SHORTEST_ASKED_WAIT))
        if self._count == 0 and self._exchange.purpose is Purpose.STATUS:
            seconds = min(seconds, TOLD_AFTER)
        return self._limits if seconds == self._limits.http_timeout else self._limits._replace(http_timeout=seconds)

    def note(self, this: Attempt, result: Answer | NoAnswer) -> None:
        """Remember what came of one."""
        if isinstance(result, Answer) or result.outcome is Outcome.UNANSWERED:
            origin = _origin(this.exchange.url)
            self._reached.add(origin)
            self._reached.discard(_told_of(origin))
        self._count += this.instead_of is None
        if self._exchange.sink is not None and (self._count == 1 or self._exchange.sink.furthest > self._furthest):
            self._began = stand_in.now()  # up to here it may have been going well, for as long as a file takes
            self._furthest, self._renewed = self._exchange.sink.furthest, this.number
        self._last = result

    def tell_end(self) -> None:
        """Tell that an outage is over."""
        logger.warning("%s is answered again, after %.0f s", self._subject(), self.seconds)

    def next_attempt(
        self, last: Attempt, result: Answer | NoAnswer, jitter: Callable[[], float] = random.random
    ) -> Attempt | None:
        """The next attempt, or None if this result is the one to report. Tells of an outage when it is long.

        Args:
            last: What was tried.
            result: What came of it.
            jitter: A number from 0 to 1, so that clients do not come back all at once.
        """
        exchange = self._exchange
        outcome = what_happened(result, exchange)
        most = self._most(outcome)
        if most == 0 or not TRIED_AGAIN[outcome, exchange.purpose]:
            return None
        if outcome is Outcome.UNREACHED and exchange.alternate is not None and last.instead_of is None:
            other = exchange._replace(url=exchange.alternate)
            return Attempt(other, self.limits(), last.number, instead_of=exchange)
        if most is not None and last.number >= most:
            return None
        wait = self._wait(last, result, jitter)
        if wait is None:
            return None
        self._lasts = outcome if most is None else None
        return Attempt(exchange, self.limits(), last.number + 1, wait)

    def pauses(self, wait: float) -> Iterator[float]:
        """The wait before an attempt, in two parts where an outage is to be told of between them."""
        if self._lasts is not None and not self.is_told and (first := max(TOLD_AFTER - self.seconds, 0.0)) < wait:
            if first:
                yield first
            self.is_told = True
            what = "no answer of use" if isinstance(self._last, Answer) else "no answer"
            logger.warning("%s: %s for %.0f s; going on (%s)", self._subject(), what, self.seconds, self._lasts.value)
            wait -= first
        yield wait

    def give_up(self, result: Answer | NoAnswer) -> Answer:
        """The result to report, with how long it was tried for.

        Raises:
            APIConnectionError: It is none.
        """
        is_over = TRIED_AGAIN[what_happened(result, self._exchange), self._exchange.purpose] and self._count > 1
        tried = f"{self.seconds:.0f} s, {self._count} tries"
        if isinstance(result, Answer):
            if is_over:
                return replace(result, tried=f"; gave up after {tried}")
            if self.is_told:
                self.tell_end()
            return result
        if is_over:
            result.error.add(f"no answer for {tried}{id_note(self._exchange.request_id)}")
        raise result.error

    def explain(self, late: DeadlineExceededError) -> None:
        """Chain what happened last."""
        if late.__cause__ is None and self._last is not None:
            late.__cause__ = _error_of(self._last, self._exchange)

    def _most(self, outcome: Outcome) -> int | None:
        """How many tries more there may be in all, not counting those at the other host; 0 turns that off too."""
        if self._exchange.purpose not in READS:
            return self._limits.max_retries
        if outcome is Outcome.UNREACHED and self._reached.isdisjoint(_origins(self._exchange)):
            return FEW
        return FEW if outcome in _NO_OUTAGE else None

    def _wait(self, last: Attempt, result: Answer | NoAnswer, jitter: Callable[[], float]) -> float | None:
        """Seconds before the next attempt, or None where there is no time for one."""
        patience = self._patience_left()
        if patience == 0:
            return None
        left = self._limits.deadline.limit(patience)
        wait = min(FIRST_WAIT * GROWTH ** min(last.number - self._renewed, _GROWN), LONGEST_WAIT) * (0.5 + jitter())
        asked = retry_after(result.headers) if isinstance(result, Answer) else None
        if asked is not None:
            least = min(wait, SHORTEST_ASKED_WAIT) if last.number and self._exchange.purpose in READS else 0.0
            return None if left is not None and asked >= left else max(least, min(asked, LONGEST_ASKED_WAIT))
        # Not to sleep over the end: what comes back just before it is still asked.
        return wait if left is None else min(wait, max(left / 2, FIRST_WAIT))

    def _patience_left(self) -> float | None:
        return None if self._patience is None else max(0.0, self._patience - self.seconds)

    def _subject(self) -> str:
        return f"{self._exchange.endpoint}: the {self._exchange.purpose.value}{id_note(self._exchange.request_id)}"


def _error_of(result: Answer | NoAnswer, exchange: Exchange) -> FalError:
    if isinstance(result, NoAnswer):
        return result.error
    return unreadable(result, exchange, "not JSON") if result.is_success else status_error(result, exchange)


def _origins(exchange: Exchange) -> set[str]:
    return {_origin(url) for url in (exchange.url, exchange.alternate) if url}


def _origin(url: str) -> str:
    return "/".join(url.split("/", 3)[:3])


def retry_after(headers: Mapping[str, str]) -> float | None:
    """The seconds of a `Retry-After` header, given as a number or as a date (RFC 9110)."""
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - time.time())
    except (ValueError, OverflowError):
        return None


def _told_of(origin: str) -> str:
    """A mark among the origins: there is a warning that this one cannot be reached, which each poll would say."""
    return f"{origin} (told)"


def _log_retry(last: Attempt, coming: Attempt, result: Answer | NoAnswer, reached: set[str]) -> None:
    """What goes wrong and is tried again: INFO, and one WARNING where fal's host cannot be reached, until it can."""
    exchange = last.exchange
    if coming.instead_of is not None:
        mark = _told_of(_origin(exchange.url))
        level = logger.info if mark in reached else logger.warning
        reached.add(mark)
        level("%s cannot be reached; trying %s", exchange.shown_url, urlsplit(coming.exchange.url).hostname)
        return
    what = what_happened(result, last.instead_of or exchange).value
    logger.info("%s %s: %s; trying again in %.2f s", exchange.method, _logged_url(exchange), what, coming.wait)


def _logged_url(exchange: Exchange) -> str:
    """The URL for the log. That of a file may be as good as a key: of it only the host is shown."""
    return _origin(exchange.url) if exchange.purpose in FILES else exchange.shown_url


def log_attempt(this: Attempt, result: Answer | NoAnswer, seconds: float) -> None:
    """The line of an attempt."""
    exchange = this.exchange
    note = id_note(exchange.request_id or _told_id(exchange, result))
    about = f"{exchange.endpoint}: {exchange.purpose.value}{note}, attempt {this.number + 1}"
    what = result.status if isinstance(result, Answer) else type(result.error).__name__
    logger.debug("%s: %s %s -> %s in %.0f ms", about, exchange.method, _logged_url(exchange), what, seconds * 1000)


def _told_id(exchange: Exchange, result: Answer | NoAnswer) -> str | None:
    """The id that fal gave a request in this answer."""
    if isinstance(result, NoAnswer):
        return None
    named = result.json_object().get("request_id") if exchange.purpose is Purpose.SUBMIT else None
    return named if isinstance(named, str) else result.request_id
