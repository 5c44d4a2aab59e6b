"""A file that is being saved: under another name until it is whole, and gone if it never is."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from .. import checks
from ..errors import FileTransferError
from . import media_type
from .data_uri import is_data_uri, media_type_of
from .progress import Meter

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping
    from typing import BinaryIO, Self

    from .progress import Progress


class PartialFile:
    """Where a download goes.

    Args:
        target: The file's name once it is whole.
        overwrite: Whether a file of that name may be replaced.
        max_bytes: How long it may be.
        progress: Told how much has come.

    Raises:
        FileExistsError: There is one, and it may not be replaced.
        FileNotFoundError: There is no such folder.
    """

    def __init__(self, target: Path, *, overwrite: bool, max_bytes: int | None, progress: Progress | None) -> None:
        self.target = target
        self._overwrite = overwrite
        self._max_bytes = checks.count("max_bytes", max_bytes)
        self._progress = progress
        self._meter = Meter(progress, None)
        self._size = 0
        self._check_free()
        if not target.parent.is_dir():
            raise FileNotFoundError(f"there is no folder {str(target.parent)!r} to save {target.name!r} in")
        # In the same folder: only there a rename is one step.
        self._path = target.with_name(f".{target.name[:150]}.{secrets.token_hex(4)}.part")
        self._file: BinaryIO = self._path.open("xb")

    def begin(self, total: int | None) -> None:
        """Take it from the start, of so many bytes if that is known."""
        self._file.seek(0)
        self._file.truncate()
        self._size = 0
        self._meter = Meter(self._progress, total)
        if total is not None:
            self._check_size(total)

    def write(self, chunk: bytes) -> None:
        """Add what has come."""
        self._size += len(chunk)
        self._check_size(self._size)
        self._file.write(chunk)
        self._meter.add(len(chunk))

    def sink(self, headers: Mapping[str, str]) -> Self:
        """Take the body of an answer (`Exchange.sink`)."""
        length = headers.get("content-length", "")
        self.begin(int(length) if length.isdecimal() and "content-encoding" not in headers else None)
        return self

    __call__ = write

    def finish(self) -> Path:
        """It is whole: give it its name."""
        self._file.close()
        self._check_free()
        self._path.replace(self.target)
        self._meter.finish()
        return self.target

    def _check_size(self, size: int) -> None:
        if self._max_bytes is not None and size > self._max_bytes:
            raise FileTransferError(f"{self.target.name} is larger than max_bytes={self._max_bytes}; nothing was saved")

    def _check_free(self) -> None:
        if not self._overwrite and self.target.exists():
            raise FileExistsError(f"{str(self.target)!r} is there already, and overwrite=False")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)


def target_of(path: str | os.PathLike[str], url: str, file_name: object, content_type: object) -> Path:
    """Where to save a file: at the path, or in it under the file's own name if it is a folder."""
    given = Path(path)
    if not given.is_dir():
        return given
    kind = media_type_of(url) if is_data_uri(url) else content_type
    own = "" if is_data_uri(url) else unquote(urlsplit(url).path)
    name = media_type.safe_name(file_name if isinstance(file_name, str) else "") or media_type.safe_name(own) or "file"
    has_ending = "." in name
    return given / (name if has_ending or not isinstance(kind, str) else name + media_type.ending_of(kind))
