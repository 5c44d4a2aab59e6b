"""Where what is in the site, as paths from its root: every page is an `.html`, with an `.md` of its name beside it."""

from __future__ import annotations

import posixpath
import re

INDEX = "index.html"
CHANGELOG = "changelog.html"
COMPARISON = "comparison.html"
NOT_FOUND = "404.html"
STYLE = "assets/style.css"
SCRIPT = "assets/site.js"
SEARCH_SCRIPT = "assets/search.js"
SEARCH_INDEX = "assets/search-index.js"
LLMS, LLMS_FULL, SKILL = "llms.txt", "llms-full.txt", "SKILL.md"


def endpoint_page(endpoint_id: str) -> str:
    """The page of an endpoint; an id is segments of letters, digits, dots, dashes and underscores."""
    return f"models/{endpoint_id}.html"


def type_page(kind: str, name: str, page: str = "") -> str:
    """The page of a shared type; `page` is what it is called, where that is not the name (`TypeFacts.page`)."""
    return f"types/{kind}.{page or name}.html"


def category_page(category: str) -> str:
    """The endpoints of a category."""
    return f"categories/{slug(category)}.html"


def owner_page(owner: str) -> str:
    """The endpoints of an owner."""
    return f"owners/{slug(owner)}.html"


def takes_page(kind: str) -> str:
    """The endpoints that take a kind of input."""
    return f"takes/{slug(kind)}.html"


def guide_page(name: str) -> str:
    """A guide, by its slug."""
    return f"guides/{name}.html"


def text_of(page: str) -> str:
    """The `.md` beside a page."""
    return page.removesuffix(".html") + ".md"


def link(page: str, target: str) -> str:
    """What a page writes to lead to another path of the site: relative, so that `file://` works too."""
    return posixpath.relpath(target, posixpath.dirname(page) or ".")


def slug(words: str) -> str:
    """Words of ours, or of a document, as a name of a file: lower case, dashes; never empty."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-") or "other"
