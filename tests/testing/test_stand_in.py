"""While a fake is on, whatever client the process has talks to it; and nothing is left of it afterwards."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import httpx
import httpx2
import pytest
from fal_typed import (
    AnyImage,
    AsyncFal,
    ClientClosedError,
    Fal,
    Hosts,
    MissingCredentialsError,
    WebhookVerificationError,
)
from fal_typed._runtime import stand_in
from fal_typed._runtime.testing.clock import FakeClock
from fal_typed.testing import CassetteError, NetworkBlockedError, cassette, fake_fal
from fal_typed.webhooks import WebhookVerifier

from .faked import SCHNELL, both

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("no_key")
either = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


def paint(fal: Any) -> Any:
    return fal.flux_1.schnell.subscribe(prompt="a panda")


def unreachable(_: httpx.Request) -> httpx.Response:
    raise AssertionError("a client of the caller's own was asked")


def settings_of(kind: str, is_async: bool) -> dict[str, Any]:
    """A client made in one of the ways that there are."""
    base, library = "http://localhost:1", httpx2 if kind == "httpx2" else httpx
    made: dict[str, dict[str, Any]] = {
        "plain": {},
        "key": {"credentials": "id:secret"},
        "proxy": {"proxy_url": "https://example.com/fal?tenant=1"},
        "hosts": {"hosts": Hosts(run=f"{base}/run", queue=f"{base}/run/queue", rest=f"{base}/rest", cdn=f"{base}/cdn")},
    }
    if kind in made:
        return made[kind]
    own: Any = library.AsyncClient if is_async else library.Client
    return {"http_client": own(transport=library.MockTransport(unreachable))}  # type: ignore[arg-type] # pyright: ignore


@either
@pytest.mark.parametrize("kind", ["plain", "key", "proxy", "hosts", "httpx", "httpx2"])
def test_every_client(tmp_path: Path, is_async: bool, kind: str) -> None:
    """It subscribes, uploads, and saves what it got, with what it uploaded as well."""

    def use(fal: Any) -> Any:
        if not is_async:
            url = fal.storage.upload(b"some bytes", file_name="a.txt")
            output = paint(fal)
            return [output.images[0].download(tmp_path), AnyImage(url=url).download(tmp_path)]

        async def used() -> Any:
            url = await fal.storage.upload(b"some bytes", file_name="a.txt")
            output = await paint(fal)
            return [await output.images[0].adownload(tmp_path), await AnyImage(url=url).adownload(tmp_path)]

        return used()

    with fake_fal() as fake:
        picture, text = both(is_async, use, **settings_of(kind, is_async))
        assert picture.stat().st_size > 100
        assert text.read_bytes() == b"some bytes"
        assert fake.flux_1.schnell.call_count == 1
        assert "authorization" not in fake.flux_1.schnell.calls[0].options.headers


@either
def test_a_client_that_was_made_before(is_async: bool) -> None:
    asked: list[str] = []

    def real(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(401, json={"detail": "no such key"})

    def use(fal: Any) -> Any:
        if not is_async:
            refused(lambda: paint(fal))
            with fake_fal():
                paint(fal)
            refused(lambda: paint(fal))
            return None

        async def used() -> None:
            await arefused(fal)
            async with fake_fal():
                await paint(fal)
            await arefused(fal)

        return used()

    def refused(call: Callable[[], Any]) -> None:
        with pytest.raises(Exception, match="no such key"):
            call()

    async def arefused(fal: Any) -> None:
        with pytest.raises(Exception, match="no such key"):
            await paint(fal)

    kind = httpx.AsyncClient if is_async else httpx.Client
    both(is_async, use, credentials="id:secret", http_client=kind(transport=httpx.MockTransport(real)))
    assert asked == ["https://queue.fal.run/fal-ai/flux-1/schnell"] * 2


@pytest.mark.parametrize("first", [0, 1])
def test_two_that_overlap_end_in_any_order(first: int) -> None:
    """Those of two threads do; of two that are on, the one that came last answers."""
    fakes = [fake_fal().__enter__(), fake_fal().__enter__()]
    with Fal() as fal:
        paint(fal)
        assert [len(fake.calls) for fake in fakes] == [0, 1]
        fakes[first].__exit__(None, None, None)
        paint(fal)
        assert [len(fake.calls) for fake in fakes] == [first, 2 - first]
        fakes[1 - first].__exit__(None, None, None)
    assert stand_in.current is None
    assert stand_in.now is time.monotonic


def test_a_file_is_put_at_a_url_and_is_bytes() -> None:
    wrong: Any = "text"
    with fake_fal() as fake:
        with pytest.raises(ValueError, match="an http or https URL, not at 'nope'"):
            fake.put_file("nope", b"1")
        with pytest.raises(TypeError, match="bytes, not str"):
            fake.put_file("https://example.com/a.png", wrong)


def test_a_query_leads_to_another_file_where_one_was_put_there(tmp_path: Path) -> None:
    url = "https://example.com/x.txt"
    with fake_fal() as fake:
        fake.put_file(url, b"plain")
        fake.put_file(f"{url}?id=1", b"one")
        fake.put_file(f"{url}?id=2", b"two")
        read = [
            AnyImage(url=f"{url}{query}").download(tmp_path / str(number)).read_bytes()
            for number, query in enumerate(["", "?id=1", "?id=2", "?id=3"])
        ]
    assert read == [b"plain", b"one", b"two", b"plain"]


def test_a_cassette_records_nothing_inside_of_a_fake(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with fake_fal(), pytest.raises(CassetteError, match="leave the fake first") as raised, cassette(path):
        pass
    assert f"and {cassette(path, mode='record')!r} would record" in str(raised.value)
    assert not path.exists()
    assert stand_in.current is None


def test_nothing_is_left_behind_also_after_an_exception() -> None:
    before = stand_in.now
    with pytest.raises(NetworkBlockedError), fake_fal():
        AnyImage(url="https://example.com/a.png").download("/nonexistent/")
    assert stand_in.current is None
    assert stand_in.now is before is time.monotonic
    with pytest.raises(MissingCredentialsError):
        paint(Fal())


def test_fakes_inside_of_each_other() -> None:
    fal = Fal()
    with fake_fal() as outer:
        outer.flux_1.schnell.returns(seed=1)
        with fake_fal() as inner:
            inner.flux_1.schnell.returns(seed=2)
            assert paint(fal).seed == 2
        assert paint(fal).seed == 1
    assert (outer.flux_1.schnell.call_count, inner.flux_1.schnell.call_count) == (1, 1)


def test_a_fake_that_is_on_is_not_turned_on_again() -> None:
    fake = fake_fal()
    with fake, pytest.raises(RuntimeError, match="on already"):
        fake.__enter__()
    assert stand_in.current is None
    with fake:  # but another time
        paint(Fal())


def test_other_threads_and_their_event_loops() -> None:
    done: list[Any] = []
    fal, async_fal = Fal(), AsyncFal()
    with fake_fal() as fake:
        threads = [
            threading.Thread(target=lambda: done.append(paint(fal))),
            threading.Thread(target=lambda: done.append(asyncio.run(paint(async_fal)))),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(done) == len(fake.calls) == 2


def tokens_of(fal: Fal) -> dict[str, Any]:
    session: Any = vars(fal)["_session"]
    kept: dict[str, Any] = session.kept_by_uploads.get()
    return kept


def test_tokens_of_a_fake_are_none_of_fals() -> None:
    """Nor are those of another fake."""
    fal = Fal("id:secret")
    kept: list[Any] = []
    for _ in range(2):
        with fake_fal():
            fal.storage.upload(b"x", file_name="x.txt")
            kept.append(tokens_of(fal)["tokens"].kept)
    assert kept[0] is not kept[1]
    assert tokens_of(fal) == {}


@either
def test_a_closed_client_stays_closed(is_async: bool) -> None:
    with fake_fal():
        if is_async:

            async def use() -> None:
                fal = AsyncFal()
                await fal.aclose()
                await paint(fal)

            with pytest.raises(ClientClosedError):
                asyncio.run(use())
        else:
            fal = Fal()
            fal.close()
            with pytest.raises(ClientClosedError):
                paint(fal)


def test_a_verifier_that_was_made_before_trusts_the_fakes_webhooks_inside_alone() -> None:
    verifier = WebhookVerifier(user_ids={"fake-user"})
    posted: list[tuple[dict[str, str], bytes]] = []

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        headers = {name[5:].replace("_", "-"): text for name, text in environ.items() if name.startswith("HTTP_")}
        posted.append((headers, environ["wsgi.input"].read()))
        start("200 OK", [])
        return [b""]

    with fake_fal() as fake:
        Fal().flux_1.schnell.submit(prompt="a panda", webhook_url="https://example.com/hook")
        fake.deliver_webhooks(app)
        assert verifier.verify(*posted[0]).request_id == fake.calls[0].request_id
        another = WebhookVerifier(user_ids={"fake-user"})
        assert asyncio.run(another.averify(*posted[0])).request_id == fake.calls[0].request_id
        with fake_fal(), pytest.raises(WebhookVerificationError):
            verifier.verify(*posted[0])


# --- the way out -----------------------------------------------------------------------------------------------------


@either
def test_nothing_reaches_the_network(tmp_path: Path, is_async: bool) -> None:
    """The error is of those that nobody handles, and says how to allow it."""
    picture = AnyImage(url="https://files.example.com/a.png?signature=secret")
    with fake_fal() as fake:
        with pytest.raises(NetworkBlockedError) as blocked:
            asyncio.run(picture.adownload(tmp_path)) if is_async else picture.download(tmp_path)
        assert "GET https://files.example.com/a.png would" in str(blocked.value)
        assert "fake_fal(allow=['files.example.com'])" in str(blocked.value)
        assert "secret" not in str(blocked.value)
        fake.put_file(picture.url, b"what is there")
        saved = asyncio.run(picture.adownload(tmp_path)) if is_async else picture.download(tmp_path)
        assert saved.read_bytes() == b"what is there"


@either
def test_what_is_allowed_does(tmp_path: Path, is_async: bool, file_server: str) -> None:
    picture = AnyImage(url=f"{file_server}/a.png")
    with fake_fal(allow="127.0.0.1"):
        saved = asyncio.run(picture.adownload(tmp_path)) if is_async else picture.download(tmp_path)
        paint(Fal())
    assert saved.read_bytes() == b"of a server"
    with pytest.raises(ValueError, match="is no host"):
        fake_fal(allow="https://example.com/")


@either
def test_connections_that_were_let_through_are_closed(tmp_path: Path, is_async: bool, file_server: str) -> None:
    """At once: nobody could close those of an event loop that has ended."""
    picture = AnyImage(url=f"{file_server}/a.png")

    async def use() -> None:
        await picture.adownload(tmp_path)
        assert await asyncio.to_thread(left.wait, 20)

    left.clear()
    with fake_fal(allow="127.0.0.1"):
        if is_async:
            asyncio.run(use())
        else:
            picture.download(tmp_path)
            assert left.wait(20)


# Set when a client has closed its connection to the file server.
left = threading.Event()


@pytest.fixture
def file_server() -> Any:
    from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def finish(self) -> None:
            super().finish()
            left.set()

        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("content-length", "11")
            self.end_headers()
            self.wfile.write(b"of a server")

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_who_does_not_use_it_pays_nothing() -> None:
    """Nothing of it is imported by a call without it."""
    code = """
import sys, httpx, fal_typed
answer = lambda request: httpx.Response(401, json={"detail": "no"})
try:
    fal_typed.Fal("a:b", http_client=httpx.Client(transport=httpx.MockTransport(answer))).flux_1.schnell.run(prompt="x")
except fal_typed.AuthenticationError:
    print([name for name in sys.modules if "_runtime.testing" in name or name.endswith((".schemas", "pytest"))])
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=own_path())
    assert ran.stdout == "[]\n"


def own_path() -> dict[str, str]:
    import fal_typed

    return {"PYTHONPATH": fal_typed.__path__[0].rpartition("/")[0]}


def test_what_it_is_called() -> None:
    fake = fake_fal()
    with fake:
        assert repr(fake) == "<FakeFal: 0 calls>"
        assert {"flux_1", "imagen4", "calls", "clock"} <= {*dir(fake)}
        assert "fast" in dir(fake.imagen4.preview)
        assert repr(fake.imagen4.preview.fast) == repr(fake.endpoints["fal-ai/imagen4/preview/fast"]).replace(
            "EndpointFake", "TreeEndpoint"
        )
        assert len(fake.endpoints) == 13
        assert SCHNELL in [*fake.endpoints]
        with pytest.raises(AttributeError, match="did you mean 'flux_1'"):
            getattr(fake, "flux_2")  # noqa: B009
        with pytest.raises(AttributeError, match="did you mean 'schnell'"):
            getattr(fake.flux_1, "schnel")  # noqa: B009
        with pytest.raises(AttributeError, match="no attribute 'subscribe'"):  # that is for clients
            getattr(fake.flux_1.schnell, "subscribe")  # noqa: B009
        with pytest.raises(KeyError, match="did you mean 'fal-ai/flux-1/schnell'"):
            fake.endpoints["fal-ai/flux-1/schnel"]
        with pytest.raises(ValueError, match="is not an endpoint id"):
            fake.endpoint("schnell")


def test_a_fake_that_forgets() -> None:
    with fake_fal() as fake:
        schnell = fake.flux_1.schnell
        schnell.returns(seed=5)
        first = paint(Fal())
        Fal().storage.upload(b"x", file_name="x.txt")
        fake.reset()
        assert (schnell.call_count, fake.uploads, len(fake.calls)) == (0, [], 0)
        assert first.seed == 5 != paint(Fal()).seed
        schnell.returns(seed=6)
        assert paint(Fal()).seed == 6


# --- what outlives the block ------------------------------------------------------------------------------------------


def asked_of_fal(asked: list[str]) -> httpx.AsyncClient:
    """What stands for the real service, and notes what is sent to it."""

    def real(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={})

    return httpx.AsyncClient(transport=httpx.MockTransport(real))


def test_a_task_that_outlives_the_fake_sends_nothing() -> None:
    """Whoever forgets to await it would pay."""
    asked: list[str] = []

    async def use() -> None:
        fal = AsyncFal("id:secret", http_client=asked_of_fal(asked))
        async with fake_fal():
            late = asyncio.create_task(fal.flux_1.schnell.submit(prompt="x"))
        with pytest.raises(RuntimeError, match="begun while a fake of fal"):
            await late
        await fal.flux_1.schnell.run(prompt="x")  # its own task goes on as it was

    asyncio.run(use())
    assert asked == ["https://fal.run/fal-ai/flux-1/schnell"]


def test_a_call_of_a_thread_is_not_repeated_at_fal_when_the_fake_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    waits, ended = threading.Event(), threading.Event()

    def real(request: httpx.Request) -> httpx.Response:
        asked.append(str(request.url))
        return httpx.Response(200, json={})

    def held(self: FakeClock, seconds: float) -> None:
        waits.set()
        assert ended.wait(20)

    errors: list[BaseException] = []

    def call() -> None:
        try:
            paint(fal)
        except RuntimeError as error:
            errors.append(error)

    fal = Fal("id:secret", http_client=httpx.Client(transport=httpx.MockTransport(real)))
    with fake_fal() as fake:
        fake.faults.rate_limited()
        monkeypatch.setattr(FakeClock, "pause", held)
        thread = threading.Thread(target=call)
        thread.start()
        assert waits.wait(20)
    ended.set()
    thread.join(20)
    assert asked == []
    assert "has ended: nothing was sent" in str(errors[0])


def test_a_generator_is_no_test_to_be_recorded(tmp_path: Path) -> None:
    def fixture() -> Iterator[None]:
        yield

    with pytest.raises(TypeError, match="yields: put `with cassette"):
        cassette(tmp_path / "a.json")(fixture)


def test_no_two_fakes_give_the_same_request_ids() -> None:
    ids: list[str] = []
    for _ in range(2):
        with fake_fal():
            ids += [Fal().flux_1.schnell.submit(prompt="x").request_id for _ in range(2)]
    assert len(set(ids)) == 4


FORKING = """
import os
from fal_typed import Fal
from fal_typed._runtime import stand_in
from fal_typed.testing import fake_fal

with fake_fal():
    before = stand_in.current.client()
    child = os.fork()
    if not child:
        out = Fal().flux_1.schnell.run(prompt="a panda")
        os._exit(0 if out.images and stand_in.current.client() is not before else 1)
    raise SystemExit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="forks")
def test_a_forked_child_has_clients_of_its_own() -> None:
    """Of those that stand in for the network: a thread of the parent may be in the midst of them."""
    subprocess.run([sys.executable, "-c", FORKING], check=True, timeout=60, env=own_path())


@either
def test_what_a_call_asks_for_is_in_its_output(is_async: bool) -> None:
    asked: Any = {"prompt": "a panda", "num_images": 3, "seed": 7, "image_size": {"width": 640, "height": 320}}
    with fake_fal():
        if is_async:
            out = asyncio.run(AsyncFal().flux_1.schnell.subscribe(**asked))
        else:
            out = Fal().flux_1.schnell.subscribe(**asked)
    assert (out.seed, out.prompt) == (7, "a panda")
    assert [(image.width, image.height) for image in out.images] == 3 * [(640, 320)]
