"""Stages plan and apply: only differences are written, only files of ours touched, and nothing is lost half-way."""

from __future__ import annotations

import json
import os
import shutil
from typing import Any

import pytest
from support import INTEGER, STRING, Project, obj, run_cli

from generator.write.manifest import digest

MODULE = "fal_typed/endpoints/a.py"


@pytest.fixture
def made(project: Project) -> Project:
    """Two endpoints, generated."""
    project.add("fal-ai/a")
    project.add("fal-ai/b/c")
    project.regenerate()
    return project


def change(project: Project, endpoint_id: str = "fal-ai/a", **limits: Any) -> None:
    project.add(endpoint_id, input=obj({"prompt": STRING, "steps": {**INTEGER, **limits}}, required=["prompt"]))


def stamps(project: Project) -> dict[str, int]:
    files = [p for p in project.output.rglob("*") if p.is_file()]
    for path in files:
        os.utime(path, ns=(1, 1))
    return {p.relative_to(project.output).as_posix(): p.stat().st_mtime_ns for p in files}


def touched(project: Project, before: dict[str, int]) -> list[str]:
    now = {
        p.relative_to(project.output).as_posix(): p.stat().st_mtime_ns for p in project.output.rglob("*") if p.is_file()
    }
    return sorted(path for path, stamp in now.items() if before.get(path) != stamp)  # fmt: skip


def test_nothing_is_written_where_nothing_changes(made: Project) -> None:
    before = stamps(made)
    result = made.regenerate()
    assert not result.changes
    assert touched(made, before) == []


def test_only_what_differs_is_written(made: Project) -> None:
    before = stamps(made)
    change(made, maximum=9)
    made.regenerate()
    assert touched(made, before) == ["fal_typed/_schemas.txt", MODULE, "manifest.json"]


def test_a_stale_file_goes_and_its_empty_folder_too(made: Project) -> None:
    cache = made.output / "fal_typed/endpoints/b/__pycache__"
    cache.mkdir()
    (cache / "c.pyc").write_bytes(b"x")
    made.path("fal-ai/b/c").unlink()
    made.regenerate()
    assert not (made.output / "fal_typed/endpoints/b").exists()
    assert "b/c" not in (made.output / "manifest.json").read_text(encoding="utf-8")


def test_an_endpoint_that_gets_a_child_becomes_a_package_and_back(made: Project) -> None:
    alone = made.tree()
    made.add("fal-ai/a/fast")
    made.regenerate()
    assert MODULE not in made.tree()
    assert "fal_typed/endpoints/a/__init__.py" in made.tree()
    made.path("fal-ai/a/fast").unlink()
    made.regenerate()
    assert made.tree() == alone
    assert not (made.output / "fal_typed/endpoints/a").exists()


def test_a_file_edited_by_hand_is_kept_and_named(made: Project, capsys: pytest.CaptureFixture[str]) -> None:
    path = made.output / MODULE
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")
    edited = path.read_bytes()
    change(made, maximum=3)
    change(made, "fal-ai/b/c", maximum=3)
    for _ in range(2):
        done = run_cli(made, capsys, "regenerate")
        assert done.code == 1
        assert f"generated/{MODULE}: error: this file was edited by hand; it is left as it is" in done.err
        assert "--force" in done.err
        assert path.read_bytes() == edited
        assert "le=3" in made.module("endpoints/b/c.py")
    assert run_cli(made, capsys, "regenerate", "--force").code == 0
    assert "# mine" not in made.module("endpoints/a.py")
    assert run_cli(made, capsys, "regenerate", "--check").code == 0


def test_an_edited_file_that_is_no_longer_wanted_is_kept_too(made: Project, capsys: pytest.CaptureFixture[str]) -> None:
    path = made.output / MODULE
    path.write_text("# mine\n", encoding="utf-8")
    made.path("fal-ai/a").unlink()
    # From the second run on it is a file like any other that is not ours.
    for code, said in ((1, "error: this file was edited by hand; it is left as it is"), (0, "warning: ")):
        done = run_cli(made, capsys, "regenerate")
        assert done.code == code
        assert f"generated/{MODULE}: {said}" in done.err
        assert path.read_text(encoding="utf-8") == "# mine\n"


def test_a_file_of_somebody_else_in_the_way_is_kept(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.add("fal-ai/a")
    readme = project.output / "README.md"
    readme.parent.mkdir()
    readme.write_text("mine\n", encoding="utf-8")
    done = run_cli(project, capsys, "regenerate")
    assert done.code == 1
    assert "generated/README.md: " in done.err
    assert "is not ours" in done.err
    assert readme.read_text(encoding="utf-8") == "mine\n"


def test_files_we_do_not_know_are_left_alone(made: Project) -> None:
    for name in ("fal_typed/extra.py", "notes.txt", "fal_typed/endpoints/b/own.py"):
        (made.output / name).write_text("mine\n", encoding="utf-8")
    made.path("fal-ai/b/c").unlink()
    made.regenerate(force=True)
    assert (made.output / "fal_typed/endpoints/b/own.py").read_text(encoding="utf-8") == "mine\n"
    assert (made.output / "notes.txt").is_file()


def test_a_deleted_package_comes_back_to_the_byte(made: Project) -> None:
    before = made.tree()
    shutil.rmtree(made.output / "fal_typed")
    made.regenerate()
    assert made.tree() == before
    shutil.rmtree(made.output)
    made.regenerate()
    assert made.tree() == before


def test_without_a_manifest_equal_files_are_taken_for_ours(made: Project) -> None:
    before = made.tree()
    (made.output / "manifest.json").unlink()
    assert made.regenerate().diagnostics == ()
    assert made.tree() == before


def test_the_manifest_knows_documents_and_files(made: Project) -> None:
    manifest = json.loads((made.output / "manifest.json").read_text(encoding="utf-8"))
    tree = made.tree()
    assert manifest["files"] == {path: digest(text) for path, text in tree.items() if path != "manifest.json"}
    assert list(manifest["documents"]) == ["fal-ai/a", "fal-ai/b/c"]
    assert list(manifest["endpoints"]) == ["fal-ai/a", "fal-ai/b/c"]
    change(made, maximum=3)
    made.regenerate()
    again = json.loads((made.output / "manifest.json").read_text(encoding="utf-8"))
    assert again["documents"]["fal-ai/a"] != manifest["documents"]["fal-ai/a"]
    assert again["documents"]["fal-ai/b/c"] == manifest["documents"]["fal-ai/b/c"]


def test_an_edited_file_shows_in_the_diff(made: Project, capsys: pytest.CaptureFixture[str]) -> None:
    path = made.output / MODULE
    path.write_text(path.read_text(encoding="utf-8") + "MINE = 1\n", encoding="utf-8")
    done = run_cli(made, capsys, "regenerate", "--check")
    assert done.code == 1
    assert "\n-MINE = 1\n" in done.out


@pytest.mark.parametrize(
    "text",
    ['{"files": 3}', '{"files": {"a": 1}}', '{"endpoints": []}', '{"endpoints": {"fal-ai/a": [3, ["x"]]}}', "[]", "{"],
)
def test_a_manifest_that_is_none_knows_nothing(text: str, made: Project, capsys: pytest.CaptureFixture[str]) -> None:
    before = made.tree()
    (made.output / "manifest.json").write_text(text, encoding="utf-8")
    assert run_cli(made, capsys, "regenerate").code == 0
    assert made.tree() == before


def test_a_folder_in_the_place_of_a_file_is_one_line(made: Project, capsys: pytest.CaptureFixture[str]) -> None:
    path = made.output / MODULE
    path.unlink()
    path.mkdir()
    done = run_cli(made, capsys, "regenerate")
    assert done.code == 2
    assert done.err == "error: <project>/generated/fal_typed/endpoints/a.py: Is a directory\n"
