"""What other libraries hold a file in, given to an input: uploads of web frameworks, pictures, arrays."""

from __future__ import annotations

import asyncio
import io
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.core.files.uploadedfile import InMemoryUploadedFile, UploadedFile
from fal_server import FalServer, Reply, faults
from PIL import Image
from runtime import errors
from runtime.files.uploads import library_objects
from runtime.files.uploads.tokens import Tokens
from runtime.http.exchange import Deadline, Limits
from runtime.http.worker_transport import StoppedError
from runtime_twin import SCHNELL, Twin
from starlette.datastructures import Headers, UploadFile
from werkzeug.datastructures import FileStorage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CONTENT = b"\x89PNG\r\n\x1a\nrest"
MODES = "1 L LA La P PA RGB RGBA RGBa RGBX CMYK YCbCr LAB HSV I I;16 I;16B I;16L".split()
SHAPES: list[tuple[int, ...]] = [(3, 5), (3, 5, 1), (3, 5, 2), (3, 5, 3), (3, 5, 4), (1, 1), (700, 900, 3)]


@pytest.fixture(autouse=True)
def _no_leak(server: FalServer) -> Iterator[None]:
    yield
    assert server.storage.leaks == []


def call(twin: Twin, **given: Any) -> Any:
    return twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x", **given))


def arrived(twin: Twin, value: object) -> Any:
    """What storage has of a file that was given to an input."""
    call(twin, image_url=value)
    (seen,) = twin.server.requests("POST", SCHNELL)
    return twin.server.storage.files[seen.json["image_url"]]


def problem(twin: Twin, **given: Any) -> str:
    """Why an input is refused. Nothing was sent."""
    with pytest.raises(errors.InvalidInputError) as caught:
        call(twin, **given)
    assert twin.server.seen == twin.server.storage.seen == []
    (found,) = caught.value.problems
    return str(found)


# --- uploads of web frameworks ---------------------------------------------------------------------------------------


def of_starlette(file: Any) -> UploadFile:
    return UploadFile(file, filename="C:\\photos\\cat.png", headers=Headers({"content-type": "text/html"}))


def filled(file: Any) -> Any:
    file.write(CONTENT)
    file.seek(0)
    return file


UPLOADS: dict[str, Callable[[Any], Any]] = {
    "Starlette, FastAPI": of_starlette,
    "in memory": lambda _: of_starlette(filled(tempfile.SpooledTemporaryFile(1000))),  # noqa: SIM115
    "on disk": lambda _: of_starlette(filled(tempfile.SpooledTemporaryFile(1))),  # noqa: SIM115
    "Flask, Quart": lambda file: FileStorage(file, filename="cat.png"),
    "Django, small": lambda file: InMemoryUploadedFile(file, None, "cat.png", "image/png", len(CONTENT), None),
    "Django, large": lambda _: UploadedFile(filled(tempfile.NamedTemporaryFile()), "cat.png", "image/png"),  # noqa: SIM115
}


def shut(upload: Any) -> None:
    """Close what holds it: of a temporary file that is the wrapper, which warns otherwise (Python 3.14)."""
    (upload.stream if isinstance(upload, FileStorage) else upload.file).close()


@pytest.mark.parametrize("name", UPLOADS)
def test_an_upload_of_a_web_framework(twin: Twin, name: str) -> None:
    upload = UPLOADS[name](io.BytesIO(CONTENT))
    stored = arrived(twin, upload)
    assert (stored.content, stored.name, stored.content_type) == (CONTENT, "cat.png", "image/png")
    shut(upload)


@pytest.mark.parametrize("name", UPLOADS)
def test_one_that_was_read_already(twin: Twin, name: str) -> None:
    upload = UPLOADS[name](io.BytesIO(CONTENT))
    library_objects.readable(upload).read()
    assert "image_url: is at its end: seek(0), or pass a pathlib.Path; got " in problem(twin, image_url=upload)
    shut(upload)


def test_it_goes_without_an_input_too(twin: Twin) -> None:
    given = of_starlette(io.BytesIO(CONTENT))
    url = twin.do(lambda fal: fal.storage.upload(given))
    assert twin.server.storage.files[url].name == "cat.png"


@pytest.mark.parametrize("read", [None, 3, "text"])
def test_what_only_looks_like_an_upload_is_none(twin: Twin, read: object) -> None:
    class Odd:
        file = stream = read
        filename = "cat.png"

    assert problem(twin, image_url=Odd()).startswith("image_url: must be a URL or a file")


def test_an_upload_of_text(twin: Twin) -> None:
    assert "must be a file opened in binary mode" in problem(twin, image_url=FileStorage(io.StringIO("x")))  # type: ignore[arg-type]


# --- pictures --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", MODES)
def test_a_picture_of_pillow(twin: Twin, mode: str) -> None:
    image = Image.linear_gradient("L").resize((7, 5))
    image = image.convert("RGBA").convert(mode) if mode in ("La", "PA", "RGBa") else _converted(image, mode)
    stored = arrived(twin, image)
    assert (stored.name, stored.content_type) == ("upload.png", "image/png")
    got = Image.open(io.BytesIO(stored.content))
    assert got.format == "PNG"
    if mode in library_objects._PNG_MODES:
        assert np.array_equal(np.asarray(got), np.asarray(image))
    elif mode in library_objects._OF_16_BITS:
        assert np.array_equal(np.asarray(got), np.asarray(image.convert("I")))
    else:
        wanted = image.convert(library_objects._NEAREST.get(mode, "RGB"))
        assert np.array_equal(np.asarray(got), np.asarray(wanted))


def _converted(image: Image.Image, mode: str) -> Image.Image:
    if mode == "LAB":  # Pillow has no way there without a colour profile
        return Image.merge("LAB", [image, image, image])
    return image.convert("I").convert(mode) if mode.startswith("I;16") else image.convert(mode)


def test_an_image_that_was_opened_is_sent_as_it_is_now(twin: Twin, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8), "red").save(tmp_path / "a.jpg")
    with Image.open(tmp_path / "a.jpg") as image:
        image.paste("blue", (0, 0, 4, 8))
        got = Image.open(io.BytesIO(arrived(twin, image).content))
        assert np.array_equal(np.asarray(got), np.asarray(image))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
@pytest.mark.parametrize("layout", ["C", "F", "sliced"])
def test_an_array(twin: Twin, shape: tuple[int, ...], layout: Any) -> None:
    array = np.random.default_rng(5).integers(0, 256, shape, dtype=np.uint8)
    array = array[::-1] if layout == "sliced" else np.asarray(array, order=layout)
    got = np.asarray(Image.open(io.BytesIO(arrived(twin, array).content)))
    assert np.array_equal(got, array[..., 0] if shape[2:] == (1,) else array)


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (np.zeros((2, 2), float), "must be an array of uint8 (0 to 255) to be sent as a picture, not of float64"),
        (np.zeros((2, 2), bool), "must be an array of uint8 (0 to 255) to be sent as a picture, not of bool"),
        (np.zeros((2, 2, 5), np.uint8), "must be an array of (height, width), or of (height, width, 1 to 4 channels)"),
        (np.zeros((0, 2), np.uint8), "must be an array of (height, width), or of (height, width, 1 to 4 channels)"),
        (np.zeros(3, np.uint8), "must be a URL or a file (pathlib.Path, "),
        (np.float64(1.0), "must be a URL or a file (pathlib.Path, "),
        (type("Image", (), {"size": (2, 2), "mode": "L"})(), "must be a URL or a file (pathlib.Path, "),
        (Image.Exif(), "must be a URL or a file (pathlib.Path, "),
        (Image.new("RGB", (0, 3)), "is a picture without pixels"),
        (Image.new("F", (3, 3)), "is a picture of floating-point numbers: convert it to L or RGB first"),
    ],
    ids="floats booleans channels empty flat number namesake exif no-pixels floating".split(),
)
def test_what_is_no_picture(twin: Twin, picture: object, words: str) -> None:
    assert problem(twin, image_url=picture).startswith(f"image_url: {words}")


def test_where_a_list_is_wanted_an_array_is_none(twin: Twin) -> None:
    assert problem(twin, image_urls=np.zeros((2, 2), np.uint8)).startswith("image_urls: must be a list")


def test_one_picture_in_two_places_is_sent_once(twin: Twin) -> None:
    picture = Image.new("L", (2, 2))
    call(twin, image_url=picture, image_urls=[picture, np.zeros((2, 2), np.uint8)])
    assert sorted(twin.server.storage.steps()) == ["POST token", "POST upload", "POST upload"]


def test_an_event_loop_does_not_wait_for_the_encoding(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    threads: list[str] = []

    def noted(value: object) -> bytes:
        threads.append(threading.current_thread().name)
        return encode(value)

    encode = library_objects.png_of
    for module in ("input_files", "async_storage", "sources"):
        monkeypatch.setattr(f"runtime.files.uploads.{module}.png_of", noted)
    twin = Twin(server, is_async=True)
    call(twin, image_url=Image.new("L", (2, 2)), image_urls=[np.zeros((2, 2), np.uint8)])
    twin.do(lambda fal: fal.storage.upload(Image.new("L", (2, 2))))
    assert len(threads) == 3
    assert threading.main_thread().name not in threads


# --- nothing to send -------------------------------------------------------------------------------------------------


def test_nothing_at_all(twin: Twin, tmp_path: Path) -> None:
    (tmp_path / "empty.png").touch()
    assert problem(twin, image_url=b"") == "image_url: has no bytes; got b''"
    assert problem(twin, image_url=tmp_path / "empty.png").startswith("image_url: has no bytes")
    assert problem(twin, image_url=io.BytesIO()).startswith("image_url: has no bytes")


def test_a_file_that_the_call_before_read_to_its_end(twin: Twin, tmp_path: Path) -> None:
    (tmp_path / "cat.png").write_bytes(CONTENT)
    with (tmp_path / "cat.png").open("rb") as file:
        arrived(twin, file)
        twin.server.seen.clear()
        twin.server.storage.seen.clear()
        assert "is at its end: seek(0), or pass a pathlib.Path" in problem(twin, image_url=file)


def test_one_file_in_several_calls_at_once_is_whole_in_each(server: FalServer) -> None:
    content = bytes(range(256)) * 4000
    file = io.BytesIO(content)

    async def steps(fal: Any) -> None:
        await asyncio.gather(*[fal.flux_1.schnell.run(prompt="x", image_url=file) for _ in range(4)])

    Twin(server, is_async=True).do(steps)
    assert [each.content == content for each in server.storage.files.values()] == [True] * 4
    assert file.tell() == len(content)


def test_one_file_in_several_threads_is_whole_in_each(server: FalServer, tmp_path: Path) -> None:
    content = bytes(range(256)) * 4000
    (tmp_path / "a.bin").write_bytes(content)

    def steps(fal: Any) -> None:
        with (tmp_path / "a.bin").open("rb") as file, ThreadPoolExecutor(4) as pool:
            upload = fal.storage.upload
            start = threading.Barrier(4)
            list(pool.map(lambda _: (start.wait(), upload(file)), range(4)))

    Twin(server, is_async=False).do(steps)
    stored = [each.content for each in server.storage.files.values()]
    # Who begins when another is done finds it at its end, and a plain upload takes what there is.
    assert {len(each) for each in stored} <= {0, len(content)}
    assert all(content.endswith(each) for each in stored)


def test_a_file_that_somebody_looked_into(twin: Twin, tmp_path: Path) -> None:
    Image.new("RGB", (64, 64)).save(tmp_path / "a.jpg")
    with (tmp_path / "a.jpg").open("rb") as file:
        file.read(261)
        told = problem(twin, image_url=file)
    assert told.startswith("image_url: stands at byte 261: seek(0), or pass a pathlib.Path")


def test_a_call_that_fails_leaves_its_file_where_it_stood(twin: Twin, tmp_path: Path) -> None:
    file = io.BytesIO(CONTENT)
    assert "nope" in problem(twin, image_urls=[file, tmp_path / "nope.png"])
    twin.server.storage.first["token"] = [Reply(403, {"detail": "no"})]
    with pytest.raises(errors.PermissionDeniedError):
        call(twin, image_url=file)
    assert file.tell() == 0
    call(twin, image_url=file)
    assert file.tell() == len(CONTENT)


def test_a_picture_that_was_closed(twin: Twin, tmp_path: Path) -> None:
    Image.new("RGB", (8, 8)).save(tmp_path / "a.jpg")
    with Image.open(tmp_path / "a.jpg") as image:
        pass
    assert problem(twin, image_url=image).startswith("image_url: ")


def test_a_pipe_in_which_nothing_comes(twin: Twin) -> None:
    class Pipe:
        def read(self, size: int = -1) -> bytes:
            return b""

    assert problem(twin, image_url=Pipe()).startswith("image_url: has no bytes")


def test_an_empty_file_can_be_uploaded_by_itself(twin: Twin) -> None:
    assert twin.server.storage.files[twin.do(lambda fal: fal.storage.upload(b""))].size == 0


# --- text that is a path ---------------------------------------------------------------------------------------------


def test_the_path_of_a_file(twin: Twin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cat.png").write_bytes(CONTENT)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    for text in ("cat.png", str(tmp_path / "cat.png"), "~/cat.png"):
        told = f"must not be the path of a file: pass pathlib.Path({text!r}) to upload it"
        assert problem(twin, image_url=text).startswith(f"image_url: {told}")
        assert problem(twin, loras=[{"path": text}]).startswith(f"loras.0.path: {told}")
        assert problem(twin, long_url=text[:40]).startswith("long_url: must ")


@pytest.mark.parametrize("text", ["owner/repo", "canny", "", "a\0b", "x" * 5000, ".", "https://x.example/a"])
def test_names_and_ids_stay_as_they_are(twin: Twin, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    call(twin, loras=[{"path": text}])
    (seen,) = twin.server.requests("POST", SCHNELL)
    assert seen.json["loras"] == [{"path": text}]


def test_who_does_not_want_checks_has_none(twin: Twin) -> None:
    twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x", image_url="cat.png"), validate_inputs=False)
    (seen,) = twin.server.requests("POST", SCHNELL)
    assert seen.json["image_url"] == "cat.png"


# --- one token for uploads that begin at once ------------------------------------------------------------------------


def fifty_uploads(twin: Twin, **settings: Any) -> list[Any]:
    """The results or errors of fifty calls that begin at once, each with a file."""

    async def together(fal: Any) -> list[Any]:
        calls = [fal.storage.upload(b"%d" % n) for n in range(50)]
        return list(await asyncio.gather(*calls, return_exceptions=True))

    def upload(fal: Any, n: int) -> Any:
        try:
            return fal.storage.upload(b"%d" % n)
        except errors.FalError as error:
            return error

    def threads(fal: Any) -> list[Any]:
        with ThreadPoolExecutor(50) as pool:
            return list(pool.map(lambda n: upload(fal, n), range(50)))

    return list(twin.do(together if twin.is_async else threads, **settings))


def test_fifty_first_uploads_fetch_one_token(twin: Twin) -> None:
    urls = fifty_uploads(twin)
    assert len({*urls}) == 50
    assert twin.server.storage.steps().count("POST token") == 1


def test_what_refuses_one_refuses_all_who_wait(twin: Twin) -> None:
    twin.server.storage.first["token"] = [Reply(403, {"detail": "no"})] * 50
    results = fifty_uploads(twin)
    assert {type(each) for each in results} == {errors.PermissionDeniedError}
    assert len({id(each) for each in results}) == 50, "each has an error of its own"
    assert twin.server.storage.steps().count("POST token") < 50


def test_who_has_patience_asks_again(server: FalServer) -> None:
    """Another's token failed with its one try; the name of another's file is not told."""
    server.storage.first["token"] = [Reply(503, {"detail": "x"}, delay=0.3)]

    async def steps(fal: Any) -> list[Any]:
        async with Twin(server, is_async=True).client(max_retries=0) as hasty:
            hasty._session.kept_by_uploads = fal._session.kept_by_uploads
            first = asyncio.create_task(hasty.storage.upload(b"1", file_name="secret.png"))
            await asyncio.sleep(0.1)
            return await asyncio.gather(first, fal.storage.upload(b"2"), return_exceptions=True)

    failed, url = Twin(server, is_async=True).do(steps)
    assert isinstance(failed, errors.ServerError)
    assert "secret" not in str(failed)
    assert server.storage.files[url].content == b"2"


def test_one_that_gives_up_leaves_it_to_the_next(server: FalServer) -> None:
    """The first one who asks is cancelled; the others get their token all the same."""
    server.storage.first["token"] = [faults.SILENT]

    async def steps(fal: Any) -> str:
        first = asyncio.create_task(fal.storage.upload(b"1"))
        while "POST token" not in server.storage.steps():
            await asyncio.sleep(0.01)
        second = asyncio.create_task(fal.storage.upload(b"2"))
        await asyncio.sleep(0.05)
        first.cancel()
        return str(await second)

    url = Twin(server, is_async=True).do(steps)
    assert server.storage.files[url].content == b"2"


def test_who_waits_has_a_deadline_of_its_own(server: FalServer) -> None:
    server.storage.first["token"] = [faults.SILENT] * 2

    async def steps(fal: Any) -> None:
        first = asyncio.create_task(fal.storage.upload(b"1"))
        await asyncio.sleep(0.05)
        with pytest.raises(errors.DeadlineExceededError):
            await fal.storage.upload(b"2", timeout=0.1)
        first.cancel()

    Twin(server, is_async=True).do(steps)


def test_who_waits_for_another_hears_that_it_was_stopped() -> None:
    tokens, begun, over = Tokens(), threading.Event(), threading.Event()
    limits = Limits(Deadline(None), 60.0, 0)

    def ask() -> Any:
        begun.set()
        assert over.wait(60)

    def stopped() -> None:
        raise StoppedError("given up")

    with ThreadPoolExecutor(1) as pool:
        pool.submit(tokens.get, ask, "an upload", limits, lambda: None)
        assert begun.wait(60)
        with pytest.raises(StoppedError):
            tokens.get(ask, "an upload", limits, stopped)
        over.set()
