"""One run at a time: a lock that the operating system gives back whatever becomes of its holder.

The lock is on an open file, not the file itself: a run that is killed leaves the file and no lock, so no lock is ever
stale. It is a POSIX record lock, which the worker processes of a run do not inherit; flock's they would hold on to.
"""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from ..diagnostics import visible
from .cache import FOLDER

if TYPE_CHECKING:
    from collections.abc import Generator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from .settings import Settings

# What the file says: the process that holds it, and what that writes.
_HOLDER = re.compile(r"(\d+) (.+)")


class BusyError(Exception):
    """Another run holds the lock; the message says which."""


def lock_project(settings: Settings, writes: Path) -> AbstractContextManager[bool]:
    """Hold the lock that every command holds which writes: two of them never run at once in one project.

    Args:
        settings: The project's.
        writes: The file or folder that this run writes.
    """
    return run_lock(settings.root / FOLDER / "run.lock", settings.shown(writes))


@contextmanager
def run_lock(path: Path, what: str) -> Generator[bool]:
    """Hold the lock while the block runs.

    Args:
        path: The lock's file. It is made, with its folder, and removed; its text is the holder.
        what: What others are told that this run writes, e.g. `generated`.

    Yields:
        Whether there is a lock. Where none can be had (a folder that is read-only or a link, a file system or an
        operating system without such locks), the block runs without.

    Raises:
        BusyError: Another process holds the lock. This one does not wait for it.
    """
    handle = _acquire(path, what)
    try:
        yield handle is not None
    finally:
        if handle is not None:
            with suppress(OSError):  # the next cache entry or the next lock stands there already
                path.unlink(missing_ok=True)
                path.parent.rmdir()
            os.close(handle)  # which unlocks


def _acquire(path: Path, what: str) -> int | None:
    """The open and locked file, or None where there can be none."""
    while True:
        handle = _open(path)
        if handle is None:
            return None
        try:
            _lock(handle)
        except (BlockingIOError, PermissionError):
            holder = _HOLDER.match(os.read(handle, 4096).decode("utf-8", "replace"))
            os.close(handle)
            who = f" (process {holder[1]})" if holder else ""
            written = visible(holder[2]) if holder else "this project"
            raise BusyError(f"another run{who} is writing {written}; run again when it is done") from None
        except (ImportError, OSError):
            os.close(handle)
            return None
        if _is_there(handle, path):
            with suppress(OSError):  # a full disk: whoever comes meanwhile reads no holder
                os.write(handle, f"{os.getpid()} {what}\n".encode("utf-8", "replace"))
            return handle
        os.close(handle)  # its holder removed it between our opening and our locking it: that lock is nobody's


def _open(path: Path) -> int | None:
    if path.parent.is_symlink():
        return None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
    except OSError:
        return None


def _lock(handle: int) -> None:
    import fcntl  # Windows has none

    fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _is_there(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except OSError:
        return False
