"""Stage load: the documents under `specs/`, read and parsed, and what `endpoints.toml` adds to them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from generator.diagnostics import Code, Source
from generator.identity import find_documents, is_endpoint_id
from generator.jsontext import Json, NotJsonError, parse
from generator.listing import Listing, read_listing
from generator.speclock import read_speclock

if TYPE_CHECKING:
    from pathlib import Path

    from generator.diagnostics import Findings
    from generator.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One endpoint's document as it stands on disk.

    Attributes:
        id: The endpoint's id, which is the document's path under `specs/` without `.json`.
        path: The document's path as messages show it.
        text: Its text; `data` is the parsed form.
        streams: Whether the endpoint can stream, which no document tells: the list of endpoints does, or the id.
        vanished: Since when fal does not list the endpoint any more (YYYY-MM-DD); empty while it does.
    """

    id: str
    path: str
    text: str
    data: Json
    streams: bool = False
    vanished: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What load found: the readable documents by id, the ids whose document could not be read, and all texts."""

    documents: tuple[Document, ...]
    broken: tuple[str, ...]
    texts: dict[str, str]


def load(settings: Settings, findings: Findings) -> Loaded:
    """Read every endpoint's document, in the order of the ids.

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
            Code.BAD_ID, "not an endpoint id: only letters, digits, `-`, `_` and `.` make its segments", source
        )
        return None
    if path is None:
        expected = settings.shown(settings.specs / f"{endpoint_id}.json")
        listed = Source(path=expected if listing is None else listing.shown)
        findings.add(
            Code.NO_DOCUMENT, f"{endpoint_id} is listed, but {expected} does not exist", listed, fix="run `fetch`"
        )
        return None
    shown = settings.shown(path)
    try:
        text = path.read_text(encoding="utf-8-sig")
        texts[shown] = text
        data = parse(text)
    except UnicodeDecodeError as error:
        findings.add(Code.NOT_JSON, f"not UTF-8 text: {error.reason} at byte {error.start}", Source(path=shown))
        return None
    except NotJsonError as error:
        findings.add(Code.NOT_JSON, str(error), Source(path=shown, line=error.line or 1))
        return None
    options = listing.options[endpoint_id] if listing else {}
    return Document(
        id=endpoint_id,
        path=shown,
        text=text,
        data=data,
        streams=cast("bool", options.get("streams", is_stream(endpoint_id))),
    )
