"""What stands within an `.md` of ours: code that nothing in it ends, and links between pages."""

from __future__ import annotations

import re

from ..literals import escaped, readable
from . import places


def code(text: str) -> str:
    """Text in code marks, longer than any within it; as one line, in which everything can be seen."""
    line = escaped(readable(text)).replace("\n", " ") or " "
    marks = "`" * (1 + max((len(run) for run in re.findall("`+", line)), default=0))
    is_cut = line[0] == line[-1] == " " and line.strip()  # as a reader of Markdown would
    pad = " " if is_cut or "`" in (line[0], line[-1]) else ""
    return f"{marks}{pad}{line}{pad}{marks}"


def block(text: str, language: str) -> str:
    """A block of code, whose fence is longer than any within it."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}{language}\n{text.rstrip()}\n{fence}"


def quoted(text: str) -> str:
    """Blocks of a document's words as a quotation: its lists join none of ours, and nobody takes them for our words."""
    return "\n".join(f"> {line}".rstrip() for line in text.split("\n")) if text else ""


def to(page: str, target: str, words: str) -> str:
    """A link from one page to the `.md` of another.

    Args:
        page: The path of the page that it stands on, its `.html` or its `.md`; or where the site is published, for what
            is read by itself.
        target: The path of the other, likewise; or of a file that is no page.
        words: What is shown, made safe.
    """
    target = places.text_of(target) if target.endswith(".html") else target
    return f"[{words}]({page + target if page.startswith('https://') else places.link(page, target)})"
