"""Small files as data URIs, and the guesses about names and types."""

from __future__ import annotations

import base64
import io
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from runtime.errors import FileTransferError
from runtime.files import data_uri as module
from runtime.files import media_type
from runtime.files.data_uri import data_uri, decoded, length_of, media_type_of, pieces_of
from uploaded import KINDS, made

if TYPE_CHECKING:
    from pathlib import Path

PNG = b"\x89PNG\r\n\x1a\nrest"


@pytest.mark.sampled(5)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [0, 1, 700_000])
def test_every_kind(tmp_path: Path, kind: str, size: int) -> None:
    with made(kind, PNG * size, tmp_path) as file:
        assert decoded(data_uri(file)) == PNG * size


@given(st.binary(max_size=100))
def test_there_and_back(content: bytes) -> None:
    assert decoded(data_uri(content)) == content
    assert decoded("data:," + "".join(f"%{byte:02x}" for byte in content)) == content


@given(st.binary(max_size=60), st.integers(4, 9), st.sampled_from(["base64", "escaped base64", "escaped", "plain"]))
def test_pieces_are_the_whole(content: bytes, size: int, form: str) -> None:
    """Wherever the text is cut: between the characters of a `%20`, or of three bytes."""
    encoded = base64.b64encode(content).decode()
    uri = {
        "base64": f"data:;base64,{encoded}",
        "escaped base64": "data:;base64," + encoded.replace("=", "%3D").replace("+", "%2b"),
        "escaped": "data:," + "".join(f"%{byte:02x}" for byte in content),
        "plain": "data:," + (text := "".join(chr(97 + byte % 26) for byte in content)),
    }[form]
    expected = text.encode() if form == "plain" else content
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_PIECE_CHARACTERS", size)
        assert b"".join(pieces_of(uri)) == expected
    assert length_of(uri) in ((len(expected),) if "%" not in uri else (None,))


@given(st.text(alphabet="YQ=*%3D \n", max_size=16), st.integers(4, 7))
@example("YQ==YQ==", 4)
@example("YQ==YWE=", 5)
@example("YQ%3D=YQ==", 4)
def test_what_is_no_base64_is_none_in_pieces_either(text: str, size: int) -> None:
    def outcome(pieces: int) -> bytes | None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(module, "_PIECE_CHARACTERS", pieces)
            try:
                return decoded(f"data:;base64,{text}")
            except FileTransferError:
                return None

    assert outcome(size) == outcome(1000)


def test_no_piece_is_long() -> None:
    uri = data_uri(bytes(5_000_000))
    assert max(map(len, pieces_of(uri))) <= 2**18
    assert length_of(uri) == 5_000_000


def test_the_form(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"abc")
    assert data_uri(path) == "data:image/jpeg;base64,YWJj"
    assert data_uri(PNG) == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert data_uri(b"abc", content_type="audio/x-mine") == "data:audio/x-mine;base64,YWJj"
    assert data_uri(b"") == "data:application/octet-stream;base64,"


@pytest.mark.parametrize(
    ("file", "error", "text"),
    [
        ("a.jpg", TypeError, "a str is a URL and never a path"),
        (3, TypeError, "must be a pathlib.Path, bytes or a binary file object, not int"),
        (io.StringIO("x"), ValueError, "opened in binary mode"),
    ],
)
def test_wrong_files(file: Any, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        data_uri(file)


def test_a_wrong_type_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="content_type must be a media type"):
        data_uri(b"x", content_type="png")
    with pytest.raises(FileNotFoundError):
        data_uri(tmp_path / "nope")
    with pytest.raises(IsADirectoryError):
        data_uri(tmp_path)


def test_the_media_type_of_a_uri() -> None:
    assert media_type_of("data:,x") == media_type_of("data:;base64,") == "text/plain"
    assert media_type_of("data:Image/PNG;a=b;base64,") == "image/png"


@pytest.mark.parametrize(
    ("name", "head", "kind"),
    [
        ("a.png", b"", "image/png"),
        ("a.PNG", b"\xff\xd8\xff", "image/png"),
        ("a.webp", b"", "image/webp"),
        ("a.glb", b"", "model/gltf-binary"),
        ("a.wav", b"", "audio/wav"),
        ("a.mp3", b"", "audio/mpeg"),
        ("a.zip", b"", "application/zip"),
        ("a", b"\xff\xd8\xff\xe0", "image/jpeg"),
        ("a.unheardof", b"....ftypisom", "video/mp4"),
        (None, b"RIFF....WAVE", "audio/wav"),
        (None, b"RIFF....AVI ", "application/octet-stream"),
        (None, b"\xff\xfb\x90\x64", "audio/mpeg"),
        (None, b"ID3\x04", "audio/mpeg"),
        (None, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "image/png"),
        (None, b"GIF89a", "image/gif"),
        (None, b"RIFF\x01\x02\x03\x04WEBPVP8 ", "image/webp"),
        (None, b"\0\0\0\x20ftypavif", "image/avif"),
        (None, b"\0\0\0\x20ftypheic", "image/heic"),
        (None, b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (None, b"\0\0\0\x20ftypqt  ", "video/quicktime"),
        (None, b"\0\0\0\x20ftypmp42", "video/mp4"),
        (None, b"\x1aE\xdf\xa3\x9fB\x86", "video/webm"),
        (None, b"OggS\0\x02", "audio/ogg"),
        (None, b"fLaC\0\0", "audio/flac"),
        (None, b"glTF\x02\0", "model/gltf-binary"),
        (None, b"%PDF-1.7", "application/pdf"),
        (None, b"PK\x03\x04\x14\0", "application/zip"),
        *((None, b"x" + head, "application/octet-stream") for head in (b"\x89PNG\r\n\x1a\n", b"GIF89a", b"%PDF-1.7")),
        ("a.", b"", "application/octet-stream"),
        ("", b"", "application/octet-stream"),
        ("http://x/a.png", b"", "image/png"),
    ],
)
def test_guesses(name: str | None, head: bytes, kind: str) -> None:
    assert media_type.guess(name, head) == kind


@given(st.text(max_size=300))
def test_a_safe_name_is_one_in_any_folder_and_any_header(name: str) -> None:
    safe = media_type.safe_name(name)
    assert not set(safe) & set('/\\:*?"<>|\0\r\n')
    assert safe not in (".", "..")
    assert len(safe) <= 200
    plain = media_type.ascii_name(name)
    assert plain.isascii()
    assert plain.isprintable()


@pytest.mark.parametrize("kind", ["image/png", "image/jpeg", "image/webp", "video/mp4", "audio/mpeg", "audio/wav"])
def test_endings_lead_back(kind: str) -> None:
    assert media_type.guess(f"a{media_type.ending_of(kind)}") == kind


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        ("image/jpeg", ".jpg"),
        ("Image/JPEG ; charset=x", ".jpg"),
        ("video/mp4", ".mp4"),
        ("application/octet-stream", ""),
        ("application/json", ".json"),
        ("nonsense/unheard-of", ""),
        ("", ""),
    ],
)
def test_the_ending_of_a_type(kind: str, ending: str) -> None:
    assert media_type.ending_of(kind) == ending


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\temp\\a.png", "a.png"),
        (" a .png. ", "a .png"),
        ('a<b>:"c|d?*.png', "a_b_c_d_.png"),
        ("nul.png", "_nul.png"),
        ("COM1", "_COM1"),
        ("lpt\u00b2 .txt", "_lpt\u00b2 .txt"),
        ("conin$", "_conin$"),
        ("console.png", "console.png"),
        ("com.png", "com.png"),
        ("a/", ""),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert media_type.safe_name(name) == safe


@pytest.mark.parametrize(
    ("stem", "ending", "name"),
    [
        ("a" * 200, "", "a" * 200),
        ("a" * 201, "", "a" * 200),
        ("a" * 300, ".png", "a" * 196 + ".png"),
        ("猫" * 100, ".png", "猫" * 83 + ".png"),
        ("a" * 195 + " .b", ".png", "a" * 195 + ".png"),
        ("a .", "", "a ."),
    ],
)
def test_a_name_that_is_too_long_is_cut(stem: str, ending: str, name: str) -> None:
    assert media_type.cut(stem, ending) == name


def test_names_for_headers_are_ascii() -> None:
    assert media_type.ascii_name("Pingüino 猫.png") == "Pinguino _.png"


@pytest.mark.parametrize("kind", [None, "image/png", "a/b; c=d"])
def test_a_media_type_is_taken(kind: str | None) -> None:
    media_type.check(kind)


@pytest.mark.parametrize(("kind", "error"), [("png", ValueError), ("image/p\nng", ValueError), (3, TypeError)])
def test_what_is_no_media_type_is_refused(kind: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match="content_type"):
        media_type.check(kind)
