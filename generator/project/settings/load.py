"""Reads the settings, key by key: what is not as it should be is refused before anything is read or written."""

from __future__ import annotations

import keyword
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from ..catalogue import Filters, read_filters
from ..ids import is_endpoint_id
from .model import Layout, RuntimePart, Settings, SettingsError, read_pyproject
from .tables import read_published, read_site

if TYPE_CHECKING:
    from pathlib import Path

_SIZE = "max_document_mib"
_LARGEST = 1024
_DEFAULTS = {"package": "fal_typed", "output": "generated", "layout": "project", "specs": "specs"}
_ENDPOINTS, _CATALOGUE, _PARTS, _PUBLISHED, _SITE = "endpoints", "catalogue", "parts", "published", "site"
_KNOWN = (*_DEFAULTS, _ENDPOINTS, _CATALOGUE, _PARTS, _SIZE, _PUBLISHED, _SITE)


def parse_pyproject(path: Path, read: bytes) -> dict[str, Any]:
    """What a `pyproject.toml` says.

    Raises:
        SettingsError: It is not TOML.
    """
    try:
        return tomllib.loads(read.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not TOML: {error}") from None


def load_settings(root: Path, *, may_begin: bool = False) -> Settings:
    """Read the settings of the project in `root`; a project without the table gets the defaults.

    Args:
        root: The folder of the `pyproject.toml`.
        may_begin: Whether there may be no folder of documents yet, because the command is one that makes it.

    Raises:
        SettingsError: There is no such project, or a key or a value is not one we know. The message names the file.
    """
    root = root.absolute()
    pyproject = root / "pyproject.toml"
    if not pyproject.is_file():
        raise SettingsError(
            f"{pyproject}: no such file; --project must name a folder with a pyproject.toml, and `add ID` begins one"
        )
    read = read_pyproject(pyproject)
    tool: object = parse_pyproject(pyproject, read).get("tool")
    table = cast("dict[str, object]", tool).get("fal-typed", {}) if isinstance(tool, dict) else cast("object", {})
    if not isinstance(table, dict):
        raise SettingsError(f"{pyproject}: [tool.fal-typed] must be a table")
    settings = replace(settings_from(root, cast("dict[str, object]", table)), read=read)
    _check_places(settings, pyproject)
    if not settings.specs.is_dir() and not (may_begin and not settings.specs.exists()):
        how = "; `fetch` or `add ID` makes it" if not settings.specs.exists() else ""
        raise SettingsError(f"{pyproject}: [tool.fal-typed] specs: {settings.specs} is not a folder{how}")
    return settings


def settings_from(root: Path, table: dict[str, object]) -> Settings:
    """The settings that a `[tool.fal-typed]` in this folder says; what it does not say is the default.

    Raises:
        SettingsError: A key or a value is not one we know.
    """
    pyproject = root / "pyproject.toml"
    for key in table:
        if key not in _KNOWN:
            known = ", ".join(_KNOWN)
            raise SettingsError(f"{pyproject}: [tool.fal-typed] has no setting {key!r}; known settings: {known}")
    values: dict[str, str] = {}
    for key, default in _DEFAULTS.items():
        value = table.get(key, default)
        if not isinstance(value, str) or not value:
            raise SettingsError(f"{pyproject}: [tool.fal-typed] {key} must be a non-empty string, not {value!r}")
        values[key] = value
    package = values["package"]
    if not package.isascii() or not package.isidentifier() or keyword.iskeyword(package):
        raise SettingsError(f"{pyproject}: [tool.fal-typed] package must be a Python import name, not {package!r}")
    layouts = {layout.value: layout for layout in Layout}
    if values["layout"] not in layouts:
        known = " or ".join(repr(name) for name in layouts)
        raise SettingsError(f"{pyproject}: [tool.fal-typed] layout must be {known}, not {values['layout']!r}")
    return Settings(
        root=root,
        package=package,
        output=root / values["output"],
        layout=layouts[values["layout"]],
        specs=root / values["specs"],
        endpoints=_endpoints(pyproject, table.get(_ENDPOINTS)),
        catalogue=_catalogue(pyproject, table),
        parts=_parts(pyproject, table, layouts[values["layout"]]),
        max_document_mib=_size(table.get(_SIZE, 16), pyproject),
        published=read_published(table.get(_PUBLISHED, {}), f"{pyproject}: [tool.fal-typed.{_PUBLISHED}]"),
        site=read_site(table.get(_SITE, {}), f"{pyproject}: [tool.fal-typed.{_SITE}]", root),
    )


def _endpoints(pyproject: Path, value: object) -> tuple[str, ...] | None:
    """The ids that are listed, if any are, each once."""
    if value is None:
        return None
    if not isinstance(value, list):
        raise SettingsError(f"{pyproject}: [tool.fal-typed] endpoints must be a list of endpoint ids, not {value!r}")
    ids: dict[str, None] = {}
    for one in cast("list[object]", value):
        if not isinstance(one, str) or not is_endpoint_id(one):
            raise SettingsError(f"{pyproject}: [tool.fal-typed] endpoints: {one!r} is not an endpoint id (owner/name…)")
        ids[one] = None
    return tuple(ids)


def _catalogue(pyproject: Path, table: dict[str, object]) -> Filters | None:
    if _CATALOGUE not in table:
        return None
    if _ENDPOINTS in table:
        raise SettingsError(
            f"{pyproject}: [tool.fal-typed] {_CATALOGUE} and {_ENDPOINTS} contradict each other: the endpoints are "
            "those that fal's catalogue has, or those of a list; take one of the two out"
        )
    try:
        return read_filters(table[_CATALOGUE])
    except ValueError as error:
        raise SettingsError(f"{pyproject}: [tool.fal-typed] {_CATALOGUE} {error}") from None


def _parts(pyproject: Path, table: dict[str, object], layout: Layout) -> frozenset[RuntimePart]:
    """What is asked for; a project to publish has all, and a vendored client nothing that it does not name."""
    where, known = f"{pyproject}: [tool.fal-typed] {_PARTS}", {part.value: part for part in RuntimePart}
    if _PARTS not in table:
        return frozenset(RuntimePart if layout is Layout.PROJECT else ())
    if layout is Layout.PROJECT:
        raise SettingsError(f'{where} is of layout = "package" alone: a project to publish has all of them')
    listed = table[_PARTS]
    if not isinstance(listed, list):
        raise SettingsError(f"{where} must be a list of names ({', '.join(known)}), not {listed!r}")
    for one in cast("list[object]", listed):
        if not isinstance(one, str) or one not in known:
            raise SettingsError(f"{where}: there is no part {one!r}; known parts: {', '.join(known)}")
    return frozenset(known[one] for one in cast("list[str]", listed))


def _size(value: object, pyproject: Path) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= _LARGEST:
        raise SettingsError(
            f"{pyproject}: [tool.fal-typed] {_SIZE} must be a whole number of MiB from 1 to {_LARGEST}, not {value!r}"
        )
    return value


def _check_places(settings: Settings, pyproject: Path) -> None:
    """The output must not lie where it would overwrite what it is made from."""
    specs, output = settings.specs.resolve(), settings.output.resolve()
    if settings.layout is Layout.PROJECT and output == settings.root.resolve():
        raise SettingsError(
            f'{pyproject}: [tool.fal-typed] output is the project itself: with layout = "project" a pyproject.toml of '
            "its own is written there; name another folder"
        )
    if output == specs or output.is_relative_to(specs) or (specs / settings.package) == (output / settings.package):
        raise SettingsError(f"{pyproject}: [tool.fal-typed] output must not lie in specs")
