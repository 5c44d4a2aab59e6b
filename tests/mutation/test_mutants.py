"""The changes are small, many, and compile; what a type checker or a person reads alone is not changed."""

from __future__ import annotations

import pytest
from support import REPOSITORY

from mutation import areas, run
from mutation.mutants import mutants

SOURCE = b'''\
"""Docs."""
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from a import b

LIMIT: int = 3


def f(x: int = 1, *, flag: bool = True) -> list[int] | None:
    """Docs."""
    if x < LIMIT and flag:
        g(x)
    x += 2
    while not x:
        break
    if x is None:
        raise ValueError(f"no {x + 1}")
    log.debug("x")
    return [x - 1]  # \xc3\xa9
'''


def test_each_kind() -> None:
    assert [str(one) for one in mutants(SOURCE)] == [
        "6: 3  ->  4",
        "9: 1  ->  2",
        "9: True  ->  False",
        "11: x < LIMIT and flag  ->  (x < LIMIT or flag)",
        "11: x < LIMIT  ->  (x) <= (LIMIT)",
        "11: x < LIMIT  ->  (x) > (LIMIT)",
        "11: x < LIMIT and flag  ->  not (x < LIMIT and flag)",
        "12: g(x)  ->  pass",
        "13: x += 2  ->  pass",
        "13: 2  ->  3",
        "14: not x  ->  (x)",
        "15: break  ->  pass",
        "16: x is None  ->  (x) is not (None)",
        "16: x is None  ->  not (x is None)",
        '17: raise ValueError(f"no {x + 1}")  ->  pass',
        "19: [x - 1]  ->  None",
        "19: x - 1  ->  (x + 1)",
        "19: 1  ->  2",
    ]


def test_a_change_is_at_its_place() -> None:
    source = 'é = "é" if a == 1 else 2\n'.encode()
    assert [one.applied(source).decode() for one in mutants(source)] == [
        'é = "é" if (a) != (1) else 2\n',
        'é = "é" if a == 2 else 2\n',
        'é = "é" if a == 1 else 3\n',
    ]


@pytest.mark.parametrize("name", areas.AREAS)
def test_an_area_is_there(name: str) -> None:
    area = areas.AREAS[name]
    assert all((REPOSITORY / place).exists() for place in (*area.code, *area.tests))


@pytest.mark.slow
def test_the_same_seed_draws_the_same() -> None:
    first = run.draw(["media", "write"], 8, 3)
    assert first == run.draw(["media", "write"], 8, 3)
    assert first != run.draw(["media", "write"], 8, 4)
    assert [area for area, _, _ in first] == ["media", "write"] * 4


@pytest.mark.slow
def test_what_is_listed_is_not_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    (first,) = run.draw(["media"], 1, 3)
    text = str(first[2]).partition(": ")[2]
    monkeypatch.setattr(run, "listed", lambda: {(first[1], text)})
    assert all((name, str(one).partition(": ")[2]) != (first[1], text) for _, name, one in run.draw(["media"], 9999, 3))


def test_what_is_listed_is_in_the_code_still() -> None:
    for name, change in run.listed():
        texts = [str(one).partition(": ")[2] for one in mutants((REPOSITORY / name).read_bytes())]
        assert change in texts, f"{name}: {change} is not there any more: take it out of survivors.toml"
