"""Reads the tables within the settings: where the packages are published, and what the site is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, cast

from .model import Published, SettingsError, SiteSettings

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

# What stands behind `pip install` as it is, in a shell.
_INSTALLED = re.compile(r"|[A-Za-z0-9][\w.-]*|\.{0,2}/[\w.+/~-]+|(git\+)?https://[\w.+:/@=#&~%-]+")
_REPOSITORY = re.compile(r"|https://[\w.-]+(/[\w~-][\w.~-]*(?<!\.git))+")
# What an author is, and what the metadata of a package takes.
_AUTHOR = re.compile(r"[^<>@,\"\x00-\x1f]+( <[^<>@,\s]+@[^<>@,\s]+>)?")
# Where a site is: no user, no query, no fragment.
_URL = re.compile(r"https://[A-Za-z0-9.-]+(:\d{1,5})?(/[\w.~-]+)*/?", re.ASCII)
_LONGEST_TITLE = 100


def read_published(value: object, where: str) -> Published:
    """Where the packages come from.

    Raises:
        SettingsError: A key or a value is not one we know.
    """
    table = _table(value, where, Published.__dataclass_fields__)
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


def read_site(value: object, where: str, root: Path) -> SiteSettings:
    """What the site is told.

    Args:
        value: The table.
        where: How messages name it.
        root: The project's folder, which the path in it is relative to.

    Raises:
        SettingsError: A key or a value is not one we know.
    """
    table = _table(value, where, SiteSettings.__dataclass_fields__)
    title, url, thumbnails = table.get("title", ""), table.get("url", ""), table.get("thumbnails", False)
    if not isinstance(title, str) or not title.isprintable() or len(title) > _LONGEST_TITLE:
        raise SettingsError(f"{where} title must be a line of at most {_LONGEST_TITLE} characters, not {title!r}")
    if not isinstance(url, str) or (url and not _URL.fullmatch(url)):
        raise SettingsError(f"{where} url must be an address of the form https://host/path/, not {url!r}")
    if not isinstance(thumbnails, bool):
        raise SettingsError(f"{where} thumbnails must be true or false, not {thumbnails!r}")
    comparison = table.get("comparison")
    if comparison is not None and (not isinstance(comparison, str) or not comparison):
        raise SettingsError(f"{where} comparison must be the path of a file, not {comparison!r}")
    return SiteSettings(
        title=title.strip(),
        url=url and url.rstrip("/") + "/",
        thumbnails=thumbnails,
        comparison=None if comparison is None else root / comparison,
    )


def _table(value: object, where: str, known: Iterable[str]) -> dict[str, object]:
    """A table with no keys but those that are known."""
    if not isinstance(value, dict):
        raise SettingsError(f"{where} must be a table")
    table = cast("dict[str, object]", value)
    for key in table:
        if key not in known:
            raise SettingsError(f"{where} has no setting {key!r}; known settings: {', '.join(known)}")
    return table
