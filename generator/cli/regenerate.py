"""`regenerate`: the main job, specs → the client."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from .. import places
from ..codes import Severity
from ..project.run_lock import lock_project
from ..project.settings import SettingsError
from ..project.spec_lock import differences
from ..write.plan import diff
from ..write.unchanged import fingerprint, recall, remember
from .app import BROKEN, CLEAN, DRIFT, app, err, print_json, report, settings_of

if TYPE_CHECKING:
    from .. import pipeline
    from ..diagnostics import Diagnostic
    from ..project.settings import Settings


@app.command()
def regenerate(
    context: typer.Context,
    fetch: Annotated[bool, typer.Option("--fetch", help="Refresh specs/ from fal first.")] = False,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; show what would change, and exit 1.")] = False,
    locked: Annotated[bool, typer.Option("--locked", help="Refuse specs that are not what lock.json says.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite generated files that were edited by hand.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Say what was found as JSON, on stdout.")] = False,
) -> None:
    """Make the client from the documents under specs/."""
    settings = settings_of(context)
    if fetch and check:
        raise SettingsError("--check writes nothing, and --fetch does; say one of them")
    fetched = _refresh(settings) if fetch else CLEAN
    differ = _differences(settings) if locked else []
    report(differ, {})
    if differ and not check:
        raise typer.Exit(DRIFT)
    if check:  # writes nothing, and so needs no lock
        code, endpoints = _regenerate(settings, check=True, force=force, as_json=as_json)
        if not code and not differ:
            well = "as it should be" if endpoints == 1 else "as they should be"
            err.print(f"{settings.shown(settings.output)}: {_count(endpoints)}, {well}", markup=False)
    else:
        with lock_project(settings, settings.output):
            code, _ = _regenerate(settings, check=False, force=force, as_json=as_json)
    raise typer.Exit(code or (DRIFT if differ else fetched))


def _differences(settings: Settings) -> list[Diagnostic]:
    from ..fetch import covered  # it takes longer to import than to see that nothing changed

    return differences(settings, covered(settings))


def _refresh(settings: Settings) -> int:
    from .. import fetch as stage
    from .fetch_report import exit_code, show
    from .fetching import RESUMED, asking

    with asking(again=RESUMED) as options:
        outcome = stage.fetch(settings, options)
    show(outcome, settings.shown(settings.specs))
    return exit_code(outcome)


def _regenerate(settings: Settings, *, check: bool, force: bool, as_json: bool) -> tuple[int, int]:
    """Run the pipeline, unless it is known what it would do; what there is to say is printed.

    Returns:
        The exit code, and how many endpoints there are.
    """
    shown = settings.shown(settings.output)
    made_from = fingerprint(settings, places.TEMPLATES)
    # What the last run remembers are messages for people.
    last = None if as_json else recall(settings, made_from)
    if last is not None:
        for message in last[0]:
            err.print(message, markup=False)
        if not check:
            _done(shown, last[1])
        return CLEAN, last[1]
    from .. import pipeline  # all stages take longer to import than to see that nothing changed

    with pipeline.no_collecting():  # from reading to writing: to look through all that was read takes long
        result = pipeline.run(settings, force=force)
        if not as_json:
            report(result.diagnostics, result.texts)
        drift = _show_drift(settings, result, show=not as_json) if check else _write(settings, result)
        if as_json:
            print_json(_found(result))
        broken = _is_broken(result)
        if not (check or broken or drift or result.changes.strangers):
            messages = [d.render(result.texts) for d in result.diagnostics]
            remember(settings, made_from, result.lock, messages, len(result.api.registry))
    return BROKEN if broken else DRIFT if drift else CLEAN, len(result.api.registry)


def _is_broken(result: pipeline.Result) -> bool:
    """Whether there are errors, beside files that were edited by hand."""
    return any(d.code.severity is Severity.ERROR for d in result.diagnostics if d not in result.changes.refused)


def _write(settings: Settings, result: pipeline.Result) -> bool:
    """Write what was made; whether a file was left as it is because somebody edited it."""
    from .. import pipeline

    changes = result.changes
    pipeline.write(settings, result)
    _done(settings.shown(settings.output), len(result.api.registry), len(changes.write), len(changes.remove))
    return bool(changes.refused)


def _found(result: pipeline.Result) -> dict[str, object]:
    """What a run has to say, for programs; with --check what it would write and remove."""
    return {
        "endpoints": len(result.api.registry),
        "written": sorted(result.changes.write),
        "removed": sorted(result.changes.remove),
        "diagnostics": [one.as_json(result.texts) for one in result.diagnostics],
    }


def _show_drift(settings: Settings, result: pipeline.Result, *, show: bool) -> bool:
    """Say what would change; whether anything would."""
    shown, specs = settings.shown(settings.output), settings.shown(settings.specs)
    if show:
        sys.stdout.write(diff(result.changes, shown))
    if result.lock_changed:
        err.print(f"{specs}/types.lock is not what the documents give", markup=False)
    drift = bool(result.changes) or result.lock_changed
    if drift:
        err.print(f"{shown} is not what {specs} gives; run `regenerate`", markup=False)
    return drift


def _done(shown: str, endpoints: int, written: int = 0, removed: int = 0) -> None:
    err.print(f"{shown}: {_count(endpoints)}, {written} written, {removed} removed", markup=False)


def _count(endpoints: int) -> str:
    return f"{endpoints} endpoint{'' if endpoints == 1 else 's'}"
