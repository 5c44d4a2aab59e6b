"""The workflows call commands, and the commands run here: what publishing does (test_nights: the nightly job)."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import pytest
from support import REPOSITORY
from support.nights import run

from generator.version import VERSION

if TYPE_CHECKING:
    from pathlib import Path

WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


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
