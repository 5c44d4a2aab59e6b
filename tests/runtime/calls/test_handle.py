"""A handle as plain JSON: what it holds, and what a client makes of it again."""

from __future__ import annotations

import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.plan import completed, in_progress, queued
from runtime.calls.async_endpoint import AsyncDynamicEndpoint
from runtime.calls.async_handle import AsyncRequestHandle
from runtime.calls.endpoint import DynamicEndpoint
from runtime.calls.handle import RequestHandle
from runtime_sample import Cat, SchnellOutput
from runtime_twin import KEY, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from fal_server import FalServer


@pytest.mark.parametrize(
    ("states", "told"),
    [
        ([queued(3)], "queued, 3 ahead"),
        ([queued(0)], "queued"),
        ([in_progress()], "in progress"),
        ([completed()], "completed"),
        ([completed(error="it broke")], "failed"),
    ],
)
def test_a_handle_shows_what_its_request_does(server: FalServer, twin: Twin, states: list[Any], told: str) -> None:
    server.plans[SCHNELL].states = states

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        assert repr(handle).endswith(" queued>")
        yield handle.status()
        assert repr(handle).endswith(f" {told}>")

    twin.do(steps)


def test_a_handle_goes_through_json_to_another_client(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].states = [queued(3)]

    def submitting(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.with_options(headers={"x-secret": "hidden"}).submit(prompt="x")
        return json.dumps(handle.to_dict())

    text = twin.do(submitting)
    assert KEY not in text
    assert "hidden" not in text
    base = f"{server.queue_url}/fal-ai/flux-1/requests/req-1"
    held = json.loads(text)
    assert held.keys() == {"endpoint", "request_id", "status_url", "response_url", "cancel_url"}
    assert (held["endpoint"], held["response_url"]) == (SCHNELL, held["status_url"].removesuffix("/status"))
    assert held["response_url"].rpartition("/")[0] == base.rpartition("/")[0]

    def picking_up(fal: Any) -> Steps:
        handle = fal.request(held)
        assert type(handle) is (AsyncRequestHandle if twin.is_async else RequestHandle)
        assert handle.request_id == held["request_id"]
        assert handle.to_dict() == held
        assert (yield handle.status()).queue_position == 3
        server.plans[SCHNELL].states.clear()
        server.plans[SCHNELL].states.append({"status": "COMPLETED"})
        assert type((yield handle.result())) is SchnellOutput

    twin.do(picking_up)


def test_an_alias_is_picked_up_as_itself(server: FalServer, twin: Twin) -> None:
    server.plan("workflows/me/app/sub", output={"type": "cat", "lives": 9})

    def steps(fal: Any) -> Steps:
        handle = yield fal.alias.submit(from_="here")
        assert handle.to_dict()["endpoint"] == "workflows/me/alias"
        assert (yield fal.request(handle.to_dict()).result()) == Cat(type="cat", lives=9)

    twin.do(steps)


def test_an_endpoint_that_was_not_generated_is_dynamic(server: FalServer, twin: Twin) -> None:
    server.plan("me/app", output={"any": "thing"})

    def steps(fal: Any) -> Steps:
        handle = yield fal.endpoint("me/app").submit(x=1)
        held = {"endpoint": "me/app", "request_id": handle.request_id, "more": 1}  # our own URLs will do
        again = fal.request(held)
        assert again.to_dict() == handle.to_dict()
        assert (yield again.result()) == {"any": "thing"}

    twin.do(steps)
    kind = AsyncDynamicEndpoint if twin.is_async else DynamicEndpoint
    assert type(twin.client()._find("me/app")) is kind


def test_a_url_that_leads_elsewhere_never_gets_the_key(
    server: FalServer, twin: Twin, caplog: pytest.LogCaptureFixture
) -> None:
    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        own = handle.to_dict()
        again = fal.request({**own, "status_url": "https://evil.example/", "cancel_url": 2 * "http://127.0.0.1:1/"})
        assert again.to_dict() == own
        assert (yield again.result()).seed == 7

    twin.do(steps)
    (warning,) = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert "'evil.example', '127.0.0.1':1" in warning


GOOD = {"endpoint": SCHNELL, "request_id": "r", "status_url": "https://a.b"}


@pytest.mark.parametrize(
    ("handle", "kind", "words"),
    [
        ({**GOOD, "endpoint": None}, ValueError, "has no 'endpoint'"),
        ({"endpoint": SCHNELL}, ValueError, "has no 'request_id'"),
        ({**GOOD, "request_id": ".."}, ValueError, "'request_id' is none: '..'"),
        ({**GOOD, "request_id": ""}, ValueError, "'request_id' is none"),
        ({**GOOD, "request_id": 3}, TypeError, "'request_id' must be a str, not int"),
        ({**GOOD, "endpoint": "one"}, ValueError, "'one' is not an endpoint id"),
        ({**GOOD, "endpoint": "a/../b"}, ValueError, "is not an endpoint id"),
        ({**GOOD, "status_url": 3}, TypeError, "'status_url' must be a str"),
        ("r", TypeError, "a handle's dict is wanted"),
        (None, TypeError, "a handle's dict is wanted"),
    ],
)
def test_what_is_no_handle_is_refused(twin: Twin, handle: Any, kind: type[Exception], words: str) -> None:
    with pytest.raises(kind, match=words):
        twin.client().request(handle)
