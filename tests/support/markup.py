"""Markdown as a reader of Markdown sees it, for the tests of README and CHANGELOG."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from markdown_it.token import Token


def tokens(text: str) -> Iterator[Token]:
    """What a Markdown text is made of, inline markup too."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        yield token
        yield from token.children or ()


def markup(text: str) -> list[tuple[str, str]]:
    """Everything in a Markdown text that is no plain text: headings, links and HTML with what they say."""
    found = list(tokens(text))
    loud = {"html_block", "html_inline", "link_open", "image", "strong_open", "em_open", "fence", "code_block"}
    headings = [("heading", found[n + 1].content) for n, one in enumerate(found) if one.type == "heading_open"]
    return headings + [
        (one.type, one.content if one.type.startswith("html") else one.info) for one in found if one.type in loud
    ]


def python_blocks(text: str) -> list[str]:
    """The code of the blocks that readers copy."""
    return _blocks(text, "python")


def bash_blocks(text: str) -> list[str]:
    """What readers type into a shell."""
    return _blocks(text, "bash")


def _blocks(text: str, language: str) -> list[str]:
    return [token.content for token in tokens(text) if token.type == "fence" and token.info == language]
