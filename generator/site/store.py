"""The folder of the site: what differs is written, what is no page any more is removed, and nothing else is touched.

`.site.json` names what earlier builds wrote, by hash. A file that it does not name is somebody else's.
"""

# design: What does a build of the site do to its folder?

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, cast

from ..project.files import bytes_of, files_below, refuse_links, refuse_unwritable, remove_file, replace_file
from ..project.settings import SettingsError
from ..write.manifest import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

MANIFEST = ".site.json"
_BESIDE = ".new"  # what a file is called until it takes its place
_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What differs in the folder.

    Attributes:
        write: Paths whose file is not there, or another.
        remove: Paths that earlier builds wrote, and that are not made any more.
        strangers: Files that no build wrote.
    """

    write: tuple[str, ...]
    remove: tuple[str, ...]
    strangers: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.write or self.remove)


def compare(folder: Path, files: Mapping[str, bytes]) -> Changes:
    """What a build would do to a folder.

    Args:
        folder: It need not be there.
        files: All that the site is, by path.
    """
    ours, there = read_manifest(folder), _there(folder)
    known = ours.keys() | {path + _BESIDE for path in (*ours, *files)}
    differ = (path for path, data in files.items() if path not in there or bytes_of(f"{folder}/{path}") != data)
    return Changes(
        write=tuple(sorted(differ)),
        remove=tuple(sorted((there & known) - files.keys())),
        strangers=tuple(sorted(there - known)),
    )


def store(folder: Path, files: Mapping[str, bytes], shown: str, *, force: bool = False) -> Changes:
    """Make a folder what it should be. Cut off at any moment, the next build ends in the same.

    Args:
        folder: It is made.
        files: All that the site is, by path.
        shown: How messages call the folder.
        force: Go on though there are files that no build wrote: they stay, but for those in the place of a page.

    Returns:
        What was done.

    Raises:
        SettingsError: Somebody else's files are in the folder, a link leads out of it, or it cannot be written to.
            Nothing was written.
        OSError: A file could not be written: it is as it was, and the next build goes on.
    """
    changes, ours = compare(folder, files), read_manifest(folder)
    if changes.strangers and not force:
        named = ", ".join(changes.strangers[:_NAMED])
        more = f" and {count - _NAMED} more" if (count := len(changes.strangers)) > _NAMED else ""
        raise SettingsError(
            f"{shown}: there are files that no build of the site wrote: {named}{more}; "
            "name an empty folder with --out, or let them stay with --force"
        )
    manifest = _manifest({path: digest(data) for path, data in files.items()})
    if not changes and bytes_of(f"{folder}/{MANIFEST}") == manifest:
        return changes
    _refuse_clashes(files, shown)
    _refuse_blocked(folder, shown, changes)
    touched = [*changes.write, *changes.remove, MANIFEST]
    refuse_links(folder, shown, touched)
    refuse_unwritable([folder / path for path in touched], lambda path: path.as_posix())
    # First what is coming, beside what was there: what a build that is cut off leaves is known for ours.
    replace_file(folder / MANIFEST, _manifest(dict.fromkeys(files, "") | ours))
    for path in changes.remove:  # before there may be a folder in its place
        remove_file(folder / path, folder)
    for path in changes.write:
        replace_file(folder / path, files[path])
    replace_file(folder / MANIFEST, manifest)
    return changes


def is_whole(folder: Path) -> bool:
    """Whether a folder holds what the last build left, and nothing else."""
    ours = read_manifest(folder)
    return _there(folder) == ours.keys() and all(
        (data := bytes_of(f"{folder}/{path}")) is not None and digest(data) == known for path, known in ours.items()
    )


def read_manifest(folder: Path) -> dict[str, str]:
    """What earlier builds wrote: the hash of each file by its path; nothing, where that is not told."""
    try:
        found: object = json.loads((folder / MANIFEST).read_bytes())
    except (OSError, ValueError):
        return {}
    files = cast("dict[str, object]", found).get("files") if isinstance(found, dict) else None
    table = cast("dict[str, object]", files) if isinstance(files, dict) else {}
    return {path: known for path, known in table.items() if isinstance(known, str) and _is_inside(path)}


def _manifest(files: Mapping[str, str]) -> bytes:
    return (json.dumps({"files": files}, indent=1, sort_keys=True) + "\n").encode()


def _is_inside(path: str) -> bool:
    """Whether a path that a file tells leads into the folder: what it names may be removed."""
    parts = PurePosixPath(path).parts
    return bool(parts) and not path.startswith("/") and ".." not in parts and "\\" not in path and ":" not in path


def _there(folder: Path) -> set[str]:
    """The files of a folder, but what is hidden at its top: our manifest, `.git`, `.nojekyll`."""
    prefix = f"{folder}/"
    return {path for one in files_below(folder, str(folder)) if not (path := one.removeprefix(prefix)).startswith(".")}


def _refuse_blocked(folder: Path, shown: str, changes: Changes) -> None:
    """Make sure that no folder is in the place of a file, and no file in that of a folder.

    Raises:
        SettingsError: One is, which stays there whatever is removed. Nothing was written.
    """
    goes = set(changes.remove)
    kept = {step.as_posix() for path in goes for step in PurePosixPath(path).parents}  # folders that may go with them
    for path in changes.write:
        places = PurePosixPath(path)
        files = (one.as_posix() for one in places.parents if (folder / one).is_file())
        blocked = next((one for one in files if one not in goes), None)
        if blocked is None and path not in kept and (folder / path).is_dir():
            blocked = path
        if blocked is not None:
            raise SettingsError(f"{shown}/{blocked}: this is in the place of the site's own {path}; move it away")


def _refuse_clashes(files: Iterable[str], shown: str) -> None:
    """Make sure that no file has to be a folder too."""
    for one, other in pairwise(sorted(path.split("/") for path in files)):
        if other[: len(one)] == one:
            raise SettingsError(
                f"{shown}: {'/'.join(one)} would be a page and a folder: that of {'/'.join(other)}; "
                "leave one of the two endpoints out"
            )
