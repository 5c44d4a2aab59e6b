"""Files and streams of our clients by way of a proxy: no key is anywhere but there, and no file goes through it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.asgi import JsStorage, running
from fal_server.stream import event
from runtime import errors
from runtime.files.uploads import upload_steps
from runtime.files.uploads.presigned import _is_safe
from runtime.http.hosts import Hosts
from runtime.proxy.shells.asgi import FalProxy
from runtime_sample import AsyncFal, Fal
from runtime_twin import KEY

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from fal_server import FalServer


@pytest.fixture
def storage() -> JsStorage:
    return JsStorage()


@pytest.fixture(params=["sync", "async"])
def call(request: pytest.FixtureRequest, server: FalServer, storage: JsStorage) -> Iterator[Callable[..., Any]]:
    """What makes a call with a client that has no key, and goes through a proxy that has one."""
    with running(storage.app) as rest:
        hosts = Hosts(run=server.run_url, queue=server.queue_url, rest=rest)
        proxy = FalProxy(allowed_endpoints=["fal-ai/flux-1/**"], authorize=lambda _: True, credentials=KEY, hosts=hosts)
        with running(proxy, lifespan="on") as url:

            async def asynchronously(do: Callable[[Any], Any]) -> Any:
                async with AsyncFal(proxy_url=f"{url}/p", hosts=hosts) as fal:
                    return await do(fal)

            def made(do: Callable[[Any], Any]) -> Any:
                if request.param == "async":
                    return asyncio.run(asynchronously(do))
                with Fal(proxy_url=f"{url}/p", hosts=hosts) as fal:
                    return do(fal)

            yield made


@pytest.mark.sampled(5)
@pytest.mark.parametrize("size", [0, 1, 999, 1000, 1001, 3500])
def test_what_arrives_is_what_was_sent(
    call: Callable[..., Any], storage: JsStorage, size: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(upload_steps, "SINGLE_LIMIT", 1000)
    monkeypatch.setattr(upload_steps, "PART_BYTES", 1000)
    content = bytes(i % 251 for i in range(size))
    url = call(lambda fal: fal.storage.upload(content, file_name="a.bin", expires_in="1h"))
    assert url == "https://v3.fal.media/files/a.bin"
    assert storage.files == {"a.bin": content}
    ((headers, asked),) = storage.asked
    assert headers["authorization"] == f"Key {KEY}"
    assert "3600" in headers["x-fal-object-lifecycle"]
    assert asked == {"content_type": "application/octet-stream", "file_name": "a.bin"}
    assert len(storage.put_headers) == (1 if size <= 1000 else -(-size // 1000) + 1)
    assert not [sent for sent in storage.put_headers if "authorization" in sent or KEY in str(sent)]


def test_file_inputs_go_the_same_way(
    call: Callable[..., Any], storage: JsStorage, server: FalServer, tmp_path: Path
) -> None:
    paths = [tmp_path / "one.png", tmp_path / "two.png"]
    for path in paths:
        path.write_bytes(path.name.encode())
    assert call(lambda fal: fal.flux_1.schnell.subscribe(prompt="x", image_urls=paths)).seed == 7
    assert storage.files == {"one.png": b"one.png", "two.png": b"two.png"}
    sent = server.requests("POST")[0].json["image_urls"]
    assert sent == [f"https://v3.fal.media/files/{path.name}" for path in paths]
    assert not [headers for headers in storage.put_headers if "authorization" in headers]


@pytest.mark.parametrize("url", ["http://storage.example/x", "ftp://a/b", "https://", "//a/b", "https://[", ""])
def test_a_place_that_is_not_safe(url: str) -> None:
    assert not _is_safe(url)


@pytest.mark.parametrize("url", ["https://storage.example/x", "http://127.0.0.1:80/x", "http://localhost/x"])
def test_a_place_that_is_safe(url: str) -> None:
    assert _is_safe(url)


def test_an_answer_without_a_place(call: Callable[..., Any], storage: JsStorage) -> None:
    storage.signed = "http://storage.example/x"
    with pytest.raises(errors.InvalidResponseError, match="does not say where"):
        call(lambda fal: fal.storage.upload(b"x"))
    assert storage.files == {}


def test_a_stream_comes_through(call: Callable[..., Any], server: FalServer) -> None:
    server.stream("fal-ai/flux-1/schnell/stream", event({"a": 1}), event({"images": [], "seed": 7}))

    def read(fal: Any) -> Any:
        stream = fal.endpoint("fal-ai/flux-1/schnell").stream(prompt="x")
        return _whole(stream) if isinstance(fal, AsyncFal) else _read(stream)

    assert call(read) == ([{"a": 1}, {"images": [], "seed": 7}], {"images": [], "seed": 7})
    assert [each.headers["authorization"] for each in server.seen] == [f"Key {KEY}"]


def _read(stream: Any) -> Any:
    with stream as events:
        return list(events), events.output()


async def _whole(stream: Any) -> Any:
    async with stream as events:
        return [one async for one in events], await events.output()
