"""The only way for a document's text to enter code: literals that evaluate back, docstrings that stay strings.

A document is hostile input: anybody who may describe a model on fal writes what becomes Python source here.
"""

# design: What becomes of text that nobody can see, or that is none?

from __future__ import annotations

import functools
import json
import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .json_text import Json

_WIDTH = 100
_SHORT_LINE = 60
# Characters that Python calls printable and that nobody sees: fillers, joiners, and variation selectors but the two
# that tell text from emoji. Escaped, they cannot hide anything in what people review.
_UNSEEN = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180d\u180f\u3164\ufe00-\ufe0d\uffa0\U000e0100-\U000e01ef]"
)
# What Python takes for a file's encoding, in a comment of the first two lines (PEP 263).
_COOKIE = re.compile(r"coding(?=[:=])")
_LIST_ITEM = re.compile(r"([-*•]|\d+[.)])\s")


def literal(value: Json) -> str:
    """A Python expression that evaluates to a JSON value. Characters that do not print are written as escapes."""
    return escaped(repr(value))


def docstring(text: str, *facts: str, indent: int) -> str:
    """A docstring statement that evaluates to `text`, as far as it is readable, wrapped and indented.

    Args:
        text: Plain text; see `paragraphs` for how its white space is read.
        facts: Lines to stand behind it as they are.
        indent: Columns of the statement it goes below; lines after the first carry them.
    """
    lines = list(wrap(text, width=_WIDTH - indent)) if text.strip() else []
    for fact in facts:
        lines += [fact] if not lines else ["", fact]
    safe = in_docstring("\n".join(lines))
    pad = " " * indent
    if len(lines) > 1:
        safe = safe.replace("\n", "\n" + pad).replace("\n" + pad + "\n", "\n\n") + "\n" + pad
    return f'"""{safe}"""'


def readable(text: str) -> str:
    """Prose without halves of characters: a class whose docstring has a lone surrogate cannot even be defined."""
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def within(text: str) -> str:
    """Text as it may stand within a docstring that a template writes: one line, whatever it holds."""
    return escaped(readable(text).replace("\\", "\\\\").replace('"', '\\"')).replace("\n", "\\n")


def comment(text: str) -> str:
    """Text as it may stand behind a `#`: one line, and no claim about how the file is encoded."""
    return _COOKIE.sub("coding ", escaped(text).replace("\n", "\\n"))


def shown(value: Json) -> str:
    """A JSON value as a Python programmer would type it; it evaluates back to the value, as `literal` does."""
    match value:
        case str():
            return escaped(json.dumps(value, ensure_ascii=False))
        case list():
            return f"[{', '.join(shown(item) for item in value)}]"
        case dict():
            return "{" + ", ".join(f"{shown(key)}: {shown(item)}" for key, item in value.items()) + "}"
        case _:
            return repr(value)


def toml(text: str) -> str:
    """A TOML string; TOML has no other escape than these for what does not print."""
    quoted = json.dumps(readable(text), ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)


def markdown(text: str) -> str:
    """Text as it may stand in Markdown and in an HTML comment: what could be markup is written as an entity."""
    return re.sub(r"[^\w ./`'=;,-]|(?<=-)-", lambda found: f"&#{ord(found[0])};", escaped(text).replace("\n", " "))


def escaped(text: str) -> str:
    """Text in which whatever cannot be seen is an escape; line feeds stay."""
    if text.replace("\n", "").isprintable() and (text.isascii() or not _UNSEEN.search(text)):
        return text
    return "".join(escape(character) for character in text)


def in_docstring(text: str) -> str:
    """Text as it may stand between the quotes of a docstring, so that it evaluates to itself."""
    safe = escaped(readable(text).replace("\\", "\\\\"))
    if '"""' in safe or safe.endswith('"'):
        safe = safe.replace('"', '\\"')
    return safe


def escape(character: str) -> str:
    """A character as it may stand in a string literal: what does not print is written as an escape."""
    if character == "\n" or (character.isprintable() and not _UNSEEN.match(character)):
        return character
    return character.encode("unicode_escape").decode()


def paragraphs(text: str) -> list[str]:
    """The paragraphs of a description: indentation and wrapped lines are layout, blank lines and list items are not."""
    found: list[list[str]] = []
    before = ""
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        stripped = " ".join(line.split())
        # A line that stops early was not broken to fit: what follows it stands for itself.
        stands_alone = not before or (len(before) < _SHORT_LINE and stripped[:1].isupper())
        if stripped and (stands_alone or _LIST_ITEM.match(stripped)):
            found.append([stripped])
        elif stripped:
            found[-1].append(stripped)
        before = stripped
    return [" ".join(lines) for lines in found]


@functools.lru_cache(maxsize=4096)  # documents repeat each other's
def wrap(text: str, *, width: int) -> tuple[str, ...]:
    """The lines of a description; paragraphs are parted by a blank line, list items stand together."""
    lines: list[str] = []
    in_list = False
    for paragraph in paragraphs(text):
        item, after_item = _LIST_ITEM.match(paragraph), bool(lines) and in_list
        if lines and not (item and after_item):
            lines.append("")
        in_list = bool(item)
        hanging = "  " if item else ""
        lines += textwrap.wrap(
            paragraph, width=width, subsequent_indent=hanging, break_long_words=False, break_on_hyphens=False
        )
    return tuple(lines or [""])
