"""What was read and rendered before, by what it was made from: a run does anew what depends on what changed.

The cache never decides what comes out, only how soon: an entry's key is a hash of all that its text depends on. It
lives in a folder of its own beside the `pyproject.toml`, which git ignores and anybody may delete.
"""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING, cast

from .files import remove_file, replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER = ".fal-typed-cache"
_FORMAT = 2
_HASH = len(f"{_FORMAT} ") + 64 + 1
_NOTHING: dict[str, str] = {}
_encode = json.JSONEncoder(ensure_ascii=False).encode


class Cache:
    """One table of texts by owner (a module, a document) and key, kept in a file.

    Only what a run asked for is kept, so the file does not grow with the project's history.

    Args:
        folder: The cache's folder, or None to remember nothing.
        name: The table.
        made_by: What every entry depends on besides its key; a table that something else made is empty.
    """

    def __init__(self, folder: Path | None, name: str, made_by: str = "") -> None:
        self._path = None if folder is None else folder / f"{name}.json"
        self._made_by = made_by
        self._known = _read(self._path, made_by)
        self._used: dict[str, dict[str, str]] = {}

    def get(self, key: str, of: str = "") -> str | None:
        """The text that was put under a key of an owner, if there is one."""
        text = self._used.get(of, _NOTHING).get(key)
        if text is None:
            text = self._known.get(of, _NOTHING).get(key)
            if text is not None:
                self.put(key, text, of)
        return text

    def keys(self) -> set[str]:
        """The keys of all that is remembered, whoever owns it; nothing is marked as asked for."""
        return {key for table in (self._known, self._used) for texts in table.values() for key in texts}

    def only(self, of: str) -> str | None:
        """The text of an owner that had one from the last run, whatever its key; nothing is marked as asked for."""
        texts = self._known.get(of, _NOTHING)
        return next(iter(texts.values())) if len(texts) == 1 else None

    def put(self, key: str, text: str, of: str = "") -> None:
        """Remember a text."""
        self._used.setdefault(of, {})[key] = text

    def stay(self, of: str) -> None:
        """Go on remembering what an owner has, though nobody asks for it this time."""
        if of in self._known:
            self._used[of] = {**self._known[of], **self._used.get(of, _NOTHING)}

    def save(self) -> None:
        """Write the table, if it changed."""
        if self._path is not None and self._used != self._known:
            data = json.dumps({"made_by": self._made_by, "entries": self._used}).encode()
            keep(self._path, _hash(data) + data)


def keep(path: Path, data: bytes) -> None:
    """Write a file of the cache, unless the folder is a link. One that cannot be written is no reason to fail."""
    if path.parent.is_symlink():
        return
    with suppress(OSError):
        replace_file(path.parent / ".gitignore", b"*\n")
        replace_file(path, data)


def forget(path: Path) -> None:
    """Remove a file of the cache, unless the folder is a link."""
    if not path.parent.is_symlink():
        remove_file(path, path.parent)


def _read(path: Path | None, made_by: str) -> dict[str, dict[str, str]]:
    """The table in a file; an empty one where that is not as `save` wrote it, to the last byte."""
    try:
        data = b"" if path is None else path.read_bytes()
    except OSError:
        return {}
    known, body = data[:_HASH], data[_HASH:]
    if not body or known != _hash(body):
        return {}
    document = cast("dict[str, object]", json.loads(body))
    entries = cast("dict[str, dict[str, object]]", document["entries"])
    if document["made_by"] != made_by or not all(
        isinstance(text, str) for texts in entries.values() for text in texts.values()
    ):
        return {}
    return cast("dict[str, dict[str, str]]", entries)


def _hash(data: bytes) -> bytes:
    """What a file begins with: its format, and a line that tells whether the rest is whole."""
    return f"{_FORMAT} {hashlib.sha256(data).hexdigest()}\n".encode()


def key_of(*parts: str | Iterable[str]) -> str:
    """A key that is equal only for equal parts."""
    text = _encode([part if isinstance(part, str) else list(part) for part in parts])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
