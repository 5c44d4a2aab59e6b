"""Which endpoints a project covers, and what it says about each.

Three places, the first that is there: `endpoints` of `[tool.fal-typed]`, a table for each in `specs/endpoints.toml`, or
simply the documents under `specs/`. With the first, `endpoints.toml` may still say more about endpoints it lists.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, cast

from generator.identity import is_endpoint_id
from generator.settings import Settings, SettingsError

if TYPE_CHECKING:
    from pathlib import Path

_ENDPOINT_KEYS = {"streams": bool, "stream_source": str}
Options = dict[str, object]


class Place(Enum):
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

    options: dict[str, Options]
    place: Place
    shown: str

    def how_to_list(self, endpoint_id: str) -> str:
        """What to write where, to have one more endpoint."""
        if self.place is Place.TABLES:
            return f'list it in {self.place.value} as ["{endpoint_id}"]'
        return f'list "{endpoint_id}" in the endpoints of {self.place.value}'


def read_listing(settings: Settings) -> Listing | None:
    """The endpoints that the project lists, or None where every document is one.

    Raises:
        SettingsError: `endpoints.toml` is not as it should be.
    """
    path = tables_path(settings)
    tables = _read_tables(path, settings.shown(path)) if path.is_file() else None
    if settings.endpoints is None:
        return None if tables is None else Listing(options=tables, place=Place.TABLES, shown=settings.shown(path))
    for extra in sorted((tables or {}).keys() - set(settings.endpoints)):
        raise SettingsError(
            f"{settings.shown(path)}: {extra!r} is not among the endpoints of pyproject.toml; list it there, or remove "
            "the table"
        )
    options = {endpoint_id: (tables or {}).get(endpoint_id, {}) for endpoint_id in settings.endpoints}
    return Listing(options=options, place=Place.SETTINGS, shown="pyproject.toml")


def tables_path(settings: Settings) -> Path:
    """Where `endpoints.toml` is, if there is one."""
    return settings.specs / Place.TABLES.value


def _read_tables(path: Path, shown: str) -> dict[str, Options]:
    try:
        tables: dict[str, object] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{shown}: not TOML: {error}") from None
    checked: dict[str, Options] = {}
    for endpoint_id, table in tables.items():
        if not isinstance(table, dict):
            raise SettingsError(f"{shown}: {endpoint_id!r} must be a table, [{endpoint_id!r}]")
        checked[endpoint_id] = _check_endpoint(shown, endpoint_id, cast("Options", table))
    return checked


def _check_endpoint(shown: str, endpoint_id: str, table: Options) -> Options:
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
