"""What a browser is told: pages of any site may call the fake. No I/O."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_METHODS = "GET, HEAD, POST, PUT, DELETE"
_POLICY = "cross-origin-resource-policy"
_SECONDS = "600"
_NAMES = re.compile(r"[A-Za-z0-9_, -]{1,2000}")


def preflight(method: str, headers: Mapping[str, str]) -> dict[str, str] | None:
    """The headers of the answer to a browser that asks what a page may send; None if this is no such question."""
    if method != "OPTIONS" or "origin" not in headers or "access-control-request-method" not in headers:
        return None
    asked = headers.get("access-control-request-headers", "")
    allowed = {
        **about(headers, {}),
        "access-control-allow-methods": _METHODS,
        "access-control-max-age": _SECONDS,
    }
    if _NAMES.fullmatch(asked):  # a `*` would not stand for `authorization`
        allowed["access-control-allow-headers"] = asked
    if "access-control-request-private-network" in headers:  # a public page may ask this machine
        allowed["access-control-allow-private-network"] = "true"
    return allowed


def about(headers: Mapping[str, str], answered: Mapping[str, str]) -> dict[str, str]:
    """What an answer says beside its own headers.

    Args:
        headers: The request's.
        answered: The answer's, which may say that it is for pages of this server alone.
    """
    if "origin" not in headers or _POLICY in answered:
        return {}
    return {"access-control-allow-origin": "*", "access-control-expose-headers": "*"}
