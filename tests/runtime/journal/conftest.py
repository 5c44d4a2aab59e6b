"""Stores of each kind: every test of what a store does is about all of them."""

from __future__ import annotations

import itertools
import sys
from typing import TYPE_CHECKING

import pytest
from postgres_server import Postgres, running
from runtime.journal.addresses import open_store
from runtime.journal.memory import MemoryStore

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from runtime.journal.store import Store

KINDS = ["memory", "sqlite", "postgres"]
DATABASES = KINDS[1:]


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def new_database(request: pytest.FixtureRequest) -> Callable[[], str]:
    """The URL of a new, empty database."""
    numbers = itertools.count()

    def make() -> str:
        url: str = request.getfixturevalue("postgres").new_database(f"test{next(numbers)}")
        return url

    return make


@pytest.fixture(params=DATABASES)
def address(request: pytest.FixtureRequest, tmp_path: Path, new_database: Callable[[], str]) -> str:
    """Where a new journal that others can open may be."""
    return str(tmp_path / "run.sqlite") if request.param == "sqlite" else new_database()


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, tmp_path: Path, new_database: Callable[[], str]) -> Iterator[Store]:
    """An empty store."""
    made: Store
    if request.param == "memory":
        made = MemoryStore()
    else:
        made = open_store(str(tmp_path / "run.sqlite") if request.param == "sqlite" else new_database())
    yield made
    made.close()


if sys.platform == "win32":
    collect_ignore = ["test_journal_processes.py"]
