"""What is sent again and what is not: the table, and what comes of it over a real socket on both clients."""

from __future__ import annotations

import logging
import socket
import time
from contextlib import suppress
from dataclasses import replace
from email.utils import formatdate
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import FalServer, Reply, faults
from runtime import errors
from runtime.http import hosts, requests, retry
from runtime.http.error_answers import status_error
from runtime.http.exchange import Answer, Deadline, Exchange, Limits, Purpose
from runtime.http.outcomes import NoAnswer, Outcome, what_happened
from runtime.http.retry import LONGEST_ASKED_WAIT, Attempt, Tries, attempts
from runtime_twin import KEY, OUTPUT, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from collections.abc import Callable

    from stopped_clock import StoppedClock

RUN, STREAM, SUBMIT, STATUS, RESULT, CANCEL, STATUS_STREAM, UPLOAD, DOWNLOAD, PLATFORM = Purpose
FILES = {UPLOAD, DOWNLOAD}
TEMPORARY = {RUN, STREAM, SUBMIT, STATUS, CANCEL}
READS = {STATUS, RESULT, CANCEL}
ALL = {RUN, STREAM, SUBMIT, STATUS, RESULT, CANCEL}
FALS = {"x-fal-request-id": "r"}
NGINX = b"<html><center>nginx</center></html>"


def unanswered(outcome: Outcome) -> NoAnswer:
    return NoAnswer(errors.APIConnectionError("x", maybe_submitted=outcome is Outcome.UNANSWERED), outcome)


def answer(status: int, headers: dict[str, str] | None = None, body: bytes = b"{}") -> Answer:
    return Answer(status, httpx.Headers(headers or {}), body)


TABLE: list[tuple[str, Answer | NoAnswer, set[Purpose]]] = [
    ("no connection", unanswered(Outcome.UNREACHED), ALL),
    ("no place in the pool", unanswered(Outcome.UNSENT), ALL),
    ("sent, no answer", unanswered(Outcome.UNANSWERED), READS),
    ("429", answer(429, FALS), ALL),
    ("429 with a yes", answer(429, {"X-Fal-Needs-Retry": "1"}), ALL),
    ("429 with a no", answer(429, {"X-Fal-Retryable": "false"}), set()),
    ("ingress 502", answer(502, {}, NGINX), READS),
    ("ingress 503", answer(503, {}, NGINX), ALL),
    ("ingress 504", answer(504, {}, NGINX), READS),
    ("ingress 500", answer(500, {}, NGINX), {STATUS, CANCEL}),
    ("nginx in the text of a model", answer(502, FALS, NGINX), {STATUS, CANCEL}),
    ("nginx with another header of fal's", answer(502, {"X-Fal-Error-Type": "x"}, NGINX), READS),
    ("nginx in JSON", answer(503, {}, b'{"detail": "nginx"}'), READS),
    ("503 of nobody", answer(503), READS),
    ("503 of fal", answer(503, FALS), {STATUS, CANCEL}),
    ("503, needs retry 1", answer(503, {**FALS, "X-Fal-Needs-Retry": "1"}), TEMPORARY),
    ("500, retryable TRUE", answer(500, {**FALS, "X-Fal-Retryable": "TRUE"}), TEMPORARY),
    ("502, needs retry 1", answer(502, {**FALS, "X-Fal-Needs-Retry": "1"}), {STATUS, CANCEL}),
    ("504, needs retry true", answer(504, {**FALS, "X-Fal-Needs-Retry": "true"}), {STATUS, CANCEL}),
    ("500", answer(500, FALS), {STATUS, CANCEL}),
    ("504", answer(504, FALS), {STATUS, CANCEL}),
    ("500 with a no", answer(500, {"X-Fal-Needs-Retry": "0"}), set()),
    ("ingress with a no", answer(503, {"X-Fal-Needs-Retry": "false"}, NGINX), set()),
    ("yes and no", answer(503, {"X-Fal-Needs-Retry": "1", "X-Fal-Retryable": "0"}), set()),
    ("a start timeout", answer(504, {"X-Fal-Request-Timeout-Type": "User", "X-Fal-Needs-Retry": "1"}), set()),
    ("400, retryable", answer(400, {"X-Fal-Retryable": "1"}), set()),
    ("422, retryable", answer(422, {"X-Fal-Retryable": "1"}), set()),
    ("408", answer(408), set()),
    ("409", answer(409), set()),
    ("404", answer(404), set()),
    ("a redirect", answer(307), set()),
    ("a success", answer(200, body=b'{"a": 1}'), set()),
    ("a success that is no JSON", answer(200, body=b"<html>"), {STATUS}),
]


FAL, FOREIGN = "https://queue.fal.run/a/b", "https://fal.example/a/b"


def exchange_of(purpose: Purpose, url: str = FAL) -> Exchange:
    """One to fal's own host, or to somebody else's."""
    return Exchange(purpose, "GET", url, {}, "a/b", alternate=requests.alternate(hosts.Hosts(), url))


def tries_of(exchange: Exchange, max_retries: int = 3, timeout: float | None = None) -> Tries:
    """None yet, of a host that was there before."""
    origin = exchange.url.removesuffix("/a/b")
    return Tries(exchange, Limits.of_waiting(Deadline(timeout), 120.0, max_retries), {origin})


def tries(purpose: Purpose, outcome: Answer | NoAnswer, number: int, most: int, url: str = FAL) -> bool:
    """Whether it is tried again after so many times."""
    exchange = exchange_of(purpose, url)
    # Its other host was tried before, if there was a reason to.
    last = Attempt(exchange, Limits(Deadline(None), 120.0, most), number, instead_of=exchange)
    return tries_of(exchange, most).next_attempt(last, outcome) is not None


@pytest.mark.parametrize(("name", "outcome", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_the_table(name: str, outcome: Answer | NoAnswer, expected: set[Purpose]) -> None:
    assert {purpose for purpose in ALL if tries(purpose, outcome, 0, 3)} == expected
    # Moving a file costs nothing: it is tried again like a status, but for what a success has in it.
    moved = {tries(purpose, outcome, 0, 3) for purpose in FILES}
    assert moved == {STATUS in expected and name != "a success that is no JSON"}
    # What the platform API tells is a read like a status.
    assert tries(PLATFORM, outcome, 0, 3) == (STATUS in expected)
    # What starts work, and an upload, as often as the caller says.
    for purpose in {RUN, STREAM, SUBMIT, UPLOAD}:
        assert not tries(purpose, outcome, 3, 3)
        assert not tries(purpose, outcome, 0, 0)
        assert tries(purpose, outcome, 3, 4) is tries(purpose, outcome, 0, 3)
    # A read as long as an outage lasts, whatever the caller says of the others; a few times where it is none.
    is_outage = what_happened(outcome, exchange_of(STATUS)) not in {Outcome.SERVER_ERROR, Outcome.GARBLED}
    for purpose in {STATUS, RESULT, CANCEL, DOWNLOAD, PLATFORM}:
        again = tries(purpose, outcome, 0, 3)
        assert tries(purpose, outcome, 0, 0) is again
        assert tries(purpose, outcome, 1000, 0) is (again and is_outage)


@pytest.mark.parametrize(("name", "outcome", "expected"), TABLE, ids=[row[0] for row in TABLE])
def test_nobody_but_fal_is_believed_to_have_done_nothing(
    name: str, outcome: Answer | NoAnswer, expected: set[Purpose]
) -> None:
    """Another deployment, or a proxy that has the key: a 5xx of theirs may come after fal was asked."""
    is_5xx = isinstance(outcome, Answer) and outcome.status >= 500
    assert {purpose for purpose in ALL if tries(purpose, outcome, 0, 3, FOREIGN)} == (
        expected & READS if is_5xx else expected
    )


def test_the_table_has_every_event() -> None:
    assert set(retry.TRIED_AGAIN) == {(outcome, purpose) for outcome in Outcome for purpose in Purpose}
    urls = (FAL, FOREIGN)
    assert {what_happened(outcome, exchange_of(RUN, url)) for _, outcome, _ in TABLE for url in urls} == set(Outcome)


def _wait(outcome: Answer, number: int = 0, timeout: float | None = None, purpose: Purpose = STATUS) -> float:
    exchange = exchange_of(purpose)
    made = tries_of(exchange, 9, timeout)
    coming = made.next_attempt(Attempt(exchange, made.limits(), number), outcome, jitter=lambda: 0.5)
    assert coming is not None
    assert coming.number == number + 1
    return coming.wait


@pytest.mark.usefixtures("nobody_waits")
def test_the_waits() -> None:
    assert [_wait(answer(503), number) for number in (0, 1, 2, 3, 4, 9_999)] == [0.25, 1, 4, 8, 8, 8]
    assert _wait(answer(503, {"retry-after": "2"}), 3) == 2
    assert _wait(answer(429, {"retry-after": "0"})) == 0
    assert _wait(answer(503, {"retry-after": "500"})) == LONGEST_ASKED_WAIT
    assert _wait(answer(429, {"retry-after": "86400"}), purpose=SUBMIT) == LONGEST_ASKED_WAIT
    assert _wait(answer(503, {"retry-after": "soon"})) == 0.25
    now = time_of_day = 1000.0
    assert 20 < _wait(answer(503, {"retry-after": formatdate(time_of_day + 40, usegmt=True)})) <= 40
    assert _wait(answer(503, {"retry-after": formatdate(now - 10, usegmt=True)})) == 0


@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize("timeout", [None, 3600.0])
def test_a_server_that_asks_for_no_patience_at_all_is_given_some(timeout: float | None) -> None:
    """Else a read would ask it without a pause for as long as it says so."""
    assert [_wait(answer(503, {"retry-after": "0"}), number, timeout) for number in range(4)] == [0, 1, 1, 1]
    assert _wait(answer(429, {"retry-after": "0"}), 3, purpose=RUN) == 0  # which ends by itself


@pytest.mark.usefixtures("nobody_waits")
def test_no_wait_is_longer_than_half_of_what_is_left() -> None:
    """What comes back just before the end is still asked."""
    assert [_wait(answer(503), 5, left) for left in (60.0, 9.0, 2.0, 0.1)] == [8, 4.5, 1, 0.25]
    assert _wait(answer(429, {"retry-after": "7"}), 5, 9.0) == 7


# Requests that start work.

NOT_ACCEPTED = {
    "429": faults.too_many(),
    "429 with a wait": faults.too_many("0"),
    "ingress 503": faults.ingress(503),
    "needs retry 1": faults.temporary(503),
    "retryable true": faults.temporary(500, "X-Fal-Retryable", "true"),
}
MAYBE_ACCEPTED = {
    "dropped": faults.DROPPED,
    "cut": faults.CUT,
    "ingress 502": faults.ingress(502),
    "ingress 504": faults.ingress(504),
    "502, needs retry 1": faults.temporary(502),
    "504, retryable true": faults.temporary(504, "X-Fal-Retryable", "true"),
    "500": faults.model_error(),
    "503": faults.model_error(503),
    "504": faults.model_error(504),
    "504 of the user": faults.start_timeout(),
    "503 of nobody": faults.gateway(503),
    "not to be tried again": faults.model_error(503, **{"x-fal-needs-retry": "0"}),
    "422": faults.model_error(422, **{"x-fal-retryable": "1"}),
}
each_verb = pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])


def each(answers: dict[str, Reply]) -> pytest.MarkDecorator:
    """Every answer to both requests that start work; `subscribe` makes one of these, which one answer shows."""
    cases = [(verb, name) for verb in ("run", "submit") for name in answers] + [("subscribe", next(iter(answers)))]
    ids = [f"{verb}-{name}" for verb, name in cases]
    return pytest.mark.parametrize(("verb", "fault"), [(verb, answers[name]) for verb, name in cases], ids=ids)


def _fails_first(server: FalServer, *replies: Reply) -> None:
    server.plans[SCHNELL].first = {"run": list(replies), "submit": list(replies)}


@pytest.mark.usefixtures("fals_own")
@each(NOT_ACCEPTED)
def test_what_was_not_accepted_is_sent_again(server: FalServer, twin: Twin, verb: str, fault: Reply) -> None:
    _fails_first(server, fault, fault)
    twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"))
    posts = server.requests("POST")
    assert len(posts) == 3
    assert len({(seen.path, seen.body, seen.headers["authorization"]) for seen in posts}) == 1
    assert len(server.accepted) == 1


@pytest.mark.usefixtures("fals_own")
@each(NOT_ACCEPTED)
def test_without_retries_nothing_is_sent_again(server: FalServer, twin: Twin, verb: str, fault: Reply) -> None:
    _fails_first(server, fault)
    with pytest.raises(errors.APIStatusError) as caught:
        twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"), max_retries=0)
    assert len(server.seen) == 1
    assert caught.value.maybe_submitted is False


@pytest.mark.usefixtures("fals_own")
@each(MAYBE_ACCEPTED)
def test_what_may_have_been_accepted_is_never_sent_again(
    server: FalServer, twin: Twin, verb: str, fault: Reply
) -> None:
    _fails_first(server, fault)
    with pytest.raises(errors.FalError) as caught:
        twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"))
    assert len(server.seen) == len(server.accepted) == 1
    # The queue checks an input before it takes it, the model may do so later.
    assert caught.value.maybe_submitted is not (verb == "submit" and fault.status == 422)


@pytest.mark.parametrize("verb", ["run", "submit"])
@pytest.mark.parametrize("fault", [faults.ingress(503), faults.temporary(503), faults.temporary(500)])
def test_of_a_deployment_that_is_not_fals_no_5xx_is_believed(
    server: FalServer, twin: Twin, verb: str, fault: Reply
) -> None:
    """It may be somebody who passed the request on to fal."""
    _fails_first(server, fault)
    with pytest.raises(errors.ServerError) as caught:
        twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"))
    assert len(server.requests("POST")) == 1
    assert caught.value.maybe_submitted is True


@pytest.mark.parametrize("verb", ["run", "submit"])
@pytest.mark.parametrize(
    "said", [(502, {}), (503, {}), (504, {}), (503, {"X-Fal-Needs-Retry": "1"}), (500, {"X-Fal-Retryable": "1"})]
)
def test_through_a_proxy_no_5xx_is_believed(twin: Twin, verb: str, said: tuple[int, dict[str, str]]) -> None:
    """nginx in front of one gives up after a minute, while the model goes on."""
    asked: list[str] = []

    def proxy(request: httpx.Request) -> httpx.Response:
        asked.append(request.headers["x-fal-target-url"])
        return httpx.Response(said[0], headers=said[1], content=NGINX)

    settings = {**_client_of(twin, proxy), "proxy_url": "https://app.example/api/fal/proxy"}
    with pytest.raises(errors.ServerError) as caught:
        twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"), **settings)
    assert len(asked) == 1
    assert ".run/" in asked[0]  # fal's own host, in the end
    assert caught.value.maybe_submitted is True


def test_the_last_refusal_is_reported(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].always["run"] = faults.too_many()
    with pytest.raises(errors.RateLimitError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), max_retries=2)
    assert caught.value.error_type == "concurrent_requests_limit"
    assert len(server.seen) == 3
    assert server.accepted == []


def test_a_wait_that_is_asked_for_is_kept(
    server: FalServer, twin: Twin, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(retry, "LONGEST_ASKED_WAIT", 0.3)
    _fails_first(server, faults.too_many("1"))
    start = time.monotonic()
    with caplog.at_level(logging.INFO, logger="runtime"):
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
    assert time.monotonic() - start >= 0.3
    assert "trying again in 0.30 s" in caplog.text


@pytest.mark.usefixtures("fals_own")
@pytest.mark.parametrize(
    ("verb", "fault"),
    [("run", faults.too_many("3600")), ("submit", replace(faults.ingress(503), headers={"retry-after": "3600"}))],
)
def test_a_wait_that_does_not_fit_ends_the_call_at_once(
    server: FalServer, twin: Twin, nobody_waits: StoppedClock, verb: str, fault: Reply
) -> None:
    """With what the server says; nobody waits for the deadline first."""
    _fails_first(server, fault)
    with pytest.raises(errors.RateLimitError if fault.status == 429 else errors.ServerError):
        twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"), timeout=300.0)
    assert len(server.seen) == 1
    assert nobody_waits.now == nobody_waits.start


@pytest.mark.usefixtures("fals_own")
def test_a_second_try_is_logged(server: FalServer, twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, logger="runtime")
    _fails_first(server, faults.ingress(503))
    twin.do(lambda fal: fal.flux_1.schnell.submit(prompt="private", webhook_url="https://a.b/?token=hidden"))
    (record,) = [each for each in caplog.records if each.name == "runtime"]
    assert record.levelno == logging.INFO
    assert f"/queue/{SCHNELL}: 503 of fal's own ingress" in record.getMessage()
    assert not any(secret in record.getMessage() for secret in (KEY, "private", "hidden"))


# Reads, and cancelling.

READ_FAULTS = {
    "500": Reply(500, {}),
    "502": Reply(502),
    "503": Reply(503),
    "429": Reply(429),
    "504": Reply(504),
    "dropped": faults.DROPPED,
    "cut": faults.CUT,
    "a proxy's page": faults.PROXY_PAGE,
    "empty": faults.EMPTY,
    "malformed": faults.MALFORMED,
}


@pytest.mark.sampled(3)
@pytest.mark.parametrize("fault", READ_FAULTS.values(), ids=READ_FAULTS)
def test_a_status_read_is_tried_again(server: FalServer, twin: Twin, fault: Reply) -> None:
    server.plans[SCHNELL].first = {"status": [fault], "result": [Reply(503), faults.LOST, faults.CUT]}
    out = twin.do(lambda fal: fal.flux_1.schnell.with_options(poll_interval=0.01).subscribe(prompt="x"))
    assert out.seed == 7
    assert len(server.requests("POST")) == 1


@pytest.mark.parametrize("headers", [{}, {"x-fal-request-id": "r"}])
def test_an_error_that_stays_is_no_outage(server: FalServer, twin: Twin, headers: dict[str, str]) -> None:
    server.plans[SCHNELL].always["status"] = Reply(500, {"detail": "down"}, headers)

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        with pytest.raises(errors.ServerError, match=r"down; gave up after 0 s, 4 tries \(request id r") as caught:
            yield handle.status()
        assert caught.value.maybe_submitted is True

    twin.do(steps, max_retries=0)
    assert len(server.requests("GET")) == 1 + retry.FEW


def test_a_result_replays_the_models_own_error_once(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].always["result"] = Reply(503, {"detail": "model"}, {"x-fal-request-id": "r"})
    with pytest.raises(errors.ServerError):
        twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x"))
    assert len([seen for seen in server.requests("GET") if "/status" not in seen.path]) == 1


@pytest.mark.parametrize("fault", [Reply(503), faults.LOST, faults.too_many()], ids=["503", "lost", "429"])
def test_a_cancellation_is_tried_again(server: FalServer, twin: Twin, fault: Reply) -> None:
    server.plans[SCHNELL].first["cancel"] = [fault]

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        yield handle.cancel()

    twin.do(steps)
    assert len(server.requests("PUT")) == 2


# fal's other host.


def _closed_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"http://127.0.0.1:{listener.getsockname()[1]}"


@pytest.fixture
def dead(server: FalServer, monkeypatch: pytest.MonkeyPatch) -> str:
    """A base URL at which nobody listens, and of which the fake server is the backup."""
    closed = _closed_port()
    backups = {f"{closed}/run": server.run_url, f"{closed}/queue": server.queue_url}
    monkeypatch.setattr(requests, "BACKUPS", backups)
    return closed


@each_verb
def test_the_other_host_is_tried_at_once(
    server: FalServer, twin: Twin, dead: str, verb: str, caplog: pytest.LogCaptureFixture
) -> None:
    defaults = hosts.Hosts(run=f"{dead}/run", queue=f"{dead}/queue")
    with caplog.at_level(logging.WARNING, logger="runtime"):
        twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"), hosts=defaults)
    assert len(server.accepted) == 1
    assert all(seen.headers["host"] in server.url for seen in server.seen)
    assert all(seen.headers["authorization"] == f"Key {KEY}" for seen in server.seen)
    assert caplog.text.count("cannot be reached; trying 127.0.0.1") == 1  # and not at each poll


def test_a_host_that_goes_again_is_told_of_again(caplog: pytest.LogCaptureFixture) -> None:
    gone, there = unanswered(Outcome.UNREACHED), answer(200, body=b'{"status": "COMPLETED"}')
    exchange = Exchange(Purpose.STATUS, "GET", "https://one/a", {}, "a/b", alternate="https://two/a")
    reached: set[str] = set()

    def ask(*answers: Answer | NoAnswer) -> int:
        caplog.clear()
        steps = attempts(exchange, Limits(Deadline(None), 120.0, 3), reached)
        step, coming = next(steps), iter(answers)
        with suppress(StopIteration):
            while True:
                step = steps.send(next(coming) if isinstance(step, Attempt) else None)
        return len(caplog.records)

    with caplog.at_level(logging.WARNING, logger="runtime"):
        assert [ask(gone, there), ask(gone, there), ask(there), ask(gone, there)] == [1, 0, 0, 1]


def test_urls_on_the_other_host_are_followed(server: FalServer, twin: Twin, dead: str) -> None:
    # The queue's own answer names the server, whose base is the backup.
    defaults = hosts.Hosts(run=f"{dead}/run", queue=f"{dead}/queue")
    out = twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x"), hosts=defaults)
    assert out.seed == 7
    assert len(server.requests("POST")) == 1


def test_without_retries_there_is_no_other_host(server: FalServer, twin: Twin, dead: str) -> None:
    defaults = hosts.Hosts(run=f"{dead}/run", queue=f"{dead}/queue")
    with pytest.raises(errors.APIConnectionError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.submit(prompt="x"), hosts=defaults, max_retries=0)
    assert caught.value.maybe_submitted is False
    assert server.seen == []


def test_the_other_host_is_not_for_what_was_sent(server: FalServer, twin: Twin, monkeypatch: Any) -> None:
    with FalServer() as other:
        backups = {server.run_url: other.run_url}
        monkeypatch.setattr(requests, "BACKUPS", backups)
        _fails_first(server, faults.DROPPED)
        with pytest.raises(errors.APIConnectionError):
            twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
        assert (len(server.seen), len(other.seen)) == (1, 0)


def test_a_deployment_of_ones_own_has_no_other_host(twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    closed = _closed_port()
    with pytest.raises(errors.APIConnectionError) as caught, caplog.at_level(logging.WARNING, logger="runtime"):
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), hosts=hosts.Hosts(run=closed, queue=closed))
    assert caught.value.maybe_submitted is False
    assert caplog.text == ""


@pytest.mark.parametrize(
    ("own", "url", "expected"),
    [
        (hosts.Hosts(), "https://fal.run/a/b?c=d", "https://falrun.com/a/b?c=d"),
        (hosts.Hosts(), "https://queue.fal.run/a/b", "https://queue.falrun.com/a/b"),
        (hosts.Hosts(), "https://queue.falrun.com/a/b", "https://queue.fal.run/a/b"),
        (hosts.Hosts(run="https://fal.run/"), "https://fal.run/a", "https://falrun.com/a"),
        (hosts.Hosts(), "https://fal.run.evil.example/a", None),
        (hosts.Hosts(queue="https://queue.example"), "https://queue.example/a", None),
        (hosts.Hosts(queue="https://queue.example"), "https://queue.fal.run/a", None),
        (hosts.Hosts(run="https://fal.run:8443"), "https://fal.run:8443/a", None),
    ],
)
def test_which_hosts_have_another(own: hosts.Hosts, url: str, expected: str | None) -> None:
    assert requests.alternate(own, url) == expected


class Fals:
    """fal's hosts in a transport: which answer, and what they say; what was asked, and with which limits."""

    def __init__(self, dead: set[str], submitted: dict[str, str]) -> None:
        self.dead, self.submitted = dead, submitted
        self.asked: list[tuple[str, str, float, str | None]] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        connect = request.extensions["timeout"].get("connect")
        self.asked.append((request.url.host, request.url.path, connect, request.headers.get("authorization")))
        if request.url.host in self.dead:
            raise httpx.ConnectError("refused", request=request)
        if request.method == "POST" and request.url.host.startswith("queue"):
            return httpx.Response(200, json={"request_id": "r", **self.submitted})
        done = {"status": "COMPLETED"} if request.url.path.endswith("/status") else OUTPUT
        return httpx.Response(200, json=done)


def _client_of(twin: Twin, fals: Callable[[httpx.Request], httpx.Response]) -> dict[str, Any]:
    kind = httpx.AsyncClient if twin.is_async else httpx.Client
    return {"http_client": kind(transport=httpx.MockTransport(fals)), "hosts": hosts.Hosts()}


@pytest.mark.parametrize("host", ["queue.fal.run", "queue.falrun.com"])
def test_fals_own_hosts(twin: Twin, host: str) -> None:
    base = f"https://{host}/fal-ai/flux-1/requests/r"
    urls = {"status_url": f"{base}/status", "response_url": base, "cancel_url": f"{base}/cancel"}
    fals = Fals({"queue.fal.run"}, urls)
    polled = {"poll_interval": 0.01}
    twin.do(lambda fal: fal.flux_1.schnell.with_options(**polled).subscribe(prompt="x"), **_client_of(twin, fals))
    assert {key for *_, key in fals.asked} == {f"Key {KEY}"}
    first = ["queue.fal.run", "queue.falrun.com"]
    later = first * 2 if host == "queue.fal.run" else ["queue.falrun.com"] * 2
    assert [asked[0] for asked in fals.asked] == first + later
    assert {asked[2] for asked in fals.asked} == {5.0}


@pytest.mark.parametrize("host", ["falrun.com", "queue.falrun.com.evil.example", "rest.fal.ai", "queue.fal.run:8443"])
def test_no_other_host_is_followed(twin: Twin, host: str) -> None:
    fals = Fals(set(), {"status_url": f"https://{host}/x/requests/r/status"})
    twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x"), **_client_of(twin, fals))
    assert {asked[0] for asked in fals.asked} == {"queue.fal.run"}
    own = "/fal-ai/flux-1/requests/r"
    assert [asked[1] for asked in fals.asked[1:]] == [f"{own}/status/stream", f"{own}/status", own]


def test_both_hosts_are_tried_with_each_retry(twin: Twin) -> None:
    fals = Fals({"fal.run", "falrun.com"}, {})
    with pytest.raises(errors.APIConnectionError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), max_retries=1, **_client_of(twin, fals))
    assert caught.value.maybe_submitted is False
    assert [asked[0] for asked in fals.asked] == ["fal.run", "falrun.com"] * 2


def test_status_errors_say_what_the_table_goes_by() -> None:
    for _, outcome, _ in TABLE:
        if isinstance(outcome, Answer) and not outcome.is_success:
            error = status_error(outcome, Exchange(RUN, "POST", "u", {}, "a/b"))
            assert error.retryable is outcome.retryable
