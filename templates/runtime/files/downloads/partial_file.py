"""A file that is being saved: under another name until it is whole, and gone if it never is."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from ... import checks
from ...errors import FileTransferError
from ..progress import Meter
from .target import Existing

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO, Self

    from ..progress import Progress
    from .target import Target


class PartialFile:
    """Where a download goes.

    Args:
        target: The file's name once it is whole, and what becomes of one that has it.
        max_bytes: How long it may be.
        progress: Told how much has come.

    Attributes:
        name: What messages call it.

    Raises:
        FileExistsError: There is one, and it may not be replaced.
        FileNotFoundError: There is no such folder.
    """

    def __init__(self, target: Target, *, max_bytes: int | None, progress: Progress | None) -> None:
        self.name = target.path.name
        self._target = target
        self._max_bytes = checks.count("max_bytes", max_bytes)
        self._meter = Meter(progress, None)
        self._size = 0
        target.check_free()
        folder = target.path.parent
        if not folder.is_dir():
            raise FileNotFoundError(f"there is no folder {str(folder)!r} to save {self.name!r} in")
        # In the same folder: only there a rename is one step. Short, whatever the file is called.
        self._path = folder / f".fal-{secrets.token_hex(8)}.part"
        self._file: BinaryIO = self._path.open("xb")

    def begin(self, total: int | None) -> None:
        """Take it from the start, of so many bytes if that is known."""
        self._file.seek(0)
        self._file.truncate()
        self._size = 0
        self._meter.begin(total)
        self.expect(total)

    def expect(self, total: int | None) -> None:
        """Learn how long it will be.

        Raises:
            FileTransferError: That is more than it may be.
        """
        if total is not None:
            self._meter.total = total
            self._check_size(total)

    def write(self, chunk: bytes) -> None:
        """Add what has come.

        Raises:
            FileTransferError: That is more than it may be.
        """
        self._size += len(chunk)
        self._check_size(self._size)
        self._file.write(chunk)
        self._meter.add(len(chunk))

    def finish(self) -> Path:
        """It is whole: give it its name, and return that.

        Raises:
            FileExistsError: Somebody else has it meanwhile, and may not be replaced.
        """
        self._file.close()
        saved = self._placed()
        self._meter.finish()
        return saved

    def _placed(self) -> Path:
        if self._target.existing is Existing.REPLACED:
            return self._path.replace(self._target.path)
        for path in self._target.names():
            try:
                path.open("xb").close()  # nobody else can have it from here on, nor had it before
            except FileExistsError:
                continue
            try:
                return self._path.replace(path)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
        raise self._target.occupied()

    def _check_size(self, size: int) -> None:
        if self._max_bytes is not None and size > self._max_bytes:
            raise FileTransferError(f"{self.name} is larger than max_bytes={self._max_bytes}; nothing was saved")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        self._path.unlink(missing_ok=True)
