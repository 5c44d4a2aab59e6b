"""What an endpoint of the fake is told to do, and what comes of it."""

from __future__ import annotations

import json
import pickle
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from runtime import errors
from runtime.http.error_answers import status_error
from runtime.http.exchange import Answer as ClientAnswer
from runtime.http.exchange import Exchange, Purpose
from runtime.testing.messages import Answer, NoAnswer
from runtime.testing.scripting.failures import checked_error, ending_of
from runtime.testing.scripting.mistakes import InvalidOutputError, ScriptError
from runtime.testing.scripting.outputs import completed
from runtime.testing.scripting.script import Failure
from runtime.testing.values.outputs import NoOutputError

from .scripted import PETS, SPEC, USUAL, Image, Output, Scene


@pytest.fixture
def scene() -> Scene:
    return Scene()


# What is returned.


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"seed": 1}, {"seed": 1, "images": USUAL["images"], "kind": "a"}),
        (
            {"images": [{"url": "u"}, {"url": "v", "width": 5}]},
            {
                "images": [
                    {"url": "u", "width": 1024, "height": 768},
                    {"url": "v", "width": 5, "height": 768},
                ],
                "seed": 7,
                "kind": "a",
            },
        ),
        ({"images": []}, {"images": [], "seed": 7, "kind": "a"}),
        ({"from_": "x"}, {"from": "x", **USUAL}),
        ({"from": "x"}, {"from": "x", **USUAL}),
        ({"main": Image(url="m", width=1, height=2)}, {"main": {"url": "m", "width": 1, "height": 2}, **USUAL}),
        (
            Output(images=[Image(url="m", width=1, height=2)], seed=3),
            {**USUAL, "seed": 3, "images": [{"url": "m", "width": 1, "height": 2}]},
        ),
    ],
)
def test_what_is_left_out_is_filled_in(scene: Scene, given: Any, expected: Any) -> None:
    scene.paint.returns(given)
    assert scene.call(prompt="a").output == expected


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"sed": 1}, "sed: is no field of this output; did you mean 'seed'?"),
        ({"images": [{"url": "u", "widht": 1}]}, "images.0.widht: is unknown; did you mean 'width'?"),
        ({"seed": "1"}, "seed: must be an integer; got '1'"),
        ({"kind": "c"}, "kind: must be one of 'a', 'b'; got 'c'"),
        ({"images": "u"}, "images: must be a list; got 'u'"),
        ({"images": ["u"]}, "images.0: must be"),
        ({"seed": object()}, "cannot be sent as JSON"),
        ({"seed": float("nan")}, "cannot be sent as JSON"),
        ({"zzz": 1}, "zzz: is no field of this output; it has images, seed, kind, from, main"),
    ],
)
def test_what_the_document_does_not_allow_is_refused_where_it_is_written(scene: Scene, given: Any, said: str) -> None:
    with pytest.raises(InvalidOutputError) as caught:
        scene.paint.returns(given)
    assert said in str(caught.value)
    assert str(caught.value).startswith("1 problem with the output of me/app/paint:")


def test_all_problems_are_told_at_once(scene: Scene) -> None:
    with pytest.raises(InvalidOutputError, match="3 problems"):
        scene.paint.returns(sed=1, seed="2", kind="z")


def test_what_was_refused_can_be_pickled(scene: Scene) -> None:
    with pytest.raises(InvalidOutputError) as caught:
        scene.paint.returns(sed=1)
    again = pickle.loads(pickle.dumps(caught.value))
    assert (str(again), again.problems) == (str(caught.value), caught.value.problems)


def test_what_cannot_be_filled_in_is_refused() -> None:
    with pytest.raises(InvalidOutputError, match="name: is required"):
        completed(PETS.output, {"type": "dog"}, {"type": "cat", "lives": 9}, endpoint="pets")
    assert completed(PETS.output, {"type": "cat"}, {"type": "cat", "lives": 9}, endpoint="pets")["lives"] == 9  # type: ignore[index,call-overload]


def test_of_two_models_the_one_is_taken_that_can_be_filled_in() -> None:
    usual = {"type": "dog", "name": "Rex"}
    assert completed(PETS.output, {}, usual, endpoint="pets") == usual
    assert completed(PETS.output, {"name": "Bo"}, usual, endpoint="pets") == {"type": "dog", "name": "Bo"}
    cat = {"type": "cat", "lives": 9}
    assert completed(PETS.output, cat, usual, endpoint="pets") == cat


def test_nobody_is_blamed_for_what_is_filled_in() -> None:
    odd = {**USUAL, "seed": 7.0}
    assert completed(Output, {"kind": "b"}, odd, endpoint="me") == {**odd, "kind": "b"}
    with pytest.raises(InvalidOutputError, match=r"^1 problem .*\n  kind: must be one of"):
        completed(Output, {"kind": "c"}, odd, endpoint="me")


def test_an_output_that_cannot_be_made_can_be_scripted(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def usual(call: object) -> Any:
        raise NoOutputError("none")

    monkeypatch.setattr(scene.notebook.script_of(SPEC), "usual", usual)
    with pytest.raises(InvalidOutputError, match="images: is required"):
        scene.paint.returns(seed=1)
    scene.paint.returns(seed=1, images=[])
    assert scene.call(prompt="").output == {"seed": 1, "images": []}


def test_an_unknown_endpoint_returns_whatever_it_is_told() -> None:
    assert completed(None, {"a": 1}, {"b": 2}, endpoint="me/mine") == {"a": 1, "b": 2}
    assert completed(None, [1], {"b": 2}, endpoint="me/mine") == [1]


# Sequences.


def outcomes(scene: Scene, count: int) -> list[Any]:
    plays = [scene.call(prompt=str(at)) for at in range(count)]
    return [play.output["seed"] if play.error is None else play.error.status for play in plays]  # type: ignore[index,call-overload]


def test_each_call_takes_the_next_step_and_the_last_one_stays(scene: Scene) -> None:
    scene.paint.returns(seed=1).then.fails(errors.ModelError("dark")).then.returns(seed=3)
    assert outcomes(scene, 5) == [1, 422, 3, 3, 3]


def test_threads_share_the_steps(scene: Scene) -> None:
    chain = scene.paint.returns(seed=0)
    for seed in range(1, 100):
        chain = chain.then.returns(seed=seed)
    with ThreadPoolExecutor(8) as pool:
        found = [*pool.map(lambda _: outcomes(scene, 1)[0], range(100))]
    assert sorted(found) == [*range(100)]


def test_then_on_its_own_comes_after_what_is_usual(scene: Scene) -> None:
    scene.paint.then.fails(errors.ServerError("gone"))
    assert outcomes(scene, 3) == [7, 500, 500]


def test_what_is_said_anew_forgets_what_was_said(scene: Scene) -> None:
    scene.paint.returns(seed=1).then.returns(seed=2)
    scene.paint.returns(seed=3)
    assert outcomes(scene, 2) == [3, 3]
    scene.paint.returns(seed=5).then.returns(seed=6)
    assert outcomes(scene, 2) == [5, 6]
    scene.paint.returns(seed=3)
    assert outcomes(scene, 2) == [3, 3]
    scene.paint.then.returns(seed=4)
    assert outcomes(scene, 2) == [4, 4]  # two calls took steps already


def test_times_are_of_a_step_or_of_all(scene: Scene) -> None:
    scene.paint.takes(20, logs=["a"], queue=[1, 0])
    scene.paint.returns(seed=1).takes(5).then.returns(seed=2)
    first, second = scene.call(prompt=""), scene.call(prompt="")
    assert (first.seconds, first.logs, first.queue) == (5, (), ())
    assert (second.seconds, second.logs, second.queue) == (20, ("a",), (1, 0))


def test_a_time_alone_leaves_the_answer_as_usual(scene: Scene) -> None:
    scene.paint.takes(1200)
    play = scene.call(prompt="")
    assert (play.output, play.seconds) == (USUAL, 1200)


@pytest.mark.parametrize(
    "timing", [{"seconds": -1}, {"seconds": "3"}, {"seconds": 1, "logs": "a"}, {"seconds": 1, "queue": [-1]}]
)
def test_times_that_cannot_be_are_refused(scene: Scene, timing: Any) -> None:
    with pytest.raises((TypeError, ValueError)):
        scene.paint.takes(**timing)


def test_reset_forgets_all(scene: Scene) -> None:
    scene.paint.returns(seed=1)
    scene.call(prompt="")
    scene.paint.reset()
    assert scene.notebook.script("me/app/paint") is None
    scene.paint.assert_not_called()


# Functions and streams.


def test_a_function_makes_the_answer_of_the_input(scene: Scene) -> None:
    scene.paint.answers(lambda given: {"seed": len(given["from_"])})
    assert scene.call(**{"from": "abc"}).output["seed"] == 3  # type: ignore[index,call-overload]


def test_a_function_may_give_nothing_or_an_error(scene: Scene) -> None:
    made: list[Any] = [None, errors.ModelError("a"), errors.ContentPolicyError]
    scene.paint.answers(lambda _: made.pop(0))
    assert outcomes(scene, 3) == [7, 422, 422]


def test_a_function_may_raise(scene: Scene) -> None:
    def fail(_: object) -> None:
        raise made.pop(0)

    made: list[Exception] = [errors.ModelError("a"), KeyError("its own")]
    scene.paint.answers(fail)
    assert outcomes(scene, 1) == [422]
    with pytest.raises(KeyError, match="its own"):
        scene.call(prompt="")


def test_what_a_function_gives_is_checked(scene: Scene) -> None:
    scene.paint.answers(lambda _: {"sed": 1})
    with pytest.raises(InvalidOutputError, match="did you mean 'seed'"):
        scene.call(prompt="")


def test_a_coroutine_function_is_refused(scene: Scene) -> None:
    async def function(_: object) -> dict[str, Any]:
        return {}

    with pytest.raises(TypeError, match="plain function"):
        scene.paint.answers(function)  # type: ignore[arg-type]


def test_events_end_in_the_output(scene: Scene) -> None:
    scene.paint.streams([{"progress": 0.5}, {"seed": 2}])
    play = scene.call(kind="stream", prompt="")
    assert play.events == [{"progress": 0.5}, {**USUAL, "seed": 2}]
    assert play.output == {**USUAL, "seed": 2}


@pytest.mark.parametrize("events", [[], "ab", None])
def test_a_stream_has_events(scene: Scene, events: Any) -> None:
    with pytest.raises(ScriptError, match="a list of events"):
        scene.paint.streams(events)


def test_the_last_event_is_checked_as_the_output(scene: Scene) -> None:
    with pytest.raises(InvalidOutputError, match="1 problem with the event 1 of"):
        scene.paint.streams([{"progress": 1}, {"sed": 2}])


# Errors.

SCRIPTED: list[errors.APIStatusError] = [
    errors.ModelError("The picture is too dark"),
    errors.ModelError("x", error_type="image_too_small"),
    errors.ModelError(
        "x",
        details=[
            errors.ErrorDetail(loc=("body", "prompt"), msg="too long", type="sequence_too_long", ctx={"max_length": 3})
        ],
    ),
    errors.ModelError("x", status_code=422, retryable=False, headers={"x-fal-billable-units": "2"}),
    errors.ContentPolicyError("no"),
    errors.AuthenticationError("who"),
    errors.PermissionDeniedError("no"),
    errors.NotFoundError("where"),
    errors.RateLimitError("slowly"),
    errors.ServerError("gone"),
    errors.ServerError("gone", status_code=503, error_type="runner_disconnected"),
    errors.APIStatusError("odd", status_code=418, body={"detail": "tea"}),
]


@pytest.mark.parametrize("kind", ["run", "submit", "stream"])
@pytest.mark.parametrize("error", SCRIPTED, ids=repr)
def test_the_client_makes_the_same_error_of_it(error: errors.APIStatusError, kind: Any) -> None:
    ending = ending_of(checked_error(error), kind)
    assert isinstance(ending, Failure | Answer)
    body = json.dumps(ending.body).encode() if isinstance(ending, Failure) else ending.body
    answer = ClientAnswer(ending.status, ending.headers, body)
    got = status_error(answer, Exchange(Purpose.RESULT, "GET", "", {}, "me/app/paint"))
    assert type(got) is type(error)
    assert got.status_code == error.status_code
    assert error.error_type is None or got.error_type == error.error_type
    assert not error.details or got.details == error.details
    assert got.billable_units == error.billable_units
    assert got.retryable == (False if error.status_code == 429 else error.retryable)
    assert error.message in str(got) or error.details or error.body is not None


def test_what_fal_refuses_at_once_is_no_result() -> None:
    assert isinstance(ending_of(checked_error(errors.RateLimitError), "submit"), Answer)
    assert isinstance(ending_of(checked_error(errors.ContentPolicyError), "submit"), Failure)
    assert isinstance(ending_of(checked_error(errors.ServerError), "submit"), Failure)


def test_a_failure_of_the_queue() -> None:
    error = errors.RequestFailedError(error="out of memory", error_type="runner_server_error", billable_units=1.5)
    queued = ending_of(checked_error(error), "submit")
    assert queued == Failure(500, None, {"x-fal-billable-units": "1.5"}, "out of memory", "runner_server_error")
    direct = ending_of(error, "run")
    assert isinstance(direct, Failure)
    assert direct.body == {"detail": "out of memory", "error_type": "runner_server_error"}


@pytest.mark.parametrize(
    ("error", "kind"),
    [(errors.APIConnectionError, "lost"), (errors.APITimeoutError, "timeout")],
)
def test_an_answer_that_gets_lost(error: Any, kind: str) -> None:
    ending = ending_of(checked_error(error), "submit")
    assert isinstance(ending, NoAnswer)
    assert ending.kind == kind


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        (ValueError("x"), r"such as ModelError\('…'\)"),
        ("x", "such as ModelError"),
        (errors.DeadlineExceededError, r"\.takes\(seconds\)"),
        (errors.InvalidInputError, "before anything is sent"),
        (errors.MissingCredentialsError("x"), "needs no key"),
        (errors.InvalidResponseError, "not_json"),
        (errors.FileTransferError("x"), "cut_download"),
        (errors.APIConnectionError("x", maybe_submitted=False), "connection_refused"),
        (errors.APITimeoutError("x", maybe_submitted=False), "connection_refused"),
        (errors.FalError("x"), "name the class"),
        (errors.FalError, "name the class"),
        (errors.ModelError("x", status_code=500), "the caller gets ServerError, not ModelError"),
        (errors.RateLimitError("x", status_code=404), "gets NotFoundError"),
    ],
)
def test_what_fal_never_says_is_refused(scene: Scene, error: Any, hint: str) -> None:
    with pytest.raises(ScriptError, match=hint):
        scene.paint.fails(error)
