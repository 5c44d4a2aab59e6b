"""Stage load: the documents under `specs/`, read and parsed, and what `endpoints.toml` adds to them."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from ..codes import Code
from ..diagnostics import Source, quoted
from ..json_text import Json  # noqa: TC001
from ..limits import MIB
from ..project.endpoints import Listing, read_listing
from ..project.ids import LONGEST_ID, LONGEST_SEGMENT, find_documents, is_endpoint_id, is_too_long
from ..project.spec_lock import read_speclock

if TYPE_CHECKING:
    from pathlib import Path

    from ..diagnostics import Findings
    from ..project.settings import Settings

NOT_JSON_FIX = "`fetch` the endpoint again, or repair the text there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One endpoint's document as it stands on disk.

    Attributes:
        id: The endpoint's id, which is the document's path under `specs/` without `.json`.
        path: The document's path as messages show it.
        text: Its text; `data` is the parsed form, behind stage parse.
        streams: Whether the endpoint can stream, which no document tells: the list of endpoints does, or the id.
        vanished: Since when fal does not list the endpoint any more (YYYY-MM-DD); empty while it does.
        key: A hash of the three: the same documents say the same.
    """

    id: str
    path: str
    text: str
    data: Json = None
    streams: bool = False
    vanished: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What load found: the readable documents by id, the ids whose document could not be read, and all texts."""

    documents: tuple[Document, ...]
    broken: tuple[str, ...]
    texts: dict[str, str]


def load(settings: Settings, findings: Findings) -> Loaded:
    """Read the text of every endpoint's document, in the order of the ids.

    Raises:
        SettingsError: `endpoints.toml` or `lock.json` is not as it should be.
    """
    listing = read_listing(settings)
    vanished = {one: entry.vanished for one, entry in read_speclock(settings).endpoints.items() if entry.vanished}
    found = find_documents(settings.specs)
    ids = sorted(found if listing is None else listing.options)
    documents: list[Document] = []
    broken: list[str] = []
    texts: dict[str, str] = {}
    for endpoint_id in ids:
        document = _read(settings, endpoint_id, found.get(endpoint_id), listing, texts, findings)
        if document is None:
            broken.append(endpoint_id)
        else:
            documents.append(replace(document, vanished=vanished.get(endpoint_id, "")))
    if listing is not None:
        for extra in sorted(found.keys() - set(ids)):
            findings.add(
                Code.UNLISTED_DOCUMENT,
                "this document is no endpoint of the project",
                Source(path=settings.shown(found[extra])),
                fix=f"{listing.how_to_list(extra)}, or remove the file",
            )
    return Loaded(documents=tuple(documents), broken=tuple(broken), texts=texts)


def is_stream(endpoint_id: str) -> bool:
    """Whether an endpoint is itself the stream of another one, e.g. `fal-ai/flux-lora/stream`."""
    return endpoint_id.split("/")[2:][-1:] == ["stream"]  # `me/stream` is an app


def _read(
    settings: Settings,
    endpoint_id: str,
    path: Path | None,
    listing: Listing | None,
    texts: dict[str, str],
    findings: Findings,
) -> Document | None:
    if not is_endpoint_id(endpoint_id):
        source = Source(path=endpoint_id if path is None else ascii(settings.shown(path))[1:-1])
        findings.add(
            Code.BAD_ID,
            "not an endpoint id: only letters, digits, `-`, `_` and `.` make its segments",
            source,
            fix="rename the file, or move it out of the folder",
        )
        return None
    if is_too_long(endpoint_id):
        shown = settings.shown(path) if path is not None else "" if listing is None else listing.shown
        most = f"an id has up to {LONGEST_ID} characters, {LONGEST_SEGMENT} between two slashes"
        message = f"the id {quoted(endpoint_id)} is too long for file names; {most}"
        findings.add(Code.BAD_ID, message, Source(path=shown))
        return None
    if path is None:
        expected = settings.shown(settings.specs / f"{endpoint_id}.json")
        listed = Source(path=expected if listing is None else listing.shown)
        findings.add(
            Code.NO_DOCUMENT, f"{endpoint_id} is listed, but {expected} does not exist", listed, fix="run `fetch`"
        )
        return None
    shown = settings.shown(path)
    if not path.resolve().is_relative_to(settings.specs.resolve()):
        message = "this is a link that leads out of specs; it is not followed"
        findings.add(Code.LINK_OUT, message, Source(path=shown), fix="put the document itself there")
        return None
    size, max_mib = path.stat().st_size, settings.max_document_mib
    if size > max_mib * MIB:
        message = f"the document has {size / MIB:.1f} MiB; up to {max_mib} MiB are read"
        fix = "set max_document_mib in [tool.fal-typed] if it is meant to be so large"
        findings.add(Code.OVER_LIMIT, message, Source(path=shown), fix=fix)
        return None
    raw = path.read_bytes()
    try:
        texts[shown] = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        message = f"not UTF-8 text: {error.reason} at byte {error.start}"
        line = raw.count(b"\n", 0, error.start) + 1
        findings.add(Code.NOT_JSON, message, Source(path=shown, line=line), fix=NOT_JSON_FIX)
        return None
    options = listing.options[endpoint_id] if listing else {}
    return Document(
        id=endpoint_id,
        path=shown,
        text=texts[shown],
        streams=cast("bool", options.get("streams", is_stream(endpoint_id))),
        key=hashlib.sha256(f"{endpoint_id}\n{shown}\n".encode() + raw).hexdigest(),
    )
