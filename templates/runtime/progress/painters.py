"""Pictures as plain text: on a terminal, or line by line into a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

from .words import bar, end_cut, width

if TYPE_CHECKING:
    from typing import TextIO

    from .words import Picture

BAR_CELLS = 20
# What an endpoint's id may take of a line, as a share of it.
SHARE_OF_WHAT = 0.4
_USUAL_COLUMNS = 80
# Bars are for lines that have room for them.
COLUMNS_FOR_BAR = 60


class Painter(Protocol):
    """Shows pictures, each in the place of the one before.

    Attributes:
        pause: Seconds from one to the next.
    """

    pause: float

    def paint(self, picture: Picture) -> None:
        """Show it."""
        ...

    def clear(self) -> None:
        """Take it away."""
        ...


class TerminalPainter:
    """One line, which is written over."""

    pause = 0.1

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._cells = 0

    def paint(self, picture: Picture) -> None:
        """Write the line, as long as the one before, which it covers."""
        line = text_of(picture, columns_of(self._stream))
        cells = width(line)
        self._write(f"\r{line}{' ' * (self._cells - cells)}\r")
        self._cells = cells

    def clear(self) -> None:
        """Write spaces."""
        self._write(f"\r{' ' * self._cells}\r")
        self._cells = 0

    def _write(self, text: str) -> None:
        write(self._stream, text)


class LinesPainter:
    """A line for whatever is new, now and then."""

    pause = 2.0

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._last: Any = None

    def paint(self, picture: Picture) -> None:
        """Write it, unless only time has passed."""
        if (new := picture._replace(seconds=0.0)) != self._last:
            self._last = new
            write(self._stream, f"{text_of(picture, None)}\n")

    def clear(self) -> None:
        """What is written stays."""


def text_of(picture: Picture, columns: int | None) -> str:
    """A picture as plain text, in at most so many columns."""
    most = int((columns or _USUAL_COLUMNS) * SHARE_OF_WHAT) if columns else len(picture.what) * 2
    what, state, seconds, note = picture.words(most)
    has_bar = picture.part is not None and columns is not None and columns >= COLUMNS_FOR_BAR
    parts = [what, state, bar(picture.part or 0.0, BAR_CELLS) if has_bar else "", seconds, note]
    line = "  ".join(part for part in parts if part)
    return line if columns is None else end_cut(line, columns)


def write(stream: TextIO, text: str) -> None:
    """All at once, with what the stream cannot write replaced."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding))
    stream.flush()


def columns_of(stream: TextIO) -> int:
    """The columns that a line may have: one less than there are, since in the last one some terminals go on below."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns
    except (OSError, ValueError, AttributeError):
        columns = 0
    return (columns or _USUAL_COLUMNS) - 1
