"""Where a link of our own Markdown leads in the site: to another page of it, to the repository, or nowhere."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import quote

from .. import places

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..facts import SiteFacts

_CHANGELOG = "CHANGELOG.md"
# Where a repository shows its files.
_FILES = "blob/main"
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def from_guide(facts: SiteFacts, page: str, source: str) -> Callable[[str], str | None]:
    """What finds where a link of a guide leads.

    Args:
        facts: Which guides there are.
        page: The guide's.
        source: The file that it comes from, which its links are relative to.
    """
    folder = posixpath.dirname(source)
    known = {guide.source: places.guide_page(guide.slug) for guide in facts.guides}
    if facts.changelog:
        known[posixpath.normpath(posixpath.join(folder, _CHANGELOG))] = places.CHANGELOG

    def leads(href: str) -> str | None:
        if href.startswith(("https://", "#")):
            return href
        if _SCHEME.match(href) or href.startswith("/"):  # `http:`, `mailto:`: no file of the repository
            return None
        path, mark, anchor = href.partition("#")
        name = posixpath.normpath(posixpath.join(folder, path))
        if name in known:
            return places.link(page, known[name]) + mark + anchor
        is_there = bool(facts.repository) and not name.startswith(("..", "/"))
        return f"{facts.repository}/{_FILES}/{quote(name)}{mark}{anchor}" if is_there else None

    return leads


def from_changelog(facts: SiteFacts) -> Callable[[str], str | None]:
    """What finds where a link of the changelog leads; it stands beside the package's README."""
    source = next((guide.source for guide in facts.guides if guide.source.endswith("/README.md")), "README.md")
    return from_guide(facts, places.CHANGELOG, source)


def nowhere(href: str) -> str | None:
    """Of what stands in a page that is not its own: only what leads out of the site."""
    return href if href.startswith("https://") else None
