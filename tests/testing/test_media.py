"""The files of the fake, as the readers of others see them: Pillow, ffmpeg, mutagen, trimesh, pypdf and Python."""

from __future__ import annotations

import hashlib
import io
import json
import re
import struct
import subprocess
import wave
import zipfile
import zlib
from typing import Any
from xml.etree import ElementTree as ET

import imageio_ffmpeg
import mutagen
import numpy as np
import pypdf
import pytest
import trimesh
from hypothesis import given
from hypothesis import strategies as st
from media_files import facts
from PIL import Image
from runtime.files.media_type import guess
from runtime.testing.media import types
from runtime.testing.media.make import make_file
from runtime.testing.media.pictures.deflate import repeated
from runtime.testing.media.wish import MOST_PIXELS, MOST_SECONDS, Wish, frames, settled, url_path, wish_of

TYPES = [*types._TYPES]
SIZES = [(1024, 1024), (1, 1), (3, 7), (17, 33), (1023, 577), (2, 4096), (4096, 1), (640, 480)]


def made(name: str, **more: Any) -> bytes:
    return make_file(Wish(name=name, **more))[0]


@pytest.mark.parametrize(("ending", "form"), [("png", "PNG"), ("jpg", "JPEG"), ("webp", "WEBP"), ("gif", "GIF")])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_pictures(ending: str, form: str, width: int, height: int) -> None:
    content = made(f"a.{ending}", width=width, height=height, seed=5)
    picture = Image.open(io.BytesIO(content))
    picture.load()
    assert (picture.format, picture.size) == (form, (width, height)) == (form, facts(content).sizes[0])
    assert facts(content).sizes == ((width, height),)
    assert len(content) < 20_000 or width * height > 10**6


def test_pictures_show_the_same() -> None:
    """A gradient of squares, by the seed; JPEG's colours are told in other numbers."""
    shown = {
        ending: np.asarray(Image.open(io.BytesIO(made(f"a.{ending}", width=640, height=512, seed=5))).convert("RGB"))
        for ending in ("png", "webp", "jpg")
    }
    assert np.array_equal(shown["png"], shown["webp"])
    middles = {ending: picture[32::64, 40::80].astype(int) for ending, picture in shown.items()}
    assert int(np.abs(middles["png"] - middles["jpg"]).max()) < 5
    assert len(np.unique(shown["png"].reshape(-1, 3), axis=0)) > 8


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "gif"])
def test_pictures_of_any_seed(ending: str) -> None:
    for seed in range(100):
        Image.open(io.BytesIO(made(f"a.{ending}", width=130, height=130, seed=seed))).load()
    assert not any(b"\xff" in made("a.jpg", width=130, height=130, seed=seed)[170:-2] for seed in range(100))


@pytest.mark.parametrize("ending", ["png", "jpg", "webp", "gif", "svg", "mp4"])
def test_seeds_differ(ending: str) -> None:
    assert len({made(f"a.{ending}", width=64, height=64, seed=seed) for seed in range(20)}) == 20


def decoded(name: str, content: bytes, tmp_path: Any, *more: str) -> str:
    """What ffmpeg says of a file that it reads to the end; any mistake in it is an error."""
    path = tmp_path / name
    path.write_bytes(content)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-nostdin", "-threads", "1", "-xerror"]
    command += ["-err_detect", "explode", "-i", str(path), "-f", "null", *more, "-"]
    ran = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert not re.search(r"error|invalid|corrupt|missing|conceal", ran.stderr, re.IGNORECASE), ran.stderr
    return ran.stderr


@pytest.mark.parametrize(
    ("width", "height", "seconds", "fps"),
    [
        (1280, 720, 5, 24),
        (16, 16, 1, 24),
        (1000, 562, 2, 29.97),
        (100, 20, 0.05, 30),
        (1088, 1920, 1, 60),
        (640, 480, 60, 1),
    ],
)
@pytest.mark.parametrize("ending", ["mp4", "mov"])
def test_videos(ending: str, width: int, height: int, seconds: float, fps: float, tmp_path: Any) -> None:
    wish = settled(Wish(name=f"a.{ending}", width=width, height=height, seconds=seconds, fps=fps, seed=7))
    content, _ = make_file(wish)
    said = decoded(wish.name, content, tmp_path)
    assert f"Video: h264 (Constrained Baseline) (avc1 / 0x31637661), yuv420p(progressive), {width}x{height}," in said
    assert [int(count) for count in re.findall(r"frame= *(\d+)", said)][-1] == frames(wish)
    found = facts(content)
    assert {*found.sizes} == {(width, height)}
    assert all(one == pytest.approx(wish.seconds, abs=0.001) for one in found.durations)
    assert all(one == pytest.approx(wish.fps, abs=0.01) for one in found.rates)
    assert wish.seconds == pytest.approx(seconds, abs=0.6 / fps)


def test_a_video_shows_squares(tmp_path: Any) -> None:
    """From its first picture to its last one, and the same as a picture of the same seed shows."""
    content = made("a.mp4", width=640, height=512, seconds=2, seed=5)
    (tmp_path / "a.mp4").write_bytes(content)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(tmp_path / "a.mp4"), "-f", "rawvideo"]
    raw = subprocess.run([*command, "-pix_fmt", "rgb24", "-"], capture_output=True, check=True).stdout
    shown = np.frombuffer(raw, np.uint8).reshape(48, 512, 640, 3)
    assert (shown == shown[0]).all()
    picture = np.asarray(Image.open(io.BytesIO(made("a.png", width=640, height=512, seed=5))).convert("RGB"))
    assert int(np.abs(shown[0].astype(int) - picture.astype(int)).max()) < 12


@pytest.mark.parametrize("ending", ["wav", "mp3", "m4a", "aac", "ogg", "opus", "flac"])
@pytest.mark.parametrize("seconds", [0.1, 3, 12.345])
def test_sounds(ending: str, seconds: float, tmp_path: Any) -> None:
    content = made(f"a.{ending}", seconds=seconds, seed=7)
    decoded(f"a.{ending}", content, tmp_path)
    path = tmp_path / f"a.{ending}"
    found = mutagen.File(path)  # pyright: ignore
    frame = {"mp3": 0.02, "aac": 0.02}.get(ending, 0.001)  # as near as whole frames come
    assert found.info.length == pytest.approx(seconds, abs=frame)
    known = facts(content).durations
    assert all(one == pytest.approx(seconds, abs=0.001) for one in known)


def test_a_wave_is_heard() -> None:
    with wave.open(io.BytesIO(made("a.wav", seconds=1.5, seed=3))) as sound:
        samples = np.frombuffer(sound.readframes(10**6), "<i2")
        assert (sound.getnchannels(), sound.getframerate(), len(samples)) == (1, 8000, 12000)
    assert int(samples.max()) == 8000
    assert made("a.wav", seed=3) != made("a.wav", seed=4)


@pytest.mark.parametrize("ending", ["glb", "gltf", "obj", "stl", "ply"])
def test_meshes(ending: str) -> None:
    mesh: Any = trimesh.load(io.BytesIO(made(f"a.{ending}", seed=7)), file_type=ending, force="mesh")
    assert mesh.is_watertight
    assert mesh.volume == pytest.approx(1)
    assert mesh.extents.tolist() == [1, 1, 1]


def test_other_meshes() -> None:
    """Those that nobody reads here; the reader of glTF is strict about lengths."""
    assert len(made("a.splat")) == 8 * 32
    assert made("a.fbx").startswith(b"; FBX 7.4.0 project file\n")
    assert made("a.mtl").splitlines()[1] == b"newmtl made_up"
    glb = made("a.glb")
    assert struct.unpack("<4sII", glb[:12]) == (b"glTF", 2, len(glb))


def test_archives() -> None:
    with zipfile.ZipFile(io.BytesIO(made("a.zip"))) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == ["frame_0.png", "frame_1.png", "about.txt"]
        assert Image.open(archive.open("frame_1.png")).size == (64, 64)
    usdz = made("a.usdz")
    with zipfile.ZipFile(io.BytesIO(usdz)) as archive:
        assert archive.testzip() is None
        (one,) = archive.infolist()
        assert usdz.index(archive.read(one)) % 64 == 0, "USDZ wants it so"
        assert archive.read(one).startswith(b"#usda 1.0\n")
    assert np.load(io.BytesIO(made("a.npz", seed=3)))["data"][:2].tolist() == [3, 4]


def test_weights() -> None:
    content = made("a.safetensors", seed=7)
    length = int.from_bytes(content[:8], "little")
    head = json.loads(content[8 : 8 + length])
    ends = [one["data_offsets"][1] for name, one in head.items() if name != "__metadata__"]
    assert (length % 8, max(ends)) == (0, len(content) - 8 - length)


def test_documents() -> None:
    (page,) = pypdf.PdfReader(io.BytesIO(made("a.pdf", seed=7)), strict=True).pages
    assert page.extract_text() == "made up, 7"
    svg = ET.fromstring(made("a.svg", width=300, height=200))
    assert (svg.get("width"), svg.get("height"), svg.get("viewBox")) == ("300", "200", "0 0 300 200")
    assert json.loads(made("data.json", seed=7)) == {"made_up": True, "name": "data.json", "seed": 7}
    assert made("a.vtt").startswith(b"WEBVTT\n\n")
    assert made("a.srt").splitlines()[1] == b"00:00:00,000 --> 00:00:02,000"
    assert made("a.csv", seed=7) == b"name,seed\na.csv,7\n"
    assert made("a.txt", seed=7) == b"made up, 7\n" == made("a.bin", seed=7)


@pytest.mark.parametrize("media_type", TYPES)
def test_every_type_is_what_it_says(media_type: str) -> None:
    """Also by what the client itself makes of names and first bytes."""
    wish = settled(Wish(media_type, seed=7))
    content, found = make_file(wish)
    assert found == media_type == wish.media_type == types.type_of(wish.name)
    assert content == make_file.__wrapped__(wish)[0]
    kinds = facts(content).kinds
    assert not kinds or types.kind_of(media_type) in kinds
    by_content = guess(None, content[:16])
    assert by_content == media_type or by_content == types.UNKNOWN or media_type in ("model/vnd.usdz+zip",)


def test_the_bytes_are_always_the_same() -> None:
    """In every process and version: a link of yesterday leads to the same file."""
    endings = sorted(ending for _, endings in types._TYPES.values() for ending in endings.split())
    digest = hashlib.sha256(b"".join(made(f"a.{ending}", width=100, height=80, seed=1) for ending in endings))
    assert digest.hexdigest()[:16] == "6f3c488c688f2e36"


WISHES = st.builds(
    Wish,
    st.sampled_from(["", "no/type", "image/jpg", "Image/PNG; q=1", *TYPES]),
    st.integers(-5, 10**7),
    st.integers(-5, 10**7),
    st.floats(-5, 10**7) | st.integers(0, 100),
    st.floats(-5, 10**5) | st.integers(0, 60),
    st.text(max_size=30)
    | st.sampled_from(["a.png", "a.glb", "../../etc", "x.PNG", "b.exe", ".png", "a" * 99 + ".mp4"]),
    st.integers(-(2**70), 2**70),
)


@given(WISHES)
def test_a_path_says_all(wish: Wish) -> None:
    path, one = url_path(wish), settled(wish)
    assert wish_of(path) == one == settled(one)
    assert url_path(one) == path
    assert re.fullmatch(r"/files/fake/\d+/([0-9a-z.-]+/)?[A-Za-z0-9_.-]+", path)
    assert max(one.width, one.height) <= MOST_PIXELS
    assert one.seconds <= MOST_SECONDS


def test_what_a_path_looks_like() -> None:
    assert url_path(Wish("image/png", 1024, 768, seed=7)) == "/files/fake/7/1024x768/image.png"
    assert url_path(Wish("video/mp4", 1281, 720, 5, 24, "my clip", 7)) == "/files/fake/7/1280x720-5s-24fps/my_clip.mp4"
    assert url_path(Wish("audio/mpeg", seconds=2.5)) == "/files/fake/0/2.5s/audio.mp3"
    assert url_path(Wish(name="model.glb", seed=9)) == "/files/fake/9/model.glb"


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/files/other/7/a.png",
        "/files/fake/7",
        "/files/fake/x/a.png",
        "/files/fake/7/a.exe",
        "/files/fake/7/w/a.png",
        "/files/fake/7/1x1/2x2/a.png",
        "/files/fake/7/../a.png",
        "/files/fake/7/a%20b.png",
        "/files/fake/-7/a.png",
    ],
)
def test_other_paths(path: str) -> None:
    assert wish_of(path) is None


ROWS = st.tuples(st.sampled_from([b"\0", b"\xff", b"ab", b"\x90\x8f"]), st.integers(1, 700))


@given(st.lists(ROWS, max_size=4), st.integers(1, 600))
def test_rows_that_repeat(rows: list[tuple[bytes, int]], width: int) -> None:
    """zlib reads them as they were meant."""
    whole = [((row * width)[:width], repeats) for row, repeats in rows]
    assert zlib.decompress(repeated(whole)) == b"".join(row * repeats for row, repeats in whole)
