"""The pages written by hand, as they lie in the project: those beside the package, and those on keeping a project."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ..project.settings import Layout
from .facts import Guide

if TYPE_CHECKING:
    from pathlib import Path

    from ..project.settings import Settings

# In the order in which they are shown. That of the package has its name for a heading, and no list of pages is served
# by that; the others are called what their heading says.
_BESIDE = ("README.md", "COMMAND_LINE.md", "BATCH.md", "TESTING.md", "FROM_FAL_CLIENT.md")
_KEEPING = ("VENDORING.md", "MAINTAINING.md")
_FOLDER = "generator"
_TITLES = {"README.md": "Getting started"}
# What tells the project's own programs where to write; a page has no HTML, and would show it.
_COMMENT = re.compile(r"^<!--.*?-->\n*", re.MULTILINE)
_HEADING = re.compile(r"^# +(.+?) *$", re.MULTILINE)


def guides(settings: Settings) -> tuple[Guide, ...]:
    """The guides that a project has. A vendored client has none: the README beside it is somebody else's.

    Args:
        settings: The project's.
    """
    if settings.layout is Layout.PACKAGE:
        return ()
    output = settings.output
    inside = output.is_relative_to(settings.root)
    folders = [
        (output, settings.shown(output) if inside else output.name, _BESIDE),
        (settings.root / _FOLDER, _FOLDER, _KEEPING),
    ]
    found = (_guide(folder / name, f"{shown}/{name}") for folder, shown, names in folders for name in names)
    return tuple(one for one in found if one is not None)


def guide_files(settings: Settings) -> list[Path]:
    """Where guides are looked for."""
    return [settings.output / name for name in _BESIDE] + [settings.root / _FOLDER / name for name in _KEEPING]


def _guide(path: Path, source: str) -> Guide | None:
    """The guide of a file; None, where there is none or nothing in it."""
    text = path.read_text(encoding="utf-8-sig", errors="replace") if path.is_file() else ""
    text = _COMMENT.sub("", text).strip()
    if not text:
        return None
    slug = path.stem.lower().replace("_", "-")
    heading = _HEADING.search(text)
    title = _TITLES.get(path.name) or (heading[1] if heading else slug)
    return Guide(slug=slug, title=title, text=text + "\n", source=source)
