"""Builds the site. Read this first: each step is the function of its name in the file of its name.

    understand ─> collect ─┬─> pages ───┬─> store
    guides, comparison ────┤   texts    │
                           └─> search ──┘
                               assets

`make` is pure but for what it reads; `store` alone writes, and only what differs. Where everything that the site is
made of is as the last build found it, no step runs (`unchanged.py`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .. import pipeline
from ..diagnostics import Findings
from ..places import TEMPLATES
from ..project.cache import FOLDER as CACHE
from ..project.files import bytes_of, files_below
from ..project.settings import Layout, SettingsError
from .collect import collect
from .comparison import read_comparison
from .guides import guides
from .pages import pages
from .search import search
from .store import Changes, compare, store
from .texts import texts

if TYPE_CHECKING:
    from pathlib import Path

    from ..diagnostics import Diagnostic
    from ..project.settings import Settings

ASSETS = "assets"


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeSite:
    """The site, not yet written.

    Attributes:
        files: Everything that it has, by path.
        endpoints: How many endpoints have a page.
        diagnostics: What was found in the documents.
        documents: The documents' text by path, for the diagnostics' lines.
    """

    files: dict[str, bytes]
    endpoints: int
    diagnostics: tuple[Diagnostic, ...]
    documents: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What a build did.

    Attributes:
        folder: Of the site.
        made: What the site is.
        changes: What was written and removed, or would be.
    """

    folder: Path
    made: MadeSite
    changes: Changes


def build(settings: Settings, folder: Path, *, force: bool = False) -> Built:
    """Make the site, and make a folder be it.

    Args:
        settings: The project's.
        folder: Where it goes; it is made.
        force: Go on though somebody else's files are there.

    Raises:
        SettingsError: Something that the site is made of is not as it should be, or the folder is not. Nothing was
            written.
        TemplateError: A template is no Jinja, or names what there is not. Nothing was written.
        OSError: A file could not be written; the next build goes on.
    """
    refuse_folder(settings, folder)
    made = make(settings)
    return Built(folder=folder, made=made, changes=store(folder, made.files, settings.shown(folder), force=force))


def check(settings: Settings, folder: Path) -> Built:
    """What `build` would do; nothing is written.

    Raises:
        SettingsError: As `build` does.
        TemplateError: As `build` does.
    """
    refuse_folder(settings, folder)
    made = make(settings)
    return Built(folder=folder, made=made, changes=compare(folder, made.files))


@pipeline.no_collecting()
def make(settings: Settings) -> MadeSite:
    """The site as the documents, the guides and the comparison give it; nothing is written.

    Raises:
        SettingsError: One of them is not as it should be.
        TemplateError: A template is not.
    """
    findings = Findings()
    found = pipeline.understand(settings, findings)
    site = settings.site
    facts = replace(collect(found, settings), guides=guides(settings), thumbnails=site.thumbnails, url=site.url)
    facts = replace(facts, title=site.title or facts.title)
    comparison = read_comparison(site.comparison) if site.comparison else None
    written = {**pages(facts, comparison), **texts(facts, comparison), **search(facts)}
    return MadeSite(
        files={path: text.encode("utf-8", "replace") for path, text in written.items()} | assets(),
        endpoints=len(facts.endpoints),
        diagnostics=findings.all(),
        documents=found.loaded.texts,
    )


def assets() -> dict[str, bytes]:
    """What the pages need besides: the stylesheet, the scripts, the icon; as they are."""
    folder = TEMPLATES / "site" / ASSETS
    return {path: data for path in files_below(folder, ASSETS) if (data := bytes_of(f"{folder.parent}/{path}"))}


def refuse_folder(settings: Settings, folder: Path) -> None:
    """Make sure that there can be a folder, and that it is not where other things of the project are made or read.

    Raises:
        SettingsError: There cannot, or it is.
    """
    if (folder.exists() or folder.is_symlink()) and not folder.is_dir():
        what = "a link to nowhere" if folder.is_symlink() and not folder.exists() else "a file"
        raise SettingsError(f"{settings.shown(folder)}: this is {what}, not a folder; name another with --out")
    output = settings.output if settings.layout is Layout.PROJECT else settings.output / settings.package
    for taken in (settings.specs, output, settings.root / CACHE, TEMPLATES):
        if folder.resolve().is_relative_to(taken.resolve()):
            raise SettingsError(
                f"{settings.shown(folder)}: the site must not lie in {settings.shown(taken)}; name another with --out"
            )
