"""`add` in a folder without `[tool.fal-typed]` begins a project there, or leaves no trace."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from support import Project, document, run_cli

if TYPE_CHECKING:
    from pathlib import Path

    from catalog_server import CatalogServer

Capture = pytest.CaptureFixture[str]
ID = "fal-ai/a"


@pytest.fixture
def folder(tmp_path: Path) -> Project:
    """An empty folder that somebody made."""
    empty = Project(tmp_path / "My Shop!")
    (empty.root / "pyproject.toml").unlink()
    empty.specs.rmdir()
    return empty


@pytest.fixture(autouse=True)
def _listed(catalog: CatalogServer) -> None:
    catalog.add(ID, document(ID))


def written(project: Project) -> dict[str, Any]:
    settings: dict[str, Any] = tomllib.loads((project.root / "pyproject.toml").read_text("utf-8"))["tool"]["fal-typed"]
    return settings


def test_an_empty_folder(folder: Project, capsys: Capture) -> None:
    done = run_cli(folder, capsys, "add", ID)
    assert done.code == 0
    assert (
        "pyproject.toml: wrote [tool.fal-typed]: `regenerate` makes my_shop_fal/, to import as my_shop_fal\n"
        in done.err
    )
    assert written(folder) == {"package": "my_shop_fal", "output": ".", "layout": "package", "endpoints": [ID]}
    assert run_cli(folder, capsys, "regenerate").code == 0
    assert run_cli(folder, capsys, "regenerate", "--check", "--locked").code == 0
    assert (folder.root / "my_shop_fal/endpoints/a.py").is_file()
    assert not (folder.root / "README.md").exists()


def test_it_is_said_once(folder: Project, capsys: Capture, catalog: CatalogServer) -> None:
    catalog.add("fal-ai/b", document("fal-ai/b"))
    assert run_cli(folder, capsys, "add", ID).code == 0
    assert "wrote [tool.fal-typed]" not in run_cli(folder, capsys, "add", "fal-ai/b").err
    assert written(folder)["endpoints"] == [ID, "fal-ai/b"]


@pytest.mark.parametrize(
    ("name", "package"),
    [("my.Shop", "my_shop_fal"), ("shop", "shop_fal"), ("3d", "my_fal"), ("Ω", "my_fal"), ("--", "my_fal")],
)
def test_a_project_of_their_own(name: str, package: str, folder: Project, capsys: Capture) -> None:
    """What is in their file stays, comments too; code goes where theirs is, and nothing into a folder of theirs."""
    own = f'# mine\n[project]\nname = "{name}"\n\n[tool.ruff]\nline-length = 3  # short\n'
    (folder.root / "pyproject.toml").write_text(own, encoding="utf-8")
    (folder.root / "src").mkdir()
    (folder.root / "specs").mkdir()
    assert run_cli(folder, capsys, "add", ID).code == 0
    text = (folder.root / "pyproject.toml").read_text("utf-8")
    assert text.startswith(own)
    found = written(folder)
    assert (found["package"], found["output"], found["specs"]) == (package, "src", "fal-specs")
    assert run_cli(folder, capsys, "regenerate").code == 0
    assert (folder.root / "src" / package / "__init__.py").is_file()
    assert not [*(folder.root / "specs").iterdir()]


def test_a_document_from_a_file(folder: Project, capsys: Capture) -> None:
    other = folder.root / "a.json"
    other.write_text("no document", encoding="utf-8")
    assert run_cli(folder, capsys, "add", ID, "--from", str(other)).code != 0
    assert sorted(path.name for path in folder.root.iterdir() if not path.name.startswith(".")) == ["a.json"]


@pytest.mark.parametrize("before", [None, b"", b'[project]\r\nname = "x"\r\n'])
@pytest.mark.parametrize("arguments", [("fal-ai/none",), ("nonsense",), (ID, "fal-ai/b", "--from", "pyproject.toml")])
def test_nothing_is_left_where_nothing_came(
    arguments: tuple[str, ...], before: bytes | None, folder: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = folder.root / "pyproject.toml"
    monkeypatch.chdir(folder.root)
    if before is not None:
        path.write_bytes(before)
    done = run_cli(folder, capsys, "add", *arguments)
    assert done.code != 0
    assert "wrote" not in done.err
    assert (path.read_bytes() if path.exists() else None) == before


@pytest.mark.parametrize("text", ["tool = 3\n", "tool = [1]\n", "[", "\ufeff["])
def test_a_file_that_cannot_be_added_to(text: str, folder: Project, capsys: Capture) -> None:
    path = folder.root / "pyproject.toml"
    path.write_text(text, encoding="utf-8")
    done = run_cli(folder, capsys, "add", ID)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert done.err.startswith("error: <project>/pyproject.toml: ")
    assert path.read_text("utf-8") == text


def test_no_such_folder(folder: Project, capsys: Capture) -> None:
    folder.root.rmdir()
    done = run_cli(folder, capsys, "add", ID)
    assert (done.code, done.err) == (2, "error: <project>: no such folder; --project must name one\n")


def test_fetch_makes_the_folder_of_what_is_listed(folder: Project, capsys: Capture) -> None:
    assert run_cli(folder, capsys, "add", ID).code == 0
    (folder.root / "specs/fal-ai/a.json").unlink()
    for left in ("lock.json", "fal-ai", ""):
        path = folder.root / "specs" / left
        path.rmdir() if path.is_dir() else path.unlink()
    for command in ("regenerate", "list"):
        assert "is not a folder; `fetch` or `add ID` makes it\n" in run_cli(folder, capsys, command).err
    assert run_cli(folder, capsys, "fetch").code == 0
    assert run_cli(folder, capsys, "regenerate").code == 0
