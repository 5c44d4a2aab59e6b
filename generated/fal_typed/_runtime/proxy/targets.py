"""Where a proxy may send requests to. No I/O.

Whatever is not spelt exactly as fal's clients spell it is refused: a target is compared, never normalized.
"""

# design: Where does the proxy send what, and for whom?

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..http.endpoint_ids import app_of, is_segment
from ..http.requests import STREAM_PATH

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ..http.hosts import Hosts

# What the clients of fal call its hosts; the JavaScript client knows no others.
_FALS_OWN = {"run": "https://fal.run", "queue": "https://queue.fal.run", "rest": "https://rest.fal.ai"}
# What the JavaScript client 1.10 uploads with; the files themselves go to a presigned URL, past the proxy.
_STEPS = ("initiate", "initiate-multipart", "complete-multipart")
_UPLOADS = frozenset(f"/storage/upload/{step}?storage_type=fal-cdn-v3" for step in _STEPS)
_QUERY = re.compile(r"[!$%&'()*+,\-./0-9:;=?@A-Z_a-z~\[\]]*")
_LONGEST = 8192
# Below …/requests/{id}: what may be asked there, by method.
_ABOUT_REQUESTS: dict[str, set[tuple[str, ...]]] = {
    "GET": {(), ("status",), ("status", "stream"), ("response",)},
    "PUT": {("cancel",)},
}


@dataclass(frozen=True, slots=True)
class Target:
    """A place that may be reached.

    Attributes:
        url: Where to send the request.
        endpoint: Whose it is: an endpoint's id, or an app's in URLs of queued requests; None for uploads.
    """

    url: str
    endpoint: str | None


class Targets:
    """What is allowed.

    Args:
        patterns: Endpoint ids in which `*` stands for one segment or a part of it, and `**` for any number of them.
        hosts: Where fal is.
    """

    def __init__(self, patterns: Iterable[str], hosts: Hosts) -> None:
        if isinstance(patterns, str):
            raise TypeError("allowed_endpoints must be a list of patterns, not a str")
        self._patterns = [_check_pattern(pattern) for pattern in patterns]
        self._hosts = hosts

    def __bool__(self) -> bool:
        return bool(self._patterns)

    def find(self, method: str, url: str) -> Target | None:
        """The place that a request is for, or None if it may not go there."""
        if len(url) > _LONGEST:
            return None
        for kind, named, base in self._bases():
            if url.startswith(f"{named}/"):
                place = url.removeprefix(named)
                endpoint, is_allowed = self._look(kind, method, place)
                return Target(base + place, endpoint) if is_allowed else None
        return None

    def _bases(self) -> Iterator[tuple[str, str, str]]:
        """Kind of host, how it is named, and where it is; the longer names first, since one may begin another."""
        named = [(kind, name, str(getattr(self._hosts, kind))) for kind, name in _FALS_OWN.items()]
        named += [(kind, base, base) for kind, _name, base in named]
        yield from sorted(named, key=lambda each: -len(each[1]))

    def _look(self, kind: str, method: str, place: str) -> tuple[str | None, bool]:
        if kind == "rest":
            return None, method == "POST" and place in _UPLOADS and bool(self._patterns)
        path, _, query = place.partition("?")
        segments = path.split("/")[1:]
        plain = all(is_segment(segment.replace("~", "-")) for segment in segments)  # a request's id may have a `~`
        if not plain or not _QUERY.fullmatch(query):
            return None, False
        if kind == "queue" and "requests" in segments and method != "POST":
            return self._about_request(method, segments)
        endpoint = "/".join(segments)
        candidates = [endpoint]
        if kind == "run" and path.endswith(STREAM_PATH):
            candidates.append(endpoint.removesuffix(STREAM_PATH))
        allowed = [each for each in candidates if each.count("/") and self._matches(each)]
        return next(reversed(allowed), None), method in ("POST", "GET") and bool(allowed)

    def _about_request(self, method: str, segments: list[str]) -> tuple[str | None, bool]:
        at = segments.index("requests")
        name, rest = "/".join(segments[:at]), segments[at + 1 :]
        if not rest or tuple(rest[1:]) not in _ABOUT_REQUESTS.get(method, ()):
            return None, False
        is_app = at >= 2 and app_of(name) == name and self._may_hold(segments[:at])
        return name, is_app or (at >= 2 and self._matches(name))

    def _matches(self, endpoint: str) -> bool:
        return any(_fits(pattern, endpoint.split("/")) for pattern in self._patterns)

    def _may_hold(self, app: list[str]) -> bool:
        """Whether some endpoint of an app matches: URLs of queued requests name no more than that."""
        return any(_fits(pattern, app, is_beginning=True) for pattern in self._patterns)


def _check_pattern(pattern: str) -> list[str]:
    if not isinstance(pattern, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"allowed_endpoints must hold str, not {type(pattern).__name__}")
    segments = pattern.split("/")
    for segment in segments:
        if not is_segment(segment.replace("*", "-")) or ("**" in segment and segment != "**"):
            raise ValueError(
                f"allowed_endpoints: {pattern!r} is no pattern of endpoint ids, as in 'fal-ai/flux-1/*' or 'fal-ai/**'"
            )
    if len(segments) < 2 and segments != ["**"]:
        raise ValueError(f"allowed_endpoints: {pattern!r} needs an owner and a name, as in 'fal-ai/flux-1/*'")
    return segments


def _fits(pattern: list[str], segments: list[str], *, is_beginning: bool = False) -> bool:
    """Whether a pattern matches an id, or, of a beginning, whether it matches some id that begins so."""
    if not segments:
        return is_beginning or all(each == "**" for each in pattern)
    if not pattern:
        return False
    if pattern[0] == "**":
        return _fits(pattern[1:], segments, is_beginning=is_beginning) or _fits(
            pattern, segments[1:], is_beginning=is_beginning
        )
    expression = re.escape(pattern[0]).replace(r"\*", "[^/]*")
    fits = re.fullmatch(expression, segments[0]) is not None
    return fits and _fits(pattern[1:], segments[1:], is_beginning=is_beginning)
