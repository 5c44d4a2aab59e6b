"""Files that lie: nothing raises, nothing runs on, and no more than 64 KiB is read, wherever that stands."""

from __future__ import annotations

import base64
import io
import struct
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from media_files import picture, sound, video
from runtime.files.uploads.sources import open_source
from runtime.media.facts import MediaFacts
from runtime.media.limits import problems
from runtime.media.look import facts_of
from runtime.media.peek import Peek, into_data_uri, into_source

REAL = {
    "png": picture("PNG", 300, 200),
    "jpeg": picture("JPEG", 300, 200, orientation=6),
    "gif": picture("GIF", 300, 200),
    "lossy webp": picture("WEBP", 300, 200),
    "lossless webp": picture("WEBP", 300, 200, lossless=True),
    "large webp": picture("WEBP", 300, 200, xmp=b"<x/>"),
    "wav": sound(0.1),
    "mp4": video("-c:v", "mpeg4", seconds=0.5, sound=True),
    "mov": video("-c:v", "mpeg4", "-movflags", "+faststart", seconds=0.5, ending=".mov"),
}
MOST_BYTES, MOST_READS = 64 * 1024, 32
LIMITS: Any = {
    f"{end}_{name}": number
    for end, number in (("min", 100_000), ("max", 200_000))
    for name in ("width", "height", "pixels", "aspect_ratio", "duration", "fps")
}


class Counted:
    """A file that counts what is read of it, and is as large as one says."""

    def __init__(self, content: bytes, size: int | None = None) -> None:
        self.content = content
        self.size = len(content) if size is None else size
        self.bytes_read = self.reads = 0

    def read(self, start: int, length: int) -> bytes:
        assert 0 <= start < self.size
        assert 0 < length <= self.size - start
        self.bytes_read += length
        self.reads += 1
        some = self.content[start : start + length]
        return some + bytes(length - len(some))


def look(content: bytes, size: int | None = None) -> MediaFacts:
    """The facts of a file, which cost no more than they may, and can be held against limits."""
    file = Counted(content, size)
    found = facts_of(Peek(file.size, file.read))
    assert file.bytes_read <= MOST_BYTES
    assert file.reads <= MOST_READS
    assert isinstance(problems(LIMITS, found), list)
    return found


@given(st.binary(max_size=300))
def test_anything(content: bytes) -> None:
    look(content)


SIGNATURES = [content[:12] for content in REAL.values()]


@given(st.sampled_from(SIGNATURES), st.binary(max_size=400), st.integers(0, 2**63))
def test_anything_behind_a_signature(signature: bytes, content: bytes, more: int) -> None:
    look(signature + content)
    look(signature + content, len(signature + content) + more)


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", REAL)
@given(data=st.data())
def test_real_files_with_other_bytes(name: str, data: st.DataObject) -> None:
    content = bytearray(REAL[name])
    places = st.integers(0, min(len(content), 900) - 1) | st.integers(0, len(content) - 1)
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(places)
        word = data.draw(
            st.sampled_from([b"\0\0\0\0", b"\xff\xff\xff\xff", b"\0\0\0\1", b"\0\0\0\x08"]) | st.binary(max_size=8)
        )
        content[at : at + len(word)] = word
    look(bytes(content))


@pytest.mark.parametrize("name", REAL)
@given(st.data())
def test_real_files_cut_short(name: str, data: st.DataObject) -> None:
    content = REAL[name]
    look(content[: data.draw(st.integers(0, min(len(content), 900)))])


def box(name: bytes, body: bytes = b"", size: int | None = None) -> bytes:
    return struct.pack(">I", 8 + len(body) if size is None else size) + name + body


def large(name: bytes, size: int) -> bytes:
    return struct.pack(">I4sQ", 1, name, size)


FTYP = box(b"ftyp", b"isom\0\0\0\0")
LOOPS = {
    "size 0": box(b"moov", size=0) * 50,
    "size 1 and nothing": box(b"moov", size=1),
    "size 2": box(b"moov", size=2),
    "size 7": box(b"moov", size=7) * 9,
    "large size 0": large(b"moov", 0),
    "large size 15": large(b"moov", 15) * 9,
    "the largest": large(b"mdat", 2**64 - 1) + box(b"moov"),
    "one of nothing, often": box(b"free") * 9000,
    "deep": box(b"moov", box(b"trak", b"".join([struct.pack(">I4s", 2**31, b"mdia")] * 5000))),
    "trak in trak": b"".join([struct.pack(">I4s", 2**31, b"trak")] * 5000),
    "tracks": box(b"moov", box(b"trak") * 9000),
    "itself": struct.pack(">I4s", 2**31, b"moov") * 9000,
}


@pytest.mark.parametrize("content", LOOPS.values(), ids=LOOPS)
@pytest.mark.parametrize("size", [None, 2**63])
def test_boxes_that_lead_nowhere(content: bytes, size: int | None) -> None:
    look(FTYP + content, size)
    look(content, size)


def test_boxes_are_looked_into_as_deep_as_real_ones_go() -> None:
    """`mdia`, `minf`, `stbl`: in a fourth one is nothing to be found."""
    handler = box(b"hdlr", bytes(8) + b"soun" + bytes(12))

    def movie(depth: int) -> bytes:
        inner = handler
        for _ in range(depth):
            inner = box(b"mdia", inner)
        return FTYP + box(b"moov", box(b"trak", inner))

    assert look(movie(3)).kinds == {"audio"}
    assert look(movie(4)).kinds == {"video", "audio"}, "as of any movie in which no track is found"


def test_so_many_boxes_are_looked_at_and_no_more() -> None:
    moov = box(b"moov", box(b"trak", box(b"mdia", box(b"hdlr", bytes(8) + b"soun" + bytes(12)))))
    assert look(FTYP + box(b"free") * 198 + moov).kinds == {"audio"}
    assert look(FTYP + box(b"free") * 199 + moov).kinds == {"video", "audio"}


def test_of_so_many_runs_of_frames_the_rate_is_read_and_of_no_more() -> None:
    def film(runs: int) -> MediaFacts:
        head = box(b"mdhd", bytes(12) + struct.pack(">II", 1200, 2400))
        times = box(
            b"stts", struct.pack(">II", 0, runs) + struct.pack(">II", 1, 50) * (runs - 1) + struct.pack(">II", 1, 40)
        )
        handler = box(b"hdlr", bytes(8) + b"vide" + bytes(12))
        return look(FTYP + box(b"moov", box(b"trak", box(b"mdia", head + handler + times))))

    assert (film(1).rates, film(1).durations) == ((30.0,), (2.0,))
    assert film(100).rates == (24.0, 30.0)
    assert film(101).rates == ()


def test_a_jpeg_of_nothing_but_markers() -> None:
    for part in (
        b"\xff",
        b"\xff\xd0",
        b"\xff\x01",
        b"\xff\xe0\0\0",
        b"\xff\xe0\0\x02",
        b"\xff\xe1\xff\xff",
        b"\xff\xe1\0\x08Exif\0\0",
    ):
        look(b"\xff\xd8\xff\xe0\0\x02" + part * 60_000)


def test_what_wants_to_be_read_far_and_wide_is_read_in_part() -> None:
    part = bytes(2990)
    look(b"\xff\xd8\xff\xe0\0\x02" + (b"\xff\xe0" + struct.pack(">H", 2992) + part) * 400 + REAL["jpeg"][2:])
    look(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(17) + (struct.pack(">I4s", 2990, b"tEXt") + part + bytes(4)) * 400)
    look(b"RIFF\0\0\0\0WAVE" + (b"LIST" + struct.pack("<I", 2990) + part) * 150 + REAL["wav"][12:])
    look(FTYP + box(b"free", part) * 150 + REAL["mp4"])
    look(FTYP + box(b"moov", box(b"trak", box(b"mdia", box(b"free", part))) * 150))


def test_a_png_of_nothing_but_chunks() -> None:
    head = b"\x89PNG\r\n\x1a\n"
    for length in (0, 1, 2**31, 2**32 - 1):
        look(head + (struct.pack(">I", length) + b"tEXt\0\0\0\0") * 9000, 2**40)


def test_a_wav_of_nothing_but_chunks() -> None:
    for length in (0, 1, 2**32 - 1):
        look(b"RIFF\xff\xff\xff\xffWAVE" + (b"LIST" + struct.pack("<I", length)) * 9000, 2**40)
    for rate, block in ((0, 0), (1, 0), (0, 1), (2**32 - 1, 2**16 - 1)):
        form = struct.pack("<HHIIHH", 1, 1, rate, 0, block, 8)
        look(b"RIFF\xff\xff\xff\xffWAVEfmt \x10\0\0\0" + form + b"data\xff\xff\xff\xff", 2**63)


def test_of_a_jpeg_so_many_segments_are_looked_at_and_no_more() -> None:
    size = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, 480, 640, 3) + bytes(9)

    def jpeg(segments: int) -> MediaFacts:
        return look(b"\xff\xd8" + b"\xff\xe0\0\x02" * (segments - 1) + size + bytes(64))

    assert jpeg(500).sizes == ((640, 480),)
    assert jpeg(501).sizes == ()


def test_of_a_wav_so_many_chunks_are_looked_at_and_no_more() -> None:
    def wav(chunks: int) -> MediaFacts:
        form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, 1000, 2000, 2, 16)
        data = b"data" + struct.pack("<I", 4000) + bytes(4000)
        return look(b"RIFF\0\0\0\0WAVE" + b"junk\0\0\0\0" * (chunks - 2) + form + data)

    assert wav(200).durations == (2.0,)
    assert wav(201).durations == ()


def test_a_picture_of_no_size_has_none() -> None:
    png = bytearray(REAL["png"])
    png[16:24] = bytes(8)
    assert look(bytes(png)).sizes == ()


def test_enough_is_read_for_what_stands_at_the_end_of_a_long_video() -> None:
    content = REAL["mp4"]
    at = content.index(b"mdat") - 4
    moov = content.index(b"moov") - 4
    gap = 3 * 2**30
    body = content[at + 8 : moov]
    longer = content[:at] + large(b"mdat", 16 + len(body) + gap)

    class Gapped(Counted):
        def read(self, start: int, length: int) -> bytes:
            super().read(start, length)
            tail = len(longer) + len(body) + gap
            return b"".join(
                longer[i : i + 1]
                if i < len(longer)
                else content[moov + i - tail : moov + i - tail + 1]
                if i >= tail
                else b"\0"
                for i in range(start, start + length)
            )

    file = Gapped(b"", len(longer) + len(body) + gap + len(content) - moov)
    found = facts_of(Peek(file.size, file.read))
    assert set(found.sizes) == {(64, 48)}
    assert found.durations
    assert file.bytes_read <= 8 * 2048


@given(st.binary(max_size=9000), st.lists(st.tuples(st.integers(-9, 9500), st.integers(0, 5000)), max_size=9))
def test_a_look_gives_what_is_there(content: bytes, places: list[tuple[int, int]]) -> None:
    """From memory, from a file that stands somewhere, and from a data URI."""
    import base64

    file = io.BytesIO(b"before" + content)
    file.seek(6)
    uri = "data:image/png;base64," + base64.b64encode(content).decode()
    looks = [Counted(content)]
    looked = [Peek(len(content), looks[0].read), into_source(open_source(file)), into_data_uri(uri)]
    for peek in looked:
        assert peek is not None
        assert peek.size == len(content)
        for start, length in places:
            assert peek.at(start, length) == (content[start : start + length] if start >= 0 else b"")


def test_what_fails_to_be_read_is_not_there() -> None:
    for error in (OSError("gone"), ValueError("closed"), TypeError("no bytes")):

        def fail(start: int, length: int, error: Exception = error) -> bytes:
            raise error

        assert facts_of(Peek(100, fail)) == MediaFacts()


@pytest.mark.parametrize(
    "uri",
    [
        "data:",
        "data:,x",
        "data:image/png,abc",
        "data:;base64",
        "data:;base64,a b",
        "data:;base64,%41",
        "data:;base64,ä",
        "data:;base64,-_",
    ],
)
def test_data_uris_that_are_no_plain_base64_are_not_looked_at(uri: str) -> None:
    peek = into_data_uri(uri)
    assert peek is None or peek.size == 0


def test_no_more_of_a_data_uri_is_decoded_than_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    content, decoded = bytes(range(256)) * 8_000, list[int]()
    peek = into_data_uri(f"data:;base64,{base64.b64encode(content).decode()}")
    assert peek is not None
    decode = base64.b64decode

    def count(text: bytes) -> bytes:
        decoded.append(len(text))
        return decode(text)

    monkeypatch.setattr(base64, "b64decode", count)
    for at in (0, 1_000_001, len(content) - 100):
        assert peek.at(at, 100) == content[at : at + 100]
    assert 0 < sum(decoded) < MOST_BYTES
