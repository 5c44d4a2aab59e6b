"""Interrupted at any moment, the next run ends in the tree that a clean run gives."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from support import INTEGER, STRING, Project, obj
from support.fetching import files

from generator.write.manifest import STAGING


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = Project(tmp_path_factory.mktemp("two") / "project")
    project.add("fal-ai/a")
    project.add("fal-ai/b/c")
    project.regenerate()
    return project


@pytest.fixture
def made(two: Project, tmp_path: Path) -> Project:
    """Two endpoints, generated."""
    return two.copied(tmp_path / "project")


def change(project: Project, endpoint_id: str = "fal-ai/a", *, maximum: int) -> None:
    steps = {**INTEGER, "maximum": maximum}
    project.add(endpoint_id, input=obj({"prompt": STRING, "steps": steps}, required=["prompt"]))


# --- interrupted runs ------------------------------------------------------------------------------------------------


class Cut(BaseException):
    """The power goes."""


def cut_run(project: Project, monkeypatch: pytest.MonkeyPatch, after: int) -> bool:
    """A run that ends in the middle of its renames and removals; whether it did."""
    count = 0
    rename, unlink = Path.replace, Path.unlink

    def step(path: Path) -> None:
        nonlocal count
        if project.output in path.parents:
            if count == after:
                raise Cut
            count += 1

    def replace(self: Path, target: Path) -> Path:
        step(target)
        return rename(self, target)

    def remove(self: Path, missing_ok: bool = False) -> None:
        step(self)
        unlink(self, missing_ok=missing_ok)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        patch.setattr(Path, "unlink", remove)
        try:
            project.regenerate()
        except Cut:
            return True
    return False


CLEAN: dict[str, dict[str, str]] = {}


def clean_tree(project: Project, folder: Path) -> dict[str, str]:
    """What the same specs give in a fresh project, with the same lock; the same specs are not tried twice."""
    specs = repr(files(project.specs))
    if specs not in CLEAN:
        fresh = Project(folder)
        shutil.copytree(project.specs, fresh.specs, dirs_exist_ok=True)
        fresh.regenerate()
        CLEAN[specs] = fresh.tree()
    return CLEAN[specs]


@pytest.mark.sampled(3)
@pytest.mark.parametrize("after", [0, 1, 3, 10, 56, 57])
def test_the_run_after_an_interrupted_one_ends_in_the_clean_tree(
    after: int, made: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    change(made, maximum=3)
    made.path("fal-ai/b/c").unlink()
    made.add("fal-ai/d/e")
    cut_run(made, monkeypatch, after)
    result = made.regenerate()
    assert result.diagnostics == ()
    assert made.tree() == clean_tree(made, tmp_path / "clean")
    assert not (made.output / STAGING).exists()


def test_a_first_run_interrupted(project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    project.add("fal-ai/a")
    assert cut_run(project, monkeypatch, 20)
    change(project, maximum=3)
    assert project.regenerate().diagnostics == ()
    assert project.tree() == clean_tree(project, tmp_path / "clean")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("after", [0, 1, 2, 3, 4, 5])
def test_specs_that_change_after_an_interrupted_run(
    after: int, made: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    change(made, maximum=3)
    made.add("fal-ai/d/e")
    assert cut_run(made, monkeypatch, after)
    change(made, maximum=4)
    made.path("fal-ai/d/e").unlink()
    assert made.regenerate().diagnostics == ()
    assert made.tree() == clean_tree(made, tmp_path / "clean")


@pytest.mark.slow
def test_two_interrupted_runs_in_a_row(made: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    change(made, maximum=3)
    assert any(cut_run(made, monkeypatch, after) and "le=3" in made.module("endpoints/a.py") for after in range(9))
    change(made, maximum=4)
    change(made, "fal-ai/b/c", maximum=4)
    assert cut_run(made, monkeypatch, 0)
    result = made.regenerate()
    assert result.diagnostics == ()
    assert made.tree() == clean_tree(made, tmp_path / "clean")
