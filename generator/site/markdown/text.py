"""A stranger's Markdown as Markdown that may stand in a page of ours: read, and written anew.

What comes out is made of tokens, and each text among them is escaped: it can neither end the block that it stands in,
nor define a link that a text of ours would become, whatever it says.
"""

from __future__ import annotations

import functools
import itertools
import re
from typing import TYPE_CHECKING

from .reading import READER, is_marked, paragraphs, passing, plain, safe_link

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from markdown_it.token import Token

# What begins markup wherever it stands; `_` does not within a word, nor `&` without a name behind it.
_MARKUP = re.compile(r"[\\`*\[\]<|]|~(?=~)|(?<=~)~|(?<![^\W_])_|_(?![^\W_])|&(?=[#A-Za-z])")
# What begins a block, or ends one as its heading, where a line begins with it.
_BLOCK = re.compile(r"^(#(?=#{0,5}(?: |$))|>|[-+=:](?=[-=: ]|$)|\d{1,9}(?=[.)](?: |$)))", re.MULTILINE)
_MARKS = {"em_open": "*", "em_close": "*", "strong_open": "**", "strong_close": "**", "s_open": "~~", "s_close": "~~"}


@functools.lru_cache(maxsize=4096)
def prose_text(text: str) -> str:
    """A document's Markdown as blocks of Markdown: paragraphs, lists, quotations and code, and nothing else.

    Args:
        text: A stranger's. Headings are paragraphs in bold, pictures what they are called, HTML is escaped, and links
            are plain text unless they are https.
    """
    text = plain(text)
    if not is_marked(text):
        return "\n\n".join(_lines(_escaped(one)) for one in paragraphs(text))
    return "\n\n".join(_BlockWriter(READER.parse(text)).blocks())


@functools.lru_cache(maxsize=4096)
def line_text(text: str, *, in_table: bool = True) -> str:
    """A document's Markdown as one line of code and emphasis, which may stand in a list or a link.

    Args:
        text: A stranger's, or a sentence of ours with a stranger's words in code marks.
        in_table: Whether it may stand in a cell of a table too: there, code with a bar cannot be code.
    """
    text = " ".join(plain(text).split())
    if not is_marked(text):
        return _lines(_escaped(text))
    line = _line(passing(READER.parseInline(text)[0].children or [], lambda _: None), breaks=" ", bars=not in_table)
    return _lines(line).replace("\n", " ")


class _BlockWriter:
    """Writes blocks of tokens as Markdown.

    Args:
        tokens: Of a text, as the reader made them.
    """

    def __init__(self, tokens: list[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def blocks(self) -> Iterator[str]:
        """The blocks up to the end of the text, or of the block that they stand in."""
        while self._at < len(self._tokens):
            one = self._next()
            match one.type:
                case "paragraph_open" | "heading_open":
                    line = _lines(_line(passing(self._next().children or [], safe_link), breaks="\n", bars=True))
                    self._next()
                    if line:
                        bold = one.type == "heading_open"
                        yield f"**{line.replace(chr(10), ' ')}**" if bold else line
                case "bullet_list_open" | "ordered_list_open":
                    yield self._list(int(one.attrs.get("start", 1)) if one.type == "ordered_list_open" else None)
                case "blockquote_open":
                    yield _indented("\n\n".join(self.blocks()), "> ", "> ")
                case "fence":
                    yield _fenced(one.content)
                case "hr":
                    pass
                case _:  # the end of the block that these stand in
                    return

    def _list(self, number: int | None) -> str:
        items: list[str] = []
        while self._next().type == "list_item_open":
            mark = "- " if number is None else f"{min(number + len(items), 999_999_999)}. "
            items.append(_indented("\n\n".join(self.blocks()), mark, " " * len(mark)))
        return "\n".join(items)

    def _next(self) -> Token:
        self._at += 1
        return self._tokens[self._at - 1]


def _line(tokens: Iterable[Token], *, breaks: str, bars: bool) -> str:
    """Inline tokens that may pass, as Markdown; links hold no links, and code has bars where it may."""
    made: list[str] = []
    href, start = "", 0
    for kind, group in itertools.groupby(tokens, key=lambda one: one.type):
        match kind:
            case "text":  # the texts of a link that is none may make one with what stands beside them
                made.append(_escaped("".join(one.content for one in group)))
            case "link_open":
                href, start = str(next(group).attrs["href"]), len(made)
                if made and made[-1].endswith("!"):  # it would be a picture
                    made[-1] = made[-1][:-1] + r"\!"
            case "link_close":
                made[start:] = [_link("".join(made[start:]), href)]
            case _:
                made += [_inline(one, breaks, bars=bars) for one in group]
    return "".join(made)


def _inline(one: Token, breaks: str, *, bars: bool) -> str:
    return breaks if one.type.endswith("break") else _MARKS.get(one.type) or _code(one.content, bars=bars)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", text)


def _link(words: str, href: str) -> str:
    return f"<{href}>" if words == _escaped(href) else f"[{words}](<{href}>)"


def _code(text: str, *, bars: bool) -> str:
    """Code within a line; that with a bar would end a cell of a table, and is written as words there."""
    if "|" in text and not bars:
        return _escaped(text)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", text)), default=0))
    pad = " " if text[:1] in " `" or text[-1:] in " `" else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def _fenced(text: str) -> str:
    """Code in lines."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return f"{fence}\n{text.rstrip()}\n{fence}"


def _lines(text: str) -> str:
    """Lines of which none begins a block."""
    lines = "\n".join(line.strip() for line in text.strip().split("\n") if line.strip())
    return _BLOCK.sub(lambda found: found[0] + "\\" if found[0].isdigit() else "\\" + found[0], lines)


def _indented(text: str, first: str, rest: str) -> str:
    """Lines below a mark."""
    return "\n".join(((rest if n else first) + line).rstrip() for n, line in enumerate(text.split("\n")))
