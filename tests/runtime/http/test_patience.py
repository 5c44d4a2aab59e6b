"""How long reads go on through an outage, what is told of it, and how they end: on a clock that nobody waits for."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import faults
from fal_server.plan import Reply, completed
from runtime import errors
from runtime.calls.status import CancelStatus
from runtime.files.downloads import download_steps
from runtime.http.exchange import Deadline, Exchange, Limits, Purpose
from runtime.http.hosts import Hosts
from runtime.http.requests import alternate
from runtime.http.retry import Tries
from runtime_twin import OUTPUT, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fal_server import FalServer
    from stopped_clock import StoppedClock

MINUTE, HOUR = 60.0, 3600.0
NGINX = "<html><center>nginx</center></html>"
ID = "3f1c-aa"


def refused(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


def broken_off(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadError("reset", request=request)


def saying(status: int, text: str = "", **headers: str) -> Callable[[httpx.Request], httpx.Response]:
    return lambda _: httpx.Response(status, text=text, headers=headers)


OUTAGES = {
    "refused": refused,
    "broken off": broken_off,
    "502": saying(502, NGINX),
    "503": saying(503, NGINX),
    "504": saying(504),
    "temporary": saying(503, **{"x-fal-needs-retry": "1"}),
    "temporary, between": saying(504, **{"x-fal-needs-retry": "1"}),
    "429": saying(429),
    "429 with a wait": saying(429, **{"retry-after": "5"}),
}


class Fal:
    """fal in a transport. From the moment that a request is known it is down until a time of the clock.

    Attributes:
        asked: Which requests came, and when.
    """

    def __init__(self, clock: StoppedClock, outage: Any, seconds: float, *, at: str = "/status") -> None:
        self.clock, self.outage, self.seconds, self.at = clock, outage, seconds, at
        self.end: float | None = None
        self.asked: list[tuple[str, str, float]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        self.asked.append((request.method, path, self.clock.now))
        if path.endswith(self.at):
            self.end = self.end or self.clock.now + self.seconds
            if self.clock.now < self.end:
                response: httpx.Response = self.outage(request)
                return response
        if request.method == "POST":
            return httpx.Response(200, json={"request_id": ID})
        if request.method == "PUT":
            return httpx.Response(202, json={"status": "CANCELLATION_REQUESTED"})
        return httpx.Response(200, json={"status": "COMPLETED"} if path.endswith("/status") else OUTPUT)

    def count(self, method: str, ending: str = "") -> int:
        return sum(asked[0] == method and asked[1].endswith(ending) for asked in self.asked)


@pytest.fixture
def clock_of_all(nobody_waits: StoppedClock) -> StoppedClock:
    return nobody_waits


def with_fal(twin: Twin, fal: Any, **settings: Any) -> dict[str, Any]:
    kind = httpx.AsyncClient if twin.is_async else httpx.Client
    return {"http_client": kind(transport=httpx.MockTransport(fal)), "hosts": Hosts(), **settings}


# A result that is called temporary is the model's own.
AT = [(at, name) for at in ("/status", f"/{ID}") for name in OUTAGES if "temporary" not in name or at == "/status"]


@pytest.mark.parametrize(("at", "outage"), [(at, OUTAGES[name]) for at, name in AT], ids=map(" ".join, AT))
def test_a_subscription_goes_on_through_an_outage(twin: Twin, clock_of_all: StoppedClock, outage: Any, at: str) -> None:
    """Of nine minutes, with no retries allowed: those are for what starts work."""
    fal = Fal(clock_of_all, outage, 9 * MINUTE, at=at)
    out = twin.do(lambda client: client.flux_1.schnell.subscribe(prompt="x"), **with_fal(twin, fal, max_retries=0))
    assert out.seed == 7
    assert fal.count("POST") == 1
    assert clock_of_all.now - clock_of_all.start < 9 * MINUTE + 15
    assert fal.count("GET") < 250


@pytest.mark.parametrize("outage", [refused, saying(503, NGINX)], ids=["refused", "503"])
@pytest.mark.parametrize("how", ["result", "updates"])
def test_so_does_a_handle(twin: Twin, clock_of_all: StoppedClock, outage: Any, how: str) -> None:
    fal = Fal(clock_of_all, outage, 9 * MINUTE)

    def steps(client: Any) -> Steps:
        handle = yield client.flux_1.schnell.submit(prompt="x")
        return (yield handle.result() if how == "result" else handle.updates())

    got = twin.do(steps, **with_fal(twin, fal, max_retries=0))
    assert got.seed == 7 if how == "result" else len(got) == 1


@pytest.mark.parametrize("timeout", [30.0, 2 * HOUR])
def test_the_deadline_is_the_measure_where_there_is_one(twin: Twin, clock_of_all: StoppedClock, timeout: float) -> None:
    """An hour and fifty minutes are gone through; of half a minute, the last second is still good for a try."""
    fal = Fal(clock_of_all, refused, timeout - (1.0 if timeout < HOUR else 10 * MINUTE))
    settings = with_fal(twin, fal, timeout=timeout)
    assert twin.do(lambda client: client.flux_1.schnell.subscribe(prompt="x"), **settings).seed == 7
    assert clock_of_all.now - clock_of_all.start <= timeout


@pytest.mark.parametrize(("outage", "cause"), [(refused, errors.APIConnectionError), (saying(503), errors.ServerError)])
def test_a_deadline_within_an_outage_chains_it(
    twin: Twin, clock_of_all: StoppedClock, outage: Any, cause: type[errors.FalError]
) -> None:
    fal = Fal(clock_of_all, outage, HOUR)
    with pytest.raises(errors.DeadlineExceededError) as caught:
        twin.do(lambda client: client.flux_1.schnell.subscribe(prompt="x"), **with_fal(twin, fal, timeout=90.0))
    assert clock_of_all.now - clock_of_all.start == pytest.approx(90.0, abs=0.1)
    assert type(caught.value.__cause__) is cause
    assert (caught.value.request_id, caught.value.maybe_submitted) == (ID, True)
    assert caught.value.cancel == "CANCELLATION_REQUESTED"


@pytest.mark.parametrize("kind", [httpx.ReadError, httpx.ReadTimeout, httpx.ConnectError])
@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
def test_whatever_ends_an_exchange_too_late_is_a_deadline(
    twin: Twin, clock_of_all: StoppedClock, verb: str, kind: type[httpx.RequestError]
) -> None:
    """A connection that breaks when the time is over is no news; whether anything was sent is."""

    def late(request: httpx.Request) -> httpx.Response:
        clock_of_all.sleep(5.0)
        raise kind("late", request=request)

    with pytest.raises(errors.DeadlineExceededError) as caught:
        twin.do(lambda client: getattr(client.flux_1.schnell, verb)(prompt="x"), **with_fal(twin, late, timeout=5.0))
    assert isinstance(caught.value.__cause__, errors.APIConnectionError)
    assert caught.value.maybe_submitted is (kind is not httpx.ConnectError)


GAVE_UP = re.compile(r"(?:no answer for|gave up after) (\d+) s, (\d+) tries \(request id 3f1c-aa\)")


@pytest.mark.parametrize(
    ("outage", "kind"),
    [
        (refused, errors.APIConnectionError),
        (broken_off, errors.APIConnectionError),
        (saying(503, NGINX), errors.ServerError),
        (saying(429), errors.RateLimitError),
    ],
    ids=["refused", "broken off", "503", "429"],
)
def test_without_a_deadline_it_ends_after_ten_minutes_and_says_so(
    twin: Twin, clock_of_all: StoppedClock, outage: Any, kind: type[errors.FalError]
) -> None:
    fal = Fal(clock_of_all, outage, 10 * HOUR)
    with pytest.raises(errors.FalError) as caught:
        twin.do(lambda client: client.flux_1.schnell.subscribe(prompt="x"), **with_fal(twin, fal))
    error: Any = caught.value
    assert type(error) is kind
    assert (error.request_id, error.maybe_submitted) == (ID, True)
    told = GAVE_UP.search(str(error))
    assert told is not None, str(error)
    first = next(when for _, path, when in fal.asked if path.endswith("/status"))
    assert int(told[1]) == round(clock_of_all.now - first)
    assert 10 * MINUTE <= clock_of_all.now - first < 10 * MINUTE + 15
    tries = fal.count("GET", "/status")
    assert int(told[2]) == (tries / 2 if outage is refused else tries)  # each time both hosts
    assert fal.count("PUT") == 0  # the request goes on, and can be picked up


@pytest.mark.parametrize("outage", [refused, broken_off, saying(503)], ids=["refused", "broken off", "503"])
@pytest.mark.parametrize("what", ["status", "cancel"])
def test_a_lone_question_has_half_a_minute(twin: Twin, clock_of_all: StoppedClock, outage: Any, what: str) -> None:
    for seconds, timeout in ((25.0, None), (HOUR, None), (HOUR, 5.0)):
        fal = Fal(clock_of_all, outage, seconds, at=f"/{what}")

        def steps(client: Any, timeout: float | None = timeout) -> Steps:
            handle = yield client.flux_1.schnell.with_options(timeout=timeout).submit(prompt="x")
            return (yield getattr(handle, what)())

        start = clock_of_all.now
        settings = with_fal(twin, fal, max_retries=0)
        if seconds == HOUR:
            with pytest.raises(errors.FalError) as caught:
                twin.do(steps, **settings)
            assert isinstance(caught.value, errors.DeadlineExceededError) is (timeout is not None)
            assert clock_of_all.now - start == pytest.approx(timeout or 30.0, abs=0.5)
        else:
            assert twin.do(steps, **settings) in (CancelStatus.CANCELLATION_REQUESTED,) or what == "status"


@pytest.mark.usefixtures("clock_of_all")
def test_no_exchange_of_a_lone_question_takes_longer() -> None:
    """Where a server takes connections and says nothing, nothing else would end it."""
    status = Exchange(Purpose.STATUS, "GET", "https://a.example/x", {}, "a/b", request_id=ID)
    result = status._replace(purpose=Purpose.RESULT)
    lone, waiting = Limits(Deadline(None), 120.0, 3), Limits.of_waiting(Deadline(None), 120.0, 3)
    assert Tries(result, lone, set()).limits().http_timeout == 30.0
    assert Tries(result, waiting, set()).limits() is waiting
    assert [Tries(status, each, set()).limits().http_timeout for each in (lone, waiting)] == [10.0, 10.0]
    submit = Exchange(Purpose.SUBMIT, "POST", "https://a.example/x", {}, "a/b")
    assert Tries(submit, lone, set()).limits() is lone


# A host that was never there.


@pytest.mark.parametrize("how", ["result", "status", "cancel", "updates"])
@pytest.mark.parametrize("timeout", [None, HOUR])
def test_a_host_that_was_never_reached_is_given_up_soon(
    twin: Twin, clock_of_all: StoppedClock, how: str, timeout: float | None
) -> None:
    fal = Fal(clock_of_all, refused, HOUR, at="")
    settings = with_fal(twin, fal, timeout=timeout, max_retries=0, hosts=Hosts(queue="https://no.example"))
    with pytest.raises(errors.APIConnectionError, match=rf"no answer for \d+ s, 4 tries \(request id {ID}\)"):
        twin.do(lambda client: getattr(client.flux_1.schnell.request(ID), how)(), **settings)
    assert fal.count("PUT" if how == "cancel" else "GET") == 4 + fal.count("GET", "/stream")
    assert fal.count("GET", "/stream") == (how in ("result", "updates"))
    assert clock_of_all.now - clock_of_all.start < 10


def test_a_host_that_answered_once_is_waited_for(twin: Twin, clock_of_all: StoppedClock) -> None:
    """Whatever it was asked then: by another request, at the other one of fal's two hosts."""
    fal = Fal(clock_of_all, refused, 5 * MINUTE, at="/status")

    def steps(client: Any) -> Steps:
        yield client.flux_1.schnell.submit(prompt="x")
        return (yield client.flux_1.schnell.request("other").result())

    assert twin.do(steps, **with_fal(twin, fal)).seed == 7


# What is told.


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]


@pytest.mark.parametrize(
    "outage", [refused, broken_off, saying(503), saying(429)], ids=["refused", "broken off", "503", "429"]
)
def test_an_outage_is_told_once_and_so_is_its_end(
    twin: Twin, clock_of_all: StoppedClock, outage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    fal = Fal(clock_of_all, outage, 5 * MINUTE)
    twin.do(lambda client: client.flux_1.schnell.subscribe(prompt="x"), **with_fal(twin, fal))
    *other_host, begins, ends = warnings(caplog)
    assert len(other_host) == (outage is refused)  # which was tried each time
    subject = rf"fal-ai/flux-1/schnell: the status \(request id {ID}\)"
    begun = re.match(rf"{subject}: no answer(?: of use)? for (\d+) s; going on", begins)
    ended = re.match(rf"{subject} is answered again, after (\d+) s", ends)
    assert begun is not None, begins
    assert ended is not None, ends
    assert int(begun[1]) == 10  # not with the next try, which may be ten seconds later
    assert 5 * MINUTE <= int(ended[1]) < 5 * MINUTE + 15


def test_one_that_accepts_and_stays_silent_is_told_of_as_soon(
    server: FalServer, twin: Twin, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not when `http_timeout` is over, which is for what takes long, as the second attempt may."""
    monkeypatch.setattr("runtime.http.retry.TOLD_AFTER", 0.1)
    server.plan(
        SCHNELL, output=OUTPUT, states=[completed()], first={"status": [faults.SILENT, Reply(usual=True, delay=0.2)]}
    )
    twin.do(lambda client: client.flux_1.schnell.with_options(poll_interval=0.01).subscribe(prompt="x"))
    begins, ends = warnings(caplog)
    assert re.search(r"the status \(request id .*\): no answer for 0 s; going on", begins)
    assert "is answered again" in ends
    assert len(server.requests("GET", "/status")) == 2


def test_so_is_one_that_ends_with_bad_news(
    twin: Twin, clock_of_all: StoppedClock, caplog: pytest.LogCaptureFixture
) -> None:
    def answer(_: httpx.Request) -> httpx.Response:
        is_down = clock_of_all.now < clock_of_all.start + 30
        return httpx.Response(503 if is_down else 404, json={"status": "NOT_FOUND"})

    with pytest.raises(errors.NotFoundError) as caught:
        twin.do(lambda client: client.flux_1.schnell.request(ID).result(), **with_fal(twin, answer))
    assert "tries" not in str(caught.value)  # it was not given up
    assert "is answered again" in warnings(caplog)[-1]


@pytest.mark.parametrize("outage", [refused, broken_off, saying(503)], ids=["refused", "broken off", "503"])
def test_a_short_one_is_no_news(
    twin: Twin, clock_of_all: StoppedClock, outage: Any, caplog: pytest.LogCaptureFixture
) -> None:
    fal = Fal(clock_of_all, outage, 2.0)  # after which no pause lasts up to the tenth second
    settings = with_fal(twin, fal)
    settings["hosts"] = Hosts(queue="https://fal.example")  # which has no other one to tell of
    twin.do(lambda client: client.flux_1.schnell.subscribe(prompt="x"), **settings)
    assert warnings(caplog) == []


# What the server asks for.


def test_a_wait_that_is_longer_than_there_is_patience(twin: Twin, clock_of_all: StoppedClock) -> None:
    """With what the server says, at once."""
    for timeout, wait, kind in ((None, 601, errors.RateLimitError), (50.0, 60, errors.RateLimitError)):
        fal = Fal(clock_of_all, saying(429, **{"retry-after": str(wait)}), HOUR)
        start = clock_of_all.now
        with pytest.raises(kind) as caught:
            twin.do(lambda client: client.flux_1.schnell.subscribe(prompt="x"), **with_fal(twin, fal, timeout=timeout))
        assert caught.value.request_id == ID
        assert clock_of_all.now - start < 1


# Files.


def test_a_download_goes_on_through_an_outage(twin: Twin, clock_of_all: StoppedClock, tmp_path: Path) -> None:
    """Once its server has been there; the file begins anew each time."""
    asked: list[float] = []

    def files(request: httpx.Request) -> httpx.Response:
        asked.append(clock_of_all.now)
        if len(asked) == 1:
            clock_of_all.sleep(20 * MINUTE)  # it was a long file
            raise httpx.ReadError("reset", request=request)
        return refused(request) if clock_of_all.now < asked[0] + 29 * MINUTE else httpx.Response(200, content=b"abc")

    client = with_fal(twin, files)["http_client"]
    steps = download_steps.download_steps(
        "https://files.example/a.png",
        tmp_path / "a.png",
        file_name=None,
        content_type=None,
        progress=None,
        max_bytes=None,
        overwrite=True,
    )
    twin.do(lambda _: (download_steps.adownload if twin.is_async else download_steps.download)(steps, client, None))
    assert (tmp_path / "a.png").read_bytes() == b"abc"
    assert len(asked) > 10


# The other host.


@pytest.mark.parametrize("timeout", [4.0, 0.5])
def test_half_of_the_time_is_for_the_other_host(clock: StoppedClock, timeout: float) -> None:
    url = "https://queue.fal.run/a/b"
    exchange = Exchange(Purpose.SUBMIT, "POST", url, {}, "a/b", alternate=alternate(Hosts(), url))
    phases = Limits(Deadline(timeout), 120.0, 3).phases(exchange)
    assert phases.get("connect") == timeout / 2
    assert phases.get("read") == timeout
    clock.now += timeout / 4
    assert Limits(Deadline(1000.0), 120.0, 3).phases(exchange).get("connect") == 5.0


@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
def test_a_host_that_swallows_everything_leaves_time_for_the_other_one(
    twin: Twin, clock_of_all: StoppedClock, verb: str
) -> None:
    """A black hole takes the time that connecting has."""
    there = Fal(clock_of_all, refused, 0.0)

    def hosts(request: httpx.Request) -> httpx.Response:
        if request.url.host in ("fal.run", "queue.fal.run"):
            clock_of_all.sleep(request.extensions["timeout"].get("connect"))
            raise httpx.ConnectTimeout("timed out", request=request)
        return httpx.Response(200, json=OUTPUT) if verb == "run" else there(request)

    settings = with_fal(twin, hosts, timeout=4.0)
    made = twin.do(lambda client: getattr(client.flux_1.schnell, verb)(prompt="x"), **settings)
    assert made.request_id == ID if verb == "submit" else made.seed == 7
    assert clock_of_all.now - clock_of_all.start < 4
