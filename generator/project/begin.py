"""Where a project begins: `add` in a folder without `[tool.fal-typed]` writes that table, for a package to vendor."""

# design: What does `add` do in a folder without settings?

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import tomlkit

from .ids import find_documents
from .settings import Settings, SettingsError, parse_pyproject, read_pyproject, settings_from

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

# What only a project of ours has in its folder of documents.
_OURS = ("lock.json", "types.lock", "endpoints.toml")


def settings_to_begin(root: Path) -> Settings | None:
    """The settings of a project that is to begin in a folder, or None where there is one. Nothing is written.

    Raises:
        SettingsError: There is no such folder, or what is there is not TOML, or no table can be added to it.
    """
    root = root.absolute()
    path = root / "pyproject.toml"
    if not root.is_dir():
        raise SettingsError(f"{root}: no such folder; --project must name one")
    read = read_pyproject(path)
    document = parse_pyproject(path, read)
    tool = document.get("tool", {})
    if not isinstance(tool, dict):
        raise SettingsError(f"{path}: `tool` must be a table")
    if "fal-typed" in tool or (path.is_file() and _has_documents(root / "specs")):
        return None
    settings = replace(settings_from(root, _first(root, document)), is_new=True, read=read)
    with_table(settings, (), read)  # can it be written?
    return settings


def with_table(settings: Settings, ids: Sequence[str], read: bytes) -> bytes:
    """The text of `pyproject.toml` with the table that says these settings, behind what is there already.

    Args:
        settings: Of a project that begins.
        ids: The endpoints that it lists.
        read: What is there.

    Raises:
        SettingsError: What is there takes no such table, or has one.
    """
    before = parse_pyproject(settings.pyproject, read)
    table: dict[str, object] = {
        "package": settings.package,
        "output": settings.shown(settings.output),
        "layout": settings.layout.value,
        **({"specs": settings.shown(settings.specs)} if settings.specs.name != "specs" else {}),
        "endpoints": [*ids],
    }
    lines = tomlkit.dumps({"tool": {"fal-typed": table}})
    old = read.decode()
    new = old.rstrip() + ("\n\n" if old.strip() else "") + lines
    text = new.replace("\r\n", "\n").replace("\n", "\r\n" if "\r\n" in old else "\n")
    try:
        after = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        after = {}
    if after.get("tool", {}).pop("fal-typed", None) != table or _without_empty(after) != _without_empty(before):
        shown = lines.strip().replace("\n", "\n  ")
        raise SettingsError(
            f"{settings.pyproject}: no table can be put at its end; write this where it belongs:\n  {shown}"
        )
    return text.encode()


def _first(root: Path, document: dict[str, Any]) -> dict[str, object]:
    """What the settings of a project that begins are."""
    project: object = document.get("project")
    name = cast("dict[str, object]", project).get("name") if isinstance(project, dict) else None
    return {
        "package": _package(name if isinstance(name, str) else root.name),
        "output": "src" if (root / "src").is_dir() else ".",
        "layout": "package",
        # A folder of that name is of something else.
        **({"specs": "fal-specs"} if (root / "specs").exists() and not _has_documents(root / "specs") else {}),
        "endpoints": [],
    }


def _has_documents(specs: Path) -> bool:
    return any((specs / name).is_file() for name in _OURS) or (specs.is_dir() and bool(find_documents(specs)))


def _package(name: str) -> str:
    """An import name that says whose it is, and is neither the project's own nor that of a published package."""
    word = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")
    return f"{word}_fal" if word and not word[0].isdigit() else "my_fal"


def _without_empty(document: dict[str, Any]) -> dict[str, Any]:
    """A document without a `tool` that holds nothing: the table may have made it."""
    return {key: value for key, value in document.items() if key != "tool" or value}
