"""What can go wrong with a call to each of the pinned endpoints, over a real socket, with both clients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import fal_typed
import pytest
from fal_server import Reply
from fal_server.plan import completed, in_progress, queued

from .caller import KEY, fast, given
from .catalog import PINNED, each_endpoint

if TYPE_CHECKING:
    from fal_server import FalServer

    from .caller import Caller
    from .catalog import Entry

DETAILS = [
    {
        "loc": ["body", "prompt"],
        "msg": "Prompt is empty.",
        "type": "value_error",
        "ctx": {"limit": 1},
        "input": "",
        "url": "https://docs.fal.ai/errors#value_error",
    },
    {"loc": ["body", "loras", 0, "path"], "msg": "No such file.", "type": "file_download_error"},
]


@each_endpoint
def test_a_request_that_fal_does_not_know(server: FalServer, call: Caller, entry: Entry) -> None:
    handle = entry.of(call.client()).request("764cabcf-b745-4b3e-ae38-1200304cf45b")
    for ask in (handle.status, handle.result, handle.cancel):
        with pytest.raises(fal_typed.NotFoundError) as caught:
            call(ask())
        assert caught.value.request_id == handle.request_id


@each_endpoint
def test_completed_with_an_error(server: FalServer, call: Caller, entry: Entry) -> None:
    error, error_type = "Runner did not start in time", "runner_scheduling_failure"
    server.plans[entry.id].states = [queued(0), completed(error=error, error_type=error_type)]
    server.plans[entry.id].always["result"] = Reply(200, {})
    with pytest.raises(fal_typed.RequestFailedError, match=error) as caught:
        call(fast(call.client(), entry).subscribe(**given(entry)))
    assert (caught.value.error, caught.value.error_type) == (error, error_type)
    assert caught.value.request_id in server.seen[-1].path
    assert entry.id in str(caught.value)


# What an endpoint adds to an error is the same in every verb, so one endpoint shows the verbs.
VERBS = [(entry, "run") for entry in PINNED] + [(PINNED[0], "subscribe"), (PINNED[0], "result")]


@pytest.mark.parametrize(("entry", "verb"), VERBS, ids=str)
def test_a_model_error_with_details(server: FalServer, call: Caller, entry: Entry, verb: str) -> None:
    plan = server.plans[entry.id]
    plan.always = {"run": Reply(422, {"detail": DETAILS}), "result": Reply(422, {"detail": DETAILS})}
    plan.states = [in_progress(), completed(error="Model error", error_type="value_error")]
    endpoint = fast(call.client(), entry)
    if verb == "result":
        endpoint = endpoint.request(call(endpoint.submit(**given(entry))).request_id)
    with pytest.raises(fal_typed.ModelError) as caught:
        call(getattr(endpoint, verb)(**(given(entry) if verb != "result" else {})))
    error = caught.value
    assert (error.status_code, error.error_type, error.body) == (422, "value_error", {"detail": DETAILS})
    assert [(each.loc, each.msg, each.type, each.ctx, each.input) for each in error.details] == [
        (("body", "prompt"), "Prompt is empty.", "value_error", {"limit": 1}, ""),
        (("body", "loras", 0, "path"), "No such file.", "file_download_error", None, None),
    ]
    for text in (entry.id, "prompt: Prompt is empty.", "loras.0.path: No such file."):
        assert text in str(error)
    assert KEY not in str(error) + repr(error)
    assert len(server.requests("POST")) == 1


@each_endpoint
def test_a_content_policy_error(server: FalServer, call: Caller, entry: Entry) -> None:
    detail = {"loc": ["body", "prompt"], "msg": "Flagged.", "type": "content_policy_violation", "input": "x"}
    server.plans[entry.id].always["run"] = Reply(422, {"detail": [detail]}, {"x-fal-retryable": "false"})
    with pytest.raises(fal_typed.ContentPolicyError, match="Flagged") as caught:
        call(entry.of(call.client()).run(**given(entry)))
    assert caught.value.retryable is False
    assert isinstance(caught.value, fal_typed.ModelError)


@each_endpoint
def test_no_post_is_sent_twice(server: FalServer, call: Caller, entry: Entry) -> None:
    server.plans[entry.id].always = {"run": Reply(503, {}), "submit": Reply(drop=True)}
    endpoint = entry.of(call.client())
    with pytest.raises(fal_typed.ServerError):
        call(endpoint.run(**given(entry)))
    with pytest.raises(fal_typed.APIConnectionError) as caught:
        call(endpoint.submit(**given(entry)))
    assert caught.value.maybe_submitted
    assert [(seen.method, seen.path) for seen in server.seen] == [
        ("POST", f"/run/{entry.id}"),
        ("POST", f"/queue/{entry.id}"),
    ]


@each_endpoint
def test_without_a_key_nothing_is_sent(server: FalServer, call: Caller, entry: Entry) -> None:
    endpoint = entry.of(call.client(credentials=None))
    for verb in (endpoint.run, endpoint.subscribe, endpoint.submit):
        with pytest.raises(fal_typed.MissingCredentialsError, match=r"FAL_KEY.*FAL_KEY_ID.*FAL_KEY_SECRET"):
            call(verb(**given(entry)))
    assert server.seen == []
