"""A stranger's Markdown as HTML."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from markdown_it.token import Token
from markupsafe import Markup, escape

from .reading import READER, is_marked, kept, paragraphs, passing, plain, safe_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@functools.lru_cache(maxsize=4096)  # the same words stand at many fields
def prose_html(text: str) -> Markup:
    """A document's Markdown as blocks of HTML.

    Args:
        text: A stranger's. Its headings become paragraphs in bold, its pictures what they are called, and its links
            plain text unless they are https. Nothing of it can be HTML.
    """
    text = plain(text)
    if not is_marked(text):
        return Markup().join(Markup("<p>{}</p>\n").format(one) for one in paragraphs(text))
    return rendered(_blocks(READER.parse(text)))


@functools.lru_cache(maxsize=4096)
def line_html(text: str) -> Markup:
    """One line as HTML that may stand within a link: code in backticks, emphasis, and no links.

    Args:
        text: A sentence of ours, or a document's; line feeds are spaces.
    """
    text = " ".join(plain(text).split())
    if not is_marked(text):
        return escape(text)
    line = READER.parseInline(text)[0].children or []
    return rendered(passing(line, lambda _: None))


def rendered(tokens: Iterable[Token]) -> Markup:
    """Tokens that may pass, as HTML."""
    return Markup(READER.renderer.render(list(tokens), READER.options, {}))  # noqa: S704 - it escapes what tokens hold


def _blocks(tokens: Iterable[Token]) -> Iterator[Token]:
    """The tokens of a text that may pass; headings are bold paragraphs: the outline of a page is ours."""
    heading = False
    for one in tokens:
        one.attrs, one.info = kept(one), ""
        if one.type in {"heading_open", "heading_close"}:
            one.type, one.tag, heading = one.type.replace("heading", "paragraph"), "p", one.nesting > 0
        if one.children is not None:
            line = list(passing(one.children, safe_link))
            strong = [Token("strong_open", "strong", 1), *line, Token("strong_close", "strong", -1)]
            one.children = strong if heading else line
        yield one
