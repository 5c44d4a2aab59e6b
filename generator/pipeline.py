"""The generator, stage by stage. Read this first: each stage is the function of its name in the file of its name.

    load ─> resolve ─> normalize ─> name ─> share ─> lower ─> models ─> render ─┬─> inert ──┬─> plan ─> apply
                                                                                └─> format ─┘
    parse/ …………………………………………………… ir/ ……………………………………… emit/ ………………………………………………………… write/ …………………………

`understand` goes as far as `share`, `run` as far as `plan`; only `write`, which is `apply`, changes any file. From
`resolve` to `inert` everything is a function of the documents, `types.lock`, the templates and the settings.
"""

from __future__ import annotations

import gc
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .diagnostics import Diagnostic, Findings
from .emit.format import format  # noqa: A004  (the stage's name)
from .emit.inert import inert
from .emit.models import models
from .emit.render import render
from .emit.workers import workers
from .ir.lower import lower
from .ir.name import NamedEndpoints, name
from .ir.share import Sharing, share
from .parse.load import Loaded, load
from .parse.normalize import normalize
from .parse.resolve import resolve
from .project.cache import FOLDER as CACHE_FOLDER
from .project.cache import Cache
from .project.file_inputs import FileTable, read_file_table
from .project.type_lock import TypesLock, lock_path, read_lock
from .write.apply import apply
from .write.manifest import Manifest, read_manifest
from .write.plan import ChangeSet, plan

if TYPE_CHECKING:
    from collections.abc import Container, Generator

    from .ir import nodes
    from .project.settings import Settings

_HERE = Path(__file__).parent
# Where it is installed they are within it; in a checkout, beside it.
TEMPLATES = next(folder for folder in (_HERE / "templates", _HERE.parent / "templates") if folder.is_dir())


class Understood(NamedTuple):
    """What the documents say, and what was decided about it."""

    loaded: Loaded
    named: NamedEndpoints
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
    caches: tuple[Cache, ...]


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


def understand(
    settings: Settings, findings: Findings, *, types: TypesLock | None = None, refused: Container[str] = ()
) -> Understood:
    """The stages up to which types are one: what `list`, `explain` and `diff` need too.

    Args:
        settings: The project's.
        findings: Gathers what is wrong with the documents.
        types: The names to go on with, where the documents have no `types.lock` beside them.
        refused: Endpoints whose modules must not be written: they stay as they were, like those of broken documents.

    Raises:
        SettingsError: The settings, `endpoints.toml`, `file-inputs.toml` or `types.lock` are not as they should be.
    """
    loaded = load(settings, findings)
    files, lock, previous = read_file_table(settings), read_lock(settings, types), read_manifest(settings)
    documents = [document for document in loaded.documents if document.id not in refused]
    resolved = [known for one in documents if (known := resolve(one, findings)) is not None]
    normalized = [plain for one in resolved if (plain := normalize(one, findings, files)) is not None]
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
    laid_out, judged, formatted = (Cache(settings.root / CACHE_FOLDER, one) for one in ("models", "inert", "format"))
    refused: dict[str, Diagnostic] = {}
    with workers(sum(1 for _ in settings.specs.rglob("*.json"))) as pool:
        while True:
            findings = Findings()
            understood = understand(settings, findings, refused=refused)
            api = lower(understood.named, understood.sharing, understood.files, settings)
            classes = models(api, TEMPLATES, laid_out, pool)
            files = render(api, classes.sources, TEMPLATES, settings)
            with format(files, formatted) as finished:  # ruff works while the modules are judged
                refusals = inert(files, api, classes.unmade, judged)
                if not refusals:
                    files = finished()
                    break
            refused |= {endpoint: one.diagnostic for one in refusals for endpoint in one.endpoints}
    loaded, previous, lock = understood.loaded, understood.previous, understood.lock.render()
    changes = plan(files, api, loaded, previous, settings, force=force)
    path = lock_path(settings)
    return Result(
        api=api,
        changes=changes,
        lock=lock,
        lock_changed=not path.is_file() or path.read_text(encoding="utf-8") != lock,
        previous=previous,
        diagnostics=(*findings.all(), *dict.fromkeys(refused.values()), *changes.refused, *changes.strangers),
        texts=loaded.texts,
        caches=(laid_out, judged, formatted),
    )


def write(settings: Settings, result: Result) -> None:
    """Write what `run` planned.

    Raises:
        SettingsError: See `apply`; an OSError likewise.
    """
    apply(result.changes, result.lock if result.lock_changed else None, result.previous, settings)
    for cache in result.caches:
        cache.save()
