"""Saving an output file, with httpx's own client or that of the client the output came from."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

import httpx

from .download_flow import download_limits, download_steps, no_key
from .model import origin_of
from .transport import Transport

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from .model import RemoteFile


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
