"""What stops a wait from outside: it leaves with the request's id, and has fal cancel where that is wanted."""

from __future__ import annotations

import asyncio
import sys
import threading
import traceback
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import anyio
import pytest
from fal_server import FalServer, Reply, faults, interrupt, until
from fal_server.plan import Gate, in_progress
from runtime import errors
from runtime.calls import steps as calls
from runtime.http.exchange import Answer
from runtime.inputs.spec import EndpointSpec
from runtime.options import Options
from runtime.session import Settings
from runtime_sample import AsyncFal
from runtime_twin import KEY, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine


class MineError(Exception):
    """What a callback of the caller raises."""


def notes(error: BaseException) -> list[str]:
    return [note for note in getattr(error, "__notes__", []) if "request id" in note]


def request_id_of(server: FalServer) -> str:
    return server.requests("GET")[0].path.partition("/requests/")[2].partition("/")[0]


def raising(error: BaseException) -> Callable[[object], None]:
    def callback(_: object) -> None:
        raise error

    return callback


@pytest.fixture
def busy(server: FalServer) -> FalServer:
    """A server whose model never ends."""
    server.plan(SCHNELL, states=[in_progress()])
    return server


OTHERS = [
    MineError("mine"),
    KeyboardInterrupt(),
    SystemExit(3),
    errors.APIConnectionError("of another call", maybe_submitted=True, request_id="another"),
    errors.DeadlineExceededError(timeout=1.0, endpoint="another/one", request_id="another"),
    errors.InvalidInputError(endpoint="another/one", problems=[]),
]


@pytest.mark.parametrize("cancels", [None, True])
@pytest.mark.parametrize("index", range(len(OTHERS)), ids=[type(error).__name__ for error in OTHERS])
def test_what_a_callback_raises_leaves_with_the_id(busy: FalServer, twin: Twin, index: int, cancels: bool) -> None:
    raised = OTHERS[index]
    raised.__dict__.pop("__notes__", None)
    caught: list[BaseException] = []

    def steps(fal: Any) -> Any:
        endpoint = fal.flux_1.schnell.with_options(cancel_on_interrupt=cancels)
        return endpoint.subscribe(prompt="x", on_queue_update=raising(raised))

    try:
        twin.do(steps)
    except BaseException as error:
        caught.append(error)
    assert caught == [raised]
    (note,) = notes(raised)
    told = "; cancel: CANCELLATION_REQUESTED" if cancels else ""
    assert note == f"{SCHNELL}: request id {request_id_of(busy)}{told}"
    assert len(busy.requests("PUT")) == (1 if cancels else 0)
    if isinstance(raised, errors.DeadlineExceededError):
        assert raised.cancel is None  # that one is another's


@pytest.mark.parametrize(
    ("reply", "told"),
    [(faults.SILENT, "asked, not answered"), (Reply(404, {"status": "NOT_FOUND"}), "refused with 404")],
)
def test_the_cancellation_may_fail(
    busy: FalServer, twin: Twin, reply: Reply, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has two seconds."""
    assert calls.CANCEL_SECONDS == 2.0
    monkeypatch.setattr(calls, "CANCEL_SECONDS", 0.1)
    busy.plans[SCHNELL].always["cancel"] = reply
    with pytest.raises(MineError) as caught:
        twin.do(
            lambda fal: fal.flux_1.schnell.with_options(cancel_on_interrupt=True).subscribe(
                prompt="x", on_queue_update=raising(MineError())
            ),
            http_timeout=600,
        )
    assert notes(caught.value)[0].endswith(f"; cancel: {told}")


def test_our_own_errors_have_the_id_already(busy: FalServer, twin: Twin) -> None:
    busy.plans[SCHNELL].always["status"] = Reply(401, {"detail": "no"})
    with pytest.raises(errors.AuthenticationError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.with_options(cancel_on_interrupt=True).subscribe(prompt="x"))
    assert caught.value.request_id == request_id_of(busy)
    assert notes(caught.value) == []
    assert busy.requests("PUT") == []


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to every process of a terminal")
@pytest.mark.parametrize("how", ["subscribe", "result", "updates"])
@pytest.mark.parametrize("cancels", [None, True])
def test_ctrl_c_leaves_with_the_id(busy: FalServer, how: str, cancels: bool) -> None:
    """A handle is never cancelled: the caller has it."""
    fal = Twin(busy, is_async=False).client()
    endpoint = fal.flux_1.schnell.with_options(cancel_on_interrupt=cancels, poll_interval=60)

    def wait() -> None:
        thread.start()
        if how == "subscribe":
            endpoint.subscribe(prompt="x")
        else:
            list(getattr(endpoint.submit(prompt="x"), how)())

    thread = threading.Thread(target=interrupt, args=(lambda: busy.requests("GET"), "nobody waits"))
    with fal, pytest.raises(KeyboardInterrupt) as caught:
        wait()
    thread.join()
    assert len(notes(caught.value)) == 1
    assert request_id_of(busy) in notes(caught.value)[0]
    assert len(busy.requests("PUT")) == (1 if cancels and how == "subscribe" else 0)


# Four ways to stop a task that waits. Each ends without an error of its own.


async def _cancelled(call: Coroutine[Any, Any, Any], waits: Callable[[], Coroutine[Any, Any, None]]) -> None:
    task = asyncio.create_task(call)
    await waits()
    task.cancel()
    await asyncio.wait({task})


async def _timed_out(call: Coroutine[Any, Any, Any], waits: Callable[[], Coroutine[Any, Any, None]]) -> None:
    async def after_polling(timeout: asyncio.Timeout) -> None:
        await waits()
        timeout.reschedule(0)

    with suppress(TimeoutError):
        async with asyncio.timeout(None) as timeout:
            other = asyncio.create_task(after_polling(timeout))
            await call
    await other


async def _of_a_group(call: Coroutine[Any, Any, Any], waits: Callable[[], Coroutine[Any, Any, None]]) -> None:
    with suppress(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(call)
            await waits()
            raise MineError


async def _of_a_scope(call: Coroutine[Any, Any, Any], waits: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """As frameworks on anyio cancel: every step that a task takes afterwards is cancelled as well."""
    async with anyio.create_task_group() as group:
        group.start_soon(lambda: call)
        await waits()
        group.cancel_scope.cancel()


@pytest.mark.parametrize("how", ["subscribe", "result", "updates"])
@pytest.mark.parametrize("stop", [_cancelled, _timed_out, _of_a_group, _of_a_scope])
@pytest.mark.parametrize("cancels", [None, True])
def test_a_cancelled_task_leaves_with_the_id(busy: FalServer, how: str, stop: Any, cancels: bool) -> None:
    seen: list[BaseException] = []

    async def called(endpoint: Any) -> None:
        try:
            if how == "subscribe":
                await endpoint.subscribe(prompt="x")
            handle = await endpoint.submit(prompt="x")
            if how == "result":
                await handle.result()
            async for _ in handle.updates():
                pass
        except BaseException as error:
            seen.append(error)
            raise

    async def waits() -> None:
        await asyncio.to_thread(until, lambda: busy.requests("GET"), "nobody waits")

    async def main() -> None:
        async with AsyncFal(KEY, hosts=Twin(busy, is_async=True).hosts) as fal:
            endpoint = fal.flux_1.schnell.with_options(cancel_on_interrupt=cancels, poll_interval=60)
            await stop(called(endpoint), waits)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    (error,) = seen
    assert isinstance(error, asyncio.CancelledError)
    (note,) = notes(error)
    assert request_id_of(busy) in note
    assert note in "".join(traceback.format_exception(error))
    is_cancelled = bool(cancels) and how == "subscribe"
    assert note.endswith("; cancel: CANCELLATION_REQUESTED") is is_cancelled
    assert len(busy.requests("PUT")) == is_cancelled


@pytest.mark.parametrize("first", ["cancel", "deadline"])
def test_a_second_cancellation_does_not_wait_for_the_first(busy: FalServer, first: str) -> None:
    """And leaves with the id, as the first would have."""
    gate = Gate()
    busy.plans[SCHNELL].always["cancel"] = faults.held(gate)

    async def main() -> BaseException:
        async with AsyncFal(KEY, hosts=Twin(busy, is_async=True).hosts) as fal:
            is_late = first == "deadline"
            endpoint = fal.flux_1.schnell.with_options(cancel_on_interrupt=True, timeout=1.0 if is_late else None)
            task = asyncio.create_task(endpoint.subscribe(prompt="x"))
            await asyncio.to_thread(until, lambda: busy.requests("GET"), "nobody waits")
            if not is_late:
                task.cancel()
            await asyncio.to_thread(until, lambda: busy.requests("PUT"), "nobody cancels")
            task.cancel()
            with pytest.raises(asyncio.CancelledError) as caught:
                await task
            assert not gate.is_open
            return caught.value

    try:
        assert len(notes(asyncio.run(main()))) == 1
    finally:
        gate.open()


@pytest.mark.parametrize("how", ["subscribe", "result", "updates"])
def test_a_call_that_is_dropped_asks_for_nothing(how: str) -> None:
    """Nobody is there to do it: a coroutine that was closed, an event loop that has ended."""
    settings = Settings(timeout=None, http_timeout=120.0, max_retries=3, validate_inputs=True, hosts=None)
    call = calls.Call(EndpointSpec("a/b"), settings, Options(cancel_on_interrupt=True), "test/1")
    submitted = Answer(200, {}, b'{"request_id": "r"}')
    if how == "subscribe":
        steps = calls.subscribed(call, {}, call.limits())
        assert next(steps).method == "POST"
        steps.send(submitted)
    else:
        request = calls.Request(call, "r", call.builder.urls_of("r"))
        wanted = (
            request.result(call.limits(), logs=False)
            if how == "result"
            else request.updates(call.limits(), logs=False).coming()
        )
        steps = request.noted(wanted)
        next(steps)
    steps.close()  # which raises if a step is asked for


def test_leaving_the_updates_early_is_no_interrupt(busy: FalServer, twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        updates = handle.updates()
        if twin.is_async:
            yield anext(updates)
            yield updates.aclose()
        else:
            next(updates)
            updates.close()

    twin.do(steps)
    assert busy.requests("PUT") == []
