"""The endpoints a project covers, and editing that list in the file where it is, without touching the rest of it."""

# design: Where are the endpoints of a project listed?

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, cast

import tomlkit

from .begin import with_table
from .files import replace_file
from .ids import find_documents, is_endpoint_id
from .settings import Settings, SettingsError, read_pyproject

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, MutableMapping
    from pathlib import Path


def covered(settings: Settings) -> list[str]:
    """The ids of the endpoints that a project covers, sorted.

    Raises:
        SettingsError: The list cannot be read.
    """
    listing = read_listing(settings)
    ids = find_documents(settings.specs) if listing is None else listing.options
    return sorted(one for one in ids if is_endpoint_id(one))


def cover(settings: Settings, ids: Collection[str]) -> Settings:
    """List endpoints, unless every document is one anyway.

    Returns:
        The settings as they are now.
    """
    listing = read_listing(settings)
    new = [one for one in ids if listing is not None and one not in listing.options]
    if listing is None or not new:
        return settings
    if listing.place is ListedIn.SETTINGS:
        return _edit_settings(settings, new, ())
    add_to_tables(settings, {one: {} for one in new})
    return settings


def add_to_tables(settings: Settings, facts: Mapping[str, EndpointOptions]) -> None:
    """Say something about endpoints in `endpoints.toml`; what stands there about them already stays."""
    path = tables_path(settings)
    tables = _read(path)
    if not path.is_file() and settings.endpoints is None:
        # Without this line the file would be a list of these, and no other document an endpoint.
        document = cast("tomlkit.TOMLDocument", tables)
        document.add(tomlkit.comment(_HEADER))
        document.add(_EVERY_DOCUMENT, tomlkit.item(True))
    for endpoint_id, options in facts.items():
        table = cast("MutableMapping[str, object]", tables.setdefault(endpoint_id, tomlkit.table()))
        for key, value in options.items():
            table.setdefault(key, value)
    _write(path, tables)


def uncover(settings: Settings, ids: Collection[str]) -> Settings:
    """Take endpoints from the list, with all that is said about them.

    Returns:
        The settings as they are now.
    """
    path = tables_path(settings)
    if path.is_file():
        tables = _read(path)
        for endpoint_id in tables.keys() & set(ids):
            del tables[endpoint_id]
        _write(path, tables)
    if settings.endpoints is not None and set(settings.endpoints) & set(ids):
        settings = _edit_settings(settings, (), ids)
    return settings


def _edit_settings(settings: Settings, new: Collection[str], gone: Collection[str]) -> Settings:
    """Change `endpoints` of `[tool.fal-typed]`; lines that stay keep their comments."""
    kept = [one for one in settings.endpoints or () if one not in gone]
    ids = [*kept, *(one for one in new if one not in kept)]
    read = read_pyproject(settings.pyproject)
    if settings.is_new:
        text = with_table(settings, ids, read)
    else:
        document = cast("MutableMapping[str, object]", tomlkit.parse(read.decode()))
        tool = cast("Mapping[str, Mapping[str, object]]", document["tool"])
        array = cast("list[str]", tool["fal-typed"]["endpoints"])
        for one in [one for one in array if one in gone]:
            array.remove(one)
        for one in [one for one in new if one not in array]:
            array.append(one)
        text = tomlkit.dumps(document).encode()
    if text != read:
        _replace_settings(settings.pyproject, text)
    return replace(settings, endpoints=tuple(ids), is_new=False, read=text)


def _replace_settings(path: Path, text: bytes) -> None:
    """Write a file that is people's own: where a link leads, and readable for whom it was."""
    path = path.resolve()
    mode = path.stat().st_mode if path.is_file() else None
    replace_file(path, text, beside=path.with_name(".pyproject.toml.fal-typed"))
    if mode is not None:
        path.chmod(mode)


def _read(path: Path) -> MutableMapping[str, object]:
    text = path.read_bytes().decode() if path.is_file() else ""  # as it is, line ends too
    return cast("MutableMapping[str, object]", tomlkit.parse(text))


def _write(path: Path, document: MutableMapping[str, object]) -> None:
    """Replace the file as a whole, if its text changes."""
    text = tomlkit.dumps(document).encode()
    if not path.is_file() or path.read_bytes() != text:
        replace_file(path, text)


STREAMS, STREAM_SOURCE = "streams", "stream_source"
_ENDPOINT_KEYS = {STREAMS: bool, STREAM_SOURCE: str}
# Not an id, so no table can be called this.
_EVERY_DOCUMENT = "every_document"
_HEADER = "Every document is an endpoint of this project; the tables say what is known of some."
EndpointOptions = dict[str, object]


class ListedIn(Enum):
    """Where the endpoints are listed."""

    SETTINGS = "pyproject.toml"
    TABLES = "endpoints.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """The endpoints a project lists.

    Attributes:
        options: What is said about each, by id.
        place: Where they are listed.
        shown: That file, as messages show it.
    """

    options: dict[str, EndpointOptions]
    place: ListedIn
    shown: str

    def how_to_list(self, endpoint_id: str) -> str:
        """What to write where, to have one more endpoint."""
        if self.place is ListedIn.TABLES:
            return f'list it in {self.place.value} as ["{endpoint_id}"]'
        return f'list "{endpoint_id}" in the endpoints of {self.place.value}'


def read_listing(settings: Settings) -> Listing | None:
    """The endpoints that the project lists, or None where every document is one and nothing is said about any.

    Where every document is one, the tables of `endpoints.toml` say what is known of some; all are in the answer.

    Raises:
        SettingsError: `endpoints.toml` is not as it should be.
    """
    path = tables_path(settings)
    if not path.is_file():
        if settings.endpoints is None:
            return None
        return Listing(options={one: {} for one in settings.endpoints}, place=ListedIn.SETTINGS, shown="pyproject.toml")
    shown = settings.shown(path)
    tables, every_document = _read_tables(path, shown)
    if settings.endpoints is not None:
        return _listed_in_settings(settings.endpoints, tables, shown, every_document=every_document)
    if every_document or settings.catalogue is not None:
        tables = {**{one: {} for one in find_documents(settings.specs)}, **tables}
    return Listing(options=tables, place=ListedIn.TABLES, shown=shown)


def _listed_in_settings(
    ids: tuple[str, ...], tables: dict[str, EndpointOptions], shown: str, *, every_document: bool
) -> Listing:
    if every_document:
        raise SettingsError(
            f"{shown}: {_EVERY_DOCUMENT} contradicts the list of endpoints in pyproject.toml; take one of the two out"
        )
    for extra in sorted(tables.keys() - set(ids)):
        raise SettingsError(
            f"{shown}: {extra!r} is not among the endpoints of pyproject.toml; list it there, or remove the table"
        )
    options = {endpoint_id: tables.get(endpoint_id, {}) for endpoint_id in ids}
    return Listing(options=options, place=ListedIn.SETTINGS, shown="pyproject.toml")


def tables_path(settings: Settings) -> Path:
    """Where `endpoints.toml` is, if there is one."""
    return settings.specs / ListedIn.TABLES.value


def _read_tables(path: Path, shown: str) -> tuple[dict[str, EndpointOptions], bool]:
    """The tables, and whether every document is an endpoint, with or without one."""
    try:
        tables: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{shown}: not TOML: {error}") from None
    every_document = tables.pop(_EVERY_DOCUMENT, False)
    if not isinstance(every_document, bool):
        raise SettingsError(f"{shown}: {_EVERY_DOCUMENT} must be true or false, not {every_document!r}")
    checked: dict[str, EndpointOptions] = {}
    for endpoint_id, table in tables.items():
        if not isinstance(table, dict):
            raise SettingsError(f"{shown}: {endpoint_id!r} must be a table, [{endpoint_id!r}]")
        checked[endpoint_id] = _check_endpoint(shown, endpoint_id, cast("EndpointOptions", table))
    return checked, every_document


def _check_endpoint(shown: str, endpoint_id: str, table: EndpointOptions) -> EndpointOptions:
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
