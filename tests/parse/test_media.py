"""Stage normalize: which output files are pictures, videos or sounds."""

from __future__ import annotations

from typing import Any

import pytest
from support import INTEGER, STRING, document, obj, read, ref

from generator.diagnostics import Findings
from generator.emit.annotations import annotation
from generator.ir.share import Kind
from generator.parse.media import EXCEPTIONS, FILE, PLAIN, PROMISED, media_of, media_of_field
from generator.shapes import Media, references

NUMBER = {"type": "number"}
FIELDS = {"url": STRING, "content_type": STRING, "file_name": STRING, "file_size": INTEGER}


def file(**more: Any) -> dict[str, Any]:
    return obj({**FIELDS, **more}, required=["url"])


def media(component: str, **more: Any) -> Media | None:
    """The kind of a component that an output has."""
    whole = read(document("fal-ai/it", output=obj({"it": ref(component)}), components={component: file(**more)}))
    return media_of(whole.objects[component])


def held(schema: Any, field: str = "video", **components: Any) -> dict[str, str]:
    """The annotations of an output with one field, and the types that the document came to have."""
    output = obj({field: schema}, required=[field])
    whole = read(document("fal-ai/it", output=output, components={FILE: file(), **components}))
    return {p.wire_name: annotation(p.shape, Kind.MODELS) for p in whole.objects["ItOutput"].properties}


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Image", Media.IMAGE),
        ("ImageFile", Media.IMAGE),
        ("MapImageFile", Media.IMAGE),
        ("registry__image__fast_sdxl__models__Image", Media.IMAGE),
        ("Video-Output", Media.VIDEO),
        ("VideoFile", Media.VIDEO),
        ("AudioFile", Media.AUDIO),
        ("Audio", Media.AUDIO),
        ("File", None),
        ("ImageZip", None),
        ("VideoConfigFile", None),
        ("Imagery", None),
    ],
)
def test_a_types_name_tells(name: str, kind: Media | None) -> None:
    assert media(name) is kind


@pytest.mark.parametrize(
    ("more", "kind"),
    [
        ({"width": INTEGER, "height": INTEGER}, Media.IMAGE),
        ({"width": INTEGER, "height": INTEGER, "fps": NUMBER}, Media.VIDEO),
        ({"num_frames": INTEGER}, Media.VIDEO),
        ({"sample_rate": INTEGER}, Media.AUDIO),
        ({"duration": NUMBER}, None),
        ({"width": INTEGER}, None),
    ],
)
def test_then_its_fields_do(more: dict[str, Any], kind: Media | None) -> None:
    assert media("Result", **more) is kind
    assert media("Video", **more) is Media.VIDEO


def test_what_is_no_file_is_of_no_kind() -> None:
    whole = read(document("fal-ai/it", output=obj({"it": ref("Image")}), components={"Image": obj({"url": STRING})}))
    assert media_of(whole.objects["Image"]) is None


@pytest.mark.parametrize("field", sorted(PROMISED[Media.VIDEO]))
def test_a_type_that_breaks_the_promise_of_the_base_is_of_no_kind(field: str) -> None:
    """Type checkers would refuse it."""
    assert media("Video", **{field: {"type": "boolean"}}) is None
    assert media("Video", **{field: {"anyOf": [INTEGER, obj({"x": INTEGER})]}}) is None
    assert media("Video", **{field: {}}) is Media.VIDEO


@pytest.mark.parametrize(
    ("field", "schema", "kind"),
    [
        ("width", {"anyOf": [INTEGER, {"type": "null"}]}, Media.VIDEO),
        ("width", NUMBER, None),
        ("width", {"enum": [1, 2]}, Media.VIDEO),
        ("width", {"enum": [True]}, None),
        ("fps", INTEGER, Media.VIDEO),
        ("fps", {"enum": [24]}, Media.VIDEO),
        ("content_type", {"enum": ["video/mp4"]}, Media.VIDEO),
        ("content_type", INTEGER, None),
        ("frames", STRING, Media.VIDEO),
    ],
)
def test_a_narrower_type_keeps_it(field: str, schema: Any, kind: Media | None) -> None:
    assert media("Video", **{field: schema}) is kind


@pytest.mark.parametrize(
    ("field", "kind"),
    [
        ("video", Media.VIDEO),
        ("videos", Media.VIDEO),
        ("input_video", Media.VIDEO),
        ("video_url", Media.VIDEO),
        ("video_2", Media.VIDEO),
        ("audio_file", Media.AUDIO),
        ("preview_image", Media.IMAGE),
        ("video_thumbnail", Media.IMAGE),
        ("masks", Media.IMAGE),
        ("frames_zip", None),
        ("mask_1_mesh", None),
        ("image_archive", None),
        ("model_glb", None),
        ("diffusers_lora_file", None),
        ("debug_dataset", None),
        ("captions_file", None),
        ("file", None),
        ("_", None),
    ],
)
def test_the_field_of_a_plain_file_tells(field: str, kind: Media | None) -> None:
    assert media_of_field("ItOutput", field) is kind
    assert held(ref(FILE), field) == {field: FILE if kind is None else PLAIN[kind]}


@pytest.mark.parametrize(
    ("schema", "annotated"),
    [
        ({"type": "array", "items": ref(FILE)}, "list[PlainVideo]"),
        ({"type": "object", "additionalProperties": ref(FILE)}, "dict[str, PlainVideo]"),
        ({"anyOf": [ref(FILE), {"type": "null"}]}, "PlainVideo | None"),
        ({"anyOf": [ref("Image"), {"type": "array", "items": ref(FILE)}]}, "Image | list[PlainVideo]"),
    ],
)
def test_wherever_the_file_stands_in_the_field(schema: Any, annotated: str) -> None:
    assert held(schema, Image=file()) == {"video": annotated}


def test_a_file_in_a_type_that_the_output_leads_to() -> None:
    parts = {FILE: file(), "Scene": obj({"sounds": {"type": "array", "items": ref(FILE)}, "weights": ref(FILE)})}
    whole = read(document("fal-ai/it", output=obj({"scenes": ref("Scene")}), components=parts))
    assert [annotation(p.shape, Kind.MODELS) for p in whole.objects["Scene"].properties] == ["list[PlainAudio]", FILE]


def test_the_fields_are_those_of_the_file() -> None:
    whole = read(document("fal-ai/it", output=obj({"video": ref(FILE)}), components={FILE: file()}))
    video = whole.objects["PlainVideo"]
    assert (video.properties, video.pointer) == (whole.objects[FILE].properties, whole.objects[FILE].pointer)
    assert media_of(video) is Media.VIDEO


def test_inputs_keep_the_plain_file() -> None:
    given = obj({"video": ref(FILE)})
    whole = read(document("fal-ai/it", input=given, output=obj({"video": ref(FILE)}), components={FILE: file()}))
    assert references(whole.objects["ItInput"].properties[0].shape) == [FILE]


@pytest.mark.parametrize(
    "plain",
    [file(file_size=NUMBER), obj({"url": STRING})],
    ids=["breaks the promise", "no file"],
)
def test_a_file_that_is_not_plain_stays_what_it_is(plain: Any) -> None:
    assert held(ref(FILE), **{FILE: plain}) == {"video": FILE}


def test_the_field_tells_more_than_the_fields_of_the_file() -> None:
    """Should fal give each `File` a width and a height, no video becomes a picture."""
    sized = file(width=INTEGER, height=INTEGER)
    assert held(ref(FILE), **{FILE: sized}) == {"video": "PlainVideo"}
    assert held(ref(FILE), "other", **{FILE: sized}) == {"other": FILE}
    assert media(FILE, width=INTEGER, height=INTEGER) is Media.IMAGE


def test_a_component_of_that_name_is_not_taken_for_ours() -> None:
    held_ = held(ref(FILE), PlainVideo=obj({"x": INTEGER}))
    assert held_ == {"video": "PlainVideo_"}


def test_what_is_made_counts_as_if_it_had_been_read() -> None:
    """A document can describe one file with as much prose as there may be, and put it into four kinds of fields."""
    fields = {f"f{number}": {**STRING, "description": "x" * 10_000} for number in range(60)}
    output = obj({name: ref(FILE) for name in ("video", "audio", "image", "other")})
    findings = Findings()
    with pytest.raises(AssertionError):
        read(document("fal-ai/it", output=output, components={FILE: file(**fields)}), findings)
    assert [one.code.value for one in findings.all()] == ["over-limit"]


@pytest.mark.parametrize(
    ("owner", "field", "kind"),
    [
        ("DemucsOutput", "other", Media.AUDIO),
        ("SamAudioSpanSeparateOutput", "target", Media.AUDIO),
        ("SamAudioVisualSeparateOutput", "residual", Media.AUDIO),
        ("Sa2va4bVideoOutput", "masks", Media.VIDEO),
        ("Sa2va4bImageOutput", "masks", Media.IMAGE),
        ("TextureFiles", "base_color", Media.IMAGE),
        ("ItOutput", "target", None),
    ],
)
def test_exceptions(owner: str, field: str, kind: Media | None) -> None:
    assert media_of_field(owner, field) is kind


def test_every_exception_says_why() -> None:
    assert all(one.reason for one in EXCEPTIONS.values())
