"""The look at the emitted package: what it finds, whose package it is, and that it leaves nothing behind."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest

from docs.support import REPOSITORY, make_project
from generator.docs.describe import NONE, UNKNOWN, Beginning, Description, FieldDescription, Range, Value
from generator.docs.emitted.docstrings import FieldDoc, parse_doc
from generator.docs.emitted.package import EmittedError, imported
from generator.docs.labels import ListOf, Named, OneOf

if TYPE_CHECKING:
    from pathlib import Path

AWKWARD = (REPOSITORY / "tests" / "cases" / "awkward.json").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A document of our own that has everything, under the name that the repository's package has."""
    return make_project(tmp_path_factory.mktemp("emitted"), {"fal-ai/awkward": AWKWARD})


@pytest.fixture(scope="module")
def awkward(project: Path) -> Description:
    with imported(project / "generated" / "fal_typed") as package:
        description, contradictions = package.describe("fal-ai/awkward")
    assert not contradictions
    return description


def fields(found: object) -> dict[object, FieldDescription]:
    assert isinstance(found, tuple)
    return {one.name: one for one in found}


def test_the_fields_are_those_of_the_document_in_its_order(awkward: Description) -> None:
    data = json.loads(AWKWARD)
    schemas = data["components"]["schemas"]
    order = schemas["AwkwardInput"]["x-fal-order-properties"]
    assert list(fields(awkward.input)) == order
    assert awkward.endpoint == ("fal-ai/awkward", "fal-ai/other-name")


def test_types(awkward: Description) -> None:
    found = {name: str(one.type) for name, one in fields(awkward.input).items()}
    assert found["prompt"] == "string"
    assert found["class"] == "string"
    assert found["guidance-scale"] == "float"
    assert found["2d"] == "boolean"
    assert found["__secret__"] == "integer"
    assert found["logs"] == "list<string>"
    assert found["mode"] == "Enum"
    assert found["tree"] == "TreeParam"
    assert found["kind"] == "Circle | Square"
    assert found["size"] == "Size | Enum"
    assert found["map"] == "object"
    assert found["anything"] == "any"
    assert found["many"] == "list<float>"


def test_facts(awkward: Description) -> None:
    found = fields(awkward.input)
    assert found["size"].default == Value({"height": 512, "width": 512})
    assert found["size"].enum == tuple(map(Value, ["square_hd", "16:9", ""]))
    assert found["odd"].enum == tuple(map(Value, ["it's", '"q"', "\\", "🎙️", " padded ", 5, True]))
    assert found["guidance-scale"].range == Range(0, None)
    assert found["map"].range is NONE
    assert found["prompt"].examples == (Value('a "cat"'),)
    assert found["negative"].default == Value("")
    assert found["negative"].description == "Indented, with trailing spaces"
    assert found["old"].default == Value(True)
    assert (found["old"].description, found["old"].required) == ("", False)


def test_what_the_documentation_calls_required_is_known_although_it_need_not_be_given(awkward: Description) -> None:
    mode = fields(awkward.input)["mode"]
    assert (mode.required, mode.default) == (True, Value("fast"))


def test_one_of_several_outputs_has_no_fields_of_its_own(awkward: Description) -> None:
    assert awkward.output is UNKNOWN
    assert {"Done", "Failed", "Tree", "TreeParam", "Ping", "Pong"} <= awkward.types.keys()
    done = fields(awkward.types["Done"])
    assert list(done)[:2] == ["copy", "image"]
    assert done["timestamp"].type == ListOf(Named("float"))
    assert fields(awkward.types["Pong"])["pings"].type == ListOf(Named("Ping"))
    assert fields(awkward.types["Failed"])["type"].enum == (Value("failed"),)


def test_it_is_the_package_in_the_folder_whatever_is_loaded(project: Path) -> None:
    import fal_typed
    from fal_typed.endpoints import imagen4

    before = {name: module for name, module in sys.modules.items() if name.startswith("fal_typed")}
    with imported(project / "generated" / "fal_typed") as package:
        assert list(package.endpoints) == ["fal-ai/awkward"]
    after = {name: module for name, module in sys.modules.items() if name.startswith("fal_typed")}
    assert after == before
    assert (sys.modules["fal_typed"], sys.modules["fal_typed.endpoints.imagen4"]) == (fal_typed, imagen4)
    assert not [name for name in sys.modules if "under_verification" in name]


def test_nothing_is_written_beside_it(project: Path) -> None:
    assert not list((project / "generated").rglob("__pycache__"))


@pytest.mark.parametrize(("told", "numbers"), [(" Range: at least 1, below 20.", "1, 20"), ("", "none")])
def test_a_docstring_that_contradicts_its_annotation_is_found(
    project: Path, tmp_path: Path, told: str, numbers: str
) -> None:
    from shutil import copytree

    folder = copytree(project / "generated" / "fal_typed", tmp_path / "fal_typed")
    module = folder / "endpoints" / "awkward.py"
    text = module.read_text(encoding="utf-8")
    module.write_text(text.replace(" Range: at least 0, below 20.", told), encoding="utf-8")
    with imported(folder) as package:
        (found,) = package.describe("fal-ai/awkward")[1]
    assert (found.place, found.docstring, found.annotation) == ("AwkwardInput.guidance-scale", numbers, "0, 20")


@pytest.mark.parametrize("broken", ["", "__init__.py", "endpoints/awkward.py"])
def test_what_cannot_be_imported_is_an_error(project: Path, tmp_path: Path, broken: str) -> None:
    from shutil import copytree

    folder = tmp_path / "fal_typed"
    if broken:
        copytree(project / "generated" / "fal_typed", folder)
        (folder / broken).write_text("import no_such_module\n", encoding="utf-8")
    with (
        pytest.raises(EmittedError, match="no_such_module" if broken else "run `regenerate` first"),
        imported(folder) as p,
    ):
        p.describe("fal-ai/awkward")
    assert not [name for name in sys.modules if "under_verification" in name]


DOCS: dict[str, tuple[str, FieldDoc]] = {
    "nothing": ("", FieldDoc()),
    "prose": ("A sentence,\nwrapped.", FieldDoc("A sentence, wrapped.")),
    "a default": ("It.\n\nDefault: `[1, None]`.", FieldDoc("It.", Value([1, None]))),
    "alone": ("Default: `True`.", FieldDoc("", Value(True))),
    "of an output": ("Server default: `'a'`.", FieldDoc("", Value("a"))),
    "all": (
        "It.\n\nDeprecated. Documented as required. Default: `-1`. Range: -1 to 2.5.\n\nExample: `{'a': 1}`.",
        FieldDoc("It.", Value(-1), Value({"a": 1}), frozenset({-1.0, 2.5}), required=True),
    ),
    "a beginning": ('Example: `"a b"` … (1,402 characters).', FieldDoc(example=Beginning("a b"))),
    "own words about a field of its type": (
        "The weights.\n\nHere, `LoRAInput.path`: A URL: `x`.\n\nHere, `LoRAInput.scale`: How much.\n\nDefault: `[]`.",
        FieldDoc("The weights.", Value([])),
    ),
    "what files must be like": (
        'The picture.\n\nDefault: `"a"`.\n\nFile limits: at most 10 MiB, 3 to 10.05 seconds long.\n\nExample: `1`.',
        FieldDoc("The picture.", Value("a"), Value(1)),
    ),
    "what files must be like, alone": ("File limits: at most 10 MiB.", FieldDoc()),
    "what files of its type must be like": ("It.\n\nHere, `It.url`: File limits: at most 10 MiB.", FieldDoc("It.")),
    "a length": ('Default: `"a"`. Length: at least 1 character.', FieldDoc("", Value("a"))),
    "a steep range": ("Range: above 1e-05 in steps of 8.", FieldDoc(limits=frozenset({1e-05, 8.0}))),
    "backticks": (
        'Default: `"a `b`. c"`. Range: 1 to 2.',
        FieldDoc("", Value("a `b`. c"), limits=frozenset({1.0, 2.0})),
    ),
    "prose that is like it": ("Default: none.", FieldDoc("Default: none.")),
}


@pytest.mark.parametrize("name", DOCS)
def test_docstrings(name: str) -> None:
    text, expected = DOCS[name]
    assert parse_doc(text) == expected


def test_union_labels_do_not_nest() -> None:
    from pathlib import Path as AnyPath
    from typing import Literal

    from generator.docs.emitted.hints import label_of

    assert label_of(str | AnyPath | bytes | None, {}) == Named("string")
    assert label_of(list[Literal["a", 1] | int] | None, {}) == ListOf(OneOf((Named("Enum"), Named("integer"))))
    assert label_of(Literal["a"] | None, {}) == Named("constant string")
    assert label_of(list[AnyPath], {}) == ListOf(Named("any"))
    assert label_of(None, {}) is None
    assert label_of(dict[str, Any] | Any, {}) == OneOf((Named("object"), Named("any")))


@pytest.mark.parametrize(
    ("part", "whole", "begins"),
    [
        ("a b", "a b c", True),
        ("a b", "a b", False),
        ("b", "a b", False),
        ([1], [1, 2], True),
        ([1, "a"], [1, "a b", 2], True),
        ([2], [1, 2], False),
        ([1, 2], [1], False),
        ({"a": "x"}, {"a": "x y", "b": 1}, True),
        ({"c": 1}, {"a": 1, "b": 1}, False),
        ({"a": [1]}, {"a": {}}, False),
        ("1", 12, False),
    ],
)
def test_a_beginning(part: Any, whole: Any, begins: bool) -> None:
    assert Beginning(part).matches(whole) is begins
