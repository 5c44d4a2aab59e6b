"""A file that a model made, and how to save it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..outputs.model import FalModel, origin_of

if TYPE_CHECKING:
    import os
    from pathlib import Path

    from ..http.exchange import Steps
    from .progress import Progress


class RemoteFile(FalModel):
    """A file that fal keeps at a public URL. It can be given to any input that takes a file."""

    url: str

    def download(
        self,
        path: str | os.PathLike[str],
        *,
        progress: Progress | None = None,
        max_bytes: int | None = None,
        overwrite: bool = True,
        timeout: float | None = None,
    ) -> Path:
        """Save the file, and return its path. It has its name once it is whole; the key is never sent.

        Args:
            path: The file to write, or a folder, in which it gets its own name.
            progress: Called with the bytes received so far and in all (None where the server does not say).
            max_bytes: How long it may be.
            overwrite: Whether a file that is there may be replaced.
            timeout: Seconds for the whole download.

        Raises:
            FileTransferError: It is larger than `max_bytes`, or its URL leads to a place that is not https.
            OSError: It cannot be written: there is no such folder, or the file is there and `overwrite` is False.
            APIStatusError: The server does not have it.
            APIConnectionError: The server cannot be reached, or broke off.
            DeadlineExceededError: It took longer than `timeout`.
        """
        from .download_steps import download

        steps = _steps(self, path, progress=progress, max_bytes=max_bytes, overwrite=overwrite)
        return download(steps, origin_of(self).http_client, timeout)

    async def adownload(
        self,
        path: str | os.PathLike[str],
        *,
        progress: Progress | None = None,
        max_bytes: int | None = None,
        overwrite: bool = True,
        timeout: float | None = None,
    ) -> Path:
        """As `download`, awaited."""
        from .download_steps import adownload

        steps = _steps(self, path, progress=progress, max_bytes=max_bytes, overwrite=overwrite)
        return await adownload(steps, origin_of(self).http_client, timeout)


def _steps(file: RemoteFile, path: str | os.PathLike[str], **how: Any) -> Steps[Path]:
    from .download_steps import download_steps

    # Many files have these; those that have others may hold anything by these names.
    file_name, content_type = getattr(file, "file_name", None), getattr(file, "content_type", None)
    return download_steps(url_of(file), path, file_name=file_name, content_type=content_type, **how)


def url_of(file: RemoteFile) -> str | None:
    """A file's URL; None where the server left it out, or sent something else."""
    url = vars(file).get("url")
    return url if isinstance(url, str) else None
