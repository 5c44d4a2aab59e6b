"""`.ci/judge` says what ran, and is right: with a Python in place of the real one that ends as it is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from support.nights import Nights, run

if TYPE_CHECKING:
    from pathlib import Path

    from support import Done

# What pytest says of our code and of fal's facts, and how it exits; whether the output has drifted.
PYTHON = """#!/bin/sh
case "$*" in
    *generator*) exit $DRIFT ;;
    *"not pinned"*) printf "$OURS_SAID"; exit $OURS ;;
    *) printf "$PINNED_SAID"; exit $PINNED ;;
esac
"""
FINE = {
    "DRIFT": "0",
    "OURS": "0",
    "OURS_SAID": "....\n===== 12 passed, 3 skipped, 40 deselected in 12.30s (0:00:12) =====\n",
    "PINNED": "5",
    "PINNED_SAID": "===== 52 deselected in 0.1s =====\n",
}
ONE_FAILED = {
    "OURS": "1",
    "OURS_SAID": "FAILED tests/a.py::test_it[x] - assert 0\nERROR tests/b.py\n==== 1 failed, 11 passed in 2.0s ====\n",
}


@pytest.fixture
def nights(tmp_path: Path) -> Nights:
    nights = Nights(tmp_path)
    nights.begin()
    (nights.checkout / ".venv" / "bin" / "python").write_text(PYTHON, encoding="utf-8")
    nights.write("body.md", "What changed.\n")
    return nights


def judge(nights: Nights, **more: str) -> tuple[Done, str, str]:
    done = run([".ci/judge", str(nights.proposal)], nights.checkout, **{**FINE, **more})
    said = nights.proposal / "tested.md"
    text = said.read_text(encoding="utf-8") if said.is_file() else ""
    return done, text, (nights.proposal / "body.md").read_text(encoding="utf-8")


def test_a_green_night(nights: Nights) -> None:
    done, said, body = judge(nights)
    assert done.code == 0, done.err
    passed = "- Tests passed: nothing drifted, and of our code 12 passed, 3 skipped."
    assert said == f"{passed} Slow tests did not run; CI runs them.\n"
    assert body == "What changed.\n"


def test_a_test_of_ours_fails(nights: Nights) -> None:
    done, said, body = judge(nights, **ONE_FAILED)
    assert done.code == 1
    assert said == "- **The tests fail**: 1 failed, 11 passed; the end of this text names them.\n"
    assert body.endswith("### Tests that fail\n\n```text\ntests/a.py::test_it[x]\ntests/b.py\n```\n")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("code", ["2", "3", "5"])
def test_tests_that_did_not_run_did_not_pass(code: str, nights: Nights) -> None:
    done, said, _ = judge(nights, OURS=code, OURS_SAID="")
    assert str(done.code) == code
    assert said.startswith("- **The tests fail**: they could not run;")


def test_output_that_has_drifted(nights: Nights) -> None:
    done, said, _ = judge(nights, DRIFT="1")
    assert done.code == 1
    assert said == "- **The output has drifted**: `regenerate` does not give again what it gave.\n"


def test_a_fact_of_fal_s_has_changed(nights: Nights) -> None:
    failed = "FAILED tests/p.py::test_fact - assert 0\n" + "".join(f"FAILED tests/q.py::t{n:02}\n" for n in range(30))
    done, said, body = judge(nights, PINNED="1", PINNED_SAID=f"{failed}===== 31 failed in 1s =====\n")
    assert done.code == 0
    assert said.splitlines()[0].startswith("- Tests passed: ")
    assert said.splitlines()[1].startswith("- Of what fal said before, tests know something else now")
    assert "```text\ntests/p.py::test_fact\ntests/q.py::t00\n" in body
    assert body.endswith("tests/q.py::t18\n… and 11 more\n```\n")


def test_tests_of_fal_s_facts_that_cannot_run_are_no_verdict(nights: Nights) -> None:
    done, said, _ = judge(nights, PINNED="2", PINNED_SAID="no module\n")
    assert (done.code, said) == (2, "")
    assert "no module" in done.out
