"""Journals of every kind, empty."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from journal_jobs import Made
from postgres_server import Postgres, running
from runtime.journal.journal import Journal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NUMBERS = itertools.count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server."""
    with running() as server:
        yield server


# What a database of the other kind may do otherwise is tested with the stores.
@pytest.fixture(params=["memory", "sqlite", pytest.param("postgres", marks=pytest.mark.slow)])
def made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Made]:
    """An empty journal, and what makes jobs in it."""
    with _journal(request, tmp_path) as journal:
        yield Made(journal)


def _journal(request: pytest.FixtureRequest, tmp_path: Path) -> Journal:
    if request.param == "memory":
        return Journal.in_memory()
    if request.param == "sqlite":
        return Journal(tmp_path / "run.sqlite")
    server: Postgres = request.getfixturevalue("postgres")
    return Journal(server.new_database(f"views{next(_NUMBERS)}"))
