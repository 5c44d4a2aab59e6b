"""Files that fal does not take are refused before anything is sent, on both clients, and with every problem."""

from __future__ import annotations

import base64
import io
import os
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import runtime_sample
from media_files import picture, sound, video
from runtime import errors
from runtime.files.data_uri import data_uri
from runtime_sample import Image
from runtime_twin import SCHNELL, Twin

if TYPE_CHECKING:
    from pathlib import Path

    from fal_server import FalServer

PICTURE: Any = {"kind": "image", "max_file_size": 5000, "min_width": 300, "min_height": 300}
MEDIA: dict[str, Any] = {
    "image_url": PICTURE,
    "image_urls.*": PICTURE,
    "loras.*.path": {"kind": "video", "max_duration": 0.5, "min_fps": 24},
    "anything.deep.*.it": PICTURE,
}
RIGHT, SMALL = picture("PNG", 300, 300), picture("PNG", 10, 300)
LARGE = RIGHT + bytes(5000)


@pytest.fixture(autouse=True)
def _limited(monkeypatch: pytest.MonkeyPatch) -> None:
    spec = replace(runtime_sample.SPEC, media=MEDIA)
    monkeypatch.setattr(runtime_sample.Schnell, "_spec", spec)
    monkeypatch.setattr(runtime_sample.AsyncSchnell, "_spec", spec)


@pytest.fixture(autouse=True)
def _nothing_stays_open(server: FalServer) -> Any:
    yield
    assert server.storage.leaks == []


def call(twin: Twin, verb: str = "run", options: Any = None, **given: Any) -> Any:
    settings = {} if options is None else options
    return twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x", **given), **settings)


def refused(twin: Twin, verb: str = "run", **given: Any) -> list[str]:
    """What a call is refused for, of which nothing arrives anywhere."""
    with pytest.raises(errors.InvalidInputError) as caught:
        call(twin, verb, **given)
    assert twin.server.requests("POST", SCHNELL) == []
    assert twin.server.storage.seen == []
    assert caught.value.endpoint == SCHNELL
    return [f"{problem.path}: {problem.message}" for problem in caught.value.problems]


WIDTH = "is 10 pixels wide; at least 300 are taken"


@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
def test_a_path(twin: Twin, tmp_path: Path, verb: str) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(SMALL)
    assert refused(twin, verb, image_url=path) == [f"image_url: {WIDTH}"]


def test_every_problem_at_every_place(twin: Twin, tmp_path: Path) -> None:
    missing = tmp_path / "missing.png"
    assert refused(
        twin,
        image_url=LARGE,
        image_urls=[RIGHT, SMALL, "https://x.example/a.png", missing, sound(1)],
        loras=[{"path": video("-c:v", "mpeg4", seconds=1, rate="10")}],
        anything={"deep": [{"it": SMALL}, {"other": SMALL}]},
    ) == [
        "image_urls.3: cannot be read: no such file or directory",
        f"image_url: is {len(LARGE):,} bytes; at most 5,000 (5 kB) are taken",
        f"image_urls.1: {WIDTH}",
        "image_urls.4: is 16,044 bytes; at most 5,000 (5 kB) are taken",
        "image_urls.4: is a sound; a picture is taken",
        "loras.0.path: is 1 seconds long; at most 0.5 are taken",
        "loras.0.path: has 10 frames a second; at least 24 are taken",
        f"anything.deep.0.it: {WIDTH}",
    ]


def test_one_file_at_two_places_is_held_against_both(twin: Twin) -> None:
    assert refused(twin, anything=SMALL, image_url=SMALL, image_urls=[SMALL]) == [
        f"image_url: {WIDTH}",
        f"image_urls.0: {WIDTH}",
    ]


def test_what_fal_takes_goes_through_whole(twin: Twin, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(RIGHT)
    file = io.BytesIO(RIGHT)
    call(twin, image_url=path, image_urls=[file, RIGHT], anything=LARGE, long_url=SMALL)
    (seen,) = twin.server.requests("POST", SCHNELL)
    urls = [seen.json["image_url"], *seen.json["image_urls"]]
    assert [twin.server.storage.files[url].content for url in urls] == [RIGHT] * 3


def test_a_pipe_is_not_read_before_it_is_sent(twin: Twin) -> None:
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as file:
            file.write(SMALL)

    with os.fdopen(reading, "rb") as file:
        thread = threading.Thread(target=write)
        thread.start()
        call(twin, image_url=file)
        thread.join()
    (seen,) = twin.server.requests("POST", SCHNELL)
    assert twin.server.storage.files[seen.json["image_url"]].content == SMALL


def test_data_uris(twin: Twin) -> None:
    assert refused(
        twin,
        image_url=data_uri(SMALL),
        image_urls=[
            data_uri(RIGHT),
            data_uri(LARGE),
            "data:image/png,abc",
            f"DATA:;BASE64,{base64.b64encode(SMALL).decode()}",
        ],
        anything={"deep": [{"it": data_uri(sound(0.01))}, {"it": 3}, 4]},
    ) == [
        f"image_url: {WIDTH}",
        f"image_urls.1: is {len(LARGE):,} bytes; at most 5,000 (5 kB) are taken",
        f"image_urls.3: {WIDTH}",
        "anything.deep.0.it: is a sound; a picture is taken",
    ]


def test_a_url_and_an_output_are_taken_by_what_they_are(twin: Twin) -> None:
    """Nobody asks for them, and what a model said of its output is not held against it."""
    output = Image(url="https://v3.fal.media/a.png", width=1, height=1)
    call(twin, image_url="https://x.example/a.png", image_urls=[output, "data:,x"])
    assert twin.server.storage.seen == []


def test_unchecked_inputs_are_not_looked_at(twin: Twin) -> None:
    call(twin, options={"validate_inputs": False}, image_url=SMALL, image_urls=[data_uri(LARGE)])
    assert len(twin.server.requests("POST", SCHNELL)) == 1


def test_what_is_extra_is_not_looked_at(twin: Twin) -> None:
    extra = {"image_url": SMALL, "image_urls": [data_uri(SMALL)]}
    twin.do(lambda fal: fal.flux_1.schnell.with_options(extra_input=extra).run(prompt="x", image_url=data_uri(RIGHT)))
    assert len(twin.server.requests("POST", SCHNELL)) == 1


def test_a_file_of_the_callers_stays_open_where_it_is_refused(twin: Twin) -> None:
    file = io.BytesIO(SMALL)
    refused(twin, image_url=file)
    assert not file.closed


def test_a_stream_is_not_begun(twin: Twin) -> None:
    def steps(fal: Any) -> Any:
        with pytest.raises(errors.InvalidInputError, match="10 pixels wide"):
            fal.flux_1.schnell.stream(prompt="x", image_url=data_uri(SMALL))

    twin.do(steps)
    assert twin.server.requests("POST", SCHNELL) == []


def test_at_most_64_kib_of_a_file_are_read(twin: Twin, tmp_path: Path) -> None:
    """A video that is refused, whose header stands at its end behind much else."""

    class Counting(io.BytesIO):
        count = 0

        def read(self, size: int | None = -1) -> bytes:
            found = super().read(size)
            self.count += len(found)
            return found

    content = video("-c:v", "mpeg4", seconds=1, rate="10", size="640x480")
    at = content.index(b"mdat") - 4
    filled = content[:at] + (20_000_000).to_bytes(4, "big") + b"free" + bytes(20_000_000 - 8) + content[at:]
    file = Counting(filled)
    assert refused(twin, loras=[{"path": file}]) == [
        "loras.0.path: is 1 seconds long; at most 0.5 are taken",
        "loras.0.path: has 10 frames a second; at least 24 are taken",
    ]
    assert file.count <= 64 * 1024 + 16  # and what its media type is guessed by


def test_the_message(twin: Twin) -> None:
    with pytest.raises(errors.InvalidInputError) as caught:
        call(twin, image_url=LARGE)
    assert str(caught.value).startswith(
        f"1 problem with the input of {SCHNELL} (nothing was sent):\n"
        f"  image_url: is {len(LARGE):,} bytes; at most 5,000 (5 kB) are taken; got b'"
    )
