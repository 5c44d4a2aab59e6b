"""How a call waits: the stream of states, and polling wherever it is not what it should be."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import Gate, Reply, faults, until
from fal_server.plan import completed, in_progress, queued
from fal_server.stream import KEEP_ALIVE, event
from runtime import errors
from runtime.calls.status import Completed, InProgress, Queued
from runtime.http.connections import stream_slots
from runtime.http.connections.held_stream import StreamHost
from runtime.http.exchange import Answer
from runtime_sample import AsyncFal, Fal
from runtime_twin import KEY, OUTPUT, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from fal_server import FalServer
    from stopped_clock import StoppedClock

STATES = [queued(1), queued(0), in_progress("a"), in_progress("a", "b"), completed("a", "b", "c")]
# What the updates of them tell: the states, and the entries of the log.
TOLD = ["Queued", "Queued", "InProgress", "InProgress", "Completed"]


def count(server: FalServer, ending: str) -> int:
    return len(server.requests("GET", ending))


def subscribe(twin: Twin, times: int = 1, **settings: Any) -> list[Any]:
    """Subscribe so often with one client; the updates of the last time."""
    updates: list[Any] = []

    def steps(fal: Any) -> Steps:
        for _ in range(times):
            updates.clear()
            out = yield fal.flux_1.schnell.subscribe(prompt="x", logs=True, on_queue_update=updates.append)
            assert out.seed == 7

    twin.do(steps, **settings)
    return updates


def check_all_was_told(updates: list[Any]) -> None:
    assert [type(update).__name__ for update in updates] == TOLD
    assert [entry.message for update in updates for entry in update.logs] == ["a", "b", "c"]


@pytest.fixture
def plan(server: FalServer) -> Any:
    """What the endpoint does."""
    return server.plan(SCHNELL, output=OUTPUT, states=STATES)


# What the stream says.


@pytest.mark.parametrize("cumulative", [False, True])
def test_a_stream_tells_every_change(server: FalServer, twin: Twin, plan: Any, cumulative: bool) -> None:
    plan.cumulative = cumulative
    check_all_was_told(subscribe(twin))
    assert (count(server, "/status/stream"), count(server, "/status"), len(server.seen)) == (1, 0, 3)
    (asked,) = server.requests("GET", "/stream")
    assert (asked.query, asked.headers["accept"]) == ({"logs": "1"}, "text/event-stream")


def test_an_update_is_told_when_it_happens(server: FalServer, twin: Twin, plan: Any) -> None:
    """Not when the next poll would be, nor when the answer ends."""
    gate = Gate()
    plan.told = [["state", gate]]

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        updates = handle.updates()
        assert (yield anext(updates) if twin.is_async else next(updates)) == Queued(handle.request_id, 1)
        assert not gate.is_open
        gate.open()
        rest = yield updates
        assert [type(update) for update in rest] == [Queued, InProgress, Completed]

    twin.do(steps)


def test_the_connection_is_used_again_for_the_result(server: FalServer, twin: Twin, plan: Any) -> None:
    before = server.connections

    def steps(fal: Any) -> Steps:
        for _ in range(3):
            yield fal.flux_1.schnell.subscribe(prompt="x")

    twin.do(steps)
    assert server.connections == before + 1


def test_what_is_no_state_is_passed_over(server: FalServer, twin: Twin, plan: Any) -> None:
    plan.told = [[KEEP_ALIVE, b"id: 7\n\n", b"retry: 100\n\n", "state", KEEP_ALIVE]]
    check_all_was_told(subscribe(twin))
    assert count(server, "/status") == 0


def test_the_url_of_the_stream_keeps_the_query(server: FalServer, twin: Twin, plan: Any) -> None:
    plan.submitted = {"status_url": f"{server.queue_url}/a/b/requests/mine-9/status?region=eu"}
    server.known_request("mine-9", plan)
    subscribe(twin)
    (asked,) = server.requests("GET", "/stream")
    assert (asked.path.rpartition("/requests/")[2], asked.query) == (
        "mine-9/status/stream",
        {"region": "eu", "logs": "1"},
    )


# Where there is none.


REFUSED = {
    **{str(status): Reply(status, {"detail": "no"}) for status in (400, 403, 404, 405, 406, 410, 422, 500, 501)},
    "JSON": Reply(200, {"status": "IN_QUEUE"}),
    "a page": faults.PROXY_PAGE,
    "nothing": Reply(204, b""),
    "elsewhere": faults.redirect("https://evil.example/x"),
}


@pytest.mark.sampled(5)
@pytest.mark.parametrize("refusal", REFUSED.values(), ids=REFUSED)
def test_a_host_without_streams_is_asked_once(server: FalServer, twin: Twin, plan: Any, refusal: Reply) -> None:
    plan.always["stream"] = refusal
    check_all_was_told(subscribe(twin, times=3))
    assert (count(server, "/status/stream"), count(server, "/status")) == (1, 3 * len(STATES))


OUTAGES = {
    **{str(status): Reply(status, {"detail": "down"}) for status in (429, 502, 503, 504, 520)},
    "dropped": faults.DROPPED,
    "unknown": Reply(404, {"status": "NOT_FOUND"}),
}


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES)
def test_an_outage_is_no_refusal(server: FalServer, twin: Twin, plan: Any, outage: Reply) -> None:
    """And is not gone through for a stream: polling is there."""
    plan.first["stream"] = [outage] * 2
    check_all_was_told(subscribe(twin, times=3))
    assert (count(server, "/status/stream"), count(server, "/status")) == (3, 2 * len(STATES))


def test_a_refusal_is_forgotten(
    server: FalServer, twin: Twin, plan: Any, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Somebody may have put it right."""
    monkeypatch.setattr("runtime.http.transport.stand_in", clock.stand_in)
    plan.always["stream"] = REFUSED["404"]

    def steps(fal: Any) -> Steps:
        for passed, asked in ((0, 1), (599, 1), (2, 2), (0, 2)):
            clock.now += passed
            yield fal.flux_1.schnell.subscribe(prompt="x")
            assert count(server, "/status/stream") == asked

    twin.do(steps)


def test_it_is_the_refusal_of_one_host(
    server: FalServer, twin: Twin, plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each of fal's two may be somebody else's on the way there."""
    other = server.queue_url.replace("127.0.0.1", "localhost")
    monkeypatch.setattr("runtime.http.requests.BACKUPS", {server.queue_url: other})
    plan.first["stream"] = [REFUSED["404"]]

    def steps(fal: Any) -> Steps:
        for base, asked in ((server.queue_url, 1), (other, 2), (server.queue_url, 2)):
            plan.submitted = {"status_url": f"{base}/a/b/requests/mine-9/status"}
            server.known_request("mine-9", plan)
            yield fal.flux_1.schnell.subscribe(prompt="x")
            assert count(server, "/status/stream") == asked

    twin.do(steps)


# Where it is not what it should be.

GARBLED = {
    "half": b'data: {"status": "IN_PRO\n\n',
    "a list": b"data: [1]\n\n",
    "text": b"data: hello\n\n",
    "an unknown state": event({"status": "RESTING"}),
    "no state": event({"detail": "no"}),
    "an error": event({"status": "IN_PROGRESS"}, event="error"),
    "deep": b"data: " + b"[" * 100_000 + b"\n\n",
    "no text": b"data: \xff\xfe\n\n",
}
ODD_ENDS: dict[str, list[Any]] = {
    "breaks off": ["cut"],
    "ends": ["end"],
    **{name: [text, "silent"] for name, text in GARBLED.items()},
}


@pytest.mark.sampled(9)
@pytest.mark.parametrize("before", range(len(STATES)))
@pytest.mark.parametrize("end", ODD_ENDS.values(), ids=ODD_ENDS)
@pytest.mark.parametrize("window", [None, 2], ids=["cumulative", "window"])
def test_polling_goes_on_where_a_stream_ends(
    server: FalServer, twin: Twin, plan: Any, before: int, end: list[Any], window: int | None
) -> None:
    """After any event, with nothing lost and nothing told twice."""
    plan.window = window
    plan.told = [["state"] * before + end]
    check_all_was_told(subscribe(twin))
    assert (count(server, "/status/stream"), count(server, "/status")) == (1, len(STATES) - before)


def test_an_event_that_is_cut_off_is_asked_for(server: FalServer, twin: Twin, plan: Any) -> None:
    plan.told = [["state", event({"status": "COMPLETED"})[:30], "cut"]]
    check_all_was_told(subscribe(twin))


@pytest.mark.parametrize("before", range(3))
def test_silence_is_left_for_polling(
    server: FalServer, twin: Twin, plan: Any, before: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """At first soon, since a stream begins with the state: then streams are not tried again for a minute."""
    monkeypatch.setattr("runtime.calls.status_stream.FIRST_EVENT_SECONDS", 30.0 if before else 0.03)
    monkeypatch.setattr("runtime.http.connections.held_stream.SILENCE_SECONDS", 0.03 if before else 30.0)
    plan.told = [["state"] * before + ["silent"]]
    check_all_was_told(subscribe(twin))
    assert (count(server, "/status/stream"), count(server, "/status")) == (1, len(STATES) - before)


@pytest.mark.parametrize("before", range(2))
def test_a_host_that_says_nothing_is_polled_for_a_minute(
    server: FalServer, twin: Twin, plan: Any, before: int, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What it said something and fell silent is one stream's misfortune."""
    monkeypatch.setattr("runtime.http.transport.stand_in", clock.stand_in)
    plan.told = [["state"] * before + ["end"]]

    def steps(fal: Any) -> Steps:
        for passed, asked in ((0, 1), (59, 2 if before else 1), (2, 3 if before else 2)):
            clock.now += passed
            yield fal.flux_1.schnell.subscribe(prompt="x")
            assert count(server, "/status/stream") == asked

    twin.do(steps)


def test_a_host_that_said_something_once_is_slow_and_not_mute(server: FalServer, twin: Twin, plan: Any) -> None:
    """So many calls at once on a busy machine do not make each other poll, which is more work for all."""
    plan.told = [[], ["end"], []]
    subscribe(twin, times=3)
    assert count(server, "/status/stream") == 3


def test_a_head_that_does_not_come(server: FalServer, twin: Twin, plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.http.exchange.STREAM_HEAD_SECONDS", 0.03)
    plan.always["stream"] = faults.SILENT
    check_all_was_told(subscribe(twin, times=2))
    assert count(server, "/status/stream") == 1


def test_a_stream_that_breaks_off_is_opened_again(
    server: FalServer, twin: Twin, plan: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """When a poll has said that there is something to wait for."""
    monkeypatch.setattr("runtime.calls.waiting.FIRST_DISTANCE", 0.0)
    plan.told = [["state", "cut"], ["state", "cut"]]
    check_all_was_told(subscribe(twin))
    assert [seen.path.rpartition("/")[2] for seen in server.requests("GET")][:-1] == ["stream", "status"] * 2 + [
        "stream"
    ]


@pytest.mark.slow
def test_comments_are_no_silence(server: FalServer, twin: Twin, plan: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.http.connections.held_stream.SILENCE_SECONDS", 2.0)
    plan.told = [["state", *[0.5, KEEP_ALIVE] * 6]]
    check_all_was_told(subscribe(twin))
    assert count(server, "/status") == 0


# When it is over before its end.


def test_a_deadline_ends_a_stream(server: FalServer, twin: Twin, plan: Any) -> None:
    """Nothing else would end this one: there is no silence in it, and no event."""
    plan.told = [["state", *[b":", 0.02] * 3000]]
    with pytest.raises(errors.DeadlineExceededError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x"), timeout=1.0)
    assert caught.value.cancel == "CANCELLATION_REQUESTED"
    assert count(server, "/status") == 0


def client_of(twin: Twin, connections: int | None) -> Any:
    """A client of httpx of the caller's own."""
    return (httpx.AsyncClient if twin.is_async else httpx.Client)(limits=httpx.Limits(max_connections=connections))


def free(client: Any) -> int:
    """How many slots there are left."""
    return len(stream_slots._free[client])


def nothing_is_held(client: Any) -> bool:
    return free(client) == 2 and not client._transport._pool._requests


class MineError(Exception):
    """Of a callback."""


def mine(_: object) -> None:
    raise MineError


def mine_stream(request: httpx.Request) -> None:
    if request.url.path.endswith("/stream"):
        raise MineError


async def amine_stream(request: httpx.Request) -> None:
    mine_stream(request)


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody relies on what happens to slots that are forgotten."""
    monkeypatch.delattr(stream_slots.Slot, "__del__")


ENDS = ["success", "failure", "refusal", "outage", "hook", "callback", "deadline", "left", "dropped"]


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize("end", ENDS)
def test_a_stream_gives_its_slot_back_once(server: FalServer, twin: Twin, plan: Any, end: str) -> None:
    plan.told = [["state", "silent"]] if end in ("callback", "deadline", "left", "dropped") else []
    client = client_of(twin, 4)
    if end == "failure":
        plan.always["stream"] = plan.always["status"] = Reply(401, {"detail": "no"})
    elif end in ("refusal", "outage"):
        plan.always["stream"] = Reply(404) if end == "refusal" else faults.DROPPED
    elif end == "hook":
        client.event_hooks = {"request": [amine_stream if twin.is_async else mine_stream]}

    def steps(fal: Any) -> Steps:
        endpoint = fal.flux_1.schnell.with_options(timeout=0.2 if end == "deadline" else None)
        if end in ("left", "dropped"):
            updates = (yield endpoint.submit(prompt="x")).updates()
            yield anext(updates) if twin.is_async else next(updates)
            assert free(client) == 1
            if end == "left":
                yield updates.aclose() if twin.is_async else updates.close()
            del updates
            yield asyncio.sleep(0.05) if twin.is_async else None  # an iterator that is dropped is closed by its loop
        else:
            callback = mine if end == "callback" else None
            try:
                yield endpoint.subscribe(prompt="x", on_queue_update=callback)
            except (errors.FalError, MineError):
                assert end in ("failure", "hook", "callback", "deadline")
        assert nothing_is_held(client)
        yield client.aclose() if twin.is_async else client.close()

    twin.do(steps, http_client=client)


@pytest.mark.usefixtures("by_hand")
@pytest.mark.parametrize("when", ["opening", "reading"])
def test_a_task_that_is_cancelled_leaves_no_stream(server: FalServer, plan: Any, when: str) -> None:
    plan.told = [["state", "silent"]]
    if when == "opening":
        plan.always["stream"] = faults.SILENT

    async def main() -> None:
        async with httpx.AsyncClient(limits=httpx.Limits(max_connections=4)) as client:
            fal = AsyncFal(KEY, hosts=Twin(server, is_async=True).hosts, http_client=client)
            told = asyncio.Event()
            call = fal.flux_1.schnell.subscribe(prompt="x", on_queue_update=lambda _: told.set())
            task = asyncio.create_task(call)
            if when == "reading":
                await told.wait()
            await asyncio.to_thread(until, lambda: count(server, "/stream"), "nobody opens a stream")
            assert free(client) == 1
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert nothing_is_held(client)
            await asyncio.to_thread(until, lambda: server.open_connections <= 1, "the stream is still open")

    asyncio.run(main())


@pytest.mark.parametrize("told", [["state", "silent"], ["state", "state", "silent"], [GARBLED["text"], "silent"]])
def test_a_stream_that_is_closed_early_leaves_no_task(server: FalServer, plan: Any, told: list[Any]) -> None:
    """As iterators do that are dropped before their end."""
    plan.told = [told]

    async def main() -> None:
        async with AsyncFal(KEY, hosts=Twin(server, is_async=True).hosts) as fal:
            with pytest.raises(MineError):
                await fal.flux_1.schnell.subscribe(prompt="x", on_queue_update=mine)
            await asyncio.sleep(0)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to every process of a terminal")
@pytest.mark.usefixtures("by_hand")
def test_ctrl_c_leaves_no_stream(server: FalServer, plan: Any) -> None:
    plan.told = [["state", "silent"]]
    with httpx.Client(limits=httpx.Limits(max_connections=4)) as client:
        fal = Fal(KEY, hosts=Twin(server, is_async=False).hosts, http_client=client)

        def interrupt(_: object) -> None:
            threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()

        with pytest.raises(KeyboardInterrupt):
            fal.flux_1.schnell.subscribe(prompt="x", on_queue_update=interrupt)
        assert nothing_is_held(client)
        until(lambda: server.open_connections <= 1, "the stream is still open")


# How many there are.


def test_streams_take_half_of_a_pool(server: FalServer, twin: Twin, plan: Any) -> None:
    """Of ten calls that wait at once on four connections two hold one, and the others ask by turns."""
    gate = Gate()
    plan.told = [["state", gate] for _ in range(10)]
    plan.states = [in_progress(), *[in_progress()] * 10_000]
    plan.answers = lambda given: {**OUTPUT, "seed": int(given["prompt"])}
    client = client_of(twin, 4)

    def done() -> bool:
        plan.states[:] = [completed()]
        gate.open()
        return True

    def watch() -> None:
        until(lambda: count(server, "/status") > 50 and count(server, "/status/stream") >= 2, "they do not wait")
        seen.append((count(server, "/status/stream"), len(server.requests("POST")), free(client)))
        done()

    seen: list[tuple[int, int, int]] = []
    watcher = threading.Thread(target=watch)
    watcher.start()
    numbers = range(10)
    if twin.is_async:

        async def main() -> list[Any]:
            async with client:
                fal = AsyncFal(KEY, hosts=twin.hosts, http_client=client)
                outputs = await asyncio.gather(*(fal.flux_1.schnell.subscribe(prompt=str(i)) for i in numbers))
                assert nothing_is_held(client)
                return outputs

        outputs = asyncio.run(main())
    else:
        with client, ThreadPoolExecutor(10) as pool:
            fal = Fal(KEY, hosts=twin.hosts, http_client=client)
            outputs = list(pool.map(lambda i: fal.flux_1.schnell.subscribe(prompt=str(i)), numbers))
            assert nothing_is_held(client)
    watcher.join()
    assert seen == [(2, 10, 0)]
    assert [output.seed for output in outputs] == [*numbers]
    assert count(server, "/status/stream") == 2


@pytest.mark.parametrize(("connections", "slots"), [(1, 0), (2, 1), (5, 2), (1000, 500), (100_000, 500), (None, 500)])
def test_half_of_what_a_client_has(twin: Twin, connections: int | None, slots: int) -> None:
    client = client_of(twin, connections)
    taken = [stream_slots.take_slot(client) for _ in range(slots)]
    assert all(taken)
    assert stream_slots.take_slot(client) is None
    for slot in taken[1:] * 2:  # the second time does nothing
        assert slot is not None
        slot.release()
    slot = None
    del taken  # and what is forgotten is given back
    assert free(client) == slots


def test_a_pool_of_our_own_has_500(twin: Twin) -> None:
    def steps(fal: Any) -> Any:
        stream_slots.take_slot(client := fal._session.transport.client())
        assert free(client) == 500
        return asyncio.sleep(0) if twin.is_async else None

    twin.do(steps)


def test_an_unknown_pool_has_four_and_the_smallest_counts() -> None:
    other = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200)))
    stream_slots.take_slot(other)
    assert free(other) == 4
    proxied = httpx.HTTPTransport(limits=httpx.Limits(max_connections=10))
    mounted = httpx.Client(mounts={"https://": proxied})
    stream_slots.take_slot(mounted)
    assert free(mounted) == 5


def test_clients_that_share_a_pool_share_its_half(server: FalServer, twin: Twin, plan: Any) -> None:
    client = client_of(twin, 2)
    first, second = (twin.client(http_client=client) for _ in range(2))
    plan.told = [["state", "silent"], ["state", "silent"]]

    def steps(_: Any) -> Steps:
        handle = yield first.flux_1.schnell.submit(prompt="x")
        updates = handle.updates()
        yield anext(updates) if twin.is_async else next(updates)
        yield second.flux_1.schnell.subscribe(prompt="x")
        yield updates.aclose() if twin.is_async else updates.close()
        assert free(client) == 1
        yield client.aclose() if twin.is_async else client.close()

    twin.do(steps)
    assert count(server, "/status/stream") == 1


def test_a_forked_child_has_all_slots(twin: Twin) -> None:
    client = client_of(twin, 4)
    held = stream_slots.take_slot(client)
    fal = twin.client(http_client=client)
    transport = fal._session.transport
    assert free(client) == 1
    transport.after_fork()
    taken = [stream_slots.take_slot(client) for _ in range(3)]
    assert [slot is None for slot in taken] == [False, False, True]
    assert held is not None
    held.release()  # its parent's
    assert free(client) == 0


# Other ways to fal.


def test_over_http_2_calls_poll(twin: Twin) -> None:
    """A connection is everybody's there, and would not survive that a read is given up."""
    asked: list[str] = []

    def fal(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path.rpartition("/")[2])
        if asked[-1] == "stream":
            headers, content = {"content-type": "text/event-stream"}, event({"status": "COMPLETED"})
            return httpx.Response(200, headers=headers, content=content, extensions={"http_version": b"HTTP/2"})
        if request.method == "POST":
            return httpx.Response(200, json={"request_id": "r"})
        return httpx.Response(200, json={"status": "COMPLETED"} if asked[-1] == "status" else OUTPUT)

    kind = httpx.AsyncClient if twin.is_async else httpx.Client
    subscribe(twin, times=2, http_client=kind(transport=httpx.MockTransport(fal)))
    assert asked == ["schnell", "stream", "status", "r", "schnell", "status", "r"]


@pytest.mark.parametrize(
    ("status", "body", "seconds"), [(404, {}, 600), (404, {"status": "NOT_FOUND"}, 0), (401, {}, 0)]
)
def test_a_host_that_has_no_streams_is_polled_for_ten_minutes(status: int, body: Any, seconds: int) -> None:
    assert StreamHost().seconds_without(Answer(status, {}, json.dumps(body).encode())) == seconds


def test_a_host_whose_streams_say_nothing_is_polled_for_a_minute() -> None:
    assert StreamHost().seconds_without(None) == 60
