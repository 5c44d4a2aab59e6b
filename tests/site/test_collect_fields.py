"""Types unfolded in place: names, limits, files, what leads back to itself, and how much there may be of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from collected import collected, count, field, only
from support import INTEGER, STRING, Project, obj, ref

if TYPE_CHECKING:
    from pathlib import Path

MOST = ("each at most 1",)
ENUM = {"type": "string", "enum": ["a", "b`c"]}


@pytest.mark.parametrize(
    ("schema", "type_", "limits"),
    [
        ({"type": "integer", "minimum": 1, "maximum": 12}, "int", ("1 to 12",)),
        ({"type": "number", "exclusiveMinimum": 0}, "float", ("above 0",)),
        ({"anyOf": [{"type": "integer", "maximum": 4}, {"type": "null"}]}, "int | None", ("at most 4",)),
        ({"type": "string", "minLength": 2, "maxLength": 9}, "str", ("at least 2, at most 9 characters",)),
        ({"type": "string", "pattern": "^a+$"}, "str", ("matches '^a+$'",)),
        (
            {"type": "array", "items": {"type": "integer", "minimum": 0}, "maxItems": 4, "uniqueItems": True},
            "list[int]",
            ("at most 4 items", "no two items alike", "each at least 0"),
        ),
        (
            {"type": "object", "additionalProperties": {"type": "number", "maximum": 1}},
            "dict[str, float]",
            ("each at most 1",),
        ),
        ({"anyOf": [ENUM, {"type": "array", "items": ENUM}]}, "Literal[…] | list[Literal[…]]", ()),
        ({}, "Any", ()),
    ],
)
def test_types_and_limits(schema: dict[str, Any], type_: str, limits: tuple[str, ...], tmp_path: Path) -> None:
    it = field(only(tmp_path, input=obj({"it": schema})).input, "it")
    assert (it.type, it.limits) == (type_, limits)


def test_members_stand_once_in_the_order_of_the_document(tmp_path: Path) -> None:
    schema = {"anyOf": [{"enum": ["b", "a"]}, {"type": "array", "items": {"enum": ["a", 3]}}, {"type": "null"}]}
    it = field(only(tmp_path, input=obj({"it": schema})).input, "it")
    assert it.members == ('"b"', '"a"', "3")


def test_what_must_be_given_and_what_is_promised(tmp_path: Path) -> None:
    inputs = {"must": STRING, "filled": {**STRING, "default": "x"}, "may": STRING}
    nullable = {"anyOf": [STRING, {"type": "null"}]}
    outputs = {"told": {**STRING, "default": "x"}, "none": nullable, "may": STRING}
    one = only(tmp_path, input=obj(inputs, required=["must", "filled"]), output=obj(outputs, required=["told", "none"]))
    assert [(it.name, it.required, it.default) for it in one.input.fields] == [
        ("must", True, None),
        ("filled", False, '"x"'),
        ("may", False, None),
    ]
    assert [(it.name, it.required, it.type) for it in one.outputs[0].fields] == [
        ("told", True, "str"),
        ("none", False, "str | None"),
        ("may", False, "str | None"),
    ]


def test_both_names_example_and_prose(tmp_path: Path) -> None:
    said = {
        "type": "string",
        "description": "# It\n<b>",
        "examples": ["x", 'a "b"'],
        "default": "x",
        "deprecated": True,
    }
    it = field(only(tmp_path, input=obj({"class": said})).input, "class")
    assert (it.name, it.wire_name, it.example) == ("class_", "class", '"a \\"b\\""')
    assert (it.prose, it.deprecated) == ("# It\n<b>", True)


@pytest.mark.parametrize(
    ("name", "schema", "kind"),
    [
        ("image_url", STRING, "image"),
        ("reference_audio_urls", {"type": "array", "items": STRING}, "audio"),
        ("first_frame_url", STRING, "image"),
        ("images_data_url", STRING, "file"),
        ("media_url", STRING, "file"),
        ("audio_url_person1", STRING, "audio"),
        ("prompt", STRING, ""),
        ("url", {**STRING, "description": "Max file size: 10.0MB, Accepted formats: mp4"}, "file"),
    ],
)
def test_kinds_of_files(name: str, schema: Any, kind: str, tmp_path: Path) -> None:
    assert field(only(tmp_path, input=obj({name: schema})).input, name).file == kind


def test_a_nameless_url_is_what_the_type_is_that_has_it(tmp_path: Path) -> None:
    components = {"Video": obj({"url": STRING}, required=["url"])}
    one = only(tmp_path, input=obj({"it": ref("Video")}), components=components)
    assert field(one.input, "it", "url").file == "video"
    assert one.takes == ("a video",)


def test_an_output_takes_no_file(tmp_path: Path) -> None:
    assert field(only(tmp_path, output=obj({"image_url": STRING})).outputs[0], "image_url").file == ""


def test_file_limits_in_words(tmp_path: Path) -> None:
    limits = {"max_file_size": 10 * 2**20, "min_width": 10_000, "min_height": 10_000}
    schema = {**STRING, "x-fal": limits, "limit_description": "No transparency, please"}
    it = field(only(tmp_path, input=obj({"image_url": schema})).input, "image_url")
    assert it.file_limits == ("at most 10 MiB", "at least 10,000 pixels wide and high", "No transparency, please")


def test_what_leads_back_to_itself_is_told_once(tmp_path: Path) -> None:
    tree = obj({"children": {"type": "array", "items": ref("Tree")}, "other": ref("Leaf")})
    one = only(
        tmp_path,
        input=obj({"tree": ref("Tree"), "leaf": ref("Leaf")}),
        components={"Tree": tree, "Leaf": obj({"tree": ref("Tree"), "seed": INTEGER})},
    )
    (top,) = field(one.input, "tree").types
    (again,) = field(top, "children").types
    assert (top.again, again.again, again.fields, again.name) == (False, True, (), "Tree")
    assert field(top, "other", "seed").type == "int"
    assert field(one.input, "leaf", "tree", "children").types[0].again


def test_a_type_at_several_places_is_unfolded_at_each(tmp_path: Path) -> None:
    one = only(
        tmp_path,
        input=obj({"a": ref("Size"), "b": {"type": "array", "items": ref("Size")}}),
        components={"Size": obj({"width": INTEGER})},
    )
    assert field(one.input, "a", "width") == field(one.input, "b", "width")
    (size,) = field(one.input, "b").types
    assert (size.kind, size.module, size.shared, size.again) == ("params", "fal_typed.params", "Size", False)


def test_types_that_fan_out_are_told_within_bounds(tmp_path: Path) -> None:
    """Twenty levels of types, each of which mentions the next one twice, would be a million fields."""
    components = {
        f"L{level}": obj({"a": ref(f"L{level + 1}"), "b": ref(f"L{level + 1}"), f"only{level}": STRING})
        for level in range(19)
    }
    one = only(tmp_path, input=obj({"it": ref("L0")}), components={**components, "L19": obj({"end": STRING})})
    assert 60 < count(one.input) < 2_500
    named = {two.wire_name for two in every_field(one.input)}
    assert named >= {f"only{level}" for level in range(19)} | {"end"}


def test_what_is_long_counts_for_more(tmp_path: Path) -> None:
    long = obj({"said": {**STRING, "description": "x" * 100_000}})
    places = {f"at{number}": ref("Long") for number in range(200)}
    one = only(tmp_path, input=obj(places), components={"Long": long})
    assert sum(len(it.prose) for it in every_field(one.input)) < 1_500_000
    assert not field(one.input, "at0").types[0].again
    assert field(one.input, "at199").types[0].again


def test_a_long_chain_of_types_ends(tmp_path: Path) -> None:
    """Read from its end, a chain is longer than schemas may be deep."""
    length = 200
    chain = {f"C{at:03}": obj({"next": ref(f"C{at + 1:03}"), "it": STRING}) for at in range(length)}
    places = {f"at{at:03}": ref(f"C{at:03}") for at in range(length - 10, -1, -10)}
    one = only(tmp_path, input=obj(places), components={**chain, f"C{length:03}": obj({"end": STRING})})
    assert depth(one.input) <= 26
    assert "end" in {it.wire_name for it in every_field(one.input)}


def test_a_shared_type_has_a_page_of_its_own(tmp_path: Path) -> None:
    project = Project(tmp_path)
    lora = {"path": {**STRING, "description": "Where it is."}, "scale": {"type": "number", "default": 1}}
    for name in ("a", "b"):
        components = {"Lora": obj(lora, required=["path"]), "Size": obj({"width": INTEGER, "lora": ref("Lora")})}
        project.add(f"fal-ai/{name}", input=obj({"size": ref("Size")}), components=components)
    project.add("fal-ai/c", input=obj({"size": ref("Size")}), components={"Size": obj({"height": INTEGER})})
    facts = collected(project)
    by_name = {one.type.name: one for one in facts.types}
    assert [one.type.name for one in facts.types] == sorted(by_name)
    size = by_name["Size"]
    assert (size.used_by, size.note, size.type.shared) == (("fal-ai/a", "fal-ai/b"), "", "Size")
    assert field(size.type, "lora", "path").prose == "Where it is."
    own = field(facts.endpoints[2].input, "size").types[0]
    assert (own.module, own.shared) == ("fal_typed.endpoints.c", "")
    assert field(facts.endpoints[0].input, "size", "lora").types[0].shared == "Lora"


def every_field(type_: Any) -> Any:
    for one in type_.fields:
        yield one
        for below in one.types:
            yield from every_field(below)


def depth(type_: Any) -> int:
    return 1 + max((depth(below) for one in type_.fields for below in one.types), default=0)
