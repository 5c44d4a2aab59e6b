"""What is read of headers of pictures and sounds that few programs write: made by hand, each field in its place."""

from __future__ import annotations

import struct

import pytest
from media_files import facts
from runtime.media.peek import MOST_BYTES, Peek

LITTLE, BIG = "<", ">"
orders = pytest.mark.parametrize("order", [LITTLE, BIG])
UPRIGHT, EITHER = ((640, 480),), ((640, 480), (480, 640))


# --- PNG -------------------------------------------------------------------------------------------------------------


def chunk(name: bytes, body: bytes = b"") -> bytes:
    return struct.pack(">I", len(body)) + name + body + bytes(4)


SIZE = chunk(b"IHDR", struct.pack(">IIB", 640, 480, 8) + bytes(4))
PNG = b"\x89PNG\r\n\x1a\n" + SIZE


@pytest.mark.parametrize("name", [b"eXIf", b"iTXt", b"zTXt", b"tEXt"])
def test_a_chunk_before_the_pixels_may_turn_a_png(name: bytes) -> None:
    assert facts(PNG + chunk(b"gAMA", b"1234") + chunk(name) + chunk(b"gAMA") + chunk(b"IDAT")).sizes == EITHER
    assert facts(PNG + chunk(b"gAMA", b"1234") + chunk(b"IDAT") + chunk(name)).sizes == UPRIGHT
    assert facts(PNG + chunk(name)[:-4]).sizes == EITHER
    assert facts(PNG + b"\0\0\0" + name).sizes == UPRIGHT


def test_a_png_that_moves_may_be_a_video() -> None:
    assert facts(PNG + chunk(b"acTL", bytes(8)) + chunk(b"gAMA") + chunk(b"IDAT")).kinds == {"image", "video"}
    assert facts(PNG + chunk(b"IDAT") + chunk(b"acTL", bytes(8))).kinds == {"image"}
    assert facts(PNG).sizes == UPRIGHT


def test_a_png_without_its_first_chunk_has_no_size() -> None:
    found = facts(b"\x89PNG\r\n\x1a\n" + chunk(b"gAMA", b"12345678") + SIZE)
    assert (found.kinds, found.sizes) == ({"image"}, ())


# --- JPEG ------------------------------------------------------------------------------------------------------------


def segment(marker: int, body: bytes = b"") -> bytes:
    return struct.pack(">HH", marker, 2 + len(body)) + body


def frame(marker: int = 0xFFC0) -> bytes:
    return segment(marker, struct.pack(">BHHB", 8, 480, 640, 3) + bytes(9))


def exif(order: str, *entries: tuple[int, int], offset: int = 8) -> bytes:
    """An `APP1` with a directory of entries: a tag, and its value."""
    directory = struct.pack(f"{order}H", len(entries))
    directory += b"".join(struct.pack(f"{order}HHIHH", tag, 3, 1, value, 0) for tag, value in entries)
    mark = {LITTLE: b"II*\0", BIG: b"MM\0*"}[order]
    head = mark + struct.pack(f"{order}I", offset) + bytes(offset - 8)
    return segment(0xFFE1, b"Exif\0\0" + head + directory)


def jpeg(*segments: bytes) -> bytes:
    return b"\xff\xd8" + b"".join(segments) + segment(0xFFDA)


@pytest.mark.parametrize("marker", [*range(0xFFC0, 0xFFD0)])
def test_frames_of_a_jpeg(marker: int) -> None:
    found = facts(jpeg(segment(0xFFE0, b"JFIF"), frame(marker)))
    assert found.kinds == {"image"}
    assert found.sizes == (() if marker in (0xFFC4, 0xFFC8, 0xFFCC) else UPRIGHT)


@pytest.mark.parametrize("marker", [0xFF00, 0xFFBF, 0xFFDB, 0xFFFE])
def test_other_segments_of_a_jpeg_are_passed_over(marker: int) -> None:
    assert facts(jpeg(segment(0xFFE0), frame(marker)[:-2] + b"\xff\xd9", frame(0xFFC2))).sizes == UPRIGHT


@pytest.mark.parametrize("alone", [b"\xff", b"\xff\x01", b"\xff\xd0", b"\xff\xd7", b"\xff\xff\xff"])
def test_what_stands_alone_in_a_jpeg_has_no_length(alone: bytes) -> None:
    assert facts(jpeg(segment(0xFFE0), alone, frame())).sizes == UPRIGHT


@pytest.mark.parametrize("end", [segment(0xFFD9), segment(0xFFDA), b"\xfe\xff\x00\x04ab", segment(0xFFD8)[:2] * 2])
def test_behind_the_end_of_its_head_a_jpeg_has_no_size(end: bytes) -> None:
    assert facts(jpeg(segment(0xFFE0), end, frame())).sizes == ()


@orders
@pytest.mark.parametrize("value", range(10))
def test_exif_may_turn_a_jpeg(order: str, value: int) -> None:
    turned = value not in (1, 2, 3, 4)
    for offset in (8, 20):
        made = exif(order, (0x010F, 6), (0x0112, value), (0x0213, 6), offset=offset)
        assert facts(jpeg(made, frame())).sizes == (EITHER if turned else UPRIGHT)


@orders
def test_exif_without_an_orientation_turns_nothing(order: str) -> None:
    assert facts(jpeg(exif(order), frame())).sizes == UPRIGHT
    assert facts(jpeg(exif(order, (0x010F, 6), (0x1201, 6)), frame())).sizes == UPRIGHT
    assert facts(jpeg(exif(order, *[(0x010F, 6)] * 99, (0x0112, 6)), frame())).sizes == EITHER
    assert facts(jpeg(exif(order, *[(0x010F, 6)] * 100, (0x0112, 6)), frame())).sizes == UPRIGHT


@orders
def test_what_nobody_can_tell_of_exif_may_turn_it(order: str) -> None:
    made = exif(order, (0x010F, 6), (0x0112, 1))
    assert facts(jpeg(made, frame())).sizes == UPRIGHT
    assert facts(jpeg(segment(0xFFE1, b"http://ns.adobe.com/xap/1.0/\0"), frame())).sizes == EITHER
    assert facts(jpeg(made, made, frame())).sizes == EITHER
    far = made.replace(struct.pack(f"{order}I", 8), struct.pack(f"{order}I", 2**30), 1)
    assert facts(jpeg(far, frame())).sizes == EITHER
    many = made.replace(
        struct.pack(f"{order}H", 2) + struct.pack(f"{order}H", 0x010F), struct.pack(f"{order}HH", 99, 0)
    )
    assert facts(jpeg(many.replace(struct.pack(f"{order}H", 0x0112), b"\0\0"), frame())).sizes == EITHER


# --- GIF and WebP ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("version", [b"GIF87a", b"GIF89a"])
def test_a_gif_may_be_a_video(version: bytes) -> None:
    found = facts(version + struct.pack("<HH", 640, 480) + b"\xf7\x01\x02")
    assert (found.kinds, found.sizes) == ({"image", "video"}, UPRIGHT)
    assert facts(version + b"\x80\x02\xe0").sizes == ()


def test_another_gif_is_none() -> None:
    assert facts(b"GIF88a" + struct.pack("<HH", 640, 480) + bytes(9)).kinds == set()


def webp(kind: bytes, body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", 12 + len(body)) + b"WEBP" + kind + struct.pack("<I", len(body)) + body


def test_a_lossy_webp() -> None:
    body = b"abc\x9d\x01\x2a" + struct.pack("<HH", 641 | 1 << 14, 480 | 3 << 14)
    found = facts(webp(b"VP8 ", body))
    assert (found.kinds, found.sizes) == ({"image"}, ((641, 480),))
    assert facts(webp(b"VP8 ", body[:-1])).sizes == ()
    assert facts(webp(b"VP8 ", body.replace(b"\x9d", b"\x9c"))).sizes == ()
    assert facts(webp(b"VP8?", body)).sizes == ()


def test_a_webp_without_loss() -> None:
    body = b"\x2f" + struct.pack("<I", 639 | 479 << 14 | 7 << 28)
    found = facts(webp(b"VP8L", body))
    assert (found.kinds, found.sizes) == ({"image"}, UPRIGHT)
    for other in (webp(b"VP8L", b"\x2e" + body[1:]), webp(b"VP8?", body), webp(b"VP8L", body[:-1])):
        assert (facts(other).kinds, facts(other).sizes) == ({"image"}, ())


@pytest.mark.parametrize("flags", range(64))
def test_the_canvas_of_a_webp(flags: int) -> None:
    body = bytes([flags]) + b"xyz" + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")
    found = facts(webp(b"VP8X", body))
    assert found.kinds == ({"image", "video"} if flags & 2 else {"image"})
    assert found.sizes == (EITHER if flags & 12 else UPRIGHT)


@pytest.mark.parametrize("length", range(10))
def test_a_canvas_that_is_cut_off_has_no_size(length: int) -> None:
    body = b"\0xyz" + (639).to_bytes(3, "little") + (479).to_bytes(3, "little")
    found = facts(webp(b"VP8X", body)[: 20 + length])
    assert (found.kinds, found.sizes) == ({"image"}, ())


# --- sounds ----------------------------------------------------------------------------------------------------------


def piece(name: bytes, body: bytes, length: int | None = None) -> bytes:
    return name + struct.pack("<I", len(body) if length is None else length) + body


def form(kind: int = 1, rate: int = 100, block: int = 4) -> bytes:
    return piece(b"fmt ", struct.pack("<HHIIHH", kind, 2, rate, 7, block, 16))


def riff(*pieces: bytes, head: bytes = b"RIFF") -> bytes:
    return head + b"\xff\xff\xff\xffWAVE" + b"".join(pieces)


@pytest.mark.parametrize(
    ("pieces", "durations"),
    [
        ([form(), piece(b"data", bytes(800))], (2.0,)),
        ([form(3), piece(b"data", bytes(800))], (2.0,)),
        ([form(0xFFFE), piece(b"data", bytes(800))], (2.0,)),
        ([form(2), piece(b"data", bytes(800))], ()),
        ([form(rate=0), piece(b"data", bytes(800))], ()),
        ([form(block=0), piece(b"data", bytes(800))], ()),
        ([form(), piece(b"LIST", b"odd", 3), b"\0", piece(b"data", bytes(800))], (2.0,)),
        ([form(), piece(b"LIST", b"even"), piece(b"data", bytes(800))], (2.0,)),
        ([piece(b"data", bytes(800)), form()], ()),
        ([form(), piece(b"data", bytes(800), 400), bytes(9)], (1.0,)),
        ([form(), piece(b"data", bytes(800), 4_000)], (2.0,)),
        ([form(), piece(b"data", bytes(800), 0)], (2.0,)),
        ([form(), piece(b"data", bytes(800), 0xFFFFFFFF)], (2.0,)),
        ([form(), piece(b"data", b"", 0)], ()),
        ([form()], ()),
        ([form(), piece(b"data", b"")[:7]], ()),
        ([form(rate=50), form(), piece(b"data", bytes(800))], (2.0,)),
    ],
)
@pytest.mark.parametrize("head", [b"RIFF", b"RF64"])
def test_how_long_a_sound_is(head: bytes, pieces: list[bytes], durations: tuple[float, ...]) -> None:
    found = facts(riff(*pieces, head=head))
    assert (found.kinds, found.durations) == ({"audio"}, durations)


def test_another_riff_is_no_sound() -> None:
    content = riff(form(), piece(b"data", bytes(800)))
    assert facts(content.replace(b"WAVE", b"AVI ")).kinds == set()
    assert facts(content.replace(b"RIFF", b"RIFX")).kinds == set()


@pytest.mark.parametrize(
    ("head", "kinds"),
    [
        (b"\x1aE\xdf\xa3", {"video", "audio"}),
        (b"OggS", {"video", "audio"}),
        (b"fLaC", {"audio"}),
        (b"ID3", {"audio"}),
        (b"text", set()),
        (b"", set()),
    ],
)
def test_other_kinds(head: bytes, kinds: set[str]) -> None:
    assert facts(head + bytes(20)).kinds == kinds
    assert facts(b"x" + head + bytes(20)).kinds == set()


# --- how they are read -----------------------------------------------------------------------------------------------

CONTENT = bytes(number * 7 % 251 for number in range(200_000))


class Reader:
    """Some bytes, and which of them were read."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self.reads: list[tuple[int, int]] = []

    def __call__(self, start: int, length: int) -> bytes:
        self.reads.append((start, length))
        return self.content[start : start + length]


@pytest.mark.parametrize(
    ("start", "length"),
    [(0, 16), (0, 2048), (2040, 16), (2047, 1), (2048, 2), (4095, 5000), (199_990, 50), (200_000, 1), (300_000, 9)],
)
def test_what_is_looked_at_is_what_stands_there(start: int, length: int) -> None:
    reader = Reader(CONTENT)
    peek = Peek(len(CONTENT), reader)
    for _ in range(2):
        assert peek.at(start, length) == CONTENT[start : start + length]
    end = min(start + length, len(CONTENT))
    blocks = [at for at in range(0, len(CONTENT), 2048) if start - 2048 < at < end]
    assert reader.reads == [(at, min(2048, len(CONTENT) - at)) for at in blocks]


def test_no_more_is_read_than_is_to_be() -> None:
    reader = Reader(CONTENT)
    peek = Peek(len(CONTENT), reader)
    assert peek.at(0, 2 * MOST_BYTES) == CONTENT[:MOST_BYTES]
    assert sum(size for _, size in reader.reads) == MOST_BYTES
    assert peek.at(MOST_BYTES, 16) == b""
    assert peek.at(10, 3) == CONTENT[10:13]
    assert peek.number(MOST_BYTES, 1) is None


def test_numbers() -> None:
    peek = Peek(4, Reader(b"\x01\x02\x03\xff"))
    assert (peek.number(0, 2), peek.number(0, 2, "little")) == (0x0102, 0x0201)
    assert (peek.number(3, 1), peek.number(3, 2), peek.number(-1, 1)) == (255, None, None)
    assert peek.at(-1, 4) == b""


@pytest.mark.parametrize("error", [OSError, TypeError, ValueError])
def test_what_cannot_be_read_is_not_there(error: type[Exception]) -> None:
    def read(start: int, length: int) -> bytes:
        raise error

    assert Peek(10, read).at(0, 4) == b""
