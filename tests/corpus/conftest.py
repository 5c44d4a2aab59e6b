"""Fixtures over the real documents."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from corpus import corpus, folder

if TYPE_CHECKING:
    from collections.abc import Iterator


def pytest_itemcollected(item: pytest.Item) -> None:
    """What needs the package of all documents waits for it to be made."""
    if "made" in getattr(item, "fixturenames", ()):
        item.add_marker("slow")


@pytest.fixture(scope="session")
def the_corpus_is_here() -> None:
    """Skip, saying why, what is about the real documents, where those are not; the rest takes documents of our own."""
    if not folder.IS_HERE:
        pytest.skip(folder.WHY_SKIPPED)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[corpus.Made]:
    """The package of all documents, generated once for all workers, and importable."""
    made = corpus.make(corpus.shared_between_workers(tmp_path_factory.getbasetemp()) / "corpus")
    sys.path.insert(0, str(made.output))
    yield made
    sys.path.remove(str(made.output))
