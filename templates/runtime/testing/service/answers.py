"""Answers as fal words them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..messages import Answer

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = "application/json"
EVENTS: dict[str, str] = {"content-type": "text/event-stream", "cache-control": "no-cache"}
REQUEST_ID = "x-fal-request-id"
# An event that says nothing, as fal sends now and then.
KEEP_ALIVE = b": ping\n\n"


def in_json(body: Any, status: int = 200, headers: Mapping[str, str] | None = None, seconds: float = 0.0) -> Answer:
    """An answer of JSON."""
    content = json.dumps(body).encode()  # in ASCII: half a character, which JSON may have, is none in UTF-8
    return Answer(status, {"content-type": JSON, **(headers or {})}, content, seconds=seconds)


def not_found(detail: str = "Not Found") -> Answer:
    """There is nothing at this URL."""
    return in_json({"detail": detail}, 404)


def unknown_request() -> Answer:
    """The queue does not know a request."""
    return in_json({"status": "NOT_FOUND"}, 404)


def wrong_method() -> Answer:
    """There is something, which is asked for in another way."""
    return in_json({"detail": "Method Not Allowed"}, 405)


def event(value: Any) -> bytes:
    """An event of a stream."""
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"
