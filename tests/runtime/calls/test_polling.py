"""How often a request is asked about, and how the time of a call is divided."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.plan import in_progress
from runtime import errors
from runtime.calls.status import Completed, InProgress, Queued, QueueStatus
from runtime.calls.waiting import Openings, Pace
from runtime.http.exchange import Deadline, Exchange, Limits, Purpose
from runtime.http.hosts import Hosts
from runtime.http.requests import alternate
from runtime_sample import Fal
from runtime_twin import KEY, SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer
    from stopped_clock import StoppedClock


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def polls(status: QueueStatus, seconds: float) -> tuple[int, float]:
    """How many there are in a state that lasts so long, and the pause at its end; a round trip takes no time."""
    clock = Clock()
    pace = Pace(None, clock)
    count, interval = 0, 0.0
    while clock.now < 100 + seconds:
        interval = pace.interval(status, None)
        clock.now += interval
        count += 1
    return count, interval


def test_polling_starts_fast_and_slows_down() -> None:
    running = InProgress("r")
    assert polls(running, 3.95) == (40, pytest.approx(0.1))  # as often as the official client
    assert [polls(running, seconds)[0] for seconds in (10, 60, 600)] == [86, 176, 452]  # which asks 100, 600 and 6000
    for seconds in (10, 30, 90):
        assert polls(running, seconds)[1] <= seconds * 0.02
    assert polls(running, 3600)[1] == 2
    assert polls(Queued("r", 3), 10)[0] < polls(running, 10)[0]


def test_what_leaves_the_queue_is_asked_about_often_again() -> None:
    clock = Clock()
    pace = Pace(None, clock)
    pace.interval(Queued("r"), None)
    clock.now += 60
    assert pace.interval(Queued("r"), None) == 2
    assert pace.interval(InProgress("r"), None) == 0.1
    assert pace.interval(Completed("r"), None) == 0.1


def test_the_callers_interval_is_kept() -> None:
    clock = Clock()
    for fixed, first in ((5.0, 0.1), (0.02, 0.02)):
        pace = Pace(fixed, clock)
        assert pace.first == first
        assert pace.interval(InProgress("r"), 1.0) == fixed
    assert Pace(None).first == 0.1


def test_when_streams_are_opened() -> None:
    """One that lasted is replaced at once, one that does not work is tried less and less often."""
    clock = Clock()
    openings = Openings(clock)
    opened: list[float] = []
    for second in range(400):
        clock.now = 100.0 + second
        if openings.is_due():
            opened.append(second)
    assert opened == [0, 5, 15, 35, 75, 135, 195, 255, 315, 375]


def test_polling_does_not_sleep_over_the_end() -> None:
    clock = Clock()
    pace = Pace(None, clock)
    pace.interval(InProgress("r"), None)
    clock.now += 600
    assert [pace.interval(InProgress("r"), left) for left in (9.0, 3.0, 1.0, 0.1)] == [2, 1.5, 0.5, 0.1]


def test_each_phase_has_what_is_left_of_the_exchange(clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("runtime.http.exchange.stand_in", clock.stand_in)
    exchange = Exchange(Purpose.STATUS, "GET", "u", {}, "a/b")
    phases = Limits(Deadline(0.3), 120.0, 3).phases(exchange)
    assert phases.get("connect") == pytest.approx(0.3)
    clock.now += 0.15
    assert phases.get("read") == pytest.approx(0.15)
    clock.now += 0.2
    assert 0 < phases.get("read") < 0.01
    unlimited = Limits(Deadline(None), 120.0, 3).phases(Exchange(Purpose.RUN, "POST", "u", {}, "a/b"))
    assert (unlimited.get("read"), unlimited.get("write"), unlimited.get("other", 7)) == (None, 120.0, 7)


def test_only_fals_own_hosts_are_given_up_early() -> None:
    limits = Limits(Deadline(None), 120.0, 3)
    for url, seconds in ((Hosts().run, 5.0), ("https://example.com", 120.0)):
        url = f"{url}/a/b"
        exchange = Exchange(Purpose.RUN, "POST", url, {}, "a/b", alternate=alternate(Hosts(), url))
        assert limits.phases(exchange).get("connect") == seconds


def test_a_server_that_accepts_and_says_nothing_is_left(twin: Twin) -> None:
    """By the deadline: nothing else limits a run."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        with pytest.raises(errors.DeadlineExceededError):
            twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), hosts=Hosts(run=url, queue=url), timeout=0.3)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends Ctrl-C to every process of a terminal")
def test_ctrl_c_ends_a_wait(server: FalServer) -> None:
    server.plan(SCHNELL, states=[in_progress()])
    threads = {*threading.enumerate()}
    seen: list[Any] = []

    def interrupt(update: Any) -> None:
        seen.append(update)
        threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGINT)).start()

    with Fal(KEY, hosts=Hosts(run=server.run_url, queue=server.queue_url)) as fal, pytest.raises(KeyboardInterrupt):
        fal.flux_1.schnell.with_options(poll_interval=5).subscribe(prompt="x", on_queue_update=interrupt)
    server.wait_until_left()
    assert {*threading.enumerate()} <= threads
    assert len(seen) == 1
