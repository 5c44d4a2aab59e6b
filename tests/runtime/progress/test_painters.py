"""What is written to a terminal: by rich, without it, and where it cannot say everything."""

from __future__ import annotations

import io
import sys

import pytest
from runtime.progress.chosen import painter_of
from runtime.progress.notebook import NotebookPainter
from runtime.progress.painters import DumbPainter, LinesPainter, TerminalPainter
from runtime.progress.rich_painter import RichPainter
from runtime.progress.wanted import Place
from runtime.progress.words import Picture

QUEUED = Picture("fal-ai/flux", "queued, 3 ahead", None, 4, "")


class Terminal(io.TextIOWrapper):
    def __init__(self, encoding: str = "utf-8") -> None:
        self.written = io.BytesIO()
        super().__init__(self.written, encoding)

    def isatty(self) -> bool:
        return True

    @property
    def text(self) -> str:
        return self.written.getvalue().decode(self.encoding)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.delenv("NO_COLOR", raising=False)
    return Terminal()


def test_rich_where_it_is_installed(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", terminal)
    assert type(painter_of(Place.TERMINAL)) is RichPainter
    monkeypatch.setenv("TERM", "dumb")
    assert type(painter_of(Place.TERMINAL)) is DumbPainter
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setattr("sys.stderr", Terminal("ascii"))
    assert type(painter_of(Place.TERMINAL)) is TerminalPainter


def test_a_notebook_has_its_own() -> None:
    assert type(painter_of(Place.NOTEBOOK)) is NotebookPainter


def test_plain_where_it_is_not(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.delitem(sys.modules, "runtime.progress.rich_painter")
    monkeypatch.setitem(sys.modules, "rich.console", None)
    assert type(painter_of(Place.TERMINAL)) is TerminalPainter


def test_a_terminal_that_is_gone_is_left_alone(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", terminal)
    painter, gone = TerminalPainter(terminal), OSError("gone")
    monkeypatch.setattr(terminal.written, "write", lambda _: (_ for _ in ()).throw(gone), raising=False)
    with pytest.raises(OSError, match="gone"):
        painter.paint(QUEUED)
    assert "write" not in vars(terminal)  # prints go their own way again


def test_a_plain_line_covers_the_one_before(terminal: Terminal) -> None:
    painter = DumbPainter(terminal)
    painter.paint(QUEUED)
    painter.paint(QUEUED._replace(state="日本"))
    painter.clear()
    first, second = "fal-ai/flux  queued, 3 ahead  4 s", "fal-ai/flux  日本  4 s"
    assert terminal.text == f"\r{first}\r{second}{' ' * 11}\r{' ' * 22}\r"


def test_what_rich_is_given_is_no_markup(terminal: Terminal) -> None:
    painter = RichPainter(terminal)
    painter.paint(QUEUED._replace(note="[red]x[/red] :bee:", part=0.5))
    assert "[red]x[/red] :bee:" in terminal.text
    assert "━" * 10 in terminal.text
    assert terminal.text.endswith("\x1b[K\x1b8")
    painter.clear()
    assert terminal.text.endswith("\x1b8\x1b[J")
    painter.clear()
    assert terminal.text.count("\x1b[J") == 1


def test_no_colour_where_none_is_wanted(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    RichPainter(terminal).paint(QUEUED)
    assert "\x1b[36m" not in terminal.text
    assert "36" not in terminal.text


@pytest.mark.parametrize("note", ["x" * 300, "日本" * 200])
def test_a_line_fits(terminal: Terminal, note: str) -> None:
    for painter in (RichPainter(terminal), DumbPainter(terminal)):
        painter.paint(QUEUED._replace(note=note))
    assert terminal.text.count("…") == 2
    assert "\n" not in terminal.text


def test_what_an_encoding_lacks_is_replaced() -> None:
    terminal = Terminal("ascii")
    DumbPainter(terminal).paint(QUEUED._replace(note="日本"))
    assert terminal.text.endswith("4 s  ??")


def test_lines_say_what_is_new() -> None:
    stream = io.StringIO()
    painter = LinesPainter(stream)
    for picture in (QUEUED, QUEUED._replace(seconds=9), QUEUED._replace(state="in progress", seconds=11)):
        painter.paint(picture)
    painter.clear()
    assert stream.getvalue() == "fal-ai/flux  queued, 3 ahead  4 s\nfal-ai/flux  in progress  11 s\n"
