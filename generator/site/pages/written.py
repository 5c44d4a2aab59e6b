"""What own Markdown needs beyond HTML to stand in a page: code with colours and a button, tables that scroll."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from ..markdown import PageHeading
from .views import Snippet

if TYPE_CHECKING:
    from collections.abc import Iterator

# As `markdown.py` writes them. What is in a text is escaped, so it can have neither.
_CODE = re.compile(r'<pre><code class="language-([a-z]+)">(.*?)</code></pre>\n?', re.DOTALL)
_HEADING = re.compile(r'<h2 id="([\w-]+)">([^<]+)</h2>')
_TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
_EMPTY_HEAD = re.compile(r"<thead>\s*<tr>\s*(?:<th></th>\s*)+</tr>\s*</thead>\s*")
_SCROLLS = '<div class="scroll" role="group" aria-label="Table" tabindex="0">{}</div>'


def headings_of(body: Markup) -> tuple[PageHeading, ...]:
    """The second headings of a body that was made without telling them.

    Args:
        body: HTML of ours.
    """
    return tuple(PageHeading(2, anchor, html.unescape(text)) for anchor, text in _HEADING.findall(body))


def pieces(body: Markup) -> Iterator[Markup | Snippet]:
    """A body in order: code as snippets, and the HTML between.

    Args:
        body: What `own_html` made.
    """
    end = 0
    for number, found in enumerate(_CODE.finditer(body), 1):
        yield _between(body[end : found.start()])
        language, code = found.groups()
        yield Snippet(id=f"code-{number}", label=f"code {number}", language=language, code=html.unescape(code))
        end = found.end()
    yield _between(body[end:])


def _between(body: str) -> Markup:
    return Markup(_TABLE.sub(lambda found: _SCROLLS.format(_table(found[0])), body))  # noqa: S704  (it was Markup)


def _table(table: str) -> str:
    """Without a head where it is empty: Markdown has no table without one."""
    return _EMPTY_HEAD.sub("", table).replace("<th></th>", "<td></td>")
