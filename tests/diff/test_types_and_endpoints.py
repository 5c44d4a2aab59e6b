"""What is more than a field: types and their names, shared ones too, outputs of several types, and whole endpoints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from support import INTEGER, STRING, document, obj, ref

from .states import IT, States, giving, taking

if TYPE_CHECKING:
    from pathlib import Path

    from generator.diff.compare import Difference

IMAGE = obj({"url": STRING, "width": INTEGER}, required=["url", "width"])
FILE = obj({"url": STRING, "content_type": STRING}, required=["url"])


def lines(difference: Difference, endpoint: str = IT) -> list[str]:
    return [f"{one.verdict.value}: {one.text}" for one in difference.endpoints[endpoint]]


def types(difference: Difference) -> list[str]:
    return [f"{one.verdict.value}: {one.text}" for one in difference.types]


@pytest.fixture
def states(tmp_path: Path) -> States:
    return States(tmp_path)


# --- types -----------------------------------------------------------------------------------------------------------


def test_what_changed_in_a_type_is_told_once_however_often_it_is_used(states: States) -> None:
    def doc(limit: int) -> Any:
        size = obj({"width": {"type": "integer", "maximum": limit}})
        given = obj(
            {"a": ref("Size"), "b": {"type": "array", "items": ref("Size")}, "c": {"anyOf": [STRING, ref("Size")]}}
        )
        return document(IT, input=given, components={"Size": size})

    found = states.compare({IT: doc(10)}, {IT: doc(9)})
    assert [line for line in lines(found) if "Size" in line and "major" in line] == [
        "major: Input field `Size.width` must now be at most 9 (before: at most 10)."
    ]


def test_a_type_that_leads_back_to_itself(states: States) -> None:
    def doc(*names: str) -> Any:
        node = obj({"children": {"type": "array", "items": ref("Node")}, **dict.fromkeys(names, STRING)})
        return giving(ref("Node"), Node=node)

    found = lines(states.compare({IT: doc("a")}, {IT: doc("a", "b")}))
    assert found[1:] == ["minor: New output field `Node.b` (`str | None`)."]


def test_one_component_in_both_directions_is_told_twice(states: States) -> None:
    def doc(**properties: Any) -> Any:
        there = obj({"it": ref("Both")})
        return document(IT, input=there, output=there, components={"Both": obj(properties)})

    found = lines(
        states.compare({IT: doc(a=STRING, b=STRING)}, {IT: doc(a={"type": "string", "nullable": True}, b=STRING)})
    )
    assert "minor: Input field `BothParam.a` can now be `None`." in found
    assert not [line for line in found if line.startswith("major")]  # it could be left out, and read as None then


@pytest.mark.parametrize("back", [False, True])
def test_a_renamed_type_is_recognized_by_its_place(back: bool, states: States) -> None:
    old, new = giving(ref("Picture"), Picture=IMAGE), giving(ref("Photo"), Photo=IMAGE)
    was, now = ("Photo", "Picture") if back else ("Picture", "Photo")
    found = states.compare({IT: new if back else old}, {IT: old if back else new})
    assert lines(found) == [f"major: The type `{was}` is now called `{now}`."]
    gone, new = types(found)
    assert gone.startswith(
        f"major: `models.{was}` is gone: import `{now}` from `fal_typed.models` in its place; for one release its name"
    )
    assert new == f"minor: New shared type `models.{now}`."


def test_another_type_is_not_taken_for_a_renamed_one(states: States) -> None:
    other = obj({"path": STRING, "seconds": INTEGER, "rate": INTEGER})
    found = lines(states.compare({IT: giving(ref("Photo"), Photo=IMAGE)}, {IT: giving(ref("Sound"), Sound=other)}))
    assert found == [
        "major: Output `it` was `Photo` and is now `Sound`.",
        "major: The type `Photo` is gone from the endpoint's module.",
    ]


def test_a_shared_type_that_one_endpoint_left(states: States) -> None:
    more = obj({"url": STRING, "width": INTEGER, "height": INTEGER}, required=["url", "width"])
    shared = document("fal-ai/b", output=obj({"it": ref("Photo")}), components={"Photo": IMAGE})
    found = states.compare(
        {IT: giving(ref("Photo"), Photo=IMAGE), "fal-ai/b": shared},
        {IT: giving(ref("Photo"), Photo=more), "fal-ai/b": shared},
    )
    moved, added = lines(found)
    assert moved.startswith("major: The endpoint's `Photo` is now a class of its own, and no longer `models.Photo`;")
    assert added == "minor: New output field `Photo.height` (`int | None`)."
    assert types(found) == []
    assert found.moved == {}  # the other endpoint still has it
    assert found.verdict.value == "major"


def test_an_input_that_leaves_a_shared_type_is_still_the_same_dict(states: States) -> None:
    size, more = obj({"width": INTEGER}), obj({"width": INTEGER, "height": INTEGER})
    other = taking(ref("Extent"), Extent=size)
    other["paths"] = json.loads(json.dumps(other["paths"]).replace(IT, "fal-ai/b"))
    found = states.compare(
        {IT: taking(ref("Extent"), Extent=size), "fal-ai/b": other},
        {IT: taking(ref("Extent"), Extent=more), "fal-ai/b": other},
    )
    assert [line.partition(";")[0] for line in lines(found)] == [
        "minor: The endpoint's `Extent` is now a class of its own, and no longer `params.Extent`",
        "minor: New optional input field `Extent.height` (`int`).",
    ]


def test_a_shared_type_that_became_several_names_them_all(states: States) -> None:
    def endpoint(endpoint_id: str, photo: Any) -> Any:
        return document(endpoint_id, output=obj({"it": ref("Photo")}), components={"Photo": photo})

    ids = [f"fal-ai/{name}" for name in "abc"]
    wide, tall = obj({"url": STRING, "w": INTEGER}), obj({"url": STRING, "h": INTEGER})
    found = states.compare(
        {one: endpoint(one, IMAGE) for one in ids},
        {one: endpoint(one, tall if one == ids[0] else wide) for one in ids},
    )
    (gone, new) = types(found)
    assert gone == (
        "major: `models.Photo` is gone: import `Photo2` from `fal_typed.models` "
        "or `Photo` from `fal_typed.endpoints.a` in its place; "
        "for one release its name stays, deprecated, and means the first of these."
    )
    assert new == "minor: New shared type `models.Photo2`."
    assert found.moved == {"models.Photo": "models.Photo2"}


def test_file_data_comes_and_goes_without_a_word(states: States) -> None:
    data = obj({**FILE["properties"], "file_data": STRING}, required=["url"])
    assert lines(states.compare({IT: giving(ref("Scan"), Scan=FILE)}, {IT: giving(ref("Scan"), Scan=data)})) == []


def test_a_shared_type_that_nobody_uses_any_more_breaks_its_imports(states: States) -> None:
    found = states.compare({IT: giving(ref("Photo"), Photo=IMAGE)}, {IT: document(IT)})
    assert types(found) == ["major: `models.Photo` is gone: no endpoint uses it any more."]


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        (
            FILE,
            obj({"url": STRING}, required=["url"]),
            "major: `File` (output) is no longer a file that can be downloaded.",
        ),
        (obj({"url": STRING}, required=["url"]), FILE, "minor: `File` (output) is now a file that can be downloaded."),
    ],
)
def test_a_file(old: Any, new: Any, text: str, states: States) -> None:
    assert text in lines(states.compare({IT: giving(ref("File"), File=old)}, {IT: giving(ref("File"), File=new)}))


def test_an_output_that_becomes_one_of_several(states: States) -> None:
    def doc(output: Any) -> Any:
        return document(IT, output=output, components={"One": obj({"a": STRING}), "Two": obj({"b": INTEGER})})

    old, new = doc(ref("One")), doc({"anyOf": [ref("One"), ref("Two")]})
    assert "major: The output can now also be `Two`." in lines(states.compare({IT: old}, {IT: new}))


def test_a_member_that_another_one_covers_is_no_gain(states: States) -> None:
    literal = {"type": "string", "enum": ["a"]}
    found = lines(states.compare({IT: taking(STRING)}, {IT: taking({"anyOf": [STRING, literal]})}))
    assert found == ['patch: Input `it` now also takes `Literal["a"]`.']


def test_objects_in_a_union_are_compared_as_values(states: States) -> None:
    """A type whose values the new one takes as well is replaced without loss."""
    narrow, wide = obj({"a": STRING}, required=["a"]), obj({"a": STRING, "b": STRING, "c": STRING, "d": STRING})
    found = lines(states.compare({IT: taking(ref("A"), A=narrow)}, {IT: taking(ref("B"), B=wide)}))
    assert found[-1] == "minor: Input `it` was `A` and is now `B`."
    assert "major: The type `A` is gone from the endpoint's module." in found


def test_look_alikes_are_told_apart_by_their_names(states: States) -> None:
    one, two = obj({"a": STRING, "b": STRING}), obj({"a": STRING, "c": STRING, "b": STRING})
    old = taking({"anyOf": [ref("One"), ref("Two")]}, One=one, Two=two)
    new = taking({"anyOf": [ref("Two"), ref("One")]}, One=one, Two=two)
    assert lines(states.compare({IT: old}, {IT: new})) == []


def test_no_member_covers_what_each_refuses(states: States) -> None:
    """Two new types that refuse the old one for the same reason: that it was found once is no reason to accept it."""
    number, text = obj({"v": INTEGER}), obj({"v": STRING})

    def wide(*names: str) -> Any:
        return obj({"x": ref("Text"), **dict.fromkeys(names, STRING)})

    old = taking(ref("Old"), Old=obj({"x": ref("Number")}), Number=number)
    new = taking({"anyOf": [ref("A"), ref("B")]}, A=wide(*"abc"), B=wide(*"def"), Text=text)
    assert "major: Input `it` was `Old` and is now `A | B`." in lines(states.compare({IT: old}, {IT: new}))


# --- endpoints -------------------------------------------------------------------------------------------------------


def test_an_endpoint_comes_and_goes(states: States) -> None:
    found = states.compare({"fal-ai/a/b": document("fal-ai/a/b")}, {"bria/c": document("bria/c")})
    assert lines(found, "fal-ai/a/b") == ["major: The endpoint is removed: `fal.a.b` is gone."]
    assert lines(found, "bria/c") == ["minor: New endpoint, reached by `fal.owners.bria.c`."]
    assert found.verdict.value == "major"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("false", "true", ["minor: The endpoint can now stream."]),
        ("true", "false", ["major: The endpoint can no longer stream: call `subscribe` instead."]),
    ],
)
def test_streaming(old: str, new: str, expected: list[str], states: States) -> None:
    toml = (f'["{IT}"]\nstreams = {old}\n', f'["{IT}"]\nstreams = {new}\n')
    assert lines(states.compare({IT: document(IT)}, {IT: document(IT)}, toml=toml)) == expected


def test_a_folder_without_endpoints_toml_says_nothing_about_streaming(states: States) -> None:
    documents = {IT: document(IT)}
    assert lines(states.compare(documents, documents, toml=(f'["{IT}"]\nstreams = true\n', None))) == []


def test_another_path(states: States) -> None:
    found = states.compare({IT: document(IT)}, {IT: document("fal-ai/other")})
    assert "minor: The endpoint is now called at `fal-ai/other` (before: `fal-ai/it`)." in lines(found)


def test_the_same_documents_in_another_order_are_no_change(states: States) -> None:
    def shuffled(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: shuffled(value[key]) for key in reversed(list(value))}
        return [shuffled(item) for item in value] if isinstance(value, list) else value

    document_ = giving(ref("Image"), Image=IMAGE)
    found = states.compare({IT: document_}, {IT: shuffled(document_)})
    assert (lines(found), found.verdict.value) == ([], "none")
