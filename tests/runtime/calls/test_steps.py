"""The queue's protocol without a network and without waiting: what the steps ask for, and what they make of answers."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from runtime import errors
from runtime.calls import steps
from runtime.calls.status import CancelStatus, Completed, InProgress, Queued
from runtime.calls.steps import Call, Request, Tell, Upload
from runtime.http.exchange import Answer, Exchange, Pause, Within
from runtime.inputs.spec import EndpointSpec
from runtime.options import Options
from runtime.session import Settings

if TYPE_CHECKING:
    from collections.abc import Callable

OUTPUT = {"seed": 7}
IN_QUEUE, RUNNING, DONE = ({"status": word} for word in ("IN_QUEUE", "IN_PROGRESS", "COMPLETED"))


def call_of(timeout: float | None = None, **options: Any) -> Call:
    settings = Settings(timeout=timeout, http_timeout=120.0, max_retries=3, validate_inputs=True, hosts=None)
    return Call(EndpointSpec("a/b"), settings, Options(**options), "test/1")


def answer(body: object, status: int = 200) -> Answer:
    return Answer(status, {}, json.dumps(body).encode())


class Script:
    """Answers to the exchanges that steps ask for, in order; notes whatever they ask for."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.asked: list[Any] = []

    def play(self, wanted: Any, do: Callable[[Any], object] = lambda step: None) -> Any:
        """The steps' result."""
        done: Any = None
        error: BaseException | None = None
        try:
            while True:
                step = wanted.send(done) if error is None else wanted.throw(error)
                done = error = None
                self.asked.append(step)
                if isinstance(step, Within):
                    try:
                        done = self.play(step.steps, do)
                    except errors.FalError as raised:
                        error = raised
                elif not isinstance(step, Exchange):
                    done = do(step)
                else:
                    done = self.answers.pop(0)
                    if isinstance(done, Exception):
                        done, error = None, done
        except StopIteration as stop:
            return stop.value

    @property
    def lines(self) -> list[str]:
        """What was asked of the server."""
        return [f"{step.method} {step.url.removeprefix('https://queue.fal.run/')}" for step in self.exchanges]

    @property
    def exchanges(self) -> list[Exchange]:
        return [step for step in self.asked if isinstance(step, Exchange)]

    @property
    def pauses(self) -> list[float]:
        return [step.seconds for step in self.asked if isinstance(step, Pause)]


def subscribed(script: Script, call: Call, do: Callable[[Any], object] = lambda step: None) -> Any:
    return script.play(steps.subscribed(call, {"prompt": "x"}, call.limits()), do)


def test_a_subscription_submits_waits_asks_and_fetches() -> None:
    script = Script(answer({"request_id": "r"}), answer(IN_QUEUE), answer(RUNNING), answer(DONE), answer(OUTPUT))
    assert subscribed(script, call_of(poll_interval=0.05)) == OUTPUT
    assert script.lines == ["POST a/b", *["GET a/b/requests/r/status"] * 3, "GET a/b/requests/r"]
    assert script.exchanges[0].body == b'{"prompt":"x"}'
    assert [type(step) for step in script.asked] == [
        Exchange,
        Pause,
        Exchange,
        Pause,
        Exchange,
        Pause,
        Exchange,
        Exchange,
    ]
    assert script.pauses == [0.05] * 3


def test_every_change_is_told_once_and_before_the_next_question() -> None:
    told: list[Any] = []
    script = Script(answer({"request_id": "r"}), *map(answer, (IN_QUEUE, IN_QUEUE, RUNNING, RUNNING, DONE, OUTPUT)))
    call = call_of(on_queue_update=lambda update: None)
    subscribed(script, call, lambda step: told.append(step.update) if isinstance(step, Tell) else None)
    assert told == [Queued("r"), InProgress("r"), Completed("r")]
    assert all(step.callback is call.options.on_queue_update for step in script.asked if isinstance(step, Tell))
    assert isinstance(script.asked[-2], Tell)  # completed, then the result is fetched


def test_what_a_callback_raises_ends_it() -> None:
    def broken(step: object) -> None:
        if isinstance(step, Tell):
            raise RuntimeError("mine")

    script = Script(answer({"request_id": "r"}), answer(IN_QUEUE))
    with pytest.raises(RuntimeError, match="mine"):
        subscribed(script, call_of(on_queue_update=lambda update: None), broken)
    assert not script.answers


@pytest.mark.parametrize("at", range(1, 4))
def test_a_deadline_that_passes_cancels_within_limits_of_its_own(at: int) -> None:
    late = errors.DeadlineExceededError(timeout=1.0, endpoint="a/b", request_id="r")
    answers = [answer({"request_id": "r"}), answer(IN_QUEUE), answer(DONE)][:at]
    script = Script(*answers, late, answer({"status": "CANCELLATION_REQUESTED"}, 202))
    with pytest.raises(errors.DeadlineExceededError) as caught:
        subscribed(script, call_of(timeout=1.0))
    assert caught.value is late
    (within,) = (step for step in script.asked if isinstance(step, Within))
    assert within.limits.deadline.timeout == steps.LATE_CANCEL_SECONDS
    assert script.lines[-1] == "PUT a/b/requests/r/cancel"


def test_a_cancellation_that_fails_is_not_what_is_told() -> None:
    late = errors.DeadlineExceededError(timeout=1.0, endpoint="a/b")
    script = Script(answer({"request_id": "r"}), late, errors.APIConnectionError("gone", maybe_submitted=True))
    with pytest.raises(errors.DeadlineExceededError) as caught:
        subscribed(script, call_of(timeout=1.0))
    assert caught.value is late


def test_nothing_is_cancelled_that_was_not_accepted() -> None:
    script = Script(errors.DeadlineExceededError(timeout=1.0, endpoint="a/b"))
    with pytest.raises(errors.DeadlineExceededError):
        subscribed(script, call_of(timeout=1.0))
    assert script.lines == ["POST a/b"]


def request_of(call: Call) -> Request:
    return Request(call, "r", call.builder.urls_of("r"))


def test_the_queues_error_counts_where_the_result_cannot_be_had() -> None:
    call = call_of()
    failed = {**DONE, "error": "out of memory", "error_type": "runner"}
    lost = errors.APIConnectionError("gone", maybe_submitted=True)
    with pytest.raises(errors.RequestFailedError, match="out of memory") as caught:
        Script(answer(failed), lost).play(request_of(call).result(call.limits(), logs=False))
    assert caught.value.__context__ is None  # two exceptions, one of which is no news
    with pytest.raises(errors.APIConnectionError) as raised:
        Script(answer(DONE), lost).play(request_of(call).result(call.limits(), logs=False))
    assert raised.value is lost


def test_updates_end_with_the_completion_and_ask_nothing_after_it() -> None:
    call = call_of(poll_interval=0.5)
    updates = request_of(call).updates(call.limits(), logs=True)
    script = Script(answer(IN_QUEUE), answer(DONE))
    assert script.play(updates.coming()) == Queued("r")
    assert script.pauses == []  # nobody waits before the first answer
    assert script.play(updates.coming()) == Completed("r") == updates.completed
    assert script.play(updates.coming()) is None
    assert script.pauses == [0.5]
    assert {line.partition("?")[2] for line in script.lines} == {"logs=1"}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (200, {"status": "OK"}, CancelStatus.OK),
        (202, {"status": "CANCELLATION_REQUESTED"}, CancelStatus.CANCELLATION_REQUESTED),
        (400, {"status": "ALREADY_COMPLETED"}, CancelStatus.ALREADY_COMPLETED),
    ],
)
def test_cancelling(status: int, body: object, expected: CancelStatus) -> None:
    script = Script(answer(body, status))
    assert script.play(request_of(call_of()).cancelled()) is expected
    assert script.lines == ["PUT a/b/requests/r/cancel"]


def test_files_are_uploaded_before_anything_is_submitted() -> None:
    call = call_of(extra_input={"more": 1})
    given = {"image_url": Path("a.png")}
    script = Script(answer({"request_id": "r"}))
    made = script.play(
        steps.submitted(call, given, call.limits()),
        lambda step: {**step.arguments, "image_url": "https://x/a.png"} if isinstance(step, Upload) else None,
    )
    assert [type(step) for step in script.asked] == [Upload, Exchange]
    assert json.loads(script.exchanges[0].body or b"") == {"image_url": "https://x/a.png", "more": 1}
    assert made.request_id == "r"
    assert given == {"image_url": Path("a.png")}


def test_a_direct_call_is_one_exchange() -> None:
    call = call_of()
    script = Script(answer(OUTPUT))
    assert script.play(steps.ran(call, {}, call.limits())) == OUTPUT
    assert [(step.method, step.url) for step in script.exchanges] == [("POST", "https://fal.run/a/b")]
