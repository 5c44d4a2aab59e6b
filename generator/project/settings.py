"""The settings of a project: `[tool.fal-typed]` of its `pyproject.toml`."""

from __future__ import annotations

import keyword
import re
import tomllib
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, cast

from .catalogue import Filters, read_filters
from .ids import is_endpoint_id

if TYPE_CHECKING:
    from pathlib import Path


class SettingsError(Exception):
    """A setting is wrong; nothing was read or written (exit code 2)."""


class Layout(Enum):
    """What is generated: a project to publish, or the package alone, to vendor."""

    PROJECT = "project"
    PACKAGE = "package"


class RuntimePart(Enum):
    """What of the runtime a vendored client has if it asks for it; a project to publish has all."""

    TESTING = "testing"
    CLI = "cli"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Where packages come from and who answers for them; empty is what is not published.

    Attributes:
        client: What pip is given for the client: a name on a package index, a git address, a wheel.
        generator: The same for the generator.
        repository: The https address of the repository.
        authors: Who answers for it, each as `Name <mail>`.
    """

    client: str = ""
    generator: str = ""
    repository: str = ""
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where things are and what they are called.

    Attributes:
        root: The folder of the `pyproject.toml`.
        package: Import name of what is generated.
        output: Where it goes.
        layout: A publishable project, or the package alone.
        specs: The folder of the documents.
        endpoints: The ids of the endpoints to cover, where they are listed here.
        catalogue: The part of fal's catalogue to cover, where that is said here.
        parts: What of the runtime there is, besides what calls need.
        max_document_mib: The size up to which a document is read, in MiB.
        published: Where the packages come from.
        is_new: Nothing of this is written yet: the first endpoint that is listed writes it.
        read: What was in `pyproject.toml` when this was read.
    """

    root: Path
    package: str
    output: Path
    layout: Layout
    specs: Path
    endpoints: tuple[str, ...] | None = None
    catalogue: Filters | None = None
    parts: frozenset[RuntimePart] = frozenset(RuntimePart)
    max_document_mib: int = 16
    published: Published = Published()
    is_new: bool = field(default=False, compare=False)
    read: bytes = field(default=b"", compare=False, repr=False)

    @property
    def pyproject(self) -> Path:
        """The file that the settings are in."""
        return self.root / "pyproject.toml"

    def refuse_stale(self) -> None:
        """Make sure that nobody changed the settings since they were read; asked by who writes, under the run's lock.

        Raises:
            SettingsError: Somebody did.
        """
        if read_pyproject(self.pyproject) != self.read:
            raise SettingsError(f"{self.pyproject}: it was changed meanwhile; run the same command again")

    def shown(self, path: Path) -> str:
        """A path as the user would type it: relative to the project, with forward slashes."""
        return path.relative_to(self.root).as_posix() if path.is_relative_to(self.root) else path.as_posix()


_SIZE = "max_document_mib"
_LARGEST = 1024
_DEFAULTS = {"package": "fal_typed", "output": "generated", "layout": "project", "specs": "specs"}
_ENDPOINTS, _CATALOGUE, _PARTS, _PUBLISHED = "endpoints", "catalogue", "parts", "published"
_KNOWN = (*_DEFAULTS, _ENDPOINTS, _CATALOGUE, _PARTS, _SIZE, _PUBLISHED)
# What stands behind `pip install` as it is, in a shell.
_INSTALLED = re.compile(r"|[A-Za-z0-9][\w.-]*|\.{0,2}/[\w.+/~-]+|(git\+)?https://[\w.+:/@=#&~%-]+")
_REPOSITORY = re.compile(r"|https://[\w.-]+(/[\w~-][\w.~-]*(?<!\.git))+")
# What an author is, and what the metadata of a package takes.
_AUTHOR = re.compile(r"[^<>@,\"\x00-\x1f]+( <[^<>@,\s]+@[^<>@,\s]+>)?")


def read_pyproject(path: Path) -> bytes:
    """What stands in a `pyproject.toml`, line ends as they are; nothing, where there is none."""
    return path.read_bytes() if path.is_file() else b""


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
        published=_published(table.get(_PUBLISHED, {}), f"{pyproject}: [tool.fal-typed.{_PUBLISHED}]"),
    )


def _published(value: object, where: str) -> Published:
    if not isinstance(value, dict):
        raise SettingsError(f"{where} must be a table")
    table = cast("dict[str, object]", value)
    known = Published.__dataclass_fields__
    for key in table:
        if key not in known:
            raise SettingsError(f"{where} has no setting {key!r}; known settings: {', '.join(known)}")
    authors = table.pop("authors", [])
    if not isinstance(authors, list) or not all(
        isinstance(one, str) and _AUTHOR.fullmatch(one) for one in cast("list[object]", authors)
    ):
        raise SettingsError(f'{where} authors must be a list of "Name <mail>", not {authors!r}')
    repository = table.pop("repository", "")
    for key, one in table.items():
        if not isinstance(one, str) or not _INSTALLED.fullmatch(one):
            raise SettingsError(f"{where} {key} must be a name, an address or a path without spaces, not {one!r}")
    if not isinstance(repository, str) or not _REPOSITORY.fullmatch(repository):
        raise SettingsError(f"{where} repository must be an address of the form https://host/path, not {repository!r}")
    texts = cast("dict[str, str]", table)
    return Published(**texts, repository=repository, authors=tuple(cast("list[str]", authors)))


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
