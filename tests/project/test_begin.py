"""`add` in a folder without `[tool.fal-typed]` begins a project there, or leaves no trace."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from support import REPOSITORY, Project, document, run_cli

from generator.fetch.store import Store
from generator.project.begin import settings_to_begin
from generator.project.endpoints import cover
from generator.project.settings import SettingsError, load_settings

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


def test_what_was_begun_is_begun_once(folder: Project) -> None:
    """Who covers one endpoint more has settings, and adds to them as to anybody's."""
    settings = cover(settings_to_begin(folder.root), [ID])
    pyproject = folder.root / "pyproject.toml"
    pyproject.write_bytes(pyproject.read_bytes() + b"\n[tool.other]\n")
    assert cover(settings, ["fal-ai/b"]).endpoints == (ID, "fal-ai/b")
    assert written(folder)["endpoints"] == [ID, "fal-ai/b"]


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


@pytest.mark.sampled(3)
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


# --- what may stand in the file already ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "own",
    [
        "[tool]\nx = 1\n",
        '[[tool.mypy.overrides]]\nmodule = "a"\n',
        "[tool.ruff]\nx = 1  # no line end",
        'project.name = "shop"\ntool.ruff.line-length = 100\nbuild-system.requires = ["hatchling"]\n',
        "# only a comment\n",
        '[project]\r\nname = "shop"\r\n\r\n[tool.ruff]\r\nx = 1\r\n',
    ],
)
def test_what_is_there_stays(own: str, folder: Project, capsys: Capture) -> None:
    path = folder.root / "pyproject.toml"
    path.write_bytes(own.encode())
    assert run_cli(folder, capsys, "add", ID).code == 0
    text = path.read_bytes().decode()
    assert text.startswith(own.rstrip())
    assert ("\n" in text.replace("\r\n", "")) != ("\r\n" in own)
    after = tomllib.loads(text.replace("\r\n", "\n"))
    assert after["tool"].pop("fal-typed")["endpoints"] == [ID]
    before = tomllib.loads(own.replace("\r\n", "\n"))
    assert {**after, "tool": after["tool"] or None} == {**before, "tool": before.get("tool")}


@pytest.mark.parametrize("own", ["tool = {}\n", "tool = {x = {y = 1}}\n"])
def test_a_file_that_takes_no_table(own: str, folder: Project, capsys: Capture, catalog: CatalogServer) -> None:
    path = folder.root / "pyproject.toml"
    path.write_text(own, encoding="utf-8")
    done = run_cli(folder, capsys, "add", ID)
    assert (done.code, path.read_text("utf-8")) == (2, own)
    assert "no table can be put at its end; write this where it belongs:\n  [tool.fal-typed]\n  package = " in done.err
    assert catalog.seen == [], "nothing was asked for"


def test_a_project_without_a_table_stays_what_it_is(project: Project, capsys: Capture) -> None:
    """Its documents are in `specs`, and a project without the table has the defaults."""
    project.add("fal-ai/z")
    (project.root / "pyproject.toml").write_text('[project]\nname = "p"\n', encoding="utf-8")
    assert run_cli(project, capsys, "regenerate").code == 0
    assert run_cli(project, capsys, "add", ID).code == 0
    assert (project.root / "pyproject.toml").read_text("utf-8") == '[project]\nname = "p"\n'
    assert [one["id"] for one in json.loads(run_cli(project, capsys, "list", "--json").out)["endpoints"]] == [
        ID,
        "fal-ai/z",
    ]


def test_what_is_written_meanwhile_stays(folder: Project) -> None:
    settings = settings_to_begin(folder.root)
    assert settings is not None
    path = folder.root / "pyproject.toml"
    path.write_text("[tool.ruff]\nx = 1\n", encoding="utf-8")
    cover(settings, [ID])
    assert tomllib.loads(path.read_text("utf-8"))["tool"]["ruff"] == {"x": 1}
    assert written(folder)["endpoints"] == [ID]
    with pytest.raises(SettingsError, match="no table can be put at its end"):
        cover(settings, ["fal-ai/b"])
    assert written(folder)["endpoints"] == [ID]


def test_a_list_is_added_to_as_it_is_by_then(folder: Project, capsys: Capture) -> None:
    assert run_cli(folder, capsys, "add", ID).code == 0
    old = load_settings(folder.root)
    cover(old, ["fal-ai/b"])
    cover(old, ["fal-ai/c"])
    assert written(folder)["endpoints"] == [ID, "fal-ai/b", "fal-ai/c"]


def test_who_read_before_another_wrote_does_not_go_on(
    folder: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generator.cli.fetch.settings_to_begin", _with_a_write_behind(folder))
    done = run_cli(folder, capsys, "add", ID)
    assert (done.code, "changed meanwhile; run the same command again" in done.err) == (2, True)
    assert not (folder.root / "specs").exists()


def _with_a_write_behind(folder: Project) -> Any:
    def read_and_wait(root: Path) -> Any:
        settings = settings_to_begin(root)
        (folder.root / "pyproject.toml").write_text("# theirs\n", encoding="utf-8")
        return settings

    return read_and_wait


@pytest.mark.slow  # five processes
def test_several_at_once(folder: Project, catalog: CatalogServer) -> None:
    """Each adds, or says that another is at it; no document is without its line in the list."""
    ids = [f"fal-ai/x{number}" for number in range(5)]
    for one in ids:
        catalog.add(one, document(one))
    command = [sys.executable, "-m", "generator", "--project", str(folder.root), "add"]
    runs = [
        subprocess.Popen([*command, one], cwd=REPOSITORY, env={**os.environ}, stderr=subprocess.PIPE, text=True)
        for one in ids
    ]
    said = [run.communicate(timeout=120)[1] for run in runs]
    assert "Traceback" not in "".join(said)
    added = [one for one, run in zip(ids, runs, strict=True) if run.returncode == 0]
    assert {run.returncode for run in runs} <= {0, 2}
    assert sorted(written(folder)["endpoints"]) == added
    assert sorted(path.stem for path in (folder.root / "specs/fal-ai").iterdir()) == [one[7:] for one in added]
    assert not (folder.root / "fal-specs").exists()


def test_a_link_and_a_mode(folder: Project, capsys: Capture) -> None:
    real = folder.root.parent / "real.toml"
    real.write_text("[tool.ruff]\nx = 1\n", encoding="utf-8")
    real.chmod(0o600)
    path = folder.root / "pyproject.toml"
    path.symlink_to(real)
    (folder.root / "pyproject.toml.new").write_text("mine", encoding="utf-8")
    assert run_cli(folder, capsys, "add", "fal-ai/none").code != 0
    assert run_cli(folder, capsys, "add", ID).code == 0
    assert path.is_symlink()
    assert written(folder)["endpoints"] == [ID]
    assert real.stat().st_mode & 0o777 == 0o600
    assert (folder.root / "pyproject.toml.new").read_text("utf-8") == "mine"


def test_a_run_that_ends_between_table_and_document(
    folder: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The table comes first: without it the folder's documents would be another kind of project."""

    put = Store.put

    def killed(store: Store, found: Any) -> Any:
        if found:
            raise KeyboardInterrupt
        return put(store, found)

    with monkeypatch.context() as patched:
        patched.setattr(Store, "put", killed)
        assert run_cli(folder, capsys, "add", ID).code == 130
    assert written(folder)["endpoints"] == [ID]
    assert run_cli(folder, capsys, "fetch").code == 0
    assert run_cli(folder, capsys, "regenerate").code == 0


def test_what_an_app_exports(folder: Project, capsys: Capture) -> None:
    """Its paths are its own: `/` and `/edit`; fal puts the app before."""
    exported = document("me/my-app")
    paths = exported["paths"]
    exported["paths"] = {"/" if path == "/me/my-app" else path: item for path, item in paths.items()}
    exported["paths"]["/edit"] = exported["paths"]["/"]
    exported["paths"]["/health"] = {"get": {}}
    (folder.root / "exported.json").write_text(json.dumps(exported), encoding="utf-8")
    for one in ("me/my-app", "me/my-app/edit"):
        assert run_cli(folder, capsys, "add", one, "--from", str(folder.root / "exported.json")).code == 0
    assert run_cli(folder, capsys, "regenerate").code == 0
    rows = json.loads(run_cli(folder, capsys, "list", "--json").out)["endpoints"]
    assert [row["id"] for row in rows] == ["me/my-app", "me/my-app/edit"]
    emitted = (folder.root / "my_shop_fal/endpoints/owners/me/my_app/edit.py").read_text("utf-8")
    assert '"me/my-app/edit"' in emitted
