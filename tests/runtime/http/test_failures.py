"""Everything that can go wrong on the way: errors, faults, retries, deadlines."""

from __future__ import annotations

import asyncio
import copy
import pickle
import socket
import threading
import traceback
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import FalServer, Reply, faults, until
from fal_server.plan import completed, in_progress
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime import errors
from runtime.calls.waiting import Pace
from runtime.http.error_answers import status_error
from runtime.http.exchange import Answer, Deadline, Exchange, Purpose
from runtime.http.hosts import Hosts
from runtime_sample import AsyncFal, Fal
from runtime_twin import KEY, OUTPUT, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from stopped_clock import StoppedClock

DETAIL = {"loc": ["body", "prompt"], "msg": "field required", "type": "missing", "input": {}, "ctx": {"a": 1}}


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (301, b"", errors.APIStatusError),
        (400, {"detail": "bad", "error_type": "bad_request"}, errors.APIStatusError),
        (400, {"detail": [DETAIL]}, errors.ModelError),
        (401, {"detail": "no such key"}, errors.AuthenticationError),
        (403, {"detail": "no"}, errors.PermissionDeniedError),
        (404, b"<html>", errors.NotFoundError),
        (422, {"detail": "text"}, errors.ModelError),
        (422, {"detail": [{**DETAIL, "type": "content_policy_violation"}]}, errors.ContentPolicyError),
        (422, {"detail": [None, 4, {}, {"loc": 4, "msg": None, "type": 3}]}, errors.ModelError),
        (429, b"", errors.RateLimitError),
        (499, None, errors.APIStatusError),
        (500, {"detail": [{**DETAIL, "type": "internal_server_error"}]}, errors.ServerError),
        (503, b"\xff\x00", errors.ServerError),
    ],
)
def test_an_error_answer_becomes_its_class(
    server: FalServer, twin: Twin, status: int, body: Any, kind: type[errors.APIStatusError]
) -> None:
    headers = {"x-fal-request-id": "r-1", "x-fal-billable-units": "0.5", "location": f"{server.url}/elsewhere"}
    server.plans[SCHNELL].always["run"] = Reply(status, body, headers)
    with pytest.raises(errors.APIStatusError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
    error = caught.value
    assert type(error) is kind
    assert (error.status_code, error.request_id, error.headers["X-Fal-Request-ID"]) == (status, "r-1", "r-1")
    assert error.billable_units == pickle.loads(pickle.dumps(error)).billable_units == 0.5
    assert str(error).startswith(f"{status} from {SCHNELL}: ")
    assert str(error).endswith("(request id r-1)")
    assert error.body == (body if not isinstance(body, bytes) else body.decode("utf-8", "replace"))
    # Never a second POST, but for the one that says it was not accepted; and never a redirect.
    assert len(server.seen) == (4 if status == 429 else 1)
    # What the model itself says, and a redirect, tell nothing of whether work began.
    assert error.maybe_submitted is (status in (301, 422, 499, 500, 503) or kind is errors.ModelError)
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error) == vars(copy.deepcopy(error))


def test_the_message_and_details_of_a_model_error(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].always["run"] = Reply(422, {"detail": [DETAIL]}, {"x-fal-request-id": "r-1"})
    with pytest.raises(errors.ModelError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
    error = caught.value
    assert str(error) == f"422 from {SCHNELL}: prompt: field required [missing] (request id r-1)"
    (detail,) = error.details
    assert (detail.loc, detail.type, detail.ctx, detail.input) == (("body", "prompt"), "missing", {"a": 1}, {})
    assert error.error_type == "missing"
    assert error.retryable is None


@pytest.mark.parametrize(
    ("headers", "retryable"),
    [
        ({"X-Fal-Retryable": "1"}, True),
        ({"X-Fal-Retryable": "FALSE"}, False),
        ({"X-Fal-Needs-Retry": "true"}, True),
        ({"X-Fal-Needs-Retry": "0"}, False),
        ({"X-Fal-Needs-Retry": "1", "X-Fal-Retryable": "false"}, False),
        ({"X-Fal-Needs-Retry": "maybe"}, None),
    ],
)
def test_retryable_is_what_the_server_says(headers: dict[str, str], retryable: bool | None) -> None:
    answer = Answer(500, httpx.Headers({**headers, "X-Fal-Error-Type": "runner"}), b"")
    error = status_error(answer, Exchange(Purpose.RUN, "POST", "u", {}, "a/b"))
    assert (error.retryable, error.error_type) == (retryable, "runner")


@pytest.mark.parametrize(("length", "cut"), [(300, ""), (301, "…")])
def test_what_a_server_says_is_told_in_three_hundred_characters(length: int, cut: str) -> None:
    answer = Answer(500, {}, f'{{"detail": "{"~" * length}"}}'.encode())
    message = str(status_error(answer, Exchange(Purpose.RUN, "POST", "u", {}, "a/b")))
    assert f": {'~' * 300}{cut}" in message
    assert (message.count("~"), "…" in message) == (300, bool(cut))


@pytest.mark.parametrize(
    ("status", "kind"), [(399, errors.APIStatusError), (400, errors.ModelError), (418, errors.ModelError)]
)
def test_what_has_details_is_the_models_error_where_it_is_one(status: int, kind: type[Exception]) -> None:
    content = b'{"detail": [{"loc": ["body"], "msg": "no", "type": "odd"}]}'
    assert type(status_error(Answer(status, {}, content), Exchange(Purpose.RUN, "POST", "u", {}, "a/b"))) is kind


@settings(max_examples=50, database=None, deadline=None)
@given(st.binary() | st.recursive(st.none() | st.booleans() | st.text(), st.lists).map(repr).map(str.encode))
def test_no_error_body_breaks_the_mapping(content: bytes) -> None:
    error = status_error(Answer(422, {}, content), Exchange(Purpose.RUN, "POST", "u", {}, "a/b"))
    assert isinstance(error, errors.ModelError)


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"images": [', b"[" * 100_000, b"9" * 5000])
def test_a_success_that_is_not_json_carries_its_bytes(server: FalServer, twin: Twin, body: bytes) -> None:
    server.plans[SCHNELL].always = {"run": Reply(200, body), "result": Reply(200, body)}

    def steps(fal: Any) -> Steps:
        for call in (fal.flux_1.schnell.run, fal.flux_1.schnell.subscribe):
            with pytest.raises(errors.InvalidResponseError, match="not JSON") as caught:
                yield call(prompt="x")
            assert caught.value.content == body
            assert caught.value.maybe_submitted is True
            assert pickle.loads(pickle.dumps(caught.value)).content == body

    twin.do(steps)


def test_an_error_whose_body_is_cut_off_keeps_its_status(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].always["run"] = Reply(422, {"detail": "x" * 100}, cut=True)
    with pytest.raises(errors.ModelError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
    assert caught.value.body.startswith('{"detail"')


@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
@pytest.mark.parametrize("fault", [{"drop": True}, {"cut": True, "body": "x" * 50}])
def test_a_broken_connection_is_no_second_post(server: FalServer, twin: Twin, verb: str, fault: Any) -> None:
    server.plans[SCHNELL].always = {"run": Reply(**fault), "submit": Reply(**fault)}
    with pytest.raises(errors.APIConnectionError) as caught:
        twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"))
    assert caught.value.maybe_submitted is True
    assert not isinstance(caught.value, errors.APITimeoutError)
    assert len(server.seen) == 1
    assert pickle.loads(pickle.dumps(caught.value)).maybe_submitted is True


def _closed_port() -> Hosts:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    return Hosts(run=url, queue=url)


def test_a_refused_connection_was_not_submitted(twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        with pytest.raises(errors.APIConnectionError) as caught:
            yield fal.flux_1.schnell.run(prompt="x")
        assert caught.value.maybe_submitted is False
        with pytest.raises(errors.APIConnectionError) as caught:
            yield fal.flux_1.schnell.with_options(max_retries=0).request("r").status()
        assert (caught.value.maybe_submitted, caught.value.request_id) == (True, "r")

    twin.do(steps, hosts=_closed_port())


def test_http_timeout_bounds_an_exchange_but_not_run(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].always = {"run": Reply(200, OUTPUT, delay=0.8), "submit": faults.SILENT}

    def steps(fal: Any) -> Steps:
        assert (yield fal.flux_1.schnell.run(prompt="x")).seed == 7
        with pytest.raises(errors.APITimeoutError) as caught:
            yield fal.flux_1.schnell.submit(prompt="x")
        assert isinstance(caught.value, TimeoutError)
        assert caught.value.maybe_submitted is True

    twin.do(steps, http_timeout=0.5)


def test_a_body_that_drips_is_bounded_too(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].always["submit"] = Reply(200, "x" * 100_000, drip=0.05)  # more than an hour
    with pytest.raises(errors.APITimeoutError):
        twin.do(lambda fal: fal.flux_1.schnell.submit(prompt="x"), http_timeout=0.3)


# Completed with an error, expired results.


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (Reply(422, {"detail": [DETAIL]}), errors.ModelError),
        (Reply(500, {"detail": "boom"}, {"x-fal-request-id": "r"}), errors.ServerError),
        (Reply(500, b"", {"x-fal-request-id": "r"}), errors.RequestFailedError),
        (Reply(200, {}, {"x-fal-billable-units": "3"}), errors.RequestFailedError),
        (Reply(404, {"status": "NOT_FOUND"}), errors.RequestFailedError),
        (Reply(drop=True), errors.RequestFailedError),
    ],
)
@pytest.mark.usefixtures("nobody_waits")
def test_completed_with_an_error(server: FalServer, twin: Twin, reply: Reply, kind: type[errors.FalError]) -> None:
    plan = server.plan(SCHNELL, states=[completed(error="it broke", error_type="runner_disconnected")])
    plan.always["result"] = reply
    with pytest.raises(errors.FalError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x"), max_retries=0)
    error = caught.value
    assert type(error) is kind
    if isinstance(error, errors.RequestFailedError):
        assert (error.error, error.error_type) == ("it broke", "runner_disconnected")
        assert "it broke [runner_disconnected] (request id req-" in str(error)
        assert error.billable_units == (3 if reply.headers.get("x-fal-billable-units") else None)
    assert error.maybe_submitted is True
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error)


@pytest.mark.parametrize(
    ("status", "body"), [(404, {"status": "NOT_FOUND"}), (404, b"<html>"), (410, {"detail": "gone"})]
)
def test_a_result_that_is_not_kept_any_more(server: FalServer, twin: Twin, status: int, body: Any) -> None:
    server.plans[SCHNELL].always["result"] = Reply(status, body, {"x-fal-billable-units": "0"})
    with pytest.raises(errors.ResultExpiredError, match="req-") as caught:
        twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x"))
    assert caught.value.request_id.startswith("req-")
    assert caught.value.billable_units == 0
    assert caught.value.body == (body if isinstance(body, dict) else body.decode())
    assert vars(pickle.loads(pickle.dumps(caught.value))) == vars(caught.value)
    assert caught.value.maybe_submitted is True


# Deadlines.


@pytest.fixture
def soon(server: FalServer, clock: StoppedClock) -> float:
    """A timeout that is over when the state was asked for three times."""
    clock.leaps(50.0, when=lambda: len(server.requests("GET", "/status")) >= 3)
    return 50.0


@pytest.fixture
def between_polls(clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> float:
    """A timeout that is over when three answers have come, and before it is asked for the fourth time."""
    answered: list[float] = []
    real = Pace.interval

    def interval(pace: Pace, *arguments: Any) -> float:
        answered.append(real(pace, *arguments))
        return answered[-1]

    monkeypatch.setattr(Pace, "interval", interval)
    clock.leaps(50.0, when=lambda: len(answered) >= 3)
    return 50.0


def test_the_arithmetic_of_a_deadline(clock: StoppedClock) -> None:
    deadline = Deadline(3.0)
    for passed, left in ((0.0, 3.0), (1.0, 2.0), (1.5, 0.5), (5.0, 0.0)):
        clock.now += passed
        assert deadline.remaining() == left
        assert [deadline.pause(seconds) for seconds in (0.0, 0.1, 60.0)] == [0.0, min(0.1, left), left]
        assert [deadline.limit(seconds) for seconds in (None, 0.1, 60.0)] == [left, min(0.1, left), left]
        assert deadline.has_passed is (left == 0.0)
    endless = Deadline(None)
    assert (endless.remaining(), endless.pause(60.0), endless.limit(None)) == (None, 60.0, None)
    assert not endless.has_passed


def test_a_deadline_cancels_a_subscription(server: FalServer, twin: Twin, between_polls: float) -> None:
    server.plan(SCHNELL, states=[in_progress()])
    with pytest.raises(errors.DeadlineExceededError) as caught:
        twin.do(
            lambda fal: fal.flux_1.schnell.with_options(timeout=between_polls, poll_interval=0.01).subscribe(prompt="x")
        )
    assert len(server.requests("GET")) == 3
    error = caught.value
    assert isinstance(error, TimeoutError)
    assert (error.timeout, str(error.request_id)[:4]) == (between_polls, "req-")
    assert server.seen[-1].method == "PUT"
    assert (error.maybe_submitted, error.cancel) == (True, "CANCELLATION_REQUESTED")
    assert str(error).endswith(f"(request id {error.request_id}); cancel: CANCELLATION_REQUESTED")
    assert error.__cause__ is None  # nothing went wrong
    assert vars(pickle.loads(pickle.dumps(error))) == vars(error)


@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize(
    ("reply", "told"),
    [
        (Reply(drop=True), "asked, not answered"),
        (Reply(503), "asked, not answered"),
        (Reply(503, b"", {"retry-after": "60"}), "refused with 503"),
        (Reply(404, {"status": "NOT_FOUND"}), "refused with 404"),
        (Reply(400, {"status": "ALREADY_COMPLETED"}), "ALREADY_COMPLETED"),
        (Reply(200, {"status": "OK"}), "OK"),
    ],
)
def test_a_deadline_says_what_became_of_the_cancellation(
    server: FalServer, twin: Twin, soon: float, reply: Reply, told: str
) -> None:
    """And does not hang on it."""
    server.plan(SCHNELL, states=[in_progress()], always={"cancel": reply})
    with pytest.raises(errors.DeadlineExceededError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.with_options(poll_interval=0.01).subscribe(prompt="x"), timeout=soon)
    assert caught.value.cancel == told
    assert str(caught.value).endswith(f"; cancel: {told}")
    assert server.requests("PUT")


@pytest.mark.usefixtures("nobody_waits")
def test_the_cancellation_has_its_own_short_limit(
    server: FalServer, twin: Twin, soon: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without it, this would not end."""
    monkeypatch.setattr("runtime.calls.steps.LATE_CANCEL_SECONDS", 0.1)
    server.plan(SCHNELL, states=[in_progress()], always={"cancel": faults.SILENT})
    with pytest.raises(errors.DeadlineExceededError):
        twin.do(
            lambda fal: fal.flux_1.schnell.with_options(poll_interval=0.01).subscribe(prompt="x"),
            timeout=soon,
            http_timeout=600,
        )


def test_the_deadline_of_a_handle_does_not_cancel(server: FalServer, twin: Twin, soon: float) -> None:
    server.plan(SCHNELL, states=[in_progress()])

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.with_options(poll_interval=0.01).submit(prompt="x")
        with pytest.raises(errors.DeadlineExceededError) as caught:
            yield handle.result(timeout=soon)
        assert caught.value.request_id == handle.request_id
        for bad in (-1, True, float("nan")):
            with pytest.raises((ValueError, TypeError), match="timeout"):
                yield handle.result(timeout=bad)

    twin.do(steps)
    assert not server.requests("PUT")


@pytest.mark.sampled(3)
@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
def test_a_deadline_ends_an_exchange_without_an_answer(server: FalServer, twin: Twin, verb: str) -> None:
    """Nothing else would."""
    server.plans[SCHNELL].always["run" if verb == "run" else "submit"] = faults.SILENT
    with pytest.raises(errors.DeadlineExceededError, match="whether fal has it is not known") as caught:
        twin.do(lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"), timeout=1.0, http_timeout=600)
    assert isinstance(caught.value.__cause__, errors.APITimeoutError)
    assert (caught.value.maybe_submitted, caught.value.request_id, caught.value.cancel) == (True, None, None)
    assert pickle.loads(pickle.dumps(caught.value)).maybe_submitted is True


@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize("verb", ["run", "submit", "subscribe"])
def test_a_deadline_that_passes_before_anything_is_sent(twin: Twin, verb: str) -> None:
    with pytest.raises(errors.DeadlineExceededError) as caught:
        twin.do(
            lambda fal: getattr(fal.flux_1.schnell, verb)(prompt="x"),
            timeout=1.0,
            hosts=_closed_port(),
            max_retries=999,
        )
    assert caught.value.maybe_submitted is False
    assert isinstance(caught.value.__cause__, errors.APIConnectionError)
    assert "not known" not in str(caught.value)


@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize(
    ("fault", "cause"),
    [
        (Reply(503, {}), errors.ServerError),
        (Reply(429, {}), errors.RateLimitError),
        (Reply(200, b"<html>"), errors.InvalidResponseError),
        (faults.DROPPED, errors.APIConnectionError),
    ],
)
def test_a_deadline_ends_the_waits_between_retries(
    server: FalServer, twin: Twin, fault: Reply, cause: type[errors.FalError]
) -> None:
    """And the error says what came in between."""
    server.plans[SCHNELL].always["status"] = fault
    for timeout in (0.3, 2.0, 5.0):  # too short for a read to give up
        with pytest.raises(errors.DeadlineExceededError, match=f"within {timeout:g} s") as caught:
            twin.do(lambda fal, timeout=timeout: fal.flux_1.schnell.subscribe(prompt="x"), timeout=timeout)
        if type(caught.value.__cause__) is not errors.APITimeoutError:
            break  # on a busy machine the time may be over in the midst of a request
    error = caught.value
    assert type(error.__cause__) is cause
    assert (error.maybe_submitted, error.cancel) == (True, "CANCELLATION_REQUESTED")


def test_cancelling_a_task_leaves_nothing_running(server: FalServer) -> None:
    server.plan(SCHNELL, states=[in_progress()])

    async def main() -> None:
        async with AsyncFal(KEY, hosts=Hosts(run=server.run_url, queue=server.queue_url)) as fal:
            task = asyncio.create_task(fal.flux_1.schnell.subscribe(prompt="x"))
            await asyncio.to_thread(until, lambda: server.requests("GET"), "it does not wait")
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())


def test_an_interrupt_passes_through(server: FalServer) -> None:
    server.plan(SCHNELL, states=[in_progress()])
    threads = {*threading.enumerate()}

    def interrupt(_: object) -> None:
        raise KeyboardInterrupt

    with (
        Fal(KEY, hosts=Hosts(run=server.run_url, queue=server.queue_url)) as fal,
        pytest.raises(KeyboardInterrupt),
    ):
        fal.flux_1.schnell.subscribe(prompt="x", on_queue_update=interrupt)
    assert {*threading.enumerate()} <= threads


# The key.


@pytest.mark.parametrize("fault", [Reply(drop=True), Reply(200, b"<"), Reply(500, {}), faults.SILENT])
def test_the_key_is_in_no_traceback(server: FalServer, twin: Twin, fault: Reply) -> None:
    server.plans[SCHNELL].always["submit"] = fault
    with pytest.raises(errors.FalError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.submit(prompt="x"), http_timeout=0.3)
    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "very-secret" not in "".join(shown.format())
    assert b"very-secret" not in pickle.dumps(caught.value)
    if isinstance(cause := caught.value.__cause__, httpx.RequestError):
        with pytest.raises(RuntimeError):  # httpx's way of saying that it has none: its headers hold the key
            _ = cause.request
