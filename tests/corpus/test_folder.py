"""`CORPUS`: a run that counts on the real documents fails without them; another says how much it left out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from corpus import folder
from corpus.corpus import REPOSITORY

THIS = Path(__file__).relative_to(REPOSITORY).as_posix()


def run(named: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Pytest over one test of this file, as somebody calls it who set `CORPUS`."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    environment |= {"CORPUS": named, "PY_COLORS": "0", "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)


def test_what_is_expected_and_missing_fails_the_run(tmp_path: Path) -> None:
    (tmp_path / "openapi").mkdir()
    (tmp_path / "endpoint_ids.json").write_text("[]", encoding="utf-8")
    done = run(str(tmp_path), f"{THIS}::test_nothing")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert done.stdout + done.stderr == (
        f"ERROR: CORPUS names {tmp_path}, which lacks openapi/*.json, drift_2026-01-28/*.json, platform_metadata.json, "
        "platform_expansion_failed.json, type_census.json; unset it to run without them\n\n"
    )


def test_an_empty_name_is_none() -> None:
    """GitHub sets a variable that nobody defined to nothing."""
    assert "1 passed" in run("", f"{THIS}::test_nothing").stdout


def test_nothing() -> None:
    """What the runs above run."""


def test_a_run_tells_what_it_left_out() -> None:
    assert folder.told([]) == ""
    assert folder.told(["('a.py', 3, 'Skipped: no Node')"]) == ""
    skipped = f"('a.py', 3, 'Skipped: {folder.WHY_SKIPPED}')"
    assert folder.told([skipped]).startswith("1 test was skipped for want of the real documents;")
    assert folder.told([skipped, "('a.py', 9, 'Skipped: no Node')", skipped]).startswith("2 tests were skipped for")
