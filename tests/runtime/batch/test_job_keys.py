"""By what a job is known."""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image
from runtime.batch import contents
from runtime.batch.keys import Keys, prepared
from runtime.errors import InvalidInputError
from runtime.files.remote_file import RemoteFile
from runtime.files.uploads.sources import open_source
from runtime_sample import Fal

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def endpoint() -> Any:
    return Fal("id:secret").flux_1.schnell


def key(endpoint: Any, salt: str | None = None, number: int = 0, /, **given: Any) -> str:
    return prepared(endpoint._call(), given, salt=salt, number=number).wanted.key


def test_a_key_is_the_same_in_every_process_and_version(endpoint: Any) -> None:
    """It is written down: another one would pay for everything again."""
    text = '[1, "fal-ai/flux-1/schnell", {"num_images":1,"prompt":"a cat"}, "s", 2]'
    assert key(endpoint, "s", 2, prompt="a cat", num_images=1) == hashlib.sha256(text.encode()).hexdigest()[:32]
    assert key(endpoint, prompt="a cat") == "7d05a49e9535bb526c066f15bbcd1afe"


def test_the_order_of_names_does_not_count_and_all_else_does(endpoint: Any) -> None:
    one = key(endpoint, prompt="x", num_images=1, image_size={"width": 3, "height": 4})
    assert one == key(endpoint, image_size={"height": 4, "width": 3}, num_images=1, prompt="x")
    others = [
        key(endpoint, prompt="x", num_images=2, image_size={"width": 3, "height": 4}),
        key(endpoint, prompt="x", num_images=1, image_size={"width": 4, "height": 3}),
        key(endpoint, "salt", prompt="x", num_images=1, image_size={"width": 3, "height": 4}),
        key(endpoint, None, 1, prompt="x", num_images=1, image_size={"width": 3, "height": 4}),
        key(endpoint.with_options(extra_input={"new": 1}), prompt="x", num_images=1),
        key(endpoint, prompt="x", num_images=1),
        key(endpoint, prompt="x", guidance=1),
        key(endpoint, prompt="x", guidance=1.0),
    ]
    assert len({one, *others}) == len(others) + 1


def test_another_endpoint_has_other_jobs() -> None:
    fal = Fal("id:secret")
    assert key(fal.endpoint("a/b"), x=1) != key(fal.endpoint("a/c"), x=1)
    assert key(fal.endpoint("a/b"), x=1) == key(fal.endpoint("a/b"), x=1)


def test_equal_inputs_are_counted(endpoint: Any) -> None:
    keys = Keys(endpoint._call(), salt=None, dedupe=False)
    found = [keys.prepared({"prompt": prompt}).wanted for prompt in "aabab"]
    assert [each.number for each in found] == [0, 1, 0, 2, 1]
    assert len({each.key for each in found}) == 5
    assert found[3].key == key(endpoint, None, 2, prompt="a")
    one = Keys(endpoint._call(), salt=None, dedupe=True)
    assert len({one.prepared({"prompt": "a"}).wanted.key for _ in range(3)}) == 1


def test_counting_takes_little(endpoint: Any) -> None:
    keys = Keys(endpoint._call(), salt=None, dedupe=False)
    for number in range(2_000):
        keys.prepared({"prompt": f"{number} {'x' * 1000}"})
    counts = keys._counts
    assert (sys.getsizeof(counts) + sum(map(sys.getsizeof, counts))) / len(counts) < 110


def test_a_file_counts_by_its_content(endpoint: Any, tmp_path: Path) -> None:
    path, other = tmp_path / "a.png", tmp_path / "b.png"
    path.write_bytes(b"content")
    other.write_bytes(b"content")
    one = key(endpoint, prompt="x", image_url=path)
    assert one == key(endpoint, prompt="x", image_url=other)
    assert one == key(endpoint, prompt="x", image_url=b"content")
    with path.open("rb") as file:
        assert one == key(endpoint, prompt="x", image_url=file)
        assert file.tell() == 0
    other.write_bytes(b"another")
    assert one != key(endpoint, prompt="x", image_url=other)
    wanted = prepared(endpoint._call(), {"prompt": "x", "image_url": path}).wanted
    assert json.loads(wanted.input)["image_url"].keys() == {"sha256"}
    assert one != key(endpoint, prompt="x", loras=[{"path": b"content"}])


def test_no_file_stays_open(endpoint: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where it is looked at a second time, for what fal takes."""
    opened: list[Any] = []

    def tracked(value: Any) -> Any:
        opened.append(open_source(value))
        return opened[-1]

    monkeypatch.setattr(contents, "open_source", tracked)
    path = tmp_path / "a.png"
    path.write_bytes(b"content")
    call = endpoint._call()
    limited = call._replace(spec=replace(call.spec, media={"image_url": {"kind": "image", "max_file_size": 5000}}))
    prepared(limited, {"prompt": "x", "image_url": path})
    assert len(opened) == 2
    assert all(source._file.closed for source in opened)


def test_of_many_files_those_that_were_asked_for_last_are_known(
    endpoint: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(contents, "_MOST_PATHS", 2)
    read: list[str] = []

    def tracked(value: Any) -> Any:
        read.append(value.name)
        return open_source(value)

    monkeypatch.setattr(contents, "open_source", tracked)
    for name in "abc":
        (tmp_path / name).write_text(name)
    keys = Keys(endpoint._call(), salt=None, dedupe=True)
    found = [keys.prepared({"prompt": "x", "image_url": tmp_path / name}).wanted.key for name in "abacbac"]
    assert read == ["a", "b", "c", "b", "a", "c"]
    assert found == [found[0], found[1], found[0], found[3], found[1], found[0], found[3]]
    assert len({*found}) == 3


def test_a_file_that_changes_is_read_again(endpoint: Any, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"one")
    keys = Keys(endpoint._call(), salt=None, dedupe=True)
    first = keys.prepared({"prompt": "x", "image_url": path}).wanted.key
    path.chmod(0o000)  # what is known is not read again
    if os.geteuid():
        assert keys.prepared({"prompt": "x", "image_url": path}).wanted.key == first
    path.chmod(0o600)
    path.write_bytes(b"another")
    assert keys.prepared({"prompt": "x", "image_url": path}).wanted.key != first


def test_pictures_and_files_of_fal_count_as_they_are_sent(endpoint: Any) -> None:
    array = np.zeros((4, 5, 3), np.uint8)
    picture = Image.fromarray(array)
    assert key(endpoint, prompt="x", image_url=array) == key(endpoint, prompt="x", image_url=array.copy())
    assert key(endpoint, prompt="x", image_url=picture) == key(endpoint, prompt="x", image_url=picture.copy())
    array[0, 0] = 1
    assert key(endpoint, prompt="x", image_url=picture) != key(endpoint, prompt="x", image_url=array)
    url = "https://v3.fal.media/a.png"
    assert key(endpoint, prompt="x", image_url=RemoteFile(url=url)) == key(endpoint, prompt="x", image_url=url)


class Pipe(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        return 0


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (Pipe(), "can be read only once"),
        (b"", "has no bytes"),
        ("missing", "no such file"),
        ("folder", "is a directory"),
    ],
    ids=["pipe", "empty", "missing", "folder"],
)
def test_a_file_that_cannot_be_read_is_told_with_its_place(
    endpoint: Any, tmp_path: Path, value: Any, told: str
) -> None:
    if isinstance(value, str):
        value = tmp_path if value == "folder" else tmp_path / value
    with pytest.raises(InvalidInputError, match=f"image_urls.1: .*{told}"):
        key(endpoint, prompt="x", image_urls=[b"fine", value])


def test_a_file_that_stands_in_its_middle_is_told(endpoint: Any) -> None:
    file = io.BytesIO(b"content")
    file.seek(2)
    with pytest.raises(InvalidInputError, match="image_url: stands at byte 2"):
        key(endpoint, prompt="x", image_url=file)


@pytest.mark.parametrize("given", [{"prompt": "\ud800"}, {"prompt": "x", "anything": {1: 2, "a": 3}}])
def test_what_json_cannot_carry_is_told(endpoint: Any, given: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match=r"prompt: must be valid|anything.1: must have a str"):
        key(endpoint, **given)


def test_a_key_of_the_callers_own(endpoint: Any) -> None:
    wanted = prepared(endpoint._call(), {"prompt": "x"}, key="order 17").wanted
    assert (wanted.key, json.loads(wanted.input)) == ("order 17", {"prompt": "x"})
