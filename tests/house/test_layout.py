"""The house as a whole: no circle, and no folder that one cannot take in at a glance."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from .layout import circles, files_per_folder, floors, graph, rooms
from .modules import GENERATOR, RUNTIME, modules

if TYPE_CHECKING:
    from pathlib import Path

MOST_FILES = 16

packages = pytest.mark.parametrize("package", [GENERATOR, RUNTIME], ids=["generator", "runtime"])


@packages
def test_no_module_leads_back_to_itself(package: Path) -> None:
    assert circles(graph(package)) == []


@packages
def test_no_folder_has_too_many_files(package: Path) -> None:
    assert {folder: count for folder, count in files_per_folder(package).items() if count > MOST_FILES} == {}


def test_circles_and_floors_are_seen(tmp_path: Path) -> None:
    """Also those through imports inside functions, for type checkers, and of a package from below it."""
    for name, text in {
        "__init__": "",
        "top": "from . import left\n",
        "left": "def f():\n    from .room.right import x\n",
        "room/__init__": '"""Only says what is here."""\n',
        "room/right": "if TYPE_CHECKING:\n    from ..left import y\nfrom ..base import z\n",
        "base": "",
    }.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert modules(tmp_path).keys() == {"", "top", "left", "room", "room.right", "base"}
    assert circles(graph(tmp_path)) == [["left", "room.right"]]
    assert floors(graph(tmp_path)) == 3
    assert rooms(tmp_path) == {"top": {"left"}, "left": {"room"}, "room": {"left", "base"}, "base": set()}
