"""Answers that are about something else, or give away more than they should."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Reply
from fal_server.plan import completed
from fal_server.stream import event
from httpx_sse import ServerSentEvent
from runtime import errors
from runtime.calls.status_stream import FIRST_EVENT_SECONDS, StatusStream
from runtime.http.exchange import Deadline, Limits
from runtime_twin import KEY, OUTPUT, SCHNELL, Twin

if TYPE_CHECKING:
    from fal_server import FalServer
    from stopped_clock import StoppedClock

GATEWAYS = {"x-fal-request-id": "gateway-7"}


@pytest.mark.parametrize("request_id", ["another", 7])
def test_an_event_about_another_request_is_none(server: FalServer, twin: Twin, request_id: Any) -> None:
    """The failure of that one would take the place of an output that is there."""
    plan = server.plan(SCHNELL, output=OUTPUT, states=[completed()])
    plan.told = [[event({"request_id": request_id, "status": "COMPLETED", "error": "not yours"}), "silent"]]
    assert twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x")).seed == 7
    assert server.requests("GET", "/status")


def test_an_event_need_not_name_its_request(server: FalServer, twin: Twin) -> None:
    plan = server.plan(SCHNELL, output=OUTPUT)
    plan.told = [[event({"request_id": None, "status": "IN_PROGRESS"}), event({"status": "COMPLETED"}), "end"]]
    assert twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x")).seed == 7
    assert server.requests("GET", "/status") == []


def test_events_without_a_state_do_not_put_off_the_first(clock: StoppedClock) -> None:
    """Some servers write a bare id where others write a comment."""
    held: Any = type("Held", (), {"is_alone": True})()
    steps = StatusStream(held, Limits(Deadline(None), 120.0, 3)).coming()
    assert next(steps).seconds == FIRST_EVENT_SECONDS
    clock.now += 0.6
    assert steps.send(ServerSentEvent(id="1")).seconds == pytest.approx(FIRST_EVENT_SECONDS - 0.6)
    clock.now += 0.6
    assert steps.send(ServerSentEvent(id="2")).seconds == 0


@pytest.mark.parametrize(
    ("purpose", "reply", "kind"),
    [
        ("status", Reply(403, {"detail": "no"}, GATEWAYS), errors.PermissionDeniedError),
        ("result", Reply(422, {"detail": [{"loc": [], "msg": "m", "type": "t"}]}, GATEWAYS), errors.ModelError),
        ("result", Reply(200, b"<html>", GATEWAYS), errors.InvalidResponseError),
    ],
)
def test_the_queues_id_is_the_one_to_pick_up(
    server: FalServer, twin: Twin, purpose: str, reply: Reply, kind: type[errors.APIStatusError]
) -> None:
    """Whatever a gateway counts. Nor is an error of ours an interrupt, after which the request is cancelled."""
    server.plans[SCHNELL].always[purpose] = reply
    with pytest.raises(kind) as caught:
        twin.do(
            lambda fal: fal.flux_1.schnell.with_options(cancel_on_interrupt=True, poll_interval=0.01).subscribe(
                prompt="x"
            )
        )
    asked = server.requests("GET")[0].path.rpartition("/requests/")[2].partition("/")[0]
    assert caught.value.request_id == asked
    assert f"(request id {asked})" in str(caught.value)
    assert not getattr(caught.value, "__notes__", [])
    assert server.requests("PUT") == []


def test_an_id_that_cannot_be_sent_is_none(server: FalServer, twin: Twin) -> None:
    """JSON can hold half of a character. The body is there for whoever wants to look."""
    server.plans[SCHNELL].first["submit"] = [Reply(200, b'{"request_id": "\\ud800"}')]
    with pytest.raises(errors.InvalidResponseError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.submit(prompt="x"))
    assert caught.value.maybe_submitted
    assert caught.value.content == b'{"request_id": "\\ud800"}'


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("https://elsewhere.example/a?token=t0ken", "a redirect to https://elsewhere.example, which is not followed"),
        ("/other?token=t0ken", "a redirect to another path of the same host, which is not followed"),
        ("https://[", "a redirect to nowhere, which is not followed"),
    ],
)
def test_a_redirect_says_where_to(server: FalServer, twin: Twin, location: str, words: str) -> None:
    server.plans[SCHNELL].always["run"] = Reply(307, b"", {"location": location})
    with pytest.raises(errors.APIStatusError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"))
    assert words in str(caught.value)
    assert "t0ken" not in str(caught.value)


@pytest.mark.parametrize("status", [400, 401, 403, 500])
@pytest.mark.parametrize("echo", [f"Key {KEY}", KEY, KEY.partition(":")[2]])
def test_a_key_that_is_repeated_is_taken_out(server: FalServer, twin: Twin, status: int, echo: str) -> None:
    """Of every error: gateways show what they were sent."""
    server.plans[SCHNELL].always["run"] = Reply(status, {"detail": f"you sent {echo}, and that is not good"})
    with pytest.raises(errors.APIStatusError) as caught:
        twin.do(lambda fal: fal.flux_1.schnell.run(prompt="x"), max_retries=0)
    for shown in (str(caught.value), repr(caught.value.body)):
        assert "very-secret" not in shown
        assert "***, and that is not good" in shown


def test_a_failure_that_is_known_is_told_whatever_becomes_of_the_result(
    server: FalServer, twin: Twin, clock: StoppedClock
) -> None:
    """Not that the time was over; and nothing is left to cancel."""
    server.plan(SCHNELL, states=[completed(error="the runner broke", error_type="runner")])
    server.plans[SCHNELL].always["result"] = Reply(503, {"detail": "?"})
    clock.leaps(60, lambda: any("/status" not in seen.path for seen in server.requests("GET")))
    with pytest.raises(errors.RequestFailedError, match="the runner broke") as caught:
        twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x"), timeout=30)
    assert isinstance(caught.value.__cause__, errors.DeadlineExceededError)
    assert server.requests("PUT") == []
