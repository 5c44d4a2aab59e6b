"""How Markdown is read, and what may pass of it: tokens without attributes, but for addresses that are https."""

# design: What may a stranger's words become?

from __future__ import annotations

import re
from inspect import cleandoc
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.token import Token

from ...literals import escaped, readable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Link = Callable[[str], str | None]

# The longest text that is read as Markdown; the longest of fal's has a thousand characters. What is longer is shown as
# it is: of some texts the reader takes a time that grows with the square of their length.
LONGEST = 10_000
# What a text has that is more than words.
_MARKED = re.compile(r"[`*_\[\]<>&#~|!\\\n]|https://|^\s*([-+=]|\d+[.)])")
_HTTPS = re.compile(r"https://[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+(:\d{1,5})?([/?#][!#-;=?-\[\]_a-z~]*)?")
_BARE = re.compile(r"https://[^\s<>\"'`()\[\]{}\\]+(?<![.,;:!?])")
# What is no path within the site: a scheme, another host, white space.
_ELSEWHERE = re.compile(r"[^/?#]*:|[/\\]|.*[\s\\]")


class Reader(MarkdownIt):
    """CommonMark without HTML; an indented line is no code, but a line: descriptions are indented like their source."""

    def __init__(self) -> None:
        super().__init__("commonmark", {"html": False})
        self.enable("strikethrough").disable(["code", "html_block", "html_inline"])

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802 - the library's name
        """Take each for a link: what it may lead to is judged below, where it can be made plain text."""
        return True


# No document has tables, and a small one of them becomes large: a row is as wide as the first, whatever is in it.
READER = Reader()


def plain(text: str) -> str:
    """A stranger's text as people see it: nothing in it is invisible, and white space is spaces and line feeds."""
    lines = readable(text).replace("\r\n", "\n").replace("\r", "\n").expandtabs(4).split("\n")
    return cleandoc(escaped("\n".join("".join(" " if c.isspace() else c for c in line).rstrip() for line in lines)))


def is_marked(text: str) -> bool:
    """Whether a text is to be read as Markdown: there is something in it, and it is not too long."""
    return len(text) <= LONGEST and _MARKED.search(text) is not None


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that is not read as Markdown."""
    return [one for one in re.split(r"\n{2,}", text.strip("\n")) if one]


def safe_link(url: str) -> str | None:
    """An address that a page may lead to: https, with a host and without a name before it; else None."""
    return url if _HTTPS.fullmatch(url) else None


def words_of(children: Iterable[Token] | None) -> str:
    """The words of inline markup: code and emphasis as they read, pictures as they are called."""
    return "".join(
        words_of(one.children) if one.type == "image" else " " if one.type.endswith("break") else one.content
        for one in children or ()
    )


def passing(tokens: Iterable[Token], link: Link, *, pictures: bool = False) -> Iterator[Token]:
    """The tokens of a line that may pass, without attributes.

    Args:
        tokens: As the reader made them.
        link: What a target becomes; None makes a link plain text.
        pictures: Whether pictures of the site may pass; others are what they are called.
    """
    shown: list[bool] = []
    for one in tokens:
        match one.type:
            case "link_open":
                target = _target(one, "href", link)
                shown.append(target is not None)
                if target is not None:
                    yield _link(target)
            case "link_close":
                if shown.pop():
                    yield one
            case "image":
                target = _target(one, "src", link) if pictures else None
                yield _named(one) if target is None or safe_link(target) else _picture(one, target)
            case "text" if not any(shown) and "https://" in one.content:
                yield from _linked(escaped(one.content), link)
            case _:
                one.attrs, one.content = {}, escaped(one.content)  # an entity may be what nobody can see
                yield one


def kept(one: Token) -> dict[str, str | int | float]:
    """The one attribute of a block that is kept: the number that a list begins with."""
    return {"start": int(one.attrs["start"])} if "start" in one.attrs else {}


def _target(one: Token, attribute: str, link: Link) -> str | None:
    """Where a link may lead: what `link` makes of it, if that is https or lies on the site."""
    made = link(str(one.attrs.get(attribute, "")))
    return made if made and (safe_link(made) or not _ELSEWHERE.match(made)) else None


def _link(target: str) -> Token:
    rel: dict[str, str | int | float] = {"rel": "noopener noreferrer nofollow"} if safe_link(target) else {}
    return Token("link_open", "a", 1, attrs={"href": target, **rel})


def _named(one: Token) -> Token:
    return Token("text", "", 0, content=escaped(words_of(one.children)))


def _picture(one: Token, target: str) -> Token:
    one.attrs = {"src": target, "alt": ""}  # the renderer fills in the words
    return one


def _linked(text: str, link: Link) -> Iterator[Token]:
    """A text whose bare addresses are links."""
    at = 0
    for found in _BARE.finditer(text):
        target = safe_link(found[0]) and link(found[0])
        if target is not None:
            yield Token("text", "", 0, content=text[at : found.start()])
            yield from (_link(target), Token("text", "", 0, content=found[0]), Token("link_close", "a", -1))
            at = found.end()
    yield Token("text", "", 0, content=text[at:])
