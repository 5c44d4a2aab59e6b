"""What the samples give for an input: the document's example where the client takes it, else a value that it takes."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import pytest
from collected import only
from support import INTEGER, STRING, obj, ref

if TYPE_CHECKING:
    from pathlib import Path

    from generator.site.facts import EndpointFacts

NUMBER = {"type": "number"}
BOOLEAN = {"type": "boolean"}
COMPONENTS = {
    "Size": obj({"width": INTEGER, "unit": {**STRING, "default": "px"}}, required=["width", "unit"]),
    "Odd": obj({"class": STRING}, required=["class"]),
    "Open": obj({"a": STRING}, additionalProperties=True),
    "Tree": obj({"below": {"type": "array", "items": ref("Tree")}, "name": STRING}, required=["below"]),
    "Chain": obj({"next": {"anyOf": [ref("Chain"), {"type": "null"}]}}, required=["next"]),
    "Ring": obj({"next": ref("Ring")}, required=["next"]),
    "Map": obj({"by": {"type": "object", "additionalProperties": ref("Map")}}, required=["by"]),
    "Lora": obj({"lora_url": STRING}, required=["lora_url"]),
    "Clip": obj({"video": STRING, "url": STRING}, required=["url"]),
}


def endpoint(tmp_path: Path, schema: Any, name: str = "it") -> EndpointFacts:
    return only(tmp_path, input=obj({name: schema}, required=[name]), components=COMPONENTS)


def given(tmp_path: Path, schema: Any, name: str = "it") -> Any:
    """The value of the one input in the first sample."""
    (sync, *_) = endpoint(tmp_path, schema, name).samples
    calls = [node for node in ast.walk(ast.parse(sync.code)) if isinstance(node, ast.Call) and node.keywords]
    (call,) = calls
    return ast.literal_eval(call.keywords[0].value)


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        (STRING, "text"),
        ({**STRING, "minLength": 8}, "texttttt"),
        ({**STRING, "maxLength": 2}, "te"),
        ({**STRING, "pattern": "^#[0-9a-f]{6}$"}, "#ff0000"),
        ({**STRING, "pattern": "^no idea$"}, "text"),
        ({"enum": ["b", "a"]}, "b"),
        (BOOLEAN, True),
        ({}, "text"),
        ({"type": "null"}, None),
        (INTEGER, 1),
        ({**INTEGER, "minimum": 5}, 5),
        ({**INTEGER, "maximum": -3}, -3),
        ({**INTEGER, "exclusiveMinimum": 4}, 5),
        ({**INTEGER, "exclusiveMaximum": 1}, 0),
        ({**INTEGER, "multipleOf": 8}, 8),
        ({**INTEGER, "multipleOf": 8, "minimum": 60}, 64),
        ({**INTEGER, "multipleOf": 8, "minimum": 64}, 64),
        ({**INTEGER, "multipleOf": 8, "maximum": -3}, -8),
        ({**NUMBER, "minimum": 1.7e308, "multipleOf": 1e308}, 0),
        ({**NUMBER, "minimum": 1e300, "multipleOf": 5e-324}, 1e300),
        ({**NUMBER, "exclusiveMinimum": -1.7e308, "maximum": -1.7e308}, -1.7e308),
        ({**NUMBER, "exclusiveMinimum": 0, "exclusiveMaximum": 1}, 0.5),
        ({"type": "array", "items": INTEGER}, [1]),
        ({"type": "array", "items": INTEGER, "minItems": 2}, [1, 1]),
        ({"type": "array", "items": INTEGER, "maxItems": 0}, []),
        ({"type": "array", "items": INTEGER, "minItems": 2, "uniqueItems": True}, [1, 2]),
        ({"type": "array", "items": STRING, "minItems": 2, "uniqueItems": True}, ["text", "text 2"]),
        ({"type": "array", "items": {"enum": ["a", "b", "c"]}, "minItems": 2, "uniqueItems": True}, ["a", "b"]),
        ({"type": "object", "additionalProperties": INTEGER}, {"name": 1}),
        ({"anyOf": [INTEGER, {"type": "null"}]}, 1),
        (ref("Size"), {"width": 1}),
        (ref("Odd"), {"class_": "text"}),
        (ref("Tree"), {"below": []}),
        (ref("Chain"), {"next": None}),
        (ref("Ring"), {"next": {}}),
        (ref("Map"), {"by": {"name": {}}}),
        (ref("Lora"), {"lora_url": "https://example.com/lora.safetensors"}),
        (ref("Clip"), {"url": "https://example.com/file.bin"}),
    ],
)
def test_a_value_that_is_made_up(schema: Any, value: Any, tmp_path: Path) -> None:
    assert given(tmp_path, schema) == value


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("prompt", "a red panda in Kyoto"),
        ("image_url", "https://example.com/photo.png"),
        ("video_url", "https://example.com/clip.mp4"),
        ("audio_url", "https://example.com/voice.mp3"),
        ("training_data_url", "https://example.com/data.zip"),
        ("model_file_url", "https://example.com/model.glb"),
        ("media_url", "https://example.com/file.bin"),
    ],
)
def test_a_text_is_made_up_by_its_name(name: str, value: str, tmp_path: Path) -> None:
    assert given(tmp_path, STRING, name) == value


@pytest.mark.parametrize(
    ("schema", "examples", "value"),
    [
        (STRING, ["it", "that"], "it"),
        (STRING, [3, "that"], "that"),
        (STRING, ["x" * 3_000, "that"], "that"),
        (STRING, [*range(5), "too late"], "text"),
        ({**STRING, "pattern": "^a+$"}, ["b", "aa"], "aa"),
        ({**INTEGER, "maximum": 4}, [9, 2.5, 3], 3),
        ({**NUMBER, "multipleOf": 0.5}, [0.7, 1.5], 1.5),
        (BOOLEAN, ["true", False], False),
        (ref("Size"), [{"width": 2, "depth": 3}, {"width": 2}], {"width": 2}),
        (ref("Open"), [{"width": 2}], {"width": 2}),
        (ref("Odd"), [{"class": "a"}], {"class_": "a"}),
        ({"type": "array", "items": ref("Odd")}, [[{"class": "a"}]], [{"class_": "a"}]),
        ({"type": "array", "items": INTEGER, "minItems": 2, "maxItems": 3}, [[1], [1, 2, 3, 4], [1, 2]], [1, 2]),
        ({"type": "array", "items": INTEGER, "uniqueItems": True}, [[1, 1], [1, 2]], [1, 2]),
        (
            {"type": "object", "additionalProperties": ref("Odd")},
            [{"a": {"b": 1}}, {"a": {"class": "b"}}],
            {"a": {"class_": "b"}},
        ),
        ({"anyOf": [ref("Size"), ref("Odd")]}, [{"a": 1}, {"class": "b"}], {"class_": "b"}),
    ],
)
def test_the_first_example_that_the_client_takes(schema: Any, examples: list[Any], value: Any, tmp_path: Path) -> None:
    found = given(
        tmp_path, {"allOf": [schema], "examples": examples} if "$ref" in schema else {**schema, "examples": examples}
    )
    assert (found, type(found)) == (value, type(value))


def test_a_file_is_a_url(tmp_path: Path) -> None:
    assert given(tmp_path, {**STRING, "examples": ["data:image/png;base64,AA=="]}, "image_url").startswith("data:")


@pytest.mark.parametrize(
    ("name", "schema", "code"),
    [
        ("image_url", STRING, 'image_url=Path("photo.png")'),
        ("image_urls", {"type": "array", "items": STRING}, 'image_urls=[Path("photo.png")]'),
        (
            "image_urls",
            {"type": "array", "items": STRING, "minItems": 2},
            'image_urls=[Path("photo.png"), Path("photo.png")]',
        ),
        ("image_url", {"anyOf": [STRING, {"type": "null"}]}, 'image_url=Path("photo.png")'),
        ("image_url", {"anyOf": [{"type": "array", "items": STRING}, STRING]}, 'image_url=Path("photo.png")'),
        (
            "image_url",
            {"anyOf": [{"type": "array", "items": STRING}, {"type": "null"}]},
            'image_url=[Path("photo.png")]',
        ),
    ],
)
def test_with_a_file(name: str, schema: Any, code: str, tmp_path: Path) -> None:
    (found,) = (sample.code for sample in endpoint(tmp_path, schema, name).samples if sample.label == "with a file")
    assert f"out = fal.it.subscribe({code})\n" in found


@pytest.mark.parametrize(
    ("name", "schema", "words"),
    [
        ("it", {**STRING, "examples": ["it's 4"]}, "--it 'it'\"'\"'s 4'"),
        ("it", {**STRING, "examples": ["4"]}, "--it 4"),
        ("it", {**STRING, "examples": ["@file"]}, """--input '{"it": "@file"}'"""),
        ("it", {**STRING, "examples": ["a\nb"]}, """--input '{"it": "a\\nb"}'"""),
        ("it", {"enum": ["720p"]}, "--it 720p"),
        ("it", {"enum": ["4"]}, """--input '{"it": "4"}'"""),
        ("it", INTEGER, "--it 1"),
        ("it", {**INTEGER, "maximum": -1}, """--input '{"it": -1}'"""),
        ("it", BOOLEAN, """--input '{"it": true}'"""),
        ("logs", STRING, """--input '{"logs": "text"}'"""),
        ("class", STRING, "--class text"),
        ("it", {"type": "array", "items": INTEGER}, """--input '{"it": [1]}'"""),
    ],
)
def test_options_of_the_command(name: str, schema: Any, words: str, tmp_path: Path) -> None:
    assert endpoint(tmp_path, schema, name).samples[-1].code == f"fal-typed run fal-ai/it {words}\n"


def test_a_call_has_a_line_for_each_input_where_one_is_too_long(tmp_path: Path) -> None:
    size = {"type": "array", "items": ref("Size"), "examples": [[{"width": number} for number in range(10)], []]}
    one = only(tmp_path, input=obj({"a": size, "b": STRING}, required=["a", "b"]), components=COMPONENTS)
    assert one.samples[0].code.splitlines()[3:8] == [
        "    out = fal.it.subscribe(",
        "        a=[",
        '            {"width": 0},',
        '            {"width": 1},',
        '            {"width": 2},',
    ]
