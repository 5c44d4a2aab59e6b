"""What can stand where a document should, as replies. Sources: FAL_PLATFORM.md 1.1, FAL_OPENAPI.md 1."""

from __future__ import annotations

from fal_server import Reply

EXPANSION_FAILED = {"error": {"code": "expansion_failed", "message": "OpenAPI schema not available for this endpoint"}}
"""In place of a document, with status 200."""

UNKNOWN = Reply(404, None)
"""An id that fal does not know: `null`."""
HTML = Reply(200, b"<!doctype html><title>Sign in</title>", {"content-type": "text/html; charset=utf-8"})
NOT_FOUND_PAGE = Reply(404, b"<!doctype html><title>Not found</title>", {"content-type": "text/html"})
CUT = Reply(usual=True, cut=True)
"""The connection is closed in the middle of the body."""
DROPPED = Reply(drop=True)
BROKEN = Reply(500, {"error": {"type": "server_error", "message": "It broke"}})
UNAUTHORIZED = Reply(401, {"detail": "No user found"})
FORBIDDEN = Reply(403, {"error": {"type": "authorization_error", "message": "Not yours"}})


def huge(megabytes: int = 60) -> Reply:
    """An answer nobody can want."""
    return Reply(200, b'{"openapi": "' + b"x" * (megabytes * 1_000_000) + b'"}')


def limited(retry_after: str | None = "0") -> Reply:
    """One answer of a 429 storm."""
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Reply(429, {"error": {"type": "rate_limited", "message": "Slow down"}}, headers)


def redirect(url: str) -> Reply:
    """A redirect."""
    return Reply(302, b"", {"location": url})
