"""What is read of the files of real encoders, and that each limit is where fal says: not a pixel beside it."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

import pytest
from media_files import ORIENTATION, TURNED, facts, ffmpeg, picture, sound, video
from runtime.media.limits import MediaLimits, problems, size_problem

if TYPE_CHECKING:
    from runtime.media.facts import MediaFacts

PICTURES: dict[str, tuple[str, dict[str, Any]]] = {
    "png": ("PNG", {}),
    "jpeg": ("JPEG", {}),
    "progressive jpeg": ("JPEG", {"progressive": True}),
    "gif": ("GIF", {}),
    "lossy webp": ("WEBP", {}),
    "lossless webp": ("WEBP", {"lossless": True}),
    "webp with metadata": ("WEBP", {"xmp": b"<x/>"}),
}
pictures = pytest.mark.parametrize(("form", "options"), PICTURES.values(), ids=PICTURES)


def told(limits: MediaLimits, found: MediaFacts | bytes) -> list[str]:
    return problems(limits, facts(found) if isinstance(found, bytes) else found)


@pictures
@pytest.mark.parametrize(("width", "height"), [(1, 1), (300, 200), (257, 1025)])
def test_pictures(form: str, options: dict[str, Any], width: int, height: int) -> None:
    found = facts(picture(form, width, height, **options))
    assert found.sizes[0] == (width, height)
    assert set(found.sizes) <= {(width, height), (height, width)}
    assert "image" in found.kinds
    assert not found.durations + found.rates


def test_a_large_profile_and_a_thumbnail_stand_before_the_size_of_a_jpeg() -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[ORIENTATION] = 1
    exif[0x9286] = "x" * 50_000
    content = picture("JPEG", 640, 480, icc_profile=bytes(300_000))
    with_exif = picture("JPEG", 640, 480)
    assert facts(content).sizes == ((640, 480),)
    segment = b"\xff\xe1" + struct.pack(">H", len(exif.tobytes()) + 2) + exif.tobytes()
    assert facts(with_exif[:2] + segment + with_exif[2:]).sizes == ((640, 480),)


@pytest.mark.parametrize("order", ["<", ">"])
def test_metadata_that_say_nothing_of_a_camera_turn_no_picture(order: str) -> None:
    """What stands behind the entries is none, whatever it looks like."""
    head = {"<": b"II", ">": b"MM"}[order] + struct.pack(f"{order}HI", 42, 8)
    entries = struct.pack(f"{order}HHHIII", 1, 0x010E, 2, 4, 0, 0)
    exif = b"Exif\0\0" + head + entries + struct.pack(f"{order}H", ORIENTATION) * 100
    content = picture("JPEG", 400, 200)
    segment = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    assert facts(content[:2] + segment + content[2:]).sizes == ((400, 200),)


@pytest.mark.parametrize("count", range(1, 5))
def test_segments_of_a_jpeg_may_be_filled_up(count: int) -> None:
    """By any number of 0xFF in front of the marker (ITU-T T.81, B.1.1.2)."""
    content = picture("JPEG", 400, 200)
    at = content.index(b"\xff\xc0")
    assert facts(content[:at] + b"\xff" * count + content[at:]).sizes == ((400, 200),)


@pytest.mark.parametrize("marker", [0x01, 0xD0, 0xD7])
def test_markers_of_a_jpeg_that_stand_alone_have_no_length(marker: int) -> None:
    content = picture("JPEG", 400, 200)
    assert facts(content[:2] + bytes((0xFF, marker)) + content[2:]).sizes == ((400, 200),)


@pytest.mark.parametrize("end", [b"\xff\xd9", b"\xff\xda"], ids=["the end", "the pixels"])
def test_what_stands_behind_the_pixels_of_a_jpeg_is_not_its_size(end: bytes) -> None:
    size = b"\xff\xc0" + struct.pack(">HBHHB", 17, 8, 480, 640, 3) + bytes(9)
    assert facts(b"\xff\xd8\xff\xfe\x00\x02" + size + end).sizes == ((640, 480),)
    assert facts(b"\xff\xd8\xff\xfe\x00\x02" + end + b"\x00\x02" + size).sizes == ()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_turned_picture_may_be_either_way_round(form: str) -> None:
    """Decoders differ in whether they turn it; only what is wrong both ways is refused."""
    turned = picture(form, 400, 200, orientation=TURNED)
    assert facts(turned).sizes == ((400, 200), (200, 400))
    assert told({"min_width": 300}, turned) == []
    assert told({"max_width": 300}, turned) == []
    assert told({"max_height": 300}, turned) == []
    assert told({"min_width": 500}, turned) == ["is 400 pixels wide; at least 500 are taken"]
    assert told({"min_width": 300, "min_height": 300}, turned) == ["is 200 pixels high; at least 300 are taken"]


@pytest.mark.parametrize("flags", [0x00, 0x01, 0x10, 0x20, 0x40, 0x80])
def test_a_webp_that_says_nothing_of_a_camera_is_not_turned(flags: int) -> None:
    """Nor by a bit that has no meaning yet, or by an alpha channel or a colour profile (RFC 9649, 2.7)."""
    chunk = struct.pack("<4sII", b"VP8X", 10, flags) + (399).to_bytes(3, "little") + (199).to_bytes(3, "little")
    assert facts(struct.pack("<4sI4s", b"RIFF", 4 + len(chunk), b"WEBP") + chunk).sizes == ((400, 200),)


@pytest.mark.parametrize("orientation", [1, 2, 3, 4])
def test_one_that_is_turned_around_is_as_wide_as_before(orientation: int) -> None:
    assert facts(picture("JPEG", 400, 200, orientation=orientation)).sizes == ((400, 200),)


@pytest.mark.parametrize("form", ["GIF", "WEBP", "PNG"])
def test_moving_pictures_are_pictures_and_videos(form: str) -> None:
    found = facts(picture(form, 30, 20, frames=3))
    assert found.sizes[0] == (30, 20)
    assert found.kinds == {"image", "video"}


def test_what_stands_behind_the_pixels_of_a_png_moves_nothing() -> None:
    still = picture("PNG", 30, 20)
    assert facts(still.replace(b"IEND", b"acTL")).kinds == {"image"}
    assert facts(still.replace(b"IDAT", b"acTL", 1)).kinds == {"image", "video"}


@pictures
def test_a_pixel_more_or_less(form: str, options: dict[str, Any]) -> None:
    def of(width: int, height: int) -> bytes:
        return picture(form, width, height, **options)

    limits: MediaLimits = {"min_width": 40, "max_width": 80, "min_height": 40, "max_height": 80}
    assert not any(told(limits, of(*size)) for size in [(40, 40), (80, 80), (41, 79), (40, 80)])
    assert told(limits, of(39, 39)) == [
        "is 39 pixels wide; 40 to 80 are taken",
        "is 39 pixels high; 40 to 80 are taken",
    ]
    assert told(limits, of(81, 81))
    assert told({"max_pixels": 400}, of(20, 20)) == []
    assert told({"max_pixels": 400}, of(20, 21)) == ["has 420 pixels in all; at most 400 are taken"]
    assert told({"min_pixels": 400}, of(20, 20)) == []
    assert told({"min_pixels": 400}, of(21, 19)) == ["has 399 pixels in all; at least 400 are taken"]


@pytest.mark.parametrize("size", [(300, 750), (750, 300), (300, 300), (299, 747)])
def test_ratios_that_are_taken(size: tuple[int, int]) -> None:
    assert told({"min_aspect_ratio": 0.4, "max_aspect_ratio": 2.5}, picture("PNG", *size)) == []


@pytest.mark.parametrize(
    ("size", "ratio"), [((300, 751), "0.3995"), ((751, 300), "2.5033"), ((300, 900), "0.3333"), ((900, 300), "3")]
)
def test_ratios_that_are_not(size: tuple[int, int], ratio: str) -> None:
    expected = [f"is {ratio} times as wide as high; 0.4 to 2.5 times is taken"]
    assert told({"min_aspect_ratio": 0.4, "max_aspect_ratio": 2.5}, picture("PNG", *size)) == expected


def test_a_ratio_with_one_end_may_be_meant_either_way_round() -> None:
    assert told({"max_aspect_ratio": 2}, picture("PNG", 300, 100)) == []
    assert told({"min_aspect_ratio": 2}, picture("PNG", 100, 300)) == []
    assert told({"min_aspect_ratio": 2}, picture("PNG", 100, 100)) != []


def test_bytes() -> None:
    limits: MediaLimits = {"max_file_size": 10 * 1024 * 1024}
    assert [size_problem(limits, size) for size in (None, 0, 10_485_760)] == [None] * 3
    assert size_problem(limits, 10_485_761) == "is 10,485,761 bytes; at most 10,485,760 (10 MiB) are taken"
    assert size_problem({"max_file_size": 100_000_000}, 100_000_001) is not None
    for most, told in ((100_000_000, "(100 MB)"), (3 << 20, "(3 MiB)"), (5 << 10, "(5 KiB)"), (7_000, "(7 kB)")):
        assert told in str(size_problem({"max_file_size": most}, most + 1))
    assert size_problem({"max_file_size": 1_001}, 1_002) == "is 1,002 bytes; at most 1,001 are taken"


# --- videos and sounds -----------------------------------------------------------------------------------------------

VIDEOS: dict[str, tuple[str, ...]] = {
    "moov at the end": (),
    "moov in front": ("-movflags", "+faststart"),
    "with frames in another order": ("-bf", "2", "-preset", "medium"),
    "mpeg4": ("-c:v", "mpeg4"),
    "other timescale": ("-video_track_timescale", "90000"),
}


@pytest.mark.parametrize("more", VIDEOS.values(), ids=VIDEOS)
@pytest.mark.parametrize("ending", [".mp4", ".mov"])
def test_videos(more: tuple[str, ...], ending: str) -> None:
    found = facts(video(*more, seconds=2, rate="25", ending=ending))
    assert found.kinds == {"video", "audio"}
    assert set(found.sizes) == {(64, 48)}
    assert min(abs(seconds - 2) for seconds in found.durations) < 0.001
    assert all(abs(rate - 25) < 0.5 for rate in found.rates)
    assert found.rates


@pytest.mark.parametrize(
    ("rate", "limits", "right"),
    [
        ("24", {"min_fps": 24, "max_fps": 60}, True),
        ("60", {"min_fps": 24, "max_fps": 60}, True),
        ("24000/1001", {"min_fps": 24, "max_fps": 60}, True),  # is called 24
        ("60000/1001", {"min_fps": 60}, True),
        ("23", {"min_fps": 24, "max_fps": 60}, False),
        ("61", {"min_fps": 24, "max_fps": 60}, False),
    ],
)
def test_frame_rates(rate: str, limits: MediaLimits, right: bool) -> None:
    words = [] if right else [f"has {rate} frames a second; 24 to 60 are taken"]
    assert told(limits, video(rate=rate)) == words


@pytest.mark.parametrize("with_sound", [False, True])
@pytest.mark.parametrize(("seconds", "right"), [(3, True), (4, True), (2.96, False), (4.04, False)])
def test_lengths(seconds: float, right: bool, with_sound: bool) -> None:
    content = video(seconds=seconds, rate="25", sound=with_sound)
    words = [] if right else [f"is {seconds} seconds long; 3 to 4 are taken"]
    found = told({"min_duration": 3, "max_duration": 4}, content)
    # What follows the last frame of sound counts a little: how long it is said to be depends on the reading.
    assert (found == words) or (with_sound and bool(found) == bool(words))


def test_a_video_that_is_turned_may_be_either_way_round() -> None:
    plain = video("-c:v", "libx264")
    with_matrix = bytearray(plain)
    at = plain.index(b"tkhd") + 4 + 40
    with_matrix[at : at + 36] = struct.pack(">9i", 0, 1 << 16, 0, -(1 << 16), 0, 0, 48 << 16, 0, 1 << 30)
    assert set(facts(bytes(with_matrix)).sizes) == {(64, 48), (48, 64)}
    assert told({"max_height": 48}, plain) == []
    assert told({"max_width": 48}, plain) == ["is 64 pixels wide; at most 48 are taken"]
    assert told({"max_width": 48}, bytes(with_matrix)) == []


@pytest.mark.parametrize("flags", ["+faststart", "+negative_cts_offsets"], ids=["in front", "at the end"])
def test_lengths_of_boxes_may_be_of_64_bits(flags: str) -> None:
    content = video("-movflags", flags)
    at = content.index(b"moov") - 4
    size = int.from_bytes(content[at : at + 4], "big")
    wide = struct.pack(">I4sQ", 1, b"moov", size + 8) + content[at + 8 : at + size]
    found = facts(content[:at] + wide + content[at + size :])
    assert found == facts(content)
    assert set(found.sizes) == {(64, 48)}


def test_pixels_that_are_not_square() -> None:
    found = facts(video("-vf", "setsar=2"))
    assert set(found.sizes) == {(128, 48), (64, 48)}


@pytest.mark.parametrize("flags", ["+frag_keyframe+empty_moov", "+frag_keyframe", "+dash"])
def test_a_video_in_pieces_says_no_length(flags: str) -> None:
    found = facts(video("-g", "6", "-movflags", flags))
    assert found.kinds == {"video", "audio"}
    assert set(found.sizes) == {(64, 48)}
    assert not found.durations + found.rates


def test_frames_of_many_lengths_say_no_rate() -> None:
    shuffled = "settb=1/1000,setpts='(N*40+mod(N*7,11))'"
    found = facts(video("-vf", shuffled, "-fps_mode", "passthrough", "-enc_time_base", "1:1000", seconds=10, rate="25"))
    assert found.rates == ()
    assert found.durations


@pytest.mark.parametrize(
    ("ending", "more", "kinds"),
    [
        (".m4a", (), {"audio"}),
        (".flac", (), {"audio"}),
        (".mp3", (), {"audio"}),
        (".ogg", ("-c:a", "libvorbis"), {"audio", "video"}),
        (".wav", (), {"audio"}),
    ],
)
def test_kinds_of_sounds(ending: str, more: tuple[str, ...], kinds: set[str]) -> None:
    content = ffmpeg(ending, "-f", "lavfi", "-i", "sine=duration=1", *more)
    assert facts(content).kinds == kinds
    assert told({"kind": "audio", "max_duration": 2}, content) == []
    assert told({"kind": "image", "max_width": 2}, content)[0].endswith("; a picture is taken")


def test_a_webm_is_no_picture() -> None:
    content = ffmpeg(".webm", "-f", "lavfi", "-i", "testsrc=size=64x48:duration=0.2", "-c:v", "libvpx")
    assert told({"kind": "video", "min_width": 9999}, content) == []  # its size is not read
    assert told({"kind": "image", "min_width": 9999}, content) == ["is a video; a picture is taken"]


@pytest.mark.parametrize("ending", [".avif", ".heic"])
def test_pictures_in_boxes_are_no_videos(ending: str) -> None:
    if ending == ".avif":
        content = picture("AVIF", 64, 48)
    else:
        content = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(100)
    assert "image" in facts(content).kinds
    assert told({"kind": "image", "min_width": 9999}, content) == []


@pytest.mark.parametrize(
    ("content", "kind", "said"),
    [
        (picture("PNG", 9, 9), "video", "is a picture; a video is taken"),
        (picture("JPEG", 9, 9), "audio", "is a picture; a sound is taken"),
        (sound(1), "video", "is a sound; a video is taken"),
        (sound(1), "image", "is a sound; a picture is taken"),
        (video(), "image", "is a video; a picture is taken"),
    ],
)
def test_the_wrong_kind_is_the_only_thing_said(content: bytes, kind: str, said: str) -> None:
    assert told({"kind": kind, "min_width": 9999, "max_duration": 0.1}, content) == [said]


@pytest.mark.parametrize("kind", ["image", "video", "audio", "hologram"])
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7", b"glTF", b"hello world, this is text", bytes(100)])
def test_what_is_not_understood_is_taken(content: bytes, kind: str) -> None:
    assert told({"kind": kind, "min_width": 9999, "min_duration": 9999, "min_fps": 9999}, content) == []


@pytest.mark.parametrize("layout", [{}, {"rate": 44100, "channels": 2}, {"width": 1}, {"rate": 48000, "width": 4}])
def test_wav(layout: dict[str, int]) -> None:
    limits: MediaLimits = {"kind": "audio", "min_duration": 1, "max_duration": 2}
    assert [told(limits, sound(seconds, **layout)) for seconds in (1, 1.5, 2)] == [[], [], []]
    assert told(limits, sound(0.5, **layout)) == ["is 0.5 seconds long; 1 to 2 are taken"]
    assert told(limits, sound(2.25, **layout)) == ["is 2.25 seconds long; 1 to 2 are taken"]


def test_wav_that_was_streamed_has_no_length_in_its_header() -> None:
    content = bytearray(sound(1))
    at = content.index(b"data") + 4
    for length in (0, 0xFFFFFFFF, 0x7FFFFFFF):
        content[at : at + 4] = struct.pack("<I", length)
        assert facts(bytes(content)).durations == (1.0,)


def test_wav_that_is_compressed_says_no_length() -> None:
    content = ffmpeg(".wav", "-f", "lavfi", "-i", "sine=duration=1", "-c:a", "adpcm_ms")
    assert facts(content).durations == ()
    listed = ffmpeg(".wav", "-f", "lavfi", "-i", "sine=duration=1", "-metadata", "title=" + "x" * 9999)
    assert facts(listed).durations == (1.0,)
