"""Reads a page as a browser would be told it: elements with their attributes, what they are in, and the text."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

_VOID = {"meta", "link", "input", "img", "br", "hr", "wbr", "area", "base", "col", "embed", "source", "track"}
# What a browser shows apart from what comes after it.
_APART = {"dt", "dd", "th", "td", "li"}
_SVG_ALONE = {"rect", "path", "circle", "line"}


@dataclass
class Element:
    """An element.

    Attributes:
        inside: The tags it is in, the outermost first.
        text: All that is in it.
    """

    tag: str
    attributes: dict[str, str]
    inside: tuple[str, ...]
    text: str = ""

    def words(self) -> str:
        """Its text with single spaces."""
        return " ".join(self.text.split())


@dataclass
class Document:
    """A page."""

    elements: list[Element] = field(default_factory=list[Element])

    def all(self, *tags: str) -> list[Element]:
        """The elements of some tags, in order."""
        return [one for one in self.elements if one.tag in tags]

    def one(self, tag: str) -> Element:
        """The only element of a tag."""
        (found,) = self.all(tag)
        return found

    def of_class(self, name: str) -> list[Element]:
        """The elements of a class."""
        return [one for one in self.elements if name in one.attributes.get("class", "").split()]

    def ids(self) -> list[str]:
        """Every id, in order."""
        return [one.attributes["id"] for one in self.elements if "id" in one.attributes]

    def by_id(self, wanted: str) -> Element:
        """The element of an id."""
        (found,) = [one for one in self.elements if one.attributes.get("id") == wanted]
        return found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.document = Document()
        self.open: list[Element] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len({name for name, _ in attrs}) == len(attrs), f"{tag} has an attribute twice: {attrs}"
        attributes = {name: value or "" for name, value in attrs}
        made = Element(tag, attributes, tuple(one.tag for one in self.open))
        self.document.elements.append(made)
        if tag not in _VOID:
            self.open.append(made)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _SVG_ALONE, f"<{tag}/>"
        self.document.elements.append(Element(tag, {}, tuple(one.tag for one in self.open)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open[-1].tag == tag, f"</{tag}> where <{self.open[-1].tag}> is open"
        self.open.pop()
        if tag in _APART:
            self.handle_data(" ")

    def handle_data(self, data: str) -> None:
        for one in self.open:
            one.text += data


def read(html: str) -> Document:
    """A page; one whose elements do not close as they should fails."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.open, f"<{reader.open[-1].tag}> is not closed"
    return reader.document
