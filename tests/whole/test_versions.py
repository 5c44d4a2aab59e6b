"""The versions that the two packages say they take: they are what is tested, here and in CI, by `.ci/versions`."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from support import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

CI = yaml.safe_load((REPOSITORY / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
# Enough of the client's tests to use each package that it names, its extras too.
SOME = ["tests/runtime/inputs", "tests/runtime/outputs", "tests/runtime/webhooks", "tests/runtime/proxy"]
SOME += ["tests/protocol/test_beside_fal_client.py", "tests/protocol/test_time_limits.py"]


def project(folder: str) -> dict[str, Any]:
    text = (REPOSITORY / folder / "pyproject.toml").read_text(encoding="utf-8")
    found: dict[str, Any] = tomllib.loads(text)["project"]
    return found


def requirements(folder: str) -> list[Requirement]:
    """What a package names; of the client its extras too."""
    about = project(folder)
    extras = about["optional-dependencies"].values() if folder == "generated" else []
    return [Requirement(text) for text in (*about["dependencies"], *(one for extra in extras for one in extra))]


def versions(*arguments: str, into: Path) -> dict[str, str]:
    """Run `.ci/versions`, which must succeed; what is installed in the environment that it made."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "VIRTUAL_ENV"))}
    command = [sys.executable, str(REPOSITORY / ".ci" / "versions"), *arguments, "--into", str(into)]
    done = subprocess.run(command, cwd=REPOSITORY, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    python = into / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    listing = [sys.executable, "-m", "uv", "pip", "list", "--quiet", "--format", "json", "--python", str(python)]
    listed = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    return {one["name"]: one["version"] for one in json.loads(listed)}


def least(wanted: list[Requirement]) -> dict[str, str]:
    """The versions that some requirements name as the least, or as the only ones."""
    return {
        canonicalize_name(one.name): each.version
        for one in wanted
        for each in one.specifier
        if each.operator in (">=", "==")
    }


def same(version: str, other: str) -> bool:
    return re.sub(r"(\.0)+$", "", version) == re.sub(r"(\.0)+$", "", other)


@pytest.mark.slow
@pytest.mark.parametrize("which", ["lowest", "newest"])
def test_the_client(which: str, tmp_path: Path) -> None:
    pytest_options = ["-q", "-n", "2", "-p", "no:cacheprovider", f"--basetemp={tmp_path / 'base'}"]
    there = versions("client", "--versions", which, *pytest_options, *SOME, into=tmp_path / "environment")
    named = least(requirements("generated"))
    assert len(named) > 10
    if which == "lowest":
        assert {name: there[name] for name, version in named.items() if not same(there[name], version)} == {}


@pytest.mark.slow
@pytest.mark.parametrize("which", ["lowest", "newest"])
def test_the_generator_gives_the_same_bytes(which: str, tmp_path: Path) -> None:
    there = versions("generator", "--versions", which, into=tmp_path / "environment")
    if which == "lowest":
        named = least(requirements("."))
        assert {name: there[name] for name, version in named.items() if not same(there[name], version)} == {}


@pytest.mark.parametrize("folder", [".", "generated"])
def test_what_is_said_of_python_is_what_ci_runs(folder: str) -> None:
    about = project(folder)
    said = [line.rpartition(" ")[2] for line in about["classifiers"] if re.search(r":: 3\.\d+$", line)]
    assert said == CI["jobs"]["check"]["strategy"]["matrix"]["python"]
    assert about["requires-python"] == f">={said[0]}"
    assert CI["jobs"]["client"]["strategy"]["matrix"] == {
        "os": ["macos-15", "windows-2025"],
        "python": [said[0], said[-1]],
    }
    tried = {(each["versions"], each["python"]) for each in CI["jobs"]["versions"]["strategy"]["matrix"]["include"]}
    assert tried == {("lowest", said[0]), ("early", said[-1])}


def test_the_least_that_the_tests_take_is_the_least_of_the_client() -> None:
    """So that what is named twice cannot drift apart."""
    of_tests = least([Requirement(text) for text in project(".")["optional-dependencies"]["dev"]])
    of_client = least(requirements("generated"))
    named_twice = of_tests.keys() & of_client.keys()
    assert {"cryptography", "django", "fastapi", "flask", "httpx-sse", "sniffio", "starlette"} <= named_twice
    assert {name: of_tests[name] for name in named_twice} == {name: of_client[name] for name in named_twice}
