"""How a second class of a name says that it differs from the first: one sentence, whatever the difference is."""

from __future__ import annotations

from typing import Any

import pytest
from support import INTEGER, STRING, document, obj, read, ref

from generator.ir.differs import difference
from generator.ir.known import Kind, objects_of

NUMBER = {"type": "number"}
PLAIN: dict[str, Any] = {"url": STRING, "width": INTEGER, "scale": {**NUMBER, "maximum": 4, "default": 1}}


def said(one: Any, plain: Any, kind: Kind) -> str:
    """What is said of one schema beside another of the same name."""
    definitions = []
    for schema in (one, plain):
        root = obj({"it": ref("Pic")})
        data = document("fal-ai/a", input=root, output=root, components={"Pic": schema, "Size": obj({"w": INTEGER})})
        definitions.append(objects_of(read(data), kind)["Pic"])
    return difference(*definitions, "`Pic`", kind)


# What is in place of `PLAIN` → what is said of it as an output, and as an input.
CASES: dict[str, tuple[Any, str, str]] = {
    "required": (
        obj(PLAIN, required=["url", "width"]),
        "url and width are always there.",
        "url and width must be given.",
    ),
    "null": (obj({**PLAIN, "width": {**INTEGER, "nullable": True}}), "", "width may be None."),
    "gone": (obj({"url": STRING}), "no width or scale.", "no width or scale."),
    "come": (obj({**PLAIN, "x": STRING, "y": STRING}), "with x and y.", "with x and y."),
    "a type": (obj({**PLAIN, "width": STRING}), "width is of another type.", "width is of another type."),
    "limits": (
        obj({**PLAIN, "scale": {**NUMBER, "minimum": 0, "maximum": 1, "default": 1}}),
        "the range of scale is 0 to 1.",
        "the range of scale is 0 to 1.",
    ),
    "no limits": (
        obj({**PLAIN, "scale": {**NUMBER, "default": 1}}),
        "scale is without limits.",
        "scale is without limits.",
    ),
    "length": (
        obj({**PLAIN, "url": {**STRING, "maxLength": 9}}),
        "the length of url is at most 9 characters.",
        "the length of url is at most 9 characters.",
    ),
    "default": (
        obj({**PLAIN, "scale": {**NUMBER, "maximum": 4, "default": {"a{0}": 1}}}),
        'scale is {"a{0}": 1} by default.',
        'scale is {"a{0}": 1} by default.',
    ),
    "a long default": (
        obj({**PLAIN, "scale": {**NUMBER, "maximum": 4, "default": "x" * 90}}),
        "scale is another value by default.",
        "scale is another value by default.",
    ),
    "as long a default as is told": (
        obj({**PLAIN, "scale": {**NUMBER, "maximum": 4, "default": "x" * 58}}),
        f'scale is "{"x" * 58}" by default.',
        f'scale is "{"x" * 58}" by default.',
    ),
    "a default that is longer by one": (
        obj({**PLAIN, "scale": {**NUMBER, "maximum": 4, "default": "x" * 59}}),
        "scale is another value by default.",
        "scale is another value by default.",
    ),
    "no default": (
        obj({**PLAIN, "scale": {**NUMBER, "maximum": 4}}),
        "scale is without a default.",
        "scale is without a default.",
    ),
    "open": (
        obj(PLAIN, additionalProperties=True),
        "any other field is welcome.",
        "any other field is welcome.",
    ),
    "as many as are named": (
        obj({**PLAIN, **dict.fromkeys("abcdef", STRING)}),
        "with a, b, c, d, e and f.",
        "with a, b, c, d, e and f.",
    ),
    "many": (
        obj({**PLAIN, **dict.fromkeys("abcdefgh", STRING)}),
        "with a, b, c, d, e and 3 more.",
        "with a, b, c, d, e and 3 more.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_what_is_said(what: str) -> None:
    one, as_output, as_input = CASES[what]
    plain = obj(PLAIN)
    as_output = as_output or "what it mentions differs."
    assert said(one, plain, Kind.MODELS) == f"As `Pic`, but {as_output}"
    assert said(one, plain, Kind.PARAMS) == f"As `Pic`, but {as_input}"


def test_the_other_way_round() -> None:
    one, plain = obj(PLAIN), obj({**PLAIN, "width": {**INTEGER, "nullable": True}}, required=["url"])
    assert said(one, plain, Kind.MODELS) == "As `Pic`, but url may be None."
    assert said(one, plain, Kind.PARAMS) == "As `Pic`, but url may be left out; width may not be None."
    assert said(obj(PLAIN), obj(PLAIN, additionalProperties=True), Kind.PARAMS) == (
        "As `Pic`, but no other field is welcome."
    )


def test_what_no_class_shows_is_not_told() -> None:
    one, plain = obj({**PLAIN, "url": {**STRING, "format": "uri"}}), obj(PLAIN)
    assert said(one, plain, Kind.PARAMS) == "As `Pic`, but what it mentions differs."
