"""What was rendered before, by the content it was rendered from: a run over unchanged documents renders nothing anew.

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


class Cache:
    """One table of texts by key, kept in a file.

    Only what a run asked for is kept, so the file does not grow with the project's history.

    Args:
        folder: The cache's folder, or None to remember nothing.
        name: The table.
    """

    def __init__(self, folder: Path | None, name: str) -> None:
        self._path = None if folder is None else folder / f"{name}.json"
        self._known = _read(self._path)
        self._used: dict[str, str] = {}

    def get(self, key: str) -> str | None:
        """The text that was put under a key, if there is one."""
        text = self._used.get(key, self._known.get(key))
        if text is not None:
            self._used[key] = text
        return text

    def put(self, key: str, text: str) -> None:
        """Remember a text."""
        self._used[key] = text

    def save(self) -> None:
        """Write the table, if it changed."""
        if self._path is not None and self._used != self._known:
            keep(self._path, json.dumps(self._used).encode())


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


def _read(path: Path | None) -> dict[str, str]:
    try:
        document: object = {} if path is None else json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    entries = cast("dict[str, object]", document).items() if isinstance(document, dict) else ()
    return {key: text for key, text in entries if isinstance(text, str)}


def key_of(*parts: str | Iterable[str]) -> str:
    """A key that is equal only for equal parts."""
    text = json.dumps([part if isinstance(part, str) else list(part) for part in parts])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
