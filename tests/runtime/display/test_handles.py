"""A handle and a stream show what was last heard of them, and ask nobody."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.plan import queued
from fal_server.stream import event
from html_read import read
from runtime.calls.status import CancelStatus, state_after_cancel
from runtime.display.page import page
from runtime_twin import OUTPUT, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from fal_server import FalServer

PATH = f"{SCHNELL}/stream"


def test_a_handle_shows_what_was_last_heard(server: FalServer, twin: Twin) -> None:
    kind = "AsyncRequestHandle" if twin.is_async else "RequestHandle"
    server.plans[SCHNELL].states = [queued(3), {"status": "IN_PROGRESS"}, {"status": "COMPLETED"}]

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.with_options(poll_interval=0.01).submit(prompt="x")
        name = f"{kind} {SCHNELL} {handle.request_id}"
        asked = len(server.seen)
        assert repr(handle) == f"<{name} queued>"
        shown = read(page(handle)).text
        assert handle._repr_mimebundle_()["text/plain"] == repr(handle)
        for told in (kind, "endpoint" + SCHNELL, f"request_id{handle.request_id}", "statequeued"):
            assert told in shown
        assert len(server.seen) == asked
        yield handle.status()
        assert repr(handle) == f"<{name} queued, 3 ahead>"
        yield handle.status()
        assert repr(handle) == f"<{name} in progress>"
        again = pickle.loads(pickle.dumps(handle))
        assert repr(again) == repr(handle)
        yield handle.result()
        assert repr(handle) == f"<{name} completed>"
        # Another handle of the same request has heard nothing yet.
        assert repr(fal.flux_1.schnell.request(handle.request_id)) == f"<{name}>"
        assert "state" not in read(page(fal.request(handle.to_dict()))).text

    twin.do(steps)


def test_updates_are_heard_too(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].states = [{"status": "IN_PROGRESS"}, {"status": "COMPLETED", "error": "it broke"}]

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        yield handle.updates()
        assert repr(handle).endswith(" failed>")

    twin.do(steps)


def test_a_cancellation_is_heard(twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        outcome = yield handle.cancel()
        assert repr(handle).endswith(f" {state_after_cancel(outcome)}>")

    twin.do(steps)
    told = {one: state_after_cancel(one) for one in CancelStatus}
    assert list(told.values()) == ["cancelled", "cancellation requested", "completed"]


def test_an_id_that_somebody_made_up_is_cut(twin: Twin) -> None:
    handle = twin.client().flux_1.schnell.request("<b>" * 5_000)
    assert len(repr(handle)) < 300
    assert "<b><b>" in read(page(handle)).text


def test_a_stream_shows_how_far_it_is(server: FalServer, twin: Twin) -> None:
    server.stream(PATH, event(OUTPUT), event({**OUTPUT, "seed": 8}))

    def sync(fal: Any) -> None:
        look(stream := fal.flux_1.schnell.stream(prompt="x"), "not opened")
        with stream:
            look(stream, "0 events")
            first = next(stream)
            assert read(first._repr_mimebundle_()["text/html"]).sources() == [OUTPUT["images"][0]["url"]]  # type: ignore[index]
            look(stream, "1 event", "seed': 7")
            stream.output()
        look(stream, "2 events, ended", "seed': 8")

    async def asynchronous(fal: Any) -> None:
        look(stream := fal.flux_1.schnell.stream(prompt="x"), "not opened")
        async with stream:
            look(stream, "0 events")
            await anext(stream)
            look(stream, "1 event", "seed': 7")
            await stream.output()
        look(stream, "2 events, ended", "seed': 8")

    def look(stream: Any, state: str, last: str = "") -> None:
        assert repr(stream) == f"<{type(stream).__name__} {SCHNELL} {state}>"
        shown = read(page(stream))
        assert f"state{state}" in shown.text
        assert last in shown.text
        assert shown.sources() == ([OUTPUT["images"][0]["url"]] if last else [])  # type: ignore[index]

    twin.do(asynchronous if twin.is_async else sync)


@pytest.mark.parametrize("kind", ["run", "subscribe"])
def test_outputs_without_a_document_stay_what_they_are(server: FalServer, twin: Twin, kind: str) -> None:
    server.plan("me/app", output={"image": {"url": "https://v3.fal.media/a.png", "content_type": "image/png"}})

    def steps(fal: Any) -> Steps:
        out = yield getattr(fal.endpoint("me/app"), kind)(x=1)
        assert read(out._repr_mimebundle_()["text/html"]).sources() == ["https://v3.fal.media/a.png"]
        assert repr(out) == repr(dict(out))

    twin.do(steps)
