"""Which shape allows all that another one does: each limit met exactly, and passed by one."""

from __future__ import annotations

from math import inf

import pytest

from generator.diff.within import Within, inside
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
    ObjectDef,
    Property,
    RefShape,
    Shape,
    StringShape,
    UnionShape,
)

TEXT, WHOLE, NUMBER, TRUTH, NOTHING, ANY = (
    StringShape(),
    IntegerShape(),
    NumberShape(),
    BooleanShape(),
    NullShape(),
    AnyShape(),
)


def texts(low: int | None = None, high: int | None = None, pattern: str | None = None) -> Shape:
    return StringShape(min_length=low, max_length=high, pattern=pattern)


def lists(low: int | None = None, high: int | None = None, *, items: Shape = TEXT, unique: bool = False) -> Shape:
    return ArrayShape(items=items, min_items=low, max_items=high, unique=unique)


def enum(*members: str | int | bool) -> Shape:
    return EnumShape(members=members)


def either(*members: Shape) -> Shape:
    return UnionShape(members=members)


def thing(name: str, *required: str, extra: Shape | None = None, **shapes: Shape) -> ObjectDef:
    made = (Property(wire_name=one, shape=shape, required=one in required) for one, shape in shapes.items())
    return ObjectDef(wire_name=name, properties=tuple(made), extra=extra)


# Each is within itself, and what stands first within what stands second; not the other way round.
NARROWER: list[tuple[Shape, Shape]] = [
    (TEXT, ANY),
    (either(TEXT, WHOLE), ANY),
    (TEXT, either(TEXT, WHOLE)),
    (either(TEXT, WHOLE), either(TEXT, WHOLE, NOTHING)),
    (WHOLE, NUMBER),
    (enum("a"), TEXT),
    (enum("a"), enum("a", "b")),
    (enum("ab"), texts(1, 2)),
    (enum(True, False), either(TRUTH, TEXT)),
    (enum(True), TRUTH),
    (enum(False), TRUTH),
    (TRUTH, enum(True, False, "a")),
    (texts(2), texts(1)),
    (texts(1), TEXT),
    (texts(high=1), texts(high=2)),
    (texts(high=0), TEXT),
    (texts(pattern="a"), TEXT),
    (lists(2), lists(1)),
    (lists(1), lists()),
    (lists(high=1), lists(high=2)),
    (lists(high=0), lists()),
    (lists(unique=True), lists()),
    (lists(items=WHOLE), lists(items=NUMBER)),
    (MapShape(values=WHOLE), MapShape(values=NUMBER)),
    (IntegerShape(bounds=Bounds(ge=1)), IntegerShape(bounds=Bounds(gt=-1))),
    (NumberShape(bounds=Bounds(gt=0)), NumberShape(bounds=Bounds(ge=0))),
]
# Neither is within the other.
APART: list[tuple[Shape, Shape]] = [
    (TEXT, WHOLE),
    (TRUTH, NOTHING),
    (TRUTH, enum("True", 1)),
    (TEXT, lists()),
    (enum("a"), texts(pattern="b")),
    (enum("a", 1), either(texts(pattern="a"), NOTHING)),
    (enum("abc"), texts(1, 2)),
    (texts(pattern="a"), texts(pattern="b")),
    (texts(1, 3), texts(2, 4)),
    (lists(1, 3), lists(2, 4)),
    (lists(2), lists(unique=True)),
    (lists(1, items=WHOLE), lists(items=TEXT)),
    (either(TEXT, WHOLE), either(TEXT, NOTHING)),
    (MapShape(values=WHOLE), MapShape(values=TEXT)),
    (IntegerShape(bounds=Bounds(ge=0, le=2)), NumberShape(bounds=Bounds(ge=1, le=3))),
]


@pytest.mark.parametrize(("narrow", "wide"), NARROWER)
def test_the_narrower_is_within(narrow: Shape, wide: Shape) -> None:
    within = Within({}, {})
    assert [within(narrow, wide), within(narrow, narrow), within(wide, wide)] == [True] * 3
    assert within(wide, narrow) is False


@pytest.mark.parametrize(("one", "other"), APART)
def test_neither_is_within(one: Shape, other: Shape) -> None:
    assert [Within({}, {})(one, other), Within({}, {})(other, one)] == [False, False]


def test_two_that_allow_the_same_are_within_each_other() -> None:
    within = Within({}, {})
    assert within(enum(True, False), TRUTH)
    assert within(TRUTH, enum(True, False))
    assert within(texts(0), TEXT)
    assert within(TEXT, texts(0))
    assert within(lists(), lists(0))
    assert within(NOTHING, NOTHING)
    assert within(IntegerShape(bounds=Bounds(gt=0)), IntegerShape(bounds=Bounds(ge=1)))


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        (thing("A", "a", a=TEXT), thing("A", a=TEXT)),
        (thing("A", "a", a=TEXT), thing("A", a=TEXT, b=TEXT)),
        (thing("A", a=WHOLE), thing("A", a=NUMBER)),
        (thing("A", "a", a=TEXT), thing("A", extra=TEXT)),
        (thing("A", a=TEXT, b=WHOLE), thing("A", a=TEXT, extra=NUMBER)),
        (thing("A", a=TEXT), thing("A", a=TEXT, extra=TEXT)),
        (thing("A", a=TEXT, extra=WHOLE), thing("A", a=TEXT, extra=NUMBER)),
    ],
)
def test_objects(narrow: ObjectDef, wide: ObjectDef) -> None:
    it = RefShape(name="A")
    assert Within({"A": narrow}, {"A": wide})(it, it)
    assert Within({"A": wide}, {"A": narrow})(it, it) is False


@pytest.mark.parametrize("deep", [WHOLE, TEXT])
def test_types_that_lead_back_to_themselves(deep: Shape) -> None:
    """What is assumed of a pair while it is looked at does not stay where it did not hold."""
    it, held = RefShape(name="A"), RefShape(name="B")
    inner = {"A": thing("A", a=it, b=held), "B": thing("B", it=deep)}
    outer = {"A": thing("A", a=it, b=held), "B": thing("B", it=WHOLE)}
    within = Within(inner, outer)
    for _again in range(2):
        assert within(it, it) is (deep == WHOLE)
        assert within(held, held) is (deep == WHOLE)


@pytest.mark.parametrize(
    ("one", "other", "in_numbers", "in_whole"),
    [
        (Bounds(ge=0), Bounds(ge=0), True, True),
        (Bounds(ge=0), Bounds(gt=0), False, False),
        (Bounds(ge=1), Bounds(gt=0), True, True),
        (Bounds(gt=0), Bounds(ge=1), False, True),
        (Bounds(gt=0.5), Bounds(ge=1), False, True),
        (Bounds(ge=0.5), Bounds(ge=1), False, True),
        (Bounds(le=3), Bounds(lt=4), True, True),
        (Bounds(lt=4), Bounds(le=3), False, True),
        (Bounds(lt=3.5), Bounds(le=3), False, True),
        (Bounds(le=3.5), Bounds(le=3), False, True),
        (Bounds(le=4), Bounds(lt=4), False, False),
        (Bounds(ge=0, gt=1), Bounds(ge=2), False, True),
        (Bounds(le=9, lt=8), Bounds(le=7), False, True),
        (Bounds(), Bounds(ge=0), False, False),
        (Bounds(), Bounds(le=0), False, False),
        (Bounds(le=0), Bounds(), True, True),
        (Bounds(multiple_of=8), Bounds(multiple_of=4), True, True),
        (Bounds(multiple_of=4), Bounds(multiple_of=8), False, False),
        (Bounds(), Bounds(multiple_of=1), False, True),
        (Bounds(), Bounds(multiple_of=0.5), False, True),
        (Bounds(), Bounds(multiple_of=2), False, False),
        (Bounds(multiple_of=0.3), Bounds(multiple_of=0.1), True, True),
        (Bounds(multiple_of=1), Bounds(multiple_of=0), False, False),
        (Bounds(le=inf), Bounds(), True, True),
    ],
)
def test_limits_of_numbers(one: Bounds, other: Bounds, in_numbers: bool, in_whole: bool) -> None:
    assert (inside(one, other), inside(one, other, whole=True)) == (in_numbers, in_whole)
