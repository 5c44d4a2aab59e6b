"""The reader of `llms.txt`: what each form of a line means, and what it says of a line that has none."""

from __future__ import annotations

from typing import Any

import pytest

from docs.support import Form, page_named, text_of
from generator.docs.describe import NONE, UNKNOWN, FieldDescription, Range, Text, Value
from generator.docs.labels import ListOf, Named, OneOf, parse_label
from generator.docs.pages.llms import read_llms


def page(body: str, *, output: str = "- **`out`** (`string`, _required_)\n") -> str:
    head = "# It\n\n## Overview\n\n- **Model ID**: `a/b`\n\n"
    return f"{head}### Input Schema\n\nIt takes:\n\n\n{body}\n### Output Schema\n\n{output}"


def field(*lines: str, head: str = "- **`it`** (`string`, _optional_):") -> FieldDescription:
    """The field that these lines make, of a page on which everything can be read."""
    reading = read_llms(page("\n".join([head, *(f"  {line}" for line in lines), "", ""])))
    assert not reading.problems
    assert reading.description.input is not UNKNOWN
    (found,) = reading.description.input
    return found


def problems(text: str) -> list[str]:
    return [f"{one.line}: {one.message}" for one in read_llms(text).problems]


def test_the_stored_page_in_full() -> None:
    text = text_of(page_named("fal-ai/nucleus-image", Form.LLMS))
    reading = read_llms(text)
    assert not reading.problems
    found = reading.description
    assert found.endpoint == ("fal-ai/nucleus-image",)
    assert found.input is not UNKNOWN
    assert found.output is not UNKNOWN
    assert [len(found.input), len(found.output)] == [10, 5]
    assert found.input[2] == FieldDescription(
        name="aspect_ratio",
        line=42,
        type=Named("AspectRatioEnum"),
        required=False,
        default=Value("1:1"),
        enum=tuple(map(Value, ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"])),
        range=NONE,
        examples=(),
        description="The output aspect ratio. Nucleus-Image supports a fixed set of aspect-ratio presets.",
    )


# The lines below a field, and what is known then. Everything else stays as it is without them.
FORMS: dict[str, tuple[list[str], dict[str, Any]]] = {
    "nothing": ([], {}),
    "a description": (["What it is."], {"description": "What it is."}),
    "on several lines": (["What it is,", "in two lines."], {"description": "What it is, in two lines."}),
    "in paragraphs": (["One.", "", "  Two,", "    indented."], {"description": "One. Two, indented."}),
    "with a list": (["Modes:", "- fast: `1`", "- slow", "* none"], {"description": "Modes: - fast: `1` - slow * none"}),
    "a list before the attributes": (
        ["Modes:", "- fast", "- Default: `1`"],
        {"description": "Modes: - fast", "default": Value(1)},
    ),
    "a default": (["- Default: `8`"], {"default": Value(8)}),
    "null": (["- Default: `null`"], {"default": Value(None)}),
    "an object": (['- Default: `{"width":1024,"height":512}`'], {"default": Value({"width": 1024, "height": 512})}),
    "a list as default": (['- Default: `["a","b"]`'], {"default": Value(["a", "b"])}),
    "quotes and backticks": ([r'- Default: `"a \"b\" `c`, `d` "`'], {"default": Value('a "b" `c`, `d` ')}),
    "a suffix": (["It. Default value: `8`"], {"description": "It.", "default": Value(8)}),
    "a suffix and its line": (
        ["It. Default value: `8`", "- Default: `8`"],
        {"description": "It.", "default": Value(8)},
    ),
    "a suffix alone": ([" Default value: `true`", "- Default: `true`"], {"default": Value(True)}),
    "a quoted integer in a suffix": (
        ['It. Default value: `"6"`', "- Default: `6`"],
        {"description": "It.", "default": Value(6)},
    ),
    "a bare suffix": (
        ["It. Default value: `square_hd`", '- Default: `"square_hd"`'],
        {"description": "It.", "default": Value("square_hd")},
    ),
    "a bare suffix alone": (["It. Default value: `square_hd`"], {"description": "It.", "default": Text("square_hd")}),
    "words that are no suffix": (
        ["The Default value: here. It is more. Yes."],
        {"description": "The Default value: here. It is more. Yes."},
    ),
    "a range": (["- Range: `0` to `0.5`"], {"range": Range(0, 0.5)}),
    "a step": (["- Range: `0` to `1`, step: `0.0001`"], {"range": Range(0, 1, 0.0001)}),
    "below zero": (["- Range: `-1` to `1`"], {"range": Range(-1, 1)}),
    "one example": (['- Examples: "a"'], {"examples": (Value("a"),)}),
    "examples": (
        ['- Examples: "a, \\"b\\"", 2, {"c": [3]}, null'],
        {"examples": tuple(map(Value, ['a, "b"', 2, {"c": [3]}, None]))},
    ),
    "another order": (
        ["- Examples: 1", "- Range: `1` to `2`", "- Default: `1`"],
        {"examples": (Value(1),), "range": Range(1, 2), "default": Value(1)},
    ),
}


@pytest.mark.parametrize("name", FORMS)
def test_form(name: str) -> None:
    lines, known = FORMS[name]
    plain: dict[str, Any] = {"default": NONE, "range": NONE, "enum": UNKNOWN, "examples": (), "description": ""}
    found = field(*lines)
    assert {key: getattr(found, key) for key in plain} == plain | known


def test_options() -> None:
    head = "- **`it`** (`ModeEnum`, _required_):"
    assert field('- Options: `"a"`, `"b, c"`', head=head).enum == (Value("a"), Value("b, c"))
    assert field("- Options: `24`, `true`", head=head).enum == (Value(24), Value(True))
    assert field(head=head).enum == ()
    assert field(head="- **`it`** (`list<Enum>`, _required_):").enum is UNKNOWN
    assert field(head="- **`it`** (`Size | Enum`, _required_):").enum is UNKNOWN


HEADS: dict[str, tuple[str, bool | None, Any]] = {
    "- **`it`** (`string`, _required_):": ("it", True, Named("string")),
    "- **`it`** (`string`, _optional_)": ("it", False, Named("string")),
    "- **`it`** (`string`)": ("it", None, Named("string")),
    "* **`it`**  ( `list<ImageFile>` ,  *required* ) :": ("it", True, ListOf(Named("ImageFile"))),
    "- **`a-b.c`** (`AspectRatio(W:H)Enum`, _optional_):": ("a-b.c", False, Named("AspectRatio(W:H)Enum")),
    "- **`it`** (`list<A | list<B>>`, _optional_):": ("it", False, ListOf(OneOf((Named("A"), ListOf(Named("B")))))),
    "- **`it`** (`ImageSize|Enum`, _optional_):": ("it", False, OneOf((Named("ImageSize"), Named("Enum")))),
    "- **`it`** (`ImageSize | Enum`, _optional_):": ("it", False, OneOf((Named("ImageSize"), Named("Enum")))),
}


@pytest.mark.parametrize("head", HEADS)
def test_head(head: str) -> None:
    name, required, label = HEADS[head]
    found = field(head=head)
    assert (found.name, found.required, found.type) == (name, UNKNOWN if required is None else required, label)


def test_a_description_may_begin_on_the_fields_own_line() -> None:
    assert field("and on.", head="- **`it`** (`string`, _optional_): It goes on").description == "It goes on and on."


@pytest.mark.parametrize("text", ["", "list<", "list<a", "a>", "a |", "| a", "list<a>b", "dict<a>", "list<>"])
def test_no_label(text: str) -> None:
    assert parse_label(text) is None


@pytest.mark.parametrize(("opened", "most"), [("list<", 20), ("int | list<", 10)])
def test_a_label_is_at_most_twenty_deep(opened: str, most: int) -> None:
    deep, deeper = (opened * steps + "int" + ">" * steps for steps in (most, most + 1))
    assert str(parse_label(deep)) == deep
    assert parse_label(deeper) is None


def test_fields_below_a_field_are_those_of_its_type() -> None:
    body = """- **`loras`** (`list<LoraWeight>`, _optional_):
  What to apply.
  - Default: `[]`
  - Array of LoraWeight
  - **`path`** (`string`, _required_):
    Where it is.
  - **`scale`** (`float`, _optional_):
    How much. Default value: `1`
    - Default: `1`
    - Range: `0` to `4`

- **`size`** (`Size | Enum`, _optional_)
  - One of: Size | Enum
  - **`width`** (`integer`, _required_)
"""
    found = read_llms(page(body))
    assert not found.problems
    assert found.description.input is not UNKNOWN
    assert [one.name for one in found.description.input] == ["loras", "size"]
    assert found.description.input[0].description == "What to apply."
    assert [(name, [one.name for one in fields]) for name, fields in found.description.types.items()] == [
        ("LoraWeight", ["path", "scale"]),
        ("Size", ["width"]),
    ]
    assert found.description.types["LoraWeight"][1].range == Range(0, 4)


def test_white_space_and_line_ends_mean_nothing() -> None:
    text = text_of(page_named("fal-ai/nucleus-image", Form.LLMS))
    expected = read_llms(text)
    for other in (
        text.replace("\n", "\r\n"),
        text.replace("\n", "  \n"),
        "\ufeff" + text,
        text.replace("  - ", "\t- "),
    ):
        assert read_llms(other) == expected
    roomy = read_llms(text.replace("\n- **`", "\n\n\n- **`"))
    assert not roomy.problems


def test_a_page_without_output_says_nothing_of_it() -> None:
    text = page("- **`it`** (`string`, _required_)\n").partition("### Output")[0]
    reading = read_llms(text)
    assert not reading.problems
    assert reading.description.output is UNKNOWN


def test_only_the_schema_is_read() -> None:
    text = (
        page("- **`it`** (`string`, _required_)\n")
        + "\n## Pricing\n\n- **`no`** (`string`, _required_)\n```\n### Input Schema\n"
    )
    reading = read_llms(text)
    assert not reading.problems
    assert reading.description.output is not UNKNOWN
    assert [one.name for one in reading.description.output] == ["out"]


IT = "- **`it`** (`string`, _required_):\n  It is.\n"
# What is wrong, and the message with its line.
WRONG: dict[str, tuple[str, str]] = {
    "no section": ("# It\n", '1: no section "Input Schema"'),
    "HTML": ("<!doctype html>\n<html></html>\n", '1: no section "Input Schema"'),
    "a field without type": (
        page("- **`it`** (_required_)\n"),
        "12: is no field that can be read: - **`it`** (_required_)",
    ),
    "a mark that is none": (
        page("- **`it`** (`string`, _maybe_)\n"),
        "12: is no field that can be read: - **`it`** (`string`, _maybe_)",
    ),
    "a type that is none": (
        page("- **`it`** (`list<string`, _required_)\n"),
        "12: is no field that can be read: - **`it`** (`list<string`, _required_)",
    ),
    "twice": (page(IT + IT), "14: the field it is there a second time"),
    "text before": (page("Something.\n" + IT), "12: belongs to no field: Something."),
    "text behind": (page(IT + "\nSomething.\n"), "15: belongs to no field: Something."),
    "no JSON": (
        page(IT + "  - Default: `abc`\n"),
        "14: cannot be read as something that is said of a field: - Default: `abc`",
    ),
    "no backticks": (
        page(IT + "  - Default: 8\n"),
        "14: cannot be read as something that is said of a field: - Default: 8",
    ),
    "two defaults": (
        page(IT + "  - Default: `8`, `9`\n"),
        "14: cannot be read as something that is said of a field: - Default: `8`, `9`",
    ),
    "half a range": (
        page(IT + "  - Range: `1`\n"),
        "14: cannot be read as something that is said of a field: - Range: `1`",
    ),
    "options": (
        page(IT + '  - Options: `"a"` `"b"`\n'),
        '14: cannot be read as something that is said of a field: - Options: `"a"` `"b"`',
    ),
    "examples": (
        page(IT + '  - Examples: "a" "b"\n'),
        '14: cannot be read as something that is said of a field: - Examples: "a" "b"',
    ),
    "another list": (
        page(IT + "  - Array of string\n"),
        "14: cannot be read as something that is said of a field: - Array of string",
    ),
    "an unknown attribute": (
        page(IT + "  - Default: `1`\n  - Minimum: `1`\n"),
        "15: cannot be read as something that is said of a field: - Minimum: `1`",
    ),
    "an attribute twice": (
        page(IT + "  - Default: `1`\n  - Default: `1`\n"),
        "15: is said of it a second time: - Default: `1`",
    ),
    "an attribute in the prose": (
        page(IT + "  - Default: `1`\n  And more.\n"),
        "14: stands within the description of it: - Default: `1`",
    ),
    "two minds": (
        page(IT.replace("is.", "is. Default value: `8`") + "  - Default: `9`\n"),
        "12: it has one default in its description and another below it",
    ),
    "a second section": (page(IT) + "\n### Input Schema\n\n" + IT, "19: a second section about the input"),
    "an example that is none": (page(IT + "\n**Full Example**:\n\n```json\n{,}\n```\n"), "17: the example is not JSON"),
    "an example without end": (
        page(IT, output="- **`o`** (`string`)\n\n**Example Response**:\n\n```json\n{}\n"),
        "21: the example does not end",
    ),
    "text between the examples": (
        page(IT + "\n**Full Example**:\n\nSee below.\n"),
        "17: stands between the examples: See below.",
    ),
    "a type of two minds": (
        page("- **`a`** (`A`)\n  - **`x`** (`string`)\n- **`b`** (`A`)\n  - **`y`** (`string`)\n"),
        "14: A has other fields here than elsewhere on the page",
    ),
    "fields below a string": (
        page("- **`a`** (`string`)\n  - **`x`** (`string`)\n"),
        "12: has fields below it, but its type string names no object type, or several",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_read_is_said(name: str) -> None:
    text, message = WRONG[name]
    assert problems(text) == [message]
