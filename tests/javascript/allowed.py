"""What every proxy of these tests is told: what is allowed, to whom, and from where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fal_typed import Hosts

KEY = "key-id:very-secret"
PLACE = "/api/fal/proxy"
METHODS = ["GET", "POST", "PUT", "OPTIONS"]
# The site of the page that fal's client runs in: another one than the proxy's, for which browsers are strictest.
SITE = "https://app.example"


def user_of(headers: Any) -> str | None:
    """Who is signed in."""
    return "ada" if headers.get("cookie") == "session=good" else None


def settings(hosts: Hosts, **more: Any) -> dict[str, Any]:
    """Of a proxy to a fal; `authorize` is left to who makes it."""
    return {
        "allowed_endpoints": ["fal-ai/js/*", "workflows/me/*"],
        "webhooks": [f"{SITE}/hooks/*"],
        "cors": [SITE],
        "hosts": hosts,
        "credentials": KEY,
        "max_body_bytes": 100_000,
        **more,
    }
