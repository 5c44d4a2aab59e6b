"""The command line: what it writes, where it says so, and with which exit code it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from support import PINNED, Project, run_cli, spawn

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = ["regenerate", "list"]
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def made(project: Project) -> Project:
    project.add("fal-ai/a")
    project.add("fal-ai/b")
    project.regenerate()
    return project


def test_regenerate_says_what_it_did_on_stderr(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/a")
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, done.out) == (0, "")
    written = len(project.tree())
    assert done.err == f"generated: 1 endpoint, {written} written, 0 removed\n"
    assert run_cli(project, capsys, "regenerate").err == "generated: 1 endpoint, 0 written, 0 removed\n"


@pytest.mark.parametrize("remembered", [False, True])
def test_check_says_that_all_is_well(made: Project, capsys: Capture, *, remembered: bool) -> None:
    if remembered:
        run_cli(made, capsys, "regenerate")
    done = run_cli(made, capsys, "regenerate", "--check")
    assert (done.code, done.out, done.err) == (0, "", "generated: 2 endpoints, as they should be\n")


def test_check_does_not_say_so_of_documents_that_are_not_locked(made: Project, capsys: Capture) -> None:
    (made.specs / "lock.json").write_text('{"endpoints": {}}\n', encoding="utf-8")
    done = run_cli(made, capsys, "regenerate", "--check", "--locked")
    assert done.code == 1
    assert "not-locked" in done.err
    assert "as they should be" not in done.err


def test_check_writes_nothing(project: Project, capsys: Capture) -> None:
    project.add("fal-ai/a")
    done = run_cli(project, capsys, "regenerate", "--check")
    assert done.code == 1
    assert "+++ b/generated/fal_typed/endpoints/a.py\n" in done.out
    assert "specs/types.lock is not what the documents give" in done.err
    assert not project.output.exists()
    assert not (project.specs / "types.lock").exists()


def test_a_lock_that_lacks_a_type_is_drift(made: Project, capsys: Capture) -> None:
    (made.specs / "types.lock").unlink()
    done = run_cli(made, capsys, "regenerate", "--check")
    assert done.code == 1
    assert "types.lock" in done.err


def test_list_as_json(capsys: Capture, tmp_path: Path) -> None:
    project = Project(tmp_path).pinned()
    done = run_cli(project, capsys, "list", "--json")
    assert (done.code, done.err) == (0, "")
    rows = json.loads(done.out)["endpoints"]
    assert [row["id"] for row in rows] == PINNED
    assert rows[6] == {
        "id": "fal-ai/imagen4/preview",
        "attribute": "imagen4.preview",
        "class": "Imagen4Preview",
        "path": "fal-ai/imagen4/preview",
        "category": "text-to-image",
        "streams": False,
        "document": "specs/fal-ai/imagen4/preview.json",
    }


def test_list_for_people(made: Project, capsys: Capture) -> None:
    (made.specs / "endpoints.toml").write_text('["fal-ai/a"]\nstreams = true\n["fal-ai/b"]\n', encoding="utf-8")
    done = run_cli(made, capsys, "list")
    lines = [line.split() for line in done.out.splitlines()]
    assert lines == [
        ["endpoint", "attribute", "category", "streams"],
        ["fal-ai/a", "fal.a", "text-to-image", "yes"],
        ["fal-ai/b", "fal.b", "text-to-image"],
    ]
    assert (done.code, done.err) == (0, "")


def test_list_of_nothing_says_how_to_begin(project: Project, capsys: Capture) -> None:
    done = run_cli(project, capsys, "list")
    assert (done.code, done.err) == (0, "no endpoints yet: `add ID` adds one, `fetch --all` the whole catalogue\n")


def test_a_long_id_is_not_cut_in_a_narrow_terminal(
    project: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    endpoint_id = "fal-ai/longcat-multi-avatar/image-audio-to-video/multi-speaker"
    project.add(endpoint_id)
    assert endpoint_id in run_cli(project, capsys, "list").out


def test_list_tells_of_a_broken_document(made: Project, capsys: Capture) -> None:
    made.put("fal-ai/b", "{")
    done = run_cli(made, capsys, "list", "--json")
    assert done.code == 4
    assert [row["id"] for row in json.loads(done.out)["endpoints"]] == ["fal-ai/a"]
    assert done.err.startswith("specs/fal-ai/b.json:")


@pytest.mark.parametrize("arguments", [[], *[[command] for command in COMMANDS]])
def test_help(arguments: list[str], project: Project, capsys: Capture) -> None:
    done = run_cli(project, capsys, *arguments, "--help")
    assert done.code == 0
    assert "Usage: " in done.out
    words = {"regenerate": ["--check", "--force"], "list": ["--json"]}.get(
        arguments[0] if arguments else "", ["--project", *COMMANDS]
    )
    assert all(word in done.out for word in words)


@pytest.mark.parametrize(
    "arguments", [["regenerat"], ["regenerate", "--chek"], ["regenerate", "x"], ["list", "--check"]]
)
def test_wrong_usage(arguments: list[str], made: Project, capsys: Capture) -> None:
    before = made.tree()
    done = run_cli(made, capsys, *arguments)
    assert done.code == 2
    assert done.err
    assert made.tree() == before


def test_another_project_and_another_working_folder(made: Project, tmp_path: Path) -> None:
    done = spawn(["-m", "generator", "--project", str(made.root), "regenerate", "--check"], cwd=tmp_path)
    assert (done.code, done.out) == (0, "")
    done = spawn(["-m", "generator", "--project", "project", "list", "--json"], cwd=tmp_path)
    assert [row["id"] for row in json.loads(done.out)["endpoints"]] == ["fal-ai/a", "fal-ai/b"]


def test_ctrl_c(made: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("generator.pipeline.run", interrupted)
    done = run_cli(made, capsys, "regenerate")
    assert done.code == 130
    assert "Traceback" not in done.err


def test_a_defect_is_no_drift(made: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch) -> None:
    def defective(*_: object, **__: object) -> None:
        raise RuntimeError("[so] it is")

    monkeypatch.setattr("generator.pipeline.run", defective)
    done = run_cli(made, capsys, "regenerate", "--check")
    assert done.code == 4
    assert "RuntimeError: [so] it is\nThis is a defect of the generator: please report it.\n" in done.err


@pytest.mark.pinned
def test_the_repository_itself_is_not_drifted_from_its_specs(pinned: Project) -> None:
    """What is kept under generated/ is what specs/ give; `make drift` says where it is not."""
    from support import REPOSITORY

    kept = REPOSITORY / "generated" / "fal_typed"
    made = pinned.output / "pinned_typed"
    for path in sorted(made.rglob("*.py")):
        if "_runtime" in path.parts or "__pycache__" in path.parts:
            continue
        text = (
            path.read_text(encoding="utf-8").replace("pinned_typed", "fal_typed").replace("pinned-typed", "fal-typed")
        )
        assert (kept / path.relative_to(made)).read_text(encoding="utf-8") == text


def test_the_runtime_is_copied_byte_for_byte(pinned: Project) -> None:
    from support import REPOSITORY

    emitted, written = pinned.output / "pinned_typed" / "_runtime", REPOSITORY / "templates" / "runtime"
    runtime = {p.relative_to(written): p.read_bytes() for p in written.rglob("*.py")}
    copied = {p.relative_to(emitted): p.read_bytes() for p in emitted.rglob("*.py")}
    assert copied == runtime
