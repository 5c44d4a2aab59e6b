"""The reader of API pages: the layouts, what each of them does not show, and what it says of a line without place."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from docs.support import PAGES, Form, Page, page_named, text_of
from generator.docs.describe import NONE, QUIET, UNKNOWN, FieldDescription, Text, Value
from generator.docs.labels import ListOf, Named, OneOf
from generator.docs.pages.api_page import read_page
from generator.docs.pages.attributes import value_at

if TYPE_CHECKING:
    from generator.docs.describe import Description, Fields

# Counted by eye on the pages, so that the reader cannot miss one and be believed: inputs, outputs, other types.
COUNTS = {
    "fal-ai/f-lite/standard": (9, 5, [9, 2, 4]),
    "fal-ai/flux-1/schnell": (9, 5, [2, 4]),
    "fal-ai/hidream-i1-fast": (9, 5, [2, 4]),
    "fal-ai/hidream-i1-full": (11, 0, [2, 3, 4]),
    "fal-ai/ideogram/v2": (7, 2, [11, 2, 2, 12, 3, 4, 2, 2, 2, 2, 14, 2, 11, 10]),
    "fal-ai/illusion-diffusion": (11, 2, [2, 7]),
    "fal-ai/imagen4/preview": (5, 2, [5]),
    "fal-ai/imagen4/preview/fast": (5, 2, [5]),
    "fal-ai/nucleus-image": (10, 5, [4]),
    "fal-ai/omnigen-v2": (15, 5, [2, 4]),
    "fal-ai/pixart-sigma": (11, 5, []),
    "fal-ai/recraft/v2/text-to-image": (6, 1, [3, 5, 2]),
    "fal-ai/stable-diffusion-v35-large": (13, 5, [2, 4, 10, 2, 5]),
}
STORED = [page for page in PAGES if page.form is Form.PAGE]


def given(fields: object) -> Fields:
    assert isinstance(fields, tuple)
    return fields


def description(text: str) -> Description:
    reading = read_page(text)
    assert not reading.problems
    return reading.description


@pytest.mark.parametrize("page", STORED, ids=lambda page: page.endpoint)
def test_every_stored_page_is_read_in_full(page: Page) -> None:
    found = description(text_of(page))
    assert found.endpoint == (page.endpoint,)
    counts = (len(given(found.input)), len(given(found.output)), [len(fields) for fields in found.types.values()])
    assert counts == COUNTS[page.endpoint]
    assert len(found.pool) == (12 if page.endpoint == "fal-ai/pixart-sigma" else 0)


def test_only_pages_with_marks_say_what_is_required() -> None:
    marked = {
        page.endpoint
        for page in STORED
        if any(one.required is not UNKNOWN for one in given(page.read().description.input))
    }
    assert marked == {"fal-ai/illusion-diffusion", "fal-ai/nucleus-image", "fal-ai/pixart-sigma"}


def test_no_page_shows_ranges() -> None:
    for page in STORED:
        found = page.read().description
        for fields in (given(found.input), given(found.output), *found.types.values()):
            assert all(one.range is UNKNOWN and one.examples is UNKNOWN for one in fields)


def test_a_field_without_name_is_unknown_not_absent() -> None:
    found = description(text_of(page_named("fal-ai/pixart-sigma", Form.PAGE)))
    names = [one.name for one in given(found.output)]
    assert names == [UNKNOWN, UNKNOWN, "seed", UNKNOWN, "prompt"]
    first = given(found.output)[0]
    assert (first.type, first.required, first.description) == (UNKNOWN, UNKNOWN, "The generated image files info.")


HEAD = 'fal.subscribe("a/b", {\n\n5. Schema\n#\nInput\n#\n'
FIELD = FieldDescription(name="it", line=7, type=Named("string"), default=QUIET, description="It is.")
UNION = """it ImageSize | Enum
It is. Default value: square

Possible enum values: square, wide

Note: For custom image sizes, you can pass the width and height as an object:


"it": {
  "width": 1,
  "height": 2
}
"""
FIELDS: dict[str, tuple[str, FieldDescription]] = {
    "plain": ("it string\nIt is.\n", FIELD),
    "without description": ("it string\n", replace(FIELD, description="")),
    "no-break spaces": ("it\N{NO-BREAK SPACE} string\n\nIt is.\n", FIELD),
    "wrapped": ("it string\nIt\nis.\n", FIELD),
    "default": ('it string\nIt is. Default value: "a"\n', replace(FIELD, default=Value("a"))),
    "nothing but a default": (
        "it float\nDefault value: 0.5\n",
        replace(FIELD, type=Named("float"), default=Value(0.5), description=""),
    ),
    "enum": (
        'it ModeEnum\nIt is. Default value: "a"\n\nPossible enum values: a, 2\n',
        replace(FIELD, type=Named("ModeEnum"), default=Text("a"), enum=Text("a, 2")),
    ),
    "enum without members": ("it ModeEnum\nIt is.\n", replace(FIELD, type=Named("ModeEnum"), enum=())),
    "list": ("it list<list<ImageFile>>\nIt is.\n", replace(FIELD, type=ListOf(ListOf(Named("ImageFile"))))),
    "union": (
        UNION,
        replace(
            FIELD, type=OneOf((Named("ImageSize"), Named("Enum"))), default=Text("square"), enum=Text("square, wide")
        ),
    ),
}


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_on_a_line(name: str) -> None:
    text, expected = FIELDS[name]
    assert given(description(HEAD + text).input) == (expected,)


def test_marks_say_what_is_required_of_all() -> None:
    found = given(description(HEAD + "it string* required\n\nIt is.\n\nother integer\n").input)
    assert [one.required for one in found] == [True, False]


def test_a_token_a_line() -> None:
    text = """Schema#
Input#
it
string
* requiredIt is. It
goes on.
mode
ModeEnum
The mode. Default value: "a"
Possible enum values: a, b
The size. Default value: square
Possible enum values: square, wide
Note: For custom image sizes, you can pass the width
and height
as an object:
"size": {
"width": 1
}
last
integer
{
"it": "x",
"mode": "a",
"size": "square"
}
Output#
The files. All of them.
seed
integer
* requiredThe seed.
Whether it is.
Other types#
Size#
width
integer
"""
    found = description(text)
    assert [(one.name, one.required, one.sample) for one in given(found.input)] == [
        ("it", True, Value("x")),
        ("mode", False, Value("a")),
        ("size", UNKNOWN, Value("square")),
        ("last", False, NONE),
    ]
    assert [one.description for one in given(found.input)] == ["It is. It goes on.", "The mode.", "The size.", ""]
    assert [(one.name, one.description) for one in given(found.output)] == [
        (UNKNOWN, "The files. All of them."),
        ("seed", "The seed."),
        (UNKNOWN, "Whether it is."),
    ]
    assert [one.name for one in found.types["Size"]] == ["width"]


def test_bare_quotes_and_lost_indentation_in_an_example() -> None:
    text = HEAD + 'it string\n{\n"it": "a "b", c",\n"size": {\n"width": 1\n},\n"list": [\n"x"\n]\n}\n'
    text = text.replace("it string\n", "it string\nsize Size\nlist list<string>\n")
    found = given(description(text).input)
    assert [one.sample for one in found] == [Value('a "b", c'), Value({"width": 1}), Value(["x"])]


WRONG: dict[str, tuple[str, str]] = {
    "empty": ("", "1: neither a heading \"Schema\" nor a line that begins with 'Read more about file handling'"),
    "nothing below": ("Schema\n", "1: nothing stands below the schema's heading"),
    "no headings": (
        "Schema\nit string\n{\n}\n",
        "2: without headings, the examples part input, output and types: two are needed",
    ),
    "text before": (HEAD.replace("Input", "Hello\nInput"), "5: stands before the first heading: Hello"),
    "text before the fields": (HEAD + "Hello.\nit string\n", "7: belongs to no field: Hello."),
    "text behind the members": (
        HEAD + "it ModeEnum\nIt is.\nPossible enum values: a\nHello.\n",
        "10: belongs to no field: Hello.",
    ),
    "twice": (HEAD + "it string\nit string\n", "8: the field it is there a second time"),
    "a heading without place": (HEAD + "it string\nPrices\n#\n", "8: a heading that has no place here: Prices"),
    "a type twice": (
        HEAD + "it A\nOther types\n#\nA\n#\nx string\nA\n#\nx string\n",
        "13: the type A is there a second time",
    ),
    "an example of nothing": (
        HEAD + 'it string\n{\n"other": 1\n}\n',
        "8: the example has other, which is none of the fields",
    ),
    "an example that is none": (HEAD + "it string\n{\nno\n}\n", "8: the example is not JSON"),
    "an example without end": (HEAD + 'it string\n{\n"it": 1\n', "8: the example does not end"),
    "an example twice": (HEAD + "it string\n{\n}\n{\n}\n", "10: has no place here: an example"),
    "a note without example": (
        HEAD + "it A | Enum\nNote: For custom image sizes, you can pass\n",
        "8: the note has no example of an object",
    ),
    "a note about another": (
        HEAD + 'it A | Enum\nNote: For custom image sizes\n"size": {\n}\n',
        "8: an object for size, which is not the field above",
    ),
    "a note twice": (
        HEAD + "it A | Enum\n" + 2 * 'Note: For custom image sizes\n"it": {\n}\n',
        "11: an object for it, which is not the field above",
    ),
    "text behind a note": (
        HEAD + 'it A | Enum\nNote: For custom image sizes\n"it": {\n}\nHello.\n',
        "11: belongs to no field: Hello.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_read_is_said(name: str) -> None:
    text, message = WRONG[name]
    assert [f"{one.line}: {one.message}" for one in read_page(text).problems] == [message]


@pytest.mark.parametrize(("opened", "closed"), [("[", "]"), ('{"a":', "}")])
def test_a_value_is_at_most_a_hundred_deep(opened: str, closed: str) -> None:
    deep, deeper = (opened * depth + "1" + closed * depth for depth in (100, 101))
    found = value_at(f"a{deep}b", 1)
    assert found is not None
    assert found[1] == len(deep) + 1
    assert value_at(deeper) is None
