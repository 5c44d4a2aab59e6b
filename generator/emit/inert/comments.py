"""The comments of a module: Python skips them, but type checkers and linters take orders from some."""

from __future__ import annotations

import ast
import io
import re
import tokenize

from . import allowed
from .expressions import RefusedError

# Only a comment on a line of its own orders something for the rest of the file.
_LINE = re.compile(r"^[ \t\f]*(#.*)$", re.MULTILINE)


def check_comments(text: str, tree: ast.Module, *, is_stub: bool = False) -> None:
    """Make sure that a module's lines of comment are its header and, where a class narrows a base, the order for that.

    Args:
        text: The module.
        tree: What it says.
        is_stub: Whether it is for type checkers alone; each of those narrows.

    Raises:
        RefusedError: There is another one, or that order without need.
    """
    lines = text.split("\n")
    if not lines[0].startswith(allowed.HEADER):
        raise RefusedError("no header", 1)
    narrows = any(_narrows(node) for node in tree.body)
    orders = [*allowed.STUB_NARROWING] if is_stub else [allowed.NARROWING] if narrows else []
    expected = 1 + len(orders)
    if lines[1:expected] != orders:
        raise RefusedError(f"a class that narrows its base, without {', '.join(orders)}", 2)
    if len(_LINE.findall(text)) > expected:  # it may well be prose
        for number in _lines_of_comment(text):
            if number > expected:
                raise RefusedError("a line of comment", number)


def _narrows(node: ast.stmt) -> bool:
    bases = node.bases if isinstance(node, ast.ClassDef) else []
    return any(isinstance(base, ast.Name) and base.id in allowed.NARROWED for base in bases)


def _lines_of_comment(text: str) -> list[int]:
    """The lines that are comments; those in texts are none, and so take longer to tell."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token for token in tokens if token.type == tokenize.COMMENT]
    return [token.start[0] for token in comments if not token.line[: token.start[1]].strip()]
