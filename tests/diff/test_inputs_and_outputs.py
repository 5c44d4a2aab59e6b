"""One edit of every kind, in both directions, with the verdict and the words that each deserves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, STRING, document, obj, ref

from generator.diff.verdict import worst

from .states import IT, States, giving, taking

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = {"type": "number"}
BOOLEAN = {"type": "boolean"}


def nullable(schema: Any) -> Any:
    return {"anyOf": [schema, {"type": "null"}]}


def either(*schemas: Any) -> Any:
    return {"anyOf": list(schemas)}


def integer(**limits: Any) -> Any:
    return {"type": "integer", **limits}


def text(**limits: Any) -> Any:
    return {"type": "string", **limits}


def many(items: Any, **limits: Any) -> Any:
    return {"type": "array", "items": items, **limits}


def table(values: Any) -> Any:
    return {"type": "object", "additionalProperties": values}


# Two schemas of one field, the first narrower, and what is said of an input that became the second, and back.
WIDENINGS: dict[str, tuple[Any, Any, str, str]] = {
    "null": (
        STRING,
        nullable(STRING),
        "Input `it` can now be `None`.",
        "Input `it` can no longer be `None`: leave it out instead.",
    ),
    "enum member": (
        text(enum=["a", "b"]),
        text(enum=["b", "c", "a"]),
        'Input `it` now also takes `"c"`.',
        'Input `it` no longer takes `"c"`: pass `"a"` or `"b"` instead.',
    ),
    "enum to text": (
        text(enum=["a", "b"]),
        STRING,
        'Input `it` was `Literal["a", "b"]` and is now `str`.',
        'Input `it` was `str` and is now `Literal["a", "b"]`.',
    ),
    "integer to number": (
        INTEGER,
        NUMBER,
        "Input `it` was `int` and is now `float`.",
        "Input `it` was `float` and is now `int`.",
    ),
    "member of a union": (
        either(STRING, INTEGER),
        either(INTEGER, STRING, BOOLEAN),
        "Input `it` now also takes `bool`.",
        "Input `it` no longer takes `bool`.",
    ),
    "a union from one": (
        STRING,
        either(STRING, INTEGER),
        "Input `it` now also takes `int`.",
        "Input `it` no longer takes `int`.",
    ),
    "items": (
        many(text(enum=["a"])),
        many(text(enum=["a", "b"])),
        'An item of input `it` now also takes `"b"`.',
        'An item of input `it` no longer takes `"b"`: pass `"a"` instead.',
    ),
    "values of a map": (
        table(INTEGER),
        table(NUMBER),
        "A value in input `it` was `int` and is now `float`.",
        "A value in input `it` was `float` and is now `int`.",
    ),
}
# The same for limits, which no Python type shows: outputs are not checked against them.
LIMITS: dict[str, tuple[Any, Any, str, str]] = {
    "maximum": (
        integer(minimum=1, maximum=4),
        integer(minimum=1, maximum=8),
        "Input `it` may now be at least 1 and at most 8 (before: at least 1 and at most 4).",
        "Input `it` must now be at least 1 and at most 4 (before: at least 1 and at most 8).",
    ),
    "minimum": (
        integer(minimum=1),
        INTEGER,
        "Input `it` may now be any number (before: at least 1).",
        "Input `it` must now be at least 1 (before: any number).",
    ),
    "exclusive": (
        {"type": "number", "exclusiveMinimum": 0},
        {"type": "number", "minimum": 0},
        "Input `it` may now be at least 0 (before: above 0).",
        "Input `it` must now be above 0 (before: at least 0).",
    ),
    "step": (
        integer(multipleOf=8),
        integer(multipleOf=4),
        "Input `it` may now be a multiple of 4 (before: a multiple of 8).",
        "Input `it` must now be a multiple of 8 (before: a multiple of 4).",
    ),
    "length": (
        text(maxLength=100),
        text(maxLength=500),
        "Input `it` may now have at most 500 characters (before: at most 100 characters).",
        "Input `it` must now have at most 100 characters (before: at most 500 characters).",
    ),
    "pattern": (
        text(pattern="^a+$"),
        STRING,
        "Input `it` need no longer match `^a+$`.",
        "Input `it` must now match `^a+$`.",
    ),
    "items": (
        many(STRING, minItems=1, maxItems=2),
        many(STRING, maxItems=2),
        "Input `it` may now have at most 2 items (before: at least 1 and at most 2 items).",
        "Input `it` must now have at least 1 and at most 2 items (before: at most 2 items).",
    ),
    "different items": (
        many(STRING, uniqueItems=True),
        many(STRING),
        "Input `it` may now have any number of items (before: any number of items, all different).",
        "Input `it` must now have any number of items, all different (before: any number of items).",
    ),
    "items' bounds": (
        many(integer(maximum=1)),
        many(integer(maximum=2)),
        "An item of input `it` may now be at most 2 (before: at most 1).",
        "An item of input `it` must now be at most 1 (before: at most 2).",
    ),
}


def said(root: Path, old: Any, new: Any) -> tuple[str, list[str]]:
    changes = States(root).changes(old, new)
    return worst(one.verdict for one in changes).value, [one.text for one in changes]


@pytest.mark.parametrize("name", WIDENINGS)
def test_an_input_that_takes_more_is_a_feature(name: str, tmp_path: Path) -> None:
    narrow, wide, text_, _ = WIDENINGS[name]
    assert said(tmp_path, taking(narrow), taking(wide)) == ("minor", [text_])


@pytest.mark.parametrize("name", WIDENINGS)
def test_an_input_that_takes_less_breaks_callers(name: str, tmp_path: Path) -> None:
    narrow, wide, _, text_ = WIDENINGS[name]
    assert said(tmp_path, taking(wide), taking(narrow)) == ("major", [text_])


@pytest.mark.parametrize("name", WIDENINGS)
def test_an_output_that_may_be_more_breaks_readers(name: str, tmp_path: Path) -> None:
    narrow, wide, _, _ = WIDENINGS[name]
    verdict, texts = said(tmp_path, giving(narrow), giving(wide))
    assert (verdict, len(texts)) == ("major", 1)
    assert "output `it`" in texts[0].replace("Output", "output")


@pytest.mark.parametrize("name", WIDENINGS)
def test_an_output_that_may_be_less_is_a_feature(name: str, tmp_path: Path) -> None:
    narrow, wide, _, _ = WIDENINGS[name]
    verdict, texts = said(tmp_path, giving(wide), giving(narrow))
    assert (verdict, len(texts)) == ("minor", 1)


@pytest.mark.parametrize("name", LIMITS)
def test_a_looser_limit_is_a_feature(name: str, tmp_path: Path) -> None:
    tight, loose, text_, _ = LIMITS[name]
    assert said(tmp_path, taking(tight), taking(loose)) == ("minor", [text_])


@pytest.mark.parametrize("name", LIMITS)
def test_a_tighter_limit_breaks_callers(name: str, tmp_path: Path) -> None:
    tight, loose, _, text_ = LIMITS[name]
    assert said(tmp_path, taking(loose), taking(tight)) == ("major", [text_])


@pytest.mark.parametrize("name", LIMITS)
def test_a_limit_of_an_output_breaks_nobody(name: str, tmp_path: Path) -> None:
    tight, loose, _, _ = LIMITS[name]
    (tmp_path / "back").mkdir()
    assert said(tmp_path, giving(tight), giving(loose))[0] == "patch"
    assert said(tmp_path / "back", giving(loose), giving(tight))[0] == "patch"


SAME = {
    "nullable in two spellings": (nullable(STRING), {"type": "string", "nullable": True}),
    "const and an enum of one": ({"const": "a"}, text(enum=["a"])),
    "the order of an enum": (text(enum=["a", "b"]), text(enum=["b", "a"])),
    "the order of a union": (either(STRING, INTEGER), either(INTEGER, STRING)),
    "above 0 is at least 1": (integer(exclusiveMinimum=0), integer(minimum=1)),
    "a bound written as a float": (integer(maximum=4), integer(maximum=4.0)),
    "title": ({**STRING, "title": "It"}, STRING),
}


@pytest.mark.parametrize("make", [taking, giving])
@pytest.mark.parametrize("name", SAME)
def test_the_same_in_other_words_is_no_change(name: str, make: Any, tmp_path: Path) -> None:
    one, other = SAME[name]
    assert said(tmp_path, make(one), make(other)) == ("none", [])


BOTH_WAYS = {
    "text to integer": (STRING, INTEGER, "Input `it` was `str` and is now `int`."),
    "a bound that moved": (
        integer(minimum=1, maximum=4),
        integer(minimum=2, maximum=5),
        "Input `it` must now be at least 2 and at most 5 (before: at least 1 and at most 4).",
    ),
    "another pattern": (text(pattern="^a$"), text(pattern="^b$"), "Input `it` must now match `^b$`."),
    "members that a pattern may not allow": (
        text(enum=["a", "b"]),
        text(pattern="^a$"),
        'Input `it` was `Literal["a", "b"]` and is now `str`.',
    ),
    "one to a list": (STRING, many(STRING), "Input `it` was `str` and is now `list[str]`."),
    "a wider type with a bound": (
        INTEGER,
        {"type": "number", "minimum": 0},
        "Input `it` was `int` and is now `float`.",
    ),
}


@pytest.mark.parametrize("name", BOTH_WAYS)
def test_a_type_that_is_neither_wider_nor_narrower_breaks_callers(name: str, tmp_path: Path) -> None:
    one, other, text_ = BOTH_WAYS[name]
    assert said(tmp_path, taking(one), taking(other)) == ("major", [text_])


def test_a_format_is_documentation(tmp_path: Path) -> None:
    verdict, texts = said(tmp_path, taking(STRING), taking(text(format="uri")))
    assert (verdict, texts) == ("patch", ["Input `it` is now documented with the format `uri`."])


def inputs(*, required: list[str] | None = None, more: dict[str, Any] | None = None, **properties: Any) -> Any:
    return document(IT, input=obj(properties, required=required, **(more or {})))


# Two documents, and what is said of the way there and of the way back.
FIELDS: dict[str, tuple[Any, Any, tuple[str, str], tuple[str, str]]] = {
    "optional input": (
        inputs(prompt=STRING),
        inputs(prompt=STRING, it={**INTEGER, "default": 3}),
        ("minor", "New optional input `it` (`int`), `3` by default."),
        ("major", "Input `it` is gone: leave it out."),
    ),
    "required input": (
        inputs(prompt=STRING),
        inputs(prompt=STRING, it=INTEGER, required=["it"]),
        ("major", "New input `it` (`int`), which is required."),
        ("major", "Input `it` is gone: leave it out."),
    ),
    "input that hides an option": (
        inputs(prompt=STRING),
        inputs(prompt=STRING, logs=BOOLEAN),
        (
            "major",
            "New input `logs` (`bool`), which takes the place of the option of that name; "  # noqa: ISC004
            "the option is reached through `with_options`.",
        ),
        ("major", "Input `logs` is gone: leave it out."),
    ),
    "required": (
        taking(STRING),
        taking(STRING, required=True),
        ("major", "Input `it` is now required."),
        ("minor", "Input `it` is now optional."),
    ),
    "required with a default": (
        taking({**STRING, "default": "a"}, required=True),
        taking(STRING, required=True),
        ("major", 'Input `it` is now required (before, `"a"` was taken).'),
        ("minor", "Input `it` is now optional."),
    ),
    "default": (
        taking({**STRING, "default": "png"}),
        taking({**STRING, "default": "jpeg"}),
        ("minor", 'The default of input `it` is now `"jpeg"` (before: `"png"`).'),
        ("minor", 'The default of input `it` is now `"png"` (before: `"jpeg"`).'),
    ),
    "a default at all": (
        taking(STRING),
        taking({**STRING, "default": "a"}),
        ("minor", 'The default of input `it` is now `"a"` (before, none was documented).'),
        ("minor", 'The default of input `it` is no longer documented (before: `"a"`).'),
    ),
    "default of an output": (
        giving({**STRING, "default": "a"}),
        giving({**STRING, "default": "b"}),
        ("patch", 'The default of output `it` is now `"b"` (before: `"a"`).'),
        ("patch", 'The default of output `it` is now `"a"` (before: `"b"`).'),
    ),
    "output": (
        document(IT),
        giving(STRING),
        ("minor", "New output `it` (`str`)."),
        ("major", "Output `it` is gone."),
    ),
    "output that may be left out": (
        giving(STRING),
        giving(STRING, required=False),
        ("major", "Output `it` can now be `None`."),
        ("minor", "Output `it` can no longer be `None`."),
    ),
    "output left out that may be null": (
        giving(nullable(STRING)),
        giving(nullable(STRING), required=False),
        ("none", ""),
        ("none", ""),
    ),
    "deprecated": (
        taking(STRING),
        taking({**STRING, "deprecated": True}),
        ("minor", "Input `it` is now deprecated."),
        ("none", ""),
    ),
    "description": (
        taking({**STRING, "description": "One."}),
        taking({**STRING, "description": "Another."}),
        ("patch", "The documentation of input `it` changed."),
        ("patch", "The documentation of input `it` changed."),
    ),
    "examples": (
        giving({**STRING, "examples": ["a"]}),
        giving({**STRING, "examples": ["b"]}),
        ("patch", "The documentation of output `it` changed."),
        ("patch", "The documentation of output `it` changed."),
    ),
    "what a type is for": (
        giving(ref("Part"), Part=obj({"a": STRING})),
        giving(ref("Part"), Part={**obj({"a": STRING}), "description": "A part."}),
        ("patch", "The documentation of `Part` (output) changed."),
        ("patch", "The documentation of `Part` (output) changed."),
    ),
    "about": (
        document(IT),
        document(IT, about="What it is about."),
        ("patch", "The documentation of the endpoint changed."),
        ("patch", "The documentation of the endpoint changed."),
    ),
    "order": (
        inputs(prompt=STRING, it=STRING),
        inputs(it=STRING, prompt=STRING),
        ("patch", "The fields of the input are listed in another order."),
        ("patch", "The fields of the input are listed in another order."),
    ),
    "other inputs": (
        inputs(prompt=STRING),
        inputs(prompt=STRING, more={"additionalProperties": True}),
        ("minor", "The input now takes fields that are not described."),
        ("major", "The input no longer takes fields that are not described."),
    ),
    "the type of other inputs": (
        inputs(prompt=STRING, more={"additionalProperties": STRING}),
        inputs(prompt=STRING, more={"additionalProperties": nullable(STRING)}),
        ("minor", "Any other field of the input can now be `None`."),
        ("major", "Any other field of the input can no longer be `None`."),
    ),
    "an input that goes as any other name": (
        inputs(prompt=STRING, it=STRING, more={"additionalProperties": True}),
        inputs(prompt=STRING, more={"additionalProperties": True}),
        ("major", "Input `it` is no longer described, and still goes as any other name does."),
        ("minor", "New optional input `it` (`str`)."),
    ),
    "an input that other names' type refuses": (
        inputs(prompt=STRING, it=INTEGER, more={"additionalProperties": STRING}),
        inputs(prompt=STRING, more={"additionalProperties": STRING}),
        ("major", "Input `it` is gone: leave it out."),
        ("minor", "New optional input `it` (`int`)."),
    ),
    "an option's name further in": (
        taking(ref("Part"), Part=obj({"a": STRING})),
        taking(ref("Part"), Part=obj({"a": STRING, "logs": BOOLEAN})),
        ("minor", "New optional input field `Part.logs` (`bool`)."),
        ("major", "Input field `Part.logs` is gone: leave it out."),
    ),
    "an input's Python name": (
        document(
            IT, input=obj({"Size": ref("Other")}), components={"Other": obj({"a": STRING}), "Size": obj({"a": STRING})}
        ),
        document(
            IT, input=obj({"Size": ref("Size")}), components={"Other": obj({"a": STRING}), "Size": obj({"a": STRING})}
        ),
        ("major", "Input `Size` is now called `Size_`."),
        ("major", "Input `Size_` is now called `Size`."),
    ),
}


OPEN: dict[str, tuple[Any, str]] = {
    "a value": (inputs(it={}), "Input `it` was `str` and is now `Any`."),
    "a type that went": (taking(ref("Gone")), "Input `it` was `str` and is now `Any`."),
    "the input": (
        document(IT, input={"type": "object", "properties": [], "required": ["it"]}),
        "Input `it` is no longer described, and still goes as any other name does.",
    ),
    "the root": (
        document(IT, input=ref("Gone")),
        "Input `it` is no longer described, and still goes as any other name does.",
    ),
}


@pytest.mark.parametrize("name", OPEN)
def test_an_input_that_was_described_and_is_open_now_is_a_loss(name: str, tmp_path: Path) -> None:
    """Calls run on, but nothing checks them any more; the document was damaged, or the endpoint is another."""
    new, sentence = OPEN[name]
    verdict, texts = said(tmp_path, inputs(it=STRING), new)
    assert verdict == "major"
    assert sentence in texts
    verdict, texts = said(tmp_path / "back", inputs(it={}), inputs(it=STRING))
    assert (verdict, texts) == ("major", ["Input `it` was `Any` and is now `str`."])


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("name", FIELDS)
def test_a_field(name: str, back: bool, tmp_path: Path) -> None:
    old, new, there, again = FIELDS[name]
    verdict, sentence = again if back else there
    found, texts = said(tmp_path, *((new, old) if back else (old, new)))
    assert found == verdict
    assert (sentence in texts) if sentence else (texts == [])
