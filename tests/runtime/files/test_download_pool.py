"""The connections that all downloads of a process have in common."""

from __future__ import annotations

import asyncio
import gc
import threading
import warnings
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import Reply
from fal_server.file_host import Asked, FileHost, Sent
from runtime.files.downloads import shared_clients
from runtime.files.downloads.download_all import adownload_all, download_all
from runtime_sample import Image
from runtime_twin import OUTPUT, SCHNELL, Twin
from saving import save_all

if TYPE_CHECKING:
    from pathlib import Path

    from fal_server import FalServer


@pytest.fixture
def file(server: FalServer) -> Image:
    server.storage.pages["a.png"] = Reply(200, b"content")
    return Image(url=f"{server.storage.cdn_url}/files/a.png")


def test_many_files_take_one_connection_and_read_the_certificates_once(
    server: FalServer, file: Image, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[object] = []
    monkeypatch.setattr(shared_clients, "_shared", type(shared_clients._shared)())  # pyright: ignore[reportPrivateUsage]
    real = httpx.create_ssl_context
    monkeypatch.setattr(httpx, "create_ssl_context", lambda: made.append(1) or real())

    async def main() -> None:
        for number in range(20):
            await file.adownload(tmp_path / f"async {number}")

    before = server.connections
    for number in range(20):
        file.download(tmp_path / str(number))
    assert server.connections - before == 1
    asyncio.run(main())
    assert server.connections - before == 2
    download_all([file] * 20, tmp_path)
    assert server.connections - before <= 6
    assert len(made) == 1
    shared_clients.close()


def test_no_cookie_is_kept_and_no_key_is_sent(twin: Twin, tmp_path: Path) -> None:
    with FileHost(lambda _: Sent(200, {"set-cookie": "who=me; path=/"}, b"a")) as host:

        def steps(fal: Any) -> Any:
            yield fal.flux_1.schnell.run(prompt="x")
            for number in range(3):
                file = Image(url=f"{host.url}/a.png")
                yield (file.adownload if twin.is_async else file.download)(tmp_path / str(number))
            yield (adownload_all if twin.is_async else download_all)([Image(url=host.url)] * 3, tmp_path)

        twin.do(steps)
        assert [*shared_clients.transport().client().cookies.jar] == []  # type: ignore[attr-defined]
        assert len(host.asked) == 6
        assert {name for each in host.asked for name in each.headers} == {
            "accept",
            "accept-encoding",
            "connection",
            "host",
            "user-agent",
        } - ({"connection"} if "connection" not in host.asked[0].headers else set())


def test_the_callers_own_client_saves_all_files_too(twin: Twin, tmp_path: Path) -> None:
    kind: Any = httpx.AsyncClient if twin.is_async else httpx.Client
    seen: list[str] = []

    def note(request: httpx.Request) -> None:
        seen.append(request.url.path)

    async def note_async(request: httpx.Request) -> None:
        note(request)

    own = kind(event_hooks={"request": [note_async if twin.is_async else note]})
    with FileHost(lambda _: Sent(200, {}, b"a")) as host:
        url = f"{host.url}/own.png"
        twin.server.plan(SCHNELL, output={**OUTPUT, "images": [{"url": url}] * 7})

        def steps(fal: Any) -> Any:
            out = yield fal.flux_1.schnell.run(prompt="x")
            saved = yield (adownload_all if twin.is_async else download_all)([out, Image(url=url)], tmp_path)
            yield own.aclose() if twin.is_async else own.close()
            return saved

        assert len(twin.do(steps, http_client=own)) == 8
    assert seen.count("/own.png") == 7


def test_threads_have_it_in_common(server: FalServer, file: Image, tmp_path: Path) -> None:
    threads = [threading.Thread(target=file.download, args=(tmp_path / str(number),)) for number in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"content"] * 16
    assert len({id(shared_clients.transport()) for _ in range(3)}) == 1


def test_the_end_of_a_loop_closes_its_connections(server: FalServer, file: Image, tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for number in range(3):
            asyncio.run(file.adownload(tmp_path / str(number)))
            server.wait_until_left()
            asyncio.run(adownload_all([file] * 5, tmp_path / f"all {number}"))  # type: ignore[arg-type]
            server.wait_until_left()
        gc.collect()
    assert [each for each in told if each.category is ResourceWarning] == []


def test_a_loop_that_a_program_closes_itself(server: FalServer, file: Image, tmp_path: Path) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        for number in range(2):
            loop = asyncio.new_event_loop()
            loop.run_until_complete(file.adownload(tmp_path / str(number)))
            loop.run_until_complete(file.adownload(tmp_path / str(number)))
            loop.close()
            server.wait_until_left()
        del loop
        gc.collect()
    assert [each for each in told if each.category is ResourceWarning] == []


def test_a_connection_that_the_host_has_closed_is_replaced(twin: Twin, tmp_path: Path) -> None:
    def answer(asked: Asked) -> Sent:
        return Sent(200, {}, b"a", cut=len(b"a"))  # it hangs up behind each answer, without a word

    with FileHost(answer) as host:
        assert len(save_all(twin, [Image(url=f"{host.url}/{n}.png") for n in range(12)], tmp_path)) == 12
