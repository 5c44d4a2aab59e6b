"""The steps of a download, the same for both clients: which URLs are followed, and what an answer means."""

# design: Where does an output file get its client from?

from __future__ import annotations

from contextlib import aclosing, closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

import httpx

from ... import checks
from ...errors import FileTransferError
from ...http import libraries
from ...http.async_transport import AsyncTransport
from ...http.error_answers import status_error
from ...http.exchange import Deadline, Exchange, Limits, Pause, Purpose
from ...http.hosts import is_loopback
from ...http.transport import Transport
from .. import data_uri
from . import shared_clients
from .host_rule import HostRule
from .incoming import OUT_OF_RANGE, Incoming, OtherPartError
from .partial_file import PartialFile
from .target import FileFacts, target_of

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from ...http.exchange import Answer, Steps
    from ..progress import Progress
    from .target import Target

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
# What a client does by default: a file may outlive the client of the output that it is in.
_HTTP_TIMEOUT, _MAX_RETRIES = 120.0, 3


def download_steps(
    url: str | None,
    path: str | os.PathLike[str],
    *,
    file_name: object,
    content_type: object,
    progress: Progress | None,
    max_bytes: int | None,
    overwrite: bool | None,
    only_hosts: str | Iterable[str] | None = None,
) -> Steps[Path]:
    """The download of a file, to where it was saved."""
    if url is None:
        raise FileTransferError("the file has no URL")
    target = target_of(path, FileFacts(url, file_name, content_type), overwrite)
    return (yield from saved(url, target, rule=HostRule(only_hosts), max_bytes=max_bytes, progress=progress))


def saved(url: str, target: Target, *, rule: HostRule, max_bytes: int | None, progress: Progress | None) -> Steps[Path]:
    """The download of a file whose place is known, to where it was saved."""
    with PartialFile(target, max_bytes=max_bytes, progress=progress) as part:
        if data_uri.is_data_uri(url):
            part.begin(data_uri.length_of(url))
            for piece in data_uri.pieces_of(url):
                part.write(piece)
                yield Pause(0.0)  # an event loop has others to serve
        else:
            yield from _fetched(url, part, rule)
        return part.finish()


def _fetched(url: str, part: PartialFile, rule: HostRule) -> Steps[None]:
    label = f"the download of {part.name}"
    # Not compressed: then its length says how much is to come, and what is there of it can be gone on with.
    headers = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "fal-typed"}
    incoming = Incoming(part)
    checked = _checked(url, url, rule)
    exchange = Exchange(Purpose.DOWNLOAD, "GET", checked, headers, label, keyless=True, sink=incoming)
    redirects = 0
    while True:
        before = incoming.received
        answer = yield from _answered(exchange, incoming)
        location = answer.headers.get("location")
        if answer.status in _REDIRECTS and location is not None:
            redirects += 1
            if redirects > _MOST_REDIRECTS:
                raise FileTransferError(f"{label} was redirected more than {_MOST_REDIRECTS} times")
            incoming.start_over(resumed=True)  # what is elsewhere may be another file
            exchange = exchange._replace(url=_checked(urljoin(exchange.url, location), exchange.url, rule))
        elif not answer.is_success:
            raise status_error(answer, exchange)
        elif not incoming.is_short:
            return incoming.finish()
        elif incoming.received == before:  # a server may send less than it was asked for, but not nothing for ever
            raise FileTransferError(f"{part.name}: only {before} bytes of it came; nothing was saved")


def _answered(exchange: Exchange, incoming: Incoming) -> Steps[Answer]:
    """The answer to a download, which begins anew where the rest of the file is not to be had."""
    try:
        answer: Answer = yield exchange
        if answer.status != OUT_OF_RANGE or not incoming.is_part_asked_for:
            return answer
    except OtherPartError:
        pass
    incoming.start_over(resumed=False)  # this host sends other parts
    again: Answer = yield exchange
    return again


def _checked(url: str, before: str, rule: HostRule) -> str:
    """The URL, if it may be followed from the one before: https, or http on this machine from this machine.

    It is read as it will be when it is connected to: another reader could see another host in it.
    """
    shown = url.partition("?")[0][:200]
    try:
        parts, start = httpx.URL(url), httpx.URL(before)
        host, own = parts.raw_host.decode("ascii"), start.raw_host.decode("ascii")
    except (httpx.InvalidURL, UnicodeError, ValueError):
        raise FileTransferError(f"{shown!r} is not downloaded: only https URLs are") from None
    is_local = parts.scheme == "http" and is_loopback(host) and is_loopback(own)
    if not host or not (parts.scheme == "https" or is_local):
        raise FileTransferError(f"{shown!r} is not downloaded: only https URLs are")
    if not rule.allows(host):
        raise FileTransferError(f"{shown!r} is not downloaded: only_hosts allows {str(rule) or 'no host'}")
    return url


def download(steps: Steps[Path], http_client: Any, timeout: float | None) -> Path:
    """Do the steps, by the caller's own client if it can be used."""
    return done(steps, http_client, limits_of(timeout), shared_clients.transport)


async def adownload(steps: Steps[Path], http_client: Any, timeout: float | None) -> Path:
    """Do the steps, by the caller's own client if it can be used."""
    return await adone(steps, http_client, limits_of(timeout))


def done(steps: Steps[Path], http_client: Any, limits: Limits, own: Callable[[], Transport]) -> Path:
    """What the steps come to.

    Args:
        steps: Those of a download.
        http_client: The caller's own client; it may be of any kind, or closed.
        limits: How long they may take.
        own: Gives what does them where that one cannot be used.
    """
    if not libraries.is_usable(http_client, "Client"):
        return own().run(steps, limits)
    with closing(Transport(shared_clients.no_key, http_client)) as transport:
        return transport.run(steps, limits)


async def adone(steps: Steps[Path], http_client: Any, limits: Limits) -> Path:
    """The same, awaited."""
    if not libraries.is_usable(http_client, "AsyncClient"):
        return await shared_clients.async_transport().run(steps, limits)
    async with aclosing(AsyncTransport(shared_clients.no_key, http_client)) as transport:
        return await transport.run(steps, limits)


def limits_of(timeout: float | None) -> Limits:
    """How long all of it may take, which begins now, and how often it is tried."""
    return Limits.of_waiting(Deadline(checks.seconds("timeout", timeout)), _HTTP_TIMEOUT, _MAX_RETRIES)
