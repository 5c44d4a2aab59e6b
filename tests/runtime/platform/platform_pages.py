"""The lists of a platform API that a test makes up, and asking for them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from fal_server import Reply

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from runtime_twin import Steps, Twin

BEGAN = 1_800_000_000.0


def iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat().replace("+00:00", "Z")


def item(number: int, input: Any = None, **more: Any) -> dict[str, Any]:
    """A request of the history, the first ones the oldest."""
    sent = BEGAN + number
    return {
        "request_id": f"r{number}",
        "endpoint_id": "fal-ai/flux-1/schnell",
        "sent_at": iso(sent),
        "started_at": iso(sent + 1),
        "ended_at": iso(sent + 2.5),
        "status_code": 200,
        "duration": 1.5,
        "json_input": {"prompt": f"p{number}"} if input is None else input,
        "json_output": {"seed": number},
        **more,
    }


class Pages:
    """Answers with a list page by page, and notes what was asked. A cursor is worthless to whoever reads it.

    Args:
        listed: What is listed now; asked for anew at each page.
        size: How many are on a page.
        repeated: How many of them were on the page before.
    """

    def __init__(
        self, listed: Callable[[], Sequence[Any]], size: int = 100, repeated: int = 0, field: str = "items"
    ) -> None:
        self.asked: list[tuple[str, dict[str, list[str]]]] = []
        self._listed, self._size, self._repeated, self._field = listed, size, repeated, field

    def __call__(self, path: str, query: dict[str, list[str]]) -> Reply:
        self.asked.append((path, query))
        cursor = query.get("cursor", [""])[0]
        at = int(base64.b64decode(cursor)) if cursor else 0
        listed = self._listed()
        end = at + self._size
        more = end < len(listed)
        coming = base64.b64encode(str(end).encode()).decode() if more else None
        page = listed[max(at - self._repeated, 0) : end]
        return Reply(200, {self._field: page, "next_cursor": coming, "has_more": more})


def asked(
    twin: Twin,
    wanted: Callable[[Any], Steps],
    of: Callable[[Any], Any] = lambda fal: fal.flux_1.schnell,
    **settings: Any,
) -> Any:
    """What comes of steps about an endpoint's call."""

    def steps(fal: Any) -> Any:
        endpoint = of(fal)
        call = endpoint._call()
        return endpoint._do(wanted(call), call.limits(waits=False))

    return twin.do(steps, **settings)
