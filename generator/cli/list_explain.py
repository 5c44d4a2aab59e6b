"""`list` and `explain`: what the project covers, and why things are as they are."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.text import Text

from .. import pipeline
from ..codes import Code
from ..diagnostics import Findings, count_by_code, visible
from ..project.settings import SettingsError
from .app import BROKEN, CLEAN, app, err, out, print_json, report, settings_of
from .explain_endpoint import covered_ids, endpoint_facts, endpoint_findings
from .explain_text import Explainer, explain_code

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from ..ir.name import EndpointName
    from ..parse.normalize import Normalized


# Characters of a text of a document that a table has room for.
_LONGEST = 80


@app.command("list")
def list_(
    context: typer.Context,
    quality: Annotated[bool, typer.Option("--quality", help="Count the repairs that documents needed.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """List the endpoints that the project covers, or what is wrong with their documents."""
    settings = settings_of(context)
    findings = Findings()
    found = pipeline.understand(settings, findings)
    if quality:
        _ledger(findings, as_json=as_json)
    else:
        rows = [_row(one, found.named.names) for one in found.named.endpoints]
        if as_json:
            print_json({"endpoints": rows})
        else:
            out.print(_table(rows))
        if not rows and not findings.all():
            err.print("no endpoints yet: `add ID` adds one, `fetch --all` the whole catalogue", markup=False)
    report(findings.errors() if quality else findings.all(), found.loaded.texts)
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
        print_json({"repairs": ledger})
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("repair", "times", "documents"):
        table.add_column(heading, no_wrap=True)
    for code, count in counts.items():
        shown = ", ".join(documents[code][:3]) + (", …" if len(documents[code]) > 3 else "")
        table.add_row(code, str(count), shown)
    out.print(table if counts else "no document needed a repair")


@app.command()
def explain(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(help="A type (Image, LoraWeight …), the id of an endpoint, or the code of a diagnostic.")
    ],
) -> None:
    """Tell where a type is used and why it is or is not shared, what an endpoint is here, or what a code means."""
    meaning = explain_code(name)
    if meaning is not None:
        out.print(meaning, markup=False)
        return
    settings = settings_of(context)
    findings = Findings()
    found = pipeline.understand(settings, findings)
    endpoints = {one.resolved.document.id: one for one in found.named.endpoints}
    explainer = Explainer(endpoints, found.sharing, found.lock.table)
    if name in covered_ids(found):
        types = explainer.endpoint(name) if name in endpoints else []
        lines = [name, *endpoint_facts(name, found, settings), *types]
        paragraphs = ["\n".join([*lines, *endpoint_findings(name, found, settings, findings)])]
    else:
        paragraphs = explainer.type(name)
    if not paragraphs:
        known = {key.name for key in found.sharing.groups} | {code.value for code in Code} | covered_ids(found)
        near = difflib.get_close_matches(name, sorted(known), n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise SettingsError(f"{name!r} is no type of the documents, no endpoint and no diagnostic{hint}")
    out.print("\n\n".join(paragraphs), markup=False)


def _table(rows: Iterable[Mapping[str, object]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in ("endpoint", "attribute", "category", "streams"):
        table.add_column(heading, no_wrap=True)
    for row in rows:
        table.add_row(
            str(row["id"]),
            f"fal.{row['attribute']}",
            Text(visible(str(row["category"] or ""))[:_LONGEST]),
            "yes" if row["streams"] else "",
        )
    return table
