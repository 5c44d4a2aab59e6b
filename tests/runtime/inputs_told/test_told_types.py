"""Annotations of emitted classes, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, ForwardRef, Literal, NotRequired, Required

import pytest
from fal_typed._runtime.files.file_input import NO_PATH, URL_ONLY, FileInput, FileOrName, LocalFile
from fal_typed._runtime.inputs.types import SAME_TYPE, UNIQUE_ITEMS, SequenceNotStr
from fal_typed._runtime.inputs_told.types import tell_type
from fal_typed.params import ImageSize
from pydantic import Field

LONG = Literal[tuple(f"voice number {number}" for number in range(60))]  # type: ignore[valid-type]

TEXTS: dict[str, tuple[Any, str]] = {
    "text": (Required[str], "str"),
    "left out": (NotRequired[int], "int"),
    "null last": (None | int, "int | None"),
    "any": (Any, "Any"),
    "enumeration": (Literal["a", 'b"', "\x1b[2J"], '"a" | "b\\"" | "\\u001b[2J"'),
    "numbers": (Annotated[Literal[1, 2], SAME_TYPE], "1 | 2"),
    "values first": (ImageSize | Literal["square"] | None, '"square" | ImageSize | None'),
    "list": (SequenceNotStr[Literal["a", "b"]], 'list["a" | "b"]'),
    "list of anything": (SequenceNotStr[Any], "list[Any]"),
    "output's list": (list[dict[str, float]], "list[dict[str, float]]"),
    "mapping": (Mapping[str, int | None], "dict[str, int | None]"),
    "file": (FileInput, "FileInput"),
    "file or name": (FileOrName | None, "FileOrName | None"),
    "limited URL": (Annotated[str, Field(max_length=9), URL_ONLY] | LocalFile, "FileInput"),
    "limited name": (Annotated[str, Field(max_length=9), NO_PATH] | LocalFile, "FileOrName"),
    "files": (SequenceNotStr[FileInput], "list[FileInput]"),
    "itself": (ForwardRef("models.Tree"), "Tree"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_type_as_one_would_type_it(name: str) -> None:
    annotation, text = TEXTS[name]
    assert tell_type(annotation).text == text


@pytest.mark.parametrize("name", TEXTS)
def test_what_takes_a_file(name: str) -> None:
    annotation, text = TEXTS[name]
    assert tell_type(annotation).takes_file == ("File" in text)


@pytest.mark.parametrize(
    ("annotation", "ranges"),
    [
        (Annotated[int, Field(ge=1, le=12)], ("1 to 12",)),
        (Annotated[int, Field(gt=0, le=14142)], ("above 0, at most 14,142",)),
        (Annotated[float, Field(ge=0.5)], ("at least 0.5",)),
        (Annotated[int, Field(ge=8, le=8, multiple_of=8)], ("exactly 8, in steps of 8",)),
        (Annotated[float, Field(lt=1)] | None, ("below 1",)),
        (Annotated[str, Field(max_length=1)], ("at most 1 character",)),
        (Annotated[str, Field(min_length=2, max_length=500, pattern="^a+$")], ("2 to 500 characters, like ^a+$",)),
        (Annotated[SequenceNotStr[int], Field(min_length=0, max_length=4)], ("at most 4 items",)),
        (
            Annotated[Annotated[SequenceNotStr[Annotated[float, Field(le=1)]], Field(min_length=3)], UNIQUE_ITEMS],
            ("at least 3 items", "none of them twice", "each at most 1"),
        ),
        (Annotated[int, Field(le=1)] | Annotated[float, Field(le=1)], ("at most 1",)),
        (int, ()),
    ],
)
def test_ranges(annotation: Any, ranges: tuple[str, ...]) -> None:
    assert tell_type(annotation).ranges == ranges


def test_bounds_are_numbers_too() -> None:
    one = tell_type(Annotated[int, Field(gt=0, le=12)] | None)
    assert (one.low, one.high) == (0, 12)
    both = tell_type(Annotated[int, Field(le=1)] | Annotated[float, Field(le=2)])
    assert (both.low, both.high) == (None, None)


def test_members_of_a_part_are_members() -> None:
    assert tell_type(ImageSize | Literal["square", "portrait"] | None).members == ("square", "portrait")


def test_an_enumeration_is_shown_whole_in_160_characters() -> None:
    for length in (160, 161):
        values = Literal["a" * 76, "b" * (length - 83)]  # type: ignore[valid-type]
        text = tell_type(values).text
        assert (len(text), "(2 values)" in text) == ((160, False) if length == 160 else (len(text), True))
    assert text == '"' + "a" * 76 + '" | … (2 values)'
    assert tell_type(Literal["a" * 79, "b" * 90]).text == "… (2 values)"  # type: ignore[valid-type]


def test_a_long_enumeration_is_cut() -> None:
    told = tell_type(ImageSize | LONG)
    assert len(told.members) == 60
    assert told.text.startswith('"voice number 0" | "voice number 1" | ')
    assert told.text.endswith('"voice number 3" | … (60 values) | ImageSize')
    listed = tell_type(SequenceNotStr[LONG] | None)
    assert (len(listed.members), len(listed.item_members)) == (0, 60)
    assert listed.text.startswith('list["voice number 0" | ')
    assert listed.text.endswith(" | … (60 values)] | None")
