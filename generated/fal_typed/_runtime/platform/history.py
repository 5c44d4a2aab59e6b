"""fal's history: which requests of an endpoint there were, with their inputs. No I/O."""

# design: How is fal's history read?

from __future__ import annotations

import json
from datetime import UTC, datetime
from enum import Enum
from math import floor
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ..checks import is_object
from ..http.error_answers import unreadable
from .pages import Listing, pages

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..calls.steps import Call
    from ..http.exchange import Steps
    from .pages import Page

# The most that a page may have.
_PAGE_SIZE = 100
# A request that ends while pages are read may go from one that is not read yet to one that was: more than one page is
# read again until there is nothing new, so often at most.
_MOST_READINGS = 3


class Missing(Enum):
    """The type of `MISSING`."""

    MISSING = "missing"

    def __repr__(self) -> str:
        return self.name


MISSING: Final = Missing.MISSING
"""What stands for a payload that fal does not have: it was not to be kept, or was removed."""


class HistoryItem(NamedTuple):
    """A request that fal had. Times are seconds since 1970.

    Attributes:
        json_input: Its input, as it came over the wire; MISSING where fal does not have it.
        json_output: Its output; MISSING where there is none, or fal does not have it.
    """

    request_id: str
    endpoint_id: str
    sent_at: float | None = None
    started_at: float | None = None
    ended_at: float | None = None
    status_code: int | None = None
    json_input: Any = MISSING
    json_output: Any = MISSING


def history(call: Call, since: float, *, request_id: str | None = None) -> Steps[list[HistoryItem]]:
    """The requests of an endpoint that were sent since then, each once, in fal's order.

    fal lists a request some time after it took it: what is not there may come yet.

    Args:
        call: Of which endpoint, and by which client.
        since: Seconds since 1970.
        request_id: The one that is wanted, if it is one.

    Raises:
        FalError: It cannot be asked, or what it says cannot be read. See `pages`.
    """
    found: dict[str, HistoryItem] = {}
    listing = _listing(call, since, request_id)
    for _ in range(_MOST_READINGS):
        known = len(found)
        count = yield from pages(call, listing, lambda page: _note(call, page, found))
        if count == 1 or len(found) == known:
            break
    return [item for item in found.values() if item.sent_at is None or item.sent_at >= floor(since)]


def _listing(call: Call, since: float, request_id: str | None) -> Listing:
    # No `end`: whether that is about when they were sent or when they ended is not documented.
    query = [("endpoint_id", endpoint) for endpoint in dict.fromkeys((call.spec.id, call.spec.path))]
    query += [("start", _iso(since)), ("limit", str(_PAGE_SIZE)), ("expand", "payloads")]
    if request_id is not None:
        query.append(("request_id", request_id))
    return Listing(f"the history of {call.spec.id}", "models/requests/by-endpoint", "items", tuple(query))


def _note(call: Call, page: Page, found: dict[str, HistoryItem]) -> None:
    for item in _items(call, page):
        found[item.request_id] = _merged(item, found.get(item.request_id))


def _items(call: Call, page: Page) -> Iterator[HistoryItem]:
    for raw in page.items:
        request_id, endpoint = raw.get("request_id"), raw.get("endpoint_id")
        if not isinstance(request_id, str) or not isinstance(endpoint, str):
            raise unreadable(page.answer, page.exchange, "a request of the history has no id or no endpoint")
        status = raw.get("status_code")
        yield HistoryItem(
            request_id=request_id,
            endpoint_id=call.spec.id if endpoint == call.spec.path else endpoint,
            sent_at=_seconds(raw.get("sent_at")),
            started_at=_seconds(raw.get("started_at")),
            ended_at=_seconds(raw.get("ended_at")),
            status_code=status if isinstance(status, int) and not isinstance(status, bool) else None,
            json_input=_payload(raw.get("json_input")),
            json_output=MISSING if raw.get("json_output") is None else raw["json_output"],
        )


def _merged(item: HistoryItem, before: HistoryItem | None) -> HistoryItem:
    """What is known of a request that was listed twice: the later state, and an input that either has."""
    if before is not None and item.json_input is MISSING:
        return item._replace(json_input=before.json_input)
    return item


def _payload(value: Any) -> Any:
    """An input: an object, or one as text. Whatever else stands there is none that was sent."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return MISSING
    return value if is_object(value) else MISSING


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(max(floor(seconds), 0), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(text: Any) -> float | None:
    """A time of fal's as seconds since 1970; UTC where it has no offset."""
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        return None
    return (moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)).timestamp()
