"""Which model each part of a body that does not match becomes."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field
from runtime.outputs.parse import build
from runtime_sample import Image

PNG = {"url": "u"}


@pytest.mark.parametrize(
    ("annotation", "kinds"),
    [
        (tuple[Image, int, Image], [Image, dict, Image]),
        (tuple[Image], [Image, dict, dict]),
        (tuple[Image, ...], [Image, Image, Image]),
        (tuple, [dict, dict, dict]),
        (list[Image], [Image, Image, Image]),
        (list, [dict, dict, dict]),
        (list[Annotated[Image | None, Field(alias="x")]], [Image, Image, Image]),
    ],
)
def test_each_place_of_a_list_has_its_own_type(annotation: Any, kinds: list[type]) -> None:
    assert [type(item) for item in build(annotation, [PNG, PNG, PNG])] == kinds


class Few(BaseModel):
    a: int = 0


class Many(BaseModel):
    a: int = 0
    b: int = 0


class Demanding(BaseModel):
    a: int = 0
    b: int = 0
    needed: int


class OneKind(BaseModel):
    kind: Literal["one"]
    a: int = 0


class OtherKind(BaseModel):
    kind: Annotated[Literal["other"], Field(alias="kind")]
    a: int = 0
    b: int = 0
    c: int = 0


@pytest.mark.parametrize(
    ("one", "other", "body", "best"),
    [
        pytest.param(Few, Many, {"a": 1, "b": 1}, Many, id="more fields are known"),
        pytest.param(Few, Demanding, {"a": 1, "b": 1}, Few, id="a field that must be there counts twice"),
        pytest.param(Many, Demanding, {"a": 1, "b": 1, "needed": 1}, Demanding, id="unless it is there"),
        pytest.param(OneKind, OtherKind, {"kind": "one", "a": 1, "b": 1, "c": 1}, OneKind, id="a constant decides"),
        pytest.param(OneKind, OtherKind, {"kind": "other"}, OtherKind, id="the other constant"),
        pytest.param(OneKind, Few, {"kind": "strange", "a": 1}, Few, id="a constant that differs is against it"),
        pytest.param(OneKind, Few, {"kind": "one"}, OneKind, id="a constant alone"),
    ],
)
def test_an_object_becomes_the_member_of_a_union_that_it_is_most_like(
    one: Any, other: Any, body: dict[str, Any], best: type[BaseModel]
) -> None:
    for union in (one | other, other | one, Annotated[one | other, Field(title="x")], one | None | other):
        assert type(build(union, body)) is best


def test_a_list_in_a_union_is_built_as_one() -> None:
    assert [type(item) for item in build(Few | list[Image] | None, [PNG, 3])] == [Image, int]
    assert type(build(dict[str, Image] | str, {"a": PNG})["a"]) is Image
    assert build(Few | int, "neither") == "neither"
