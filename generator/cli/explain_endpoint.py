"""`explain <endpoint id>`: what an endpoint is here, and what its document has to do with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..diagnostics import visible
from ..ir.limited_places import file_places
from ..ir.lower import lower_endpoint
from ..media_limits import in_words
from ..project.ids import document_path, is_endpoint_id
from ..project.spec_lock import read_speclock

if TYPE_CHECKING:
    from ..diagnostics import Findings
    from ..parse.normalize import Normalized
    from ..pipeline import Understood
    from ..project.settings import Settings


def covered_ids(found: Understood) -> set[str]:
    """The endpoints that the project covers, those with broken documents too."""
    ids = {*found.loaded.broken, *(document.id for document in found.loaded.documents), *found.named.names}
    return {one for one in ids if is_endpoint_id(one)}


def endpoint_facts(endpoint_id: str, found: Understood, settings: Settings) -> list[str]:
    """What there is to say of an endpoint before its types: where it is, what it takes, where its document comes from.

    Args:
        endpoint_id: One of `covered_ids`.
        found: What the documents say.
        settings: The project's.
    """
    rows: list[tuple[str, str]] = []
    name = found.named.names.get(endpoint_id)
    if name is not None:
        rows.append(("attribute", f"fal.{'.'.join(name.path)}"))
    one = next((one for one in found.named.endpoints if one.resolved.document.id == endpoint_id), None)
    if one is None:
        why = "because of what was found in its document"
        rows.append(("generated", f"no, {why}" if name is None else f"no, {why}; its module stays as it was"))
    else:
        rows += _about(one, found)
    rows += _document(endpoint_id, settings)
    return [_row(label, text) for label, text in rows]


def endpoint_findings(endpoint_id: str, found: Understood, settings: Settings, findings: Findings) -> list[str]:
    """The lines about what was found in an endpoint's document."""
    path = settings.shown(document_path(settings.specs, endpoint_id))
    # A document that is not there is found in the list of endpoints.
    about = [one for one in findings.all() if one.source.path == path or one.message.startswith(f"{endpoint_id} ")]
    return [_row("found", one.render(found.loaded.texts)) for one in about] or [_row("found", "nothing to repair")]


def _row(label: str, text: str) -> str:
    return visible(f"  {label:<10} {text}")


def _about(one: Normalized, found: Understood) -> list[tuple[str, str]]:
    """What the document itself says."""
    endpoint = lower_endpoint(one, found.named.names[one.resolved.document.id], found.sharing, found.files)
    files = file_places(one, list(one.objects), found.files)
    rows = [
        ("input", endpoint.input_name),
        ("output", endpoint.output_name),
        ("streams", _streams(endpoint.output_name if endpoint.typed_events else "") if endpoint.streams else "no"),
        ("files in", ", ".join(place for place, _ in files) or "none"),
    ]
    rows += [("limits", f"{place}: {words}") for place, limits in files if (words := in_words(limits))]
    if endpoint.path != endpoint.id:
        rows.append(("called as", endpoint.path))
    return rows


def _streams(events: str) -> str:
    return f"yes, {events}" if events else "yes; what its events have is not described"


def _document(endpoint_id: str, settings: Settings) -> list[tuple[str, str]]:
    """Where the document is and where it came from."""
    path = document_path(settings.specs, endpoint_id)
    rows = [("document", settings.shown(path) + ("" if path.is_file() else ", which does not exist; run `fetch`"))]
    entry = read_speclock(settings).endpoints.get(endpoint_id)
    if entry is None:
        return [*rows, ("from", "lock.json does not say")]
    rows.append(("from", f"{entry.url}; its content last changed on {entry.changed}"))
    if entry.vanished is not None:
        rows.append(("vanished", f"fal has not listed it since {entry.vanished}"))
    return rows
