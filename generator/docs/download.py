"""Gets the pages that fal publishes today. The only module of the verification that knows the network."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import httpx

from .limits import PAGE_BYTES
from .pages.folder import Form, Page, page_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

BASE_URL = "https://fal.ai"
_AT_ONCE = 8
_SECONDS = 30.0
_OK, _NOT_FOUND = 200, 404


@dataclass(frozen=True, slots=True)
class FailedPage:
    """A page that could not be fetched, and why."""

    endpoint: str
    message: str


def page_url(base_url: str, endpoint: str) -> str:
    """Where fal publishes an endpoint's `llms.txt`."""
    return f"{base_url.rstrip('/')}/models/{endpoint}/llms.txt"


def download(endpoints: Sequence[str], base_url: str = BASE_URL) -> Iterator[Page | FailedPage | None]:
    """Fetch the `llms.txt` of every endpoint, a few at once; in the order given.

    Args:
        endpoints: Their ids.
        base_url: The site, as `https://host`.

    Yields:
        The page; None where the site says that there is none (404); what went wrong.
    """
    # Connecting is tried again, nothing else: what the site answers is an answer.
    transport = httpx.HTTPTransport(retries=2)
    with (
        httpx.Client(transport=transport, timeout=_SECONDS, follow_redirects=True) as client,
        ThreadPoolExecutor(max_workers=_AT_ONCE) as pool,
    ):
        urls = [page_url(base_url, endpoint) for endpoint in endpoints]
        yield from pool.map(partial(_page, client), endpoints, urls)


def _page(client: httpx.Client, endpoint: str, url: str) -> Page | FailedPage | None:
    try:
        # Not packed: a few bytes could be unpacked to any number.
        with client.stream("GET", url, headers={"Accept-Encoding": "identity"}) as answer:
            if answer.status_code == _NOT_FOUND:
                return None
            if answer.status_code != _OK:
                return FailedPage(endpoint, f"{url}: {answer.status_code} {answer.reason_phrase}")
            if (packing := answer.headers.get("Content-Encoding", "identity")) != "identity":
                return FailedPage(endpoint, f"{url}: it is packed ({packing}), which was not asked for")
            data = _beginning(answer)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return FailedPage(endpoint, f"{url}: {error or type(error).__name__}")
    return page_of(data, endpoint=endpoint, form=Form.LLMS, shown=url)


def _beginning(answer: httpx.Response) -> bytes:
    """The page, or a little more than a page may have."""
    data = bytearray()
    for part in answer.iter_bytes():
        data += part
        if len(data) > PAGE_BYTES:
            break
    return bytes(data)
