"""`site`: the reference as static pages."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  (typer looks at it when the program runs)
from typing import TYPE_CHECKING, Annotated

import typer

from ..codes import Severity
from ..diagnostics import visible
from ..project.run_lock import lock_project
from .app import BROKEN, CLEAN, DRIFT, app, err, report, settings_of

if TYPE_CHECKING:
    from ..project.settings import Settings
    from ..site.build import Built

_FOLDER = "build/site"
_PAGE = "index.html"
# Paths that are named where many differ.
_NAMED = 10


@app.command()
def site(
    context: typer.Context,
    out: Annotated[Path | None, typer.Option(help=f"The folder of the site; else {_FOLDER} of the project.")] = None,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; say what would change, and exit 1.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Let files stay that no build wrote.")] = False,
) -> None:
    """Make the reference of all endpoints as static pages, for people and for programs."""
    settings = settings_of(context)
    folder = settings.root / _FOLDER if out is None else out.absolute()
    if check:  # writes nothing, and so needs no lock
        raise typer.Exit(_site(settings, folder, check=True, force=force))
    with lock_project(settings, folder):
        code = _site(settings, folder, check=False, force=force)
    raise typer.Exit(code)


def _site(settings: Settings, folder: Path, *, check: bool, force: bool) -> int:
    """Build the site, unless it is known that nothing would change; what there is to say is printed.

    Returns:
        The exit code.
    """
    from ..site.unchanged import made_from, recall, remember  # --help needs none of it

    key = made_from(settings)
    last = recall(settings, folder, key)
    if last is not None:
        for message in last[0]:
            err.print(message, markup=False)
        _done(settings, folder, last[1], check=check)
        return CLEAN
    from ..site import build  # all steps take longer to import than to see that nothing changed

    built = build.check(settings, folder) if check else build.build(settings, folder, force=force)
    made, changes = built.made, built.changes
    report(made.diagnostics, made.documents)
    broken = any(one.code.severity is Severity.ERROR for one in made.diagnostics)
    drift = check and _show_drift(settings, built)
    if not drift:
        _done(settings, folder, made.endpoints, len(changes.write), len(changes.remove), check=check)
    if not broken and not check and not changes.strangers:
        remember(settings, folder, key, [one.render(made.documents) for one in made.diagnostics], made.endpoints)
    return BROKEN if broken else DRIFT if drift else CLEAN


def _show_drift(settings: Settings, built: Built) -> bool:
    """Say what would change; whether anything would."""
    changes = built.changes
    for what, paths in (("differs", changes.write), ("would be removed", changes.remove)):
        for path in paths[:_NAMED]:
            err.print(visible(f"{settings.shown(built.folder)}/{path}: {what}"), markup=False)
        if (more := len(paths) - _NAMED) > 0:
            err.print(f"… and {more} more: {what}", markup=False)
    for path in changes.strangers[:_NAMED]:
        err.print(visible(f"{settings.shown(built.folder)}/{path}: no build wrote it"), markup=False)
    if changes:
        err.print(f"{settings.shown(built.folder)} is not what the documents give; run `site`", markup=False)
    return bool(changes)


def _done(
    settings: Settings, folder: Path, endpoints: int, written: int = 0, removed: int = 0, *, check: bool = False
) -> None:
    count = f"{settings.shown(folder)}: {endpoints} endpoint{'' if endpoints == 1 else 's'}"
    if check:
        err.print(f"{count}, as {'it' if endpoints == 1 else 'they'} should be", markup=False)
        return
    err.print(f"{count}, {written} written, {removed} removed", markup=False)
    err.print(f"open {(folder / _PAGE).as_uri()}", markup=False)
