"""Nothing is written outside the output folder, whatever links stand in it, and nothing outside specs/ is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support import INTEGER, Project, obj, run_cli

from generator.write.manifest import STAGING

if TYPE_CHECKING:
    from pathlib import Path

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def made(project: Project) -> Project:
    project.add("fal-ai/a")
    project.regenerate()
    project.add("fal-ai/a", input=obj({"steps": INTEGER}))
    return project


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("force", [(), ("--force",)])
@pytest.mark.parametrize(
    "link", ["fal_typed", "fal_typed/endpoints", "fal_typed/endpoints/a.py", "manifest.json", STAGING]
)
def test_nothing_is_written_through_a_link(
    link: str, force: tuple[str, ...], made: Project, outside: Path, capsys: Capture
) -> None:
    place, target = made.output / link, outside / "target"
    if place.exists():
        place.rename(target)
    else:
        target.mkdir()
    place.symlink_to(target)
    lock = (made.specs / "types.lock").read_bytes()
    before = {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()}
    done = run_cli(made, capsys, "regenerate", *force)
    assert done.code == 2
    assert done.err.startswith(f"error: generated/{link}: this is a link, and nothing is written through links; ")
    assert {path: path.read_bytes() for path in outside.rglob("*") if path.is_file()} == before
    assert (made.specs / "types.lock").read_bytes() == lock
    assert place.is_symlink()


def test_links_beside_what_is_written_are_replaced_not_followed(made: Project, outside: Path) -> None:
    victim = outside / "victim"
    victim.write_text("mine\n", encoding="utf-8")
    made.add("fal-ai/b")
    (made.specs / "types.lock").unlink()
    (made.specs / "types.lock").symlink_to(victim)
    (made.specs / "types.lock.new").symlink_to(victim)
    (made.specs / "types.lock").unlink()
    made.regenerate()
    assert victim.read_text(encoding="utf-8") == "mine\n"
    assert (made.specs / "types.lock").is_file()


def test_a_cache_folder_that_is_a_link_is_not_used(made: Project, outside: Path, capsys: Capture) -> None:
    (made.root / ".fal-typed-cache").rename(outside / "old")
    (made.root / ".fal-typed-cache").symlink_to(outside)
    assert run_cli(made, capsys, "regenerate").code == 0
    assert [path.name for path in outside.iterdir()] == ["old"]


def test_an_output_folder_that_is_a_link_is_what_the_settings_name(
    project: Project, outside: Path, capsys: Capture
) -> None:
    project.add("fal-ai/a")
    project.output.symlink_to(outside)
    assert run_cli(project, capsys, "regenerate").code == 0
    assert (outside / "fal_typed/endpoints/a.py").is_file()


@pytest.mark.parametrize("whole_folder", [False, True])
def test_a_document_outside_specs_is_not_read(
    whole_folder: bool, made: Project, outside: Path, capsys: Capture
) -> None:
    (outside / "b.json").write_text("x9secret", encoding="utf-8")
    if whole_folder:
        (made.specs / "owner").symlink_to(outside)
    else:
        made.path("fal-ai/b").symlink_to(outside / "b.json")
    done = run_cli(made, capsys, "regenerate")
    assert "x9secret" not in done.err + "".join(made.tree().values())
    # pathlib looks into folders behind links in some versions and not in others; a file is always met.
    assert "[link-out]" in done.err or whole_folder


def test_a_link_within_specs_is_a_document(made: Project, capsys: Capture) -> None:
    made.path("fal-ai/b").symlink_to(made.path("fal-ai/a"))
    assert run_cli(made, capsys, "regenerate").code == 0
    assert "fal_typed/endpoints/b.py" in made.tree()
