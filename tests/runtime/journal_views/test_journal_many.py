"""A journal with many jobs: what is seen of it takes no more memory."""

from __future__ import annotations

import sqlite3
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest
from journal_jobs import Made
from runtime.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

JOBS, OUTPUT = 3_000, 4_000  # of so many characters


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    path = tmp_path_factory.mktemp("many") / "run.sqlite"
    with Journal(path) as journal:
        Made(journal).done(output=f'{{"text": "{"x" * OUTPUT}"}}')
        _multiply(path)
        yield journal


def _multiply(path: Path) -> None:
    """Have the one job many times."""
    with sqlite3.connect(path) as database:
        names = [row[1] for row in database.execute("PRAGMA table_info(fal_journal_jobs)")]
        other = {"id": "id + ?1", "key": "key || ?1", "request_id": "request_id || ?1", "ended_at": "ended_at + ?1"}
        chosen = ", ".join(other.get(name, name) for name in names)
        copy = f"INSERT INTO fal_journal_jobs SELECT {chosen} FROM fal_journal_jobs WHERE id = 1"
        database.executemany(copy, [(number,) for number in range(1, JOBS)])
    database.close()


@pytest.mark.parametrize(
    "look",
    [
        lambda journal, _: journal.summary(),
        lambda journal, _: sum(1 for _ in journal.jobs()),
        lambda journal, folder: journal.export(folder / "run.csv"),
        lambda journal, folder: journal.export(folder / "run.jsonl"),
    ],
    ids=["summary", "jobs", "csv", "jsonl"],
)
def test_memory_does_not_grow_with_the_jobs(
    journal: Journal, tmp_path: Path, look: Callable[[Journal, Path], Any]
) -> None:
    look(journal, tmp_path)  # what it needs is imported
    tracemalloc.start()
    try:
        look(journal, tmp_path)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < JOBS * OUTPUT / 3
    assert sum(journal.summary().jobs.values()) == JOBS
