"""The workflows call commands, and the commands run here: what the nightly job and the publishing job do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from catalog_server import CatalogServer, example_documents, faults
from support import REPOSITORY, Done
from support.fetching import files

from generator.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

    from fal_server import Reply

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
SCHNELL = "fal-ai/flux-1/schnell"
# Enough of the tests for a verdict: what is emitted, which is our code's doing, and one bound of fal's, which is not.
TESTS = [
    "tests/conftest.py", "tests/support", "tests/cases/awkward.json", "tests/whole/test_drift.py",
    "tests/whole/test_snapshots.py", "tests/whole/__snapshots__",
]  # fmt: skip
PYTHON = """#!/bin/sh
exec {python} "$@"
"""
GH = """#!/bin/sh
echo "$@" >> "$CALLS"
case "$*" in *"pr list"*) printf %s "$OPEN" ;; esac
"""


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=[path.name for path in WORKFLOWS])
def test_actions_are_pinned_and_nothing_is_permitted_by_default(workflow: Path) -> None:
    text = workflow.read_text(encoding="utf-8")
    uses = [line.strip().removeprefix("- ") for line in text.splitlines() if "uses:" in line]
    assert uses
    assert [line for line in uses if not PINNED.fullmatch(line)] == []
    assert "\npermissions: {}\n" in text
    assert "secrets." not in text


def test_one_action_is_one_version_everywhere() -> None:
    pins = {line for path in WORKFLOWS for line in re.findall(r"uses: (\S+@\S+)", path.read_text(encoding="utf-8"))}
    assert len(pins) == len({pin.split("@")[0] for pin in pins})


def test_what_the_workflows_call_is_there() -> None:
    targets = re.findall(r"^([a-z]+):", (REPOSITORY / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for path in WORKFLOWS:
        text = path.read_text(encoding="utf-8")
        for script in re.findall(r"run: (?:python )?(\.ci/[\w-]+)", text):
            assert os.access(REPOSITORY / script, os.X_OK), script
        for called in re.findall(r"run: make ([a-z ]+)", text):
            assert set(called.split()) <= set(targets), called


# --- the nightly job -------------------------------------------------------------------------------------------------


def run(command: list[str], cwd: Path, **more: str) -> Done:
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **more}, capture_output=True, text=True, check=False, timeout=600
    )
    return Done(done.returncode, done.stdout, done.stderr)


def git(repository: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=it", "-c", "user.email=it@example.com")
    done = run(["git", *identity, *arguments], repository)
    assert done.code == 0, done.err
    return done.out


@pytest.fixture
def checkout(tmp_path: Path, catalog: CatalogServer) -> Path:
    """This repository's specs and output in a repository of their own, and a fal that has just these documents."""
    folder = tmp_path / "checkout"
    shutil.copytree(REPOSITORY / "specs", folder / "specs")
    shutil.copytree(REPOSITORY / "generated", folder / "generated", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / ".ci", folder / ".ci")
    shutil.copytree(REPOSITORY / "generator", folder / "generator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "templates", folder / "templates", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("Makefile", "pyproject.toml", ".gitignore", *TESTS):
        copy = shutil.copytree if (REPOSITORY / name).is_dir() else shutil.copy
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        copy(REPOSITORY / name, folder / name)
    tool = folder / ".venv" / "bin" / "python"
    tool.parent.mkdir(parents=True)
    tool.write_text(PYTHON.format(python=sys.executable), encoding="utf-8")
    tool.chmod(0o755)
    (folder / ".venv" / ".ready").touch()
    git(folder, "init", "--quiet", "--initial-branch", "main")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "As it was")
    catalog.have(example_documents())
    return folder


def refresh(checkout: Path) -> Done:
    return run([".ci/refresh", str(checkout.parent / "proposal")], checkout)


def judge(checkout: Path) -> Done:
    return run([".ci/judge", str(checkout.parent / "proposal")], checkout)


@pytest.mark.slow
def test_a_night_in_which_nothing_changed(checkout: Path) -> None:
    done = refresh(checkout)
    assert (done.code, done.out) == (0, "changed=false\n"), done.err
    assert git(checkout, "status", "--porcelain") == ""


def change(catalog: CatalogServer) -> None:
    steps = catalog.models[SCHNELL].document["components"]["schemas"]["Flux1SchnellInput"]["properties"]
    assert steps["num_inference_steps"]["maximum"] != 99
    steps["num_inference_steps"]["maximum"] = 99
    catalog.models["fal-ai/pixart-sigma"].document = faults.EXPANSION_FAILED


@pytest.mark.slow
def test_a_night_in_which_something_changed(checkout: Path, catalog: CatalogServer, tmp_path: Path) -> None:
    change(catalog)
    done = refresh(checkout)
    assert (done.code, done.out) == (0, "changed=true\n"), done.err
    proposal = tmp_path / "proposal"
    body = (proposal / "body.md").read_text(encoding="utf-8")
    assert SCHNELL in body
    assert "num_inference_steps" in body
    assert "failed    fal-ai/pixart-sigma: fal could not make its document" in body
    wanted = {name: text for name, text in files(checkout).items() if name.startswith(("specs/", "generated/"))}
    assert b"le=99" in wanted["generated/fal_typed/endpoints/flux_1/schnell.py"]
    assert b"num_inference_steps" in wanted["generated/CHANGELOG.md"]
    assert b'__version__ = "0.2.0"' in wanted["generated/fal_typed/__init__.py"]

    # The verdict: our code works, and what tests know of fal's documents is told apart.
    judged = judge(checkout)
    assert judged.code == 0, judged.out
    body = (proposal / "body.md").read_text(encoding="utf-8")
    assert "tests/whole/test_drift.py::test_one_fact" in body.partition("## Tests that know what fal said before")[2]
    assert {name: text for name, text in files(checkout).items() if name in wanted} == wanted

    # The other job has only the patch and the text, and a fresh checkout.
    origin, fresh, calls = tmp_path / "origin.git", tmp_path / "fresh", tmp_path / "calls"
    git(checkout, "stash", "--quiet")
    git(tmp_path, "clone", "--quiet", "--bare", str(checkout), str(origin))
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "gh").write_text(GH, encoding="utf-8")
    (tools / "gh").chmod(0o755)
    more = {"PATH": f"{tools}:{os.environ['PATH']}", "CALLS": str(calls)}
    for result, is_open in (("success", ""), ("failure", "7")):
        git(tmp_path, "clone", "--quiet", str(origin), str(fresh))
        done = run([".ci/propose", str(proposal), result], fresh, OPEN=is_open, **more)
        assert done.code == 0, done.err
        shutil.rmtree(fresh)
    git(tmp_path, "clone", "--quiet", "--branch", "fal/refresh", str(origin), str(fresh))
    made = {name: text for name, text in files(fresh).items() if name.startswith(("specs/", "generated/"))}
    assert made == wanted
    text = calls.read_text(encoding="utf-8")
    assert f"pr create --head fal/refresh --title Follow what fal changed --body-file {proposal}/body.md\n" in text
    assert "pr edit fal/refresh --title Follow what fal changed (the tests fail) --body-file" in text


@pytest.mark.slow
def test_a_night_in_which_our_code_is_broken(checkout: Path, catalog: CatalogServer) -> None:
    """That is no fact of fal's: it is the verdict, and so the title of the pull request."""
    change(catalog)
    template = checkout / "templates" / "endpoint.py.jinja"
    text = template.read_text(encoding="utf-8")
    assert "Call the model directly" in text
    template.write_text(text.replace("Call the model directly", "Call it"), encoding="utf-8")
    assert refresh(checkout).code == 0
    judged = judge(checkout)
    assert judged.code == 1
    assert "FAILED tests/whole/test_snapshots.py::test_awkward" in judged.out


@pytest.mark.slow
@pytest.mark.parametrize(("reply", "code"), [(faults.NOT_FOUND_PAGE, 3), (faults.UNAUTHORIZED, 0)])
def test_a_night_without_documents(reply: Reply, code: int, checkout: Path, catalog: CatalogServer) -> None:
    """Nothing is proposed; that fal was not there at all fails the job, so that somebody is told."""
    catalog.platform_always = reply
    for model in catalog.models.values():
        model.always = reply
    done = refresh(checkout)
    assert (done.code, done.out) == (code, "changed=false\n")
    assert done.err.count("failed    ") == 13


@pytest.mark.slow
def test_a_night_with_a_wrong_setting(checkout: Path) -> None:
    (checkout / "specs" / "endpoints.toml").write_text("[", encoding="utf-8")
    done = refresh(checkout)
    assert (done.code, done.out) == (2, "")


@pytest.mark.parametrize(("tag", "code"), [("", 0), ("x", 1)])
def test_a_tag_must_be_the_version(tag: str, code: int) -> None:
    text = (REPOSITORY / "generated" / "pyproject.toml").read_text(encoding="utf-8")
    version = re.search(r'^version = "(.*)"$', text, re.MULTILINE)
    assert version is not None
    done = run([".ci/is-version", f"v{version[1]}{tag}"], REPOSITORY)
    assert done.code == code
    assert ("`release` and `regenerate` first" in done.err) == bool(code)


@pytest.mark.parametrize(("tag", "code"), [("", 0), (".1", 1)])
def test_a_tag_of_the_generator_must_be_its_version(tag: str, code: int) -> None:
    done = run([".ci/is-version", f"generator-v{VERSION}{tag}"], REPOSITORY)
    assert (done.code, "raise it there" in done.err) == (code, bool(code))
