"""All files of some outputs: found wherever they are, none over another, and what becomes of the rest if one fails."""

from __future__ import annotations

import asyncio
import pickle
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Gate, Reply
from fal_server.file_host import Asked, FileHost, Sent, ranged
from runtime.errors import (
    APIConnectionError,
    DeadlineExceededError,
    FileTransferError,
    NotFoundError,
)
from runtime.files.downloads.batch import AT_ONCE
from runtime.files.downloads.download_all import adownload_all
from runtime.files.downloads.found_files import files_in
from runtime.files.downloads.total_progress import TotalProgress
from runtime.http.worker_transport import WorkerTransport
from runtime_sample import Anything, Image, SchnellOutput
from saving import save_all

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from runtime_twin import Twin
    from stopped_clock import StoppedClock

CONTENT = bytes(range(256)) * 40
Counts = list[tuple[int, int | None]]


@pytest.fixture(autouse=True)
def _nothing_half_written(tmp_path: Path) -> Iterator[None]:
    yield
    assert [path for path in tmp_path.rglob("*") if path.name.endswith(".part")] == []


@pytest.fixture
def host() -> Iterator[FileHost]:
    """A file is what its path says; what there is not begins with `no`."""

    def answer(asked: Asked) -> Sent:
        if asked.path.startswith("/no"):
            return Sent(404, {}, b'{"detail": "gone"}')
        return Sent(200, {}, asked.path.encode())

    with FileHost(answer) as running:
        yield running


def images(host: FileHost, *names: str) -> list[Image]:
    return [Image(url=f"{host.url}/{name}") for name in names]


# What is found.


def test_files_are_found_in_whatever_they_are_in() -> None:
    a, b, c, d, e, f, g = (Image(url=f"https://v3.fal.media/{name}") for name in "abcdefg")
    out = SchnellOutput(images=[a, b], seed=1, main=c, by_name={"x": d})
    more = Anything(known=1, image=e, others=[{"deep": [(f,)]}], text="https://v3.fal.media/none", n=1.5)
    assert files_in(out) == [a, b, c, d]
    assert files_in(more) == [e, f]
    assert files_in([out, more, g, None, "x", 3, b"x", [], {}]) == [a, b, c, d, e, f, g]
    assert files_in(each for each in (out, g)) == [a, b, c, d, g]
    assert files_in({"first": out, "last": {g.url: frozenset([1])}}) == [a, b, c, d]
    assert files_in(a) == [a]
    assert files_in([a, a]) == [a, a]
    assert files_in([]) == files_in({}) == files_in(SchnellOutput(images=[], seed=1)) == []
    assert files_in(Image(url="x", thumbnail=g)) == [Image(url="x", thumbnail=g), g]


def test_outputs_of_any_depth() -> None:
    deep: Any = Image(url="x")
    for _ in range(5000):
        deep = [deep]
    assert len(files_in(deep)) == 1
    deep = []
    deep.append(deep)
    with pytest.raises(RecursionError, match="contain themselves"):
        files_in(deep)


@pytest.mark.parametrize("outputs", ["https://v3.fal.media/a.png", b"x", None, 3, object()])
def test_what_is_no_output(twin: Twin, tmp_path: Path, outputs: Any) -> None:
    with pytest.raises(TypeError, match="outputs must be outputs or files of a call, not "):
        save_all(twin, outputs, tmp_path / "new")
    assert not (tmp_path / "new").exists()


# What is saved.


def test_the_paths_come_in_the_order_of_the_files(twin: Twin, tmp_path: Path, host: FileHost) -> None:
    names = [f"{number}.png" for number in range(30)]
    folder = tmp_path / "new" / "one"
    saved = save_all(twin, {"a": images(host, *names[:10]), "b": [images(host, *names[10:])]}, folder)
    assert saved == [folder / name for name in names]
    assert [path.read_bytes() for path in saved] == [f"/{name}".encode() for name in names]
    assert save_all(twin, [], tmp_path / "none") == []


def test_no_file_is_saved_over_another(twin: Twin, tmp_path: Path, host: FileHost) -> None:
    (tmp_path / "cat.png").write_bytes(b"before")
    files = images(host, "a/cat.png", "b/cat.png", "c/Cat.PNG", "d/cat-2.png", "e/cat.png")
    for overwrite in (None, True):
        saved = save_all(twin, files, tmp_path, overwrite=overwrite)
        assert [path.read_bytes() for path in saved] == [
            b"/a/cat.png",
            b"/b/cat.png",
            b"/c/Cat.PNG",
            b"/d/cat-2.png",
            b"/e/cat.png",
        ]
        if overwrite is None:
            assert (tmp_path / "cat.png").read_bytes() == b"before"
    assert saved[0] == tmp_path / "cat.png"
    asked = len(host.asked)
    with pytest.raises(FileExistsError, match="overwrite=False"):
        save_all(twin, [*images(host, "new.png"), *files], tmp_path, overwrite=False)
    assert len(host.asked) == asked
    assert not (tmp_path / "new.png").exists()


def test_a_few_are_on_their_way_at_once(twin: Twin, tmp_path: Path) -> None:
    gate = Gate(opens_at=AT_ONCE)
    storage = twin.server.storage
    storage.first["download"] = [Reply(200, b"a", gate=gate) for _ in range(AT_ONCE)]
    storage.pages["a.png"] = Reply(200, b"a")
    files = [Image(url=f"{storage.cdn_url}/files/a.png") for _ in range(3 * AT_ONCE)]
    assert len(save_all(twin, files, tmp_path)) == len(files)
    assert gate.is_open


def test_what_is_cut_off_goes_on(twin: Twin, tmp_path: Path) -> None:
    told: Counts = []
    with FileHost(ranged(CONTENT, [4000], etag='"v1"')) as one:
        saved = save_all(twin, images(one, "a"), tmp_path, progress=lambda *counts: told.append(counts))
        assert [each.start for each in one.asked] == [0, 4000]
    assert saved[0].read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))


# What fails.


def test_one_that_fails_does_not_keep_the_others(twin: Twin, tmp_path: Path, host: FileHost) -> None:
    files = images(
        host, *(f"{number}.png" for number in range(9)), "no/9.png", "10.png", "x" * 40 + ".png", "11.png", "no/12.png"
    )
    with pytest.raises(NotFoundError, match=r"404 from the download of 9\.png: gone") as caught:
        save_all(twin, files, tmp_path, max_bytes=20)
    saved = [f"{number}.png" for number in (0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11)]
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(saved)
    assert caught.value.__notes__ == [
        f"saved in {str(tmp_path)!r}: 11 of 14 files: {', '.join(saved)}",
        f"failed: 3: 9.png (NotFoundError), {'x' * 40}.png (FileTransferError), 12.png (NotFoundError)",
    ]
    assert pickle.loads(pickle.dumps(caught.value)).__notes__ == caught.value.__notes__


def test_where_the_network_fails_no_more_are_begun(
    twin: Twin, tmp_path: Path, nobody_waits: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(WorkerTransport, "_pause", lambda _, seconds: nobody_waits.sleep(seconds))
    with FileHost(lambda _: Sent(200, {"content-length": "100"}, iter([b"x"]), cut=0)) as broken:
        names = [f"{number}.png" for number in range(10 * AT_ONCE)]
        with pytest.raises(APIConnectionError) as caught:
            save_all(twin, images(broken, *names), tmp_path)
        assert len({each.path for each in broken.asked}) <= 2 * AT_ONCE
    first, second, third = caught.value.__notes__
    assert first.endswith(f"0 of {len(names)} files")
    assert "(APIConnectionError)" in second
    assert third.startswith("not begun: ")
    assert third.endswith(" more")
    assert [*tmp_path.iterdir()] == []


def test_the_deadline_is_for_all_of_them(twin: Twin, tmp_path: Path) -> None:
    storage = twin.server.storage
    storage.first["download"] = [Reply(silent=True)] * 20
    with pytest.raises(DeadlineExceededError, match=r"the download of a\.png did not finish within 0\.3 s"):
        save_all(twin, [Image(url=f"{storage.cdn_url}/files/a.png")] * 20, tmp_path, timeout=0.3)
    assert len(storage.seen) <= 2 * AT_ONCE
    assert [*tmp_path.iterdir()] == []


def test_a_file_without_a_url_and_a_host_that_is_not_allowed(twin: Twin, tmp_path: Path, host: FileHost) -> None:
    files = [Image.model_construct(url=None), Image(url="data:,x"), *images(host, "a.png")]
    with pytest.raises(FileTransferError, match=r"file\.jpg: the file has no URL"):
        save_all(twin, files, tmp_path)
    with pytest.raises(FileTransferError, match=r"only_hosts allows \*\.fal\.media"):
        save_all(twin, files[1:], tmp_path, only_hosts="*.fal.media")
    assert len(host.asked) == 1


def test_a_task_that_is_cancelled_leaves_nothing(twin: Twin, tmp_path: Path) -> None:
    waiting = Gate(opens_at=AT_ONCE)
    storage = twin.server.storage
    storage.first["download"] = [Reply(silent=True, gate=waiting)] * 20
    files = [Image(url=f"{storage.cdn_url}/files/a.png")] * 20

    async def main() -> None:
        task = asyncio.ensure_future(adownload_all(files, tmp_path))
        while not waiting.is_open:
            await asyncio.sleep(0.002)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert len(asyncio.all_tasks()) == 1

    if twin.is_async:
        asyncio.run(main())
        twin.server.wait_until_left()
        assert [*tmp_path.iterdir()] == []


# Progress.


def test_progress_is_of_all_files_together(twin: Twin, tmp_path: Path, host: FileHost) -> None:
    told: Counts = []
    names = [f"{number:02}.png" for number in range(20)]
    save_all(twin, images(host, *names), tmp_path, progress=lambda *counts: told.append(counts))
    assert told[-1] == (140, 140)
    assert [moved for moved, _ in told] == sorted(moved for moved, _ in told)
    assert told[0][1] is None


@pytest.mark.parametrize(
    ("length", "total"), [(7, 140), (0, 133), (None, None), (-1, None), ("7", None), (True, None), (7.0, None)]
)
def test_lengths_that_the_output_says_are_known_from_the_beginning(
    twin: Twin, tmp_path: Path, host: FileHost, length: Any, total: int | None
) -> None:
    """What no length can be is as if nothing was said."""
    told: Counts = []
    files = [Image.model_construct(url=f"{host.url}/{number:02}.png", file_size=7) for number in range(19)]
    files.append(Image.model_construct(url=f"{host.url}/19.png", file_size=length))
    save_all(twin, files, tmp_path, progress=lambda *counts: told.append(counts))
    assert told[0][1] == total
    assert told[-1] == (140, 140)


def test_what_the_output_says_of_lengths_is_taken_until_the_host_says_it() -> None:
    told: Counts = []
    progress = TotalProgress(lambda *counts: told.append(counts), [100, 10, None], lambda: None)
    progress.of(0)(50, 100)
    progress.of(1)(5, None)
    progress.of(2)(1, 1)
    progress.of(1)(20, None)
    progress.of(1)(30, 30)
    progress.of(0)(0, 90)
    progress.of(0)(90, 90)
    assert told == [(50, None), (55, None), (56, 111), (71, 111), (81, 131), (31, 121), (121, 121)]


def test_a_callback_that_fails_ends_it(twin: Twin, tmp_path: Path, host: FileHost) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        save_all(twin, images(host, *(f"{number}.png" for number in range(40))), tmp_path, progress=fail)
    assert len(host.asked) <= 2 * AT_ONCE
    assert [*tmp_path.iterdir()] == []


@pytest.mark.parametrize("progress", [3, "yes", adownload_all])
def test_wrong_progress(twin: Twin, tmp_path: Path, progress: Any) -> None:
    with pytest.raises(TypeError, match="progress must be"):
        save_all(twin, [], tmp_path, progress=progress)
