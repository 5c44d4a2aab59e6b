"""What is public of batches tells of itself in few words, and by the names that users import."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest
from fal_typed import AsyncFal, Fal, FalError, batch
from fal_typed.batch import Journal, work
from fal_typed.testing import fake_fal

if TYPE_CHECKING:
    from pathlib import Path


def test_every_value_is_short(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "run.sqlite")
    given: list[Any] = [{"prompt": "a" * 100_000}, {"prompt": 3}]
    with fake_fal(), Fal() as fal, journal:
        jobs = fal.flux_1.schnell.map(given, journal=journal)
        told: list[object] = [
            jobs,
            *jobs,
            jobs.summary(),
            *journal.jobs(),
            journal.summary(),
            *journal.summary().endpoints,
            journal,
        ]
        told.append(AsyncFal().flux_1.schnell.map(given))
        for one in told:
            assert len(repr(one)) < 2_000
            assert "_runtime" not in repr(one)
        assert repr(jobs).startswith("<Jobs fal-ai/flux-1/schnell: 1 made, 1 failed in ")


@pytest.mark.parametrize("name", [name for name in batch.__all__ if name.endswith("Error")])
def test_a_traceback_names_what_users_import(name: str) -> None:
    kind = getattr(batch, name)
    assert issubclass(kind, FalError)
    assert kind.__module__ == "fal_typed.batch"
    assert pickle.loads(pickle.dumps(kind)) is kind


def test_a_worker_needs_a_journal() -> None:
    with (
        Fal(credentials="any") as fal,
        pytest.raises(TypeError, match="journal must be a Journal, a path or a URL, not None"),
    ):
        work(fal.flux_1.schnell, {"prompt": "a"}, journal=None)  # type: ignore[call-overload]  # pyright: ignore
