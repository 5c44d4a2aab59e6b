"""The words of a diff, each by itself: where a row is cut short, and what limits are called."""

from __future__ import annotations

import pytest

from generator.diff.sentences import bounds, length, listing, members, sentence, spelled, value
from generator.json_text import canonical
from generator.shapes import (
    AnyShape,
    ArrayShape,
    BooleanShape,
    Bounds,
    EnumShape,
    IntegerShape,
    MapShape,
    NullShape,
    NumberShape,
    RefShape,
    Shape,
    StringShape,
    UnionShape,
)

EIGHT = tuple("abcdefgh")


@pytest.mark.parametrize(
    ("items", "words"),
    [
        ("", ""),
        ("a", "a"),
        ("ab", "a or b"),
        ("abc", "a, b or c"),
        ("abcdefgh", "a, b, c, d, e, f, g or h"),
        ("abcdefghi", "a, b, c, d, e, f, g or 2 more"),
        ("abcdefghijk", "a, b, c, d, e, f, g or 4 more"),
    ],
)
def test_a_long_row_ends_with_how_many_more(items: str, words: str) -> None:
    assert listing(items, "or") == words


def test_values_and_members_are_code() -> None:
    assert value(canonical([None, "a"])) == '`[None, "a"]`'
    assert members(["a", 1, True]) == '`"a"`, `1` and `True`'


def test_a_sentence_begins_with_a_capital() -> None:
    assert [sentence(text) for text in ("it is", "`it` is", "")] == ["It is.", "`it` is.", "."]


@pytest.mark.parametrize(
    ("shape", "words"),
    [
        (AnyShape(), "Any"),
        (NullShape(), "None"),
        (BooleanShape(), "bool"),
        (IntegerShape(), "int"),
        (NumberShape(), "float"),
        (StringShape(), "str"),
        (EnumShape(members=EIGHT), 'Literal["a", "b", "c", "d", "e", "f", "g", "h"]'),
        (EnumShape(members=(*EIGHT, "i")), 'Literal["a", "b", "c", "d", "e", "f", "g", "h", …]'),
        (ArrayShape(items=NullShape()), "list[None]"),
        (MapShape(values=AnyShape()), "dict[str, Any]"),
        (UnionShape(members=(BooleanShape(), NullShape())), "bool | None"),
        (RefShape(name="Image"), "Image"),
    ],
)
def test_types_as_users_write_them(shape: Shape, words: str) -> None:
    assert spelled(shape, {}) == words


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        (Bounds(), "any number"),
        (Bounds(ge=0, lt=1), "at least 0 and below 1"),
        (Bounds(gt=0, le=0), "above 0 and at most 0"),
        (Bounds(multiple_of=0), "a multiple of 0"),
    ],
)
def test_limits_of_a_number(limits: Bounds, words: str) -> None:
    assert bounds(limits) == words


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (None, None, "any number of items"),
        (0, None, "any number of items"),
        (1, None, "at least 1 items"),
        (None, 0, "at most 0 items"),
        (1, 2, "at least 1 and at most 2 items"),
    ],
)
def test_limits_of_a_length(low: int | None, high: int | None, words: str) -> None:
    assert length(low, high, "items") == words
