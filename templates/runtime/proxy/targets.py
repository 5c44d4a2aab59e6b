"""Where a proxy may send requests to. No I/O.

Whatever is not spelt exactly as fal's clients spell it is refused: a target is compared, never normalized.
"""

# design: Where does the proxy send what, and for whom?

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..http.endpoint_ids import app_of, is_segment
from ..http.requests import BACKUPS, STREAM_PATH, alternate
from .patterns import Patterns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..http.hosts import Hosts

# What the clients of fal call its hosts; the JavaScript client knows no others. The backups are in answers of fal's.
_FALS_OWN = {"run": ("https://fal.run",), "queue": ("https://queue.fal.run",), "rest": ("https://rest.fal.ai",)}
# What the JavaScript client 1.10 uploads with; the files themselves go to a presigned URL, past the proxy.
_STEPS = ("initiate", "initiate-multipart", "complete-multipart")
_UPLOADS = frozenset(f"/storage/upload/{step}?storage_type=fal-cdn-v3" for step in _STEPS)
_QUERY = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]*")
# Characters. The input of a GET is in its query; of the ids that fal has, the longest is of 62 in 7 segments.
_LONGEST, _LONGEST_PATH = 8192, 512
_MOST_SEGMENTS = 16
_REQUESTS = "requests"
# Below …/requests/{id}: what may be asked there, by method.
_ABOUT_REQUESTS: dict[str, set[tuple[str, ...]]] = {
    "GET": {(), ("status",), ("status", "stream"), ("response",)},
    "PUT": {("cancel",)},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A place of fal's that a caller names.

    Attributes:
        url: Where to send the request.
        alternate: The same place on fal's other host for it, if there is one.
        endpoint: Whose it is: an endpoint's id, or an app's in URLs of queued requests; None for uploads.
        request_id: The queued request that it is about.
        is_allowed: Whether the patterns allow it.
        is_queue: Whether it is of the queue.
    """

    url: str
    alternate: str | None = None
    endpoint: str | None = None
    request_id: str | None = None
    is_allowed: bool
    is_queue: bool

    @property
    def starts_work(self) -> bool:
        """Whether a request there is paid for."""
        return self.endpoint is not None and self.request_id is None

    @property
    def query(self) -> str:
        """What is behind the question mark."""
        return self.url.partition("?")[2]


class Targets:
    """What there is, and what of it is allowed.

    Args:
        patterns: Endpoint ids in which `*` stands for one segment or a part of it, and `**` for any number of them.
        hosts: Where fal is.
    """

    def __init__(self, patterns: Iterable[str], hosts: Hosts) -> None:
        self._patterns = Patterns(patterns)
        self._hosts = hosts
        # The longer names first, since one may begin another.
        self._bases = sorted(_bases(hosts), key=lambda each: -len(each[1]))

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def find(self, method: str, url: str) -> Target | None:
        """The place that a request is for, or None if it is none of fal's that a proxy has to do with."""
        if len(url) > _LONGEST:
            return None
        for kind, named, base in self._bases:
            if url.startswith(f"{named}/"):
                place = url.removeprefix(named)
                if kind == "rest":
                    if method != "POST" or place not in _UPLOADS:
                        return None
                    return Target(url=base + place, is_allowed=bool(self._patterns), is_queue=False)
                return self._look(kind, method, base, place)
        return None

    def _look(self, kind: str, method: str, base: str, place: str) -> Target | None:
        path, _, query = place.partition("?")
        segments = path.split("/")[1:] if len(path) <= _LONGEST_PATH else []
        plain = all(is_segment(segment.replace("~", "-")) for segment in segments)  # a request's id may have a `~`
        if not 2 <= len(segments) <= _MOST_SEGMENTS or not plain or not _QUERY.fullmatch(query):
            return None
        url = base + place
        other = alternate(self._hosts, url)
        request_id = None
        if _REQUESTS in segments:  # which is part of no id
            endpoint, request_id = _about_request(method, segments) if kind == "queue" else ("", "")
            is_allowed = self._allows_request(endpoint)
        else:
            endpoint, is_allowed = self._endpoint_of("/".join(segments), is_run=kind == "run")
        if not endpoint or (request_id is None and method not in ("POST", "GET")):
            return None
        return Target(
            url=url,
            alternate=other,
            endpoint=endpoint,
            request_id=request_id,
            is_queue=kind == "queue",
            is_allowed=is_allowed,
        )

    def _endpoint_of(self, path: str, *, is_run: bool) -> tuple[str, bool]:
        """Whose path it is: of an id with `/stream` behind it or, where that is not allowed, of one that ends so."""
        shorter = path.removesuffix(STREAM_PATH) if is_run else path
        candidates = [each for each in dict.fromkeys((shorter, path)) if "/" in each]
        allowed = [each for each in candidates if self._patterns.match(each.split("/"))]
        return (allowed or candidates)[0], bool(allowed)

    def _allows_request(self, name: str) -> bool:
        """URLs of queued requests name the app alone, and some clients the endpoint."""
        segments = name.split("/")
        return self._patterns.match(segments) or (app_of(name) == name and self._patterns.may_begin(segments))


def _bases(hosts: Hosts) -> Iterator[tuple[str, str, str]]:
    """Kind of host, how it is named, and where it is."""
    for kind, names in _FALS_OWN.items():
        base = str(getattr(hosts, kind))
        for name in {*names, *(BACKUPS[each] for each in names if each in BACKUPS), base}:
            yield kind, name, base


def _about_request(method: str, segments: list[str]) -> tuple[str, str]:
    """The endpoint or app, and the request, that a URL of the queue is about; empty where it may not be asked so."""
    at = segments.index(_REQUESTS)
    request_id, *rest = segments[at + 1 :] or [""]
    is_asked = at >= 2 and request_id and tuple(rest) in _ABOUT_REQUESTS.get(method, ())
    return ("/".join(segments[:at]), request_id) if is_asked else ("", "")
