"""The page that compares: `tests/benchmarks/comparison.json`, which `make bench` writes, read and shown.

Nothing on it is written by hand: a figure, and what a program saw, stand there as the file has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .facts import ClientComparison
from .page import page_view
from .read import read_comparison
from .render import html_page, markdown_page

if TYPE_CHECKING:
    from markupsafe import Markup

__all__ = ["ClientComparison", "comparison_page", "read_comparison"]


def comparison_page(comparison: ClientComparison) -> tuple[Markup, str]:
    """The body of the page, from its first heading on, as HTML and as Markdown.

    Args:
        comparison: What is on it.
    """
    page = page_view(comparison)
    return html_page(page), markdown_page(page)
