"""A folder that is read-only: one line that names it and what to do, nothing half done, and the next run completes."""

from __future__ import annotations

import ctypes
import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from support import INTEGER, REPOSITORY, STRING, Done, Project, obj, ref, run_cli

from generator import pipeline
from generator.project.cache import FOLDER as CACHE
from generator.write.manifest import STAGING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Capture = pytest.CaptureFixture[str]
# prctl's PR_CAPBSET_DROP, and the privileges by which root may write and read where nobody may.
DROP, MAY_DO_ANYTHING = 24, (1, 2)


def as_others_are(command: list[str], cwd: Path) -> Done:
    """Run the command line in a process to which the modes of files apply, also where this one is root's."""

    def give_up() -> None:
        if os.geteuid() == 0 and any(ctypes.CDLL(None).prctl(DROP, one, 0, 0, 0) for one in MAY_DO_ANYTHING):
            os._exit(77)

    done = subprocess.run(
        [sys.executable, "-m", "generator", *command],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), "NO_COLOR": "1"},
        capture_output=True, text=True, check=False, timeout=240,
        preexec_fn=give_up,
    )  # fmt: skip
    if done.returncode == 77:
        pytest.skip("root may write anywhere, and may not give that up here")
    return Done(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def to_change(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project in which a module, a shared type, the tables and types.lock are to change, and a warm cache."""
    project = Project(tmp_path_factory.mktemp("to-change") / "project")
    size = {"Size": obj({"w": INTEGER})}
    project.add("fal-ai/a", input=obj({"size": ref("Size")}), components=size)
    project.add("fal-ai/old/one")
    project.regenerate()
    project.path("fal-ai/old/one").unlink()
    project.add("fal-ai/b", input=obj({"kind": ref("Kind")}), components={"Kind": obj({"k": STRING})})
    project.add("fal-ai/a", input=obj({"size": ref("Size"), "more": STRING}), components=size)
    ahead = project.copied(tmp_path_factory.mktemp("ahead") / "project")
    ahead.regenerate()
    shutil.copytree(ahead.root / CACHE, project.root / CACHE, dirs_exist_ok=True)
    return project


@pytest.fixture
def made(to_change: Project, tmp_path: Path) -> Project:
    """A copy of that project: what the run would render is in its cache, so the run is short."""
    return to_change.copied(tmp_path / "project")


FOLDERS = ["generated", "generated/fal_typed", "generated/fal_typed/endpoints", "generated/fal_typed/endpoints/old",
           "generated/fal_typed/params", "specs"]  # fmt: skip


@pytest.mark.sampled(5)
@pytest.mark.skipif(sys.platform == "win32", reason="a folder's mode says nothing there")
@pytest.mark.parametrize("name", FOLDERS)
def test_a_read_only_folder_is_named_and_nothing_is_written(name: str, made: Project, capsys: Capture) -> None:
    before, lock = made.tree(), (made.specs / "types.lock").read_bytes()
    folder = made.root / name
    folder.chmod(0o555)
    try:
        done = as_others_are(["regenerate"], made.root)
        assert (done.code, done.out) == (2, "")
        assert done.err == (
            f"error: {name}: this folder is read-only for this user, and nothing was written; allow writing to it "
            "(its mode, its owner, or the mount), and run again\n"
        )
        assert made.tree() == before
        assert (made.specs / "types.lock").read_bytes() == lock
        assert sorted(path.name for path in made.specs.iterdir()) == ["fal-ai", "types.lock"]
    finally:
        folder.chmod(0o755)
    assert run_cli(made, capsys, "regenerate").code == 0
    assert "fal_typed/endpoints/b.py" in made.tree()
    assert "fal_typed/endpoints/old/one.py" not in made.tree()
    assert run_cli(made, capsys, "regenerate", "--check").code == 0


@pytest.mark.skipif(sys.platform == "win32", reason="a folder's mode says nothing there")
def test_a_read_only_project_has_an_output_that_is_up_to_date(made: Project) -> None:
    """Nothing is to be written but what makes the next run faster, and that is no reason to fail."""
    made.regenerate()
    for folder in (made.root, made.specs, made.output):
        folder.chmod(0o555)
    try:
        assert as_others_are(["regenerate"], made.root).code == 0
        assert as_others_are(["regenerate", "--check"], made.root).code == 0
    finally:
        for folder in (made.root, made.specs, made.output):
            folder.chmod(0o755)


def test_a_document_that_this_user_may_not_read(made: Project) -> None:
    path = made.path("fal-ai/b")
    path.chmod(0)
    before = made.tree()
    try:
        done = as_others_are(["regenerate"], made.root)
    finally:
        path.chmod(0o644)
    assert done.code == 2
    assert re.fullmatch(
        r"error: .*/specs/fal-ai/b\.json: Permission denied; let this user read and write .*\n", done.err
    )
    assert made.tree() == before


@pytest.fixture
def frozen(tmp_path: Path) -> Iterator[tuple[Project, list[str]]]:
    """A project whose output is a file system of its own, and the command that mounts it otherwise."""
    project = Project(tmp_path / "project")
    project.add("fal-ai/a")
    project.output.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(project.output)]
    mounted = subprocess.run(mount, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip(f"this user may not mount a tmpfs: {mounted.stderr.decode().strip()}")
    yield project, ["mount", "-o", "remount,ro", str(project.output)]
    subprocess.run(["umount", project.output], check=True)


def test_a_file_system_that_is_mounted_read_only(frozen: tuple[Project, list[str]], capsys: Capture) -> None:
    project, freeze = frozen
    project.regenerate()
    before = project.tree()
    subprocess.run(freeze, check=True)
    project.add("fal-ai/b")
    done = run_cli(project, capsys, "regenerate")
    assert (done.code, done.err[:78]) == (
        2,
        "error: generated: this folder is read-only for this user, and nothing was writ",
    )
    assert project.tree() == before
    subprocess.run([part.replace("ro", "rw") if part == "remount,ro" else part for part in freeze], check=True)
    assert run_cli(project, capsys, "regenerate").code == 0
    assert "fal_typed/endpoints/b.py" in project.tree()


# --- somebody else at the same files ---------------------------------------------------------------------------------


@pytest.mark.sampled(3)
@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("fal_typed/endpoints/a.py", "an_edit_of_somebody = 1\n"),  # is to be replaced
        ("fal_typed/endpoints/a.py", None),
        ("fal_typed/endpoints/b.py", "an_edit_of_somebody = 1\n"),  # is to be made
        ("fal_typed/endpoints/old/one.py", "an_edit_of_somebody = 1\n"),  # is to be removed
        ("manifest.json", "{}\n"),
    ],
)
def test_a_file_that_is_changed_while_a_run_is_at_work_is_kept(
    path: str, what: str | None, force: tuple[str, ...], made: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, file = pipeline.write, made.output / path

    def change_first(*arguments: object) -> None:
        file.unlink() if what is None else file.write_text(what, encoding="utf-8")
        real(*arguments)  # type: ignore[arg-type]

    before = made.tree()
    with monkeypatch.context() as patch:
        patch.setattr(pipeline, "write", change_first)
        done = run_cli(made, capsys, "regenerate", *force)
    assert done.code == 2
    assert done.err.splitlines()[-1] == (
        f"error: generated/{path}: this file was changed while the run was at work; it is left as it is, and nothing "
        "was written; run again"
    )
    after = {name: text for name, text in before.items() if name != path}
    assert made.tree() == after | ({} if what is None else {path: what})
    assert not (made.output / STAGING).exists()
    again = run_cli(made, capsys, "regenerate", "--force")
    assert again.code == 0
    assert run_cli(made, capsys, "regenerate", "--check").code == 0
    assert "an_edit_of_somebody" not in "".join(made.tree().values())


HOLD = "import sys; held = [open(one, 'rb') for one in sys.argv[1:]]; print(len(held), flush=True); sys.stdin.read()"


def test_files_that_another_process_holds_open(made: Project, capsys: Capture) -> None:
    """It reads on what it had; here nothing is in the way."""
    files = [str(path) for path in made.output.rglob("*.*") if path.is_file() and "__pycache__" not in path.parts]
    command = [sys.executable, "-c", HOLD, *files]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == f"{len(files)}\n"
        assert run_cli(made, capsys, "regenerate").code == 0
        assert other.stdin is not None
        other.stdin.close()
    assert "fal_typed/endpoints/b.py" in made.tree()
    assert "fal_typed/endpoints/old/one.py" not in made.tree()
    assert not (made.output / STAGING).exists()


def test_a_file_that_cannot_be_replaced_where_open_files_are_locked(
    made: Project, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Windows does it: the file stays whole, the message says what to do, and the next run completes."""
    from pathlib import Path as AnyPath

    held, rename = made.output / "fal_typed/endpoints/a.py", AnyPath.replace

    def refuse(self: Path, target: Path) -> Path:
        if target == held:
            raise PermissionError(13, "Access is denied", str(self), 5, str(target))
        return rename(self, target)

    old = held.read_bytes()
    with monkeypatch.context() as patch:
        patch.setattr(AnyPath, "replace", refuse)
        done = run_cli(made, capsys, "regenerate")
    assert done.code == 2
    assert done.err.startswith("error: <project>/generated/fal_typed/endpoints/a.py: Access is denied; let this user")
    assert "(or close the program that has it open)" in done.err
    assert held.read_bytes() == old
    assert run_cli(made, capsys, "regenerate").code == 0
    assert run_cli(made, capsys, "regenerate", "--check").code == 0
