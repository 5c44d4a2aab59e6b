"""Where progress is shown: what the code says, the variable, and who looks."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from runtime.progress.wanted import VARIABLE, Place, place


class Stderr(io.StringIO):
    def isatty(self) -> bool:
        return True


def put(monkeypatch: pytest.MonkeyPatch, where: str, setting: str | None) -> None:
    monkeypatch.setattr("sys.stderr", Stderr() if where == "terminal" else io.StringIO())
    shell = SimpleNamespace(kernel=SimpleNamespace(session=None)) if where == "notebook" else SimpleNamespace()
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[arg-type]
    monkeypatch.delenv(VARIABLE, raising=False)
    if setting is not None:
        monkeypatch.setenv(VARIABLE, setting)


@pytest.mark.parametrize(
    ("where", "setting", "shown"),  # with None, True and False said by the code
    [
        ("terminal", None, (None, Place.TERMINAL, None)),
        ("notebook", None, (Place.NOTEBOOK, Place.NOTEBOOK, None)),
        ("pipe", None, (None, None, None)),
        ("terminal", "1", (Place.TERMINAL, Place.TERMINAL, None)),
        ("notebook", "on", (Place.NOTEBOOK, Place.NOTEBOOK, None)),
        ("pipe", "1", (None, None, None)),
        ("terminal", "0", (None, None, None)),
        ("notebook", " Off ", (None, None, None)),
        ("terminal", "lines", (Place.TERMINAL, Place.TERMINAL, None)),
        ("notebook", "lines", (Place.NOTEBOOK, Place.NOTEBOOK, None)),
        ("pipe", "lines", (Place.LINES, Place.LINES, None)),
        ("terminal", "", (None, Place.TERMINAL, None)),
    ],
)
def test_where_it_is_shown(
    where: str, setting: str | None, shown: tuple[Any, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    put(monkeypatch, where, setting)
    assert (place(None), place(True), place(False)) == shown


def test_a_variable_without_meaning_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, "terminal", "rich")
    with pytest.raises(ValueError, match=r"FAL_TYPED_PROGRESS must be 0 \(off\), 1 \(on\) or lines .* not 'rich'"):
        place(None)


def test_a_child_of_a_kernel_shows_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its messages would come from another process than the one that the notebook talks to."""
    put(monkeypatch, "notebook", None)
    shell = SimpleNamespace(kernel=SimpleNamespace(session=SimpleNamespace(pid=1)))
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: shell))  # type: ignore[arg-type]
    assert place(None) is None


def test_no_stderr_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    put(monkeypatch, "terminal", None)
    for stderr in (None, closed()):
        monkeypatch.setattr("sys.stderr", stderr)
        assert place(True) is None


def closed() -> io.StringIO:
    stream = io.StringIO()
    stream.close()
    return stream
