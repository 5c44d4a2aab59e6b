"""The lines that people paste into their CI name what is in this repository, and run what the page says."""

from __future__ import annotations

import shlex
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import yaml

from .collect import REPOSITORY
from .ways import VENDORING, blocks

if TYPE_CHECKING:
    from pathlib import Path

HOOKS = REPOSITORY / ".pre-commit-hooks.yaml"
WORKFLOW = REPOSITORY / ".github" / "workflows" / "check-vendored.yml"
(PRE_COMMIT,) = blocks("pre-commit")
(CALLING,) = blocks("workflow")


def command() -> list[str]:
    """What the page says that CI runs."""
    (typed,) = [block for block in blocks("vendoring") if block.page == VENDORING and block.heading == "In your CI"]
    return shlex.split(typed.code)


def test_the_hook_is_there_and_runs_that() -> None:
    (repo,) = yaml.safe_load(PRE_COMMIT.code)["repos"]
    (used,) = repo["hooks"]
    (hook,) = [one for one in yaml.safe_load(HOOKS.read_text(encoding="utf-8")) if one["id"] == used["id"]]
    assert [hook["entry"], *hook["args"]] == command()
    assert hook["pass_filenames"] is False


def test_the_workflow_is_there_and_takes_what_it_is_given() -> None:
    job: dict[str, Any] = yaml.safe_load(CALLING.code)["jobs"]["fal"]
    path, _, revision = job["uses"].partition("@")
    assert path.endswith(WORKFLOW.relative_to(REPOSITORY).as_posix())
    assert revision
    text = WORKFLOW.read_text(encoding="utf-8")
    inputs = yaml.safe_load(text)[True]["workflow_call"]["inputs"]  # YAML takes `on` for True
    assert {name for name, one in inputs.items() if one.get("required")} <= job["with"].keys() <= inputs.keys()
    assert " ".join(command()[1:]) in text


def test_github_would_take_it(tmp_path: Path) -> None:
    path = tmp_path / "fal.yml"
    text = CALLING.code.replace("<owner/name of this repository>", "us/it")
    path.write_text(f"on: push\n{text}", encoding="utf-8")
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", str(path)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
