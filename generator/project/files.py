"""The one place that writes files: each is wholly old or wholly new, and nothing is written through a link.

Apart from it there are only the lock of a run and a temporary folder for ruff.
"""

# design: Who may write files?

from __future__ import annotations

import os
import shutil
from io import FileIO
from typing import TYPE_CHECKING

from .settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path


def replace_file(path: Path, data: bytes, *, durable: bool = False, beside: Path | None = None) -> None:
    """Write a file beside its place and rename it into it.

    A link in the place of the file is replaced, not followed; so is one in the place beside it.

    Args:
        path: The file; its folder is made.
        data: What it shall hold.
        durable: Wait until the disk has it, a few milliseconds: for what cannot be made again.
        beside: The place beside it, on the same file system; its folder is made too.

    Raises:
        OSError: It could not be written; the file is as it was, and nothing is left beside it.
    """
    beside = beside or path.with_name(path.name + ".new")
    make_folders([path, beside])
    try:
        beside.unlink(missing_ok=True)
        write_new(beside, data, durable=durable)
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise
    if durable:
        _sync_folder(path.parent)


def write_new(path: Path, data: bytes, *, durable: bool = False) -> None:
    """Write a file that is not there.

    Raises:
        OSError: It is there, if only as a link to nowhere, or it could not be written (the error names it).
    """
    try:
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            if durable:
                os.fsync(file.fileno())
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def make_folders(files: Iterable[Path]) -> None:
    """Make the folders that some files are to stand in."""
    for folder in {file.parent for file in files}:
        folder.mkdir(parents=True, exist_ok=True)


def remove_file(path: Path, root: Path) -> None:
    """Remove a file, if it is there, with the folders above it that hold nothing then but Python's caches.

    Args:
        path: The file.
        root: The folder that stays.
    """
    path.unlink(missing_ok=True)
    folder = path.parent
    while folder != root and folder.is_dir() and all(item.name == "__pycache__" for item in folder.iterdir()):
        shutil.rmtree(folder)
        folder = folder.parent


def files_below(folder: Path, shown: str) -> list[str]:
    """The paths of all files in a folder, sorted, without Python's caches: what is a link to a folder is none.

    Args:
        folder: The folder; it need not be there.
        shown: What each path begins with.
    """
    found: list[str] = []
    folders = [(os.fspath(folder), shown)]
    # Not `os.walk` and paths, which take three times as long: a run that changes nothing does little else.
    while folders:
        top, start = folders.pop()
        for entry in _entries(top):
            if entry.is_dir(follow_symlinks=False):
                if entry.name != "__pycache__":
                    folders.append((entry.path, f"{start}/{entry.name}"))
            elif entry.is_file():
                found.append(f"{start}/{entry.name}")
    return sorted(found)


def _entries(folder: str) -> list[os.DirEntry[str]]:
    """What is in a folder; nothing, if it cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except OSError:
        return []


def bytes_of(path: str) -> bytes | None:
    """What is in a file; None, if there is none that can be read."""
    try:
        with FileIO(path) as file:  # making a Path takes longer than reading a file
            return file.readall()
    except OSError:
        return None


def clear_folder(folder: Path, keep: str | None = None) -> None:
    """Remove a folder of ours with all that it holds, as far as that can be.

    Args:
        folder: The folder.
        keep: A file in it that stays, and the folder with it.
    """
    if keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    elif folder.is_dir():
        for file in folder.iterdir():
            if file.name != keep:
                file.unlink()


def _sync_folder(folder: Path) -> None:
    """Wait until the disk has the names in a folder, where the system can."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # Windows opens no folders
        return
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def refuse_links(root: Path, shown: str, paths: Iterable[str]) -> None:
    """Make sure that nothing at or above some paths is a link, which might lead out of the folder.

    Args:
        root: The folder; that may be a link itself.
        shown: How messages call it.
        paths: Paths below it.

    Raises:
        SettingsError: One is. Nothing was written.
    """
    steps: set[str] = set()
    for path in paths:
        step = path
        while step and step not in steps:
            steps.add(step)
            step = step.rpartition("/")[0]
    for step in sorted(steps):
        if (root / step).is_symlink():
            raise SettingsError(
                f"{shown}/{step}: this is a link, and nothing is written through links; put a real file or folder "
                "in its place, or remove it"
            )


def refuse_unwritable(files: Iterable[Path], shown: Callable[[Path], str]) -> None:
    """Make sure that every file can be put into its folder, or taken out of it, before the first one is.

    Args:
        files: The files.
        shown: How messages call a path.

    Raises:
        SettingsError: A folder cannot be written to. Nothing was written.
    """
    # Of a folder that is yet to be made, the nearest one that is there.
    folders = {file.parent for file in files}
    there = {next(one for one in (folder, *folder.parents) if one.exists()) for folder in folders}
    for folder in sorted(there):
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            raise SettingsError(
                f"{shown(folder)}: this folder is read-only for this user, and nothing was written; allow writing to "
                "it (its mode, its owner, or the mount), and run again"
            )


def refuse_changed(root: Path, shown: str, texts: Mapping[str, str | None]) -> None:
    """Make sure that files are as they were when it was decided to replace or to remove them.

    Args:
        root: The folder.
        shown: How messages call it.
        texts: What each had, by its path below the folder; None where there was none.

    Raises:
        SettingsError: One is not.
    """
    for path, text in sorted(texts.items()):
        file = root / path
        there = file.read_bytes().decode(errors="replace") if file.is_file() else None
        if there != text:
            raise SettingsError(
                f"{shown}/{path}: this file was changed while the run was at work; it is left as it is, and nothing "
                "was written; run again"
            )


def was_lost(data: bytes) -> bool:
    """Whether a file holds nothing, or nothing but NUL: so a power failure leaves one that was written just before."""
    return not data.strip(b"\0")
