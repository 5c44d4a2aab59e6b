"""`regenerate`: the main job, specs → the client."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from generator import pipeline
from generator.cli.frame import BROKEN, CLEAN, DRIFT, app, err, report, settings_of
from generator.diagnostics import Severity
from generator.unchanged import fingerprint, recall, remember
from generator.write import diff


@app.command()
def regenerate(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; show what would change, and exit 1.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite generated files that were edited by hand.")] = False,
) -> None:
    """Make the client from the documents under specs/."""
    settings = settings_of(context)
    shown = settings.shown(settings.output)
    key = fingerprint(settings, pipeline.TEMPLATES)
    last = recall(settings, key, pipeline.manifest_path(settings))
    if last is not None:
        for message in last[0]:
            err.print(message, markup=False)
        if not check:
            _done(shown, last[1])
        raise typer.Exit(CLEAN)
    result = pipeline.run(settings, force=force)
    report(result.diagnostics, result.texts)
    broken = any(d.code.severity is Severity.ERROR for d in result.diagnostics if d not in result.changes.refused)
    if check:
        sys.stdout.write(diff(result.changes, shown))
        if result.lock_changed:
            err.print(f"{settings.shown(settings.specs)}/types.lock is not what the documents give")
        drift = bool(result.changes) or result.lock_changed
        if drift:
            err.print(f"{shown} is not what {settings.shown(settings.specs)} gives; run `regenerate`", markup=False)
    else:
        pipeline.write(settings, result)
        drift = bool(result.changes.refused)
        _done(shown, len(result.api.registry), len(result.changes.write), len(result.changes.remove))
        if not broken and not drift and not result.changes.strangers:
            # types.lock may be new: the fingerprint of what there is now.
            key = fingerprint(settings, pipeline.TEMPLATES)
            remember(settings, key, [d.render(result.texts) for d in result.diagnostics], len(result.api.registry))
    raise typer.Exit(BROKEN if broken else DRIFT if drift else CLEAN)


def _done(shown: str, endpoints: int, written: int = 0, removed: int = 0) -> None:
    count = f"{endpoints} endpoint{'' if endpoints == 1 else 's'}"
    err.print(f"{shown}: {count}, {written} written, {removed} removed", markup=False)
