"""The pages, and every block of code on them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

REPOSITORY = Path(__file__).resolve().parents[2]


def pages(root: Path = REPOSITORY) -> list[Path]:
    """The pages of a checkout; what is generated anew, a changelog and the decisions are none."""
    found = [root / "README.md", *(root / "generated").glob("*.md"), *(root / "generator").glob("*.md")]
    return sorted(path for path in found if path.name not in ("CHANGELOG.md", "DESIGN.md"))


@dataclass(frozen=True)
class Block:
    """A block of code.

    Attributes:
        page: The page, below the root of the repository.
        line: Where the code begins, counted from 1.
        heading: The heading that it stands below.
        language: What it is in.
        code: What a reader copies.
        shown: What stands below it as its output, if anything does.
    """

    page: str
    line: int
    heading: str
    language: str
    code: str
    shown: str | None = None

    @property
    def where(self) -> str:
        """A name for it."""
        return f"{self.page}:{self.line}"


def blocks_of(page: Path, root: Path = REPOSITORY) -> list[Block]:
    """The blocks of a page. A block of text directly below one that is run is the output of that."""
    found: list[Block] = []
    heading, below = "", False
    tokens = MarkdownIt("commonmark").parse(page.read_text(encoding="utf-8"))
    for at, token in enumerate(tokens):
        if token.type == "heading_open":
            heading = tokens[at + 1].content
        if token.type in ("fence", "code_block"):
            assert token.map is not None
            one = Block(page.relative_to(root).as_posix(), token.map[0] + 2, heading, token.info.strip(), token.content)
            if one.language == "text" and below:
                last = found.pop()
                one = Block(last.page, last.line, last.heading, last.language, last.code, one.code)
            found.append(one)
        below = token.type == "fence" and token.info.strip() != "text"
    return found


def all_blocks() -> list[Block]:
    """Those of all pages."""
    return [block for page in pages() for block in blocks_of(page)]
