"""`specs/lock.json`: where each document comes from, what its content hashes to, and when that last changed.

The lock matches the documents at every moment, also when a fetch is cut off: what is about to be written is announced
under `writing` before the first document is replaced. A reader takes for each announced document whichever entry the
document on disk agrees with, so it always sees a lock that is true.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

from ..codes import Code
from ..diagnostics import Diagnostic, Source
from ..json_text import NotJsonError, canonical, parse
from ..limits import parse_bounded
from .ids import called_id, document_path, find_documents, is_endpoint_id, posted_path
from .settings import Settings, SettingsError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from ..json_text import Json

_OPTIONAL = ("called_as", "vanished")
_REQUIRED = ("url", "sha256", "changed")
_DATES = ("changed", "vanished")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LockEntry:
    """What the lock says about one document.

    Attributes:
        url: Where it comes from: fal's address of it, a documentation page, or `file:` and a path from the project.
        sha256: Of its content; key order, spacing and `1.0` for `1` make no difference.
        changed: The day (UTC, YYYY-MM-DD) its content last changed here.
        called_as: The id it is called by, if the document describes another one than it was asked for.
        vanished: The day it was found that fal no longer has the endpoint.
    """

    url: str
    sha256: str
    changed: str
    called_as: str | None = None
    vanished: str | None = None


@dataclass(slots=True)
class SpecLock:
    """The lock: an entry per endpoint id, and what a write in progress will make of some; None is a removal."""

    endpoints: dict[str, LockEntry] = field(default_factory=dict[str, LockEntry])
    writing: dict[str, LockEntry | None] = field(default_factory=dict[str, LockEntry | None])

    def render(self) -> str:
        """The lock's text."""
        tables: dict[str, object] = {"endpoints": {one: _plain(entry) for one, entry in self.endpoints.items()}}
        if self.writing:
            tables["writing"] = {one: entry and _plain(entry) for one, entry in self.writing.items()}
        return json.dumps(tables, indent=2, sort_keys=True) + "\n"

    def settle(self, specs: Path) -> SpecLock:
        """The lock as it is true now: of what was announced, that which has happened."""
        settled = dict(self.endpoints)
        for endpoint_id, entry in self.writing.items():
            content = hash_of(document_path(specs, endpoint_id))
            if entry is None and content is None:
                settled.pop(endpoint_id, None)
            elif entry is not None and content == entry.sha256:
                settled[endpoint_id] = entry
        return SpecLock(endpoints=settled)


def lock_path(settings: Settings) -> Path:
    """Where the lock is."""
    return settings.specs / "lock.json"


def content_hash(data: Json) -> str:
    """SHA-256 of a document's content."""
    return hashlib.sha256(canonical(data).encode("utf-8", "surrogatepass")).hexdigest()


def hash_of(path: Path) -> str | None:
    """The hash of a file's content; None where there is no file, or no JSON in it."""
    try:
        return content_hash(parse_bounded(path.read_text(encoding="utf-8-sig")))
    except (OSError, UnicodeDecodeError, NotJsonError):
        return None


def called_as(endpoint_id: str, document: Json) -> str | None:
    """The id a document says to call, if that is another one than it was asked for by."""
    paths = document.get("paths") if isinstance(document, dict) else None
    path = posted_path(endpoint_id, paths) if isinstance(paths, dict) else None
    called = endpoint_id if path is None else called_id(path)
    return None if called == endpoint_id else called


def read_speclock(settings: Settings) -> SpecLock:
    """Read the lock, as it is true now; a missing file is an empty lock.

    Raises:
        SettingsError: The file is not one of ours.
    """
    path = lock_path(settings)
    if not path.is_file():
        return SpecLock()
    try:
        document = _table(parse(path.read_text(encoding="utf-8")), "the file")
        endpoints = {one: _entry(one, value) for one, value in _table(document["endpoints"], "endpoints").items()}
        writing = _table(document.get("writing", {}), "writing").items()
        announced = {one: None if value is None else _entry(one, value) for one, value in writing}
    except (ValueError, KeyError) as error:
        what = f"it has no {error}" if isinstance(error, KeyError) else error
        raise SettingsError(f"{settings.shown(path)}: not a lock: {what}; restore it from version control") from None
    return SpecLock(endpoints=endpoints, writing=announced).settle(settings.specs)


def differences(settings: Settings, ids: Iterable[str]) -> list[Diagnostic]:
    """Where the documents are not what the lock says: edited, missing, or never fetched.

    Args:
        settings: The project.
        ids: The endpoints that the project covers.

    Raises:
        SettingsError: The lock cannot be read.
    """
    lock = read_speclock(settings)
    there = find_documents(settings.specs)
    found: list[Diagnostic] = []
    for one in sorted(lock.endpoints.keys() | (there.keys() & set(ids))):
        problem, fix = _difference(lock.endpoints.get(one), there.get(one))
        if problem:
            place = Source(path=settings.shown(there.get(one, settings.specs / f"{one}.json")))
            found.append(Diagnostic(code=Code.NOT_LOCKED, message=problem, source=place, fix=fix))
    return found


def _difference(entry: LockEntry | None, path: Path | None) -> tuple[str, str]:
    """What is wrong with one document, if anything is, and what to do."""
    if path is None:
        return "this document is in lock.json, but not here", "restore it, or `remove` the endpoint"
    if entry is None:
        return "this document is not in lock.json", "`add` the endpoint, or remove the file"
    if hash_of(path) != entry.sha256:
        return "its content is not what lock.json says: it was edited by hand", "restore it, or `fetch` it again"
    return "", ""


def _plain(entry: LockEntry) -> dict[str, str]:
    values = {name: getattr(entry, name) for name in (*_REQUIRED, *_OPTIONAL)}
    return {name: value for name, value in values.items() if value is not None}


def _table(value: Json, name: str) -> dict[str, Json]:
    if not isinstance(value, dict):
        raise ValueError(f"{name} must be an object")
    return value


def _entry(endpoint_id: str, value: Json) -> LockEntry:
    if not is_endpoint_id(endpoint_id):
        raise ValueError(f"{endpoint_id!r} is not an endpoint id")
    table = _table(value, endpoint_id)
    for key in table.keys() - {*_REQUIRED, *_OPTIONAL}:
        raise ValueError(f"{endpoint_id}: there is no key {key!r}")
    for key in (*_REQUIRED, *[key for key in _OPTIONAL if key in table]):
        text = table.get(key)
        if not isinstance(text, str) or not text or (key in _DATES and not _DATE.fullmatch(text)):
            raise ValueError(f"{endpoint_id}: {key} must be {'a date' if key in _DATES else 'a text'}, not {text!r}")
    return LockEntry(**cast("dict[str, str]", table))
