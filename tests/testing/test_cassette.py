"""Recording a service on loopback, and replaying it with nobody there."""

from __future__ import annotations

import asyncio
import json
import re
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import fal_typed
import httpx
import pytest
from fal_server import FalServer, Gate, Reply, faults
from fal_server.asgi import running
from fal_server.plan import in_progress, queued
from fal_server.stream import KEEP_ALIVE, event
from fal_typed._runtime import stand_in
from fal_typed._runtime.files.remote_file import RemoteFile
from fal_typed.testing import CassetteError, CassetteFileError, NotRecordedError, UnusedRecordingsError, cassette
from runtime.http.hosts import Hosts  # that of another package: nothing stands in for its network
from runtime.proxy.shells.asgi import FalProxy

from .cassettes import KEY, SCHNELL, Recorder, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

OUTPUT: dict[str, Any] = {
    "images": [{"url": "https://v3.fal.media/a.png", "width": 64, "height": 64, "content_type": "image/png"}],
    "seed": 7,
    "timings": {},
    "has_nsfw_concepts": [False],
    "prompt": "?",
}


def echoed(given: Any) -> Any:
    return {**OUTPUT, "prompt": given["prompt"]}


@pytest.fixture(scope="module")
def _running() -> Iterator[FalServer]:
    with FalServer() as server:
        yield server


@pytest.fixture
def server(_running: FalServer, no_key: None, monkeypatch: pytest.MonkeyPatch) -> FalServer:
    for name in ("FAL_RUN_HOST", "FAL_QUEUE_RUN_HOST", "FAL_TYPED_CASSETTE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("fal_typed._runtime.http.retry.FIRST_WAIT", 0.01)
    monkeypatch.setattr("fal_typed._runtime.http.retry.GROWTH", 1.0)
    monkeypatch.setattr("fal_typed._runtime.calls.waiting.FIRST_INTERVAL", 0.01)
    _running.begin()
    _running.plan(SCHNELL, answers=echoed)
    return _running


@pytest.fixture(params=["sync", "async"])
def tape(request: pytest.FixtureRequest, server: FalServer, tmp_path: Path) -> Recorder:
    return Recorder(server, tmp_path / "panda.json", is_async=request.param == "async")


@pytest.fixture
def one(server: FalServer, tmp_path: Path) -> Recorder:
    """Where both clients do the same."""
    return Recorder(server, tmp_path / "panda.json", is_async=False)


def run(prompt: str) -> Callable[[Any], Any]:
    return lambda fal: fal.flux_1.schnell.run(prompt=prompt)


def whole(fal: Any) -> Steps:
    """A call of every kind."""
    schnell = fal.flux_1.schnell
    done = yield schnell.subscribe(prompt="a panda")
    ran = yield schnell.run(prompt="a panda runs")
    handle = yield schnell.submit(prompt="another panda", webhook_url="https://me.example/hook?key=f00")
    result = yield handle.result()
    status = yield handle.status()
    events = yield fal.endpoint("me/app").stream({"prompt": "a panda in pieces"})
    url = yield fal.storage.upload(b"a picture" * 100, content_type="image/png")
    return done.prompt, ran.prompt, result.prompt, type(status).__name__, events, url


def test_every_call_is_replayed_as_it_was(tape: Recorder) -> None:
    tape.server.stream("me/app/stream", event({"part": 1}), KEEP_ALIVE, event({"part": 2}, id="7"))
    recorded, replayed = tape.both(whole)
    assert recorded == replayed
    assert recorded[:4] == ("a panda", "a panda runs", "another panda", "Completed")
    assert recorded[4] == [{"part": 1}, {"part": 2}]
    assert tape.replay(whole, strict=True) == recorded


def test_a_replay_needs_no_server_no_key_and_no_time(tmp_path: Path, server: FalServer) -> None:
    with FalServer() as other:
        other.plan(SCHNELL, output=OUTPUT, states=[queued(3), in_progress("at work")])
        tape = Recorder(other, tmp_path / "gone.json", is_async=False)

        def steps(fal: Any) -> Any:
            handle = fal.flux_1.schnell.with_options(timeout=1.0).submit(prompt="a panda")
            try:
                handle.result()
            except fal_typed.DeadlineExceededError:
                return handle.cancel()

        recorded = tape.record(steps)
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", other.port), 1):
        pass

    def slowly(fal: Any) -> Any:
        handle = fal.flux_1.schnell.with_options(timeout=3600.0, poll_interval=30.0).submit(prompt="a panda")
        try:
            handle.result()
        except fal_typed.DeadlineExceededError:
            return handle.cancel()

    began = time.monotonic()
    assert tape.play(steps, cassette(tape.path)) == recorded
    assert tape.play(slowly, cassette(tape.path)) == recorded
    assert time.monotonic() - began < 30.0
    assert stand_in.current is None


def test_one_client_records_and_the_other_replays(server: FalServer, tmp_path: Path) -> None:
    server.stream("me/app/stream", event({"part": 1}))
    tapes = [Recorder(server, tmp_path / "panda.json", is_async=each) for each in (False, True)]
    assert tapes[0].record(whole) == tapes[1].replay(whole)


def test_the_text_is_the_same_whenever_it_is_recorded(tape: Recorder) -> None:
    texts: list[str] = []
    for _ in range(2):
        tape.server.begin()
        tape.server.stream("me/app/stream", event({"part": 1}))
        tape.server.plan(SCHNELL, answers=echoed)
        tape.record(whole, mode="record")
        texts.append(re.sub(r"/files/\d+_", "/files/", tape.text))  # those are no secrets
    assert texts[0] == texts[1]
    assert texts[0].endswith("}\n")
    assert json.loads(texts[0])["version"] == 1
    assert '"prompt": "a panda"' in texts[0]


def uploading(*files: bytes) -> Callable[[Any], Any]:
    """The steps that upload these."""

    def uploads(fal: Any) -> Steps:
        found: list[str] = []
        for file in files:
            found.append((yield fal.storage.upload(file, content_type="image/png")))
        return found

    return uploads


def test_uploads_are_known_by_their_content(tape: Recorder) -> None:
    first, second = tape.record(uploading(b"first" * 50, b"second" * 50))
    assert tape.replay(uploading(b"second" * 50, b"first" * 50)) == [second, first]
    assert "firstfirst" not in tape.text
    with pytest.raises(NotRecordedError, match="upload/sha256: "):
        tape.replay(uploading(b"third" * 60))


def test_an_upload_in_parts(tape: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fal_typed._runtime.files.uploads.upload_steps.SINGLE_LIMIT", 2**20)
    monkeypatch.setattr("fal_typed._runtime.files.uploads.upload_steps.PART_BYTES", 2**18)
    content = bytes(range(256)) * 2**13
    recorded, replayed = tape.both(lambda fal: fal.storage.upload(content, content_type="video/mp4"))
    assert recorded == replayed
    assert len(tape.server.storage.files[recorded].content or b"") == len(content)
    assert len(tape.text) < 20_000


@pytest.mark.parametrize("size", [100, 40_000])
def test_downloads(tape: Recorder, tmp_path: Path, size: int) -> None:
    content = (b"\x89PNG" + bytes(range(256)) * 200)[:size]
    url = f"{tape.server.storage.cdn_url}/files/a.png"
    tape.server.storage.pages["a.png"] = Reply(200, content, {"content-type": "image/png"})
    tape.server.plan(SCHNELL, output={**OUTPUT, "images": [{**OUTPUT["images"][0], "url": url}]})

    def steps(fal: Any) -> Steps:
        output = yield fal.flux_1.schnell.run(prompt="a panda")
        save = output.images[0].adownload if tape.is_async else output.images[0].download
        totals: set[int | None] = set()

        def tell(_: int, total: int | None) -> None:
            totals.add(total)

        path = yield save(tmp_path / "saved.png", overwrite=True, progress=tell)
        return path.read_bytes(), totals

    assert tape.record(steps) == (content, {size})
    tape.server.storage.pages.clear()
    assert tape.replay(steps) == (content, {size})
    beside = tmp_path / "panda.files"
    assert [each.read_bytes() for each in beside.iterdir()] == [content] if size > 2**14 else not beside.exists()
    tape.record(run("a panda"), mode="record")
    assert not beside.exists()


def test_a_json_file_is_replayed_to_the_byte(one: Recorder, tmp_path: Path) -> None:
    content = b'{"b":   1.0, "a": [1,\n2]}'
    one.server.storage.pages["a.json"] = Reply(200, content, {"content-type": "application/json"})
    file = RemoteFile.model_validate({"url": f"{one.server.storage.cdn_url}/files/a.json"})

    def steps(_: Any) -> Any:
        return file.download(tmp_path / "a.json", overwrite=True).read_bytes()

    assert one.both(steps) == (content, content)


def test_what_is_too_long_is_not_kept_and_says_so(one: Recorder, tmp_path: Path) -> None:
    one.server.storage.pages["a.png"] = Reply(200, b"x" * 5000, {"content-type": "image/png"})
    file = RemoteFile.model_validate({"url": f"{one.server.storage.cdn_url}/files/a.png"})

    def steps(_: Any) -> Any:
        return file.download(tmp_path / "a.png", overwrite=True).stat().st_size

    assert one.record(steps, largest_body=1000) == 5000
    with pytest.raises(NotRecordedError, match=r"5000 bytes\); record it with largest_body=5000"):
        one.replay(steps)


# Errors and faults.


def told(call: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Steps that tell which error there was."""

    def steps(fal: Any) -> Steps:
        try:
            result = yield lambda: call(fal)
        except fal_typed.FalError as error:
            return type(error).__name__, getattr(error, "status_code", None), error.maybe_submitted
        return result.prompt

    return steps


@pytest.mark.parametrize(
    ("purpose", "replies", "outcome"),
    [
        ("run", [faults.refused()], ("ModelError", 422, True)),
        ("run", [faults.model_error()], ("ServerError", 500, True)),
        ("run", [faults.too_many("0"), faults.temporary(503)], "a panda"),
        ("run", [faults.DROPPED], ("APIConnectionError", None, True)),
        ("run", [faults.CUT], ("APIConnectionError", None, True)),
        ("run", [faults.ingress(503), faults.ingress(503)], "a panda"),
        ("run", [faults.MALFORMED], ("InvalidResponseError", 200, True)),
        ("submit", [faults.LOST], ("APIConnectionError", None, True)),
        ("status", [faults.DROPPED, faults.gateway(502), faults.PROXY_PAGE], "a panda"),
        ("stream", [faults.DROPPED], "a panda"),
        ("stream", [faults.PROXY_PAGE], "a panda"),
        ("result", [faults.CUT, faults.gateway(504)], "a panda"),
    ],
)
def test_what_went_wrong_goes_wrong_again(
    tape: Recorder, purpose: str, replies: list[Reply], outcome: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {url: url for url in (tape.server.run_url, tape.server.queue_url)}
    monkeypatch.setattr("fal_typed._runtime.http.requests.BACKUPS", own)
    tape.server.plan(SCHNELL, output={**OUTPUT, "prompt": "a panda"}, first={purpose: [*replies]})

    def call(fal: Any) -> Any:
        schnell = fal.flux_1.schnell
        return schnell.run(prompt="a panda") if purpose == "run" else schnell.subscribe(prompt="a panda")

    assert tape.both(told(call)) == (outcome, outcome)


def test_a_stream_that_was_cut_is_cut_again(tape: Recorder) -> None:
    tape.server.stream("me/app/stream", event({"part": 1}), b'data: {"pa', "cut")

    def steps(fal: Any) -> Steps:
        try:
            yield fal.endpoint("me/app").stream({"prompt": "a panda"})
        except fal_typed.FalError as error:
            return type(error).__name__, str(error)

    recorded, replayed = tape.both(steps)
    assert recorded == replayed
    assert recorded[0] == "APIConnectionError"
    assert tape.exchanges[0]["answer"]["events"] == [{"data": {"part": 1}}, {"cut": 'data: {"pa'}]


def test_a_stream_that_was_left_is_not_made_up(one: Recorder) -> None:
    one.server.stream("me/app/stream", event({"part": 1}), 0.02, event({"part": 2}), 0.02, event({"part": 3}))

    def first(fal: Any) -> Any:
        with fal.endpoint("me/app").stream({"prompt": "a panda"}) as stream:
            return next(iter(stream))

    def more(fal: Any) -> Steps:
        yield fal.endpoint("me/app").stream({"prompt": "a panda"})

    assert one.both(first) == ({"part": 1}, {"part": 1})
    with pytest.raises(NotRecordedError, match="the client left before the end"):
        one.replay(more)


def test_a_recorded_timeout_takes_its_time_on_the_clock_of_the_cassette(tmp_path: Path) -> None:
    request: dict[str, Any] = {"method": "GET", "url": "https://fal.run/a/b", "headers": {}}
    exchanges: list[Any] = [{"request": request, "fault": "ReadTimeout: no answer"}]
    (tmp_path / "a.json").write_text(json.dumps({"version": 1, "exchanges": exchanges}), encoding="utf-8")
    with cassette(tmp_path / "a.json"):
        deck = stand_in.current
        assert deck is not None
        began, really = deck.now(), time.monotonic()
        with pytest.raises(httpx.ReadTimeout, match="no answer"):
            deck.client().get("https://fal.run/a/b", timeout=500.0)
        assert deck.now() - began >= 500.0 > time.monotonic() - really


def test_an_answer_says_how_long_its_body_is_unless_that_ended_early(tmp_path: Path) -> None:
    plain: dict[str, Any] = {"status": 200, "headers": {}, "text": "a cät"}

    def kept(name: str, **answer: Any) -> Any:
        request: dict[str, Any] = {"method": "GET", "url": f"https://v3.fal.media/{name}", "headers": {}}
        return {"request": request, "answer": {**plain, **answer}}

    exchanges: list[Any] = [kept("whole"), kept("cut", ended="ReadError: gone")]
    (tmp_path / "a.json").write_text(json.dumps({"version": 1, "exchanges": exchanges}), encoding="utf-8")
    with cassette(tmp_path / "a.json"):
        deck = stand_in.current
        assert deck is not None
        with deck.client().stream("GET", "https://v3.fal.media/whole") as whole:
            assert (whole.headers["content-length"], whole.read().decode()) == ("6", "a cät")
        with deck.client().stream("GET", "https://v3.fal.media/cut") as cut:
            assert "content-length" not in cut.headers
            with pytest.raises(httpx.ReadError, match="gone"):
                cut.read()


# Which exchange answers.


def test_calls_side_by_side_do_not_cross(tape: Recorder) -> None:
    prompts = [f"panda {number}" for number in range(12)]

    def steps(order: list[str]) -> Callable[[Any], Any]:
        def threads(fal: Any) -> Any:
            def call(text: str) -> Any:
                return fal.flux_1.schnell.subscribe(prompt=text)

            with ThreadPoolExecutor(6) as pool:
                return [one.prompt for one in pool.map(call, order)]

        async def tasks(fal: Any) -> Any:
            outputs = await asyncio.gather(*(fal.flux_1.schnell.subscribe(prompt=text) for text in order))
            return [each.prompt for each in outputs]

        return tasks if tape.is_async else threads

    assert tape.record(steps(prompts)) == prompts
    for order in (prompts, prompts[::-1]):
        assert tape.replay(steps(order), strict=True) == order


def test_the_same_input_is_answered_in_order(tape: Recorder) -> None:
    seeds = iter(range(100))

    def numbered(_: Any) -> Any:
        return {**OUTPUT, "seed": next(seeds)}

    tape.server.plan(SCHNELL, answers=numbered)

    def steps(times: int) -> Callable[[Any], Any]:
        def runs(fal: Any) -> Steps:
            found: list[int] = []
            for _ in range(times):
                found.append((yield fal.flux_1.schnell.run(prompt="a panda")).seed)
            return found

        return runs

    assert tape.record(steps(3)) == tape.replay(steps(3)) == [0, 1, 2]
    assert tape.replay(steps(5), repeats=True) == [0, 1, 2, 2, 2]
    with pytest.raises(NotRecordedError, match="it was asked 4 times, and is on it 3 times"):
        tape.replay(steps(4))


def test_states_are_learnt_by_either_way(one: Recorder) -> None:
    one.record(lambda fal: fal.flux_1.schnell.subscribe(prompt="a panda"))
    assert (
        one.replay(lambda fal: fal.flux_1.schnell.with_options(poll_interval=9.0).subscribe(prompt="a panda").seed) == 7
    )
    one.path.unlink()
    one.record(lambda fal: fal.flux_1.schnell.with_options(poll_interval=0.01).subscribe(prompt="a panda"))
    assert one.replay(lambda fal: fal.flux_1.schnell.subscribe(prompt="a panda").seed) == 7
    assert one.replay(lambda fal: fal.flux_1.schnell.subscribe(prompt="a panda", logs=True).seed) == 7


def test_a_request_that_stays_undone_is_not_waited_for_for_ever(one: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fal_typed._runtime.testing.cassette.matching._MOST_STAYS", 50)
    one.server.plan(SCHNELL, states=[queued(1)])
    for seconds in (None, 0.05):
        one.server.plan(SCHNELL, states=[queued(1)])

        def steps(fal: Any, seconds: float | None = seconds) -> Any:
            handle = fal.flux_1.schnell.with_options(timeout=seconds).submit(prompt="a panda")
            if seconds is None:
                return handle.status()
            with pytest.raises(TimeoutError) as caught:
                handle.result()
            return caught

        one.record(steps, mode="record")
        with pytest.raises(NotRecordedError, match="ended while the request was not done"):
            one.replay(lambda fal: fal.flux_1.schnell.submit(prompt="a panda").result())


def test_what_is_not_recorded_shows_the_nearest(tape: Recorder) -> None:
    def steps(*prompts: str, **more: Any) -> Callable[[Any], Any]:
        def runs(fal: Any) -> Steps:
            for prompt in prompts:
                yield fal.flux_1.schnell.run(prompt=prompt, **more)

        return runs

    tape.record(steps("a cat", "a panda with bamboo"))
    with pytest.raises(NotRecordedError) as caught:
        tape.replay(steps("a panda with bambus", seed=3))
    message = str(caught.value)
    assert f"panda.json has no answer to POST {tape.server.run_url}/{SCHNELL}" in message
    assert "the nearest is /exchanges/1, which differs in:" in message
    assert "json/prompt: 'a panda with bamboo' on it, 'a panda with bambus' asked" in message
    assert "json/seed: not on it, 3 asked" in message
    assert 'mode="new"' in message
    assert "delete the file" in message


def test_of_two_that_are_as_near_it_is_the_one_that_nobody_asked_for(tape: Recorder) -> None:
    def runs(*prompts: str) -> Callable[[Any], Any]:
        def steps(fal: Any) -> Steps:
            for prompt in prompts:
                yield fal.flux_1.schnell.run(prompt=prompt)

        return steps

    tape.record(runs("a cat", "a rat"))
    with pytest.raises(NotRecordedError, match="the nearest is /exchanges/1, which differs in:"):
        tape.replay(runs("a cat", "a bat"))


def test_who_swallows_the_error_hears_of_it_at_the_end(tape: Recorder) -> None:
    tape.record(run("a panda"))

    def steps(fal: Any) -> Steps:
        try:
            yield lambda: fal.flux_1.schnell.run(prompt="a cat")
        except Exception:
            return

    with pytest.raises(NotRecordedError, match="something caught this error"):
        tape.replay(steps)

    def translated(fal: Any) -> Steps:
        try:
            yield lambda: fal.flux_1.schnell.run(prompt="a cat")
        except Exception:
            raise LookupError("no cat") from None

    with pytest.raises(LookupError) as caught:
        tape.replay(translated)
    assert "has no answer to POST" in caught.value.__notes__[0]


def test_new_records_what_is_missing(tape: Recorder) -> None:
    def steps(*prompts: str) -> Callable[[Any], Any]:
        def calls(fal: Any) -> Steps:
            found: list[str] = []
            for prompt in prompts:
                found.append((yield fal.flux_1.schnell.subscribe(prompt=prompt)).prompt)
            return found

        return calls

    tape.record(steps("one"))
    before = tape.exchanges
    accepted = len(tape.server.accepted)
    assert tape.record(steps("one", "two"), mode="new") == ["one", "two"]
    assert [each.input["prompt"] for each in tape.server.accepted[accepted:]] == ["two"]
    assert tape.exchanges[: len(before)] == before
    assert "REDACTED-request-2" in tape.text
    assert tape.replay(steps("two", "one"), strict=True) == ["two", "one"]


def test_new_uploads_what_is_missing(tape: Recorder) -> None:
    first = tape.record(uploading(b"first" * 50))
    both = tape.record(uploading(b"first" * 50, b"second" * 50), mode="new")
    assert both[:1] == first
    assert len(tape.server.storage.files) == 2
    assert tape.server.storage.files[both[1]].content == b"second" * 50
    assert tape.replay(uploading(b"second" * 50, b"first" * 50), strict=True) == both[::-1]


def test_new_sends_no_placeholder_to_the_service(one: Recorder) -> None:
    one.record(lambda fal: fal.flux_1.schnell.submit(prompt="a panda"))
    with pytest.raises(NotRecordedError, match="the service knows nothing of"):
        one.record(lambda fal: fal.flux_1.schnell.submit(prompt="a panda").result(), mode="new")
    assert not [each for each in one.server.seen if "REDACTED" in each.path]


# When it asks.


def test_modes(one: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CassetteFileError, match=r"panda\.json is not there"):
        one.replay(run("a panda"))
    one.record(run("a panda"))
    once = len(one.server.accepted)
    one.record(run("a panda"))
    assert len(one.server.accepted) == once
    one.record(run("a panda"), mode="record")
    assert len(one.server.accepted) == once + 1
    monkeypatch.setenv("FAL_TYPED_CASSETTE", "record")
    one.play(run("a panda"), cassette(one.path), credentials=KEY)
    assert len(one.server.accepted) == once + 2
    monkeypatch.setenv("FAL_TYPED_CASSETTE", "replay")
    with pytest.raises(NotRecordedError):
        one.record(run("a cat"), mode="record")
    monkeypatch.setenv("FAL_TYPED_CASSETTE", "rewind")
    with pytest.raises(ValueError, match="FAL_TYPED_CASSETTE must be one of once, replay, record, new, not 'rewind'"):
        cassette(one.path)


def test_unused_recordings(one: Recorder) -> None:
    def steps(fal: Any) -> None:
        fal.flux_1.schnell.run(prompt="one")
        fal.flux_1.schnell.run(prompt="two")

    one.record(steps)
    tape = cassette(one.path)
    one.play(run("one"), tape)
    assert tape.unused == [f"/exchanges/1 POST {one.server.run_url}/{SCHNELL}"]
    with pytest.raises(UnusedRecordingsError, match="/exchanges/1 POST"):
        one.replay(run("one"), strict=True)


def test_a_decorator(tape: Recorder) -> None:
    @cassette(tape.path)
    def synchronous(prompt: str) -> str:
        with fal_typed.Fal(credentials=KEY, hosts=tape.hosts) as fal:
            return fal.flux_1.schnell.run(prompt=prompt).prompt

    @cassette(tape.path)
    async def asynchronous(prompt: str) -> str:
        async with fal_typed.AsyncFal(credentials=KEY, hosts=tape.hosts) as fal:
            return (await fal.flux_1.schnell.run(prompt=prompt)).prompt

    for _ in range(2):
        said = asyncio.run(asynchronous("a panda")) if tape.is_async else synchronous("a panda")
        assert said == "a panda"
    assert len(tape.server.accepted) == 1


def test_a_client_that_was_made_outside_and_one_that_was_given(one: Recorder) -> None:
    with httpx.Client() as given, fal_typed.Fal(credentials=KEY, hosts=one.hosts, http_client=given) as fal:
        for _ in range(2):
            with cassette(one.path):
                assert fal.flux_1.schnell.run(prompt="a panda").prompt == "a panda"
        assert len(one.server.accepted) == 1
        fal.flux_1.schnell.run(prompt="a panda")
        assert len(one.server.accepted) == 2


def test_an_event_loop_within_it_and_many(one: Recorder) -> None:
    async def main() -> str:
        async with fal_typed.AsyncFal(credentials=KEY, hosts=one.hosts) as fal:
            return (await fal.flux_1.schnell.subscribe(prompt="a panda")).prompt

    for _ in range(2):
        with cassette(one.path):
            assert [asyncio.run(main()), asyncio.run(main())] == ["a panda"] * 2
    assert len(one.server.accepted) == 2


def test_a_client_of_a_proxy(tape: Recorder) -> None:
    hosts = Hosts(run=tape.server.run_url, queue=tape.server.queue_url, rest=f"{tape.server.url}/rest")
    proxy = FalProxy(allowed_endpoints=["fal-ai/flux-1/*"], authorize=lambda _: True, credentials=KEY, hosts=hosts)

    def steps(fal: Any) -> Steps:
        first = yield fal.flux_1.schnell.subscribe(prompt="a panda")
        second = yield fal.flux_1.schnell.subscribe(prompt="another panda")
        return first.prompt, second.prompt

    with running(proxy, lifespan="on") as url:
        settings = {"proxy_url": f"{url}/api/fal/proxy"}
        assert tape.play(steps, cassette(tape.path), **settings) == ("a panda", "another panda")
    assert tape.play(steps, cassette(tape.path, strict=True), **settings) == ("a panda", "another panda")
    assert {each["request"]["url"] for each in tape.exchanges} == {settings["proxy_url"]}
    assert "REDACTED-request-2" in tape.text


# What becomes of it.


def test_a_failed_recording_is_kept_where_there_is_none(tape: Recorder) -> None:
    def steps(fal: Any) -> Steps:
        yield fal.flux_1.schnell.run(prompt="a panda")
        raise KeyError("in the test")

    with pytest.raises(KeyError) as caught:
        tape.record(steps)
    assert "has what was recorded up to here" in caught.value.__notes__[0]
    before = tape.text
    assert tape.replay(run("a panda")).prompt == "a panda"
    with pytest.raises(KeyError) as caught:
        tape.record(steps, mode="record")
    assert "stays as it was" in caught.value.__notes__[0]
    assert tape.text == before


def test_recording_takes_a_key(one: Recorder) -> None:
    with pytest.raises(fal_typed.MissingCredentialsError) as caught:
        one.play(run("a panda"), cassette(one.path))
    assert "is not recorded: to record is to ask fal, which takes a key" in caught.value.__notes__[0]


def test_a_task_that_is_cancelled_leaves_nothing_behind(one: Recorder) -> None:
    gate = Gate()
    one.server.plan(SCHNELL, output=OUTPUT, first={"run": [faults.held(gate)]})

    async def main() -> None:
        async with cassette(one.path), fal_typed.AsyncFal(credentials=KEY, hosts=one.hosts) as fal:
            call = asyncio.ensure_future(fal.flux_1.schnell.run(prompt="a cat"))
            while not gate.arrived:
                await asyncio.sleep(0.005)
            call.cancel()
            await asyncio.wait([call])
            gate.open()
            await fal.flux_1.schnell.run(prompt="a panda")

    asyncio.run(main())
    one.server.wait_until_left()
    assert [each["request"]["json"]["prompt"] for each in one.exchanges] == ["a panda"]


def test_nothing_asked_nothing_written(one: Recorder) -> None:
    one.record(lambda _: None)
    assert not one.path.exists()


def test_one_writer_at_a_time(one: Recorder) -> None:
    with cassette(one.path), pytest.raises(CassetteError, match="is being recorded by another test or process"):
        one.record(run("a panda"))
    one.record(run("a panda"))
    with cassette(one.path):
        one.replay(run("a panda"))


def test_its_lock_is_the_users_alone(one: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    one.record(run("a panda"))
    (lock,) = tmp_path.glob("fal-typed-*.lock")
    assert lock.stat().st_mode & 0o777 == 0o600


def test_what_is_nested_is_put_back(one: Recorder, tmp_path: Path) -> None:
    outer = cassette(tmp_path / "outer.json")
    with outer:
        around = stand_in.current
        one.record(run("a panda"))
        assert stand_in.current is around
    assert stand_in.current is None
    assert not outer.path.exists()


CHANGES: list[tuple[Callable[[str], str], str]] = [
    (lambda _: "", r"line 1, column 1: this is no JSON \(it ends too early\)"),
    (lambda text: text[:200], r"line \d+, column \d+: this is no JSON"),
    (lambda text: f"<<<<<<< HEAD\n{text}", r"line 1, column 1: this is no JSON"),
    (lambda _: "[]", r"at its top: must be an object, and is \[\]"),
    (lambda _: "{}", "at its top: has no 'version'"),
    (lambda text: text.replace('"version": 1', '"version": 2'), r"at /version: is 2, .* update this one"),
    (lambda text: text.replace('"status": 200', '"status": "200"'), 'at /exchanges/0/answer/status: .* is "200"'),
    (lambda text: text.replace('"method": "POST"', '"verb": "POST"'), "at /exchanges/0/request: has no 'method'"),
    (
        lambda text: text.replace('"json": {\n          "images"', '"jsn": {\n          "images"'),
        "/answer/jsn: is none of",
    ),
    (lambda text: text.replace('"status": 200', '"status": 200, "base64": "?"'), "/answer: has two bodies"),
]


@pytest.mark.parametrize(("change", "message"), CHANGES)
def test_a_file_that_is_no_cassette(one: Recorder, change: Callable[[str], str], message: str) -> None:
    one.record(run("a panda"))
    one.path.write_text(change(one.text), encoding="utf-8")
    with pytest.raises(CassetteFileError, match=message) as caught:
        one.replay(run("a panda"))
    assert str(one.path) in str(caught.value)
    assert "delete it to record it anew" in str(caught.value)


def test_what_belongs_to_it_and_is_gone(one: Recorder, tmp_path: Path) -> None:
    one.server.storage.pages["a.png"] = Reply(200, b"x" * 20_000, {"content-type": "image/png"})
    file = RemoteFile.model_validate({"url": f"{one.server.storage.cdn_url}/files/a.png"})
    one.record(lambda _: file.download(tmp_path / "a.png"))
    for each in (tmp_path / "panda.files").iterdir():
        each.unlink()
    with pytest.raises(CassetteFileError, match=r"at /exchanges/0/answer/file: .*\.png is not there"):
        one.replay(lambda _: None)


def test_redact_wants_names(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match=r'redact=\("prompt",\)'):
        cassette(tmp_path / "a.json", redact="prompt")


# The history of requests


def test_a_request_that_was_found_is_found_again(tape: Recorder) -> None:
    """Its id is replaced as everywhere; the name of the list is none."""
    known: dict[str, str] = {}

    def listed(_: str, query: dict[str, list[str]]) -> Reply:
        item = {"request_id": known["id"], "endpoint_id": SCHNELL, "sent_at": "2026-01-01T00:00:00Z"}
        assert query["endpoint_id"] == [SCHNELL]
        return Reply(200, {"items": [{**item, "json_input": {"prompt": "x"}}], "next_cursor": None, "has_more": False})

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        known["id"] = handle.request_id
        since = datetime(2026, 1, 1, tzinfo=UTC)
        found: Any = yield fal.requests.find(fal.flux_1.schnell, {"prompt": "x"}, since=since)
        output: Any = yield found[0].handle.result()
        return [one.request_id == handle.request_id for one in found], output.prompt

    tape.server.platform = listed
    assert tape.both(steps) == (([True], "x"), ([True], "x"))
    assert "/api/v1/models/requests/by-endpoint?" in tape.text
    assert "REDACTED-request-1" in tape.text
