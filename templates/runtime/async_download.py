"""Saving an output file, asynchronously. See `download.py`."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import httpx

from .async_transport import AsyncTransport
from .download_flow import download_limits, download_steps, no_key
from .model import origin_of

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from .model import RemoteFile


async def download_file(file: RemoteFile, path: str | os.PathLike[str], *, timeout: float | None, **how: Any) -> Path:
    """See RemoteFile.adownload."""
    limits = download_limits(timeout)
    transport = AsyncTransport(no_key, _client_of(file))
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


def _client_of(file: RemoteFile) -> httpx.AsyncClient | None:
    client = origin_of(file).http_client
    return client if isinstance(client, httpx.AsyncClient) and not client.is_closed else None
