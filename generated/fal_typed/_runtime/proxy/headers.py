"""Which headers a proxy passes on. No I/O. The rules are those of fal's own proxy, `@fal-ai/server-proxy` 1.2."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..http.requests import EVENT_STREAM, TARGET_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable

RawHeaders = list[tuple[bytes, bytes]]
CLIENT_PROXY_HEADER = "x-fal-client-proxy"
# fal's own proxy passes on the first alone; the second begins what a call says of fallbacks.
_FALS = ("x-fal-", "x-app-fal-disable-fallback")
# RFC 9110, Connection; they are about one connection. The last ones are about fal's server, and would be said in the
# name of the site that mounts the proxy, whose own layers say such things themselves.
_NOT_PASSED_BACK = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    "upgrade set-cookie strict-transport-security alt-svc server date".split()
)


def values_of(headers: Iterable[tuple[bytes, bytes]], name: str) -> list[str]:
    """Every value of a header."""
    wanted = name.encode()
    return [value.decode("latin-1") for key, value in headers if key.lower() == wanted]


def request_headers(headers: Iterable[tuple[bytes, bytes]], *, has_body: bool) -> dict[str, str]:
    """What goes to fal, beside the key: fal's own headers, and little else. The caller's credentials do not."""
    given = [(key.decode("latin-1").lower(), value.decode("latin-1")) for key, value in headers]
    passed = {key: value for key, value in given if key.startswith(_FALS) and key != TARGET_HEADER}
    found = dict(given)
    streams = EVENT_STREAM in found.get("accept", "")
    passed |= {
        "accept": EVENT_STREAM if streams else "application/json",
        "accept-encoding": "identity",  # what comes back is passed on as it is
        "user-agent": found.get("user-agent", "unknown"),
        CLIENT_PROXY_HEADER: f"{__name__.partition('.')[0].replace('_', '-')}/asgi",
    }
    if has_body:
        passed["content-type"] = "application/json"
        if "content-length" in found:
            passed["content-length"] = found["content-length"]
    return passed


def response_headers(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """What goes back to the caller."""
    lowered = [(key.lower(), value) for key, value in headers]
    return [
        (key, value)
        for key, value in lowered
        if key.decode("latin-1") not in _NOT_PASSED_BACK and not key.startswith(b"access-control-")
    ]
