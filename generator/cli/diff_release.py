"""`diff` and `release`: what changed for users, and which version that makes."""

from __future__ import annotations

import re
import sys
from contextlib import nullcontext
from datetime import UTC, date, datetime
from typing import Annotated

import typer

from ..diff import release as releasing
from ..diff.compare import compare
from ..diff.load import load_old, load_state
from ..diff.report import LEAST, as_json, as_markdown, as_text
from ..diff.verdict import Verdict
from ..project.releases import releases_path
from ..project.run_lock import lock_project
from ..project.settings import Settings, SettingsError
from .app import BROKEN, CLEAN, app, err, print_json, report, settings_of

# GitHub refuses the body of a pull request from 65,536 characters on.
MOST = 60_000


@app.command()
def diff(
    context: typer.Context,
    old: Annotated[
        str | None, typer.Argument(help="A folder of documents or a git revision; else the last release, or HEAD.")
    ] = None,
    new: Annotated[
        str | None, typer.Argument(help="A folder of documents or a git revision; else the project's documents.")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Markdown, for a pull request.")] = False,
    most: Annotated[
        int, typer.Option(min=0, help="With --markdown: how many characters at most; 0 for all there is to say.")
    ] = MOST,
) -> None:
    """Tell what changed for users of the client, endpoint by endpoint, and how much it matters."""
    if json_ and markdown:
        raise SettingsError("--json and --markdown: only one of them")
    if 0 < most < LEAST:
        raise SettingsError(f"--most must be at least {LEAST:,}, or 0 for all there is to say")
    settings = settings_of(context)
    before = load_old(settings, old)
    after = load_state(settings, new, names=before.lock)
    unreadable = before.unreadable | after.unreadable
    difference = compare(before.surface, after.surface, unreadable, package=settings.package)
    if json_:
        print_json(as_json(difference, unreadable))
    elif markdown:
        sys.stdout.write(as_markdown(difference, unreadable, most=most))
    else:
        sys.stdout.write(as_text(difference, unreadable))
    for state in (before, after):
        report(state.diagnostics, state.texts)
    raise typer.Exit(BROKEN if unreadable else CLEAN)


@app.command()
def release(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Write nothing; show the coming release.")] = False,
    note: Annotated[
        list[str] | None, typer.Option(help="A sentence about a change of the client itself; may be repeated.")
    ] = None,
    at_least: Annotated[Verdict, typer.Option(help="The verdict that those changes deserve.")] = Verdict.NONE,
    version: Annotated[str, typer.Option(help="Give this version, e.g. 1.0.0, in place of the next.")] = "",
    date_: Annotated[str, typer.Option("--date", help="The day of the release, YYYY-MM-DD; else today (UTC).")] = "",
) -> None:
    """Give the package its next version, and record it with the changes in specs/releases.json."""
    settings = settings_of(context)
    wish = releasing.Wish(notes=tuple(_note(text) for text in note or ()), at_least=at_least, version=version)
    with nullcontext() if dry_run else lock_project(settings, releases_path(settings)):
        raise typer.Exit(_release(settings, wish, _day(date_), dry_run=dry_run))


def _release(settings: Settings, wish: releasing.Wish, day: str, *, dry_run: bool) -> int:
    """Decide on the release and record it; returns the exit code."""
    plan = releasing.plan(settings, wish, day)
    if plan.new.unreadable:
        report(plan.new.diagnostics, plan.new.texts)
        err.print("nothing is released while a document cannot be read", markup=False)
        return BROKEN
    for endpoint in plan.removable:
        err.print(f"{endpoint}: deprecated in a release already; it may be removed (a major change)", markup=False)
    if plan.after is None:
        err.print(f"nothing changed since {plan.before.version}: nothing to release", markup=False)
        return CLEAN
    sys.stdout.write(releasing.as_text(plan.before, plan.after))
    if not dry_run:
        path = releasing.write(settings, plan.after)
        err.print(f"{path}: {plan.after.version} recorded; run `regenerate` to render it", markup=False)
    return CLEAN


def _note(text: str) -> str:
    """A note is a line of a list.

    Raises:
        SettingsError: It is empty, or more than a line.
    """
    if not text.strip() or not text.isprintable():
        raise SettingsError(f"--note must be a line of text, not {text!r}")
    return text.strip()


def _day(given: str) -> str:
    """The day of the release.

    Raises:
        SettingsError: What was given is none.
    """
    if not given:
        return datetime.now(UTC).date().isoformat()
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
            return date.fromisoformat(given).isoformat()
    except ValueError:
        pass
    raise SettingsError(f"--date must be a day as YYYY-MM-DD, not {given!r}")
