"""Stage normalize: what files must be like, wherever a document says it, and however."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import INTEGER, STRING, document, obj, read, ref

from generator.diagnostics import Findings
from generator.media_limits import NUMBERS, MediaLimits, allows, in_words, looser, numbers
from generator.parse.file_limits import spells_limits

NULL = {"type": "null"}
X_FAL = {"x-fal": {"max_file_size": 10485760}}
TEN = MediaLimits(kind="image", max_file_size=10485760)


def limits(schema: Any, name: str = "image_url", **components: Any) -> MediaLimits | None:
    """What is read of an input's limits, where nothing is wrong with them."""
    found, said = looked_at(schema, name, **components)
    assert said == []
    return found


def looked_at(schema: Any, name: str = "image_url", **components: Any) -> tuple[MediaLimits | None, list[str]]:
    findings = Findings()
    whole = read(document("fal-ai/it", input=obj({name: schema}), components=components), findings)
    (prop,) = whole.objects[whole.input].properties
    return prop.media, [one.message for one in findings.all()]


PLACES: dict[str, Any] = {
    "on the property": {**STRING, **X_FAL},
    "beside the type": {**STRING, "max_file_size": 10485760},
    "on one of two types": {"anyOf": [{**STRING, **X_FAL}, NULL]},
    "above two types": {"anyOf": [STRING, NULL], **X_FAL},
    "above two types, beside them": {"anyOf": [STRING, NULL], "max_file_size": 10485760},
    "on items": {"type": "array", "items": {**STRING, **X_FAL}},
    "above items": {"type": "array", "items": STRING, **X_FAL},
    "on items of one of two types": {"anyOf": [{"type": "array", "items": {**STRING, **X_FAL}}, NULL]},
    "on a component": ref("File"),
    "above a component": {"allOf": [ref("Text")], **X_FAL},
    "on a component of one of two types": {"anyOf": [ref("File"), NULL]},
    "on the text beside an object": {"anyOf": [{**STRING, **X_FAL}, ref("Object")]},
    "as a float": {**STRING, "x-fal": {"max_file_size": 10485760.0}},
    "with null": {**STRING, "x-fal": {"max_file_size": 10485760, "min_width": None, "max_width": 0}},
    "twice": {"anyOf": [{**STRING, "x-fal": {"max_file_size": 5}}, NULL], **X_FAL},
}


@pytest.mark.parametrize("schema", PLACES.values(), ids=PLACES)
def test_where_it_stands(schema: Any) -> None:
    components = {"File": {**STRING, **X_FAL}, "Text": STRING, "Object": obj({"seed": INTEGER})}
    assert limits(schema, **components) == TEN


@pytest.mark.parametrize(
    "schema",
    [
        {**STRING, "description": "At most 10 MB."},
        {**INTEGER, **X_FAL},
        {"anyOf": [{**INTEGER, **X_FAL}, NULL]},
        obj({"width": INTEGER}) | X_FAL,
        {"anyOf": [obj({"width": INTEGER}), {"type": "string", "enum": ["a"]}], "x-fal": {"max_width": 4}},
        {**STRING, "x-fal": {"timeout": 20, "normalization": {"max_width": 5}, "combined": {"max_duration": 3}}},
        {"anyOf": [{**STRING, **X_FAL}, {"type": "array", "items": STRING}]},
    ],
)
def test_what_has_none(schema: Any) -> None:
    assert limits(schema) is None


def test_every_limit() -> None:
    table = {name: at for at, name in enumerate(sorted(NUMBERS, key=lambda name: name.startswith("max")), start=1)}
    found = limits({**STRING, "x-fal": table})
    assert found is not None
    assert numbers(found) == table
    assert limits({**STRING, "x-fal": {"min_area": 1, "max_area": 2}}) == MediaLimits(
        kind="image", min_pixels=1, max_pixels=2
    )


@pytest.mark.parametrize(
    ("name", "schema", "kind"),
    [
        ("image_url", {}, "image"),
        ("reference_video_urls", {}, "video"),
        ("audio_url_person1", {}, "audio"),
        ("url", {}, ""),
        ("image_size_url", {}, ""),
        ("image_url", {"ui": {"field": "video"}}, "video"),
        ("mask_url", {"_fal_ui_field": "image_mask"}, "image"),
        ("url", {"_fal_ui_field": "archive"}, ""),
        ("image_url", {"max_fps": 3}, "video"),
    ],
)
def test_which_kind(name: str, schema: Any, kind: str) -> None:
    found = limits({**STRING, **schema, **X_FAL}, name)
    assert found is not None
    assert found.kind == kind


@pytest.mark.parametrize(
    ("table", "left", "said"),
    [
        ({"max_file_size": "10MB"}, {}, "`max_file_size` must be a whole number above 0, not '10MB'; it is left out"),
        ({"max_file_size": True}, {}, "`max_file_size` must be a whole number above 0, not True; it is left out"),
        ({"min_width": -1}, {}, "`min_width` must be a whole number above 0, not -1; it is left out"),
        ({"min_width": 1.5}, {}, "`min_width` must be a whole number above 0, not 1.5; it is left out"),
        (
            {"max_width": 2**60},
            {},
            "`max_width` must be a whole number above 0, not 1152921504606846976; it is left out",
        ),
        ({"max_fps": [1]}, {}, "`max_fps` must be a number above 0, not [1]; it is left out"),
        ({"min_fps": 3, "max_fps": 2}, {}, "`min_fps` must be at most `max_fps`, not 3; it is left out"),
        ({"max_layers": 3}, {}, "'max_layers' is no limit of files that is known here; the client does not check it"),
    ],
)
@pytest.mark.parametrize("other", [{}, {"max_height": 9}])
def test_what_is_wrong_is_left_out_and_told(table: Any, left: Any, said: str, other: Any) -> None:
    found, messages = looked_at({**STRING, "x-fal": {**table, **other}})
    assert messages == [said]
    assert (numbers(found) if found else {}) == {**left, **other}


def test_what_is_no_table_is_told() -> None:
    found, messages = looked_at({**STRING, "x-fal": "none"})
    assert (found, messages) == (None, ["`x-fal` must be an object, not 'none'; it is left out"])


def test_components_that_lead_back_to_themselves_come_to_an_end() -> None:
    names = [f"T{number}" for number in range(3)]
    components = {name: {"anyOf": [ref(other) for other in names]} for name in names}
    found, _ = looked_at({"anyOf": [{**STRING, **X_FAL}, *map(ref, names)]}, **components)
    assert found is None


# --- words -----------------------------------------------------------------------------------------------------------

SPELLED = "Max file size: 200.0MB, Min width: 720px, Max duration: 10.05s, Min FPS: 24.0, Timeout: 30.0s"


@pytest.mark.parametrize(
    ("words", "rest"),
    [
        (SPELLED, ""),
        ("Max aspect ratio: 2.50", ""),
        (f"{SPELLED}, No transparency", "No transparency"),
        ("Only JPEG", "Only JPEG"),
        ("Max file size: 10.0MB after decoding", "Max file size: 10.0MB after decoding"),
    ],
)
def test_words_that_say_more_are_kept(words: str, rest: str) -> None:
    found = limits({**STRING, **X_FAL, "limit_description": words})
    assert found is not None
    assert found.said == rest
    assert spells_limits(words) == (not rest)


def test_words_alone() -> None:
    assert limits({**STRING, "limit_description": "Only JPEG"}) == MediaLimits(kind="image", said="Only JPEG")
    assert limits({**STRING, "limit_description": "Max file size: 10.0MB"}) is None


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (MediaLimits(), ""),
        (MediaLimits(max_file_size=10485760), "at most 10 MiB"),
        (MediaLimits(max_file_size=100_000_000), "at most 100 MB"),
        (MediaLimits(max_file_size=1500), "at most 1,500 bytes"),
        (MediaLimits(max_file_size=1), "at most 1 byte"),
        (MediaLimits(min_width=300, max_width=4096, min_height=9), "300 to 4096 pixels wide, at least 9 pixels high"),
        (MediaLimits(min_width=9, min_height=9), "at least 9 pixels wide and high"),
        (MediaLimits(max_pixels=178956970), "at most 178,956,970 pixels in all"),
        (MediaLimits(min_aspect_ratio=0.4, max_aspect_ratio=2.5), "0.4 to 2.5 times as wide as high"),
        (
            MediaLimits(max_duration=10.05, min_fps=24, max_fps=24),
            "at most 10.05 seconds long, exactly 24 frames a second",
        ),
        (MediaLimits(max_frames=81, said="Only MP4"), "at most 81 frames, Only MP4"),
    ],
)
def test_in_words(found: MediaLimits, words: str) -> None:
    assert in_words(found) == words


# --- two of them -----------------------------------------------------------------------------------------------------

LIMITS = st.builds(
    MediaLimits,
    kind=st.sampled_from(["", "image", "video"]),
    **{name: st.none() | st.integers(1, 3) for name in ("max_file_size", "min_width", "max_width", "min_fps")},
)


@given(LIMITS, LIMITS, LIMITS)
def test_the_looser_allows_what_either_does(one: MediaLimits, other: MediaLimits, third: MediaLimits) -> None:
    both = looser(one, other)
    assert both == looser(other, one)
    assert allows(both, one)
    assert allows(both, other)
    assert allows(one, one)
    if allows(one, other) and allows(other, third):
        assert allows(one, third)
    if allows(one, other) and allows(other, one):
        assert (one.kind, numbers(one)) == (other.kind, numbers(other))
