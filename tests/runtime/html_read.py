"""HTML as a browser reads it: its elements, and what they would load."""

from __future__ import annotations

from html.parser import HTMLParser

# All that a page is made of; none of these runs anything.
ALLOWED = {
    "div": {"class", "style"},
    "figure": {"style"},
    "figcaption": {"style"},
    "a": {"href", "target", "rel"},
    "img": {"src", "alt", "referrerpolicy", "style"},
    "video": {"src", "controls", "preload", "style"},
    "audio": {"src", "controls", "preload", "style"},
    "table": {"style"},
    "tr": {"style"},
    "th": {"style"},
    "td": {"style"},
    "span": {"style"},
}


class Read(HTMLParser):
    """What is in a page.

    Attributes:
        elements: Each element's name and attributes, in order.
        text: What is to be read.
    """

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs)
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data!r}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl!r}")

    def handle_pi(self, data: str) -> None:
        raise AssertionError(f"an instruction: {data!r}")

    def sources(self, tag: str | None = None) -> list[str]:
        """What would be loaded, by all elements or those of a name."""
        return [given["src"] for name, given in self.elements if "src" in given and tag in (None, name)]

    def links(self) -> list[str]:
        """Where it leads to."""
        return [given["href"] for _, given in self.elements if "href" in given]


def read(page: str) -> Read:
    """A page, after a look at everything that could do harm in it."""
    found = Read(page)
    for name, given in found.elements:
        assert name in ALLOWED, name
        assert given.keys() <= ALLOWED[name], (name, given)
        assert not any(word in given.get("style", "").lower() for word in ("url(", "expression", "import", "position"))
        if "target" in given:
            assert given["rel"] == "noopener noreferrer"
    for url in found.links():
        assert url.startswith(("https://", "HTTPS://")), url
    for url in found.sources():
        assert url.lower().startswith(("https://", "data:image/", "data:video/", "data:audio/")), url[:80]
    page.encode()  # no half of a character
    return found
