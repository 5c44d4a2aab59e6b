"""`fetch`, `add` and `remove`: which endpoints the project covers, and their documents, from fal."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003 - typer reads the annotation
from typing import Annotated

import typer

from .. import fetch as stage
from ..project.begin import settings_to_begin
from ..project.catalogue import STATUSES, Filters
from ..project.ids import is_endpoint_id
from ..project.settings import SettingsError
from .app import CLEAN, app, err, folder_of, print_json, settings_of
from .fetch_report import exit_code, show
from .fetching import DEFAULTS, KEPT, RESUMED, AsJson, ById, Concurrency, Deadline, OpenapiUrl, PlatformUrl, asking


@app.command()
def fetch(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(metavar="ID", help="Only these endpoints.")] = None,
    catalogue: Annotated[bool, typer.Option("--all", help="Cover and fetch the whole catalogue.")] = False,
    category: Annotated[list[str] | None, typer.Option(help="With --all: of this category. Repeatable.")] = None,
    owner: Annotated[list[str] | None, typer.Option(help="With --all: of this owner. Repeatable.")] = None,
    status: Annotated[str, typer.Option(help="With --all: `active` or `deprecated`.")] = "",
    restart: Annotated[bool, typer.Option("--restart", help="Do not go on where an interrupted run stopped.")] = False,
    by_id: ById = False,
    as_json: AsJson = False,
    concurrency: Concurrency = DEFAULTS.concurrency,
    deadline: Deadline = DEFAULTS.deadline,
    openapi_url: OpenapiUrl = "",
    platform_url: PlatformUrl = "",
) -> None:
    """Refresh specs/ and its lock from fal. FAL_KEY is used if it is set; public endpoints need none."""
    settings = settings_of(context, may_begin=True)
    filters = Filters(categories=frozenset(category or ()), owners=frozenset(owner or ()), status=status)
    _check(ids or [], filters, stage.covered(settings), catalogue=catalogue)
    again = KEPT if ids else f"{RESUMED}; --restart begins anew"
    with asking(
        openapi_url, platform_url, by_id=by_id, concurrency=concurrency, deadline=deadline, again=again
    ) as options:
        if catalogue:
            report = stage.fetch_catalogue(settings, options, filters, restart=restart)
        elif ids:
            report = stage.fetch_some(settings, options, ids)
        else:
            report = stage.fetch(settings, options, restart=restart)
    show(report, settings.shown(settings.specs))
    if as_json:
        print_json(report.as_json())
    raise typer.Exit(exit_code(report))


def _check(ids: list[str], filters: Filters, covered: list[str], *, catalogue: bool) -> None:
    """Refuse what contradicts itself, before anything is asked.

    Raises:
        SettingsError: It does.
    """
    if ids and catalogue:
        raise SettingsError("--all is the whole catalogue; leave out the ids, or --all")
    if filters and not catalogue:
        raise SettingsError("--category, --owner and --status choose from the catalogue; say --all with them")
    if filters.status and filters.status not in STATUSES:
        raise SettingsError(f"--status must be {' or '.join(STATUSES)}, not {filters.status!r}")
    for unknown in sorted(set(ids) - set(covered)):
        if not is_endpoint_id(unknown):
            raise SettingsError(f"{unknown!r} is not an endpoint id (owner/name…)")
        raise SettingsError(f"{unknown} is no endpoint of this project; `add {unknown}` makes it one")


@app.command()
def add(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Endpoint ids, e.g. fal-ai/flux-1/schnell.")],
    from_file: Annotated[
        Path | None,
        typer.Option(
            "--from", exists=True, dir_okay=False, metavar="FILE", help="Take the document of one endpoint from a file."
        ),
    ] = None,
    by_id: ById = False,
    as_json: AsJson = False,
    concurrency: Concurrency = DEFAULTS.concurrency,
    deadline: Deadline = DEFAULTS.deadline,
    openapi_url: OpenapiUrl = "",
    platform_url: PlatformUrl = "",
) -> None:
    """Cover more endpoints: fetch their documents and list them. A private app needs FAL_KEY, or --from.

    In a folder without [tool.fal-typed] it begins a project: a package to vendor, in the folder's own pyproject.toml.
    """
    if from_file is not None and len(ids) != 1:
        raise SettingsError("--from is the document of one endpoint; name one id")
    settings = settings_to_begin(folder_of(context)) or settings_of(context, may_begin=True)
    with asking(openapi_url, platform_url, by_id=by_id, concurrency=concurrency, deadline=deadline) as options:
        if from_file is not None:
            report = stage.add_from_file(settings, options, ids[0], from_file)
        else:
            report = stage.fetch_some(settings, options, ids, from_fal=True)
    if settings.is_new and settings_to_begin(settings.root) is None:
        where, package = settings.shown(settings.output / settings.package), settings.package
        text = f"pyproject.toml: wrote [tool.fal-typed]: `regenerate` makes {where}/, to import as {package}"
        err.print(text, markup=False)
    show(report, settings.shown(settings.specs))
    if as_json:
        print_json(report.as_json())
    raise typer.Exit(exit_code(report))


@app.command()
def remove(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID", help="Endpoint ids, e.g. fal-ai/flux-1/schnell.")],
) -> None:
    """Cover these endpoints no longer: take their documents away. `regenerate` then removes their modules."""
    settings = settings_of(context)
    stage.remove(settings, ids)
    err.print(f"{settings.shown(settings.specs)}: {len(set(ids))} removed", markup=False)
    if settings.catalogue is not None:
        err.print("`fetch` brings back what the catalogue lists: `catalogue` in pyproject.toml chooses", markup=False)
    raise typer.Exit(CLEAN)
