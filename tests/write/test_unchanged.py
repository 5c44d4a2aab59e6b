"""A run that would do what the last one did does nothing, and says the same."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import pytest
from support import INTEGER, Project, obj, ref, run_cli

from generator import pipeline, places

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def made(project: Project, capsys: Capture) -> Project:
    """An endpoint with a repair, generated through the command line."""
    project.add("fal-ai/a", input=obj({"x": ref("Nowhere")}))
    assert run_cli(project, capsys, "regenerate").code == 0
    return project


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A line for each time that the stages run."""
    counted: list[str] = []
    run = pipeline.run

    def counting(*arguments: object, **options: object) -> object:
        counted.append("run")
        return run(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(pipeline, "run", counting)
    return counted


@pytest.mark.sampled(3)
@pytest.mark.parametrize("arguments", [("regenerate",), ("regenerate", "--check"), ("regenerate", "--force")])
def test_no_stage_runs_and_the_messages_are_the_same(
    arguments: tuple[str, ...], made: Project, runs: list[str], capsys: Capture
) -> None:
    before = made.tree()
    done = run_cli(made, capsys, *arguments)
    assert (done.code, done.out, runs) == (0, "", [])
    assert "dangling-ref" in done.err
    assert ("0 written, 0 removed" in done.err) == ("--check" not in arguments)
    assert made.tree() == before


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def edit_document(project: Project) -> None:
    project.add("fal-ai/a", input=obj({"x": INTEGER}))


def edit_output(project: Project) -> None:
    path = project.output / "fal_typed/endpoints/a.py"
    path.write_text(path.read_text(encoding="utf-8") + "# mine\n", encoding="utf-8")


def edit_manifest(project: Project) -> None:
    path = project.output / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text(encoding="utf-8")), "files": {}}), encoding="utf-8")


CHANGES: dict[str, Callable[[Project], object]] = {
    "a document": edit_document,
    "a new document": lambda p: p.add("fal-ai/b"),
    "endpoints.toml": lambda p: write(p.specs / "endpoints.toml", '["fal-ai/a"]\nstreams = true\n'),
    "file-inputs.toml": lambda p: write(p.specs / "file-inputs.toml", '[files]\nprompt = "why"\n'),
    "no types.lock": lambda p: (p.specs / "types.lock").unlink(),
    "the package": lambda p: write(p.root / "pyproject.toml", '[tool.fal-typed]\npackage = "other"\n'),
    "an emitted file edited": edit_output,
    "an emitted file gone": lambda p: (p.output / "fal_typed/py.typed").unlink(),
    "a file that is not ours": lambda p: write(p.output / "fal_typed/extra.py", ""),
    "all output gone": lambda p: shutil.rmtree(p.output),
    "the manifest": edit_manifest,
}  # fmt: skip


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", CHANGES)
def test_whatever_changed_the_stages_run(name: str, made: Project, runs: list[str], capsys: Capture) -> None:
    CHANGES[name](made)
    run_cli(made, capsys, "regenerate")
    assert runs == ["run"]


def test_a_template_that_changed_counts(
    made: Project, runs: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    shutil.copytree(places.TEMPLATES, tmp_path / "templates")
    (tmp_path / "templates" / "runtime" / "types.py").write_text("# other\n", encoding="utf-8")
    monkeypatch.setattr(places, "TEMPLATES", tmp_path / "templates")
    assert "2 written" in run_cli(made, capsys, "regenerate").err
    assert runs == ["run"]


def test_what_ended_badly_is_not_remembered(made: Project, runs: list[str], capsys: Capture) -> None:
    edit_output(made)
    for _ in range(2):
        assert run_cli(made, capsys, "regenerate").code == 1
    made.put("fal-ai/b", "{")
    for _ in range(2):
        assert run_cli(made, capsys, "regenerate", "--force").code == 4
    assert len(runs) == 4
