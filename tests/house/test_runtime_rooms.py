"""The rooms of the runtime: one table says which may know which, imports inside functions and for type checkers too."""

from __future__ import annotations

import pytest

from .modules import RUNTIME, Module, modules, outside_imports, own_imports

# What everything may know, and knows nothing but one of them another: what can be raised, how arguments are checked,
# what a forked child has of its own, where it is logged, what stands in for the network, how a value is shown;
# and from the package itself, how names come late.
WORDS = {"", "checks", "display", "errors", "forks", "log", "stand_in"}
# Room → the rooms it may import, beside itself and the words.
ROOMS: dict[str, set[str]] = {
    **{word: set() for word in sorted(WORDS)},
    "display": {"checks"},
    "errors": {"display"},
    "stand_in": {"forks"},
    "habits": set(),
    "hinting": {"habits"},
    "endpoints": {"habits"},
    "moved": set(),
    "schemas": set(),
    # What is known of jobs.
    "journal": set(),
    "options": {"journal"},
    "jobs": {"hinting", "journal"},
    "events": {"habits"},
    "progress": {"events"},
    "outputs": {"habits"},
    "media": set(),
    "http": {"options", "events"},
    "session": {"options", "events", "http"},
    "webhooks": {"http", "outputs"},
    "proxy": {"http"},
    "files": {"habits", "hinting", "events", "progress", "http", "outputs", "session", "media"},
    "inputs": {"habits", "options", "outputs", "files", "media", "endpoints", "hinting", "schemas"},
    # What an endpoint takes, told to people.
    "inputs_told": {"files", "inputs", "media", "schemas"},
    "calls": {
        "habits",
        "hinting",
        "options",
        "journal",
        "jobs",
        "http",
        "outputs",
        "session",
        "files",
        "inputs",
        "inputs_told",
        "media",
        "events",
        "progress",
    },
    # What fal knows of requests that were made, and prices.
    "platform": {"hinting", "journal", "http", "session", "files", "inputs", "calls"},
    "client_base": {"habits", "http", "session", "endpoints", "events"},  # of http what its arguments may be
    # What is public of clients and endpoints; emitted code is typed by it.
    "faces": {"options", "jobs", "events", "http", "session", "files", "inputs", "calls", "platform"},
    # What is done for jobs.
    "batch": {
        *("calls", "events", "files", "http", "inputs", "jobs", "journal", "media", "platform", "progress"),
        *("schemas", "session", "faces"),
    },
    "client": {"http", "session", "client_base", "files", "calls", "platform"},
    "async_client": {"http", "session", "client_base", "files", "calls", "platform", "faces"},
    # Tests of other people. Nothing but the contract knows it.
    "testing": {"http", "outputs", "files", "inputs", "calls", "schemas"},
    # Nor this.
    "cli": {
        "batch",
        "calls",
        "events",
        "files",
        "http",
        "inputs",
        "inputs_told",
        "jobs",
        "journal",
        "outputs",
        "progress",
        "schemas",
    },
    # The contract with emitted code names what stands below it, and nothing below knows the contract.
    "emitted": {
        "habits",
        "events",
        "http",
        "outputs",
        "endpoints",
        "moved",
        "faces",
        "files",
        "inputs",
        "calls",
        "platform",
        "client",
        "async_client",
        "webhooks",
        "proxy",
    },
}
MODULES = [*modules(RUNTIME).values()]


def below(module: Module) -> set[str]:
    """The rooms that a module imports, beside its own."""
    return {one.split(".")[0] for one in own_imports(module, RUNTIME)} - {module.room}


def test_every_room_is_in_the_table() -> None:
    assert {module.room for module in MODULES} == ROOMS.keys()


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name or "runtime")
def test_a_room_imports_only_rooms_below_it(module: Module) -> None:
    allowed = ROOMS[module.room] | (WORDS if module.room not in WORDS else set())
    assert not below(module) - allowed


def test_no_line_of_the_table_is_idle() -> None:
    """A permission that nobody uses hides a dependency that somebody will not notice."""
    used: dict[str, set[str]] = {room: set() for room in ROOMS}
    for module in MODULES:
        used[module.room] |= below(module) - (WORDS - ROOMS[module.room])
    assert used == ROOMS


def test_the_table_leads_downwards() -> None:
    """Each line names rooms of lines above it: no two rooms know each other, not even by way of a third."""
    order = [*ROOMS]
    assert not [(room, one) for room, known in ROOMS.items() for one in known if order.index(one) >= order.index(room)]


def test_imports_inside_the_package_are_relative() -> None:
    """It is copied into packages of any name."""
    wrong = [m.name for m in MODULES if any(one.split(".")[0] == "runtime" for one in outside_imports(m))]
    assert not wrong


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name or "runtime")
def test_nobody_looks_into_what_is_anothers(module: Module) -> None:
    """The check for private names is nowhere switched off."""
    assert "reportPrivateUsage" not in module.path.read_text(encoding="utf-8")
