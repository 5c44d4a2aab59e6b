"""A page of the history, as the platform API gives it: numbered pages of a list that changes meanwhile."""

from __future__ import annotations

import base64
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

from .billed import seconds

if TYPE_CHECKING:
    from .billed import Billed
    from .settings import Settings

_MOST = 100


def page(
    billed: list[Billed], query: dict[str, list[str]], now: float, settings: Settings, base: str
) -> tuple[int, dict[str, Any]]:
    """The status and the body."""
    try:
        at = int(base64.b64decode(query["cursor"][0])) if "cursor" in query else 0
        start = seconds(query["start"][0]) if "start" in query else now - 86_400
        limit = min(int(query.get("limit", ["50"])[0]), _MOST, settings.history_page)
        endpoints = {each for value in query["endpoint_id"] for each in value.split(",")}
    except (KeyError, ValueError):
        return 400, {"error": {"type": "validation_error", "message": "Invalid request parameters"}}
    wanted = query.get("request_id")
    first = bisect_left(billed, start, key=lambda one: one.accepted_at)
    listed = [
        one
        for one in billed[first:]
        if one.endpoint in endpoints
        and one.listed_at <= now
        and (not settings.history_only_ended or one.ends_at <= now)
        and (wanted is None or one.request_id in wanted)
    ]
    # The newest end first; what has none yet has the newest.
    listed.sort(key=lambda one: -one.ends_at)
    end = at + limit
    more = end < len(listed)
    payloads = settings.payloads and "payloads" in query.get("expand", [])
    items = [one.told(now, base=base, payloads=payloads) for one in listed[max(at - settings.history_repeats, 0) : end]]
    cursor = base64.b64encode(str(end).encode()).decode() if more else None
    return 200, {"items": items, "next_cursor": cursor, "has_more": more}
