"""Markdown as HTML and as safer Markdown: the one place where text becomes markup.

    a stranger's ─> prose_html, line_html, prose_text, line_text      html.py, text.py
    our own ──────> own_html                                           own.py

A document's words are a stranger's, and get little: no HTML, no headings, no pictures, no links but to https.
"""

from .html import line_html, prose_html
from .own import PageHeading, own_html
from .reading import safe_link
from .text import line_text, prose_text

__all__ = ["PageHeading", "line_html", "line_text", "own_html", "prose_html", "prose_text", "safe_link"]
