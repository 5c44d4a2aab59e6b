"""What the publishing job does before it publishes: whose tag it is, and whether what it built works."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest
import yaml
from support import REPOSITORY, Done

if TYPE_CHECKING:
    from pathlib import Path


def run(command: list[str], cwd: Path) -> Done:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False, timeout=600)
    return Done(done.returncode, done.stdout, done.stderr)


def git(repository: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=it", "-c", "user.email=it@example.com")
    done = run(["git", *identity, *arguments], repository)
    assert done.code == 0, done.err


def test_a_tag_must_be_on_main(tmp_path: Path) -> None:
    """As the origin has it: a branch of that name here, or a tag on another branch, publishes nothing."""
    origin, clone = tmp_path / "origin", tmp_path / "clone"
    origin.mkdir()
    shutil.copytree(REPOSITORY / ".ci", origin / ".ci")
    git(origin, "init", "--quiet", "--initial-branch", "main")
    git(origin, "add", "--all")
    git(origin, "commit", "--quiet", "--message", "1")
    git(origin, "tag", "--annotate", "v1", "--message", "1")
    git(origin, "commit", "--quiet", "--allow-empty", "--message", "2")
    git(origin, "switch", "--quiet", "--create", "other")
    git(origin, "commit", "--quiet", "--allow-empty", "--message", "3")
    git(origin, "tag", "v3")
    git(tmp_path, "clone", "--quiet", str(origin), str(clone))
    git(clone, "branch", "--force", "main", "v3")
    assert run([".ci/is-on-main", "v1"], clone).code == 0
    done = run([".ci/is-on-main", "v3"], clone)
    assert (done.code, done.err) == (1, "v3 is not on main: merge it first, and tag what is there then\n")
    assert run([".ci/is-on-main", "v4"], clone).code != 0


@pytest.mark.slow
def test_what_will_be_published_is_tried(dist: Path, tmp_path: Path) -> None:
    done = run([sys.executable, ".ci/try-dists", str(dist)], REPOSITORY)
    assert done.code == 0, done.out + done.err
    assert [line for line in done.out.splitlines() if line.startswith("tried ")] == [
        "tried a call with fal_typed",
        "tried --help",
        "tried what it made",
        "tried a call with shop_fal",
    ]
    # A wheel that lacks a part of itself does not pass.
    broken = shutil.copytree(dist, tmp_path / "broken")
    (wheel,) = broken.glob("fal_typed-*.whl")
    with zipfile.ZipFile(wheel) as whole:
        held = {name: whole.read(name) for name in whole.namelist() if not name.endswith("/errors.py")}
    with zipfile.ZipFile(wheel, "w") as less:
        for name, data in held.items():
            less.writestr(name, data)
    assert (
        "No module named 'fal_typed._runtime.errors'"
        in run([sys.executable, ".ci/try-dists", str(broken)], REPOSITORY).err
    )


def test_only_what_was_tried_is_published_and_each_package_by_its_own_environment() -> None:
    jobs = yaml.safe_load((REPOSITORY / ".github" / "workflows" / "publish.yml").read_text(encoding="utf-8"))["jobs"]
    said = [step["run"] for step in jobs["build"]["steps"] if "run" in step]
    assert said == [
        '.ci/is-on-main "$GITHUB_REF_NAME"',
        '.ci/is-version "$GITHUB_REF_NAME"',
        "make drift test",
        "make dist",
        ".ci/try-dists dist",
    ]
    assert jobs["build"]["steps"][0]["with"]["fetch-depth"] == 0
    publishing = {name: jobs[name] for name in jobs if name != "build"}
    assert {name: job["if"] for name, job in publishing.items()} == {
        "client": "startsWith(github.ref_name, 'v')",
        "generator": "startsWith(github.ref_name, 'generator-v')",
    }
    assert len({job["environment"]["url"] for job in publishing.values()}) == 2
    for name, job in publishing.items():
        assert job["needs"] == "build"
        assert job["steps"][0]["with"]["name"] == name
        assert job["permissions"] == {"id-token": "write"}
