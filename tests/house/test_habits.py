"""The habits that keep the code readable, as far as a program can tell (generator/DESIGN.md)."""

from __future__ import annotations

import ast
import dataclasses
import typing
from enum import Enum
from typing import Any

import pytest

from generator import diagnostics, shapes
from generator.ir import nodes

from .modules import GENERATOR, Module, modules, outside_imports

if typing.TYPE_CHECKING:
    import types

# What hatchling runs is no part of the program.
MODULES = [module for name, module in modules(GENERATOR).items() if name != "hatch_build"]


def users(library: str) -> set[str]:
    """The modules that import a library."""
    return {m.name for m in MODULES if any(one.split(".")[0] == library for one in outside_imports(m))}


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("httpx", {"fetch.http", "docs.download"}),
        ("datamodel_code_generator", {"emit.models", "emit.workers"}),
        ("jinja2", {"emit.templates"}),
        ("markdown_it", {f"site.markdown.{name}" for name in ("reading", "html", "own", "text")}),
        ("ruff", {"emit.format"}),
        ("subprocess", {"emit.format", "diff.load"}),
        ("tarfile", {"diff.load"}),
        ("tempfile", {"emit.format", "diff.load"}),
        ("shutil", {"project.files"}),
        ("tomlkit", {"project.begin", "project.endpoints"}),
    ],
)
def test_each_library_has_one_home(library: str, allowed: set[str]) -> None:
    assert users(library) == allowed


@pytest.mark.parametrize("library", ["typer", "rich"])
def test_only_the_command_line_knows_the_terminal(library: str) -> None:
    assert {name.split(".")[0] for name in users(library)} == {"cli"}


@pytest.mark.parametrize("library", ["time", "datetime", "random", "uuid", "socket", "platform", "getpass", "locale"])
def test_nothing_asks_for_clock_host_or_chance(library: str) -> None:
    """But for fetching, and the command line, where `release` asks for the day that it records."""
    asks = {name.split(".")[0] for name in users(library)} - {"fetch"}
    assert asks == ({"cli"} if library == "datetime" else set())


def words(module: Module, kind: type[ast.Attribute | ast.Name]) -> set[str]:
    """Every attribute, or every name, that a module's code uses."""
    nodes = ast.walk(module.tree)
    if kind is ast.Attribute:
        return {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return {node.id for node in nodes if isinstance(node, ast.Name)}


WRITING = {"write_text", "write_bytes", "mkdir", "unlink", "rmtree", "rename", "rmdir", "touch", "symlink_to", "open"}


def test_files_are_written_in_one_place() -> None:
    """But for the lock of a run, which is no file that anybody reads, and the temporary folder that ruff works in."""
    writers = {m.name for m in MODULES if words(m, ast.Attribute) & WRITING}
    assert writers == {"project.files", "project.run_lock", "emit.format"}
    assert not {m.name for m in MODULES if "open" in words(m, ast.Name)}


def test_only_the_command_line_prints() -> None:
    assert {m.room for m in MODULES if words(m, ast.Attribute) & {"print", "stdout"}} <= {"cli", "diff", "emit"}
    asks = {m.name for m in MODULES if "print" in words(m, ast.Name) or "sys" in outside_imports(m)}
    # The verification imports a package, and forgets it.
    assert {name for name in asks if not name.startswith("cli")} == {"docs.emitted.package"}


# --- the IR ----------------------------------------------------------------------------------------------------------


def classes(module: types.ModuleType) -> list[type[Any]]:
    own = [v for v in vars(module).values() if isinstance(v, type) and v.__module__ == module.__name__]
    return [one for one in own if not issubclass(one, Enum | BaseException)]


def types_in(annotation: Any) -> set[Any]:
    """Every type that an annotation is made of."""
    arguments = typing.get_args(annotation)
    found = {typing.get_origin(annotation) or annotation}
    return found.union(*(types_in(one) for one in arguments if one is not Ellipsis)) if arguments else found


@pytest.mark.parametrize("cls", [*classes(nodes), *classes(shapes), diagnostics.Source, diagnostics.Diagnostic])
def test_the_ir_is_frozen(cls: type[Any]) -> None:
    assert dataclasses.is_dataclass(cls)
    parameters: Any = cls.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert "__slots__" in vars(cls)
    assert all(field.kw_only for field in dataclasses.fields(cls))


@pytest.mark.parametrize("cls", [*classes(nodes), *classes(shapes)])
def test_the_ir_holds_nothing_that_changes(cls: type[Any]) -> None:
    hints = typing.get_type_hints(cls)
    for name, annotation in hints.items():
        assert not types_in(annotation) & {list, dict, set, Any, object}, name


@pytest.mark.parametrize("cls", [nodes.Field, nodes.Class])
def test_named_things_have_two_names_and_a_place(cls: type[Any]) -> None:
    assert {"name", "wire_name", "source"} <= {field.name for field in dataclasses.fields(cls)}


# --- names -----------------------------------------------------------------------------------------------------------


def defined_types(module: Module) -> list[str]:
    """The names of the classes of a module, and of the types that it gives another name to."""
    found = [node.name for node in ast.walk(module.tree) if isinstance(node, ast.ClassDef)]
    for node in module.tree.body:
        if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            found += [name] * (not name.isupper() and name[:1].isupper())
    return found


def test_no_two_types_have_one_name() -> None:
    """Who searches for a name, or follows it, gets to one place."""
    homes: dict[str, list[str]] = {}
    for module in MODULES:
        for name in defined_types(module):
            homes.setdefault(name, []).append(module.name)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}
