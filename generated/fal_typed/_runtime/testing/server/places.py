"""Which of fal's hosts a request is for: in the fake all of them are one port. No I/O."""

# design: How do clients of every kind find the fake's server?

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from ...http.hosts import Hosts
from ...http.requests import TARGET_HEADER

if TYPE_CHECKING:
    from collections.abc import Mapping

PROXY_PATH = "/api/fal/proxy"
KINDS = ("run", "queue", "rest", "cdn", "api")
# What clients call them, and where fal answers when the first cannot be reached.
_FALS = {
    **dict.fromkeys(("fal.run", "falrun.com"), "run"),
    **dict.fromkeys(("queue.fal.run", "queue.falrun.com"), "queue"),
    **dict.fromkeys(("rest.fal.ai", "rest.alpha.fal.ai"), "rest"),
    "api.fal.ai": "api",
}
_FILES = ".fal.media"
_OWN_NAMES = {f"{kind}.localhost": kind for kind in KINDS}
_AUTHORITY = re.compile(r"(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9_.-]+)(:[0-9]{1,5})?")


class Places(Hosts):
    """The hosts as folders of one. Plain http is for any name here: there is no key to lose.

    Args:
        base: Where the server is, e.g. `http://127.0.0.1:8400`.
    """

    def __init__(self, base: str) -> None:
        self.__dict__.update({kind: f"{base}/{kind}" for kind in KINDS}, api=f"{base}/api/v1")


class Found(NamedTuple):
    """The place that a request is for.

    Attributes:
        url: By which the service knows it.
        hosts: The base URLs that answers name: those by which the client got here.
        path: The same place on this server, with the query: `/queue/…`.
    """

    url: str
    hosts: Hosts
    path: str


class Finder:
    """Finds it.

    Args:
        host: The address that the server listens at.
        port: Its port.
    """

    def __init__(self, host: str, port: int) -> None:
        # Where it listens everywhere, this machine is one place of it.
        name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104
        self.authority = f"{name}:{port}"
        self._own = {self.authority, f"localhost:{port}"}

    def find(self, target: str, headers: Mapping[str, str], *, tunnel: str | None, is_secure: bool) -> Found | None:
        """The place of a request.

        Args:
            target: What stands in its first line: a path, or a whole URL where the server is used as a proxy.
            headers: Its headers, by names in lower case.
            tunnel: The host and port that the connection is said to lead to, if it was made by CONNECT.
            is_secure: Whether it came over TLS.

        Returns:
            None if it is none of fal's nor of the server's own.
        """
        scheme = "https" if is_secure else "http"
        host = tunnel or headers.get("host", "")
        if not target.startswith("/"):
            scheme, _, rest = target.partition("://")
            host, slash, path = rest.partition("/")
            target = slash + path
            if scheme.lower() not in ("http", "https") or not (target and self.leads_to(host)):
                return None
        if kind := _kind_of(host):
            return Found(f"https://{_name(host)}{target}", Hosts(), f"/{kind}{target}")
        base = f"{scheme}://{host if _AUTHORITY.fullmatch(host) else self.authority}"
        if target.partition("?")[0] == PROXY_PATH and TARGET_HEADER in headers:
            return self._of_proxy(headers[TARGET_HEADER], base)
        if kind := _OWN_NAMES.get(_name(host)):
            return _own(f"{scheme}://{self.authority}", f"/{kind}{target}")
        return _own(base, target)

    def leads_to(self, authority: str) -> bool:
        """Whether a client may take the server for a proxy to there: to hosts of fal's, and to the server itself."""
        return authority in self._own or _kind_of(authority) is not None

    def _of_proxy(self, url: str, base: str) -> Found | None:
        """What a client names to a proxy; the files that answers name it asks for without one."""
        scheme, mark, rest = url.partition("://")
        host, slash, path = rest.partition("/")
        if not (mark and slash) or scheme.lower() not in ("http", "https"):
            return None
        if kind := _kind_of(host):
            return _own(base, f"/{kind}/{path}")
        return _own(base, f"/{path}") if host in self._own or f"{scheme}://{host}" == base else None


def _own(base: str, path: str) -> Found:
    return Found(base + path, Places(base), path)


def _kind_of(authority: str) -> str | None:
    """Which of fal's hosts it is, if it is one."""
    name = _name(authority)
    if name.endswith(_FILES) or name == _FILES[1:]:
        return "cdn" if _AUTHORITY.fullmatch(name) else None
    return _FALS.get(name)


def _name(authority: str) -> str:
    """The name before the port, in lower case."""
    name, colon, port = authority.strip().rpartition(":")
    return (name if colon and port.isdigit() else authority.strip()).lower().rstrip(".")
