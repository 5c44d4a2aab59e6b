"""Stage apply: make the output folder, and `types.lock`, what they should be.

Every file is wholly old or wholly new, whatever happens: a new text is written beside its place and renamed into it,
the manifest last.
"""

# design: How is the output written so that a crash does no harm?

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..project.files import (
    clear_folder,
    make_folders,
    refuse_changed,
    refuse_links,
    refuse_unwritable,
    remove_file,
    replace_file,
    write_new,
)
from ..project.settings import Settings, SettingsError
from ..project.type_lock import lock_path
from .manifest import MANIFEST, OURS, STAGING, Manifest, digest

if TYPE_CHECKING:
    from pathlib import Path

    from .plan import ChangeSet


def apply(changes: ChangeSet, lock: str | None, previous: Manifest, settings: Settings) -> None:
    """Write what was planned, the types' names first, for files are named after them.

    Interrupted at any moment, the next run ends in the same tree.

    Args:
        changes: What `plan` found.
        lock: The text of `types.lock`, if it differs from what is there.
        previous: What earlier runs wrote.
        settings: The project's.

    Raises:
        SettingsError: A link stands where something would be written, a folder is read-only, or a file was changed
            since `plan` looked at it. Nothing but `types.lock` changed.
        OSError: Something cannot be written. A file is then as it was or as it shall be, and the next run goes on. If
            that was noticed while staging, which a full disk is, nothing but `types.lock` changed.
    """
    touched = [*changes.write, *changes.remove, STAGING]
    shown = settings.shown(settings.output)
    refuse_links(settings.output, shown, touched)
    files = [settings.output / path for path in touched] if len(touched) > 1 else []
    refuse_unwritable(files if lock is None else [*files, lock_path(settings)], settings.shown)
    if lock is not None:
        replace_file(lock_path(settings), lock.encode(), durable=True)
    _apply(settings.output, shown, changes, previous)


def _apply(output: Path, shown: str, changes: ChangeSet, previous: Manifest) -> None:
    staging = output / STAGING
    if changes.write or changes.remove:
        try:
            staged = _stage(staging, changes, previous)
            decided = {*changes.write, *changes.remove}
            refuse_changed(output, shown, {one: None if one in changes.new else changes.old[one] for one in decided})
        except (OSError, SettingsError):
            clear_folder(staging, keep=OURS if previous.staged else None)
            raise
        make_folders(output / path for path in changes.write)
        order = _order(changes)
        for path in order:
            staged[path].replace(output / path)
        for path in changes.remove:
            remove_file(output / path, output)
        for path in changes.write.keys() - set(order):
            staged[path].replace(output / path)
    clear_folder(staging)


def _stage(staging: Path, changes: ChangeSet, previous: Manifest) -> dict[str, Path]:
    """Write every new text into the staging folder; where each of them is."""
    # First what is coming, beside what earlier interrupted runs had coming: should this run be cut off too, the
    # next one knows these files for ours, even if the manifest does not.
    ours = {path: list(hashes) for path, hashes in previous.staged.items()}
    for path, text in changes.write.items():
        ours.setdefault(path, []).append(digest(text))
    clear_folder(staging, keep=OURS)
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
    tables = ("_registry.py", "_root.py", "_async_root.py", "_client.py", "_async_client.py", "__init__.py")
    paths = [path for path in changes.write if path.rpartition("/")[2] != MANIFEST]
    return sorted(paths, key=lambda path: (path not in changes.new, path.endswith(tables), path))
