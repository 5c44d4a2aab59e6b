"""Whatever goes wrong: no second submission, one end in time, no lost result, nothing left behind.

`FAULT_SCRIPTS=2000 pytest -m "slow or not slow" tests/protocol/test_fault_scripts.py` tries so many new ones.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import threading
import time
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import fal_typed
import httpx
import pytest
from fal_server.secure import KEY
from fal_typed._runtime.http.connections.pools import pools_of
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from .scripts import (
    BRIEF,
    AsyncRefusingTransport,
    Call,
    Refusals,
    RefusingTransport,
    closed_port,
    output_of,
    scripts,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_server import FalServer

DEFAULT = 60
NUMBER = int(os.environ.get("FAULT_SCRIPTS", DEFAULT))
CANCEL_SECONDS = 0.2
# Timers may fire a moment early.
EARLY = 0.01
pytestmark = pytest.mark.timeout(180 + 3 * NUMBER)
fault_scripts = settings(
    max_examples=NUMBER,
    derandomize=NUMBER == DEFAULT,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)


@dataclass
class End:
    """How a call ended."""

    seconds: float
    output: Any = None
    error: BaseException | None = None
    may_give_up: bool = False

    def over(self) -> End:
        """At this moment."""
        self.seconds = time.monotonic() - self.seconds
        return self


@pytest.fixture
def bench(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[FalServer]:
    """The server, which stands for fal's own hosts, and clients that wait shortly."""
    runtime = "fal_typed._runtime"
    for name, value in {
        "http.retry.FIRST_WAIT": 0.002,
        "http.retry.GROWTH": 1.0,
        "http.retry.LONGEST_ASKED_WAIT": 0.03,
        "calls.waiting.FIRST_INTERVAL": 0.003,
        "calls.waiting.FIRST_DISTANCE": 0.0,
        "calls.status_stream.FIRST_EVENT_SECONDS": 0.1,
        "http.connections.held_stream.SILENCE_SECONDS": 0.1,
        "http.exchange.STREAM_HEAD_SECONDS": 0.1,
        "calls.steps.LATE_CANCEL_SECONDS": CANCEL_SECONDS,
        "http.requests.BACKUPS": {url: url for url in (server.run_url, server.queue_url)},
    }.items():
        monkeypatch.setattr(f"{runtime}.{name}", value)
    return server


def endpoint_of(index: int) -> str:
    return f"me/app-{index}"


def prepare(server: FalServer, script: list[Call]) -> tuple[Refusals, fal_typed.Hosts]:
    """Tell the server, and the transport, what is to go wrong."""
    server.reset()
    refusals = Refusals(closed_port())
    for index, call in enumerate(script):
        server.plans[endpoint_of(index)] = call.plan()
        refusals.left |= {(endpoint_of(index), purpose): count for purpose, count in call.refusals.items()}
    return refusals, fal_typed.Hosts(run=server.run_url, queue=server.queue_url)


def endpoint(fal: Any, index: int, call: Call) -> Any:
    """The endpoint of a call."""
    return fal.endpoint(endpoint_of(index)).with_options(timeout=call.timeout, logs=call.logs or None)


def check(server: FalServer, index: int, call: Call, end: End) -> None:
    """What must hold of every call. That it ends at all is for the time limit of the test: silence lasts for ever."""
    accepted = [each for each in server.accepted if each.endpoint == endpoint_of(index)]
    error, output = end.error, output_of({"index": index})
    event("an output" if error is None else type(error).__name__)  # counted with --hypothesis-show-statistics
    assert len(accepted) <= 1, "billed twice"
    was_asked_for = any(seen.method == "GET" and f"/{endpoint_of(index)}/" in seen.path for seen in server.seen)
    if isinstance(error, asyncio.CancelledError):
        assert not was_asked_for or "request id" in "".join(getattr(error, "__notes__", [])), "no way to pick it up"
        return
    assert error is None or isinstance(error, fal_typed.FalError)
    if error is None:
        assert end.output == output, "another's answer"
        assert len(accepted) == 1
        return
    for each in accepted:
        # What the queue calls failed raises even if there is an output; the exception carries it, where there was time.
        is_failure = isinstance(error, fal_typed.RequestFailedError) and bool(call.states[-1].get("error"))
        gave_up = (isinstance(error, TimeoutError) or is_failure) and end.may_give_up
        is_carried = is_failure and error.body == output  # type: ignore[attr-defined]
        assert each.delivered is None or gave_up or is_carried, "paid for, delivered and lost"
    assert error.maybe_submitted or not accepted, "said not to be submitted"
    if was_asked_for:
        assert error.request_id, "no way to pick it up"  # type: ignore[attr-defined]
    if isinstance(error, fal_typed.DeadlineExceededError):
        assert call.is_short
        assert end.seconds > call.timeout - EARLY, "given up early"  # type: ignore[operator]


def check_nothing_left(server: FalServer, threads: set[threading.Thread]) -> None:
    """No socket and no thread of the client's."""
    assert {*threading.enumerate()} <= threads
    server.wait_until_left()


def limits(script: list[Call]) -> dict[str, float]:
    """The client's: of an exchange, where the server says nothing to one."""
    return {"http_timeout": BRIEF} if any(call.meets_silence for call in script) else {}


def needs_own_client(script: list[Call]) -> bool:
    """Whether connections must be refused, or take little at once."""
    return any(any(call.refusals.values()) or call.meets_silence for call in script)


def called(fal: fal_typed.Fal, index: int, call: Call, end: End) -> End:
    try:
        end.output = getattr(endpoint(fal, index, call), call.verb)(call.input(index))
    except Exception as error:
        end.error = error
    return end.over()


def called_in_a_child(fal: fal_typed.Fal, index: int, call: Call, end: End) -> End:
    """The same by a forked process, which has the client and what it holds from this one."""
    read, write = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # the server has threads here, which the child does without
        child = os.fork()
    if child == 0:
        try:  # whatever goes wrong, it must not go on as a second run of the tests
            with os.fdopen(write, "wb") as pipe:
                pipe.write(pickle.dumps(called(fal, index, call, end)))
        finally:
            os._exit(0)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        told = pipe.read()
    os.waitpid(child, 0)
    there: End = pickle.loads(told)
    return there


# For each call of a script: whether a forked child makes it.
forks = st.lists(st.sampled_from([False, False, False, True]), min_size=3, max_size=3)
# And after how many seconds its task is cancelled, if at all.
cancels = st.lists(st.sampled_from([None, None, None, 0.0, 0.005, 0.02, 0.05, 0.1]), min_size=3, max_size=3)


@fault_scripts
@given(script=scripts(), forked=forks)
def test_fault_scripts(bench: FalServer, script: list[Call], forked: list[bool]) -> None:
    refusals, hosts = prepare(bench, script)
    threads = {*threading.enumerate()}
    own = httpx.Client(transport=RefusingTransport(refusals)) if needs_own_client(script) else None
    with fal_typed.Fal(KEY, hosts=hosts, http_client=own, **limits(script)) as fal:
        for index, call in enumerate(script):
            do = called_in_a_child if forked[index] and hasattr(os, "fork") else called
            end = End(time.monotonic(), may_give_up=call.is_short or bool(limits(script)))
            check(bench, index, call, do(fal, index, call, end))
    if own is not None:
        own.close()
    check_nothing_left(bench, threads)


@fault_scripts
@given(script=scripts(), cancelled=cancels)
def test_fault_scripts_of_tasks(bench: FalServer, script: list[Call], cancelled: list[float | None]) -> None:
    refusals, hosts = prepare(bench, script)
    threads = {*threading.enumerate()}

    async def one(fal: fal_typed.AsyncFal, index: int, call: Call) -> End:
        end = End(time.monotonic(), may_give_up=call.is_short or bool(limits(script)))
        task = asyncio.ensure_future(getattr(endpoint(fal, index, call), call.verb)(call.input(index)))
        after = cancelled[index]
        if after is not None:
            asyncio.get_running_loop().call_later(after, task.cancel)
        try:
            end.output = await task
        except (Exception, asyncio.CancelledError) as error:
            end.error = error
        return end.over()

    async def main() -> list[End]:
        own = httpx.AsyncClient(transport=AsyncRefusingTransport(refusals)) if needs_own_client(script) else None
        async with fal_typed.AsyncFal(KEY, hosts=hosts, http_client=own, **limits(script)) as fal:
            ends = await asyncio.gather(*(one(fal, index, call) for index, call in enumerate(script)))
            for pool in pools_of(fal._session.transport.client()):
                assert not pool._requests
                assert all(each.is_idle() or each.is_closed() for each in pool._connections), "active for nobody"
        if own is not None:
            await own.aclose()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return ends

    for index, (call, end) in enumerate(zip(script, asyncio.run(main()), strict=True)):
        check(bench, index, call, end)
    check_nothing_left(bench, threads)
