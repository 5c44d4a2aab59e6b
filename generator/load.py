"""Stage load: the documents under `specs/`, read and parsed, and what `endpoints.toml` adds to them."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, cast

from generator.diagnostics import Code, Source
from generator.gone import read_vanished
from generator.jsontext import Json, NotJsonError, parse
from generator.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

    from generator.diagnostics import Findings

_SEGMENT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
_ENDPOINT_KEYS = {"streams": bool, "stream_source": str}


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One endpoint's document as it stands on disk.

    Attributes:
        id: The endpoint's id, which is the document's path under `specs/` without `.json`.
        path: The document's path as messages show it.
        text: Its text; `data` is the parsed form.
        streams: Whether the endpoint can stream, which no document tells.
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
    table = _read_endpoints(settings)
    vanished = read_vanished(settings)
    found = _find_documents(settings.specs)
    ids = sorted(found) if table is None else sorted(table)
    documents: list[Document] = []
    broken: list[str] = []
    texts: dict[str, str] = {}
    for endpoint_id in ids:
        options = {} if table is None else table[endpoint_id]
        document = _read(settings, endpoint_id, found.get(endpoint_id), options, texts, findings)
        if document is None:
            broken.append(endpoint_id)
        else:
            documents.append(replace(document, vanished=vanished.get(endpoint_id, "")))
    for extra in sorted(found.keys() - set(ids)):
        path = settings.shown(found[extra])
        findings.add(
            Code.UNLISTED_DOCUMENT,
            "this document is no endpoint of the project",
            Source(path=path),
            fix=f'list it in endpoints.toml as ["{extra}"], or remove the file',
        )
    return Loaded(documents=tuple(documents), broken=tuple(broken), texts=texts)


def is_endpoint_id(text: str) -> bool:
    """Whether a text is an endpoint id, e.g. `fal-ai/flux-1/schnell`. Ids become paths and code; nothing else may."""
    segments = text.split("/")
    return len(segments) >= 2 and all(_SEGMENT.fullmatch(segment) for segment in segments)


def _find_documents(specs: Path) -> dict[str, Path]:
    """Documents by id: every `.json` at least one folder deep (files at the top are the project's own)."""
    found: dict[str, Path] = {}
    for path in specs.rglob("*.json"):
        parts = path.relative_to(specs).with_suffix("").parts
        if len(parts) >= 2 and path.is_file():
            found["/".join(parts)] = path
    return found


def _read(
    settings: Settings,
    endpoint_id: str,
    path: Path | None,
    options: dict[str, object],
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
        listed = Source(path=settings.shown(settings.specs / "endpoints.toml"))
        findings.add(Code.NO_DOCUMENT, f"{endpoint_id} is listed, but {expected} does not exist", listed)
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
    return Document(
        id=endpoint_id, path=shown, text=text, data=data, streams=cast("bool", options.get("streams", False))
    )


def _read_endpoints(settings: Settings) -> dict[str, dict[str, object]] | None:
    """The tables of `endpoints.toml` by id, or None where there is no such file."""
    path = settings.specs / "endpoints.toml"
    if not path.is_file():
        return None
    shown = settings.shown(path)
    try:
        tables: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{shown}: not TOML: {error}") from None
    checked: dict[str, dict[str, object]] = {}
    for endpoint_id, table in tables.items():
        if not isinstance(table, dict):
            raise SettingsError(f"{shown}: {endpoint_id!r} must be a table, [{endpoint_id!r}]")
        checked[endpoint_id] = _check_endpoint(shown, endpoint_id, cast("dict[str, object]", table))
    return checked


def _check_endpoint(shown: str, endpoint_id: str, table: dict[str, object]) -> dict[str, object]:
    if not is_endpoint_id(endpoint_id):
        raise SettingsError(f"{shown}: {endpoint_id!r} is not an endpoint id (owner/name…)")
    for key, value in table.items():
        if key not in _ENDPOINT_KEYS:
            known = ", ".join(_ENDPOINT_KEYS)
            raise SettingsError(f"{shown}: [{endpoint_id!r}] has no key {key!r}; known keys: {known}")
        if not isinstance(value, _ENDPOINT_KEYS[key]):
            kind = "true or false" if _ENDPOINT_KEYS[key] is bool else "a string"
            raise SettingsError(f"{shown}: [{endpoint_id!r}] {key} must be {kind}, not {value!r}")
    return table
