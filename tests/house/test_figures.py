"""How far a reader walks through one call, and how much is written twice. `figures.py` prints both."""

from __future__ import annotations

from .figures import subscribe_walk, twin_share


def test_one_subscribe_is_a_short_walk() -> None:
    walk = subscribe_walk()
    assert walk.files <= 15
    assert walk.moves <= 71


def test_synchronous_code_is_not_the_asynchronous_once_more() -> None:
    assert twin_share().percent <= 35
