"""The generator, stage by stage. Read this first: each stage is the function of its name in the file of its name.

    load ─> parse ─> resolve ─> normalize ─> name ─> share ─> lower ─> models ─> render ─┬─> inert ──┬─> plan ─> apply
            └─ each document alone ─────┘   └─ all ─────┘    │                           └─> format ─┤
                                                             └─ what is as it was: finished ─────────┘
    parse/ ……………………………………………………………………………… ir/ ……………………………………… emit/ ……………………………………………………………… write/ ………………………

`understand` goes as far as `share`, `run` as far as `plan`; only `write`, which is `apply`, changes any file. From
`parse` to `inert` everything is a function of the documents, `types.lock`, the templates and the settings. So a run
remembers: what each document says, read alone (`ir/remembered.py`), and the modules whose document and whose part of
what `share` decided are as they were (`emit/finished.py`). The rest is made anew.

Beside the modules a package has the types of fakes (`emit/fakes.py`, rendered and judged like the others) and, as data,
the schemas of its endpoints (`emit/carried.py`).
"""

from __future__ import annotations

import gc
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from . import places
from .diagnostics import Diagnostic, Findings
from .emit import carried
from .emit.fakes import fake_modules
from .emit.finished import Caches, find_finished, made_from, remember_finished
from .emit.format import format  # noqa: A004  (the stage's name)
from .emit.inert import inert
from .emit.models import Begun, models
from .emit.render import header, render
from .emit.workers import spread, workers
from .ir.lower import lower
from .ir.name import NamedEndpoints, name
from .ir.remembered import Remembered
from .ir.share import Sharing, share
from .parse.load import Loaded, load
from .parse.normalize import normalize
from .parse.parse import parse
from .parse.resolve import resolve
from .project.cache import FOLDER as CACHE_FOLDER
from .project.file_inputs import FileTable, read_file_table
from .project.ids import find_documents
from .project.settings import RuntimePart
from .project.type_lock import TypesLock, lock_path, read_lock
from .write.apply import apply
from .write.manifest import Manifest, read_manifest, written
from .write.plan import ChangeSet, plan
from .write.unchanged import makers

if TYPE_CHECKING:
    from collections.abc import Generator

    from .ir import nodes
    from .parse.load import Document
    from .parse.normalize import Normalized
    from .project.settings import Settings


class Understood(NamedTuple):
    """What the documents say, and what was decided about it."""

    loaded: Loaded
    named: NamedEndpoints[Normalized]
    sharing: Sharing
    lock: TypesLock
    files: FileTable
    previous: Manifest


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
        caches: What the next run need not make again.
    """

    api: nodes.Api
    changes: ChangeSet
    lock: str
    lock_changed: bool
    previous: Manifest
    diagnostics: tuple[Diagnostic, ...]
    texts: dict[str, str]
    caches: Caches


@contextmanager
def no_collecting() -> Generator[None]:
    """Let nothing be collected meanwhile: looking through all objects again and again is a tenth of a run.

    Of stage `inert` it is most of the time: the tree of a module is thousands of objects.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def _read(document: Document, findings: Findings, files: FileTable) -> Normalized | None:
    """The stages that look at one document alone."""
    parsed = parse(document, findings)
    resolved = None if parsed is None else resolve(parsed, findings)
    return None if resolved is None else normalize(resolved, findings, files)


def understand(settings: Settings, findings: Findings, *, types: TypesLock | None = None) -> Understood:
    """The stages up to which types are one: what `list`, `explain` and `diff` need too.

    Args:
        settings: The project's.
        findings: Gathers what is wrong with the documents.
        types: The names to go on with, where the documents have no `types.lock` beside them.

    Raises:
        SettingsError: The settings, `endpoints.toml`, `file-inputs.toml` or `types.lock` are not as they should be.
    """
    loaded = load(settings, findings)
    files, lock, previous = read_file_table(settings), read_lock(settings, types), read_manifest(settings)
    normalized = [plain for one in loaded.documents if (plain := _read(one, findings, files)) is not None]
    named = name(loaded, normalized, previous.endpoints, settings, findings)
    sharing = share(named.endpoints, lock)
    return Understood(loaded, named, sharing, lock, files, previous)


@no_collecting()
def run(settings: Settings, *, force: bool = False) -> Result:
    """Run every stage up to plan: nothing is written.

    Where a module must not be written, its endpoints are taken out, and all begins anew.

    Raises:
        SettingsError: The settings, `endpoints.toml` or `types.lock` are not as they should be.
        DefectError: What no document can cause: the generator or a template is wrong.
    """
    caches = Caches(settings.root / CACHE_FOLDER, makers(settings, places.TEMPLATES))
    files_told, with_fakes = read_file_table(settings), RuntimePart.TESTING in settings.parts
    at_load, refused = Findings(), dict[str, Diagnostic]()
    with ExitStack() as stack:
        # Processes take their time to start, and are smaller before there is anything to know.
        surely_new = 0 if caches.readings.keys() else len(find_documents(settings.specs))
        pool = stack.enter_context(workers(surely_new))
        loaded, previous = load(settings, at_load), read_manifest(settings)
        read = partial(_read, files=files_told)
        remembered = Remembered(caches.readings, caches.definitions, read, files_told)
        new = remembered.unknown(loaded.documents)
        pool = pool or stack.enter_context(workers(len(new)))
        remembered.learn(new, partial(spread, pool))
        while True:
            findings, lock = Findings(at_load.all()), read_lock(settings)
            documents = {one.id: one for one in loaded.documents if one.id not in refused}
            known = [it for one in documents.values() if (it := remembered.know(one, findings)) is not None]
            named = name(loaded, known, previous.endpoints, settings, findings)
            sharing = share(named.endpoints, lock)
            made = made_from(named, sharing)
            done = find_finished(made, settings.package, caches, fakes=with_fakes)
            changed = [remembered.whole(documents[one.id]) for one in named.endpoints if one.id not in done.endpoints]
            about = {one.id: one.about for one in named.endpoints}
            begun = Begun(places.TEMPLATES, caches.models, pool)
            api = lower(named.with_endpoints(changed), sharing, files_told, settings, done.endpoints, about, begun.take)
            classes = models(api, begun)
            fakes = fake_modules(api) if with_fakes else []
            rendered = render(api, classes.sources, places.TEMPLATES, settings, fakes)
            with format(rendered, caches.format, pool) as (files, finished):  # ruff works while modules are judged
                refusals = inert(files, api, classes.unmade, caches.inert, fakes, pool)
                if not refusals:
                    by = [documents[one.id] for one in named.endpoints]
                    data = _carried(settings, remembered, by, api, previous, caches)
                    files = finished()
                    break
            refused |= {endpoint: one.diagnostic for one in refusals for endpoint in one.endpoints}
    remember_finished(api, files, made, caches)
    contents = {one.id: content for one in loaded.documents if (content := remembered.content(one))}
    changes = plan(files | data | done.texts, api, contents, previous, settings, force=force)
    path, types = lock_path(settings), lock.render()
    return Result(
        api=api,
        changes=changes,
        lock=types,
        lock_changed=not path.is_file() or path.read_text(encoding="utf-8") != types,
        previous=previous,
        diagnostics=(*findings.all(), *dict.fromkeys(refused.values()), *changes.refused, *changes.strangers),
        texts=loaded.texts,
        caches=caches,
    )


def _carried(
    settings: Settings,
    remembered: Remembered,
    documents: list[Document],
    api: nodes.Api,
    previous: Manifest,
    caches: Caches,
) -> dict[str, str]:
    """The file of the endpoints' schemas, by its path."""
    path, by_id = f"{settings.package}/{places.SCHEMAS}", {one.id: one for one in documents}
    kept = [one.id for one in api.registry if one.id not in by_id]
    text = carried.carried(
        {one.id: one.key for one in documents},
        kept,
        written(settings, path, previous),
        header(settings.shown(settings.specs) + "/"),
        lambda one: remembered.schemas(by_id[one]),
        caches.carried,
    )
    return {path: text}


def write(settings: Settings, result: Result) -> None:
    """Write what `run` planned.

    Raises:
        SettingsError: See `apply`; an OSError likewise.
    """
    apply(result.changes, result.lock if result.lock_changed else None, result.previous, settings)
    result.caches.save()
