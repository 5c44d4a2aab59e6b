"""Whether a run would do what the last one did: then there is nothing to do, and it is known at once.

What comes out is a function of the documents, `types.lock`, the templates, the generator and the settings. The last run
left a hash of all of them, and the output is as its manifest says: no stage needs to run to know the rest.
"""

# design: What does a run cost when nothing changed?

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path
from sysconfig import get_python_version
from typing import TYPE_CHECKING, cast

from ..project.cache import FOLDER, Cache, key_of
from ..project.file_inputs import FILE_NAME
from ..project.files import bytes_of, files_below
from ..project.type_lock import lock_path
from .manifest import digest, manifest_path, read_manifest

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..project.settings import Settings

_GENERATOR = Path(__file__).parent.parent
_TOOLS = ("datamodel-code-generator", "jinja2", "pydantic", "ruff")
_TABLE = "last"


def fingerprint(settings: Settings, templates: Path) -> str:
    """A hash of everything that the output is made from, but `types.lock`: a run may change that."""
    specs = _files(settings.specs, "json") + sorted(str(path) for path in settings.specs.glob("*.toml"))
    return key_of(makers(settings, templates), repr((settings.published, settings.endpoints)), _hash(specs))


def makers(settings: Settings, templates: Path) -> str:
    """A hash of everything that a module is made by: the generator, the templates, the tools and the settings."""
    shape = (settings.package, settings.layout.value, settings.shown(settings.output), settings.shown(settings.specs))
    limits = (settings.max_document_mib, sorted(part.value for part in settings.parts), get_python_version())
    made_by = [version(tool) for tool in _TOOLS]
    own_table = [str(settings.specs / FILE_NAME)]
    # The generator itself: its modules, and its tables of types and of files.
    return key_of(
        repr((shape, limits, made_by)), _hash(_files(templates) + _files(_GENERATOR, "py", "json", "toml") + own_table)
    )


def _files(folder: Path, *ends: str) -> list[str]:
    """The files of a folder and those below it, of these kinds, or of all."""
    kinds = tuple(f".{end}" for end in ends) or ""
    return [path for path in files_below(folder, str(folder)) if path.endswith(kinds)]


def _hash(paths: Iterable[str]) -> str:
    found = hashlib.sha256()
    for path in paths:
        if (data := bytes_of(path)) is not None:
            found.update(repr((path, digest(data))).encode())
    return found.hexdigest()


def remember(settings: Settings, made_from: str, lock: str, messages: list[str], endpoints: int) -> None:
    """Keep what a run that left nothing to do had to say.

    Args:
        settings: The project.
        made_from: The fingerprint, taken before the run: what changed while it ran must not pass for what it read.
        lock: `types.lock` as the run left it.
        messages: What it had to say.
        endpoints: How many there are.
    """
    keep(settings, _TABLE, _key(made_from, lock.encode()), messages, endpoints)


def recall(settings: Settings, made_from: str) -> tuple[list[str], int] | None:
    """The messages and the number of endpoints of the last run, if its output is still as it was left."""
    lock = lock_path(settings)
    last = kept(settings, _TABLE, _key(made_from, lock.read_bytes())) if lock.is_file() else None
    return last if last is not None and _is_whole(settings) else None


def keep(settings: Settings, table: str, key: str, messages: list[str], endpoints: int) -> None:
    """Keep what a run had to say, and of how many endpoints, in a table of the project's cache."""
    cache = Cache(settings.root / FOLDER, table)
    cache.put(key, json.dumps([messages, endpoints]))
    cache.save()


def kept(settings: Settings, table: str, key: str) -> tuple[list[str], int] | None:
    """What `keep` kept: the messages and the number of endpoints."""
    text = Cache(settings.root / FOLDER, table).get(key)
    if text is None:
        return None
    messages, endpoints = cast("tuple[list[str], int]", json.loads(text))
    return messages, endpoints


def _key(made_from: str, lock: bytes) -> str:
    return key_of(made_from, digest(lock))


def _is_whole(settings: Settings) -> bool:
    """Whether every file of the manifest is as it says, and no other is among them."""
    manifest = read_manifest(settings)
    if not manifest.files or manifest.staged:
        return False
    output = str(settings.output)
    for path, known in manifest.files.items():
        data = bytes_of(f"{output}/{path}")
        if data is None or digest(data) != known:
            return False
    there = files_below(settings.output / settings.package, settings.package)
    return not set(there) - manifest.files.keys() - {manifest_path(settings)}
