"""fal's platform API: the history of requests, and prices."""

# design: What does the fake's history show?

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit

from ...checks import count, flag, seconds, suggestion
from .answers import in_json, wrong_method

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from ..clock import Clock
    from ..messages import Answer, Json, Request
    from .places import Place
    from .submission import Submission

_USUAL_LIMIT, _MOST, _MOST_ENDPOINTS = 50, 100, 50
_USUAL_START = timedelta(days=1)


class FakeHistory:
    """How the history of requests behaves (`GET /v1/models/requests/by-endpoint`). Set an attribute to change it.

    Attributes:
        lag: After how many seconds, on the fake's clock, a request is in it.
        page_size: The most requests that a page has, whatever is asked for.
        repeats: How many requests of a page were on the page before.
        only_ended: Whether a request is in it only once it has ended.
        payloads: Whether it has inputs and outputs; it never has those of requests with `store_io=False`.
    """

    lag: float
    page_size: int
    repeats: int
    only_ended: bool
    payloads: bool

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        """Let it be as usual: every request is in it at once, up to 100 on a page."""
        self.lag, self.page_size, self.repeats, self.only_ended, self.payloads = 0.0, _MOST, 0, False, True

    if not TYPE_CHECKING:  # type checkers know the names

        def __setattr__(self, name: str, value: Any) -> None:
            kinds = {"lag": seconds, "page_size": count, "repeats": count, "only_ended": flag, "payloads": flag}
            if name not in kinds:
                raise AttributeError(f"a fake's history has no {name!r}{suggestion(name, kinds)}")
            if value is None or (name == "page_size" and value == 0):
                raise ValueError(f"{name} of a fake's history must not be {value!r}")
            super().__setattr__(name, value if name == "lag" and value == 0 else kinds[name](name, value))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(f'{name}={value!r}' for name, value in vars(self).items())}>"


class Platform:
    """Safe to share between threads.

    Args:
        clock: The fake's.
        submissions: Gives what the queue has taken, the oldest first.

    Attributes:
        history: How requests are listed.
    """

    def __init__(self, clock: Clock, submissions: Callable[[], Iterable[Submission]]) -> None:
        self.history: FakeHistory = FakeHistory()
        self._clock = clock
        self._submissions = submissions
        self._prices: dict[str, Mapping[str, Json]] = {}

    def clear(self) -> None:
        """Forget all prices, and be as usual."""
        self.history.reset()
        self._prices.clear()

    def set_price(self, endpoint_id: str, unit_price: float, unit: str, currency: str) -> None:
        """Have a price of an endpoint."""
        price: dict[str, Json] = {
            "endpoint_id": endpoint_id,
            "unit_price": unit_price,
            "unit": unit,
            "currency": currency,
        }
        self._prices[endpoint_id] = price

    def answer(self, request: Request, place: Place) -> Answer:
        """What is asked of `api.fal.ai/v1`."""
        path = place.path.rstrip("/")
        if path not in ("models/requests/by-endpoint", "models/pricing"):
            return _error(404, "not_found", "Not found")
        if request.method != "GET":
            return wrong_method()
        query = parse_qs(urlsplit(request.url).query)
        endpoints = _endpoints(query)
        if endpoints is None:
            return _invalid(f"endpoint_id: 1 to {_MOST_ENDPOINTS} are to be named")
        if path == "models/pricing":
            prices = [self._prices[each] for each in endpoints if each in self._prices]
            return in_json({"prices": prices, "next_cursor": None, "has_more": False})
        return _listed(query, endpoints, self._clock.now(), self._submissions(), self.history)


def _listed(
    query: Mapping[str, list[str]],
    endpoints: list[str],
    now: float,
    submissions: Iterable[Submission],
    history: FakeHistory,
) -> Answer:
    """A page of the history."""
    try:
        at = int(base64.b64decode(_one(query, "cursor") or "MA==", validate=True))
        limit = int(_one(query, "limit") or _USUAL_LIMIT)
        start, end = (_moment(_one(query, name)) for name in ("start", "end"))
    except ValueError as error:
        return _invalid(str(error))
    if not 1 <= limit <= _MOST:
        return _invalid(f"limit: 1 to {_MOST}")
    start = start or (None if "request_id" in query else datetime.now(UTC) - _USUAL_START)
    found = [
        one
        for one in submissions
        if one.call.endpoint_id in endpoints
        and one.call.request_id in query.get("request_id", [one.call.request_id])
        and (start is None or one.began >= start)
        and (end is None or one.began < end)
        and now >= one.call.at + history.lag
        and (not history.only_ended or one.is_over(now))
    ]
    # The one that ended last comes first; what goes on is said to end later than all of them.
    found.sort(key=lambda one: one.ends, reverse=True)
    has_payloads = history.payloads and "payloads" in query.get("expand", [])
    following = at + min(limit, history.page_size)
    has_more = following < len(found)
    page = found[max(at - history.repeats, 0) : following]
    items = [_item(one, now, has_payloads=has_payloads) for one in page]
    cursor = base64.b64encode(str(following).encode()).decode() if has_more else None
    return in_json({"items": items, "next_cursor": cursor, "has_more": has_more})


def _item(one: Submission, now: float, *, has_payloads: bool) -> dict[str, Json]:
    is_over, status = one.is_over(now), 200 if one.failure is None else one.failure.status
    item: dict[str, Json] = {
        "request_id": one.call.request_id,
        "endpoint_id": one.call.endpoint_id,
        "sent_at": _iso(one.began),
        "started_at": _iso(one.began + timedelta(seconds=max(one.starts - one.call.at, 0.0))),
        "ended_at": _iso(one.began + timedelta(seconds=one.ends - one.call.at)) if is_over else None,
        "status_code": status if is_over else None,
        "duration": max(one.ends - one.starts, 0.0) if is_over else None,
    }
    if has_payloads and one.call.options.headers.get("x-fal-store-io") != "0":
        item["json_input"] = one.call.input
        if is_over:
            item["json_output"] = one.play.output if one.failure is None else one.failure.body
    return item


def _endpoints(query: Mapping[str, list[str]]) -> list[str] | None:
    """Those that are named, each in a parameter of its own or with commas; None for too few or too many."""
    named = [each for value in query.get("endpoint_id", []) for each in value.split(",") if each]
    return named if 1 <= len(named) <= _MOST_ENDPOINTS else None


def _one(query: Mapping[str, list[str]], name: str) -> str | None:
    return query[name][0] if name in query else None


def _moment(text: str | None) -> datetime | None:
    """A time or a date, as UTC."""
    if text is None:
        return None
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _iso(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _invalid(message: str) -> Answer:
    return _error(400, "validation_error", message)


def _error(status: int, kind: str, message: str) -> Answer:
    return in_json({"error": {"type": kind, "message": message}}, status)
