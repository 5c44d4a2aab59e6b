"""What the tests of fetch share: what is in `specs/`, and whether the lock is true."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from generator.project.ids import find_documents
from generator.project.settings import load_settings
from generator.project.spec_lock import hash_of, read_speclock
from support import Done, Project, run_cli

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def fetch(project: Project, capsys: pytest.CaptureFixture[str], *arguments: str) -> Done:
    """`fetch` on the command line."""
    return run_cli(project, capsys, "fetch", *arguments)


def outcome(project: Project, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, Any]:
    """Its exit code and its report: the problems alone for what failed, no notes; empty parts are left out."""
    done = run_cli(project, capsys, *(arguments or ("fetch",)), "--json")
    report = json.loads(done.out)
    del report["notes"]
    report["failed"] = {one: failed["problem"] for one, failed in report["failed"].items()}
    return done.code, {name: part for name, part in report.items() if part and name != "version"}


def lock_of(project: Project) -> dict[str, Any]:
    """The lock's entries as they stand in the file."""
    return json.loads((project.specs / "lock.json").read_bytes())["endpoints"]


def files(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def assert_locked(project: Project) -> None:
    """The lock, as any reader sees it, has exactly the documents that are there."""
    lock = read_speclock(load_settings(project.root))
    there = {one: hash_of(path) for one, path in find_documents(project.specs).items()}
    assert {one: entry.sha256 for one, entry in lock.endpoints.items()} == there
