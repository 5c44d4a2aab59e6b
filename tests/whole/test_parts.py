"""What of the runtime a vendored client has: what it asks for, and no trace of the rest."""

from __future__ import annotations

import ast
import subprocess
import sys
from typing import TYPE_CHECKING

from support import INTEGER, Project, obj, run_cli

from generator.emit.public import PUBLIC_MODULES, part_of
from generator.places import TEMPLATES
from generator.project.settings import RuntimePart

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    Capture = pytest.CaptureFixture[str]

VENDORED = 'package = "our_fal"\noutput = "src"\nlayout = "package"\n'


def vendored(folder: Path, parts: str = "") -> Project:
    project = Project(folder, VENDORED + parts)
    project.add("fal-ai/a", output=obj({"seed": INTEGER}))
    project.add("fal-ai/b/c", output=obj({"seed": INTEGER}))
    return project


def of_part(project: Project) -> set[str]:
    """The files that are there with the part alone."""
    found = {path.relative_to(project.output / "our_fal").as_posix() for path in project.output.rglob("*.*")}
    only = {f"{name}.py" for name, public in PUBLIC_MODULES.items() if public.part}
    return {
        path
        for path in found
        if path in only
        or path.startswith("_fakes/")
        or (path.startswith("_runtime/") and part_of(path.removeprefix("_runtime/")))
    }


def with_parts(project: Project, parts: str) -> None:
    (project.root / "pyproject.toml").write_text(f"[tool.fal-typed]\n{VENDORED}{parts}", encoding="utf-8")


def test_by_default_there_is_none(tmp_path: Path) -> None:
    project = vendored(tmp_path)
    project.output = tmp_path / "src"
    project.regenerate()
    assert of_part(project) == set()


def test_every_package_says_what_its_endpoints_take(tmp_path: Path) -> None:
    project = vendored(tmp_path)
    project.output = tmp_path / "src"
    project.regenerate()
    code = (
        "from our_fal._runtime.schemas import schemas_of\n"
        "found = schemas_of('our_fal', 'fal-ai/b/c')\n"
        "print([*found.output['properties']], found.category)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=project.output, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("['seed'] text-to-image\n", "")


def test_a_part_comes_and_goes_with_its_name(tmp_path: Path, capsys: Capture) -> None:
    project = vendored(tmp_path)
    project.output = tmp_path / "src"
    assert run_cli(project, capsys, "regenerate").code == 0
    before = project.tree()
    with_parts(project, 'parts = ["testing"]\n')
    assert run_cli(project, capsys, "regenerate", "--check").code == 1
    assert run_cli(project, capsys, "regenerate").code == 0
    there = of_part(project)
    assert {"testing.py", "_fakes/__init__.pyi", "_fakes/a.pyi", "_fakes/b__c.pyi"} <= there
    assert "_runtime/testing/emitted.py" in there
    runtime = {path.relative_to(TEMPLATES / "runtime").as_posix() for path in (TEMPLATES / "runtime").rglob("*.py")}
    assert {path.removeprefix("_runtime/") for path in there if path.startswith("_runtime/")} == {
        path for path in runtime if part_of(path) is RuntimePart.TESTING
    }
    with_parts(project, 'parts = ["cli"]\n')
    assert run_cli(project, capsys, "regenerate").code == 0
    of_cli = {f"_runtime/{path}" for path in runtime if part_of(path) is RuntimePart.CLI}
    assert of_part(project) == {"__main__.py", "cli.py"} | of_cli
    assert run_cli(project, capsys, "regenerate", "--check").code == 0
    with_parts(project, "parts = []\n")
    assert run_cli(project, capsys, "regenerate").code == 0
    assert of_part(project) == set()
    assert project.tree() == before
    assert not (project.output / "our_fal" / "_fakes").exists()


def test_what_is_left_names_nothing_that_is_not_there(tmp_path: Path) -> None:
    """Relative imports of every module lead to modules, those for type checkers too."""
    project = vendored(tmp_path)
    project.output = tmp_path / "src"
    project.regenerate()
    lost: list[str] = []
    for path in (project.output / "our_fal").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.level:
                base = path.parents[node.level - 1].joinpath(*(node.module or "").split("."))
                names = [base / alias.name for alias in node.names] if not node.module else [base]
                lost += [f"{path}: {one}" for one in names if not is_module(one) and not is_module(base)]
    assert lost == []


def is_module(path: Path) -> bool:
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


USE = """\
from our_fal import Fal
from our_fal.testing import fake_fal

with fake_fal() as fake:
    fake.a.returns(seed=7)
    print(Fal().a.subscribe(prompt="x").seed, Fal().b.c.run(prompt="x").seed is not None)
    fake.a.assert_called_once_with(prompt="x")
"""


def test_a_vendored_fake_works_under_its_own_name(tmp_path: Path) -> None:
    project = vendored(tmp_path, 'parts = ["testing"]\n')
    project.output = tmp_path / "src"
    project.regenerate()
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", USE], cwd=project.output, capture_output=True, text=True, check=False
    )
    assert (done.stdout, done.stderr) == ("7 True\n", "")
    done = subprocess.run(
        [sys.executable, "-m", "our_fal.testing", "--help"],
        cwd=project.output,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0
    assert "--port" in done.stdout
