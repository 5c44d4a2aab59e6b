"""A built site as a reader of HTML sees it: elements, anchors, links; and what no page may have."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from functools import cached_property
from html.parser import HTMLParser
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from generator.site.build import MadeSite

_EMPTY = {"meta", "link", "input", "img", "br", "hr", "wbr", "source", "col"}
# What no page has a use for. Pictures that are drawn are of ours alone, and have their own test.
_NEVER = {"iframe", "object", "embed", "base", "form", "style", "audio", "video", "math", "template", "foreignobject"}
_CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:{}; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'"
)
# Elements of ours, which may be left open in HTML and are not in ours.
_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


class Element(NamedTuple):
    """An element, where it begins."""

    tag: str
    attributes: dict[str, str | None]


@dataclass
class BuiltSite:
    """A site that was built."""

    root: Path
    folder: Path
    made: MadeSite
    _pages: dict[str, PageRead] = field(default_factory=dict)

    @cached_property
    def paths(self) -> set[str]:
        """Its files."""
        return {p.relative_to(self.folder).as_posix() for p in self.folder.rglob("*") if p.is_file()} - {".site.json"}

    def pages(self) -> list[str]:
        return sorted(path for path in self.paths if path.endswith(".html"))

    def texts(self) -> list[str]:
        return sorted(path for path in self.paths if path.endswith((".md", ".txt")))

    def text(self, path: str) -> str:
        return (self.folder / path).read_text(encoding="utf-8")

    def page(self, path: str) -> PageRead:
        if path not in self._pages:
            self._pages[path] = PageRead(self.text(path))
        return self._pages[path]


class PageRead(HTMLParser):
    """A page, which fails where an element is not closed in its turn."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self.words = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()
        assert not self._open, self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), attrs
        self.elements.append(Element(tag, dict(attrs)))
        if tag not in _EMPTY:
            self._open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(Element(tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data

    @property
    def ids(self) -> list[str]:
        return [str(one.attributes["id"]) for one in self.elements if "id" in one.attributes]

    def links(self) -> list[str]:
        names = ("href", "src", "data-index", "data-script")
        return [str(one.attributes[name]) for one in self.elements for name in names if name in one.attributes]


def refuse_harm(page: PageRead, *, thumbnails: bool) -> None:
    """No element, attribute or address by which a document could do anything."""
    csp = page.elements[2]  # html, head
    assert csp.attributes == {
        "http-equiv": "Content-Security-Policy",
        "content": _CSP.format(" https:" if thumbnails else ""),
    }
    inside = False
    for tag, attributes in page.elements:
        assert tag not in _NEVER
        assert not [name for name in attributes if name.startswith("on") or name in {"style", "srcdoc", "srcset"}]
        if tag == "script":
            inside = True
            assert attributes.keys() <= {"src", "defer"}
            assert re.fullmatch(r"((\.\./)*|/a/)assets/[a-z-]+\.js", str(attributes["src"]))
        for name in ("href", "src", "action", "formaction", "xlink:href", "data", "poster", "ping"):
            if name in attributes:
                refuse_address(str(attributes[name]), outside=tag in {"a", "link", "img", "script"})
        if tag == "img" and str(attributes["src"]).startswith("https:"):
            assert thumbnails
        if tag == "meta":
            assert attributes.get("http-equiv") in {None, "Content-Security-Policy"}
    assert inside


def refuse_address(address: str, *, outside: bool = True) -> None:
    """Only https, or within the site."""
    parts = urlsplit(address)
    if parts.scheme or parts.netloc:
        assert outside
        assert address.startswith("https://"), address
        assert parts.hostname
        assert "@" not in parts.netloc, address
        assert not re.search(r"[\s<>\"\\`]", address), address
    else:
        assert not address.startswith(("//", "/\\")), address


def refuse_harm_in_text(text: str) -> None:
    """As a reader sees it that takes all that Markdown has."""
    for token in _tokens(text):
        assert not token.type.startswith("html"), token.content
        if token.type == "image":
            raise AssertionError(token)
        if token.type == "link_open":
            refuse_address(str(token.attrs["href"]))


def text_links(text: str) -> list[str]:
    return [str(token.attrs["href"]) for token in _tokens(text) if token.type == "link_open"]


def text_anchors(text: str) -> set[str]:
    from generator.site.markdown.own import anchors

    anchor, tokens = anchors(), _MARKDOWN.parse(text)
    from generator.site.markdown.reading import words_of

    return {anchor(words_of(tokens[n + 1].children)) for n, one in enumerate(tokens) if one.type == "heading_open"}


def _tokens(text: str) -> Iterator:
    for token in _MARKDOWN.parse(text):
        yield token
        yield from token.children or ()


def target_of(path: str, link: str) -> tuple[str, str]:
    """Where a link of a page leads: the path of a file, and the anchor in it."""
    parts = urlsplit(link)
    target = posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(parts.path))) if parts.path else path
    return target, unquote(parts.fragment)
