"""The steps of a download, the same for both clients: which URLs are followed, and what an answer means."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urljoin, urlsplit

import httpx

from .. import checks
from ..errors import FileTransferError, MissingCredentialsError
from ..http.async_transport import AsyncTransport
from ..http.deadline import Deadline, Limits
from ..http.error_answers import status_error
from ..http.exchange import Answer, Exchange, Purpose
from ..http.hosts import is_loopback
from ..http.transport import Transport
from ..outputs.model import origin_of, url_of
from . import data_uri
from .partial_file import PartialFile, target_of

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from ..http.credentials import Secret
    from ..outputs.model import RemoteFile
    from .progress import Progress

_REDIRECTS = (301, 302, 303, 307, 308)
_MOST_REDIRECTS = 5
# What a client does by default: a file may outlive the client of the output that it is in.
_HTTP_TIMEOUT, _MAX_RETRIES = 120.0, 3

Steps: TypeAlias = Generator[Exchange, Answer, "Path"]


def download_steps(
    file: RemoteFile,
    path: str | os.PathLike[str],
    *,
    progress: Progress | None,
    max_bytes: int | None,
    overwrite: bool,
) -> Steps:
    """The download of a file, to where it was saved."""
    url = url_of(file)
    if url is None:
        raise FileTransferError("the file has no URL")
    target = target_of(path, url, getattr(file, "file_name", None), getattr(file, "content_type", None))
    with PartialFile(target, overwrite=overwrite, max_bytes=max_bytes, progress=progress) as part:
        if data_uri.is_data_uri(url):
            content = data_uri.decoded(url)
            part.begin(len(content))
            part.write(content)
        else:
            yield from _fetched(url, part)
        return part.finish()


def _fetched(url: str, part: PartialFile) -> Generator[Exchange, Answer, None]:
    label = f"the download of {part.target.name}"
    # Not compressed: then its length says how much is to come.
    headers = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "fal-typed"}
    exchange = Exchange(Purpose.DOWNLOAD, "GET", _checked(url, url), headers, label, keyless=True, sink=part.sink)
    for _ in range(_MOST_REDIRECTS + 1):
        answer = yield exchange
        location = answer.headers.get("location")
        if answer.status not in _REDIRECTS or location is None:
            break
        exchange = replace(exchange, url=_checked(urljoin(exchange.url, location), exchange.url))
    else:
        raise FileTransferError(f"{label} was redirected more than {_MOST_REDIRECTS} times")
    if not answer.is_success:
        raise status_error(answer, exchange)


def _checked(url: str, before: str) -> str:
    """The URL, if it may be followed from the one before: https, or http on this machine from this machine."""
    try:
        parts, start = urlsplit(url), urlsplit(before)
        host, own = parts.hostname or "", start.hostname or ""
    except ValueError:
        host = own = ""
        parts = urlsplit("")
    is_local = parts.scheme == "http" and is_loopback(host) and is_loopback(own)
    if not host or not (parts.scheme == "https" or is_local):
        shown = url.partition("?")[0][:200]
        raise FileTransferError(f"{shown!r} is not downloaded: only https URLs are")
    return url


def download_limits(timeout: float | None) -> Limits:
    """How long and how often to try."""
    return Limits(Deadline(checks.seconds("timeout", timeout)), _HTTP_TIMEOUT, _MAX_RETRIES)


def no_key() -> Secret:
    """A download has none."""
    raise MissingCredentialsError("a download is sent no key")


async def adownload_file(file: RemoteFile, path: str | os.PathLike[str], *, timeout: float | None, **how: Any) -> Path:
    """See RemoteFile.adownload."""
    limits = download_limits(timeout)
    transport = AsyncTransport(no_key, _async_client_of(file))
    try:
        with closing(download_steps(file, path, **how)) as steps:
            try:
                exchange = next(steps)
                while True:
                    exchange = steps.send(await transport.send(exchange, limits))
            except StopIteration as stop:
                saved: Path = stop.value
                return saved
    finally:
        await transport.aclose()


def _async_client_of(file: RemoteFile) -> httpx.AsyncClient | None:
    client = origin_of(file).http_client
    return client if isinstance(client, httpx.AsyncClient) and not client.is_closed else None


def download_file(file: RemoteFile, path: str | os.PathLike[str], *, timeout: float | None, **how: Any) -> Path:
    """See RemoteFile.download."""
    limits = download_limits(timeout)
    steps = download_steps(file, path, **how)
    with closing(steps), closing(Transport(no_key, _client_of(file))) as transport:
        try:
            exchange = next(steps)
            while True:
                exchange = steps.send(transport.send(exchange, limits))
        except StopIteration as stop:
            saved: Path = stop.value
            return saved


def _client_of(file: RemoteFile) -> httpx.Client | None:
    client = origin_of(file).http_client
    return client if isinstance(client, httpx.Client) and not client.is_closed else None
