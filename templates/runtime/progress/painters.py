"""Pictures as plain text: on a terminal, or line by line into a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Protocol

from .prints import Prints
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
_ERASE, _ERASE_BELOW = "\x1b[K", "\x1b[J"
# A line down, for which the screen may have to move up, and up again: from now on there is one below. Then to its
# beginning, and back. What stands behind the cursor can only be a line of ours, which something has been written over.
_GO_BELOW = f"{_ERASE}\x1bD\x1b[A\x1b7\x1b[B\r"
_GO_BACK = "\x1b8"


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
    """One line, below the one that the program writes in, with the cursor left where it was."""

    pause = 0.1

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._is_seen = False
        self._prints = Prints(self._erase)

    def paint(self, picture: Picture) -> None:
        """Write the line over the one before."""
        with self._prints.lock:
            text = self._over(picture, columns_of(self._stream))
            self._is_seen = False  # that is no print for which the line makes way
            try:
                self._prints.take()
                write(self._stream, text)
            except BaseException:
                self._prints.leave()
                raise
            self._is_seen = True

    def clear(self) -> None:
        """Erase the line."""
        with self._prints.lock:
            self._prints.leave()
            self._erase()

    def _erase(self) -> None:
        if self._is_seen:
            self._is_seen = False
            write(self._stream, self._nothing())

    def _over(self, picture: Picture, columns: int) -> str:
        """What writes the line."""
        return f"{_GO_BELOW}{self._line(picture, columns)}{_ERASE}{_GO_BACK}"

    def _nothing(self) -> str:
        """What takes it away."""
        return _ERASE_BELOW

    def _line(self, picture: Picture, columns: int) -> str:
        return text_of(picture, columns)


class DumbPainter(TerminalPainter):
    """One line on a terminal that knows nothing but the return to its beginning. A print comes behind the line."""

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._cells = 0

    def _over(self, picture: Picture, columns: int) -> str:
        line, before = text_of(picture, columns), self._cells
        self._cells = width(line)
        return f"\r{line}{' ' * (before - self._cells)}"

    def _nothing(self) -> str:
        cells, self._cells = self._cells, 0
        return f"\r{' ' * cells}\r"


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
