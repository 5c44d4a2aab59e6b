"""The only way for a document's text to enter code: literals that evaluate back, docstrings that stay strings.

A document is hostile input: anybody who may describe a model on fal writes what becomes Python source here.
"""

from __future__ import annotations

import re
import textwrap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from generator.jsontext import Json

_WIDTH = 100
_SHORT_LINE = 60
_LIST_ITEM = re.compile(r"([-*•]|\d+[.)])\s")


def literal(value: Json) -> str:
    """A Python expression that evaluates to a JSON value. Characters that do not print are written as escapes."""
    return repr(value)


def docstring(text: str, *facts: str, indent: int) -> str:
    """A docstring statement that evaluates to `text`, wrapped and indented.

    Args:
        text: Plain text; see `paragraphs` for how its white space is read.
        facts: Lines to stand behind it as they are.
        indent: Columns of the statement it goes below; lines after the first carry them.
    """
    lines = wrap(text, width=_WIDTH - indent) if text.strip() else []
    for fact in facts:
        lines += [fact] if not lines else ["", fact]
    escaped = in_docstring("\n".join(lines))
    pad = " " * indent
    if len(lines) > 1:
        escaped = escaped.replace("\n", "\n" + pad).replace("\n" + pad + "\n", "\n\n") + "\n" + pad
    return f'"""{escaped}"""'


def in_docstring(text: str) -> str:
    """Text as it may stand between the quotes of a docstring, so that it evaluates to itself."""
    escaped = text.replace("\\", "\\\\")
    if not escaped.replace("\n", "").isprintable():
        escaped = "".join(escape(character) for character in escaped)
    if '"""' in escaped or escaped.endswith('"'):
        escaped = escaped.replace('"', '\\"')
    return escaped


def escape(character: str) -> str:
    """A character as it may stand in a string literal: what does not print is written as an escape."""
    if character == "\n" or character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


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


def wrap(text: str, *, width: int) -> list[str]:
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
    return lines or [""]
