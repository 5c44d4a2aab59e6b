"""What other repositories paste to have their vendored client checked: the pre-commit hook, and the workflow."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from support import REPOSITORY, Done, Project, run_cli

if TYPE_CHECKING:
    from pathlib import Path

SCHNELL = "fal-ai/flux-1/schnell"
# What pip needs to build the generator from a checkout, and what pre-commit reads.
CHECKOUT = ["pyproject.toml", "README.md", "LICENSE", ".gitignore", ".pre-commit-hooks.yaml", "generator", "templates"]
CONFIG = """\
repos:
  - repo: {repository}
    rev: {commit}
    hooks:
      - id: fal-typed-check
"""
WORKFLOW: dict[Any, Any] = yaml.safe_load(
    (REPOSITORY / ".github" / "workflows" / "check-vendored.yml").read_text(encoding="utf-8")
)
CALL: dict[str, Any] = WORKFLOW[True]["workflow_call"]  # YAML takes `on` for a truth


def run(*command: str | Path, cwd: Path, **more: str) -> Done:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    return Done(done.returncode, done.stdout, done.stderr)


def commit(folder: Path) -> str:
    """A repository of a folder, with one commit."""
    git = ["git", "-c", "user.name=it", "-c", "user.email=it@example.com"]
    for command in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message", "As it is"]):
        done = run(*git, *command, cwd=folder)
        assert done.code == 0, done.err
    return run("git", "rev-parse", "HEAD", cwd=folder).out.strip()


@pytest.fixture
def shop(project: Project, capsys: pytest.CaptureFixture[str]) -> Project:
    """A repository that keeps a client of one endpoint, which is in step."""
    text = f'[tool.fal-typed]\npackage = "shop_fal"\noutput = "src"\nlayout = "package"\nendpoints = ["{SCHNELL}"]\n'
    (project.root / "pyproject.toml").write_text(text, encoding="utf-8")
    specs = REPOSITORY / "specs" / f"{SCHNELL}.json"
    assert run_cli(project, capsys, "add", SCHNELL, "--from", str(specs)).code == 0
    assert run_cli(project, capsys, "regenerate").code == 0
    return project


def edit(shop: Project) -> None:
    with (shop.root / "src" / "shop_fal" / "endpoints" / "flux_1" / "schnell.py").open("a", encoding="utf-8") as file:
        file.write("# by hand\n")


@pytest.mark.slow
def test_the_hook(shop: Project, tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    checkout.mkdir()
    for name in CHECKOUT:
        copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy
        copy(REPOSITORY / name, checkout / name)
    config = CONFIG.format(repository=checkout, commit=commit(checkout))
    (shop.root / ".pre-commit-config.yaml").write_text(config, encoding="utf-8")
    commit(shop.root)
    hooks = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    home = {"PRE_COMMIT_HOME": str(tmp_path / "home"), "PRE_COMMIT_COLOR": "never"}
    done = run(*hooks, cwd=shop.root, **home)
    assert (done.code, done.out.count("Passed")) == (0, 1), done.out + done.err
    edit(shop)
    done = run(*hooks, cwd=shop.root, **home)
    assert done.code == 1
    assert "-# by hand\n" in done.out
    # What is removed is in no list of changed files.
    run("git", "checkout", "--quiet", ".", cwd=shop.root)
    run("git", "rm", "--quiet", "src/shop_fal/py.typed", cwd=shop.root)
    done = run(*hooks[:-1], cwd=shop.root, **home)
    assert (done.code, "src/shop_fal/py.typed" in done.out) == (1, True), done.out


# --- the workflow ----------------------------------------------------------------------------------------------------


def steps() -> list[dict[str, Any]]:
    (job,) = WORKFLOW["jobs"].values()
    return [step for step in job["steps"] if "run" in step]


def run_steps(folder: Path, temporary: Path, given: dict[str, str]) -> list[Done]:
    """What a runner does in somebody's checkout: each step in bash, with its variables filled in."""
    values = {name: given.get(name, about.get("default")) for name, about in CALL["inputs"].items()}
    ended: list[Done] = []
    for step in steps():
        more = {"RUNNER_TEMP": str(temporary)}
        for name, text in step.get("env", {}).items():
            more[name] = str(values[text.removeprefix("${{ inputs.").removesuffix(" }}")])
        ended.append(run("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"], cwd=folder, **more))
    return ended


def test_the_workflow_takes_no_generator_that_a_stranger_could_give() -> None:
    assert CALL["inputs"]["generator"]["required"] is True
    assert "default" not in CALL["inputs"]["generator"]
    assert WORKFLOW["jobs"]["check"]["permissions"] == {"contents": "read"}
    # What callers write comes by variables: in the text of a command it could be another command.
    assert [step["run"] for step in steps() if "${{" in step["run"]] == []


@pytest.mark.slow
def test_the_workflow(shop: Project, dist: Path, tmp_path: Path) -> None:
    (wheel,) = dist.glob("fal_typed_generator-*.whl")
    temporary = tmp_path / "runner"
    temporary.mkdir()
    given = {"generator": str(wheel), "project": shop.root.name}
    ended = run_steps(shop.root.parent, temporary, given)
    assert [done.code for done in ended] == [0, 0], ended
    edit(shop)
    ended = run_steps(shop.root.parent, temporary, given)
    assert [done.code for done in ended] == [0, 1]
    assert "-# by hand\n" in ended[1].out
