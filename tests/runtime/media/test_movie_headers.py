"""What is read of MP4 headers that few encoders write: made by hand, each field in its place (ISO/IEC 14496-12)."""

from __future__ import annotations

import struct

import pytest
from media_files import facts

UNITY = struct.pack(">9I", 1 << 16, 0, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
QUARTER = struct.pack(">9i", 0, 1 << 16, 0, -1 << 16, 0, 0, 0, 0, 1 << 30)
THREE_QUARTERS = struct.pack(">9i", 0, -1 << 16, 0, 1 << 16, 0, 0, 0, 0, 1 << 30)
SKEWED = struct.pack(">9i", 1 << 16, 1 << 16, 0, 0, 1 << 16, 0, 0, 0, 1 << 30)
NOTHING = struct.pack(">9i", 0, 0, -1, 1 << 16, 0, 0, 0, 0, 1 << 30)
UNKNOWN = {0: 2**32 - 1, 1: 2**64 - 1}
versions = pytest.mark.parametrize("version", [0, 1])


def box(name: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I", 8 + len(body)) + name + body


def times(version: int, scale: int, ticks: int) -> bytes:
    """How `mvhd` and `mdhd` begin: when it was made and changed, units a second, and for how many it lasts."""
    dates = (0x0A0B0C0D, 0x0E0F1011)
    return struct.pack(">B3x2IIIxx" if version == 0 else ">B3x2QIQxx", version, *dates, scale, ticks)


def track_header(version: int, ticks: int, size: tuple[int, int], matrix: bytes = UNITY) -> bytes:
    head = struct.pack(">B3x2IIII8x" if version == 0 else ">B3x2QIIQ8x", version, 7, 8, 1, 0x01010101, ticks)
    return box(b"tkhd", head, struct.pack(">hhhxx", 1, 1, 0x0100), matrix, struct.pack(">II", *(n << 16 for n in size)))


def handler(name: bytes) -> bytes:
    return box(b"hdlr", struct.pack(">II", 0, 0x6D686C72), name, bytes(13))


def described(width: int, height: int) -> bytes:
    entry = b"avc1" + bytes(6) + struct.pack(">H", 1) + bytes(16) + struct.pack(">HH", width, height) + bytes(50)
    return box(b"stsd", struct.pack(">II", 0, 1), struct.pack(">I", 4 + len(entry)), entry)


def runs(*pairs: tuple[int, int]) -> bytes:
    return box(b"stts", struct.pack(">II", 0, len(pairs)), *(struct.pack(">II", *pair) for pair in pairs))


def samples(count: int) -> bytes:
    return box(b"stsz", struct.pack(">III", 0, 0, count))


def track(
    *, version: int = 0, name: bytes = b"vide", header: bytes = b"", media: bytes = b"", table: bytes = b""
) -> bytes:
    return box(
        b"trak",
        header or track_header(version, 4_000, (640, 480)),
        box(b"mdia", media, handler(name), box(b"minf", handler(b"url "), box(b"stbl", table))),
    )


def file(*boxes: bytes, brand: bytes = b"isom") -> bytes:
    return box(b"ftyp", brand, bytes(4), b"none") + box(b"moov", *boxes)


@versions
@pytest.mark.parametrize(
    ("matrix", "turned"),
    [(UNITY, False), (QUARTER, True), (THREE_QUARTERS, True), (SKEWED, False), (NOTHING, False)],
)
def test_both_versions_of_each_header(version: int, matrix: bytes, turned: bool) -> None:
    header = track_header(version, 5_000, (640, 480), matrix)
    table = described(320, 200) + runs((50, 3_600)) + samples(50)
    one = track(header=header, media=box(b"mdhd", times(version, 90_000, 180_000)), table=table)
    found = facts(file(one, box(b"mvhd", times(version, 1_000, 3_000))))
    assert found.kinds == {"video", "audio"}
    both = [(640, 480), (480, 640), (320, 200), (200, 320)]
    assert list(found.sizes) == (both if turned else both[::2])
    assert found.durations == (3.0, 5.0, 2.0)
    assert found.rates == (25.0, 25.0)


@versions
@pytest.mark.parametrize("ticks", [1, 3, 2**32 - 2, 2**40, UNKNOWN[0], UNKNOWN[1], 0])
def test_all_ones_are_a_time_that_nobody_knows(version: int, ticks: int) -> None:
    if ticks > UNKNOWN[version]:
        return
    found = facts(file(box(b"mvhd", times(version, 1_000, ticks)), track(version=version)))
    known = [] if ticks in (0, UNKNOWN[version]) else [ticks / 1_000]
    assert list(found.durations) == [*known, 4.0]


def test_of_two_movies_the_first_counts() -> None:
    first, second = (box(b"moov", box(b"mvhd", times(0, 1_000, 1_000 * n))) for n in (1, 2))
    assert facts(box(b"ftyp", b"isom") + first + second).durations == (1.0,)


def test_a_time_without_its_units_is_none() -> None:
    one = track(table=runs((10, 40)) + samples(10))
    assert facts(file(one)).durations + facts(file(one)).rates == ()


def test_without_units_there_is_no_time() -> None:
    one = track(media=box(b"mdhd", times(0, 0, 7)), table=runs((7, 1)) + samples(7))
    assert facts(file(box(b"mvhd", times(0, 0, 7)), one)).durations == ()


@pytest.mark.parametrize(
    ("table", "rates"),
    [
        (runs((10, 40), (5, 20), (1, 40)) + samples(16), (25.0, 50.0, 16.0)),
        (runs((10, 40), (1, 0)) + samples(16), (25.0, 16.0)),
        (runs((10, 40)), (25.0,)),
        (runs((10, 40)) + box(b"stz2", struct.pack(">III", 0, 8, 5)), (25.0, 5.0)),
        (runs((1, 40), *[(1, 20)] * 99), (25.0, 50.0)),
        (runs((1, 40), *[(1, 20)] * 100), ()),
        (runs(), ()),
        (samples(16), ()),
        (box(b"stts", struct.pack(">IIII", 0, 2**31, 1, 40)), ()),
    ],
)
def test_rates_are_those_of_the_runs_and_of_the_whole(table: bytes, rates: tuple[float, ...]) -> None:
    assert facts(file(track(media=box(b"mdhd", times(0, 1_000, 1_000)), table=table))).rates == rates


def test_a_list_of_runs_that_is_cut_off_says_no_rate() -> None:
    one = track(media=box(b"mdhd", times(0, 1_000, 1_000)), table=runs((1, 40), (1, 20)))
    content = file(one)
    assert facts(content).rates == (25.0, 50.0)
    assert facts(content[:-1]).rates == ()


def test_one_track_without_a_rate_leaves_the_rate_open() -> None:
    media = box(b"mdhd", times(0, 1_000, 1_000))
    with_rate, without = track(media=media, table=runs((10, 40))), track(media=media)
    assert facts(file(with_rate)).rates == (25.0,)
    for pair in ((with_rate, without), (without, with_rate)):
        assert facts(file(*pair)).rates == ()


@pytest.mark.parametrize("body", [b"", bytes(4)])
def test_in_pieces_only_the_size_is_known(body: bytes) -> None:
    one = track(media=box(b"mdhd", times(0, 1_000, 1_000)), table=runs((10, 40)))
    found = facts(file(box(b"mvhd", times(0, 1_000, 3_000)), one, box(b"mvex", body)))
    assert (found.sizes, found.durations, found.rates) == (((640, 480),), (), ())


@pytest.mark.parametrize(
    ("boxes", "brand", "kinds"),
    [
        ([track(name=b"soun")], b"isom", {"audio"}),
        ([track(name=b"soun"), track()], b"isom", {"video", "audio"}),
        ([track(name=b"text")], b"isom", set()),
        ([], b"isom", {"video", "audio"}),
        ([], b"none", set()),
        ([track()], b"none", {"video", "audio"}),
        ([track()], b"avif", {"image", "video"}),
    ],
)
def test_kinds(boxes: list[bytes], brand: bytes, kinds: set[str]) -> None:
    assert facts(file(*boxes, brand=brand)).kinds == kinds


def test_a_compatible_brand_counts_and_the_version_of_the_brand_does_not() -> None:
    head = box(b"ftyp", b"none", b"avif", b"xxxx", b"mp41")
    assert facts(head + box(b"moov")).kinds == {"video", "audio"}
    pictures = box(b"ftyp", b"none", bytes(4), b"xxxx", b"heic", b"yyyy")
    assert facts(pictures + box(b"moov")).kinds == {"image", "video"}
    beside = box(b"ftyp", b"none", bytes(4), b"xxxx") + box(b"free", b"heic") + box(b"moov")
    assert facts(beside).kinds == set()


def test_a_box_may_tell_its_length_in_eight_bytes_or_go_on_to_the_end() -> None:
    one = track(media=box(b"mdhd", times(0, 1_000, 1_000)), table=runs((10, 40)))
    head = box(b"ftyp", b"isom", bytes(4))
    long = struct.pack(">I4sQ", 1, b"free", 16 + 5) + bytes(5)
    assert facts(head + long + box(b"free") + box(b"moov", one)).rates == (25.0,)
    assert facts(head + struct.pack(">I4s", 0, b"moov") + one).rates == (25.0,)
    assert facts(head + struct.pack(">I4sQ", 1, b"moov", 16 + len(one)) + one + b"x").rates == (25.0,)


@pytest.mark.parametrize("size", [struct.pack(">I4s", 7, b"free"), struct.pack(">I4sQ", 1, b"free", 15)])
def test_a_box_that_is_smaller_than_its_head_is_the_last(size: bytes) -> None:
    assert facts(box(b"ftyp", b"isom", bytes(4)) + size + box(b"moov", track())).sizes == ()


def test_what_is_below_the_table_is_no_track() -> None:
    hidden = box(b"stbl", runs((10, 40)))
    one = track(media=box(b"mdhd", times(0, 1_000, 1_000)), table=hidden)
    assert facts(file(one)).rates == ()


@pytest.mark.parametrize("width", [0, 640])
def test_a_track_without_a_size_has_none(width: int) -> None:
    found = facts(file(track(header=track_header(0, 4_000, (width, 0)), table=described(320, 0))))
    assert found.sizes == ()
