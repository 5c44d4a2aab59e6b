"""The generator, stage by stage. Read this first; each stage is a file of its name.

    load ─> resolve ─> normalize ─> share ─> name ─> lower ─> models ─> render ─> inert ─> plan ─> apply
                                                                              └─> format ─┘
From `resolve` to `inert` everything is a function of the documents, `types.lock`, the templates and the settings.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .diagnostics import Code, Diagnostic, Findings, Source
from .emit.format import formatting
from .emit.inert import Verdict, check, refusal
from .emit.inert.meaning import meanings
from .emit.models import ModelsError, render_models
from .emit.render import Renderer, node_path, shared_path
from .emit.workers import workers
from .ir import nodes
from .ir.lower import lower_endpoint, lower_shared, shared_imports
from .ir.name import EndpointName, endpoint_name, name_endpoints
from .ir.share import Kind, Sharing, share
from .ir.structure import is_untangled
from .ir.tree import build_registry, build_tree
from .parse.load import Loaded, load
from .parse.normalize import Normalized, normalize
from .parse.resolve import resolve
from .project.cache import FOLDER as CACHE_FOLDER
from .project.cache import Cache
from .project.file_inputs import FileTable, read_file_table
from .project.files import refuse_links, refuse_unwritable, replace_file
from .project.releases import read_releases
from .project.type_lock import TypesLock, read_lock
from .write.changes import ChangeSet, apply, plan, with_manifest
from .write.manifest import STAGING, Manifest, kept_files, manifest_path, manifest_text, read_manifest

if TYPE_CHECKING:
    from collections.abc import Container, Generator
    from concurrent.futures import Executor

    from .project.settings import Settings

TEMPLATES = Path(__file__).parent.parent / "templates"
# The generator's own; that of the package is in releases.json.
VERSION = "0.1.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What a run would do, or did.

    Attributes:
        api: What is emitted.
        changes: What differs in the output folder.
        lock: `types.lock` as it must be, and whether that differs from what is there.
        previous: What earlier runs wrote.
        diagnostics: Everything found.
        texts: The documents' text by path, for the diagnostics' lines.
        caches: What the next run need not render again.
    """

    api: nodes.Api
    changes: ChangeSet
    lock: str
    lock_changed: bool
    previous: Manifest
    diagnostics: tuple[Diagnostic, ...]
    texts: dict[str, str]
    caches: tuple[Cache, ...]


class Read(NamedTuple):
    """What the documents say, and what was decided about it."""

    loaded: Loaded
    normalized: tuple[Normalized, ...]
    names: dict[str, EndpointName]
    kept: frozenset[str]
    previous: Manifest
    lock: TypesLock
    sharing: Sharing
    files: FileTable


class Rendered(NamedTuple):
    """What would be written, if it is inert, or what could not be laid out at all."""

    read: Read
    api: nodes.Api
    files: dict[str, str]
    findings: Findings
    unmade: list[Verdict]


def read(
    settings: Settings, findings: Findings, *, types: TypesLock | None = None, refused: Container[str] = ()
) -> Read:
    """The first half, up to which types are one: what `list`, `explain` and `diff` need too.

    Args:
        settings: The project's.
        findings: Gathers what is wrong with the documents.
        types: The names to go on with, where the documents have no `types.lock` beside them.
        refused: Endpoints whose modules must not be written: they stay as they were, like those of broken documents.

    Raises:
        SettingsError: The settings, `endpoints.toml`, `file-inputs.toml` or `types.lock` are not as they should be.
    """
    loaded, files = load(settings, findings), read_file_table(settings)
    documents = [document for document in loaded.documents if document.id not in refused]
    resolved = [one for document in documents if (one := resolve(document, findings)) is not None]
    normalized = [done for one in resolved if (done := normalize(one, findings)) is not None]
    normalized = [one for one in normalized if is_untangled(one, findings)]
    lock_path = settings.specs / "types.lock"
    lock = read_lock(lock_path, settings.shown(lock_path))
    if types is not None and not lock_path.is_file():
        lock = types.copy()
    previous = read_manifest(settings.output, manifest_path(settings))
    names, kept = _name(loaded, normalized, previous, settings, findings)
    normalized = [one for one in normalized if one.resolved.document.id in names]
    return Read(loaded, tuple(normalized), names, kept, previous, lock, share(normalized, lock), files)


def run(settings: Settings, *, force: bool = False) -> Result:
    """Run every stage up to plan: nothing is written.

    Raises:
        SettingsError: The settings, `endpoints.toml` or `types.lock` are not as they should be.
    """
    caches = tuple(Cache(settings.root / CACHE_FOLDER, stage) for stage in ("models", "inert", "format"))
    with no_collecting():
        made, files, refused = _render(settings, caches)
    api, findings = made.api, made.findings
    loaded, previous, lock = made.read.loaded, made.read.previous, made.read.lock

    keep = frozenset({*(previous.files.keys() & kept_files(api)), manifest_path(settings)})
    changes = plan(settings.output, settings.shown(settings.output), files, previous, keep=keep, force=force)
    manifest = manifest_text(VERSION, api, files, loaded, previous, changes, settings)
    changes = with_manifest(settings.output, changes, manifest_path(settings), manifest)
    lock_path, lock_text = settings.specs / "types.lock", lock.render()
    return Result(
        api=api,
        changes=changes,
        lock=lock_text,
        lock_changed=not lock_path.is_file() or lock_path.read_text(encoding="utf-8") != lock_text,
        previous=previous,
        diagnostics=(*findings.all(), *refused, *changes.refused, *changes.strangers),
        texts=loaded.texts,
        caches=caches,
    )


def _render(settings: Settings, caches: tuple[Cache, ...]) -> tuple[Rendered, dict[str, str], tuple[Diagnostic, ...]]:
    """All files, inert and formatted, and why some endpoints stay as they were.

    Those are taken out, and all begins anew.
    """
    refused: dict[str, Diagnostic] = {}
    with workers(sum(1 for _ in settings.specs.rglob("*.json"))) as pool:
        while True:
            made = render_all(settings, caches[0], pool, refused)
            with formatting(made.files, caches[2]) as formatted:
                verdicts = judge(made, caches[1])
                if not verdicts:
                    return made, formatted(), tuple(dict.fromkeys(refused.values()))
            refused |= {one: verdict.diagnostic for verdict in verdicts for one in verdict.endpoints}


def render_all(settings: Settings, cache: Cache, pool: Executor | None, refused: Container[str] = ()) -> Rendered:
    """Every stage from load to render, once.

    Args:
        settings: The project.
        cache: Of the stage models.
        pool: What `workers` gave.
        refused: See `read`.
    """
    findings = Findings()
    found = read(settings, findings, refused=refused)
    api = _lower(found.normalized, found.names, found.sharing, found.files, found.kept, found.previous, settings)
    try:
        sources = render_models(_classes(api), TEMPLATES, cache, pool)
    except ModelsError as error:
        if not error.modules:
            raise
        told, modules = meanings(api), {f"{api.package}/{path}": what for path, what in error.modules.items()}
        unmade = [refusal(told[path], path, what) for path, what in modules.items()]
        return Rendered(found, api, {}, findings, unmade)
    files = Renderer(TEMPLATES, settings.shown(settings.specs)).render(api, sources, settings.layout)
    return Rendered(found, api, files, findings, [])


def judge(made: Rendered, cache: Cache) -> list[Verdict]:
    """Stage inert: what must not be written."""
    return [*made.unmade, *check(made.files, meanings(made.api), made.api.package, cache)]


def write(settings: Settings, result: Result) -> None:
    """Stage apply: write what `run` planned, the types' names first, for files are named after them.

    Raises:
        SettingsError: A link stands where something would be written, a folder is read-only, or a file was changed
            since `run` looked at it.
        OSError: Something cannot be written. A file is then as it was or as it shall be, and the next run goes on.
    """
    touched = [*result.changes.write, *result.changes.remove, STAGING]
    shown = settings.shown(settings.output)
    refuse_links(settings.output, shown, touched)
    lock = settings.specs / "types.lock"
    files = [settings.output / path for path in touched] if len(touched) > 1 else []
    refuse_unwritable([*files, lock] if result.lock_changed else files, settings.shown)
    for cache in result.caches:
        cache.save()
    if result.lock_changed:
        replace_file(lock, result.lock.encode(), durable=True)
    apply(settings.output, shown, result.changes, result.previous)


def _name(
    loaded: Loaded, normalized: list[Normalized], previous: Manifest, settings: Settings, findings: Findings
) -> tuple[dict[str, EndpointName], frozenset[str]]:
    """Names for what can be generated, and for what cannot this time but is there from an earlier run."""
    ready = {one.resolved.document.id for one in normalized}
    broken = {document.id for document in loaded.documents} - ready | set(loaded.broken)
    package = settings.output / settings.package / "endpoints"
    kept = {one for one in broken if one in previous.endpoints and _module(package, endpoint_name(one)).is_file()}
    paths = {one: f"{settings.shown(settings.specs)}/{one}.json" for one in ready | kept}
    names = name_endpoints(ready | kept, paths, findings, previous.endpoints)
    for one in sorted(kept & names.keys()):
        if _module(package, names[one]).name == "__init__.py":
            continue
        # What stays as it was is a module, and only a package could have children.
        for below in [b for b in names if names[b].path[: len(names[one].path)] == names[one].path and b != one]:
            del names[below]
            findings.add(
                Code.NO_PARENT,
                f"{below} can be emitted when the document of {one}, its parent, can be read again",
                Source(path=paths[below]),
            )
    return names, frozenset(kept & names.keys())


def _module(package: Path, name: EndpointName) -> Path:
    """The file of an endpoint's module as it is now."""
    folder = package.joinpath(*name.path)
    return folder / "__init__.py" if folder.is_dir() else folder.with_name(folder.name + ".py")


def _lower(
    normalized: tuple[Normalized, ...],
    names: dict[str, EndpointName],
    sharing: Sharing,
    files: FileTable,
    kept: frozenset[str],
    previous: Manifest,
    settings: Settings,
) -> nodes.Api:
    lock_path = settings.shown(settings.specs / "types.lock")
    own = {one.resolved.document.id: one for one in normalized}
    endpoints = {id_: lower_endpoint(one, names[id_], sharing, files) for id_, one in own.items()}
    releases = read_releases(settings)
    return nodes.Api(
        package=settings.package,
        version=releases.version,
        releases=releases.all,
        shared=tuple(
            lower_shared(one, shared_imports(one, sharing), lock_path, files) for one in sharing.shared.values()
        ),
        nodes=build_tree(names.values(), endpoints),
        registry=build_registry(names.values()),
        kept_types=tuple(
            nodes.Import(kind=Kind(kind), module=module, name=name, alias=name)
            for one in sorted(kept)
            for kind, module, name in previous.endpoints[one]
        ),
    )


def _classes(api: nodes.Api) -> dict[str, tuple[nodes.Class, ...]]:
    """The classes of every module that has some."""
    shared = {shared_path(module): (module.cls,) for module in api.shared}
    own = {node_path(node): node.endpoint.classes for node in api.nodes if node.endpoint is not None}
    return {**shared, **own}


__all__ = ["TEMPLATES", "VERSION", "Result", "judge", "render_all", "run", "write"]


@contextmanager
def no_collecting() -> Generator[None]:
    """Let nothing be collected within the `with`: looking through all objects again and again is a tenth of a run.

    Of stage `inert` it is most of the time: the tree of a module is thousands of objects.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
