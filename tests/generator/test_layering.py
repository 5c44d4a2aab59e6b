"""The habits that keep the code readable, as far as a program can tell (generator/DESIGN.md)."""

from __future__ import annotations

import ast
import dataclasses
import typing
from enum import Enum
from typing import Any

import pytest
from support import REPOSITORY

from generator import diagnostics, ir, shapes

if typing.TYPE_CHECKING:
    import types
    from pathlib import Path

GENERATOR = REPOSITORY / "generator"
TEMPLATES = REPOSITORY / "templates"
# A folder counts as one module here: its parts are its own affair.
MODULES = sorted(
    {path.relative_to(GENERATOR).parts[0].removesuffix(".py") for path in GENERATOR.rglob("*.py")}
    - {"__init__", "__main__"}
)
# Each stage with its parts, in the order of the straight line. What is in no stage is a leaf or the frame around them.
STAGES: list[set[str]] = [
    {"fetch"},
    {"load", "duplicates", "fileinputs", "releases", "changelog"},
    {"resolve"},
    {"normalize", "keywords", "fits", "marks"},
    {"share", "structure", "stored", "typeslock"},
    {"names"},
    {"lower", "tree", "prose", "ir"},
    {"models", "workers"},
    {"render", "annotations", "readme", "readme_files"},
    {"inert"},
    {"format"},
    {"write", "manifest"},
]
VOCABULARY = {
    "atomic", "bounded", "cache", "collector", "diagnostics", "identity", "jsontext", "limits", "listing", "literals",
    "node", "settings", "shapes", "speclock",
}  # fmt: skip
FRAME = {"pipeline", "cli", "diff", "docs", "explain", "release", "runlock", "unchanged"}
# A name's spelling is a table, not a decision of the stage: `share` puts what it pins in a module of that name.
EXCEPTIONS = {("share", "names"), ("models", "annotations")}


def imports(path: Path) -> set[str]:
    """Every module a file imports, at the top or inside a function, in full."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
            if node.module == "generator":
                found |= {f"generator.{alias.name}" for alias in node.names}
    return found


def files(module: str) -> list[Path]:
    return (
        [GENERATOR / f"{module}.py"]
        if (GENERATOR / f"{module}.py").is_file()
        else [*(GENERATOR / module).rglob("*.py")]
    )


def all_imports(module: str) -> set[str]:
    return set().union(*(imports(path) for path in files(module)))


def own_imports(module: str) -> set[str]:
    own = {i.split(".")[1] for i in all_imports(module) if i.startswith("generator.")}
    return own - {module}


def stage(module: str) -> int | None:
    return next((index for index, members in enumerate(STAGES) if module in members), None)


def test_every_module_has_its_place() -> None:
    known = set().union(*STAGES) | VOCABULARY | FRAME
    assert set(MODULES) - known == set()


@pytest.mark.parametrize("module", MODULES)
def test_a_stage_imports_no_later_stage(module: str) -> None:
    at = stage(module)
    for imported in own_imports(module):
        assert imported not in FRAME or module in FRAME, f"{module} imports {imported}"
        later = stage(imported)
        if at is not None and later is not None and (module, imported) not in EXCEPTIONS:
            assert later <= at, f"{module} imports {imported}, a later stage"
        if module in VOCABULARY:
            assert imported in VOCABULARY, f"{module} imports {imported}"


def test_the_exceptions_are_needed() -> None:
    assert all(imported in own_imports(module) for module, imported in EXCEPTIONS)


def test_only_the_pipeline_knows_all_stages() -> None:
    def stages(module: str) -> set[int]:
        # The first stage is not the pipeline's: the command line runs it, when it is told to.
        return {at for one in own_imports(module) if (at := stage(one))}

    assert len(stages("pipeline")) == len(STAGES) - 1
    crowded = {module for module in MODULES if module != "pipeline" and len(stages(module) - {stage(module)}) > 5}
    assert not crowded


@pytest.mark.parametrize(
    ("library", "allowed"),
    [
        ("httpx", {"fetch", "docs"}),
        ("datamodel_code_generator", {"models", "workers"}),
        ("jinja2", {"render"}),
        ("ruff", {"format"}),
        ("subprocess", {"format", "diff"}),
        ("tarfile", {"diff"}),
        ("tempfile", {"format", "diff"}),
        ("shutil", {"fetch", "write"}),
        ("filelock", {"fetch"}),
        ("tomlkit", {"fetch"}),
        ("typer", {"cli"}),
        ("rich", {"cli"}),
    ],
)
def test_each_library_has_one_home(library: str, allowed: set[str]) -> None:
    users = {m for m in MODULES if any(i.split(".")[0] == library for i in all_imports(m))}
    assert users == allowed


def test_the_verification_is_an_opinion_of_its_own() -> None:
    """What it thinks of the emitted code must not come from the stages that made it."""
    assert own_imports("docs") <= VOCABULARY - {"shapes", "literals", "cache"}
    knows_the_network = [path.name for path in files("docs") if "httpx" in imports(path)]
    assert knows_the_network == ["download.py"]


@pytest.mark.parametrize("library", ["time", "datetime", "random", "uuid", "socket", "platform", "getpass", "locale"])
def test_nothing_asks_for_clock_host_or_chance(library: str) -> None:
    """But for fetching, and the command line, where `release` asks for the day that it records."""
    asks = {m for m in MODULES if library in all_imports(m)} - {"fetch"}
    assert asks == ({"cli"} if library == "datetime" else set())


def test_in_fetch_one_file_asks_for_clock_and_chance() -> None:
    """What was fetched when is a fact about the documents; `progress.py` only reckons with the moments it is told."""
    asks = {path.name for path in files("fetch") if imports(path) & {"time", "datetime", "random"}}
    assert asks == {"clock.py", "progress.py"}
    assert {path.name for path in files("fetch") if "random" in imports(path) or ".now(" in path.read_text()} == {
        "clock.py"
    }


def words(module: str, kind: type[ast.Attribute | ast.Name]) -> set[str]:
    """Every attribute, or every name, that a module's code uses."""
    nodes = [n for path in files(module) for n in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    if kind is ast.Attribute:
        return {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return {node.id for node in nodes if isinstance(node, ast.Name)}


WRITING = {"write_text", "write_bytes", "mkdir", "unlink", "rmtree", "rename", "rmdir", "touch", "symlink_to", "open"}


def test_files_are_written_in_one_place() -> None:
    assert {m for m in MODULES if words(m, ast.Attribute) & WRITING} <= {
        "atomic",
        "write",
        "fetch",
        "format",
        "runlock",
    }
    assert words("format", ast.Attribute) & WRITING == {"write_bytes"}
    assert not {m for m in MODULES if "open" in words(m, ast.Name)}


def test_only_the_command_line_prints() -> None:
    assert {m for m in MODULES if words(m, ast.Attribute) & {"print", "stdout"}} <= {"cli", "diff", "format"}
    assert {m for m in MODULES if "print" in words(m, ast.Name) or "sys" in all_imports(m)} == {"cli", "docs"}
    # … and the verification, to import a package and to forget it.
    assert [path.name for path in files("docs") if "sys" in imports(path)] == ["emitted.py"]


# --- the IR ----------------------------------------------------------------------------------------------------------


def classes(module: types.ModuleType) -> list[type[Any]]:
    own = [v for v in vars(module).values() if isinstance(v, type) and v.__module__ == module.__name__]
    return [one for one in own if not issubclass(one, Enum | BaseException)]


def types_in(annotation: Any) -> set[Any]:
    """Every type that an annotation is made of."""
    arguments = typing.get_args(annotation)
    found = {typing.get_origin(annotation) or annotation}
    return found.union(*(types_in(one) for one in arguments if one is not Ellipsis)) if arguments else found


@pytest.mark.parametrize("cls", [*classes(ir), *classes(shapes), diagnostics.Source, diagnostics.Diagnostic])
def test_the_ir_is_frozen(cls: type[Any]) -> None:
    assert dataclasses.is_dataclass(cls)
    parameters: Any = cls.__dataclass_params__  # type: ignore[attr-defined]
    assert parameters.frozen
    assert "__slots__" in vars(cls)
    assert all(field.kw_only for field in dataclasses.fields(cls))


@pytest.mark.parametrize("cls", [*classes(ir), *classes(shapes)])
def test_the_ir_holds_nothing_that_changes(cls: type[Any]) -> None:
    hints = typing.get_type_hints(cls)
    for name, annotation in hints.items():
        assert not types_in(annotation) & {list, dict, set, Any, object}, name


@pytest.mark.parametrize("cls", [ir.Field, ir.Class])
def test_named_things_have_two_names_and_a_place(cls: type[Any]) -> None:
    assert {"name", "wire_name", "source"} <= {field.name for field in dataclasses.fields(cls)}
