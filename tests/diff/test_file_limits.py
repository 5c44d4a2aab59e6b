"""What files must be like changed: tighter breaks callers, looser does not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from support import STRING, document, obj, ref

from generator.diff.compare import compare
from generator.diff.record import recall, record
from generator.diff.verdict import worst

from .states import IT, States

if TYPE_CHECKING:
    from pathlib import Path


def limited(**x_fal: Any) -> Any:
    return {**STRING, **({"x-fal": x_fal} if x_fal else {})}


def taking(schema: Any, name: str = "image_url", **components: Any) -> Any:
    return document(IT, input=obj({name: schema}), components=components)


def said(root: Path, old: Any, new: Any) -> tuple[str, list[str]]:
    changes = States(root).changes(old, new)
    return worst(one.verdict for one in changes).value, [one.text for one in changes]


MORE, LESS = "a picture, 300 to 4096 pixels wide", "a picture, 200 to 8000 pixels wide"
# Two limits, the first tighter, and what is said of the way there and of the way back.
LIMITS: dict[str, tuple[Any, Any, str, str]] = {
    "one that appears": (
        limited(max_file_size=10485760),
        limited(),
        "A file for input `image_url` may now be any file (before: a picture, at most 10 MiB).",
        "A file for input `image_url` must now be a picture, at most 10 MiB (before: any file).",
    ),
    "a size": (
        limited(max_file_size=5242880),
        limited(max_file_size=10485760),
        "A file for input `image_url` may now be a picture, at most 10 MiB (before: a picture, at most 5 MiB).",
        "A file for input `image_url` must now be a picture, at most 5 MiB (before: a picture, at most 10 MiB).",
    ),
    "a width": (
        limited(min_width=300, max_width=4096),
        limited(min_width=200, max_width=8000),
        f"A file for input `image_url` may now be {LESS} (before: {MORE}).",
        f"A file for input `image_url` must now be {MORE} (before: {LESS}).",
    ),
}


@pytest.mark.parametrize("name", LIMITS)
def test_a_looser_limit_is_a_feature(name: str, tmp_path: Path) -> None:
    tight, loose, text, _ = LIMITS[name]
    assert said(tmp_path, taking(tight), taking(loose)) == ("minor", [text])


@pytest.mark.parametrize("name", LIMITS)
def test_a_tighter_limit_breaks_callers(name: str, tmp_path: Path) -> None:
    tight, loose, _, text = LIMITS[name]
    assert said(tmp_path, taking(loose), taking(tight)) == ("major", [text])


def test_a_limit_that_moved_breaks_callers(tmp_path: Path) -> None:
    verdict, texts = said(
        tmp_path, taking(limited(min_width=1, max_width=4)), taking(limited(min_width=2, max_width=5))
    )
    assert (verdict, len(texts)) == ("major", 1)


def test_the_kind_alone_may_change(tmp_path: Path) -> None:
    tight, loose = ({**limited(max_duration=3), "_fal_ui_field": mark} for mark in ("video", "archive"))
    text = (
        "A file for input `url` must now be a video, at most 3 seconds long (before: any file, at most 3 seconds long)."
    )
    assert said(tmp_path, taking(loose, "url"), taking(tight, "url")) == ("major", [text])


SAME = {
    "where it stands": ({"anyOf": [limited(min_width=3)]}, {"anyOf": [STRING], "x-fal": {"min_width": 3}}),
    "beside the type": (limited(min_width=3), {**STRING, "min_width": 3}),
    "what refuses no file": (limited(min_width=3), limited(min_width=3, timeout=20)),
    "fal's words for it": (limited(min_width=3), {**limited(min_width=3), "limit_description": "Min width: 3px"}),
}


@pytest.mark.parametrize("name", SAME)
def test_the_same_in_other_words_is_no_change(name: str, tmp_path: Path) -> None:
    one, other = SAME[name]
    assert said(tmp_path, taking(one), taking(other)) == ("none", [])


def test_other_words_are_documentation(tmp_path: Path) -> None:
    one, other = ({**limited(min_width=3), "limit_description": text} for text in ("Only JPEG", "Only PNG"))
    verdict, texts = said(tmp_path, taking(one), taking(other))
    assert (verdict, len(texts)) == ("patch", 1)


def test_on_what_is_no_file_it_means_nothing(tmp_path: Path) -> None:
    assert said(tmp_path, taking(limited(), "note"), taking(limited(min_width=3), "note")) == ("none", [])


def test_within_a_type_it_is_told_once(tmp_path: Path) -> None:
    old, new = (
        document(
            IT,
            input=obj({"one": ref("Element"), "more": {"type": "array", "items": ref("Element")}}),
            components={"Element": obj({"image_url": limited(**x_fal)})},
        )
        for x_fal in ({}, {"min_width": 3})
    )
    what = "a picture, at least 3 pixels wide"
    text = f"A file for input field `Element.image_url` must now be {what} (before: any file)."
    assert said(tmp_path, old, new) == ("major", [text])


def test_a_release_remembers_them(tmp_path: Path) -> None:
    states = States(tmp_path)
    new = {**limited(min_width=3, max_aspect_ratio=2.5), "limit_description": "Only JPEG"}
    surfaces = []

    def kept(before: Any, after: Any) -> Any:
        surfaces.append(after)
        return compare(before, after)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("diff.states.compare", kept)
        states.changes(taking(limited()), taking(new))
    (found,) = surfaces
    surface = replace(found, endpoints={IT: replace(found.endpoints[IT], streams=False)})
    assert recall(record(surface)) == surface
    assert "JPEG" not in str(record(surface))
