"""Which headers a proxy passes on. No I/O. The rules are those of fal's own proxy, `@fal-ai/server-proxy` 1.2."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..http.requests import EVENT_STREAM, TARGET_HEADER

if TYPE_CHECKING:
    from collections.abc import Iterable

RawHeaders = list[tuple[bytes, bytes]]
CLIENT_PROXY_HEADER = "x-fal-client-proxy"
# fal's own proxy passes on the first alone; the second begins what a call says of fallbacks.
FALS = ("x-fal-", "x-app-fal-disable-fallback")
# Not to be named by a caller: the first is for the proxy, the second is about what fal sends to others.
_OURS = (TARGET_HEADER.encode(), b"x-fal-webhook")
# RFC 9110, Connection; they are about one connection. The last ones are about fal's server, and would be said in the
# name of the site that mounts the proxy, whose own layers say such things themselves.
_NOT_PASSED_BACK = frozenset(
    b"connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer transfer-encoding "
    b"upgrade set-cookie strict-transport-security alt-svc server date".split()
)
_NAME = re.compile(rb"(%b)[a-z0-9_-]*" % "|".join(FALS).encode())
# RFC 9110, field values: any byte but control characters.
_VALUE = re.compile(rb"[\t\x20-\x7e\x80-\xff]*")


def values_of(headers: Iterable[tuple[bytes, bytes]], name: str) -> list[str]:
    """Every value of a header."""
    wanted = name.encode()
    return [value.decode("latin-1") for key, value in headers if key.lower() == wanted]


def request_headers(headers: Iterable[tuple[bytes, bytes]], shell: str) -> RawHeaders | None:
    """What goes to fal, beside the key and the body: fal's own headers, and little else. Not the caller's cookies.

    Args:
        headers: The caller's.
        shell: What kind of server this is, which fal's own proxy says as well.

    Returns:
        None if one of them cannot be sent.
    """
    given = {key.lower(): value.strip(b" \t") for key, value in headers}
    passed = {key: value for key, value in given.items() if _NAME.fullmatch(key) and not key.startswith(_OURS)}
    streams = EVENT_STREAM.encode() in given.get(b"accept", b"")
    passed |= {
        b"accept": EVENT_STREAM.encode() if streams else b"application/json",
        b"accept-encoding": b"identity",  # what comes back is passed on as it is
        b"user-agent": given.get(b"user-agent", b"unknown"),
        CLIENT_PROXY_HEADER.encode(): f"{__name__.partition('.')[0].replace('_', '-')}/{shell}".encode(),
    }
    return [*passed.items()] if all(map(_VALUE.fullmatch, passed.values())) else None


def body_headers(length: int | None) -> RawHeaders:
    """What is said of a body.

    Args:
        length: Its bytes, where they are known before all came.
    """
    content_type = (b"content-type", b"application/json")
    return [content_type] if length is None else [content_type, (b"content-length", str(length).encode())]


def length_of(headers: Iterable[tuple[bytes, bytes]]) -> int | None:
    """The one length that is named and can be one; None where there is none, a very large number for one too long."""
    named = {value.strip() for value in values_of(headers, "content-length")}
    if len(named) != 1 or not (text := named.pop()).isascii() or not text.isdigit():
        return None
    return int(text) if len(text) < 16 else 10**16


def response_headers(headers: Iterable[tuple[bytes, bytes]]) -> RawHeaders:
    """What goes back to the caller."""
    lowered = [(key.lower(), value) for key, value in headers]
    return [
        (key, value) for key, value in lowered if key not in _NOT_PASSED_BACK and not key.startswith(b"access-control-")
    ]
