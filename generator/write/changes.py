"""Stages plan, check and apply: what differs between the files wanted and the files there, and making it so.

Every file is wholly old or wholly new, whatever happens: a new text is written beside its place and renamed into it,
the manifest last. Only files that the manifest knows are ever overwritten or removed, and only if nobody edited them.
"""

from __future__ import annotations

import difflib
import json
import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..diagnostics import Code, Diagnostic, Source
from ..project.files import refuse_changed, replace_file, write_new
from ..project.settings import SettingsError
from .manifest import MANIFEST, OURS, STAGING, Manifest, digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSet:
    """What has to change, by path relative to the output folder.

    Attributes:
        write: New text of files that are missing or differ; the manifest, if it is among them, is last.
        old: The text that each of them, and each removed file, has now.
        new: The files to write that are not there now.
        remove: Files of ours that are no longer wanted.
        refused: Files that somebody edited, which stay as they are.
        wanted: The text that each of those would have.
        strangers: Files inside the package that are not ours and in nobody's way; they change nothing.
    """

    write: dict[str, str]
    remove: tuple[str, ...]
    old: dict[str, str]
    new: frozenset[str]
    refused: tuple[Diagnostic, ...]
    wanted: dict[str, str]
    strangers: tuple[Diagnostic, ...]

    def __bool__(self) -> bool:
        return bool(self.write or self.remove or self.refused)


def plan(
    output: Path, shown: str, files: Mapping[str, str], manifest: Manifest, *, keep: frozenset[str], force: bool
) -> ChangeSet:
    """Compare the files wanted with the folder.

    Args:
        output: The folder.
        shown: How messages call it.
        files: The text of every file wanted, by path.
        manifest: What earlier runs wrote.
        keep: Files that are not wanted anew but must stay.
        force: Overwrite and remove what somebody edited.
    """
    write: dict[str, str] = {}
    old: dict[str, str] = {}
    refused: list[Diagnostic] = []
    wanted: dict[str, str] = {}
    for path, text in sorted(files.items()):
        there = _bytes(output / path)
        if there == text.encode():
            continue
        if there is not None and not force and not manifest.is_ours(path, there):
            refused.append(_refusal(path, shown, known=path in manifest.files))
            wanted[path], old[path] = text, there.decode(errors="replace")
            continue
        write[path] = text
        old[path] = "" if there is None else there.decode(errors="replace")
    remove: list[str] = []
    for path in sorted({*manifest.files, *manifest.staged} - set(files) - keep):
        there = _bytes(output / path)
        if there is None:
            continue
        if not force and not manifest.is_ours(path, there):
            refused.append(_refusal(path, shown, known=True))
            continue
        remove.append(path)
        old[path] = there.decode(errors="replace")
    strangers = _strangers(output, shown, {*files, *manifest.files, *manifest.staged} | keep)
    new = frozenset(path for path in write if _bytes(output / path) is None)
    return ChangeSet(
        write=write,
        remove=tuple(remove),
        old=old,
        new=new,
        refused=tuple(refused),
        wanted=wanted,
        strangers=strangers,
    )


def with_manifest(output: Path, changes: ChangeSet, name: str, text: str) -> ChangeSet:
    """The same change set with the manifest behind everything else, if it changes."""
    there = _bytes(output / name)
    if there == text.encode():
        return changes
    return replace(
        changes,
        write={**changes.write, name: text},
        old={**changes.old, name: "" if there is None else there.decode(errors="replace")},
        new=changes.new | ({name} if there is None else set[str]()),
    )


def _strangers(output: Path, shown: str, known: set[str]) -> tuple[Diagnostic, ...]:
    """Files of somebody else in the folders that hold ours."""
    tops = {path.split("/")[0] for path in known if "/" in path}
    found = (file for top in sorted(tops) for file in sorted((output / top).rglob("*")) if file.is_file())
    paths = (file.relative_to(output).as_posix() for file in found if "__pycache__" not in file.parts)
    return tuple(
        Diagnostic(
            code=Code.FOREIGN_FILE,
            message="this file is not ours; it is left as it is",
            source=Source(path=f"{shown}/{path}"),
        )
        for path in paths
        if path not in known
    )


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _refusal(path: str, shown: str, *, known: bool) -> Diagnostic:
    what = "was edited by hand" if known else "is in the way, and is not ours"
    fix = "take your change out (it belongs in specs/ or templates/)" if known else "move it away"
    return Diagnostic(
        code=Code.EDITED_FILE if known else Code.FOREIGN_FILE,
        message=f"this file {what}; it is left as it is",
        source=Source(path=f"{shown}/{path}"),
        fix=f"{fix}, or run with --force to lose it",
    )


def diff(changes: ChangeSet, shown: str) -> str:
    """The change set as a unified diff; what was edited by hand is in it, although only --force would write it."""
    parts: list[str] = []
    after_all = {**changes.write, **changes.wanted}
    for path in sorted([*after_all, *changes.remove]):
        before, after = changes.old[path], after_all.get(path, "")
        parts += difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            f"a/{shown}/{path}" if path not in changes.new else "/dev/null",
            f"b/{shown}/{path}" if path in after_all else "/dev/null",
        )
        if before == after:  # a file without content comes or goes
            parts.append(f"{'new' if path in changes.new else 'removed'} and empty: {shown}/{path}\n")
    return "".join(parts)


def apply(output: Path, shown: str, changes: ChangeSet, previous: Manifest) -> None:
    """Make the folder what it should be. Interrupted at any moment, the next run ends in the same tree.

    Args:
        output: The folder.
        shown: How messages call it.
        changes: What `plan` found.
        previous: What earlier runs wrote.

    Raises:
        SettingsError: A file was changed by somebody else since `plan` looked at it. Nothing changed.
        OSError: Something cannot be written. If that was noticed while staging, which a full disk is, nothing changed.
    """
    staging = output / STAGING
    if changes.write or changes.remove:
        try:
            staged = _stage(staging, changes, previous)
            decided = {*changes.write, *changes.remove}
            refuse_changed(output, shown, {one: None if one in changes.new else changes.old[one] for one in decided})
        except (OSError, SettingsError):
            _clear(staging, keep=bool(previous.staged))
            raise
        for folder in {(output / path).parent for path in changes.write}:
            folder.mkdir(parents=True, exist_ok=True)
        order = _order(changes)
        for path in order:
            staged[path].replace(output / path)
        for path in changes.remove:
            (output / path).unlink(missing_ok=True)
            _remove_empty((output / path).parent, output)
        for path in changes.write.keys() - set(order):
            staged[path].replace(output / path)
    shutil.rmtree(staging, ignore_errors=True)


def _stage(staging: Path, changes: ChangeSet, previous: Manifest) -> dict[str, Path]:
    """Write every new text into the staging folder; where each of them is."""
    # First what is coming, beside what earlier interrupted runs had coming: should this run be cut off too, the
    # next one knows these files for ours, even if the manifest does not.
    ours = {path: list(hashes) for path, hashes in previous.staged.items()}
    for path, text in changes.write.items():
        ours.setdefault(path, []).append(digest(text))
    _clear(staging, keep=True)
    replace_file(staging / OURS, json.dumps(ours).encode())
    staged = {path: staging / str(index) for index, path in enumerate(changes.write)}
    for path, text in changes.write.items():
        write_new(staged[path], text.encode())
    return staged


def _order(changes: ChangeSet) -> list[str]:
    """The order in which files take their places: what is mentioned before what mentions it, as far as can be.

    So a run that is cut off leaves modules that import what is there: new types, then the modules that use them, then
    the tables that lead to those. The manifest is not among them: it comes when everything else is done.
    """
    tables = ("_registry.py", "_root.py", "_client.py", "__init__.py")
    paths = [path for path in changes.write if path.rpartition("/")[2] != MANIFEST]
    return sorted(paths, key=lambda path: (path not in changes.new, path.endswith(tables), path))


def _clear(staging: Path, *, keep: bool) -> None:
    """Remove what an earlier run left in the staging folder, but perhaps not the note of what is ours."""
    if not keep:
        shutil.rmtree(staging, ignore_errors=True)
    elif staging.is_dir():
        for file in staging.iterdir():
            if file.name != OURS:
                file.unlink()


def _remove_empty(folder: Path, root: Path) -> None:
    """Remove a folder that only holds Python's caches, and its parents likewise."""
    while folder != root and folder.is_dir() and all(item.name == "__pycache__" for item in folder.iterdir()):
        shutil.rmtree(folder)
        folder = folder.parent
