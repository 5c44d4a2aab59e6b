"""The command line: `python -m generator [--project DIR] COMMAND`. The only module that prints.

Messages go to stderr, data to stdout. Exit codes: 0 clean, 1 drift or mismatch, 2 wrong usage or settings,
4 a document could not be generated, 130 interrupted.
"""

from __future__ import annotations

import difflib
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.table import Table

from generator import pipeline
from generator.diagnostics import Code, Findings, Severity, count_by_code
from generator.explain import explain_code, explain_type
from generator.format import FormatError
from generator.models import ModelsError
from generator.settings import Settings, SettingsError, load_settings
from generator.unchanged import fingerprint, recall, remember
from generator.write import diff

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from generator.diagnostics import Diagnostic
    from generator.names import EndpointName
    from generator.normalize import Normalized

CLEAN, DRIFT, USAGE, BROKEN, INTERRUPTED = 0, 1, 2, 4, 130

app = typer.Typer(
    name="generator", no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)
# Where nobody looks at a screen, no line is cut to fit one.
_out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else 1000)
_err = Console(stderr=True, highlight=False, soft_wrap=True)


@dataclass(frozen=True, slots=True)
class _Project:
    root: Path

    def settings(self) -> Settings:
        return load_settings(self.root)


@app.callback()
def _options(
    context: typer.Context,
    project: Annotated[Path, typer.Option(help="The folder of the pyproject.toml with [tool.fal-typed].")] = Path(),
) -> None:
    """Generate a typed Python client for fal.ai from the endpoints' OpenAPI documents."""
    context.obj = _Project(project)


@app.command()
def regenerate(
    context: typer.Context,
    check: Annotated[bool, typer.Option("--check", help="Write nothing; show what would change, and exit 1.")] = False,
    force: Annotated[bool, typer.Option("--force", help="Overwrite generated files that were edited by hand.")] = False,
) -> None:
    """Make the client from the documents under specs/."""
    settings = _settings(context)
    shown = settings.shown(settings.output)
    key = fingerprint(settings, pipeline.TEMPLATES)
    last = recall(settings, key, pipeline.manifest_path(settings))
    if last is not None:
        for message in last[0]:
            _err.print(message, markup=False)
        if not check:
            _done(shown, last[1])
        raise typer.Exit(CLEAN)
    result = pipeline.run(settings, force=force)
    _report(result.diagnostics, result.texts)
    broken = any(d.code.severity is Severity.ERROR for d in result.diagnostics if d not in result.changes.refused)
    if check:
        sys.stdout.write(diff(result.changes, shown))
        if result.lock_changed:
            _err.print(f"{settings.shown(settings.specs)}/types.lock is not what the documents give")
        drift = bool(result.changes) or result.lock_changed
        if drift:
            _err.print(f"{shown} is not what {settings.shown(settings.specs)} gives; run `regenerate`", markup=False)
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
    _err.print(f"{shown}: {count}, {written} written, {removed} removed", markup=False)


@app.command("list")
def list_(
    context: typer.Context,
    quality: Annotated[bool, typer.Option("--quality", help="Count the repairs that documents needed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """List the endpoints that the project covers, or what is wrong with their documents."""
    settings = _settings(context)
    findings = Findings()
    read = pipeline.read(settings, findings)
    if quality:
        _ledger(findings, as_json=as_json)
    else:
        rows = [_row(one, read.names) for one in read.normalized]
        if as_json:
            sys.stdout.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
        else:
            _out.print(_table(rows))
    _report(findings.errors() if quality else findings.all(), read.loaded.texts)
    raise typer.Exit(BROKEN if findings.errors() else CLEAN)


def _row(one: Normalized, names: Mapping[str, EndpointName]) -> dict[str, object]:
    document = one.resolved.document
    name = names[document.id]
    return {
        "id": document.id,
        "attribute": ".".join(name.path),
        "class": name.class_name,
        "path": one.resolved.path,
        "category": one.resolved.metadata.get("category").text() or None,
        "streams": document.streams,
        "document": document.path,
    }


def _ledger(findings: Findings, *, as_json: bool) -> None:
    """Repairs by rule, with the documents that needed them."""
    counts = count_by_code(findings.all())
    documents = {code: sorted({d.source.path for d in findings.all() if d.code.value == code}) for code in counts}
    if as_json:
        ledger = {code: {"count": count, "documents": documents[code]} for code, count in counts.items()}
        sys.stdout.write(json.dumps(ledger, indent=2, ensure_ascii=False) + "\n")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("repair", "times", "documents"):
        table.add_column(heading, no_wrap=True)
    for code, count in counts.items():
        shown = ", ".join(documents[code][:3]) + (", …" if len(documents[code]) > 3 else "")
        table.add_row(code, str(count), shown)
    _out.print(table if counts else "no document needed a repair")


@app.command()
def explain(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="A type (Image, LoraWeight …), or the code of a diagnostic.")],
) -> None:
    """Tell where a type is used and why it is or is not shared, or what a diagnostic means."""
    meaning = explain_code(name)
    if meaning is not None:
        _out.print(meaning, markup=False)
        return
    settings = _settings(context)
    read = pipeline.read(settings, Findings())
    found = explain_type(name, read.sharing.groups.values(), read.sharing)
    if not found:
        known = {group.key.name for group in read.sharing.groups.values()} | {code.value for code in Code}
        near = difflib.get_close_matches(name, sorted(known), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise SettingsError(f"{name!r} is no type of the documents and no diagnostic{hint}")
    _out.print("\n\n".join(found), markup=False)


def _table(rows: Iterable[Mapping[str, object]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("endpoint", "attribute", "category", "streams"):
        table.add_column(heading, no_wrap=True)
    for row in rows:
        table.add_row(
            str(row["id"]), f"fal.{row['attribute']}", str(row["category"] or ""), "yes" if row["streams"] else ""
        )
    return table


def _settings(context: typer.Context) -> Settings:
    project: _Project = context.obj
    return project.settings()


def _report(diagnostics: Iterable[Diagnostic], texts: Mapping[str, str]) -> None:
    for diagnostic in diagnostics:
        _err.print(diagnostic.render(texts), markup=False)


def main() -> None:
    """Run the command line, and turn what goes wrong into one line and an exit code."""
    try:
        app()
    except SettingsError as error:
        _err.print(f"error: {error}", markup=False)
        sys.exit(USAGE)
    except OSError as error:
        _err.print(f"error: {error.filename or 'a file'}: {error.strerror or error}", markup=False)
        sys.exit(USAGE)
    except (FormatError, ModelsError) as error:
        _err.print(f"error: {error}\nThis is a defect of the generator or of its templates.", markup=False)
        sys.exit(BROKEN)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
