"""The changes are small, many, and compile; what a type checker or a person reads alone is not changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from queue import Queue
from typing import TYPE_CHECKING

import pytest
from support import REPOSITORY

from mutation import areas, run
from mutation.mutants import mutants

if TYPE_CHECKING:
    from pathlib import Path

SOURCE = b'''\
"""Docs."""
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from a import b

LIMIT: int = 3
STATE: int = field(init=False, default=3)


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
    assert_never(x)
    if x:
        return False
    if x:
        raise NotImplementedError
    return [x - 1]  # \xc3\xa9


class Like(Protocol):
    def f(self, x: int = 1) -> int:
        """Docs."""
        ...
'''


def test_each_kind() -> None:
    assert [str(one) for one in mutants(SOURCE)] == [
        "6: 3  ->  4",
        "7: 3  ->  4",
        "10: 1  ->  2",
        "10: True  ->  False",
        "12: x < LIMIT and flag  ->  (x < LIMIT or flag)",
        "12: x < LIMIT  ->  (x) <= (LIMIT)",
        "12: x < LIMIT  ->  (x) > (LIMIT)",
        "12: x < LIMIT and flag  ->  not (x < LIMIT and flag)",
        "13: g(x)  ->  pass",
        "14: x += 2  ->  pass",
        "14: 2  ->  3",
        "15: not x  ->  (x)",
        "16: break  ->  pass",
        "17: x is None  ->  (x) is not (None)",
        "17: x is None  ->  not (x is None)",
        '18: raise ValueError(f"no {x + 1}")  ->  pass',
        "21: x  ->  not (x)",
        "22: False  ->  True",
        "23: x  ->  not (x)",
        "25: [x - 1]  ->  None",
        "25: x - 1  ->  (x + 1)",
        "25: 1  ->  2",
    ]


def test_a_change_is_at_its_place() -> None:
    source = 'é = "é" if a == 1 else 2\n'.encode()
    assert [one.applied(source).decode() for one in mutants(source)] == [
        'é = "é" if (a) != (1) else 2\n',
        'é = "é" if a == 2 else 2\n',
        'é = "é" if a == 1 else 3\n',
    ]


def changes(name: str, source: bytes) -> list[run.Drawn]:
    return [("a", name, one) for one in mutants(source)]


def test_changes_of_the_same_text_are_apart() -> None:
    comparison, number, other, last = changes("f.py", b"a == 1\nb == 2\n")
    assert run.apart([comparison, number, other, last]) == ([comparison, other], [number, last])
    assert run.apart([comparison, ("a", "g.py", number[2])])[1] == []


CODE = b"def low() -> int:\n    return 1\n\n\ndef high() -> int:\n    return 2\n\n\nSTATE = 3\n"
TESTS = """\
from pathlib import Path

import code_of

def test_low():
    assert code_of.low() == 1

def test_high():
    assert code_of.high() == 2

def test_file():
    assert Path("code_of.py").read_bytes() == SOURCE

def test_fails_anyway():
    assert False
"""
NAMED = """\
import pytest

import code_of

@pytest.mark.parametrize("made", [code_of.low()])
def test_named(made):
    assert made == 1
"""


def test_all_tests_are_asked_once_and_tell_the_changes_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What fails with any change, or with none, says nothing about one."""
    monkeypatch.setattr(run, "REPOSITORY", tmp_path)
    monkeypatch.setattr(run, "_ALL", ["test_code.py", "test_named.py"])
    copies: Queue[Path] = Queue()
    for place in (tmp_path, tmp_path / "copy"):
        place.mkdir(exist_ok=True)
        (place / "code_of.py").write_bytes(CODE)
        (place / "test_named.py").write_text(NAMED, encoding="utf-8")
        (place / "test_code.py").write_text(TESTS.replace("SOURCE", repr(CODE)), encoding="utf-8")
    copies.put(tmp_path / "copy")
    of_one, of_two, of_three = (one for one in changes("code_of.py", CODE) if one[2].after in {"2", "3", "4"})
    with ThreadPoolExecutor(1) as pool:
        assert run.far(copies, [of_one, of_two, of_three], pool) == [of_three]
        assert run.far(copies, [of_three], pool) == [of_three]
    assert (tmp_path / "copy" / "code_of.py").read_bytes() == CODE


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
    monkeypatch.setattr(run, "listed", lambda: {(first[1], text, None)})
    assert all((name, str(one).partition(": ")[2]) != (first[1], text) for _, name, one in run.draw(["media"], 9999, 3))


def test_what_is_listed_at_one_line_is_drawn_at_others() -> None:
    name = "generator/diff/report.py"
    first, other = [one for one in mutants((REPOSITORY / name).read_bytes()) if str(one).endswith(": 0  ->  1")][:2]
    line = run.line_of(name, first)
    assert line != run.line_of(name, other)
    known: set[run.Listed] = {(name, "0  ->  1", line)}
    assert run.is_listed(("diff", name, first), known)
    assert not run.is_listed(("diff", name, other), known)


def test_what_is_listed_is_in_the_code_still() -> None:
    changes = {name: mutants((REPOSITORY / name).read_bytes()) for name in {name for name, _, _ in run.listed()}}
    for name, change, at in run.listed():
        there = [one for one in changes[name] if str(one).partition(": ")[2] == change]
        assert any(at in (None, run.line_of(name, one)) for one in there), (
            f"{name}: {change} is not there any more: take it out of survivors.toml"
        )
