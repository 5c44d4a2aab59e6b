"""Which other sites may call a proxy from a browser. No I/O.

What an answer has of headers of fal's is shown to them all: a browser hides every one that is not named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..http.requests import TARGET_HEADER
from .headers import FALS, RawHeaders, values_of

if TYPE_CHECKING:
    from collections.abc import Iterable

_METHODS = b"GET, POST, PUT"
# What fal's JavaScript client sends; beside these whatever is fal's, which a caller asks for by name.
_ALLOWED = ("accept", "authorization", "content-type", TARGET_HEADER, "x-fal-runner-hint", "x-fal-queue-priority")
_EXPOSED = (b"x-fal-", b"retry-after")
_SECONDS = b"600"
_ORIGIN = re.compile(r"https?://(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:[0-9]{1,5})?")
_NAME = re.compile(r"[a-z0-9_-]{1,64}")


class Cors:
    """The rules.

    Args:
        origins: `"https://app.example"`; or `"*"` alone, for any site, which then gets no cookies sent.
    """

    def __init__(self, origins: Iterable[str]) -> None:
        if isinstance(origins, str):
            raise TypeError("cors must be a list of origins, not a str")
        self._origins = frozenset(origins)
        if wrong := sorted(each for each in self._origins if each != "*" and not _ORIGIN.fullmatch(each)):
            raise ValueError(f"cors: {wrong[0]!r} is no origin, as in 'https://app.example' (no path, no capitals)")
        self._is_any = "*" in self._origins
        if self._is_any and len(self._origins) > 1:
            raise ValueError("cors: '*' stands alone")

    def preflight(self, method: str, headers: RawHeaders) -> RawHeaders | None:
        """The headers of the answer to a browser that asks what it may send; None if this is no such question."""
        origin = self._origin(headers)
        if origin is None or method != "OPTIONS" or not values_of(headers, "access-control-request-method"):
            return None
        asked = ",".join(values_of(headers, "access-control-request-headers")).lower().split(",")
        wanted = [name for each in asked if _NAME.fullmatch(name := each.strip()) and name.startswith(FALS)]
        return [
            *self._always(origin),
            (b"access-control-allow-methods", _METHODS),
            (b"access-control-allow-headers", ", ".join(dict.fromkeys([*_ALLOWED, *wanted])).encode()),
            (b"access-control-max-age", _SECONDS),
        ]

    def about(self, headers: RawHeaders, answered: RawHeaders) -> RawHeaders:
        """What an answer has to say beside its own headers."""
        origin = self._origin(headers)
        if origin is None:
            return [(b"vary", b"origin")] if self._origins and not self._is_any else []
        shown = dict.fromkeys(name for name, _ in answered if name.startswith(_EXPOSED))
        exposed = [(b"access-control-expose-headers", b", ".join(shown))] if shown else []
        return [*self._always(origin), *exposed]

    def _origin(self, headers: RawHeaders) -> str | None:
        """The caller's site, if it may call."""
        named = values_of(headers, "origin")
        if len(named) != 1 or not (self._is_any or named[0] in self._origins):
            return None
        return named[0]

    def _always(self, origin: str) -> RawHeaders:
        if self._is_any:
            return [(b"access-control-allow-origin", b"*")]
        return [
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"vary", b"origin"),
        ]
