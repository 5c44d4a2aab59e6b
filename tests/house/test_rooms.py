"""The rooms of the generator: one table says which may know which. A room imports only what its line names."""

from __future__ import annotations

import pytest

from .modules import GENERATOR, Module, modules, outside_imports, own_imports

WORDS = {
    "codes",
    "diagnostics",
    "json_text",
    "limits",
    "literals",
    "media_limits",
    "node",
    "places",
    "shapes",
    "version",
}
# Room → the rooms it may import, beside itself and the words.
ROOMS: dict[str, set[str]] = {
    **{word: set() for word in WORDS},
    "project": set(),
    "parse": {"project"},
    "ir": {"project", "parse"},
    "emit": {"project", "ir"},
    "write": {"project", "ir"},  # not emit: text knows no disk, and disk no text
    "fetch": {"project"},
    "docs": {"project"},  # an opinion of its own
    "pipeline": {"project", "parse", "ir", "emit", "write"},
    "diff": {"project", "parse", "ir", "pipeline"},
    "site": {"project", "parse", "ir", "emit", "write", "pipeline"},
    "cli": {"project", "parse", "ir", "write", "fetch", "docs", "pipeline", "diff", "site"},
    "__main__": {"cli"},
    "hatch_build": set(),  # runs alone, in a build
    "": set(),
}
MODULES = [*modules(GENERATOR).values()]


def test_every_room_is_in_the_table() -> None:
    assert {module.room for module in MODULES} == ROOMS.keys()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name or "generator")
def test_a_room_imports_only_rooms_below_it(module: Module) -> None:
    allowed = ROOMS[module.room] | WORDS | {module.room}
    wrong = {one for one in own_imports(module, GENERATOR) if one.split(".")[0] not in allowed}
    assert not wrong


def test_no_line_of_the_table_is_idle() -> None:
    """A permission that nobody uses hides a dependency that somebody will not notice."""
    used: dict[str, set[str]] = {room: set() for room in ROOMS}
    for module in MODULES:
        used[module.room] |= {one.split(".")[0] for one in own_imports(module, GENERATOR)} - {module.room}
    assert {room: used[room] - WORDS for room in ROOMS if room not in WORDS} == {
        room: below for room, below in ROOMS.items() if room not in WORDS
    }


def test_imports_inside_the_package_are_relative() -> None:
    """It is installed under another name than it has in a checkout."""
    wrong = [
        module.name for module in MODULES if any(one.split(".")[0] == "generator" for one in outside_imports(module))
    ]
    assert not wrong
