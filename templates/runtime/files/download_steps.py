"""The steps of a download, the same for both clients: which URLs are followed, and what an answer means."""

# design: Where does an output file get its client from?

from __future__ import annotations

from contextlib import aclosing, closing
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin, urlsplit

from .. import checks
from ..errors import FileTransferError, MissingCredentialsError
from ..http import libraries
from ..http.async_transport import AsyncTransport
from ..http.error_answers import status_error
from ..http.exchange import Deadline, Exchange, Limits, Purpose
from ..http.hosts import is_loopback
from ..http.transport import Transport
from . import data_uri
from .partial_file import PartialFile, target_of

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from ..http.credentials import Secret
    from ..http.exchange import Answer, Steps
    from .progress import Progress

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
    overwrite: bool,
) -> Steps[Path]:
    """The download of a file, to where it was saved."""
    if url is None:
        raise FileTransferError("the file has no URL")
    target = target_of(path, url, file_name, content_type)
    with PartialFile(target, overwrite=overwrite, max_bytes=max_bytes, progress=progress) as part:
        if data_uri.is_data_uri(url):
            content = data_uri.decoded(url)
            part.begin(len(content))
            part.write(content)
        else:
            yield from _fetched(url, part)
        return part.finish()


def _fetched(url: str, part: PartialFile) -> Steps[None]:
    label = f"the download of {part.target.name}"
    # Not compressed: then its length says how much is to come.
    headers = {"accept": "*/*", "accept-encoding": "identity", "user-agent": "fal-typed"}
    exchange = Exchange(Purpose.DOWNLOAD, "GET", _checked(url, url), headers, label, keyless=True, sink=part.sink)
    for _ in range(_MOST_REDIRECTS + 1):
        answer: Answer = yield exchange
        location = answer.headers.get("location")
        if answer.status not in _REDIRECTS or location is None:
            break
        exchange = exchange._replace(url=_checked(urljoin(exchange.url, location), exchange.url))
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


def download(steps: Steps[Path], http_client: Any, timeout: float | None) -> Path:
    """Do the steps, by the caller's own client if it can be used."""
    given = http_client if libraries.is_usable(http_client, "Client") else None
    with closing(Transport(_no_key, given)) as transport:
        return transport.run(steps, _limits(timeout))


async def adownload(steps: Steps[Path], http_client: Any, timeout: float | None) -> Path:
    """Do the steps, by the caller's own client if it can be used."""
    given = http_client if libraries.is_usable(http_client, "AsyncClient") else None
    async with aclosing(AsyncTransport(_no_key, given)) as transport:
        return await transport.run(steps, _limits(timeout))


def _limits(timeout: float | None) -> Limits:
    return Limits.of_waiting(Deadline(checks.seconds("timeout", timeout)), _HTTP_TIMEOUT, _MAX_RETRIES)


def _no_key() -> Secret:
    raise MissingCredentialsError("a download is sent no key")
