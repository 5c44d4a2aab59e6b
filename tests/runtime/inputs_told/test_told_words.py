"""Limits in words, and words as they may stand on a screen."""

from __future__ import annotations

from typing import Any

import pytest
from runtime.inputs_told.words import as_code, length_in_words, media_in_words, on_screen, range_in_words


@pytest.mark.parametrize(
    ("value", "code"),
    [("é 猫", '"é 猫"'), ('a "b"\n', r'"a \"b\"\n"'), (None, "None"), (True, "True"), (1.5, "1.5"), (["é"], "['é']")],
)
def test_values_as_code(value: object, code: str) -> None:
    assert as_code(value) == code


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\nb é", "a\nb é"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\tb", "a b"),
        ("\x1b[31mred", r"\x1b[31mred"),
        ("a\u202eb\n", "a\\u202eb\n"),
        ("a\u200b", r"a\u200b"),
    ],
)
def test_what_nobody_sees_is_an_escape(text: str, shown: str) -> None:
    assert on_screen(text) == shown


@pytest.mark.parametrize(
    ("bounds", "words"),
    [
        ({}, ""),
        ({"ge": 1, "le": 12}, "1 to 12"),
        ({"ge": 3, "le": 3}, "exactly 3"),
        ({"ge": 1}, "at least 1"),
        ({"le": 0}, "at most 0"),
        ({"gt": 0, "lt": 1.5}, "above 0, below 1.5"),
        ({"gt": 0, "le": 1}, "above 0, at most 1"),
        ({"gt": 0, "multiple_of": 8}, "above 0, in steps of 8"),
        ({"ge": 9_999, "le": 10_000}, "9999 to 10,000"),
        ({"ge": -10_000, "le": -9_999}, "-10,000 to -9999"),
        ({"multiple_of": 65_536}, "in steps of 65,536"),
    ],
)
def test_ranges(bounds: dict[str, Any], words: str) -> None:
    assert range_in_words(bounds) == words


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({}, ""),
        ({"min_length": 0}, ""),
        ({"min_length": 1}, "at least 1 item"),
        ({"min_length": 2}, "at least 2 items"),
        ({"max_length": 0}, "at most 0 items"),
        ({"max_length": 1}, "at most 1 item"),
        ({"min_length": 0, "max_length": 4}, "at most 4 items"),
        ({"min_length": 1, "max_length": 4}, "1 to 4 items"),
        ({"min_length": 1, "max_length": 1}, "exactly 1 item"),
        ({"min_length": 3, "max_length": 3, "pattern": "^a"}, "exactly 3 items, like ^a"),
        ({"pattern": "x" * 60}, f"like {'x' * 60}"),
        ({"pattern": "x" * 61}, ""),
        ({"pattern": "a\tb\x00"}, r"like a b\x00"),
    ],
)
def test_lengths(limits: dict[str, Any], words: str) -> None:
    assert length_in_words(limits, "items") == words


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({}, ""),
        ({"kind": "image"}, "a picture"),
        ({"kind": "unheard of"}, ""),
        (
            {"kind": "video", "max_file_size": 10 << 20, "max_duration": 8},
            "a video, at most 10 MiB, at most 8 seconds long",
        ),
        ({"max_file_size": 1_001}, "at most 1,001 bytes"),
        ({"min_width": 300, "max_width": 10_240}, "300 to 10,240 pixels wide"),
        ({"min_height": 0}, "at least 0 pixels high"),
        (
            {"min_pixels": 5, "min_aspect_ratio": 0.4, "max_aspect_ratio": 2.5},
            "at least 5 pixels in all, 0.4 to 2.5 times as wide as high",
        ),
        ({"max_frames": 9, "min_fps": 24, "max_fps": 24}, "at most 9 frames, exactly 24 frames a second"),
    ],
)
def test_files(limits: Any, words: str) -> None:
    assert media_in_words(limits) == words
