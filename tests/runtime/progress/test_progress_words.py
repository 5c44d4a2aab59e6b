"""What the display says, and what it never writes to a terminal."""

from __future__ import annotations

from typing import Any

import pytest
from runtime.progress.line import Line
from runtime.progress.notebook import html_of
from runtime.progress.painters import text_of
from runtime.progress.summary import Ended, picture_of
from runtime.progress.words import Picture, amount, beginning_cut, duration, end_cut, harmless, width

SCHNELL = "fal-ai/flux-1/schnell"


def line_of(kind: str, more: str = "", note: str = "", what: str = SCHNELL, begun: float = 0.0) -> Line:
    line = Line(what, "starting", lambda: begun)
    line.turn(kind, more)
    line.log(note)
    return line


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1536, "1.5 KiB"),
        (2**20, "1.0 MiB"),
        (5 * 2**30, "5.0 GiB"),
        (2**60, "1048576.0 TiB"),
    ],
)
def test_bytes(count: int, text: str) -> None:
    assert amount(count) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0.9, "0 s"), (59.9, "59 s"), (60, "1:00 min"), (3599, "59:59 min"), (3661, "1:01 h")]
)
def test_seconds(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("step 3/28", "step 3/28"),
        ("\x1b[1;31mred\x1b[0m \x1b[2Kdone\x1b[A", "red done"),
        ("  5%|#  | \r 10%|## | \r", "10%|## |"),
        ("first\nsecond\n\n", "second"),
        ("a\u2028b", "b"),
        ("\x1b]0;title\x07x\x1b]8;;https://e.x\x1b\\y", "xy"),
        ("\x9b31mx\x07\x00y\x7f\x1b", "xy"),
        ("txt.\u202egpj\u200b", "txt.gpj"),
        ("a\tb", "a b"),
        ("\n\r ", ""),
        ("\ud800x", "x"),
        ("x" * 10**6, "x" * 500),
        ("x" + "\n" * 3999, "x"),
        ("x" + "\n" * 4000, ""),
    ],
)
def test_a_log_line_steers_nothing(text: str, shown: str) -> None:
    assert harmless(text) == shown


@pytest.mark.parametrize(
    ("text", "cells", "shown"),
    [
        ("abc", 3, "abc"),
        ("abcd", 3, "ab…"),
        ("日本語", 6, "日本語"),
        ("日本語", 5, "日本…"),
        ("日本語", 4, "日…"),
        ("e\u0301e\u0301e\u0301", 3, "e\u0301e\u0301e\u0301"),
        ("abc", 0, ""),
    ],
)
def test_text_is_cut_to_the_cells_that_it_takes(text: str, cells: int, shown: str) -> None:
    assert end_cut(text, cells) == shown
    assert width(shown) <= cells


def test_of_a_long_id_the_end_stays() -> None:
    assert beginning_cut("fal-ai/kling-video/v2.1/master/image-to-video", 22) == "…master/image-to-video"


def test_one_call() -> None:
    told: Any = picture_of([line_of("queued", ", 3 ahead", "warming up", begun=2.0)], Ended(), 14.5)
    assert text_of(told, 99) == f"{SCHNELL}  queued, 3 ahead  12 s  warming up"
    assert width(text_of(told, 40)) <= 40
    assert "queued, 3 ahead" in text_of(told, 40)


def test_a_long_name_leaves_room_for_the_state() -> None:
    told: Any = picture_of([line_of("queued", ", 3 ahead", what="fal-ai/" + "a" * 80)], Ended(), 14.5)
    assert text_of(told, 60) == "…" + "a" * 23 + "  queued, 3 ahead  14 s"


def test_an_upload_has_a_bar_where_there_is_room() -> None:
    line = line_of("uploading")
    line.move("a.png", 2**20, 4 * 2**20)
    line.move("b.png", 0, 2**20)
    told = picture_of([line], Ended(), 3.0)
    assert text_of(told, 99) == f"{SCHNELL}  uploading 1.0 MiB of 5.0 MiB  [####................]  3 s"
    assert "[" not in text_of(told, 50)
    line.move("a.png", 9 * 2**20, 4 * 2**20)  # a file that grew
    assert picture_of([line], Ended(), 3.0).part == 1.0
    line.move("a.png", 2**20, 4 * 2**20)
    line.move("c.png", 5, None)
    assert text_of(picture_of([line], Ended(), 3.0), 99) == f"{SCHNELL}  uploading 1.0 MiB  3 s"
    line.turn("queued")
    assert text_of(picture_of([line], Ended(), 3.0), 99) == f"{SCHNELL}  queued  3 s"


def test_many_calls_are_one_line() -> None:
    lines = [line_of("queued", ", 1 ahead", "old"), line_of("in progress", note="new"), line_of("queued")]
    told = picture_of(lines, Ended(5, 2), 8.0)
    assert text_of(told, 99) == f"{SCHNELL}  2 queued, 1 in progress, 3 done, 2 failed  8 s  new"
    lines += [line_of("uploading", what="fal-ai/other"), line_of("odd")]
    lines[-2].move("x", 512, 1024)
    told = picture_of(lines, Ended(), 8.0)
    assert text_of(told, None) == ("5 at once  1 uploading, 2 queued, 1 in progress, 1 odd, 512 B of 1.0 KiB  8 s  new")


def test_a_notebook_gets_no_markup_from_outside() -> None:
    told = Picture("<b>", "<script>alert(1)</script>", 0.5, 3, '"><img src=x onerror=alert(1)>')
    html = html_of(told)
    assert "<script" not in html
    assert "<img" not in html
    assert 'value="0.500"' in html
