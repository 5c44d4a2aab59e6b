"""Looking for a request by its input. No I/O."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from ..checks import is_mapping, shortened
from ..errors import InputProblem, InvalidInputError
from ..files.remote_file import RemoteFile, url_of
from ..files.uploads.input_files import files_in, key_of, urls_for_files
from ..inputs import validate
from ..journal.values import normal
from ..log import logger
from .history import MISSING, HistoryItem, history

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..calls.steps import Call
    from ..http.exchange import Steps

_NO_FILES = "is a file, which gets another URL with each upload: give the URL that was sent"
_EXAMPLE = "datetime.now(UTC) - timedelta(hours=1), or timedelta(hours=1)"


class Span(NamedTuple):
    """From when to when requests were sent: seconds since 1970."""

    since: float
    until: float | None


def span_of(since: datetime | timedelta, until: datetime | timedelta | None) -> Span:
    """The time that a caller means.

    Raises:
        TypeError: It is no time.
        ValueError: It has no time zone, is in the future, or ends before it begins.
    """
    now = datetime.now(UTC)
    span = Span(_moment("since", since, now), None if until is None else _moment("until", until, now))
    if span.until is not None and span.until <= span.since:
        raise ValueError(f"until must be later than since: {until!r} is not after {since!r}")
    return span


def sent_input(call: Call, given: Any) -> Any:
    """An input as it goes over the wire, decoded.

    Raises:
        InvalidInputError: It does not match the document, or there is a file in it.
        TypeError: It is no mapping.
    """
    if not is_mapping(given):
        raise TypeError(f"input must be a mapping, as {{'prompt': 'a cat'}}, not {type(given).__name__}")
    arguments = call.arguments(cast("dict[str, Any]", given))
    problems: list[InputProblem] = []
    urls: dict[str | int, str] = {}
    for place, file in files_in(arguments):
        url = url_of(file) if isinstance(file, RemoteFile) else None
        if url is None:
            problems.append(InputProblem(place, _NO_FILES, shortened(file)))
        else:
            urls[key_of(file)] = url
    if problems:
        raise InvalidInputError(endpoint=call.spec.id, problems=problems)
    return json.loads(validate.to_json(call.spec.id, urls_for_files(arguments, urls) if urls else arguments))


def found(call: Call, sent: Any, span: Span, make: Callable[[HistoryItem], Any]) -> Steps[list[Any]]:
    """The requests with this very input, the newest first.

    Args:
        call: Of which endpoint.
        sent: What `sent_input` gave.
        span: When they were sent.
        make: What is made of each.

    Raises:
        FalError: The history cannot be asked. See `history`.
    """
    items = yield from history(call, span.since)
    items = [item for item in items if span.until is None or item.sent_at is None or item.sent_at < span.until]
    mute = sum(item.json_input is MISSING for item in items)
    if mute:
        logger.warning("%s: fal does not have the inputs of %d requests, which may be meant too", call.spec.id, mute)
    wanted = normal(sent)
    equal = [item for item in items if item.json_input is not MISSING and normal(item.json_input) == wanted]
    return [make(item) for item in sorted(equal, key=lambda item: item.sent_at or 0.0, reverse=True)]


def moment(seconds: float | None) -> datetime | None:
    """A time of the history for people."""
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def _moment(name: str, given: datetime | timedelta, now: datetime) -> float:
    if isinstance(given, timedelta):
        if given < timedelta(0):
            raise ValueError(f"{name} is so long ago: it must not be negative, as {given!r} is")
        return (now - given).timestamp()
    if not isinstance(given, datetime):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be a datetime or a timedelta ({_EXAMPLE}), not {type(given).__name__}")
    if given.utcoffset() is None:
        raise ValueError(f"{name} has no time zone: give {_EXAMPLE}; .astimezone() makes local time of {given!r}")
    return given.timestamp()
