"""Saving files in the way of either client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from runtime.files.downloads.download_all import adownload_all, download_all
from runtime_sample import Image

if TYPE_CHECKING:
    from pathlib import Path

    from runtime_twin import Twin


def save(twin: Twin, url: str | Image, path: Any, **how: Any) -> Path:
    """Save one file, and return where it is."""
    file = Image(url=url) if isinstance(url, str) else url
    saved: Path = twin.do(lambda _: (file.adownload if twin.is_async else file.download)(path, **how))
    return saved


def save_all(twin: Twin, outputs: Any, folder: Any, **how: Any) -> list[Path]:
    """Save all files of some outputs."""
    saved: list[Path] = twin.do(lambda _: (adownload_all if twin.is_async else download_all)(outputs, folder, **how))
    return saved
