"""Endpoints that the project covers and that have no page, each with the reason (a part of `collect`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...diagnostics import Findings, visible
from ...parse.load import load
from ...parse.normalize import normalize
from ...parse.parse import parse
from ...parse.resolve import resolve
from ...project.ids import document_path, is_endpoint_id

if TYPE_CHECKING:
    from ...diagnostics import Diagnostic
    from ...pipeline import Understood
    from ...project.settings import Settings

_NAMELESS = "what it would be called in Python is another endpoint's name, or its parent cannot be read"


def skipped(found: Understood, settings: Settings) -> tuple[tuple[str, str], ...]:
    """Those endpoints by id; what is wrong with a document is what its stage says, which is asked again.

    Args:
        found: What the documents say.
        settings: The project's.
    """
    shown = {one.id for one in found.named.endpoints}
    findings = Findings()
    if found.loaded.broken:
        load(settings, findings)
    for document in found.loaded.documents:
        if document.id not in shown:
            parsed = parse(document, findings)
            resolved = None if parsed is None else resolve(parsed, findings)
            if resolved is not None:
                normalize(resolved, findings, found.files)
    errors = findings.errors()
    ids = {*found.loaded.broken, *(one.id for one in found.loaded.documents), *found.named.names} - shown
    return tuple((one, _reason(one, errors, settings)) for one in sorted(ids) if is_endpoint_id(one))


def _reason(endpoint_id: str, errors: tuple[Diagnostic, ...], settings: Settings) -> str:
    path = settings.shown(document_path(settings.specs, endpoint_id))
    # A document that is not there is found in the list of endpoints.
    said = (one for one in errors if one.source.path == path or one.message.startswith(f"{endpoint_id} "))
    return visible(next((one.message for one in said), _NAMELESS))
