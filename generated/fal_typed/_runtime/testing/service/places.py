"""Which of fal's servers a URL is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias
from urllib.parse import parse_qsl, unquote, urlsplit

from ...http.hosts import Hosts

if TYPE_CHECKING:
    from collections.abc import Iterator

Server: TypeAlias = Literal["run", "queue", "rest", "cdn", "api"]
_SERVERS: tuple[Server, ...] = ("run", "queue", "rest", "cdn", "api")
# fal's own, each with the second ones that it has.
_FALS: dict[str, Server] = {
    "https://fal.run": "run",
    "https://falrun.com": "run",
    "https://queue.fal.run": "queue",
    "https://queue.falrun.com": "queue",
    "https://rest.fal.ai": "rest",
    "https://rest.alpha.fal.ai": "rest",
    "https://api.fal.ai/v1": "api",
}
_FILES = ".fal.media"


class Place(NamedTuple):
    """What a URL is about.

    Attributes:
        server: Which of fal's servers.
        path: Decoded, below that server's base URL, without the slash in front.
        query: What is in the query; of several that have one name, the last.
        hosts: The base URLs that answers name.
    """

    server: Server
    path: str
    query: dict[str, str]
    hosts: Hosts


def place_of(url: str, hosts: Hosts | None) -> Place | None:
    """What a URL is about, or None for one that is none of fal's.

    Args:
        url: Absolute.
        hosts: Another deployment that is fal's as well; where one base URL begins with another, the longer one counts.
    """
    parts = urlsplit(url)
    own = Hosts() if hosts is None else hosts
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    origin = f"{parts.scheme}://{parts.netloc}".lower()
    for base, server in sorted(_bases(own), key=lambda pair: -len(pair[0])):
        there = urlsplit(base)
        below = there.path.rstrip("/") + "/"
        if origin == f"{there.scheme}://{there.netloc}".lower() and f"{parts.path}/".startswith(below):
            return Place(server, unquote(parts.path[len(below) :]), query, own)
    if (parts.hostname or "").endswith(_FILES):
        return Place("cdn", unquote(parts.path.lstrip("/")), query, own)
    return None


def _bases(hosts: Hosts) -> Iterator[tuple[str, Server]]:
    yield from _FALS.items()
    for server in _SERVERS:
        yield getattr(hosts, server), server
