"""Our own Markdown as HTML: guides and the changelog, with anchors as GitHub has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markdown_it.token import Token

from .html import rendered
from .reading import Reader, kept, passing, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from markupsafe import Markup

_READER = Reader().enable("table")


@dataclass(frozen=True, slots=True)
class PageHeading:
    """A heading of a guide.

    Attributes:
        level: 1 to 6.
        anchor: Its `id`, as GitHub makes it of the text.
        text: Without markup.
    """

    level: int
    anchor: str
    text: str


def own_html(text: str, link: Callable[[str], str | None]) -> tuple[Markup, tuple[PageHeading, ...]]:
    """Markdown of ours as HTML.

    Args:
        text: A guide, or the changelog. Not even this may have HTML: a changelog quotes documents.
        link: Makes of a target what the page writes (https, or relative); None makes a link plain text, and a picture
            what it is called.

    Returns:
        The HTML, and its headings in their order.
    """
    headings: list[PageHeading] = []
    return rendered(_blocks(_READER.parse(text), link, headings)), tuple(headings)


def anchors() -> Callable[[str], str]:
    """What makes the anchors of one page as GitHub does: each is another."""
    seen: dict[str, int] = {}

    def anchor(words: str) -> str:
        made = re.sub(r"[^\w\- ]", "", words.strip().lower()).replace(" ", "-")
        count = seen[made] = seen.get(made, -1) + 1
        return f"{made}-{count}" if count else made

    return anchor


def _blocks(tokens: list[Token], link: Callable[[str], str | None], headings: list[PageHeading]) -> Iterator[Token]:
    """The tokens of a page: headings with anchors, code with its language."""
    anchor = anchors()
    for one, after in zip(tokens, [*tokens[1:], Token("end", "", 0)], strict=True):
        one.attrs = kept(one)
        one.info = one.info if re.fullmatch(r"[a-z]+", one.info) else ""
        if one.type == "heading_open":
            words = words_of(after.children)
            headings.append(PageHeading(int(one.tag[1:]), anchor(words), words))
            one.attrs = {"id": headings[-1].anchor}
        if one.children is not None:
            one.children = list(passing(one.children, link, pictures=True))
        yield one
