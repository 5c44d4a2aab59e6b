"""Where the package's schemas say that a file goes, and what they say of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from support import INTEGER, STRING, document, obj, read, ref

from generator.ir.limited_places import file_marks
from generator.parse.json_schema import schemas
from generator.project.file_inputs import FileTable, Takes

NULL = {"type": "null"}
ANY = FileTable()
PICTURE = {"kind": "image"}
FILE = obj({"url": STRING, "content_type": STRING}, required=["url"])
IMAGE = obj({"url": STRING, "width": INTEGER, "height": INTEGER, "file_name": STRING}, required=["url"])


def many(items: Any) -> Any:
    return {"type": "array", "items": items}


def both(data: Any, files: FileTable = ANY) -> dict[str, Any]:
    """The schemas of a document, and that each is one."""
    one = read(data, files=files)
    found: dict[str, Any] = json.loads(schemas(one.resolved, *file_marks(one, files)))
    for side in ("input", "output"):
        Draft202012Validator.check_schema(found[side])
    return found


def carried(name: str, schema: Any, files: FileTable = ANY, **components: Any) -> Any:
    """What the package has of an input."""
    data = document("fal-ai/it", input=obj({name: schema}), components=components)
    return both(data, files)["input"]["properties"][name]


def marks(value: Any, place: str = "") -> dict[str, Any]:
    """The marks in a schema, by their places."""
    if isinstance(value, list):
        return {at: it for index, one in enumerate(value) for at, it in marks(one, f"{place}/{index}").items()}
    if not isinstance(value, dict):
        return {}
    here = {place: value["x-file"]} if "x-file" in value else {}
    return here | {at: it for key in value if key != "x-file" for at, it in marks(value[key], f"{place}/{key}").items()}


INPUTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "a text": (STRING, {"": PICTURE}),
    "a text or nothing": ({"anyOf": [STRING, NULL]}, {"": PICTURE}),
    "nullable": ({**STRING, "nullable": True}, {"": PICTURE}),
    "a list": (many(STRING), {"/items": PICTURE}),
    "a list or nothing": ({"anyOf": [many(STRING), NULL]}, {"/anyOf/0/items": PICTURE}),
    "positions": (
        {"type": "array", "items": {"0": STRING, "1": STRING}},
        {"/prefixItems/0": PICTURE, "/prefixItems/1": PICTURE},
    ),
    "a text or a list": ({"anyOf": [STRING, many(STRING)]}, {"": PICTURE, "/anyOf/1/items": PICTURE}),
    "a list of lists": (many(many(STRING)), {"/items/items": PICTURE}),
    "a reference to a text": (ref("Text"), {"": PICTURE}),
    "a reference to a list": (ref("Texts"), {"/items": PICTURE}),
    "a list of references": (many(ref("Text")), {"/items": PICTURE}),
    "no text": (INTEGER, {}),
    "an object": (obj({"name": STRING}), {}),
    "limits": (
        {**STRING, "x-fal": {"max_file_size": 10, "max_width": 20}},
        {"": {"kind": "image", "max_file_size": 10, "max_width": 20}},
    ),
    "limits of the items": (many({**STRING, "max_fps": 20}), {"/items": {"kind": "video", "max_fps": 20}}),
    "a mark of fal's": ({**STRING, "ui": {"field": "video"}}, {"": {"kind": "video"}}),
    "a mark of fal's on one of two": ({"anyOf": [{**STRING, "_fal_ui_field": "audio"}, NULL]}, {"": {"kind": "audio"}}),
}


@pytest.mark.parametrize("name", INPUTS)
def test_inputs(name: str) -> None:
    schema, expected = INPUTS[name]
    assert marks(carried("image_url", schema, Text=STRING, Texts=many(STRING))) == expected


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("image_url", "image"),
        ("mask_url", "image"),
        ("video_urls", "video"),
        ("audio_url_person1", "audio"),
        ("first_frame_url", None),
        ("image_zip_url", None),
        ("url", None),
    ],
)
def test_a_name_tells_the_kind(name: str, kind: str | None) -> None:
    assert carried(name, STRING)["x-file"] == ({} if kind is None else {"kind": kind})


def test_what_is_no_file_has_no_mark() -> None:
    assert "x-file" not in carried("prompt", STRING)
    assert "x-file" not in carried("webhook_url", STRING)
    none = FileTable(entries={"image_url": Takes.TEXT, "source": Takes.TEXT})
    assert "x-file" not in carried("image_url", STRING, none)
    assert "x-file" not in carried("source", {**STRING, "description": "The URL of the image."}, none)


def test_a_name_may_do_as_well() -> None:
    files = FileTable(entries={"path": Takes.FILE_OR_NAME})
    assert carried("path", STRING, files)["x-file"] == {"or_name": True}
    assert carried("image_url", {**STRING, "examples": ["a-name"]})["x-file"] == {"kind": "image", "or_name": True}


def test_the_exception_of_one_endpoint_counts() -> None:
    files = FileTable(entries={"fal-ai/it:source": Takes.FILE})
    assert carried("source", STRING, files)["x-file"] == {}
    assert "x-file" not in carried("source", STRING, FileTable(entries={"fal-ai/other:source": Takes.FILE}))


def test_a_document_cannot_mark_anything_itself() -> None:
    given = {**STRING, "x-file": {"kind": "image"}}
    assert carried("prompt", given) == STRING
    assert carried("video_url", given)["x-file"] == {"kind": "video"}


def test_components_are_marked_where_the_input_reaches_them() -> None:
    data = document(
        "fal-ai/it",
        input=obj({"it": ref("Part"), "more": many(ref("Part"))}),
        components={"Part": obj({"image_url": STRING, "inner": ref("Part")})},
        output=obj({"part": ref("Part")}),
    )
    found = both(data)
    assert marks(found["input"]) == {"/$defs/Part/properties/image_url": PICTURE}
    assert marks(found["output"]) == {}


def test_what_two_inputs_refer_to_is_not_marked_for_both() -> None:
    data = document("fal-ai/it", input=obj({"image_url": ref("T"), "prompt": ref("T")}), components={"T": STRING})
    assert marks(both(data)["input"]) == {"/properties/image_url": PICTURE}


OUTPUTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "a picture": (ref("Image"), {"": PICTURE}),
    "pictures": (many(ref("Image")), {"/items": PICTURE}),
    "pictures by name": ({"type": "object", "additionalProperties": ref("Image")}, {"/additionalProperties": PICTURE}),
    "maybe a picture": ({"anyOf": [ref("Image"), NULL]}, {"": PICTURE}),
    "any file": (ref("File"), {"": {}}),
    "one of two kinds": ({"anyOf": [ref("Image"), ref("File")]}, {"": {}}),
    "a text": (STRING, {}),
    "no file": (ref("Text"), {}),
}


@pytest.mark.parametrize("name", OUTPUTS)
def test_outputs(name: str) -> None:
    schema, expected = OUTPUTS[name]
    components = {"Image": IMAGE, "File": FILE, "Text": obj({"url": STRING})}
    data = document("fal-ai/it", output=obj({"it": schema}), components=components)
    assert marks(both(data)["output"]["properties"]["it"]) == expected


def test_the_field_tells_what_a_plain_file_is() -> None:
    data = document("fal-ai/it", output=obj({"video": ref("File"), "mesh": ref("File")}), components={"File": FILE})
    assert marks(both(data)["output"]) == {"/properties/mesh": {}, "/properties/video": {"kind": "video"}}
