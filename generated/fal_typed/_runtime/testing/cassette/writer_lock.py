"""One writer at a time: a lock of the system's, which ends with its process, on a file in the temporary folder."""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from pathlib import Path

from .errors import CassetteError


class WriterLock:
    """Held while a cassette is recorded.

    Args:
        path: Of the cassette.

    Raises:
        CassetteError: Somebody else records it.
    """

    def __init__(self, path: Path) -> None:
        self._shown = path
        user = os.getuid() if hasattr(os, "getuid") else os.environ.get("USERNAME", "")
        name = hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:24]
        lock = Path(tempfile.gettempdir()) / f"fal-typed-{user}-{name}.lock"
        self._descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take()
        except OSError:
            os.close(self._descriptor)
            raise CassetteError(
                f"{path} is being recorded by another test or process: give each a cassette of its own, "
                "or record with one process (without -n)"
            ) from None

    def _take(self) -> None:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(self._descriptor, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def release(self) -> None:
        """Let others write. The empty file stays, for those who wait for it to be the same file."""
        os.close(self._descriptor)
