"""A job that was not sent yet: its files are uploaded, it is written down, then it is sent. No I/O."""

# design: What does a journal promise?

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from ...calls.steps import Request, body_of
from ...errors import APIConnectionError
from ...http.exchange import Blocking, Within
from ...journal import clock
from ...journal.errors import LeaseLostError
from ...journal.records import JobState, Sending
from ..keys import check_files
from .fence import Fence, NotSentError, may_have_arrived

if TYPE_CHECKING:
    from ...calls.steps import Call
    from ...http.exchange import Answer, Steps
    from .hold import Hold

# Seconds between two looks whether another request may be in flight.
FIRST_LOOK, LONGEST_LOOK = 0.1, 2.0
# How often it is written down again that it is about to be sent, at least.
_LEAST_ROUNDS = 3


def sent(hold: Hold) -> Steps[Request | Exception]:
    """A job that was claimed, submitted: its request, or an error after which nobody knows whether fal has it.

    Raises:
        LeaseLostError: The lease ended before it was sent.
        OverBudgetError: It would cost more than may be spent.
        Exception: Whatever else ends it; fal does not have it.
    """
    hold.how = "made"
    cost = hold.rules.cost
    units = None if cost is None else cost.units_of(hold.prepared.arguments)
    if hold.prepared.has_files:
        yield Blocking(lambda: check_files(hold.call, hold.prepared))
    body = yield from body_of(hold.call, hold.prepared.arguments, hold.limits)
    # What waits for long before another try is written down anew.
    for retries in range(max(hold.limits.max_retries, _LEAST_ROUNDS), -1, -1):
        yield from _announced(hold, body.decode(), units)
        outcome = yield from _submitted(hold, body, min(retries, hold.limits.max_retries))
        if outcome is not None:
            return outcome
        if not hold.lease_is_good:
            raise LeaseLostError(hold.key, f"the lease of job {hold.key} ended before it was sent, so it was not")
        yield from hold.is_not_there()
    raise APIConnectionError(f"{hold.call.spec.id}: there was no connection in time to submit", maybe_submitted=False)


def _submitted(hold: Hold, body: bytes, retries: int) -> Steps[Request | Exception | None]:
    """What came of its submit; None where it was not sent in time."""
    fence = hold.fence = Fence(hold.limits.deadline, hold.announced_at, lambda: hold.lease_is_good)
    limits = hold.limits._replace(deadline=fence, max_retries=retries)
    try:
        request: Request = yield Within(_accepted(hold.call, body), limits)
    except Exception as error:
        if may_have_arrived(error, fence):
            return error
        hold.is_refused = True
        if isinstance(error, NotSentError):
            return None
        raise
    return request


def _announced(hold: Hold, wire: str, units: float | None) -> Steps[None]:
    """Written down that it is about to be sent, once it may be."""
    cost, seconds = hold.rules.cost, FIRST_LOOK
    while True:
        yield Blocking(lambda: _announce(hold, wire, units))
        if hold.is_announced:
            return
        if hold.ends_run:
            assert cost is not None
            raise cost.exceeded(units or 0.0)
        yield from hold.waited(seconds * (0.5 + random.random()))  # noqa: S311  (not to come back all at once)
        seconds = min(seconds * 1.5, LONGEST_LOOK)


def _announce(hold: Hold, wire: str, units: float | None) -> None:
    cost = hold.rules.cost
    hold.announced_at = clock.awake()
    word = hold.journal.sending(
        hold.mine,
        wire,
        max_in_flight=hold.rules.max_in_flight,
        units=units,
        max_units=None if cost is None else cost.max_units,
    )
    if word is Sending.GO:
        hold.is_announced = True
        hold.note(state=JobState.SENDING, wire=wire, reserved=units)
    hold.ends_run = word is Sending.OVER_BUDGET


def _accepted(call: Call, body: bytes) -> Steps[Request]:
    exchange = call.builder.submit(body, call.options.webhook_url)
    answer: Answer = yield exchange
    return Request(call, *call.builder.read_submitted(exchange, answer))
