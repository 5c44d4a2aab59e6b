"""What the answer to asking for a result means for its job, and how that is written down. No I/O."""

# design: When has a job failed for good?

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ...calls.status import is_error_answer
from ...errors import UNITS_HEADER, billable_units
from ...http.outcomes import Outcome, what_happened
from ...journal.records import JobError

if TYPE_CHECKING:
    from ...calls.steps import Call
    from ...http.exchange import Answer, Exchange
    from ...journal.records import JobRecord

# What says something of the key, of the connection or of too many questions, and nothing of the job.
_NOT_OF_THE_JOB = frozenset({401, 403, 407, 408, 429})
_OF_THE_WAY = frozenset({Outcome.TOO_MANY, Outcome.INGRESS, Outcome.GATEWAY})
_LONGEST_BODY = 100_000


def is_final(exchange: Exchange, answer: Answer) -> bool:
    """Whether the answer to asking for a result is the model's own error, which asking again does not change."""
    if answer.is_success or answer.status in _NOT_OF_THE_JOB:
        return False
    return is_error_answer(answer) and what_happened(answer, exchange) not in _OF_THE_WAY


def written(error: Exception) -> JobError:
    """An error as it is written down."""
    body: Any = getattr(error, "body", None)
    text: str | None = None
    if body is not None:
        with suppress(TypeError, ValueError, RecursionError):
            text = json.dumps(body)
    if text is not None and len(text) > _LONGEST_BODY:
        text = None
    status: Any = getattr(error, "status_code", None)
    return JobError(type(error).__name__, str(error), status if isinstance(status, int) else None, text)


def units_of(error: Exception) -> float | None:
    """What fal counted for a job that failed."""
    units: Any = getattr(error, "billable_units", None)
    return units if isinstance(units, float) else None


def text_of(answer: Answer) -> str:
    """An output as JSON text, as it came if that can be.

    Raises:
        ValueError: It is not JSON.
    """
    body = answer.json()
    try:
        text = answer.content.decode()
    except UnicodeDecodeError:  # UTF-16, or half a character
        return json.dumps(body)
    return text.removeprefix("\ufeff")


def units_in(answer: Answer) -> float | None:
    """What fal counted for an output."""
    return billable_units(answer.headers)


def kept_output(call: Call, record: JobRecord) -> Any:
    """The output that a journal has."""
    assert record.output is not None
    headers = {} if record.units is None else {UNITS_HEADER: repr(record.units)}
    return call.read(json.loads(record.output), headers, record.request_id)
