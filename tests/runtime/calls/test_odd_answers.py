"""Answers that are none of those fal documents: what was paid for is neither refused nor hidden."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from fal_server import FalServer, Reply
from fal_server.plan import completed, in_progress
from runtime import errors
from runtime_twin import OUTPUT, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from stopped_clock import StoppedClock


def subscribe(fal: Any) -> Any:
    return fal.flux_1.schnell.with_options(poll_interval=0.01).subscribe(prompt="x")


def results(server: FalServer) -> list[Any]:
    """The requests for a result."""
    return [each for each in server.requests("GET") if not each.path.endswith("/status")]


@pytest.mark.parametrize("body", [{"status": "CANCELLED"}, {"request_id": "r"}, {"status": 3}, {"status": None}])
def test_a_status_that_says_nothing_and_is_final_ends_the_wait(server: FalServer, twin: Twin, body: Any) -> None:
    """With 202 the request is pending (test_endpoint); with 200 asking again would have no end."""
    server.plans[SCHNELL].always["status"] = Reply(200, body)

    def steps(fal: Any) -> Steps:
        with pytest.raises(errors.InvalidResponseError, match="no known status") as caught:
            yield subscribe(fal)
        assert caught.value.body == body
        assert str(caught.value.request_id).startswith("req-")
        assert json.loads(caught.value.content) == body

    twin.do(steps)
    assert len(server.requests("GET")) == 1


def test_a_known_status_counts_whatever_the_code(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].first["status"] = [Reply(200, in_progress()), Reply(202, completed())]
    assert twin.do(subscribe).seed == 7


@pytest.mark.parametrize("error", [False, {}, [], 0, "", None])
def test_an_error_that_is_none_is_no_failure(server: FalServer, twin: Twin, error: Any) -> None:
    server.plan(SCHNELL, output=OUTPUT, states=[completed(error=error)])
    assert twin.do(subscribe).seed == 7


@pytest.mark.parametrize("body", [{"status": "IN_PROGRESS"}, {"status": "IN_QUEUE", "queue_position": 0}, {}, b""])
def test_a_result_that_is_not_there_yet_is_asked_for_again(server: FalServer, twin: Twin, body: Any) -> None:
    server.plans[SCHNELL].first["result"] = [Reply(202, body)] * 3
    assert twin.do(subscribe).seed == 7
    assert len(results(server)) == 4


def test_an_output_that_comes_with_202_is_one(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].first["result"] = [Reply(202, OUTPUT)]
    assert twin.do(subscribe).seed == 7


def test_a_result_is_not_waited_for_beyond_the_deadline(server: FalServer, twin: Twin, clock: StoppedClock) -> None:
    """Nothing else would end it."""
    server.plans[SCHNELL].always["result"] = Reply(202, {"status": "IN_PROGRESS"})
    clock.leaps(50.0, when=lambda: len(results(server)) >= 2)
    with pytest.raises(errors.DeadlineExceededError, match="req-"):
        twin.do(subscribe, timeout=50.0)
    assert server.seen[-1].method == "PUT"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ({"detail": "voice_id xyz not found"}, errors.NotFoundError),
        ({"detail": [{"loc": ["body"], "msg": "voice_id xyz not found", "type": "missing"}]}, errors.NotFoundError),
    ],
)
def test_the_models_own_404_keeps_its_text(
    server: FalServer, twin: Twin, body: Any, kind: type[errors.APIStatusError]
) -> None:
    server.plans[SCHNELL].always["result"] = Reply(404, body)
    with pytest.raises(kind, match="voice_id xyz not found") as caught:
        twin.do(subscribe)
    assert caught.value.body == body


@pytest.mark.parametrize("number", [4, 0, 2**80])
def test_a_request_id_that_is_a_number_is_its_text(server: FalServer, twin: Twin, number: int) -> None:
    server.plans[SCHNELL].submitted = {"request_id": number}

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        assert handle.request_id == str(number)
        assert (yield handle.result()).seed == 7

    twin.do(steps)


WHOLE = gzip.compress(json.dumps(OUTPUT).encode())
BROKEN = WHOLE[:12] + b"\xff\xff\xff" + WHOLE[15:]


@pytest.mark.parametrize("verb", ["run", "subscribe", "submit"])
def test_an_answer_that_cannot_be_decoded_carries_its_bytes(server: FalServer, twin: Twin, verb: str) -> None:
    reply = Reply(200, BROKEN, {"content-encoding": "gzip"})
    server.plans[SCHNELL].always = {"submit" if verb == "submit" else "run": reply, "result": reply}

    def steps(fal: Any) -> Steps:
        with pytest.raises(errors.InvalidResponseError) as caught:
            yield getattr(fal.flux_1.schnell, verb)(prompt="x")
        assert caught.value.content == BROKEN

    twin.do(steps)
    assert len(server.requests("POST")) == 1


@pytest.mark.parametrize("encoding", ["gzip", "x-unheard-of, gzip"])
def test_an_answer_that_can_be_decoded_is(server: FalServer, twin: Twin, encoding: str) -> None:
    server.plans[SCHNELL].always["run"] = Reply(200, WHOLE, {"content-encoding": encoding})
    assert twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x")).seed == 7


def test_an_error_that_cannot_be_decoded_keeps_its_status(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].always["run"] = Reply(422, BROKEN, {"content-encoding": "gzip"})
    with pytest.raises(errors.ModelError):
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))


def test_an_answer_that_the_callers_hook_has_read_is_read(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].always["run"] = Reply(200, WHOLE, {"content-encoding": "gzip"})

    async def aread(response: httpx.Response) -> None:
        await response.aread()

    def read(response: httpx.Response) -> None:
        response.read()

    hook: Any = aread if twin.is_async else read
    own: Any = (httpx.AsyncClient if twin.is_async else httpx.Client)(event_hooks={"response": [hook]})

    def steps(fal: Any) -> Steps:
        assert (yield fal.flux_1.schnell.run(prompt="x")).seed == 7
        yield own.aclose() if twin.is_async else own.close()

    twin.do(steps, http_client=own)
