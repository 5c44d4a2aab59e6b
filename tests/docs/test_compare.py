"""When two sides say the same, facet by facet, and which field of a page is which."""

from __future__ import annotations

from typing import Any

import pytest

from generator.docs.compare.align import aligned, partition
from generator.docs.compare.descriptions import compare
from generator.docs.compare.disagreements import Facet
from generator.docs.compare.facets import compared, same_prose, same_type, shown
from generator.docs.describe import NONE, QUIET, UNKNOWN, Beginning, Description, FieldDescription, Range, Text, Value
from generator.docs.labels import Label, Named, parse_label


def label(text: str) -> Label:
    found = parse_label(text)
    assert found is not None
    return found


TYPES = ["Image", "LoraWeight", "SizeParam"]


@pytest.mark.parametrize(
    ("page", "emitted", "same"),
    [
        ("string", "string", True),
        ("integer", "float", False),
        ("float", "integer", False),
        ("ModeEnum", "Enum", True),
        ("Enum", "Enum", True),
        ("string", "Enum", False),
        ("string", "constant string", True),
        ("ModeEnum", "constant string", True),
        ("integer", "constant string", False),
        ("ModeEnum", "string", False),
        ("Image", "Image", True),
        ("Image", "ImageFile", False),
        ("Size", "SizeParam", True),
        ("File", "PlainVideo", True),
        ("list<File>", "list<PlainImage>", True),
        ("Image", "PlainImage", False),
        ("File", "VideoFile", False),
        ("fal-ai_Lora_Weight", "FalAiLoraWeight", True),
        ("string", "Image", False),
        ("Image", "string", False),
        ("list<Image>", "list<Image>", True),
        ("Image", "list<Image>", False),
        ("list<Image>", "Image", False),
        ("list<string>", "list<integer>", False),
        ("Size | Enum", "SizeParam | Enum", True),
        ("Enum | Size", "SizeParam | Enum", True),
        ("Size | Enum", "SizeParam", False),
        ("Size | string", "SizeParam | Enum", False),
        ("string | string", "string | integer", False),
        ("object", "object", True),
        ("It", "object", True),  # a map, named after its field
        ("Timings", "object", False),
        ("list<Thing>", "list<object>", True),
        ("list<Image>", "list<object>", False),
        ("String", "string", False),
        ("any", "any", True),
        ("Missing", "any", True),
        ("Image", "any", False),
        ("string", "any", False),
        ("list<Missing | Other>", "list<any>", True),
        ("list<string | Image>", "list<any>", False),
    ],
)
def test_types(page: str, emitted: str, same: bool) -> None:
    assert same_type(label(page), label(emitted), TYPES, field="it") is same


def agrees(facet: Facet, page: dict[str, Any], emitted: dict[str, Any], *, output: bool = False) -> bool | None:
    """Whether the sides agree; None where the page does not show the facet."""
    plain = {"default": NONE, "enum": (), "range": NONE, "examples": (), "required": False, "type": Named("string")}
    ours = FieldDescription(name="it", **{**plain, **emitted})
    return dict(compared(FieldDescription(name="it", **page), ours, TYPES, output=output)).get(facet)


V = Value
LONG = V("x" * 400)
CASES: list[tuple[Facet, dict[str, Any], dict[str, Any], bool | None]] = [
    (Facet.TYPE, {"type": Named("string")}, {}, True),
    (Facet.TYPE, {"type": Named("string")}, {"type": UNKNOWN}, None),
    (Facet.TYPE, {}, {}, None),
    (Facet.REQUIRED, {}, {"required": True}, None),
    (Facet.REQUIRED, {"required": True}, {"required": True}, True),
    (Facet.REQUIRED, {"required": True}, {"required": False, "default": V(1)}, False),
    (Facet.REQUIRED, {"required": False}, {"required": True}, False),
    (Facet.DEFAULT, {}, {"default": V(1)}, None),
    (Facet.DEFAULT, {"default": V(8)}, {"default": V(8.0)}, True),
    (Facet.DEFAULT, {"default": V(True)}, {"default": V(1)}, False),
    (Facet.DEFAULT, {"default": V("8")}, {"default": V(8)}, False),
    (Facet.DEFAULT, {"default": V(8)}, {}, False),
    (Facet.DEFAULT, {"default": V(None)}, {}, True),
    (Facet.DEFAULT, {"default": V({"b": 1, "a": 2})}, {"default": V({"a": 2, "b": 1})}, True),
    (Facet.DEFAULT, {"default": Text("8")}, {"default": V(8)}, True),
    (Facet.DEFAULT, {"default": Text("8")}, {"default": V("8")}, True),
    (Facet.DEFAULT, {"default": Text("a")}, {"default": V("b")}, False),
    (Facet.DEFAULT, {"default": NONE}, {}, True),
    (Facet.DEFAULT, {"default": NONE}, {"default": V(False)}, False),
    (Facet.DEFAULT, {"default": NONE}, {"default": V(None)}, True),
    *[
        (Facet.DEFAULT, {"default": QUIET}, {"default": V(quiet)}, True)
        for quiet in (False, 0, 0.0, None, [1], {"a": 1})
    ],
    *[(Facet.DEFAULT, {"default": QUIET}, {"default": V(loud)}, False) for loud in (True, 1, "", "a")],
    (Facet.ENUM, {"enum": (V("a"), V("b"))}, {"enum": (V("a"), V("b"))}, True),
    (Facet.ENUM, {"enum": (V("a"), V("b"))}, {"enum": (V("b"), V("a"))}, False),
    (Facet.ENUM, {"enum": (V("1"),)}, {"enum": (V(1),)}, False),
    (Facet.ENUM, {"enum": ()}, {"enum": (V("a"),)}, False),
    (Facet.ENUM, {"enum": Text("a, b, 1, true")}, {"enum": (V("a, b"), V(1), V(True))}, True),
    (Facet.ENUM, {"enum": Text("a")}, {}, False),
    (Facet.ENUM, {"enum": NONE}, {}, True),
    (Facet.ENUM, {"enum": NONE}, {"enum": (V("a"),)}, False),
    (Facet.RANGE, {"range": Range(1, 2)}, {"range": Range(1, 2)}, True),
    (Facet.RANGE, {"range": Range(1, 2)}, {"range": Range(1, None)}, False),
    (Facet.RANGE, {"range": Range(1, 2)}, {}, False),
    (Facet.RANGE, {"range": Range(1, 2, 0.5)}, {"range": Range(1, 2, 0.5)}, True),
    (Facet.RANGE, {"range": Range(1, 2, 0.5)}, {"range": Range(1, 2)}, False),
    (Facet.RANGE, {"range": Range(1, 2)}, {"range": Range(1, 2, 0.5)}, True),
    (Facet.RANGE, {"range": NONE}, {"range": Range(1, None)}, True),
    (Facet.RANGE, {"range": NONE}, {"range": Range(1, 2)}, False),
    (Facet.EXAMPLES, {"examples": ()}, {}, True),
    (Facet.EXAMPLES, {"examples": ()}, {"examples": (V("a"),)}, False),
    (Facet.EXAMPLES, {"examples": (V("a"), V("b"))}, {"examples": (V("a"),)}, True),
    (Facet.EXAMPLES, {"examples": (V("a"), V("b"))}, {"examples": (V("b"),)}, False),
    (Facet.EXAMPLES, {"examples": (V("a"),)}, {}, False),
    (Facet.EXAMPLES, {"examples": (V("a"), V("b"))}, {"examples": (V("b"),), "default": V("a")}, True),
    (Facet.EXAMPLES, {"examples": (V(""), V([]))}, {}, True),
    (Facet.EXAMPLES, {"examples": (V(""), LONG)}, {}, False),
    (Facet.EXAMPLES, {"examples": (V(""), LONG)}, {"examples": (Beginning("xx"),)}, True),
    (Facet.EXAMPLES, {"examples": (LONG,)}, {"examples": (Beginning("xy"),)}, False),
    (Facet.EXAMPLES, {"examples": (LONG,)}, {"examples": (LONG,)}, False),
    (Facet.EXAMPLES, {"examples": (V("xxx"),)}, {"examples": (Beginning("xx"),)}, False),
    (Facet.EXAMPLES, {"examples": (LONG, V("y"))}, {"examples": (V("y"),)}, True),
    (Facet.EXAMPLES, {"examples": (LONG, V("y"))}, {"examples": (Beginning("xx"),)}, False),
    (Facet.EXAMPLES, {"examples": (V("é" * 298),)}, {"examples": (V("é" * 298),)}, True),
    (Facet.EXAMPLES, {"examples": (V("é" * 299),)}, {"examples": (Beginning("é"),)}, True),
    (Facet.EXAMPLES, {"sample": LONG}, {"examples": (Beginning("xx"),)}, True),
    (Facet.EXAMPLES, {"sample": LONG}, {}, False),
    (Facet.EXAMPLES, {"sample": V("a")}, {"examples": (V("a"),)}, True),
    (Facet.EXAMPLES, {"sample": V("a")}, {"examples": (V("b"),)}, False),
    (Facet.EXAMPLES, {"sample": V("a")}, {"default": V("a")}, True),
    (Facet.EXAMPLES, {"sample": V("a")}, {"default": V("b")}, False),
    (Facet.EXAMPLES, {"sample": V("a")}, {}, False),
    (Facet.EXAMPLES, {"sample": NONE}, {"examples": (V("a"),)}, False),
    (Facet.EXAMPLES, {"sample": NONE}, {"default": V("a")}, True),
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_facets(case: tuple[Facet, dict[str, Any], dict[str, Any], bool | None]) -> None:
    facet, page, emitted, expected = case
    assert agrees(facet, page, emitted) is expected


@pytest.mark.parametrize(
    ("facet", "says", "words"),
    [
        (Facet.TYPE, {"type": Named("string")}, "string"),
        (Facet.REQUIRED, {"required": True}, "required"),
        (Facet.REQUIRED, {"required": False}, "optional"),
        (Facet.REQUIRED, {}, "optional"),
        (Facet.DEFAULT, {"default": V(False)}, "false"),
        (Facet.DEFAULT, {"default": NONE}, "none"),
        (Facet.DEFAULT, {"default": QUIET}, "none that the site shows"),
        (Facet.ENUM, {"enum": (V("a"), V(1))}, '"a", 1'),
        (Facet.ENUM, {"enum": Text("a, 1")}, "a, 1"),
        (Facet.ENUM, {"enum": UNKNOWN}, "not shown"),
        (Facet.RANGE, {"range": Range(1, None)}, "1 to …"),
        (Facet.RANGE, {"range": Range(None, 0.5)}, "… to 0.5"),
        (Facet.RANGE, {"range": NONE}, "none"),
        (Facet.EXAMPLES, {"examples": (V("a"), V("é"))}, '"a", "é"'),
        (Facet.EXAMPLES, {"examples": ()}, "none"),
        (Facet.EXAMPLES, {"sample": V("a")}, '"a"'),
        (Facet.EXAMPLES, {}, "not shown"),
        (Facet.DESCRIPTION, {"description": "What it is."}, "What it is."),
        (Facet.DESCRIPTION, {}, "not shown"),
    ],
)
def test_what_a_side_says_in_one_line(facet: Facet, says: dict[str, Any], words: str) -> None:
    assert shown(FieldDescription(name="it", **says), facet) == words


def test_the_example_of_an_output_is_filled_with_something() -> None:
    made_up = {"sample": Value([{"url": ""}])}
    assert agrees(Facet.EXAMPLES, made_up, {}, output=True)
    assert not agrees(Facet.EXAMPLES, made_up, {})
    assert not agrees(Facet.EXAMPLES, {"sample": Value(7)}, {}, output=True)


def test_prose() -> None:
    assert same_prose("It is\n  so.", "It is so.", rendered=False)
    assert not same_prose("It is `so`.", "It is so.", rendered=False)
    assert same_prose("It is so, see there. One", "It is `so`, **see** [there](https://x). - One", rendered=True)
    assert not same_prose("It is so.", "It is not so.", rendered=True)
    assert same_prose(UNKNOWN, "It.", rendered=False)


def one(name: Any, text: str = "") -> FieldDescription:
    return FieldDescription(name=name, description=text)


def test_fields_without_name_are_found_between_their_neighbours() -> None:
    page = (one(UNKNOWN, "Files."), one("seed", "Seed. More."), one(UNKNOWN, "Safe?"), one("end"))
    emitted = (one("files", "Files."), one("seed", "Seed. More."), one("safe", "Safe?"), one("end"))
    found = aligned(page, emitted)
    assert [[e.name for e in group.emitted] for group in found.groups] == [["files"], ["seed", "safe"], ["end"]]
    assert not found.only_page
    assert not found.only_emitted


def test_a_description_that_was_taken_for_two_or_two_for_one() -> None:
    emitted = (one("seed", "Seed. More."), one("safe", "Safe?"))
    for page in (
        (one("seed", "Seed."), one(UNKNOWN, "More."), one(UNKNOWN, "Safe?")),
        (one("seed", "Seed. More. Safe?"),),
    ):
        found = aligned(page, emitted)
        assert not found.only_page
        assert not found.only_emitted
    alone = aligned((one("seed", "Seed."), one(UNKNOWN, "More.")), emitted[:1])
    assert not alone.only_page


def test_what_only_one_side_has() -> None:
    found = aligned((one("a"), one("b"), one("x"), one(UNKNOWN, "Lost.")), (one("b"), one("c"), one("a")))
    assert [f.name for f in found.only_page] == ["x", UNKNOWN]
    assert [f.name for f in found.only_emitted] == ["c"]
    assert found.order == (("a", "b"), ("b", "a"))


def test_fields_of_types_without_name() -> None:
    types = {"A": (one("x"), one("y")), "B": (one("x"), one("z"), one("y")), "C": (one("only"),)}
    found = partition(
        (one("x"), one("z"), one("y"), one("lost"), one("x"), one("y"), one("only"), one(UNKNOWN, "!")), types
    )
    assert [name for name, _ in found.types] == ["B", "A", "C"]
    assert [f.name for f in found.rest] == ["lost", UNKNOWN]
    # A third of a type is no sign of it.
    assert not partition((one("x"), one("q"), one("r")), {"B": types["B"]}).types
    # Nothing tells that a field without name begins one, however much of it follows.
    assert not partition((one(UNKNOWN, "!"),), {"C": types["C"]}).types
    assert not partition((one(UNKNOWN, "!"), one("z"), one("y")), {"B": types["B"]}).types


def test_nested_types() -> None:
    def text(name: str) -> FieldDescription:
        return FieldDescription(name=name, type=Named("string"), description="")

    size = FieldDescription(name="size", type=Named("Size"))
    emitted = Description(input=(size,), output=(), types={"SizeParam": (text("w"),)}, types_complete=True)
    page = Description(
        input=(size,), output=(), types={"Size": (text("w"),), "NotOurs": (text("a"),)}, types_complete=True
    )
    assert not compare(page, emitted).disagreements

    def wrong(
        types: dict[str, tuple[FieldDescription, ...]], ours: Description = emitted
    ) -> list[tuple[str, str, str]]:
        found = compare(Description(input=(size,), output=(), types=types, types_complete=True), ours).disagreements
        return [(one.place, one.page, one.emitted) for one in found if one.facet is Facet.NESTED]

    assert wrong({}) == [("types.SizeParam", "not there", "there")]
    assert wrong({"Size": (text("h"),)}) == [
        ("types.Size.h", "fields: there", "not there"),
        ("types.Size.w", "fields: not there", "there"),
    ]
    in_words = Description(input=(size,), output=(), types={"Size_Param": (text("w"),)}, types_complete=True)
    assert not [one for one in compare(in_words, emitted).disagreements if one.facet is Facet.NESTED]
    inner = FieldDescription(name="inner", type=Named("Inner"))
    chain = {"Size": (text("w"), inner), "Inner": (text("a"),)}
    assert ("types.Inner", "there", "not there") in wrong(chain)
    bare = Description(input=(size,), output=(), types={}, types_complete=True)
    assert wrong({"Size": (text("w"),)}, bare) == [("types.Size", "there", "not there")]


def test_a_section_without_fields_is_one_disagreement() -> None:
    found = compare(Description(output=()), Description(output=(one("a"), one("b")))).disagreements
    assert [(d.place, d.page, d.emitted) for d in found] == [("output", "no fields", "a, b")]
    assert not compare(Description(), Description(output=(one("a"),))).compared


def test_a_file_has_a_class_for_what_it_is_in_each_field() -> None:
    """Each of them is held against what the page says of a file."""

    def url(description: str) -> FieldDescription:
        return FieldDescription(name="url", type=Named("string"), description=description)

    page = Description(
        input=(),
        output=(
            FieldDescription(name="video", type=Named("File")),
            FieldDescription(name="weights", type=Named("File")),
        ),
        types={"File": (url("Where it is."),)},
        types_complete=True,
    )
    output = (
        FieldDescription(name="video", type=Named("PlainVideo")),
        FieldDescription(name="weights", type=Named("File")),
    )

    def wrong(**types: FieldDescription) -> set[str]:
        emitted = Description(
            input=(), output=output, types={name: (one,) for name, one in types.items()}, types_complete=True
        )
        return {one.emitted for one in compare(page, emitted).disagreements}

    assert wrong(File=url("Where it is."), PlainVideo=url("Where it is.")) == set()
    assert wrong(File=url("Where it is."), PlainVideo=url("Elsewhere.")) == {"Elsewhere."}
    assert wrong(PlainVideo=url("Where it is.")) == set()
