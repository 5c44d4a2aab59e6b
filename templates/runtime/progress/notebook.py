"""The line below a notebook's cell, which is changed as the call goes on, and is empty in the end."""

from __future__ import annotations

from html import escape
from importlib import import_module
from typing import TYPE_CHECKING, Any

from .painters import text_of

if TYPE_CHECKING:
    from .words import Picture

_NOTHING = {"text/plain": "", "text/html": ""}


class NotebookPainter:
    """An output of IPython's, which is imported where there is a notebook."""

    pause = 0.25

    def __init__(self) -> None:
        self._handle: Any = None

    def paint(self, picture: Picture) -> None:
        """Show it where the one before was."""
        self._show({"text/plain": text_of(picture, None), "text/html": html_of(picture)})

    def clear(self) -> None:
        """An output cannot be taken away without those of the cell itself; this one is empty, and takes no place."""
        if self._handle is not None:
            self._show(_NOTHING)

    def _show(self, data: dict[str, str]) -> None:
        if self._handle is not None:
            self._handle.update(data, raw=True)
            return
        display: Any = import_module("IPython.display").display
        self._handle = display(data, raw=True, display_id=True)


def html_of(picture: Picture) -> str:
    """A picture as html; what it says of files and models is escaped."""
    what, state, seconds, note = (escape(each) for each in picture.words(len(picture.what) * 2))
    shown = f"<b>{what}</b> {state}"
    if picture.part is not None:
        shown += f' <progress value="{picture.part:.3f}" max="1"></progress>'
    shown += f' <span style="opacity:.7">{seconds}</span>'
    if note:
        shown += f' <code style="opacity:.7">{note}</code>'
    return f'<div style="white-space:nowrap;overflow:hidden;text-overflow:ellipsis">{shown}</div>'
