"""What both clients tell of their calls, over real sockets."""

from __future__ import annotations

import asyncio
import io
import logging
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from fal_server import faults
from fal_server.plan import in_progress
from fal_server.stream import event as stream_event
from heard import Heard
from runtime import errors
from runtime.calls.watching import followed
from runtime.events import kinds
from runtime.events.watch import Listener, Watch
from runtime_twin import OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer
    from runtime_sample import AsyncFal

GENERATED = Path(__file__).resolve().parents[3] / "generated"


def test_a_subscription_is_told_from_its_beginning_to_its_end(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].result_headers = {"X-Fal-Billable-Units": "2.5"}
    heard, told = Heard(), list[Any]()
    twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="a cat", on_queue_update=told.append), on_event=heard)
    assert heard.kinds() == ["Started", "Submitted", *["Updated"] * len(told), "Completed"]
    assert [event.status for event in heard.of(kinds.Updated)] == told
    (started,), (ended,) = heard.of(kinds.Started), heard.of(kinds.Completed)
    assert (started.verb, started.request_id) == ("subscribe", None)
    assert ended.billable_units == 2.5
    assert {event.request_id for event in heard[1:]} == {told[-1].request_id}
    assert {event.endpoint for event in heard} == {SCHNELL}
    assert len({event.call for event in heard}) == 1
    assert sorted(event.seconds for event in heard) == [event.seconds for event in heard]
    assert 0 <= started.seconds <= ended.seconds < 60


def test_a_run_is_told_with_the_id_of_its_answer(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].result_headers = {"x-fal-request-id": "run-7"}
    heard = Heard()
    twin.do(lambda fal: fal.flux_1.schnell.run(prompt="a cat"), on_event=heard)
    assert heard.kinds() == ["Started", "Completed"]
    assert heard[-1].request_id == "run-7"


def test_what_comes_after_a_submit_is_told_as_calls_of_their_own(twin: Twin) -> None:
    heard = Heard()

    def steps(fal: Any) -> Any:
        handle = yield fal.flux_1.schnell.submit(prompt="a cat")
        assert heard.kinds() == ["Started", "Submitted", "Closed"]
        heard.clear()
        updates = yield handle.updates()
        assert heard.kinds() == ["Started", *["Updated"] * len(updates), "Completed"]
        yield handle.result()
        yield fal.flux_1.schnell.request(handle.request_id).result()
        yield fal.request(handle.to_dict()).result()
        yield handle.status()
        yield handle.cancel()
        assert [event.verb for event in heard.of(kinds.Started)] == ["updates", "result", "result", "result"]
        assert {event.request_id for event in heard} == {handle.request_id}
        assert len({event.call for event in heard}) == 4

    twin.do(steps, on_event=heard)


def test_an_error_is_told_and_raised(server: FalServer, twin: Twin) -> None:
    heard = Heard()
    with pytest.raises(errors.InvalidInputError) as raised:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt=1), on_event=heard)
    assert heard.kinds() == ["Started", "Failed"]
    assert heard.of(kinds.Failed)[0].error is raised.value
    heard.clear()
    server.plans[SCHNELL].always["run"] = faults.model_error()
    with pytest.raises(errors.ServerError):
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), on_event=heard)
    assert heard.kinds() == ["Started", "Failed"]
    assert heard[-1].request_id == "run-1"


def test_what_a_callback_raises_ends_the_call(twin: Twin) -> None:
    heard, error = Heard(), ValueError("mine")

    def refuse(_: object) -> None:
        raise error

    with pytest.raises(ValueError, match="mine"):
        twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x", on_queue_update=refuse), on_event=heard)
    assert heard.kinds() == ["Started", "Submitted", "Updated", "Failed"]
    assert heard.of(kinds.Failed)[0].error is error


@pytest.mark.usefixtures("fals_own")
@pytest.mark.parametrize("verb", ["run", "submit"])
def test_each_retry_is_told(server: FalServer, twin: Twin, verb: str) -> None:
    server.plans[SCHNELL].first[verb] = [faults.too_many(), faults.temporary(503)]
    heard = Heard()
    twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"), on_event=heard)
    retried = heard.of(kinds.Retried)
    assert [(event.purpose, event.attempt) for event in retried] == [(verb, 2), (verb, 3)]
    assert retried[0].reason == "429"
    assert "503" in retried[1].reason
    assert all(0 < event.wait < 1 for event in retried)


def test_uploads_are_told_with_names_and_sizes(twin: Twin, tmp_path: Path) -> None:
    cat = tmp_path / "cat.png"
    cat.write_bytes(b"\x89PNG\r\n\x1a\n" + b"x" * 1000)
    heard = Heard()
    files = {"image_url": cat, "image_urls": [b"\xff\xd8\xff one", io.BytesIO(b"two")]}
    twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x", **files), on_event=heard)
    assert heard.kinds()[:5] == ["Started", "Uploaded", "Uploaded", "Uploaded", "Submitted"]
    told = {(event.name, event.content_type, event.size) for event in heard.of(kinds.Uploaded)}
    assert told == {
        ("cat.png", "image/png", 1008),
        ("upload.jpg", "image/jpeg", 7),
        ("upload", "application/octet-stream", 3),
    }


class Mover(Listener):
    """Keeps how far uploads are."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int, int | None]] = []

    def moved(self, call: int, name: str, moved: int, total: int | None) -> None:
        self.seen.append((name, moved, total))


def test_the_bytes_of_uploads_are_told_as_they_go(twin: Twin) -> None:
    mover = Mover()

    def steps(fal: Any) -> Any:
        fal._session.on_event = mover
        yield fal.flux_1.schnell.run(prompt="x", image_url=b"x" * 1_000_000)

    twin.do(steps)
    assert {(name, total) for name, _, total in mover.seen} == {("upload", 1_000_000)}
    moved = [moved for _, moved, _ in mover.seen]
    assert len(moved) > 2
    assert moved == sorted(moved)
    assert moved[-1] == 1_000_000


async def _stream(fal: Any, limit: int | None) -> None:
    async with fal.flux_1.schnell.stream(prompt="x") as events:
        for _ in range(limit or 9):
            if await anext(events, None) is None:
                break


def _stream_sync(fal: Any, limit: int | None) -> None:
    with fal.flux_1.schnell.stream(prompt="x") as events:
        for _ in range(limit or 9):
            if next(events, None) is None:
                break


@pytest.mark.parametrize(("limit", "end"), [(None, "Completed"), (1, "Closed")])
def test_a_stream_is_told_to_its_end(server: FalServer, twin: Twin, limit: int | None, end: str) -> None:
    server.stream(f"{SCHNELL}/stream", stream_event({"a": 1}), stream_event(OUTPUT), **{"X-Fal-Billable-Units": "2"})
    heard = Heard()
    twin.do(partial(_stream if twin.is_async else _stream_sync, limit=limit), on_event=heard)
    assert heard.kinds() == ["Started", end]
    assert heard[-1].request_id == "stream-1"
    assert [event.billable_units for event in heard.of(kinds.Completed)] == ([2.0] if end == "Completed" else [])


def test_a_stream_that_breaks_is_told(server: FalServer, twin: Twin) -> None:
    server.stream(f"{SCHNELL}/stream", stream_event({"a": 1}), stream_event({"error": "no"}, event="error"))
    heard = Heard()
    with pytest.raises(errors.RequestFailedError):
        twin.do(partial(_stream if twin.is_async else _stream_sync, limit=None), on_event=heard)
    assert heard.kinds() == ["Started", "Failed"]


def test_updates_that_are_left_are_closed(server: FalServer, twin: Twin) -> None:
    heard = Heard()

    async def later(fal: Any) -> None:
        updates = (await fal.flux_1.schnell.submit(prompt="x")).updates()
        await anext(updates)
        await updates.aclose()

    def sync(fal: Any) -> None:
        updates = fal.flux_1.schnell.submit(prompt="x").updates()
        next(updates)
        updates.close()

    twin.do(later if twin.is_async else sync, on_event=heard)
    assert heard.kinds() == ["Started", "Submitted", "Closed", "Started", "Updated", "Closed"]


def test_a_cancelled_task_is_told(server: FalServer) -> None:
    server.plan(SCHNELL, states=[in_progress()])
    heard = Heard()

    async def main() -> None:
        twin = Twin(server, is_async=True)
        async with cast("AsyncFal", twin.client(on_event=heard)) as fal:
            task = asyncio.create_task(fal.flux_1.schnell.subscribe(prompt="x"))
            while "Updated" not in heard.kinds():
                await asyncio.sleep(0.01)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(main())
    assert heard.kinds()[-1] == "Failed"
    assert isinstance(heard.of(kinds.Failed)[0].error, asyncio.CancelledError)


def test_what_a_handler_raises_is_logged_once_and_breaks_nothing(twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    def refuse(event: kinds.Event) -> None:
        raise ValueError("mine")

    def steps(fal: Any) -> Any:
        for _ in range(2):
            output = yield fal.flux_1.schnell.subscribe(prompt="x")
            assert output.seed == 7

    twin.do(steps, on_event=refuse)
    (record,) = [each for each in caplog.records if each.levelno == logging.WARNING]
    assert "on_event raised" in record.getMessage()
    assert record.exc_info is not None
    assert record.exc_info[0] is ValueError


def test_an_interrupt_within_a_handler_is_one(twin: Twin) -> None:
    def interrupt(event: kinds.Event) -> None:
        if isinstance(event, kinds.Submitted):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        twin.do(lambda fal: fal.flux_1.schnell.submit(prompt="x"), on_event=interrupt)


@pytest.mark.parametrize("kind", ["function", "object", "partial"])
def test_a_coroutine_function_is_refused(twin: Twin, kind: str) -> None:
    async def note(event: kinds.Event) -> None: ...

    class Notes:
        async def __call__(self, event: kinds.Event) -> None: ...

    wrong = {"function": note, "object": Notes(), "partial": partial(note)}[kind]
    with pytest.raises(TypeError, match="on_event must be a plain function"):
        twin.client(on_event=wrong)
    with pytest.raises(TypeError, match="on_event must be callable, not int"):
        twin.client(on_event=1)


def test_a_handler_is_not_pickled(twin: Twin) -> None:
    """It may hold a file, a lock, a whole program."""
    lock = threading.Lock()
    client = twin.client(on_event=lambda event: lock)
    assert "on_event" not in repr(client)
    again = pickle.loads(pickle.dumps(client))
    assert again._session.on_event is None
    handle = pickle.loads(pickle.dumps(client.flux_1.schnell.request("r")))
    assert handle._session.on_event is None
    assert handle._request.call.on_event is None


def test_calls_of_many_threads_are_told_apart(server: FalServer) -> None:
    heard = Heard()
    with Twin(server, is_async=False).client(on_event=heard) as fal, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: fal.flux_1.schnell.run(prompt=str(number)), range(24)))
    calls: dict[int, list[str]] = {}
    for event in heard:
        calls.setdefault(event.call, []).append(type(event).__name__)
    assert len(calls) == 24
    assert all(steps == ["Started", "Completed"] for steps in calls.values())


def test_steps_that_are_left_tell_that_the_call_is_closed() -> None:
    """Also where nothing but the interpreter leaves them."""
    heard = Heard()

    class All(Listener):
        def told(self, event: kinds.Event) -> None:
            heard(event)

    steps = followed(Watch("a/b", "run", [All()]), (n for n in range(9)))  # type: ignore[arg-type]
    assert next(steps) == 0  # type: ignore[comparison-overlap]
    steps.close()
    assert heard.kinds() == ["Started", "Closed"]
    with pytest.raises(GeneratorExit), Watch("a/b", "run", [All()]).begun():
        raise GeneratorExit
    assert heard.kinds() == ["Started", "Closed"] * 2


def test_after_its_end_nothing_of_a_call_is_told() -> None:
    heard = Heard()

    class All(Mover):
        def told(self, event: kinds.Event) -> None:
            heard(event)

    listener = All()
    watch = Watch("a/b", "run", [listener])
    with watch.begun():
        watch.completed(1.0)
        watch.closed()
        watch.retried("run", 2, "429", 0.1)
        watch.moved("a", 1, 2)
    assert heard.kinds() == ["Started", "Completed"]
    assert listener.seen == []


_OFF = """
import sys
import fal_typed, httpx

client = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200, json={"images": []})))
with fal_typed.Fal("a:b", http_client=client) as fal:
    fal.flux_1.schnell.run(prompt="x")
loaded = [name for name in sys.modules if ".events." in name or name.startswith("opentelemetry")]
assert loaded == ["fal_typed._runtime.events.states"], loaded
"""


def test_who_does_not_listen_imports_nothing_of_it() -> None:
    subprocess.run([sys.executable, "-c", _OFF], env={"PYTHONPATH": str(GENERATED)}, check=True)
