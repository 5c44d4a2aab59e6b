"""What a request is about, by its method and its path: faults happen at steps of the protocol."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, get_args
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from ..messages import Request

# submit: whatever starts work, which a run and a stream do as well. status: also the stream of states. platform: the
# history of requests, and prices.
Where: TypeAlias = Literal["submit", "status", "result", "cancel", "upload", "download", "platform"]
WHERE: tuple[Where, ...] = get_args(Where)
_REQUEST = re.compile(r"/requests/(?P<id>[^/]+)(?P<rest>/status/stream|/status|/cancel|/response)?/?$")
_PLATFORM = re.compile(r"/models/(requests/by-endpoint|pricing)/?$")
_STORAGE = re.compile(r"/(storage/(upload|auth)|files/upload|tokens)(/|$)")


class Route(NamedTuple):
    """What a request is about.

    Attributes:
        where: At which step of the protocol; None for what is none of them.
        path: Of its URL.
        request_id: Of the request in the queue that it is about.
    """

    where: Where | None
    path: str
    request_id: str | None = None

    def is_of(self, path: str) -> bool:
        """Whether it starts work of the endpoint at a path."""
        return self.path.removesuffix("/stream").endswith(f"/{path.removesuffix('/stream')}")


def route_of(request: Request) -> Route:
    """What a request is about."""
    path = unquote(urlsplit(request.url).path)
    if _PLATFORM.search(path) is not None:
        return Route("platform", path)
    found = _REQUEST.search(path)
    if found is not None and request.method in ("GET", "PUT"):
        return Route(_about(request.method, found["rest"] or ""), path, found["id"])
    if request.method == "GET":
        return Route(None if "/.well-known/" in path else "download", path)
    is_file = request.method == "PUT" or _STORAGE.search(path) is not None
    return Route("upload" if is_file else "submit", path)


def _about(method: str, rest: str) -> Where:
    if method == "PUT":
        return "cancel"
    return "status" if rest.startswith("/status") else "result"
