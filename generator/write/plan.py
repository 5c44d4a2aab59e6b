"""Stage plan: what differs between the files wanted and the files there. Nothing is written.

Only files that the manifest knows are ever overwritten or removed, and only if nobody edited them.
"""

from __future__ import annotations

import difflib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ..codes import Code
from ..diagnostics import Diagnostic, Source
from ..places import SCHEMAS
from ..project.files import files_below
from .manifest import kept_files, manifest_path, manifest_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from ..ir import nodes
    from ..project.settings import Settings
    from .manifest import Manifest


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
    files: Mapping[str, str],
    api: nodes.Api,
    contents: Mapping[str, str],
    previous: Manifest,
    settings: Settings,
    *,
    force: bool,
) -> ChangeSet:
    """Compare the files wanted with the output folder; the manifest comes last.

    Args:
        files: The text of every file wanted, by path.
        api: What they say.
        contents: The hash of the content of each document they are made from, by id.
        previous: What earlier runs wrote.
        settings: The project's.
        force: Overwrite and remove what somebody edited.
    """
    shown = settings.shown(settings.output)
    keep = frozenset({*(previous.files.keys() & kept_files(api)), manifest_path(settings)})
    changes = _compare(settings.output, shown, files, previous, keep=keep, force=force)
    refused = {diagnostic.source.path.removeprefix(f"{shown}/") for diagnostic in changes.refused}
    manifest = manifest_text(api, files, contents, previous, refused)
    return _with_manifest(settings.output, changes, manifest_path(settings), manifest)


def _compare(
    output: Path, shown: str, files: Mapping[str, str], manifest: Manifest, *, keep: frozenset[str], force: bool
) -> ChangeSet:
    """All but the manifest; files in `keep` are not wanted anew but must stay."""
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


def _with_manifest(output: Path, changes: ChangeSet, name: str, text: str) -> ChangeSet:
    """The change set with the manifest behind everything else, if it changes."""
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
    paths = (path for top in sorted(tops) for path in files_below(output / top, top))
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
        if path.endswith(f"/{SCHEMAS}"):  # nothing of it could be read
            parts.append(f"compressed data differs: {shown}/{path}\n")
            continue
        parts += difflib.unified_diff(
            before.splitlines(keepends=True),
            after.splitlines(keepends=True),
            f"a/{shown}/{path}" if path not in changes.new else "/dev/null",
            f"b/{shown}/{path}" if path in after_all else "/dev/null",
        )
        if before == after:  # a file without content comes or goes
            parts.append(f"{'new' if path in changes.new else 'removed'} and empty: {shown}/{path}\n")
    return "".join(parts)
