"""A caller's own client, of httpx or of httpx2: everything works with either, and nobody else knows which it is."""

from __future__ import annotations

import gzip
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from fal_server import Reply, faults
from fal_server.stream import event
from runtime import errors
from runtime_twin import KEY, OUTPUT, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from types import ModuleType

each_library = pytest.mark.parametrize("library", [httpx, httpx2], ids=["httpx", "httpx2"])


def client_of(library: ModuleType, twin: Twin) -> Any:
    return library.AsyncClient() if twin.is_async else library.Client()


def closed(client: Any, twin: Twin) -> Any:
    return client.aclose() if twin.is_async else client.close()


@each_library
@pytest.mark.parametrize("interval", [None, 0.01], ids=["streamed", "polled"])
def test_calls(twin: Twin, library: ModuleType, interval: float | None) -> None:
    def steps(fal: Any) -> Steps:
        schnell = fal.flux_1.schnell.with_options(poll_interval=interval)
        out = [(yield schnell.run(prompt="x")), (yield schnell.subscribe(prompt="x", num_images=1))]
        yield closed(given, twin)
        return out

    given = client_of(library, twin)
    assert [each.seed for each in twin.do(steps, http_client=given)] == [OUTPUT["seed"]] * 2


@each_library
def test_a_stream(twin: Twin, library: ModuleType) -> None:
    twin.server.stream("any/app/stream", event({"seed": 1}), event({"seed": 2}))
    given = client_of(library, twin)

    def steps(fal: Any) -> Any:
        stream = fal.endpoint("any/app").stream(prompt="x")
        if twin.is_async:
            return read_async(stream)
        with given, stream as events:
            return [*events]

    async def read_async(stream: Any) -> Any:
        async with given, stream as events:
            return [each async for each in events]

    assert twin.do(steps, http_client=given) == [{"seed": 1}, {"seed": 2}]


@each_library
def test_files_that_come_and_go(twin: Twin, library: ModuleType, tmp_path: Path) -> None:
    picture = f"{twin.server.storage.cdn_url}/files/out.png"
    twin.server.storage.pages["out.png"] = Reply(body=b"picture")
    twin.server.plan(SCHNELL, output={"images": [{"url": picture}], "seed": 7})
    given = client_of(library, twin)

    def steps(fal: Any) -> Steps:
        (tmp_path / "in.png").write_bytes(b"input")
        out = yield fal.flux_1.schnell.run(prompt="x", image_url=tmp_path / "in.png")
        file = out.images[0]
        saved = yield (file.adownload if twin.is_async else file.download)(tmp_path / "out.png")
        yield closed(given, twin)
        return saved

    assert twin.do(steps, http_client=given).read_bytes() == b"picture"
    (stored,) = twin.server.storage.files.values()
    assert stored.content == b"input"
    assert twin.server.seen[-1].json["image_url"] in twin.server.storage.files


def test_our_own_client_sends_what_one_of_httpx_would(twin: Twin) -> None:
    twin.server.plan(SCHNELL, always={"run": Reply(200, OUTPUT, {"set-cookie": "route=a; Path=/"})})

    def steps(fal: Any) -> Steps:
        yield fal.flux_1.schnell.run(prompt="x")
        yield fal.flux_1.schnell.run(prompt="x")
        yield closed(given, twin)

    given = client_of(httpx, twin)
    twin.do(steps, http_client=given)
    given = client_of(httpx, twin)
    twin.do(steps)
    of_httpx, own = ([each.headers for each in twin.server.seen[at : at + 2]] for at in (0, 2))
    assert own == of_httpx
    assert ["route=a" in each.get("cookie", "") for each in own] == [False, True]


@each_library
@pytest.mark.parametrize(
    ("reply", "kind", "maybe_submitted"),
    [
        (Reply(drop=True), errors.APIConnectionError, True),
        (faults.SILENT, errors.APITimeoutError, True),
        (Reply(401, {"detail": "no"}), errors.AuthenticationError, False),
        (Reply(200, b"\x1f\x8bnot gzip", {"content-encoding": "gzip"}), errors.InvalidResponseError, True),
    ],
)
def test_failures(twin: Twin, library: ModuleType, reply: Reply, kind: Any, maybe_submitted: bool) -> None:
    twin.server.plan(SCHNELL, always={"submit": reply})
    given = client_of(library, twin)

    def steps(fal: Any) -> Steps:
        try:
            yield fal.flux_1.schnell.submit(prompt="x")
        finally:
            yield closed(given, twin)

    with pytest.raises(kind) as caught:
        twin.do(steps, http_client=given, http_timeout=0.5 if reply == faults.SILENT else 60, max_retries=0)
    assert type(caught.value) is kind
    assert caught.value.maybe_submitted is maybe_submitted


@each_library
def test_nobody_there(twin: Twin, library: ModuleType) -> None:
    given = client_of(library, twin)

    def steps(fal: Any) -> Steps:
        try:
            yield fal.flux_1.schnell.submit(prompt="x")
        finally:
            yield closed(given, twin)

    hosts = type(twin.hosts)(run="http://127.0.0.1:9", queue="http://127.0.0.1:9")
    with pytest.raises(errors.APIConnectionError) as caught:
        twin.do(steps, http_client=given, max_retries=0, hosts=hosts)
    assert caught.value.maybe_submitted is False
    assert type(caught.value.__cause__) is library.ConnectError


@each_library
def test_a_client_of_the_other_kind_is_refused(twin: Twin, library: ModuleType) -> None:
    kind = library.Client if twin.is_async else library.AsyncClient
    with pytest.raises(TypeError, match="http_client must be an httpx"):
        twin.client(http_client=kind.__new__(kind))


def test_a_client_below_one_of_theirs_is_taken(twin: Twin) -> None:
    class Own(httpx2.AsyncClient if twin.is_async else httpx2.Client):  # type: ignore[misc]
        pass

    twin.client(http_client=Own.__new__(Own))


USE = """
    import httpx
    import httpx2
    from fal_typed import AsyncFal, Fal
    Fal(http_client=httpx.Client())
    Fal(http_client=httpx2.Client())
    AsyncFal(http_client=httpx.AsyncClient())
    AsyncFal(http_client=httpx2.AsyncClient())
    Fal(http_client=httpx.AsyncClient())
    Fal(http_client=httpx2.AsyncClient())
    AsyncFal(http_client=httpx.Client())
    Fal(http_client=object())
"""


@pytest.mark.slow
@pytest.mark.parametrize("checker", ["pyright", "mypy"])
def test_type_checkers_take_either(checker: str, tmp_path: Path) -> None:
    pytest.importorskip(checker, reason="type checkers are not among the tools of the client's tests")
    from support.static import error_lines

    generated = Path(__file__).resolve().parents[3] / "generated"
    wrong = error_lines(checker, tmp_path, textwrap.dedent(USE).lstrip("\n"), generated)
    assert wrong.keys() == {8, 9, 10, 11}


# Whichever it is: what an error says may be long, and may hold what it should not.


@each_library
@pytest.mark.parametrize("how", ["gzip", None])
def test_of_an_error_only_the_beginning_is_read(twin: Twin, library: ModuleType, how: str | None) -> None:
    text = b"it went wrong " * 2_000_000
    body = gzip.compress(text, 1) if how else text
    twin.server.plan(SCHNELL, always={"run": Reply(400, body, {"content-encoding": how} if how else {})})
    given = client_of(library, twin)

    def steps(fal: Any) -> Steps:
        try:
            yield fal.flux_1.schnell.run(prompt="x")
        finally:
            yield closed(given, twin)

    with pytest.raises(errors.APIStatusError) as caught:
        twin.do(steps, http_client=given)
    assert caught.value.body.startswith("it went wrong it went wrong")
    assert len(caught.value.body) <= 2**21


@pytest.mark.parametrize("status", [400, 401, 422, 500])
def test_a_key_that_a_server_repeats_is_not_told_on(twin: Twin, status: int) -> None:
    detail = [{"loc": ["body"], "msg": f"bad header Key {KEY}", "type": "value_error"}]
    twin.server.plan(SCHNELL, always={"run": Reply(status, {"detail": detail, "key": KEY})})
    with pytest.raises(errors.APIStatusError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
    assert "bad header Key ***" in str(caught.value)
    assert KEY not in f"{caught.value!r} {caught.value.body} {vars(caught.value)}"
