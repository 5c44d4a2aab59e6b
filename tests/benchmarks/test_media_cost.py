"""What a class below `AnyImage` costs beside the same class below `RemoteFile`: 1 is a tie."""

from __future__ import annotations

import subprocess
import sys
import timeit
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.bench
ROOT = Path(__file__).resolve().parents[2]
MOST = 1.25
ROUNDS, NUMBER = 15, 50_000

SETUP = """
from fal_typed import AnyImage
from fal_typed.models import RemoteFile
class {base}Sized({base}):
    url: str
    width: int
    height: int
    content_type: str | None = None
body = {{"url": "https://x.example/a.png", "width": 1, "height": 2}}
it = {base}Sized(**body)
"""
STATEMENTS = {
    "reading a field": "it.width",
    "reading a field of the base": "it.url",
    "reading what the server sent": "it.model_extra",
    "making one": "type(it).model_validate(body)",
    "dumping one": "it.model_dump()",
}


def times(statement: str) -> dict[str, float]:
    """Seconds by base; in turns, so that a busy moment meets both."""
    scopes: dict[str, dict[str, Any]] = {"RemoteFile": {}, "AnyImage": {}}
    best = dict.fromkeys(scopes, 9e9)
    for base, scope in scopes.items():
        exec(SETUP.format(base=base), scope)
    for _ in range(ROUNDS):
        for base, scope in scopes.items():
            best[base] = min(best[base], timeit.timeit(statement, globals=scope, number=NUMBER // 10))
    return {base: best[base] / (NUMBER // 10) for base in scopes}


def main() -> None:
    """Print a line for each statement: nanoseconds below each base; and what a missing field costs."""
    for name, statement in STATEMENTS.items():
        found = times(statement)
        print(f"{name}|{found['RemoteFile'] * 1e9:.0f}|{found['AnyImage'] * 1e9:.0f}")  # noqa: T201
    scope: dict[str, Any] = {}
    exec(SETUP.format(base="AnyImage"), scope)
    missing = min(timeit.repeat("it.file_name", globals=scope, number=2000, repeat=9)) / 2000
    print(f"reading what the document lacks||{missing * 1e9:.0f}")  # noqa: T201


def test_a_field_costs_what_it_did(capsys: pytest.CaptureFixture[str]) -> None:
    done = subprocess.run(
        [sys.executable, __file__],
        env={"PYTHONPATH": str(ROOT / "generated")},
        check=True,
        capture_output=True,
        text=True,
    )
    rows = [line.split("|") for line in done.stdout.splitlines()]
    with capsys.disabled():
        sys.stdout.write(f"\n{'ns':34} RemoteFile  AnyImage  ratio\n")
        for name, plain, below in rows:
            ratio = f"{float(below) / float(plain):.2f}" if plain else ""
            sys.stdout.write(f"{name:34} {plain:>10} {below:>9} {ratio:>6}\n")
    assert [name for name, plain, below in rows if plain and float(below) > MOST * float(plain)] == []


if __name__ == "__main__":
    main()
