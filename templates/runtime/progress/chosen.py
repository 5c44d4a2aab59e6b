"""What paints where: on a terminal rich, if it is installed."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from .painters import DumbPainter, LinesPainter, TerminalPainter
from .wanted import Place

if TYPE_CHECKING:
    from typing import TextIO

    from .painters import Painter

# What rich's spinner and bar are made of.
_SIGNS = "⠋━…"


def painter_of(place: Place) -> Painter:
    """What paints there."""
    if place is Place.NOTEBOOK:
        from .notebook import NotebookPainter

        return NotebookPainter()
    stream = sys.stderr
    if place is Place.LINES:
        return LinesPainter(stream)
    if os.environ.get("TERM") == "dumb":
        return DumbPainter(stream)
    # Without rich nobody knows what a console of Windows can be steered by.
    plain = DumbPainter if os.name == "nt" else TerminalPainter
    if not _can_say(stream, _SIGNS):
        return plain(stream)
    try:
        from .rich_painter import RichPainter

        return RichPainter(stream)
    except ImportError:  # the extra is not installed, or it is too old
        return plain(stream)


def _can_say(stream: TextIO, text: str) -> bool:
    try:
        text.encode(getattr(stream, "encoding", None) or "ascii")
    except (UnicodeError, LookupError):
        return False
    return True
