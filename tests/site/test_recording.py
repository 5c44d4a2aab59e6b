"""What benchmarks find is kept when they pass, in place of what they found before, and all else stays as it is."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BENCHMARKS = Path(__file__).resolve().parents[1] / "benchmarks"
ROOT = BENCHMARKS.parents[1]

pytestmark = pytest.mark.slow
TESTS = """
import pytest

def measured(recorder, value):
    values = {"fal-typed": [value, 3 * value], "fal-client": [4, 4]}
    recorder.figure("it", topic="Start", unit="ms", values=values, paired=True)

def test_one(recorder):
    measured(recorder, 1)

@pytest.mark.parametrize("word", ["a", "b"])
def test_two(recorder, word):
    measured(recorder, 2)

def test_that_fails(recorder):
    measured(recorder, 1)
    assert False
"""


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Benchmarks of our own, recorded as the others are."""
    folder = tmp_path / "tests" / "benchmarks"
    folder.mkdir(parents=True)
    for name in ("conftest.py", "recorder.py"):
        shutil.copy(BENCHMARKS / name, folder)
    (tmp_path / "pytest.ini").write_text("[pytest]\n")
    (folder / "test_it.py").write_text(TESTS)
    return folder


def bench(place: Path, *arguments: str) -> dict[str, dict[str, object]]:
    """Run them, and read what is kept, by test."""
    environment = {**os.environ, "PYTHONPATH": f"{ROOT}:{ROOT / 'generated'}"}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *(arguments or ["tests/benchmarks"])]
    done = subprocess.run(command, cwd=place.parents[1], env=environment, capture_output=True, text=True, check=False)
    assert "passed" in done.stdout, done.stdout + done.stderr
    kept = json.loads((place / "comparison.json").read_text())
    assert [*place.glob("*.new")] == []
    assert [run["test"] for run in kept["runs"]] == sorted(run["test"] for run in kept["runs"])
    return {run["test"].rpartition("::")[2]: run for run in kept["runs"]}


def test_what_passed_is_kept_with_what_it_takes_to_run_it_again(place: Path) -> None:
    kept = bench(place)
    assert kept.keys() == {"test_one", "test_two[a]", "test_two[b]"}
    run = kept["test_two[a]"]
    assert run["command"] == ".venv/bin/python -m pytest -m bench -s tests/benchmarks/test_it.py::test_two"
    assert run["versions"] == {"fal-client": "1.0.3", "fal-typed": "0.1.0"}
    (figure,) = run["figures"]  # type: ignore[misc]
    assert figure["values"][0] == {"who": "fal-typed", "value": 4, "least": 2, "most": 6}
    assert figure["ratios"] == [{"by": "fal-client", "median": 1, "least": 0.5, "most": 1.5}]
    machine = run["machine"]
    assert isinstance(machine, dict)
    assert machine.keys() == {"processors", "python", "system"}


def test_one_that_is_run_alone_changes_its_own(place: Path) -> None:
    before = bench(place)
    test = place / "test_it.py"
    test.write_text(test.read_text().replace("measured(recorder, 1)", "measured(recorder, 10)"))
    after = bench(place, "tests/benchmarks/test_it.py::test_one")
    assert after["test_one"]["figures"] != before["test_one"]["figures"]
    assert {name: run for name, run in after.items() if name != "test_one"} == {
        name: run for name, run in before.items() if name != "test_one"
    }
    assert bench(place, "tests/benchmarks/test_it.py::test_two[a]").keys() == before.keys()
    assert bench(place, "tests/benchmarks", "-k", "one").keys() == before.keys()


def test_one_that_fails_leaves_what_it_had_found(place: Path) -> None:
    before = bench(place)
    test = place / "test_it.py"
    test.write_text(test.read_text().replace("measured(recorder, 2)", "measured(recorder, 9); assert word == 'a'"))
    after = bench(place)
    assert after["test_two[b]"] == before["test_two[b]"]
    assert after["test_two[a]"]["figures"] != before["test_two[a]"]["figures"]


def test_one_that_is_gone_is_left_out(place: Path) -> None:
    bench(place)
    test = place / "test_it.py"
    test.write_text(test.read_text().replace('"b"]', '"c"]').replace("test_one", "test_first"))
    assert bench(place).keys() == {"test_first", "test_two[a]", "test_two[c]"}
    shutil.move(test, place / "test_other.py")
    assert bench(place).keys() == {"test_first", "test_two[a]", "test_two[c]"}
    assert "test_it.py" not in (place / "comparison.json").read_text()
