"""What a type checker says of calls to the pinned endpoints: nothing of good ones, something of every bad one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

from .catalog import PINNED, ROOT
from .static_calls import write_project

pytestmark = pytest.mark.slow
Lines = dict[str, set[int]]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("static")


@pytest.fixture(scope="module")
def expected(project: Path) -> Lines:
    """The lines with a bad call, by file."""
    lines = write_project(project, PINNED)
    assert len(lines) == 13
    assert all(len(each) >= 25 for each in lines.values())
    return lines


def run(*command: str, folder: Path) -> str:
    environment = {**os.environ, "MYPYPATH": str(ROOT / "generated")}
    ran = subprocess.run([sys.executable, "-m", *command], cwd=folder, env=environment, capture_output=True, text=True)
    assert ran.returncode == 1, ran.stdout + ran.stderr
    return ran.stdout


def check(project: Path, expected: Lines, reported: dict[str, dict[int, str]]) -> None:
    """Compare what was reported with what was expected, and show the lines that differ."""
    wrong: list[str] = []
    for name, bad_lines in expected.items():
        text = (project / name).read_text(encoding="utf-8").splitlines()
        wrong += [f"{name}:{number} not reported: {text[number - 1]}" for number in bad_lines - set(reported[name])]
        wrong += [
            f"{name}:{number} {message}: {text[number - 1]}"
            for number, message in reported[name].items()
            if number not in bad_lines
        ]
    assert not wrong, "\n".join(wrong)
    assert set(reported) == set(expected)


def test_pyright(project: Path, expected: Lines) -> None:
    settings = {"extraPaths": [str(ROOT / "generated")], "typeCheckingMode": "strict", "pythonVersion": "3.11"}
    (project / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    output = json.loads(run("pyright", "--outputjson", "--pythonpath", sys.executable, folder=project))
    reported: dict[str, dict[int, str]] = defaultdict(dict)
    for found in output["generalDiagnostics"]:
        reported[Path(found["file"]).name][found["range"]["start"]["line"] + 1] = found["message"]
    check(project, expected, reported)


def test_mypy(project: Path, expected: Lines) -> None:
    output = run("mypy", "--strict", "--no-error-summary", "--hide-error-context", *expected, folder=project)
    reported: dict[str, dict[int, str]] = defaultdict(dict)
    for line in output.splitlines():
        if match := re.fullmatch(r"(.+?):(\d+): error: (.*)", line):
            reported[Path(match[1]).name][int(match[2])] = match[3]
    check(project, expected, reported)
