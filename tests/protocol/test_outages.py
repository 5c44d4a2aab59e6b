"""fal is down for a while: no second submission, one end in time, no result lost that waiting would have brought.

`FAULT_SCRIPTS=2000 pytest -m "slow or not slow" tests/protocol/test_outages.py` tries so many new ones.
"""

from __future__ import annotations

import asyncio
import os
import threading
import time
from typing import TYPE_CHECKING, Any

import fal_typed
import httpx
import pytest
from fal_server import FalServer, until
from fal_server.plan import Plan, completed, in_progress
from fal_server.secure import KEY
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from .outages import MadeUpClock, Struck, Weather, plan_of, struck_calls
from .scripts import AsyncRefusingTransport, RefusingTransport, closed_port, output_of

if TYPE_CHECKING:
    from collections.abc import Iterator

DEFAULT = 60
NUMBER = int(os.environ.get("FAULT_SCRIPTS", DEFAULT))
# Of asking to cancel, when the time is over.
CANCEL_SECONDS = 2.0
EARLY = 0.01
# By default a few: each sends some dozens of requests.
outages = settings(
    max_examples=NUMBER if NUMBER != DEFAULT else 20,
    derandomize=NUMBER == DEFAULT,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
scripts = st.lists(struck_calls(), min_size=1, max_size=2)
in_time = pytest.mark.timeout(180 + 3 * NUMBER)


@pytest.fixture
def clock(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[MadeUpClock]:
    """What the clients go by. The server stands for fal's own hosts."""
    made_up = MadeUpClock()
    made_up.rule(monkeypatch)
    backups = {url: url for url in (server.run_url, server.queue_url)}
    monkeypatch.setattr("fal_typed._runtime.http.requests.BACKUPS", backups)
    return made_up


def endpoint_of(index: int) -> str:
    return f"me/app-{index}"


def prepare(server: FalServer, clock: MadeUpClock, script: list[Struck]) -> tuple[Weather, dict[str, Any]]:
    server.reset()
    weather = Weather(clock, closed_port())
    for index, call in enumerate(script):
        server.plans[endpoint_of(index)] = plan_of(call, weather)
    return weather, {"hosts": fal_typed.Hosts(run=server.run_url, queue=server.queue_url)}


def check(server: FalServer, index: int, call: Struck, seconds: float, end: Any, *, was_up: bool) -> None:
    """What must hold of every call."""
    accepted = [each for each in server.accepted if each.endpoint == endpoint_of(index)]
    event("an output" if not isinstance(end, Exception) else type(end).__name__)
    assert len(accepted) <= 1, "billed twice"
    cancel = CANCEL_SECONDS if getattr(end, "cancel", None) == "asked, not answered" else 0.0
    assert call.timeout is None or seconds <= call.timeout + cancel + EARLY, "too late"
    if not isinstance(end, Exception):
        assert end == output_of({"index": index}), "another's answer"
        assert len(accepted) == 1
        return
    assert isinstance(end, fal_typed.FalError)
    assert end.maybe_submitted or not accepted, "said not to be submitted"
    assert not (was_up and call.must_return), "waiting would have brought the result"
    if call.at in ("status", "result") and was_up:
        assert end.request_id, "no way to pick it up"  # type: ignore[attr-defined]
    if isinstance(end, fal_typed.DeadlineExceededError):
        assert call.timeout is not None
        assert seconds >= call.timeout - EARLY, "given up early"


@in_time
@outages
@given(script=scripts)
def test_outages(server: FalServer, clock: MadeUpClock, script: list[Struck]) -> None:
    weather, hosts = prepare(server, clock, script)
    threads = {*threading.enumerate()}
    own = httpx.Client(transport=RefusingTransport(weather))
    with own, fal_typed.Fal(KEY, http_client=own, **hosts) as fal:
        for index, call in enumerate(script):
            weather.begin(call)
            start, was_up = clock.now, not weather.is_down
            endpoint = fal.endpoint(endpoint_of(index)).with_options(**call.options)
            end: Any
            try:
                end = getattr(endpoint, call.verb)({"index": index})
            except Exception as error:
                end = error
            check(server, index, call, clock.now - start, end, was_up=was_up)
    assert {*threading.enumerate()} <= threads
    server.wait_until_left()


@in_time
@outages
@given(script=scripts)
def test_outages_of_tasks(server: FalServer, clock: MadeUpClock, script: list[Struck]) -> None:
    """One after the other: side by side, the pauses of one would be the hurry of the other."""
    weather, hosts = prepare(server, clock, script)
    threads = {*threading.enumerate()}

    async def main() -> None:
        own = httpx.AsyncClient(transport=AsyncRefusingTransport(weather))
        async with own, fal_typed.AsyncFal(KEY, http_client=own, **hosts) as fal:
            for index, call in enumerate(script):
                weather.begin(call)
                start, was_up = clock.now, not weather.is_down
                endpoint = fal.endpoint(endpoint_of(index)).with_options(**call.options)
                end: Any
                try:
                    end = await getattr(endpoint, call.verb)({"index": index})
                except Exception as error:
                    end = error
                check(server, index, call, clock.now - start, end, was_up=was_up)
            assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())
    assert {*threading.enumerate()} <= threads
    server.wait_until_left()


DOWN_SECONDS = 20.0


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_server_that_is_really_down_for_a_while() -> None:
    """Both clients at once, in mid-poll; nothing is made up."""
    outputs: dict[str, Any] = {}
    first = FalServer()
    hosts = fal_typed.Hosts(run=first.run_url, queue=first.queue_url)

    def call() -> None:
        with fal_typed.Fal(KEY, hosts=hosts, max_retries=0) as fal:
            outputs["sync"] = fal.endpoint("me/app").subscribe(index=1)

    async def call_async() -> None:
        async with fal_typed.AsyncFal(KEY, hosts=hosts, max_retries=0) as fal:
            outputs["async"] = await fal.endpoint("me/app").subscribe(index=1)

    threads = [threading.Thread(target=call), threading.Thread(target=lambda: asyncio.run(call_async()))]
    with first:
        first.plan("me/app", states=[in_progress()])
        for thread in threads:
            thread.start()
        until(lambda: len({seen.path for seen in first.requests("GET", "/status")}) == 2, "they do not both wait")
    assert first.open_connections == 0
    time.sleep(DOWN_SECONDS)
    assert outputs == {}
    with FalServer(port=first.port) as again:
        for request_id in {seen.path.split("/")[-2] for seen in first.requests("GET", "/status")}:
            again.known_request(request_id, Plan(output={"seed": 7}, states=[completed()]))
        for thread in threads:
            thread.join(60)
    assert outputs == {"sync": {"seed": 7}, "async": {"seed": 7}}
    assert len(first.accepted) == 2
    assert again.accepted == []
