"""Where things stand in a JSON text: the one scan, and what is told by it; and how numbers are written."""

from __future__ import annotations

import json
from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.json_text import canonical, duplicate_keys, line_of, scan

KEYS = st.text(st.sampled_from('ab/~"\\[]{},:é\n '), max_size=4)
VALUES: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | KEYS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=20,
)


def step(key: str | int) -> str:
    return "/" + str(key).replace("~", "~0").replace("/", "~1")


def members(value: Any) -> list[tuple[str | int, Any]]:
    if isinstance(value, dict):
        return list(value.items())
    return list(enumerate(value)) if isinstance(value, list) else []


def written(value: Any, lines: dict[str, int], pointer: str, numbers: Any) -> str:
    """A value as JSON with every value (of a property: with its key) on a line of its own, whose number is noted."""
    parts = []
    for key, item in members(value):
        head = f"{json.dumps(key)}\n:" if isinstance(key, str) else ""
        lines[pointer + step(key)] = next(numbers)
        if head:
            next(numbers)
        parts.append("\n" + head + written(item, lines, pointer + step(key), numbers))
    if isinstance(value, dict | list):
        marks = "{}" if isinstance(value, dict) else "[]"
        return marks[0] + ",".join(parts) + marks[1]
    return json.dumps(value)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1.0, "1"),
        (-0.0, "0"),
        (1.5, "1.5"),
        (2.0**63 - 1024, "9223372036854774784"),
        (2.0**63, "9.223372036854776e+18"),
        (-(2.0**63), "-9.223372036854776e+18"),
        (2**63, "9223372036854775808"),
    ],
)
def test_a_whole_number_has_no_point_as_far_as_64_bits_hold_it(number: float, text: str) -> None:
    assert canonical({"a": [number]}) == f'{{"a":[{text}]}}'


@given(VALUES)
def test_every_value_is_found_where_it_stands(value: Any) -> None:
    lines = {"": 1}
    text = written(value, lines, "", count(2))
    assert json.loads(text) == value
    assert {pointer: line_of(text, pointer) for pointer in lines} == lines
    assert len(list(scan(text))) == len(lines)


@given(VALUES)
def test_what_is_missing_is_told_where_it_is_missing_from(value: Any) -> None:
    lines = {"": 1}
    text = written(value, lines, "", count(2))
    for pointer, line in lines.items():
        assert line_of(text, f"{pointer}/no such key/9") == line


@given(VALUES)
def test_the_depth_of_a_value_is_that_of_its_brackets(value: Any) -> None:
    def depths(one: Any, around: int) -> list[int]:
        own = around + isinstance(one, dict | list)
        return [own, *(depth for _, item in members(one) for depth in depths(item, own))]

    assert [one.depth for one in scan(json.dumps(value))] == depths(value, 0)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1,\n"a": 2}', [("/a", 2)]),
        (
            '{"a": 1, "b": [{"c": 1},\n{"c": 1, "d": 2, "c": {}}], "a": 2,\n"a": 3}',
            [("/b/1/c", 2), ("/a", 2), ("/a", 3)],
        ),
        (r'{"a/b~": {"x": 1, "\u0078": 2}}', [("/a~1b~0/x", 1)]),
        ('{"a": "a", "b": ["a", "a"], "c": {"a": 1}}', []),
    ],
)
def test_repeated_keys(text: str, found: list[tuple[str, int]]) -> None:
    assert list(duplicate_keys(text)) == found


@given(st.text(st.sampled_from('{}[]",:\\u019e-a \n'), max_size=40))
def test_what_is_no_json_is_looked_at_too(text: str) -> None:
    """Limits are held against a text before anybody knows whether it is JSON."""
    assert all(0 <= one.key_at <= one.at < len(text) for one in scan(text))
    assert line_of(text, "/0/a") is None or any(not c.isspace() for c in text)
