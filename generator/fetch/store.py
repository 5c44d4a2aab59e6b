"""Documents and lock on disk, and how both change together although no file system renames two files at once.

    1. the new documents are written to a staging folder
    2. the lock is replaced by one that announces them under `writing`
    3. each document is renamed into its place
    4. the lock is replaced by the new one

Killed before 2, nothing has changed. Killed between 2 and 4, each document is wholly old or wholly new, the lock has an
entry for either, and whoever reads it takes the one that is true (`SpecLock.settle`). The next write makes that plain.
"""

# design: How do documents and lock change together?

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..json_text import NotJsonError
from ..limits import parse_bounded
from ..project.files import clear_folder, make_folders, refuse_links, remove_file, replace_file, write_new
from ..project.ids import document_path, find_documents, is_too_long
from ..project.spec_lock import LockEntry, SpecLock, called_as, content_hash, hash_of, lock_path, read_speclock
from .answers import Found, is_local

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from ..json_text import Json
    from ..project.settings import Settings

STAGING = ".fetching"


@dataclass(slots=True)
class Store:
    """A project's documents and their lock.

    Args:
        settings: The project.
        today: The day that changes of content are dated with.
    """

    settings: Settings
    today: str
    lock: SpecLock = field(init=False)

    def __post_init__(self) -> None:
        self.lock = read_speclock(self.settings)

    @property
    def _specs(self) -> Path:
        return self.settings.specs

    def recover(self) -> None:
        """Make plain what an interrupted run left: one lock, and no staging folder.

        Raises:
            SettingsError: The staging folder is a link. Nothing was written.
        """
        refuse_links(self._specs, self.settings.shown(self._specs), [STAGING])
        if self._specs.is_dir():
            clear_folder(self._specs / STAGING)
            if lock_path(self.settings).is_file():
                self._write_lock()

    def is_whole(self, endpoint_id: str) -> bool:
        """Whether an endpoint's document is there and as the lock says."""
        entry = self.lock.endpoints.get(endpoint_id)
        return entry is not None and hash_of(document_path(self._specs, endpoint_id)) == entry.sha256

    def put(self, documents: Mapping[str, Found]) -> dict[str, str]:
        """Take over documents, as far as their content differs from what is there.

        Returns:
            `new`, `changed` or `unchanged` by id; for a document whose place is taken by something else, why not.
        """
        outcome: dict[str, str] = {}
        entries: dict[str, LockEntry | None] = {}
        texts: dict[str, bytes] = {}
        for endpoint_id, found in documents.items():
            path = document_path(self._specs, endpoint_id)
            old = _parsed(path)
            entry = self._entry(endpoint_id, found)
            if old is not None and content_hash(old) == entry.sha256:
                outcome[endpoint_id] = "unchanged"
            elif problem := obstacle(self._specs, endpoint_id):
                outcome[endpoint_id] = problem
                continue
            else:
                outcome[endpoint_id] = "changed" if path.exists() else "new"
                texts[endpoint_id] = printed(found.data, old)
            entries[endpoint_id] = entry
        self._commit(entries, texts, ())
        return outcome

    def mark_vanished(self, asked: Mapping[str, str]) -> None:
        """Remember that fal no longer has these endpoints. Their documents stay.

        Args:
            asked: Where each was asked for, by id.
        """
        for endpoint_id, url in asked.items():
            entry = self.lock.endpoints.get(endpoint_id)
            if entry is None:  # it was here before there was a lock
                data = _parsed(document_path(self._specs, endpoint_id))
                entry = self._entry(endpoint_id, Found(data=data, url=url))
            if entry.vanished is None:
                self.lock.endpoints[endpoint_id] = replace(entry, vanished=self.today)
        self._write_lock()

    def refuse_linked(self, ids: Iterable[str]) -> None:
        """Make sure that no folder on the way to those of some documents that are there is a link.

        Raises:
            SettingsError: One is.
        """
        refuse_links(
            self._specs, self.settings.shown(self._specs), [one.rpartition("/")[0] for one in self._present(ids)]
        )

    def remove(self, ids: Iterable[str]) -> None:
        """Take documents away, and their entries."""
        there = self._present(ids)
        self._commit(dict.fromkeys(there), {}, there)

    def _present(self, ids: Iterable[str]) -> list[str]:
        """Those that have a document or an entry; of the others some could not even have one."""
        documents = find_documents(self._specs)
        return [one for one in ids if one in self.lock.endpoints or one in documents]

    def _entry(self, endpoint_id: str, found: Found) -> LockEntry:
        """The entry of a document: the one there is, unless something it says has changed."""
        sha256, called = content_hash(found.data), called_as(endpoint_id, found.data)
        before = self.lock.endpoints.get(endpoint_id)
        if before is not None and before.sha256 == sha256:
            # The same content from elsewhere at fal is no news; from a file it is, for that file is read again.
            moved = is_local(found.url) or is_local(before.url)
            return replace(before, url=found.url if moved else before.url, called_as=called, vanished=None)
        return LockEntry(url=found.url, sha256=sha256, changed=self.today, called_as=called)

    def _commit(self, entries: Mapping[str, LockEntry | None], texts: Mapping[str, bytes], gone: Iterable[str]) -> None:
        """The four steps of the module's head."""
        before = dict(self.lock.endpoints)
        after = {one: entry for one, entry in {**before, **entries}.items() if entry is not None}
        if texts or gone:
            staged = self._stage(texts)
            announced = {one: entry for one, entry in entries.items() if one in texts or entry is None}
            self.lock.writing = announced
            self._write_lock()
            for endpoint_id, path in staged.items():
                path.replace(document_path(self._specs, endpoint_id))
            for endpoint_id in gone:
                remove_file(document_path(self._specs, endpoint_id), self._specs)
        self.lock = SpecLock(endpoints=after)
        if texts or gone or after != before:
            self._write_lock()

    def _stage(self, texts: Mapping[str, bytes]) -> dict[str, Path]:
        """Write documents beside their place, and make the folders of those places."""
        folder = self._specs / STAGING
        # No name ends in .json: what is staged is no document yet.
        staged = {endpoint_id: folder / str(number) for number, endpoint_id in enumerate(texts)}
        try:
            make_folders([*staged.values(), *(document_path(self._specs, one) for one in texts)])
            for endpoint_id, text in texts.items():
                write_new(staged[endpoint_id], text)
        except OSError:
            clear_folder(folder)
            raise
        return staged

    def _write_lock(self) -> None:
        text = self.lock.render().encode()
        path = lock_path(self.settings)
        if not path.is_file() or path.read_bytes() != text:
            replace_file(path, text, beside=self._specs / STAGING / "lock")
        if not self.lock.writing:
            clear_folder(self._specs / STAGING)


def _parsed(path: Path) -> Json:
    """The document in a file, or None where there is none that can be read."""
    try:
        return parse_bounded(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, NotJsonError):
        return None


def obstacle(specs: Path, endpoint_id: str) -> str | None:
    """Why a document cannot be at its place, if it cannot: ids are not made for file systems."""
    if ".json/" in endpoint_id:
        return "a document is a file, and this id needs a folder of such a name"
    if is_too_long(endpoint_id):
        return "its id is too long for a file name"
    path = document_path(specs, endpoint_id)
    if path.is_dir():
        return f"its place is a folder: {path.name}"
    folders = [folder for folder in path.parents if folder != specs and folder.is_relative_to(specs)]
    linked = next((folder for folder in folders if folder.is_symlink()), None)
    if linked is not None:
        return f"its folder is a link, and nothing is written through links: {linked.name}"
    blocked = next((parent for parent in path.parents if parent.exists() and not parent.is_dir()), None)
    return None if blocked is None else f"its folder is a file: {blocked.name}"


_ORDER = "x-fal-order-properties"


def printed(document: Json, old: Json = None) -> bytes:
    """A document as its file holds it: two spaces, UTF-8, a final newline.

    Args:
        document: What fal sent.
        old: What the file holds now, if it holds a document.
    """
    text = json.dumps(_arranged(document, old, []), indent=2, ensure_ascii=False) + "\n"
    # A lone surrogate, which JSON may hold and UTF-8 may not, stays the escape it came as.
    return text.encode("utf-8", "backslashreplace")


def _arranged(value: Json, old: Json, wished: list[str]) -> Json:
    if isinstance(value, list):
        before = old if isinstance(old, list) else []
        return [_arranged(item, before[at] if at < len(before) else None, []) for at, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    kept = old if isinstance(old, dict) else {}
    order = value.get(_ORDER)
    below = [str(name) for name in order] if isinstance(order, list) else []
    keys = dict.fromkeys([*kept, *wished, *sorted(value)])
    return {
        key: _arranged(value[key], kept.get(key), below if key == "properties" else []) for key in keys if key in value
    }
