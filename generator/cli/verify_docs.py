"""`verify-docs`: does the emitted package say what fal's documentation says?"""

from __future__ import annotations

import difflib
from pathlib import Path  # noqa: TC003  (typer looks at the annotations)
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import track

from ..docs.download import BASE_URL, FailedPage, download
from ..docs.emitted.package import EmittedError, Package, imported
from ..docs.exceptions import read_exceptions
from ..docs.pages.folder import Page, stored_pages
from ..docs.verify import verify
from ..project.settings import Settings, SettingsError
from .app import BROKEN, CLEAN, DRIFT, NETWORK, app, err, print_json, report, settings_of
from .docs_report import print_report, print_rest, report_as_data

if TYPE_CHECKING:
    from collections.abc import Sequence

_PAGES = "tests/docs/pages"
# More lines of one kind say less than their number.
_MANY = 20


@app.command("verify-docs")
def verify_docs(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Endpoints; all of them if none.")] = None,
    docs: Annotated[Path | None, typer.Option(help=f"The folder of the pages; without it {_PAGES}.")] = None,
    fetch: Annotated[bool, typer.Option("--fetch", help="Compare with fal's pages of today.")] = False,
    base_url: Annotated[str, typer.Option(help="The site to fetch from.")] = BASE_URL,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """Compare what is emitted with fal's documentation, field by field."""
    settings = settings_of(context)
    folder = _folder(settings, docs, fetch=fetch)
    if not base_url.startswith(("https://", "http://")):
        raise SettingsError(f"--base-url must begin with https:// or http://, not {base_url!r}")
    exceptions_path = settings.specs / "docs-exceptions.toml"
    exceptions = read_exceptions(exceptions_path, settings.shown(exceptions_path))
    try:
        with imported(settings.output / settings.package) as package:
            endpoints = _endpoints(ids or [], package)
            pages = [] if folder is None else stored_pages(folder, settings.shown(folder))
            fetched, failed = _fetched(endpoints, base_url) if fetch else ([], [])
            made = verify(package, [*pages, *fetched], endpoints, exceptions)
    except EmittedError as error:
        err.print(f"error: {error}", markup=False)
        raise typer.Exit(BROKEN) from None
    if as_json:
        print_json(report_as_data(made))
    else:
        print_report(made, settings.shown(exceptions_path))
        print_rest(made, settings.shown(exceptions_path), {one.endpoint for one in failed}, some=bool(ids))
    report([problem for one in made.results for problem in one.problems], {})
    for one in failed[:_MANY]:
        err.print(f"error: {one.message}", markup=False)
    if len(failed) > _MANY:
        more = len(failed) - _MANY
        err.print(f"error: … and {more:,} more page{'' if more == 1 else 's'} could not be fetched", markup=False)
    raise typer.Exit(NETWORK if failed else CLEAN if made.agrees else DRIFT)


def _folder(settings: Settings, docs: Path | None, *, fetch: bool) -> Path | None:
    """The folder to read pages from; none where they are only fetched."""
    if docs is None and fetch:
        return None
    folder = settings.root / _PAGES if docs is None else docs.absolute()
    if not folder.is_dir():
        raise SettingsError(f"{settings.shown(folder)}: no folder of pages; name one with --docs, or use --fetch")
    return folder


def _endpoints(ids: Sequence[str], package: Package) -> list[str]:
    for one in ids:
        if one not in package.endpoints:
            near = difflib.get_close_matches(one, sorted(package.endpoints), n=1)
            raise SettingsError(
                f"{one!r} is no endpoint of the package" + (f"; did you mean {near[0]}?" if near else "")
            )
    return list(dict.fromkeys(ids)) or sorted(package.endpoints)


def _fetched(endpoints: Sequence[str], base_url: str) -> tuple[list[Page], list[FailedPage]]:
    pages: list[Page] = []
    failed: list[FailedPage] = []
    answers = download(endpoints, base_url)
    for one in track(answers, "fetching", len(endpoints), console=err, transient=True, disable=not err.is_terminal):
        if isinstance(one, Page):
            pages.append(one)
        elif one is not None:
            failed.append(one)
    return pages, failed
