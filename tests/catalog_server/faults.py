"""What can stand where a document should, as replies. Sources: FAL_PLATFORM.md 1.1, FAL_OPENAPI.md 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fal_server import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    Rule = Callable[[Any], Reply | None]

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


# --- what the Platform API answers to some questions -----------------------------------------------------------------


def refuses(more_than: int, *, without_documents: bool = False) -> Rule:
    """It refuses pages larger than this, of documents or of all."""

    def rule(query: Any) -> Reply | None:
        expands = "expand" in query or without_documents
        return _too_many() if expands and int(query.get("limit", 10)) > more_than else None

    return rule


def for_groups(reply: Reply) -> Rule:
    """It answers so whenever it is asked for endpoints by their ids."""
    return lambda query: reply if "endpoint_id" in query else None


def for_documents(reply: Reply, *, cursor: str | None = None) -> Rule:
    """It answers so to a page of the list that is to have documents; or to one such page alone."""

    def rule(query: Any) -> Reply | None:
        is_asked = "expand" in query and "endpoint_id" not in query
        return reply if is_asked and cursor in {None, query.get("cursor")} else None

    return rule


def _too_many() -> Reply:
    return Reply(400, {"error": {"type": "validation_error", "message": "limit is too high"}})
