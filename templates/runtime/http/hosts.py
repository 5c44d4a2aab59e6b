"""Which servers a client talks to."""

from __future__ import annotations

import os

from ..options import Value

RUN_HOST_VARIABLE = "FAL_RUN_HOST"
QUEUE_HOST_VARIABLE = "FAL_QUEUE_RUN_HOST"
_OWN = (
    "https://fal.run",
    "https://queue.fal.run",
    "https://rest.fal.ai",
    "https://v3.fal.media",
    "https://api.fal.ai/v1",
)


class Hosts(Value):
    """The base URLs of a fal deployment. Plain http is accepted for loopback addresses only.

    Args:
        run: Direct calls (fal docs, Inference API: "run").
        queue: Submit, status, result and cancel.
        rest: Tokens and storage.
        cdn: Uploaded and generated files.
        api: The platform API: which requests there were, and prices (fal docs, Platform APIs).
    """

    _fields = ("run", "queue", "rest", "cdn", "api")
    run: str
    queue: str
    rest: str
    cdn: str
    api: str

    def __init__(
        self,
        *,
        run: str = "https://fal.run",
        queue: str = "https://queue.fal.run",
        rest: str = "https://rest.fal.ai",
        cdn: str = "https://v3.fal.media",
        api: str = "https://api.fal.ai/v1",
    ) -> None:
        given = {"run": run, "queue": queue, "rest": rest, "cdn": cdn, "api": api}
        # fal's own need no check, which would import urllib.
        self.__dict__.update({k: url if url in _OWN else check_base_url(k, url) for k, url in given.items()})


def hosts_from_environment() -> Hosts:
    """Fal's own hosts, or those of `FAL_RUN_HOST` and `FAL_QUEUE_RUN_HOST`, read as the official client reads them."""
    run = os.environ.get(RUN_HOST_VARIABLE)
    queue = os.environ.get(QUEUE_HOST_VARIABLE)
    if not run and not queue:
        return Hosts()
    run_url = _variable_as_url(RUN_HOST_VARIABLE, run) if run else "https://fal.run"
    scheme, _, rest = run_url.partition("://")
    queue_url = _variable_as_url(QUEUE_HOST_VARIABLE, queue) if queue else f"{scheme}://queue.{rest}"
    return Hosts(run=run_url, queue=queue_url)


def _variable_as_url(name: str, value: str) -> str:
    return check_base_url(name, value if "://" in value else f"https://{value}")


def check_base_url(name: str, url: str) -> str:
    """The URL without trailing slashes, if requests with the key may be sent there; ValueError otherwise."""
    from urllib.parse import urlsplit

    if not isinstance(url, str):  # pyright: ignore[reportUnnecessaryIsInstance]
        raise TypeError(f"{name} must be a str, not {type(url).__name__}")
    if not (url.isascii() and url.isprintable()) or " " in url:
        raise ValueError(f"{name} is not a URL: it contains a space, a control or a non-ASCII character")
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        raise ValueError(f"{name} is not a URL: {url!r}") from None
    if "@" in parts.netloc:
        raise ValueError(f"{name} must not contain a user name or a password")
    if "?" in url or "#" in url:
        raise ValueError(f"{name} must not contain a query or a fragment: {url!r}")
    if not host or parts.scheme not in ("http", "https"):
        raise ValueError(f"{name} must be an https URL, not {url!r}")
    if parts.scheme == "http" and not is_loopback(host):
        raise ValueError(f"{name} must be an https URL (plain http is for loopback addresses only), not {url!r}")
    return url.rstrip("/")


def check_proxy_url(url: str) -> str:
    """The URL of a proxy; it may end in a slash and have a query, which a base URL may not."""
    base, _, query = str(url).partition("?")
    check_base_url("proxy_url", base)
    if not (query.isascii() and query.isprintable()) or " " in query or "#" in query:
        raise ValueError("proxy_url is not a URL: it contains a fragment, a space or a character that is not ASCII")
    return str(url)


def is_loopback(host: str) -> bool:
    """Whether a host name or address can only be this machine."""
    import ipaddress

    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
