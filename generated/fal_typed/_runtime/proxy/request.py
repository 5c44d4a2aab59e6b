"""What the hooks of a proxy are told, and what they refuse with."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class ProxyRequest:
    """Who asks, and for what.

    Attributes:
        method: The HTTP method.
        endpoint: The endpoint's id; for status, result and cancel the app's (`fal-ai/flux-1`); None for an upload.
        headers: The caller's headers by lower-case name; of a repeated one, the last.
        scope: ASGI's, as in `starlette.requests.Request(request.scope)`; WSGI's environ; in Django `request.META`, with
            the request itself under `"django.request"`.
        request_id: The queued request that it is about, if it is about one.
        user: Who asks, as soon as that is known: what was given to the proxy, or what `authorize` answered.
        input: For `check_input`, the decoded JSON; of a GET, its query as a dict of texts (lists of those that are
            there more than once).
    """

    method: str
    endpoint: str | None
    headers: Mapping[str, str]
    scope: Mapping[str, Any]
    request_id: str | None = None
    user: Any = None
    input: Any = None


Hook: TypeAlias = Callable[[ProxyRequest], object]


class ProxyRefusedError(Exception):
    """A hook raises it to refuse a request; the caller gets the status, and `{"detail": …}`.

    Args:
        status: From 400 to 599.
        detail: What the caller is told.
    """

    def __init__(self, status: int, detail: str, *, retryable: bool | None = None) -> None:
        if not 400 <= status <= 599:
            raise ValueError(f"status must be from 400 to 599, not {status}")
        super().__init__(f"{status} {detail}")
        self.status = status
        self.detail = detail
        self.retryable = retryable
