"""The two texts that the templates make of the page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from ... import places
from ...emit.templates import environment, in_template
from ...literals import escaped

if TYPE_CHECKING:
    from .views import PageView

# What is markup within a line of Markdown, or of a table.
_MARKS = re.compile(r"[\\`*\[\]<>&|~]|(?<!\w)_|_(?!\w)")


def html_page(page: PageView) -> Markup:
    """The page's body as HTML."""
    return Markup(_rendered("site/comparison.html.jinja", page, escapes=True))  # noqa: S704  (it is escaped)


def markdown_page(page: PageView) -> str:
    """The page as Markdown."""
    return _rendered("site/comparison.md.jinja", page, escapes=False)


def _rendered(name: str, page: PageView, *, escapes: bool) -> str:
    folder = places.TEMPLATES
    made = environment(folder, {}).overlay(autoescape=escapes, trim_blocks=True, lstrip_blocks=True)
    with in_template(folder, name):
        return made.get_template(name).render(page=page, words=words)


def words(text: str) -> str:
    """A text as it may stand in a line of Markdown, also in a table."""
    return _MARKS.sub(lambda found: f"&#{ord(found[0])};", escaped(text).replace("\n", " "))
