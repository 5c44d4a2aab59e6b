"""A service that calls fal, with the tests of its developers: in `sample/`, run as they would run them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support import REPOSITORY

SAMPLE = Path(__file__).with_name("sample")
# What would be collected among our own tests has another name there.
NAMES = {
    "postcards.py": "postcards.py",
    "of_postcards.py": "test_postcards.py",
    "by_unittest.py": "test_by_unittest.py",
}
PLUGIN = ["-p", "fal_typed.pytest_plugin"]  # which pytest finds by itself where the package is installed


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    """A copy of it."""
    for name, called in NAMES.items():
        shutil.copy(SAMPLE / name, tmp_path / called)
    return tmp_path


def run(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A module of Python as a program, without a key."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("FAL_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", *arguments],
        cwd=folder,
        env={**kept, "PYTHONPATH": str(REPOSITORY / "generated")},
        capture_output=True,
        text=True,
        check=False,
        timeout=150,
    )


@pytest.mark.parametrize("workers", [[], pytest.param(["-n", "4"], marks=pytest.mark.slow)], ids=["one", "four"])
def test_its_tests_pass(sample: Path, workers: list[str]) -> None:
    done = run(sample, "pytest", "-q", "-p", "no:cacheprovider", *PLUGIN, *workers)
    assert done.returncode == 0, done.stdout
    assert "6 passed" in done.stdout


def test_they_pass_under_unittest(sample: Path) -> None:
    done = run(sample, "unittest", "test_by_unittest")
    assert done.returncode == 0, done.stderr
    assert "Ran 1 test" in done.stderr


@pytest.mark.slow
def test_a_misspelt_field_fails_at_run_time_and_in_the_type_checker(sample: Path) -> None:
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(REPOSITORY / "generated")]}
    (sample / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    clean = run(sample, "pyright", "--pythonpath", sys.executable)
    assert clean.returncode == 0, clean.stdout
    tests = sample / "test_postcards.py"
    text = tests.read_text(encoding="utf-8")
    assert text.count(".returns(images=") == 1
    tests.write_text(text.replace(".returns(images=", ".returns(imagez="), encoding="utf-8")
    assert 'No parameter named "imagez"' in run(sample, "pyright", "--pythonpath", sys.executable).stdout
    done = run(sample, "pytest", "-q", "-p", "no:cacheprovider", *PLUGIN, "test_postcards.py")
    assert "1 failed, 4 passed" in done.stdout
    assert "imagez: is no field of this output; did you mean 'images'?" in done.stdout
