"""Streams over real sockets, on both clients."""

from __future__ import annotations

import asyncio
import gc
import logging
import socket
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import faults, until
from fal_server.plan import Reply
from fal_server.stream import FOREVER, KEEP_ALIVE, event
from runtime import errors
from runtime.http.hosts import Hosts
from runtime.outputs.model import response_info
from runtime_sample import AsyncFal, Fal, SchnellOutput
from runtime_twin import KEY, OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from fal_server import FalServer

PATH = f"{SCHNELL}/stream"
PARTIAL = {"images": [{"url": "https://v3.fal.media/partial.png"}]}


@contextmanager
def until_closed(body: bytes, seconds: float = 0.0) -> Iterator[str]:
    """A server of one answer whose body ends with the connection; it waits before it closes that."""
    head = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
    done = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            connection, _address = listening.accept()
            with connection:
                received = b""
                while not received.endswith(b"}"):  # what is left unread would reset the connection
                    received += connection.recv(65536)
                connection.sendall(head + body)
                done.wait(seconds)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        done.set()
        thread.join()


def answering(twin: Twin, chunks: list[bytes], headers: dict[str, str]) -> Any:
    """A client of httpx, without sockets, that gets these chunks."""

    async def later() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk

    def answer(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers=headers, content=later() if twin.is_async else iter(chunks))

    transport = httpx.MockTransport(answer)
    return httpx.AsyncClient(transport=transport) if twin.is_async else httpx.Client(transport=transport)


def read(
    twin: Twin,
    *,
    open_: Callable[[Any], Any] = lambda fal: fal.flux_1.schnell.stream(prompt="x"),
    limit: int | None = None,
    output: bool = False,
    seen: list[Any] | None = None,
    stream: list[Any] | None = None,
    **settings: Any,
) -> Any:
    """Open a stream and read it: its events, or with `output` the output, in a form that serves both clients.

    Args:
        twin: Which client.
        open_: Makes the stream.
        limit: Read so many events.
        output: Ask for the output after that.
        seen: Where events go as they come.
        stream: Where the stream goes, for looking at it afterwards.
        settings: Of the client.
    """
    found = [] if seen is None else seen
    kept = [] if stream is None else stream

    def sync(fal: Fal) -> Any:
        with open_(fal) as events:
            kept.append(events)
            while limit is None or len(found) < limit:
                try:
                    found.append(next(events))
                except StopIteration:
                    break
            return events.output() if output else found

    async def asynchronous(fal: AsyncFal) -> Any:
        async with open_(fal) as events:
            kept.append(events)
            while limit is None or len(found) < limit:
                try:
                    found.append(await anext(events))
                except StopAsyncIteration:
                    break
            return await events.output() if output else found

    return twin.do(asynchronous if twin.is_async else sync, **settings)


def test_events_come_as_dicts_and_the_last_is_the_output(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(PARTIAL), KEEP_ALIVE, event({"step": 2}), event(OUTPUT), **{"X-Fal-Billable-Units": "2"})
    seen: list[Any] = []
    stream: list[Any] = []
    out = read(twin, output=True, seen=seen, stream=stream)
    assert seen == [PARTIAL, {"step": 2}, OUTPUT]
    assert isinstance(out, SchnellOutput)
    assert out.images[0].width == 64
    info = response_info(out)
    assert (info.request_id, info.billable_units) == ("stream-1", 2.0)
    assert (stream[0].last, stream[0].request_id) == (OUTPUT, "stream-1")
    (request,) = server.seen
    assert (request.method, request.path, request.json) == ("POST", f"/run/{PATH}", {"prompt": "x"})
    assert request.headers["accept"] == "text/event-stream"
    assert request.headers["authorization"] == f"Key {KEY}"


def test_output_reads_the_rest(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(PARTIAL), event(PARTIAL), event(OUTPUT))
    seen: list[Any] = []
    assert read(twin, output=True, limit=1, seen=seen).seed == 7
    assert seen == [PARTIAL]


def test_events_of_a_stream_with_a_document_are_models(
    server: FalServer, twin: Twin, caplog: pytest.LogCaptureFixture
) -> None:
    server.stream(PATH, event(PARTIAL), event(OUTPUT))
    with caplog.at_level(logging.WARNING):
        events = read(twin, open_=lambda fal: fal.stream_.stream(prompt="x"))
    assert server.seen[0].path == f"/run/{PATH}", "an id that ends so gets no second /stream"
    assert [type(each) for each in events] == [SchnellOutput, SchnellOutput]
    assert (events[0].seed, events[1].seed) == (None, 7)
    assert [r.getMessage() for r in caplog.records] == [
        f"{PATH}: the output does not match its document at seed (missing)"
    ]


@pytest.mark.parametrize(
    ("chunks", "expected"),
    [
        ([b'data: {\ndata: "a":\ndata: 1}\n\n'], [{"a": 1}]),
        ([b": hello\n\n", b":\n", b"data: 1\n\n"], [1]),
        ([b'data:{"a"', b": 1", b"}\n", b"\n"], [{"a": 1}]),
        ([b"id: 4\nretry: 10\n\n", b"data: 1\n\n", b"\n\n\n", b"data: 2\n\n"], [1, 2]),
        ([b"data: 1\r\n\r\ndata: 2\r\rdata: 3\n\n"], [1, 2, 3]),
        ([b"\xef\xbb\xbfdata: 1\n\n"], [1]),
        (['data: "ä'.encode()[:-1], 'ä"\n\n'.encode()[1:]], ["ä"]),
        (['data: "a\u2028b\u0085"\n\n'.encode()], ["a\u2028b\u0085"]),
        ([b"event: progress\ndata: 1\n\n"], [1]),
        ([b"nonsense\nfield: x\ndata: 1\n\n"], [1]),
        ([b"data: 1\n\ndata: [DONE]\n\n"], [1]),
        ([b"data: null\n\n"], [None]),
        ([b"data: 1\n\n", b'data: {"a": 2}\n'], [1, {"a": 2}]),
        ([b"data: 1\n\n", b'data: {"a": 2}'], [1, {"a": 2}]),
    ],
)
def test_every_form_of_an_event_stream(twin: Twin, chunks: list[bytes], expected: list[Any]) -> None:
    headers = {"content-type": "Text/Event-Stream; charset=latin-1"}
    assert read(twin, http_client=answering(twin, chunks, headers)) == expected


def test_an_event_of_five_megabytes(server: FalServer, twin: Twin) -> None:
    large = {"images": [{"url": "data:image/png;base64," + "A" * 5_000_000}], "seed": 1}
    server.stream(PATH, event(PARTIAL), event(large))
    started = time.process_time()
    assert read(twin, output=True).model_dump(exclude_unset=True) == large
    assert time.process_time() - started < 10  # a twentieth of it; by looking again at what has come it would be more


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(401, {"detail": "no such key"}), errors.AuthenticationError),
        (faults.model_error(422), errors.ModelError),
        (Reply(422, {"detail": [{"loc": ["body", "prompt"], "msg": "no", "type": "content_policy_violation"}]}),
         errors.ContentPolicyError),
        (Reply(500, b"data: {}\n\n", {"content-type": "text/event-stream"}), errors.ServerError),
    ],
)  # fmt: skip
def test_an_error_before_the_stream_keeps_its_body(
    server: FalServer, twin: Twin, reply: Reply, kind: type[errors.APIStatusError]
) -> None:
    server.plan(PATH, always={"run": reply})
    with pytest.raises(errors.APIStatusError) as caught:
        read(twin)
    assert type(caught.value) is kind
    assert caught.value.body == (reply.body if not isinstance(reply.body, bytes) else reply.body.decode())
    assert len(server.seen) == 1


@pytest.mark.usefixtures("fals_own")
def test_what_was_not_accepted_is_sent_again(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(OUTPUT))
    server.plan(PATH, first={"run": [faults.too_many(), faults.ingress(503)]})
    assert read(twin, output=True).seed == 7
    assert len(server.seen) == 3


def test_a_dropped_connection_is_not_asked_again(server: FalServer, twin: Twin) -> None:
    server.plan(PATH, always={"run": faults.DROPPED})
    with pytest.raises(errors.APIConnectionError) as caught:
        read(twin)
    assert caught.value.maybe_submitted
    assert len(server.seen) == 1


@pytest.mark.parametrize("rest", [b"", b'data: {"images": [', b'data: {"images": []}'])
def test_a_stream_that_breaks_off_keeps_what_came(server: FalServer, twin: Twin, rest: bytes) -> None:
    server.stream(PATH, event(PARTIAL), event({"step": 2}), rest or KEEP_ALIVE, "cut")
    seen: list[Any] = []
    stream: list[Any] = []
    with pytest.raises(errors.APIConnectionError, match="broke off after 2 events") as caught:
        read(twin, seen=seen, stream=stream)
    assert (caught.value.maybe_submitted, caught.value.request_id) == (True, "stream-1")
    assert seen == [PARTIAL, {"step": 2}]
    assert stream[0].last == {"step": 2}
    assert len(server.seen) == 1, "a POST is not repeated"
    with pytest.raises(errors.APIConnectionError, match="broke off"):
        read(twin, output=True)


def test_an_unfinished_event_without_chunks_is_a_break(twin: Twin) -> None:
    broken = pytest.raises(errors.APIConnectionError, match="broke off within an event, after 1 event")
    with until_closed(event(PARTIAL) + b'data: {"images": [') as url, broken:
        read(twin, hosts=Hosts(run=url, queue=url))


def test_output_after_a_break_says_so_again(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(OUTPUT), "cut")

    def sync(fal: Fal) -> None:
        with fal.flux_1.schnell.stream(prompt="x") as events:
            for _attempt in range(2):
                with pytest.raises(errors.APIConnectionError):
                    events.output()

    async def asynchronous(fal: AsyncFal) -> None:
        async with fal.flux_1.schnell.stream(prompt="x") as events:
            for _attempt in range(2):
                with pytest.raises(errors.APIConnectionError):
                    await events.output()

    twin.do(asynchronous if twin.is_async else sync)


@pytest.mark.parametrize(
    "odd",
    [b"data: <html>\n\n", b"event: ping\ndata: ping\n\n", b"data: [DONE] \n\n", b"data: " + b"[" * 100_000 + b"\n\n"],
    ids=["html", "ping", "a mark", "too deep"],
)
def test_an_odd_event_in_the_midst_costs_nothing(
    server: FalServer, twin: Twin, odd: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    server.stream(PATH, event(PARTIAL), odd, event(OUTPUT))
    seen: list[Any] = []
    with caplog.at_level(logging.WARNING, "runtime"):
        assert read(twin, output=True, seen=seen).seed == 7
    assert seen == [PARTIAL, OUTPUT]
    told = [record.getMessage() for record in caplog.records]
    wanted = [] if b"DONE" in odd else [f"200 from {SCHNELL}: an event is not JSON, after 1 event"]
    assert [each.partition(" (")[0] for each in told] == wanted


def test_the_last_event_decides(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(PARTIAL), b"data: <html>\n\n")
    seen: list[Any] = []
    stream: list[Any] = []
    with pytest.raises(errors.InvalidResponseError, match="an event is not JSON, after 1 event ") as caught:
        read(twin, seen=seen, stream=stream)
    assert caught.value.content == b"<html>"
    assert seen == [stream[0].last] == [PARTIAL]


def test_an_error_event_in_plain_text(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(PARTIAL), b"event: error\ndata: Internal Server Error\n\n", event(OUTPUT))
    with pytest.raises(errors.RequestFailedError, match="Internal Server Error") as caught:
        read(twin)
    assert (caught.value.body, caught.value.error_type) == ("Internal Server Error", None)


def test_an_error_event_without_a_word(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(PARTIAL), b"event: error\ndata:\n\n")
    with pytest.raises(errors.RequestFailedError, match="no message"):
        read(twin)


def test_an_error_event_is_an_error(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(PARTIAL), event({"detail": "out of memory", "error_type": "oom"}, event="error"))
    with pytest.raises(errors.RequestFailedError, match=r"out of memory \[oom\]") as caught:
        read(twin)
    assert caught.value.body == {"detail": "out of memory", "error_type": "oom"}


def test_a_stream_without_events_has_no_output(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, KEEP_ALIVE)
    assert read(twin) == []
    with pytest.raises(errors.InvalidResponseError, match="ended without an event"):
        read(twin, output=True)


def test_an_answer_that_is_no_stream_is_one_event(server: FalServer, twin: Twin) -> None:
    server.plan(PATH, output=OUTPUT)
    seen: list[Any] = []
    assert read(twin, output=True, seen=seen).seed == 7
    assert seen == [OUTPUT]


def test_bytes_that_are_neither_are_kept(server: FalServer, twin: Twin) -> None:
    server.plan(PATH, always={"run": Reply(200, b"\xff\xfbmp3", {"content-type": "audio/mpeg"})})
    with pytest.raises(errors.InvalidResponseError, match="neither events nor JSON") as caught:
        read(twin)
    assert caught.value.content == b"\xff\xfbmp3"


@pytest.mark.parametrize("limit", [0, 1])
def test_leaving_early_closes_the_connection(server: FalServer, twin: Twin, limit: int) -> None:
    plan = server.stream(PATH, event(PARTIAL), *[event({"step": 1}), 0.05] * 100_000)
    client = None if twin.is_async else httpx.Client()  # not closed with ours, so that the connection must be
    assert read(twin, limit=limit, http_client=client) == [PARTIAL][:limit]
    until(plan.left.is_set, "the server goes on")


def test_an_output_after_leaving_early_is_none(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(PARTIAL), FOREVER)
    stream: list[Any] = []
    read(twin, limit=1, stream=stream)
    with pytest.raises(RuntimeError, match="closed before it ended"):
        asyncio.run(stream[0].output()) if twin.is_async else stream[0].output()


def test_silence_between_events_is_bounded(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(PARTIAL), FOREVER)
    seen: list[Any] = []
    started = time.monotonic()
    with pytest.raises(errors.APITimeoutError):
        read(twin, seen=seen, http_timeout=0.5)
    assert time.monotonic() - started > 0.4
    assert seen == [PARTIAL]
    assert len(server.seen) == 1


def test_keep_alives_are_no_silence(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(PARTIAL), *[0.2, KEEP_ALIVE] * 9, event(OUTPUT))
    assert read(twin, http_timeout=1.5, output=True).seed == 7


def test_the_head_may_take_as_long_as_the_model(server: FalServer, twin: Twin) -> None:
    server.plan(PATH, output=OUTPUT, always={"run": faults.delayed(1.3)})
    assert read(twin, http_timeout=1.0, output=True).seed == 7


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("timeout", "steps"),
    [
        (0.5, [event(PARTIAL), FOREVER]),
        (0.8, [0.5, event(PARTIAL), FOREVER]),  # what is left when the body begins is more than when the last read does
        (0.5, [event(PARTIAL), *[KEEP_ALIVE, 0.05] * 100_000]),
        (0.5, [event(PARTIAL), *[event({"step": 1}), 0.05] * 100_000]),
    ],
)
def test_the_deadline_ends_a_stream(server: FalServer, twin: Twin, timeout: float, steps: list[Any]) -> None:
    """Nothing else would: events come for ever, or silence is."""
    plan = server.stream(PATH, *steps)
    started = time.monotonic()
    with pytest.raises(errors.DeadlineExceededError) as caught:
        read(twin, timeout=timeout, http_timeout=600)
    assert time.monotonic() - started > timeout - 0.1
    assert caught.value.request_id in ("stream-1", None)  # None if the head was not there yet, on a busy machine
    if caught.value.request_id is not None:
        until(plan.left.is_set, "the server goes on")


def test_the_deadline_ends_a_stream_without_an_end(twin: Twin) -> None:
    """Shut down by us, such a connection looks as if the server had nothing more to say."""
    with until_closed(event(PARTIAL), seconds=FOREVER) as url, pytest.raises(errors.DeadlineExceededError):
        read(twin, timeout=0.4, http_timeout=600, hosts=Hosts(run=url, queue=url))


def test_nothing_is_sent_before_the_block(server: FalServer, twin: Twin) -> None:
    def steps(fal: Any) -> None:
        stream = fal.flux_1.schnell.stream(prompt="x")
        assert repr(stream).endswith(f"Stream {SCHNELL} not opened>")
        assert (stream.last, stream.request_id) == (None, None)
        with pytest.raises(RuntimeError, match="not open before its"):
            stream.__anext__().send(None) if twin.is_async else next(stream)
        with pytest.raises(errors.InvalidInputError, match="nothing was sent"):
            fal.flux_1.schnell.stream(promt="x")

    twin.do(steps)
    assert not server.seen


def test_a_stream_is_read_once(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(OUTPUT))
    stream: list[Any] = []
    read(twin, stream=stream)
    with pytest.raises(RuntimeError, match="read once"):
        read(twin, open_=lambda fal: stream[0])
    assert len(server.seen) == 1


def test_options_apply(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(OUTPUT))
    options: dict[str, Any] = {"start_timeout": 20, "headers": {"x-a": "b"}, "extra_input": {"new": 1}}
    read(twin, open_=lambda fal: fal.flux_1.schnell.with_options(**options).stream(prompt="x"))
    (request,) = server.seen
    assert request.headers["x-fal-request-start-timeout"] == "20"
    assert (request.headers["x-a"], request.json) == ("b", {"prompt": "x", "new": 1})


@pytest.mark.parametrize(
    ("endpoint_id", "options", "path"),
    [
        ("me/app", {}, "me/app/stream"),
        ("me/app/stream", {}, "me/app/stream"),
        ("me/app", {"path": "/more/events"}, "me/app/more/events"),
        ("me/app", {"path": "events"}, "me/app/events"),
        ("me/app", {"path": ""}, "me/app"),
    ],
)
def test_an_endpoint_that_was_not_generated(
    server: FalServer, twin: Twin, endpoint_id: str, options: dict[str, Any], path: str
) -> None:
    server.stream(path, event({"a": 1}), event({"a": 2}))
    out = read(twin, output=True, open_=lambda fal: fal.endpoint(endpoint_id).stream({"path": 3}, x=1, **options))
    assert out == {"a": 2}
    assert (server.seen[0].path, server.seen[0].json) == (f"/run/{path}", {"path": 3, "x": 1})


@pytest.mark.parametrize("path", ["/../x", "//x", "/a b", "/a?b", "/a%2fb", "/x/", "/."])
def test_a_path_that_is_none(server: FalServer, twin: Twin, path: str) -> None:
    with pytest.raises(ValueError, match="path must be like"):
        read(twin, open_=lambda fal: fal.endpoint("me/app").stream(path=path))
    with pytest.raises(TypeError, match="path must be a str"):
        read(twin, open_=lambda fal: fal.endpoint("me/app").stream(path=3))


def test_a_cancelled_task_leaves_no_connection(server: FalServer) -> None:
    plan = server.stream(PATH, event(PARTIAL), FOREVER)

    async def main() -> None:
        async with AsyncFal(KEY, hosts=Hosts(run=server.run_url, queue=server.queue_url)) as fal:

            async def reading() -> None:
                async with fal.flux_1.schnell.stream(prompt="x") as events:
                    async for _event in events:
                        pass

            task = asyncio.create_task(reading())
            await asyncio.to_thread(until, lambda: plan.sent, "nobody listens")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            await asyncio.to_thread(until, plan.left.is_set, "the server goes on")

    asyncio.run(main())


def test_leaving_early_leaves_no_generator_to_the_collector(server: FalServer) -> None:
    """It would be closed some time later, by a task of which nobody knows."""
    server.stream(PATH, event(PARTIAL), FOREVER)
    left: list[str] = []

    async def main() -> None:
        sys.set_asyncgen_hooks(finalizer=lambda generator: left.append(generator.__qualname__))
        async with AsyncFal(KEY, hosts=Hosts(run=server.run_url, queue=server.queue_url)) as fal:
            async with fal.flux_1.schnell.stream(prompt="x") as events:
                await anext(events)
            del events
            gc.collect()
            assert {"_read", "_read_events", "EventSource.aiter_sse"}.isdisjoint(left), (
                "httpx-sse leaves some of its own"
            )

    asyncio.run(main())


def test_an_injected_client_without_sockets(twin: Twin) -> None:
    client = answering(twin, [event(OUTPUT)], {"content-type": "text/event-stream"})
    assert read(twin, output=True, http_client=client, timeout=5).seed == 7
