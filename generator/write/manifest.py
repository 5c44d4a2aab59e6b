"""The manifest: what is ours in the output folder, and what it was made from (a part of the stages plan and apply)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from ..ir.tree import flat_name
from ..places import FAKES, SHARED_FAKES
from ..project.files import was_lost
from ..project.settings import Layout, Settings
from ..version import VERSION

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping
    from pathlib import Path

    from ..ir import nodes

# The generator's own; that of the package is in releases.json.
STAGING = ".fal-typed-staging"
MANIFEST = "manifest.json"
OURS = "ours.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What the last run wrote: the hash of every file, by path, and for each endpoint what its module uses.

    Attributes:
        files: SHA-256 of the text, by path.
        endpoints: For each id, the shared types its module imports, as `[kind, module, class]`.
        staged: Hashes, by path, of runs that were interrupted; their files are ours too.
    """

    files: dict[str, str]
    endpoints: dict[str, list[list[str]]]
    staged: dict[str, list[str]]

    def is_ours(self, path: str, there: bytes) -> bool:
        """Whether a file on disk is as some run of ours wrote it, or as a power failure left what we wrote."""
        if was_lost(there) and (path in self.files or path in self.staged):
            return True
        known = digest(there)
        return known == self.files.get(path) or known in self.staged.get(path, [])


def written(settings: Settings, path: str, manifest: Manifest) -> str | None:
    """The text of a file below the output folder, if it is as the last run wrote it."""
    try:
        data = (settings.output / path).read_bytes()
    except OSError:
        return None
    return data.decode(errors="replace") if digest(data) == manifest.files.get(path) else None


def digest(text: str | bytes) -> str:
    """SHA-256 of a file's bytes."""
    return hashlib.sha256(text.encode() if isinstance(text, str) else text).hexdigest()


def read_manifest(settings: Settings) -> Manifest:
    """What is known of earlier runs; a missing or unreadable manifest knows nothing."""
    current = _read(settings.output / manifest_path(settings))
    staged = _read(settings.output / STAGING / OURS)
    files, endpoints = _table(current.get("files")), _table(current.get("endpoints"))
    return Manifest(
        files={path: known for path, known in files.items() if isinstance(known, str)},
        endpoints={one: _imports(used) for one, used in endpoints.items()},
        staged={path: [str(known) for known in _list(hashes)] for path, hashes in staged.items()},
    )


def _read(path: Path) -> dict[str, object]:
    try:
        document: object = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return _table(document)


def _table(value: object) -> dict[str, object]:
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def _list(value: object) -> list[object]:
    return cast("list[object]", value) if isinstance(value, list) else []


def _imports(used: object) -> list[list[str]]:
    return [[str(part) for part in _list(one)] for one in _list(used) if len(_list(one)) == 3]


def manifest_path(settings: Settings) -> str:
    """The manifest's path below the output folder: a vendored package carries it inside."""
    return MANIFEST if settings.layout is Layout.PROJECT else f"{settings.package}/{MANIFEST}"


def kept_files(api: nodes.Api) -> set[str]:
    """Where the files of endpoints would be whose documents could not be read, and of the types that they use."""
    modules = [f"{api.package}/endpoints/{'/'.join(node.path)}" for node in api.nodes if node.kept]
    kept = {f"{module}{end}" for module in modules for end in (".py", "/__init__.py")}
    kept |= {f"{api.package}/{FAKES}/{flat_name(node.path)}.pyi" for node in api.nodes if node.kept}
    kept |= {f"{api.package}/{one.kind.value}/_{one.module}.py" for one in api.kept_types}
    return kept | {f"{api.package}/{SHARED_FAKES}/_{one.module}.pyi" for one in api.kept_types}


def manifest_text(
    api: nodes.Api,
    files: Mapping[str, str],
    contents: Mapping[str, str],
    previous: Manifest,
    refused: Collection[str],
) -> str:
    """The manifest's text: what is ours in the folder, and what it was made from.

    Args:
        api: What is emitted.
        files: The text of every file wanted, by path.
        contents: The hash of each document's content, by id.
        previous: What earlier runs wrote.
        refused: Files that somebody edited, which stay as they are.
    """
    hashes = {path: digest(text) for path, text in files.items() if path not in refused}
    # A file that stays as it was keeps its old entry, so that it is known when its reason to stay is gone.
    stays = (files.keys() & refused) | (kept_files(api) - files.keys())
    hashes |= {path: old for path, old in previous.files.items() if path in stays}
    own = [node.endpoint for node in api.nodes if node.endpoint is not None]
    used = {endpoint.id: _used(endpoint.imports) for endpoint in own}
    done = [node.finished for node in api.nodes if node.finished is not None]
    used |= {one.id: _used(one.imports) for one in done}
    used |= {e.id: previous.endpoints[e.id] for e in api.registry if e.id not in used}
    documents = {one: content for one, content in contents.items() if one in used}
    document = {"generator": VERSION, "documents": documents, "endpoints": used, "files": hashes}
    return json.dumps(document, indent=2, sort_keys=True) + "\n"


def _used(imports: Iterable[nodes.Import]) -> list[list[str]]:
    return sorted([one.kind.value, one.module, one.name] for one in imports)
