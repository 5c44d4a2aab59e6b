"""The line with colours, by rich."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from rich.console import Console
from rich.spinner import Spinner
from rich.text import Text

from .painters import BAR_CELLS, COLUMNS_FOR_BAR, SHARE_OF_WHAT, TerminalPainter

if TYPE_CHECKING:
    from typing import TextIO

    from .words import Picture


class RichPainter(TerminalPainter):
    """The line in colours. Not rich's own live display, which would move what is printed to stderr.

    Raises:
        ImportError: The terminal is one that rich does not steer by what is written to it.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self._console = Console(file=stream)
        if self._console.legacy_windows or not self._console.is_terminal:
            raise ImportError("no terminal for colours")
        self._spinner = Spinner("dots")

    def _line(self, picture: Picture, columns: int) -> str:
        line = Text.assemble(self._spinning(), " ", *self._parts(picture, columns))
        line.truncate(columns, overflow="ellipsis")
        with self._console.capture() as captured:
            self._console.print(line, end="", soft_wrap=True)
        return captured.get()

    def _spinning(self) -> Text:
        shown = self._spinner.render(time.monotonic())
        return shown if isinstance(shown, Text) else Text("")

    def _parts(self, picture: Picture, columns: int) -> list[tuple[str, str]]:
        what, state, seconds, note = picture.words(int(columns * SHARE_OF_WHAT))
        parts = [(what, "bold cyan"), ("  " + state, "")]
        if picture.part is not None and columns >= COLUMNS_FOR_BAR:
            filled = int(picture.part * BAR_CELLS)
            parts += [("  " + "━" * filled, "green"), ("━" * (BAR_CELLS - filled), "bright_black")]
        return [*parts, ("  " + seconds, "dim"), ("  " + note, "dim italic") if note else ("", "")]
