"""What a download takes for a file, how it is packed, and what of an error is read."""

from __future__ import annotations

import gzip
import zlib
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import Reply
from fal_server.file_host import FileHost, Sent
from hypothesis import given
from hypothesis import strategies as st
from runtime.errors import APIStatusError, FileTransferError, NotFoundError
from runtime.files.downloads.gunzip import PIECE_BYTES, Gunzip
from runtime_twin import OUTPUT, SCHNELL, Twin
from saving import save

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from runtime_sample import Image

CONTENT = bytes(range(256)) * 4000
GZIP = {"content-encoding": "gzip"}
MOST_READ = 2**16
# What the system holds of a body that nobody reads: buffers of both sides.
BUFFERS = 8 * 2**20


@pytest.fixture(autouse=True)
def _nothing_half_written(tmp_path: Path) -> Iterator[None]:
    yield
    assert [*tmp_path.glob("*.part"), *tmp_path.glob(".*")] == []


@pytest.mark.parametrize(
    ("answer", "text"),
    [
        (Sent(204), "answered 204 with no file"),
        (Sent(206, {"content-range": f"bytes 0-9/{len(CONTENT)}"}, CONTENT[:10]), "206 with a part of it that nobody"),
        (Sent(202, {}, b"later"), "answered 202 with no file"),
        (Sent(205), "answered 205 with no file"),
    ],
    ids=["204", "206", "202", "205"],
)
def test_what_is_no_whole_file_is_not_saved(twin: Twin, tmp_path: Path, answer: Sent, text: str) -> None:
    with FileHost(lambda _: answer) as host, pytest.raises(FileTransferError, match=text) as caught:
        save(twin, f"{host.url}/a.png", tmp_path / "a.png")
    assert "a.png: the server" in str(caught.value)
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("encoding", ["gzip", "x-gzip", "GZIP", "identity, gzip"])
def test_gzip_is_unpacked(twin: Twin, tmp_path: Path, encoding: str) -> None:
    """Objects that are stored so arrive so."""
    told: list[tuple[int, int | None]] = []
    packed = gzip.compress(CONTENT)
    with FileHost(lambda _: Sent(200, {"content-encoding": encoding}, packed)) as host:
        saved = save(twin, f"{host.url}/a.png", tmp_path / "a.png", progress=lambda *counts: told.append(counts))
    assert saved.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))


def test_gzip_that_is_cut_off_begins_anew(twin: Twin, tmp_path: Path) -> None:
    packed, cuts = gzip.compress(CONTENT), [1000]
    headers = {**GZIP, "etag": '"v1"'}
    with FileHost(lambda _: Sent(200, headers, packed, cuts.pop() if cuts else None)) as host:
        assert save(twin, f"{host.url}/a.png", tmp_path / "a.png").read_bytes() == CONTENT
        assert [each.headers.get("range") for each in host.asked] == [None, None]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"no gzip at all", "its gzip is broken"),
        (gzip.compress(CONTENT)[:-9], "its gzip ends in the middle"),
        (gzip.compress(CONTENT)[:-8] + bytes(8), "its gzip is broken"),
        (gzip.compress(CONTENT) + b"more", "its gzip is broken"),
    ],
)
def test_broken_gzip(twin: Twin, tmp_path: Path, body: bytes, text: str) -> None:
    with FileHost(lambda _: Sent(200, GZIP, body)) as host, pytest.raises(FileTransferError, match=text):
        save(twin, f"{host.url}/a.png", tmp_path / "a.png")


def test_a_limit_is_for_what_is_unpacked(twin: Twin, tmp_path: Path) -> None:
    packed = gzip.compress(bytes(10**7))
    with FileHost(lambda _: Sent(200, GZIP, packed)) as host:
        with pytest.raises(FileTransferError, match="larger than max_bytes=9999999"):
            save(twin, f"{host.url}/a.png", tmp_path / "a.png", max_bytes=10**7 - 1)
        assert save(twin, f"{host.url}/a.png", tmp_path / "a.png", max_bytes=10**7).stat().st_size == 10**7


@pytest.mark.parametrize("encoding", ["zstd", "br", "deflate", "gzip, gzip", "rot13"])
def test_a_packing_that_nobody_asked_for(twin: Twin, tmp_path: Path, encoding: str) -> None:
    answer = Sent(200, {"content-encoding": encoding}, zlib.compress(b"x"))
    with FileHost(lambda _: answer) as host, pytest.raises(FileTransferError, match="which nobody asked for") as caught:
        save(twin, f"{host.url}/a.png", tmp_path / "a.png")
    assert f"content-encoding {encoding!r}" in str(caught.value)


def test_a_body_that_a_hook_has_read(twin: Twin, tmp_path: Path) -> None:
    """It is unpacked by then."""

    def read(response: httpx.Response) -> None:
        response.read()

    async def read_async(response: httpx.Response) -> None:
        await response.aread()

    kind: Any = httpx.AsyncClient if twin.is_async else httpx.Client
    own = kind(event_hooks={"response": [read_async if twin.is_async else read]})
    with FileHost(lambda _: Sent(200, GZIP, gzip.compress(CONTENT))) as host:
        twin.server.plan(SCHNELL, output={**OUTPUT, "images": [{"url": f"{host.url}/a.png"}]})

        def steps(fal: Any) -> Any:
            out = yield fal.flux_1.schnell.run(prompt="x")
            file: Image = out.images[0]
            saved = yield (file.adownload if twin.is_async else file.download)(tmp_path / "a.png")
            assert saved.read_bytes() == CONTENT
            yield own.aclose() if twin.is_async else own.close()

        twin.do(steps, http_client=own)
        assert len(host.asked) == 1


@given(st.lists(st.binary(max_size=200), max_size=5), st.integers(1, 50), st.booleans())
def test_gzip_in_any_pieces(contents: list[bytes], step: int, padded: bool) -> None:
    packed = b"".join(map(gzip.compress, contents)) + bytes(7 * padded * bool(contents))
    gunzip = Gunzip()
    pieces = [piece for at in range(0, len(packed), step) for piece in gunzip.pieces(packed[at : at + step])]
    assert b"".join(pieces) == b"".join(contents)
    assert gunzip.is_whole


def test_no_piece_of_gzip_is_long() -> None:
    gunzip = Gunzip()
    pieces = [len(piece) for piece in gunzip.pieces(gzip.compress(bytes(10 * PIECE_BYTES + 1)))]
    assert (max(pieces), sum(pieces)) == (PIECE_BYTES, 10 * PIECE_BYTES + 1)
    assert gunzip.is_whole


# Errors.


def endless() -> Iterator[bytes]:
    """More than anybody wants to read."""
    for _ in range(2000):
        yield b"no such file " * 4096


@pytest.mark.parametrize("status", [404, 301, 500])
@pytest.mark.parametrize("length", ["", "800000000"])
@pytest.mark.sampled(3)
def test_little_of_an_error_is_read(twin: Twin, tmp_path: Path, status: int, length: str, monkeypatch: Any) -> None:
    monkeypatch.setattr("runtime.http.retry.FEW", 0)
    headers = {"content-length": length, "location": ""}
    with FileHost(lambda _: Sent(status, headers, endless(), cut=0)) as host:
        with pytest.raises(APIStatusError) as caught:
            save(twin, f"{host.url}/a.png", tmp_path / "a.png")
        assert host.sent < BUFFERS
    error = caught.value
    assert f"{status} from the download of a.png: no such file no such file" in str(error)
    assert isinstance(error.body, str)
    assert len(error.body) == MOST_READ


def test_little_of_a_packed_error_is_unpacked(twin: Twin, tmp_path: Path) -> None:
    packed = gzip.compress(b'"' + b"x" * 10**8)
    with FileHost(lambda _: Sent(404, GZIP, packed)) as host, pytest.raises(NotFoundError) as caught:
        save(twin, f"{host.url}/a.png", tmp_path / "a.png")
    assert len(caught.value.body) == MOST_READ


def test_little_of_an_error_of_a_call_is_read(twin: Twin) -> None:
    """A model's error repeats its input, which may have a picture in it; so it is more than of a file's host."""
    said = {"detail": [{"loc": ["body", "image_url"], "msg": "too dark", "type": "bad", "input": "x" * 500_000}]}
    twin.server.plan(SCHNELL, always={"run": Reply(422, said)})
    with pytest.raises(APIStatusError, match="too dark") as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
    assert caught.value.body == said
    twin.server.plan(SCHNELL, always={"run": Reply(422, b"no " * 10**6)})
    with pytest.raises(APIStatusError, match="no no no") as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
    assert len(caught.value.body) == 2**20
