"""Saving output files, on both clients: whole or not at all, without the key, over https alone."""

from __future__ import annotations

import asyncio
import copy
import os
import pickle
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import FalServer, Reply, faults
from runtime import errors
from runtime.files.data_uri import data_uri
from runtime.files.downloads import download_steps
from runtime.files.downloads.host_rule import HostRule
from runtime_sample import Image
from runtime_twin import OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = bytes(range(256)) * 1000


@pytest.fixture(autouse=True)
def _no_leak(server: FalServer, tmp_path: Path) -> Iterator[None]:
    """Whatever a test does: no key goes out, and nothing half written stays."""
    server.storage.pages["cat.png"] = Reply(200, CONTENT, {"content-type": "image/png"})
    yield
    assert server.storage.leaks == []
    assert [path for path in tmp_path.rglob("*") if path.name.endswith(".part")] == []


def url_of(twin: Twin, name: str = "cat.png") -> str:
    return f"{twin.server.storage.cdn_url}/files/{name}"


def save(twin: Twin, file: Any, path: Any, **how: Any) -> Path:
    """Save a file in the way of the client."""

    def steps(fal: Any) -> Any:
        return (file.adownload if twin.is_async else file.download)(path, **how)

    saved: Path = twin.do(steps)
    return saved


def image(twin: Twin, name: str = "cat.png", **more: Any) -> Image:
    return Image(url=url_of(twin, name), **more)


@pytest.mark.parametrize("as_text", [True, False])
def test_a_file_is_saved_under_the_name_given(twin: Twin, tmp_path: Path, as_text: bool) -> None:
    target = tmp_path / "mine.png"
    assert save(twin, image(twin), str(target) if as_text else target) == target
    assert target.read_bytes() == CONTENT
    umask = os.umask(0)
    os.umask(umask)
    assert target.stat().st_mode & 0o777 == 0o666 & ~umask


@pytest.mark.parametrize(
    ("name", "file_name", "content_type", "expected"),
    [
        ("cat.png", None, None, "cat.png"),
        ("cat.png", "a cat.png", None, "a cat.png"),
        ("cat.png", "../../evil.png", None, "evil.png"),
        ("cat.png", "..", None, "cat.png"),
        ("cat.png", "a/\x00b", "image/png", "_b.png"),
        ("cat%2Fx%20y.png", None, None, "x y.png"),
        ("cat", None, "image/webp", "cat.webp"),
        ("cat.png", None, "image/png", "cat.png"),
        ("cat", "a cat.jpeg", "image/png", "a cat.jpeg"),
    ],
)
def test_in_a_folder_it_gets_its_own_name(
    twin: Twin, tmp_path: Path, name: str, file_name: str | None, content_type: str | None, expected: str
) -> None:
    for served in (name, name.replace("%2F", "/").replace("%20", " ")):
        twin.server.storage.pages[served] = Reply(200, CONTENT)
    file = image(twin, name, file_name=file_name, content_type=content_type)
    assert save(twin, file, tmp_path) == tmp_path / expected
    assert [path.name for path in tmp_path.iterdir()] == [expected]


def test_the_output_of_a_call_made_by_hand_copied_or_unpickled(twin: Twin, tmp_path: Path) -> None:
    twin.server.plan(SCHNELL, output={**OUTPUT, "images": [{"url": url_of(twin)}]})
    out = twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
    for number, file in enumerate(
        (out.images[0], pickle.loads(pickle.dumps(out)).images[0], copy.deepcopy(out.images[0]))
    ):
        assert save(twin, file, tmp_path / str(number)).read_bytes() == CONTENT


def test_the_callers_own_client_is_used_while_it_is_open(twin: Twin, tmp_path: Path) -> None:
    kind: Any = httpx.AsyncClient if twin.is_async else httpx.Client
    seen: list[str] = []

    def note(request: httpx.Request) -> None:
        seen.append(request.url.path)

    async def note_async(request: httpx.Request) -> None:
        note(request)

    own = kind(
        headers={"authorization": "Key mine", "x-fal-mine": "1"},
        event_hooks={"request": [note_async if twin.is_async else note]},
    )
    twin.server.plan(SCHNELL, output={**OUTPUT, "images": [{"url": url_of(twin)}], "main": {"url": url_of(twin)}})

    def steps(fal: Any) -> Any:
        out = yield fal.flux_1.schnell.run(prompt="x")
        for number, file in enumerate((out.images[0], out.main)):
            yield (file.adownload if twin.is_async else file.download)(tmp_path / str(number))
        yield own.aclose() if twin.is_async else own.close()
        yield (out.main.adownload if twin.is_async else out.main.download)(tmp_path / "after")
        assert pickle.loads(pickle.dumps(out)) == out

    twin.do(steps, http_client=own)
    assert [path for path in seen if "/cdn/" in path] == ["/cdn/files/cat.png"] * 2
    assert (tmp_path / "after").read_bytes() == CONTENT


def test_progress(twin: Twin, tmp_path: Path) -> None:
    told: list[tuple[int, int | None]] = []
    save(twin, image(twin), tmp_path / "a", progress=lambda *counts: told.append(counts))
    assert told[-1] == (len(CONTENT), len(CONTENT))
    assert [moved for moved, _ in told] == sorted({moved for moved, _ in told})


@pytest.mark.parametrize("fault", [faults.CUT, faults.DROPPED, Reply(500, {}), faults.too_many("0")], ids=str)
def test_what_fails_for_a_moment_is_tried_again(twin: Twin, tmp_path: Path, fault: Reply) -> None:
    twin.server.storage.first["download"] = [fault, fault]
    assert save(twin, image(twin), tmp_path / "a").read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("reply", "error", "text"),
    [
        (Reply(404, {"detail": "gone"}), errors.NotFoundError, "404 from the download of a.png: gone"),
        (Reply(403, b"<Error/>"), errors.PermissionDeniedError, "403 from the download of a.png"),
        (Reply(500, {"detail": "down"}), errors.ServerError, "500 from the download of a.png: down"),
        (faults.CUT, errors.APIConnectionError, "the download of a.png: GET "),
        (faults.redirect("http://example.com/a"), errors.FileTransferError, "only https URLs are"),
        (faults.redirect("https:///a"), errors.FileTransferError, "only https URLs are"),
        (faults.redirect("ftp://example.com/a"), errors.FileTransferError, "only https URLs are"),
        (faults.redirect("file:///etc/passwd"), errors.FileTransferError, "only https URLs are"),
        (faults.redirect("/cdn/files/cat.png"), errors.FileTransferError, "was redirected more than 5 times"),
        (Reply(304, b""), errors.APIStatusError, "304 from the download of a.png"),
    ],
)
@pytest.mark.sampled(3)
@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize("before", [None, b"before"])
def test_what_fails_leaves_nothing_and_changes_nothing(
    twin: Twin, tmp_path: Path, before: bytes | None, reply: Reply, error: type[Exception], text: str
) -> None:
    target = tmp_path / "a.png"
    if before is not None:
        target.write_bytes(before)
    twin.server.storage.first["download"] = [reply] * 200
    with pytest.raises(error) as caught:
        save(twin, image(twin), target)
    assert text in str(caught.value)
    assert (target.read_bytes() if target.exists() else None) == before
    assert len(list(tmp_path.iterdir())) == (before is not None)


@pytest.mark.parametrize("url", ["http://example.com/a.png", "ftp://example.com/a", "file:///etc/passwd", "/a.png", ""])
def test_only_https(twin: Twin, tmp_path: Path, url: str) -> None:
    with pytest.raises(errors.FileTransferError, match="only https URLs are"):
        save(twin, Image(url=url), tmp_path / "a")


def test_five_redirects_are_followed(twin: Twin, tmp_path: Path) -> None:
    twin.server.storage.first["download"] = [faults.redirect("/cdn/files/cat.png")] * 5
    assert save(twin, image(twin, "moved"), tmp_path / "a").read_bytes() == CONTENT


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_whatever_a_redirect_is_called_it_is_followed(twin: Twin, tmp_path: Path, status: int) -> None:
    moved = Reply(status, b"", {"location": "/cdn/files/cat.png"}, accepted=True)
    twin.server.storage.first["download"] = [moved]
    assert save(twin, image(twin, "moved"), tmp_path / "a").read_bytes() == CONTENT


def test_a_redirect_on_this_machine_is_followed_and_from_elsewhere_not(twin: Twin, tmp_path: Path) -> None:
    twin.server.storage.first["download"] = [faults.redirect("/cdn/files/cat.png")]
    assert save(twin, image(twin, "moved"), tmp_path / "a").read_bytes() == CONTENT
    follow: Any = download_steps._checked  # pyright: ignore[reportPrivateUsage]
    assert follow("https://b.example/x", "https://a.example/y", HostRule(None)) == "https://b.example/x"
    with pytest.raises(errors.FileTransferError):
        follow("http://127.0.0.1/x", "https://a.example/y", HostRule(None))


@pytest.mark.parametrize("limit", [0, 1, len(CONTENT) - 1])
def test_what_is_too_long_is_not_saved(twin: Twin, tmp_path: Path, limit: int) -> None:
    with pytest.raises(errors.FileTransferError, match=rf"^a is larger than max_bytes={limit}; nothing was saved"):
        save(twin, image(twin), tmp_path / "a", max_bytes=limit)
    with pytest.raises(errors.FileTransferError, match="larger than max_bytes"):
        save(twin, Image(url=data_uri(CONTENT)), tmp_path / "a", max_bytes=limit)
    assert list(tmp_path.iterdir()) == []


def test_what_is_just_short_enough_is_saved(twin: Twin, tmp_path: Path) -> None:
    assert save(twin, image(twin), tmp_path / "a", max_bytes=len(CONTENT)).read_bytes() == CONTENT


def test_the_deadline(twin: Twin, tmp_path: Path) -> None:
    """Nothing else ends this for most of an hour."""
    twin.server.storage.first["download"] = [Reply(200, CONTENT, drip=0.01)]
    with pytest.raises(errors.DeadlineExceededError, match=r"the download of a did not finish within 0\.3 s"):
        save(twin, image(twin), tmp_path / "a", timeout=0.3)


def test_overwrite(twin: Twin, tmp_path: Path) -> None:
    target = tmp_path / "a"
    target.write_bytes(b"before")
    with pytest.raises(FileExistsError, match="is there already, and overwrite=False"):
        save(twin, image(twin), target, overwrite=False)
    assert twin.server.storage.seen == []
    assert target.read_bytes() == b"before"
    assert save(twin, image(twin), target).read_bytes() == CONTENT
    assert save(twin, image(twin), tmp_path / "b", overwrite=False).read_bytes() == CONTENT


def test_a_folder_that_is_not_there(twin: Twin, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"there is no folder '.*nope' to save 'a' in"):
        save(twin, image(twin), tmp_path / "nope" / "a")
    assert twin.server.storage.seen == []


@pytest.mark.parametrize(
    ("how", "error"), [({"max_bytes": -1}, ValueError), ({"max_bytes": "1"}, TypeError), ({"progress": 3}, TypeError)]
)
def test_wrong_options(twin: Twin, tmp_path: Path, how: Any, error: type[Exception]) -> None:
    with pytest.raises(error, match=r"max_bytes must be|progress must be"):
        save(twin, image(twin), tmp_path / "a", **how)
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_a_url(twin: Twin, tmp_path: Path) -> None:
    with pytest.raises(errors.FileTransferError, match="the file has no URL"):
        save(twin, Image.model_construct(url=None), tmp_path / "a")


@pytest.mark.parametrize(
    ("url", "content", "name"),
    [
        ("data:image/png;base64,iVBORw==", b"\x89PNG", "file.png"),
        ("data:image/png;name=a;base64,iVBORw==", b"\x89PNG", "file.png"),
        ("DATA:image/png;BASE64,iVBORw==", b"\x89PNG", "file.png"),
        ("data:,a%20b", b"a b", "file.txt"),
        ("data:audio/mpeg;base64,", b"", "file.mp3"),
    ],
)
def test_data_uris_are_saved_too(twin: Twin, tmp_path: Path, url: str, content: bytes, name: str) -> None:
    saved = save(twin, Image(url=url), tmp_path)
    assert (saved.name, saved.read_bytes()) == (name, content)


@pytest.mark.parametrize("url", ["data:image/png;base64", "data:image/png;base64,abc", "data:;base64,***="])
def test_broken_data_uris(twin: Twin, tmp_path: Path, url: str) -> None:
    with pytest.raises(errors.FileTransferError, match="the data URI"):
        save(twin, Image(url=url), tmp_path / "a")
    assert list(tmp_path.iterdir()) == []


def test_a_long_data_uri_lets_the_event_loop_go_on(tmp_path: Path) -> None:
    """Counted, not timed: how often others have their turn."""
    turns: list[int] = []
    url = data_uri(bytes(60_000_000))

    async def main() -> None:
        saving = asyncio.ensure_future(Image(url=url).adownload(tmp_path / "a"))
        while not saving.done():
            turns.append(1)
            await asyncio.sleep(0)

    asyncio.run(main())
    assert (tmp_path / "a").stat().st_size == 60_000_000
    assert len(turns) > 200


def test_a_data_uri_that_is_too_long_is_not_even_decoded(twin: Twin, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("runtime.files.data_uri.base64.b64decode", None)
    with pytest.raises(errors.FileTransferError, match="larger than max_bytes=999"):
        save(twin, Image(url=data_uri(bytes(1000))), tmp_path / "a", max_bytes=999)
