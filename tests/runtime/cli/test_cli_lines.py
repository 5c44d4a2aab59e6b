"""The inputs of many jobs: JSON lines and tables, what of them is refused, and by which line."""

from __future__ import annotations

import csv
import io
import json
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from fal_typed._runtime.calls.endpoint import dynamic_spec
from fal_typed._runtime.cli.batch.lines import Lines
from fal_typed._runtime.cli.catalog import spec_of
from fal_typed._runtime.cli.exits import UsageProblemError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SCHNELL, ILLUSION, OMNIGEN = "fal-ai/flux-1/schnell", "fal-ai/illusion-diffusion", "fal-ai/omnigen-v2"


@pytest.fixture
def lines(tmp_path: Path) -> Callable[..., Lines]:
    """Those of a file with some text."""

    def made(text: str | bytes, name: str = "jobs.jsonl", endpoint: str = SCHNELL, kind: str | None = None) -> Lines:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        found = Lines(spec_of(endpoint), str(path), kind)
        found.name = name
        return found

    return made


def test_a_line_is_an_input(lines: Callable[..., Lines]) -> None:
    found = lines('\ufeff{"prompt": "a"}\n\n  \r\n{"prompt": "b", "seed": 7}\r\n{"prompt": "c\\u2028"}')
    assert [*found] == [{"prompt": "a"}, {"prompt": "b", "seed": 7}, {"prompt": "c\u2028"}]
    assert [found.where(index) for index in range(3)] == ["jobs.jsonl:1", "jobs.jsonl:4", "jobs.jsonl:5"]
    assert [*found] == [*found]


def test_lines_are_read_as_they_are_asked_for(lines: Callable[..., Lines]) -> None:
    found = iter(lines('{"prompt": "a"}\nno JSON\n'))
    assert next(found) == {"prompt": "a"}
    with pytest.raises(UsageProblemError, match=r"^jobs\.jsonl:2: not JSON: "):
        next(found)


WRONG: dict[str, tuple[bytes, str]] = {
    "no JSON": (b'{"prompt": "a"}\n{"prompt": "b"', "jobs.jsonl:2: not JSON: "),
    "a list": (b'\n["a"]', "jobs.jsonl:2: a JSON object is wanted, with a key for each input"),
    "all in one list": (b'[\n{"prompt": "a"}\n]', "jobs.jsonl:1: not JSON: "),
    "another coding": ('{"prompt": "ä"}'.encode("latin-1"), "jobs.jsonl:1: not JSON: it is no text in UTF-8"),
    "a name twice": (b'{"prompt": "a", "prompt": "b"}', "jobs.jsonl:1: not JSON: 'prompt' is given twice"),
    "no number": (b'{"seed": NaN}', "jobs.jsonl:1: not JSON: JSON has no NaN"),
    "depth": (b'{"a":' * 100_000, "jobs.jsonl:1: nested too deeply"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_line_that_is_no_input(lines: Callable[..., Lines], what: str) -> None:
    text, message = WRONG[what]
    with pytest.raises(UsageProblemError) as caught:
        list(lines(text))
    assert str(caught.value).startswith(message)


def test_a_row_is_an_input(lines: Callable[..., Lines]) -> None:
    found = lines(
        "\ufeffprompt,seed, image_size ,sync_mode\r\n"
        'a,7,square,TRUE\r\n"two\nlines, and ""quotes""",,"{""width"": 8, ""height"": 16}",false\r\n'
        ",,,\r\n4\r\n@x,null,,\r\n",
        "jobs.CSV",
    )
    assert [*found] == [
        {"prompt": "a", "seed": 7, "image_size": "square", "sync_mode": True},
        {"prompt": 'two\nlines, and "quotes"', "image_size": {"width": 8, "height": 16}, "sync_mode": False},
        {"prompt": "4"},
        {"prompt": "@x", "seed": None},
    ]
    assert [found.where(index) for index in range(4)] == [f"jobs.CSV:{line}" for line in (2, 3, 6, 7)]


def test_lists_in_a_table(lines: Callable[..., Lines], tmp_path: Path) -> None:
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    urls = '"[""https://a/1.png"", ""https://a/2.png""]"'
    found = lines(f"prompt,input_image_urls\na,{picture}\nb,{urls}\nc,@{picture}\n", "jobs.csv", OMNIGEN)
    first, other, third = found
    assert first["input_image_urls"] == [picture]
    assert other["input_image_urls"] == ["https://a/1.png", "https://a/2.png"]
    assert third["input_image_urls"] == [f"@{picture}"]  # nothing is read in place of a cell


def test_a_cell_may_be_as_long_as_a_line(lines: Callable[..., Lines]) -> None:
    before = csv.field_size_limit()
    assert list(lines(f"prompt\n{'a' * 200_000}\n", "jobs.csv")) == [{"prompt": "a" * 200_000}]
    assert csv.field_size_limit() == before


WRONG_TABLES: dict[str, tuple[bytes, str]] = {
    "a column that is no input": (
        b"prompt,image_siz\n",
        "jobs.csv:1: image_siz: is not an input of ",
    ),
    "two of a name": (b"prompt,seed,prompt\n", "jobs.csv:1: two columns are called 'prompt'"),
    "too many cells": (b"prompt\na\nb,c\n", "jobs.csv:3: 2 cells, but the first row names 1"),
    "an open quote": (b'prompt\na\n"b\nc\n', "jobs.csv:3: not CSV: unexpected end of data"),
    "nothing": (b"", "jobs.csv:1: a first row with the names of the inputs is wanted"),
    "another coding": ("prompt\nä\n".encode("latin-1"), "jobs.csv:2: no text in UTF-8: save the table as CSV UTF-8"),
}


@pytest.mark.parametrize("what", WRONG_TABLES)
def test_a_table_that_is_none(lines: Callable[..., Lines], what: str) -> None:
    text, message = WRONG_TABLES[what]
    with pytest.raises(UsageProblemError) as caught:
        list(lines(text, "jobs.csv"))
    assert str(caught.value).startswith(message)


def test_paths_become_files_where_the_endpoint_takes_them(lines: Callable[..., Lines], tmp_path: Path) -> None:
    picture = tmp_path / "cat.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    texts = [json.dumps({"prompt": str(picture), "image_url": url}) for url in (str(picture), "https://a/b.png", "no")]
    found = [one["image_url"] for one in lines("\n".join(texts), endpoint=ILLUSION)]
    assert found == [picture, "https://a/b.png", "no"]  # of the last the call itself says what is wrong


def test_what_is_not_there(tmp_path: Path) -> None:
    for place, message in (
        (tmp_path / "no.jsonl", "No such file"),
        (tmp_path, "Is a directory"),
        ("a\0b", "a\\\\x00b:"),
    ):
        with pytest.raises(UsageProblemError, match=message):
            Lines(spec_of(SCHNELL), str(place))


def test_an_endpoint_without_a_document(tmp_path: Path) -> None:
    path = tmp_path / "jobs.jsonl"
    path.write_text('{"what": "ever"}')
    assert [*Lines(dynamic_spec("owner/name"), str(path))] == [{"what": "ever"}]
    with pytest.raises(UsageProblemError, match=r"the package does not have owner/name: it takes JSON lines"):
        Lines(dynamic_spec("owner/name"), str(path), "csv")


def test_stdin_is_read_once_unless_it_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    def stdin(text: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(text)))

    stdin(b"prompt\na\n")
    found = Lines(spec_of(SCHNELL), "-", "csv")
    assert [*found] == [{"prompt": "a"}]
    assert found.where(0) == "stdin:2"
    stdin(b'{"prompt": "a"}')
    with Lines(spec_of(SCHNELL), "-") as found:
        found.keep()
        assert [*found] == [*found] == [{"prompt": "a"}]
    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(UsageProblemError, match="there is no stdin"):
        list(Lines(spec_of(SCHNELL), "-"))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without named pipes")
def test_a_pipe_is_not_used_up_by_looking_at_it(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with Lines(spec_of(SCHNELL), str(pipe)) as found:
        writer = threading.Thread(target=pipe.write_text, args=['{"prompt": "a"}\n'])
        writer.start()
        found.keep()
        writer.join()
        read: list[Any] = [*found]
        assert read == [*found] == [{"prompt": "a"}]
