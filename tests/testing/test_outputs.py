"""Outputs of the fake: valid by every document, the same twice, and what the input asks for."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from corpus.corpus import documents
from corpus.schemas import Schemas
from corpus.valid import values
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from PIL import Image
from runtime.testing.media.make import make_file
from runtime.testing.media.wish import Wish, url_path, wish_of
from runtime.testing.values.outputs import NoOutputError, output_of

from testing.strict_schema import Document, pinned, published

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
_DRAWN = settings(max_examples=3, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
BASE = "https://files.test"


def url_of(wish: Wish) -> str:
    return BASE + url_path(wish)


def made(document: Document, input: Any = None, *, raw: bool = False) -> Any:
    schema = document.raw if raw else document.output
    given = {} if input is None else input
    return output_of(
        schema, endpoint_id=document.endpoint_id, input=given, file_url=url_of, input_schema=document.input
    )


def of(schema: Any, input: Any = None, **more: Any) -> Any:
    return output_of(schema, endpoint_id="fal-ai/some/text-to-image", input=input or {}, file_url=url_of, **more)


def files_in(value: Any) -> list[dict[str, Any]]:
    """Every object with a URL."""
    if isinstance(value, list):
        return [file for item in value for file in files_in(item)]
    if not isinstance(value, dict):
        return []
    own = [value] if isinstance(value.get("url"), str) else []
    return own + [file for item in value.values() for file in files_in(item)]


def content_of(url: str) -> tuple[bytes, str]:
    wish = wish_of(urlsplit(url).path)
    assert wish is not None, url
    return make_file(wish)


def inputs_of(document: Document) -> list[Any]:
    """Nothing; examples; the largest and the smallest of everything; what is of a wrong type."""
    schema = document.input
    while "$ref" in schema:
        schema = document.input["$defs"][schema["$ref"].rpartition("/")[2]]
    properties = {name: one for name, one in schema.get("properties", {}).items() if isinstance(one, dict)}
    examples = {name: one["examples"][0] for name, one in properties.items() if one.get("examples")}
    largest = {name: _end(one, "maximum", -1) for name, one in properties.items()}
    smallest = {name: _end(one, "minimum", 0) for name, one in properties.items()}
    return [{}, examples, largest, smallest, {**largest, "sync_mode": False}]


def _end(schema: dict[str, Any], limit: str, which: int) -> Any:
    for part in (schema, *schema.get("anyOf", [])):
        if not isinstance(part, dict):
            continue
        if part.get("enum"):
            return part["enum"][which]
        if limit in part:
            return part[limit]
    return {"integer": 10**6, "number": 1e9, "string": "x" * 300, "boolean": not which}.get(schema.get("type", ""))


def check(document: Document, input: Any) -> None:
    output = made(document, input)
    assert not document.complaints(output), (document.endpoint_id, input, output)
    assert json.loads(json.dumps(output, allow_nan=False)) == output
    assert made(document, json.loads(json.dumps(input))) == output
    for file in files_in(output):
        if file["url"].startswith("data:"):
            continue
        content, media_type = content_of(file["url"])
        assert file.get("file_size") in (None, len(content))
        assert file.get("content_type") in (None, media_type)


@pytest.mark.parametrize("endpoint_id", sorted(pinned()))
def test_every_pinned_endpoint_has_valid_outputs(endpoint_id: str) -> None:
    document = pinned()[endpoint_id]
    for sent in inputs_of(document):
        check(document, sent)
    assert made(document) == made(document, raw=True)


@pytest.mark.parametrize("part", range(24))
def test_every_published_document_has_valid_outputs(part: int) -> None:
    for endpoint_id in sorted(published())[part::24]:
        document = published()[endpoint_id]
        for sent in inputs_of(document):
            check(document, sent)
        assert not document.complaints(made(document, raw=True)), endpoint_id


@pytest.mark.sampled(8)
@pytest.mark.parametrize("part", range(24))
def test_whatever_inputs_a_document_allows(part: int) -> None:
    """Inputs drawn by the document's schema; and what no schema allows."""
    for endpoint_id in sorted(published())[part::24]:
        document = published()[endpoint_id]
        draw(document)
        check(document, {"image_size": ["?"], "num_images": "many", "duration": {}, "output_format": None, "seed": -1})


def draw(document: Document) -> None:
    @_DRAWN
    @given(from_schema(document))
    def one(value: Any) -> None:
        check(document, value)

    one()


def from_schema(document: Document) -> st.SearchStrategy[Any]:
    schemas = Schemas(documents()[document.endpoint_id])
    return values(schemas.standard(schemas.input))


SIZED = {
    "type": "object",
    "required": ["url"],
    "properties": {
        "url": {"type": "string"},
        "content_type": {"type": "string"},
        "file_name": {"type": "string"},
        "file_size": {"type": "integer"},
        "width": {"type": "integer"},
        "height": {"type": "integer"},
    },
}
IMAGES = {
    "type": "object",
    "properties": {
        "has_nsfw_concepts": {"type": "array", "items": {"type": "boolean"}},
        "images": {"type": "array", "items": SIZED},
        "seed": {"type": "integer"},
        "prompt": {"type": "string"},
        "timings": {"type": "object"},
    },
    "required": ["has_nsfw_concepts", "images", "seed", "prompt", "timings"],
}


def test_what_the_input_says_is_in_the_output() -> None:
    sent = {"prompt": "a cat", "seed": 7, "num_images": 3, "image_size": "portrait_4_3", "output_format": "jpeg"}
    output = of(IMAGES, sent)
    assert (output["prompt"], output["seed"], output["has_nsfw_concepts"]) == ("a cat", 7, [False] * 3)
    assert [*output] == [*IMAGES["properties"]], "in the document's order"
    assert len({file["url"] for file in output["images"]}) == 3
    for file in output["images"]:
        content, _ = content_of(file["url"])
        picture = Image.open(io.BytesIO(content))
        assert (picture.format, picture.size) == ("JPEG", (768, 1024)) == ("JPEG", (file["width"], file["height"]))
        assert (file["content_type"], file["file_size"]) == ("image/jpeg", len(content))
        assert file["url"].endswith("/" + file["file_name"])
    assert of(IMAGES, {**sent, "prompt": "a dog"})["images"] != output["images"]


@pytest.mark.parametrize(
    ("input", "size"),
    [
        ({"image_size": "square_hd"}, (1024, 1024)),
        ({"image_size": {"width": 640, "height": 352}}, (640, 352)),
        ({"image_size": "1280x704"}, (1280, 704)),
        ({"video_size": "landscape_16_9"}, (1024, 576)),
        ({"width": 320, "height": 200}, (320, 200)),
        ({"aspect_ratio": "16:9"}, (1024, 576)),
        ({"aspect_ratio": "9:16"}, (576, 1024)),
        ({"aspect_ratio": "9:16", "resolution": "720p"}, (720, 1280)),
        ({"resolution": "720p"}, (1280, 720)),
        ({"resolution": "2K"}, (2048, 2048)),
        ({"resolution": "1024x1536"}, (1024, 1536)),
        ({"image_size": "auto"}, (1024, 1024)),
        ({"image_size": {"width": 10**9, "height": 10**9}}, (4096, 4096)),
        ({}, (1024, 1024)),
    ],
    ids=str,
)
def test_sizes(input: dict[str, Any], size: tuple[int, int]) -> None:
    (file,) = of(IMAGES, input)["images"]
    assert (file["width"], file["height"]) == size == Image.open(io.BytesIO(content_of(file["url"])[0])).size


VIDEO = {
    "type": "object",
    "required": ["video"],
    "properties": {
        "video": {
            "type": "object",
            "properties": {
                "url": {"type": "string"},
                "content_type": {"type": "string"},
                "duration": {"type": "number"},
                "fps": {"type": "number"},
                "num_frames": {"type": "integer"},
                "width": {"type": "integer"},
            },
        }
    },
}


@pytest.mark.parametrize(
    ("input", "facts"),
    [
        ({"duration": "8"}, (8, 24, 192)),
        ({"duration": "8s", "fps": 30}, (8, 30, 240)),
        ({"duration": 6, "frames_per_second": 16}, (6, 16, 96)),
        ({"num_frames": 121, "frame_rate": 25}, (4.84, 25, 121)),
        ({"duration": "auto"}, (5, 24, 120)),
        ({"music_length_ms": 2000}, (2, 24, 48)),
    ],
    ids=str,
)
def test_lengths(input: dict[str, Any], facts: tuple[float, float, int]) -> None:
    video = of(VIDEO, {**input, "resolution": "480p"})["video"]
    assert (video["duration"], video["fps"], video["num_frames"], video["width"]) == (*facts, 854)
    assert video["content_type"] == "video/mp4"


def test_what_was_sent_counts_more_than_defaults() -> None:
    schema = {
        "properties": {"num_frames": {"default": 121}, "image_size": {"default": "square"}, "seed": {"default": 5}}
    }
    assert of(VIDEO, {"duration": 2}, input_schema=schema)["video"]["duration"] == 2
    assert of(VIDEO, {}, input_schema=schema)["video"]["num_frames"] == 121
    output = of(IMAGES, {}, input_schema=schema)
    assert (output["images"][0]["width"], output["seed"]) == (512, 5)
    assert of(IMAGES, {"seed": 5.0}, input_schema=schema) == output, "what is left out is its default"


def test_files_in_the_output_itself() -> None:
    (file,) = of(IMAGES, {"sync_mode": True, "output_format": "webp", "image_size": "square"})["images"]
    head, _, content = file["url"].partition(",")
    assert (head, len(base64.b64decode(content))) == ("data:image/webp;base64", file["file_size"])
    assert Image.open(io.BytesIO(base64.b64decode(content))).size == (512, 512)


@pytest.mark.parametrize(
    ("name", "more", "ending"),
    [
        ("image", {}, "png"),
        ("video", {}, "mp4"),
        ("audio", {}, "wav"),
        ("model_glb", {}, "glb"),
        ("fbx", {}, "fbx"),
        ("frames_zip", {}, "zip"),
        ("diffusers_lora_file", {}, "safetensors"),
        ("config_file", {}, "json"),
        ("mask_1_mesh", {}, "glb"),
        ("thumbnail", {}, "png"),
        ("preview_video", {}, "mp4"),
        ("raw", {"description": "Depth values as .npz"}, "npz"),
        ("audio", {"description": "A sound in MP3 format"}, "mp3"),
        ("result", {"title": "VideoFile"}, "mp4"),
        ("result", {"examples": [{"url": "https://a.test/b.wav"}]}, "wav"),
        ("result", {}, "png"),  # by the endpoint's name
    ],
)
def test_which_file_it_is(name: str, more: dict[str, Any], ending: str) -> None:
    file = {"type": "object", "properties": {"url": {"type": "string"}}, "required": ["url"], **more}
    output = of({"type": "object", "properties": {name: file}})
    assert output[name]["url"].endswith(f".{ending}")


def test_formats_that_inputs_ask_for() -> None:
    def ending(name: str, **input: Any) -> str:
        file = {"type": "object", "properties": {"url": {"type": "string"}}}
        return of({"properties": {name: file}}, input)[name]["url"].rpartition(".")[2]

    assert ending("audio", output_format="mp3_44100_128") == "mp3"
    assert ending("audio", audio_setting={"format": "flac"}) == "flac"
    assert ending("audio", output_format="png") == "wav", "of another kind"
    assert ending("video", video_output_type="PRORES4444 (.mov)") == "mov"
    assert ending("model_mesh", geometry_file_format="obj") == "obj"
    assert ending("model_glb", geometry_file_format="obj") == "glb"


def test_links_without_an_object() -> None:
    schema = {
        "properties": {"video_url": {"type": "string"}, "image_urls": {"type": "array", "items": {"type": "string"}}}
    }
    output = of(schema, {"video_url": "https://mine.test/a.mp4", "num_images": 2, "image_size": "square"})
    assert output["video_url"].startswith(BASE)
    assert output["video_url"].endswith(".mp4")
    assert [Image.open(io.BytesIO(content_of(url)[0])).size for url in output["image_urls"]] == [(512, 512)] * 2


def test_what_is_left_out() -> None:
    """Errors, and what depends on something, if that was not asked for."""
    text = {"type": "string"}
    properties = {
        "note": text,
        "error": text,
        "frames": {**text, "description": "Only if `return_frames` is set."},
        "extra": {**text, "description": "May be there when it is."},
    }
    schema = {"type": "object", "properties": properties}
    assert of(schema).keys() == {"note"}
    assert of(schema, {"return_frames": True}).keys() == {"note", "frames"}
    assert of(schema, {"return_frames": False}).keys() == {"note"}
    assert of({**schema, "required": ["error"]}).keys() == {"note", "error"}


def test_it_is_the_same_in_another_process() -> None:
    """Whatever the hash seed, and whatever was made before."""
    program = (
        "import json, sys; from runtime.testing.values.outputs import output_of\n"
        "from runtime.testing.media.wish import url_path\n"
        "schema, input = json.load(sys.stdin)\n"
        "print(json.dumps(output_of(schema, endpoint_id='a/b', input=input, file_url=url_path)))"
    )
    sent = {"prompt": "ä\ud800 cat", "b": 1.0, "a": [1, 2]}
    outputs = {
        subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps([IMAGES, given]),
            text=True,
            check=True,
            cwd=TEMPLATES,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": str(number), "PYTHONPATH": ""},
        ).stdout
        for number, given in enumerate([sent, {"a": [1, 2], "b": 1, "prompt": sent["prompt"]}])
    }
    assert [json.loads(one) for one in outputs] == [output_of(IMAGES, endpoint_id="a/b", input=sent, file_url=url_path)]


def test_it_is_always_the_same() -> None:
    """This very output: a change of it changes other people's tests."""
    path = "/files/fake/1841428547/512x512/image.png"
    file = {"url": BASE + path, "content_type": "image/png", "file_name": "image.png", "file_size": 2954}
    assert of(IMAGES, {"prompt": "a cat", "image_size": "square"}) == {
        "has_nsfw_concepts": [False],
        "images": [{**file, "width": 512, "height": 512}],
        "seed": 1377678975,
        "prompt": "a cat",
        "timings": {},
    }


def test_no_output_is_an_error_that_names_the_place() -> None:
    schema = {
        "type": "object",
        "properties": {"a": {"type": "array", "minItems": 1, "items": False}},
        "required": ["a"],
    }
    with pytest.raises(
        NoOutputError, match=r"fal-ai/some/text-to-image: .* \(a\.0: nothing is allowed there\).*returns"
    ):
        of(schema)
