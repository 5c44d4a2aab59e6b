"""All pinned endpoints over a real socket, with both clients: the protocol as it arrives, and what comes back of it."""

from __future__ import annotations

from typing import Any

import fal_typed
from fal_server import FalServer, Reply, Seen
from fal_server.plan import completed, in_progress, queued

from .caller import KEY, Caller, fast, given
from .catalog import Entry, each_endpoint

PENDING = [queued(2), queued(1), in_progress("loading"), in_progress("loading", "step 1"), completed("step 1", "done")]


def line(seen: Seen) -> tuple[str, str, dict[str, str]]:
    """The first line of a request."""
    return seen.method, seen.path, seen.query


def check_headers(server: FalServer) -> None:
    """The key and the user agent on each request; a content type on those with a body, which the others lack."""
    for seen in server.seen:
        assert seen.headers["authorization"] == f"Key {KEY}"
        assert seen.headers["user-agent"] == f"fal-typed/{fal_typed.__version__}"
        assert seen.headers["accept"] == "application/json"
        assert not [name for name in seen.headers if name.startswith("x-fal")]
        if seen.method == "POST":
            assert seen.headers["content-type"] == "application/json"
        else:
            assert seen.body == b""


@each_endpoint
def test_run(server: FalServer, call: Caller, entry: Entry) -> None:
    out = call(entry.of(call.client()).run(**given(entry)))
    assert type(out) is entry.member("Output")
    assert out.model_dump(exclude_unset=True) == server.plans[entry.id].output
    assert [line(seen) for seen in server.seen] == [("POST", f"/run/{entry.id}", {})]
    assert server.seen[0].json == given(entry)
    check_headers(server)


@each_endpoint
def test_subscribe_with_logs_and_updates(server: FalServer, call: Caller, entry: Entry) -> None:
    server.plans[entry.id].states = PENDING
    updates: list[Any] = []
    out = call(fast(call.client(), entry).subscribe(**given(entry), logs=True, on_queue_update=updates.append))
    assert type(out) is entry.member("Output")
    assert out.model_dump(exclude_unset=True) == server.plans[entry.id].output
    kinds = [fal_typed.Queued, fal_typed.Queued, fal_typed.InProgress, fal_typed.InProgress, fal_typed.Completed]
    assert [type(update) for update in updates] == kinds
    assert [update.queue_position for update in updates[:2]] == [2, 1]
    assert [entry.message for update in updates for entry in update.logs] == ["loading", "step 1", "done"]
    assert updates[-1].metrics == {"inference_time": 0.5}
    base = f"/queue/{entry.app}/requests/{updates[0].request_id}"
    assert [line(seen) for seen in server.seen] == [
        ("POST", f"/queue/{entry.id}", {}),
        *[("GET", f"{base}/status", {"logs": "1"})] * len(PENDING),
        ("GET", base, {}),
    ]
    assert server.seen[0].json == given(entry)
    assert fal_typed.response_info(out).request_id == updates[0].request_id
    check_headers(server)


@each_endpoint
def test_submit_then_the_result_by_id_from_a_fresh_client(server: FalServer, call: Caller, entry: Entry) -> None:
    server.plans[entry.id].states = PENDING
    submitted = call(
        entry.of(call.client()).submit(**given(entry), webhook_url="https://app.example/hook?token=a%20b&c=1")
    )
    handle = fast(call.client(), entry).request(submitted.request_id)
    assert call(handle.status()) == fal_typed.Queued(submitted.request_id, 2)
    assert len(server.seen) == 2
    out = call(handle.result())
    assert type(out) is entry.member("Output")
    assert out.model_dump(exclude_unset=True) == server.plans[entry.id].output
    base = f"/queue/{entry.app}/requests/{submitted.request_id}"
    assert [line(seen) for seen in server.seen] == [
        ("POST", f"/queue/{entry.id}", {"fal_webhook": "https://app.example/hook?token=a%20b&c=1"}),
        *[("GET", f"{base}/status", {})] * len(PENDING),
        ("GET", base, {}),
    ]
    assert server.seen[0].json == given(entry)
    check_headers(server)


@each_endpoint
def test_updates_of_a_handle(server: FalServer, call: Caller, entry: Entry) -> None:
    server.plans[entry.id].states = PENDING
    handle = call(fast(call.client(), entry).submit(**given(entry)))
    assert [type(update).__name__ for update in call(handle.updates(logs=True))] == [
        "Queued",
        "Queued",
        "InProgress",
        "InProgress",
        "Completed",
    ]
    # The server says 202 while it is pending and 200 when it is done: the handle goes by the body.
    assert len(server.requests("GET", "/status")) == len(PENDING)


@each_endpoint
def test_cancel(server: FalServer, call: Caller, entry: Entry) -> None:
    submitted = call(entry.of(call.client()).submit(**given(entry)))
    handle = entry.of(call.client()).request(submitted.request_id)
    assert call(handle.cancel()) is fal_typed.CancelStatus.CANCELLATION_REQUESTED
    server.plans[entry.id].first["cancel"] = [Reply(400, {"status": "ALREADY_COMPLETED"})]
    assert call(handle.cancel()) is fal_typed.CancelStatus.ALREADY_COMPLETED
    path = f"/queue/{entry.app}/requests/{submitted.request_id}/cancel"
    assert [line(seen) for seen in server.seen[1:]] == [("PUT", path, {})] * 2
    check_headers(server)


@each_endpoint
def test_by_id_and_by_attribute_are_the_same_endpoint(call: Caller, entry: Entry) -> None:
    client = call.client()
    assert client.endpoints[entry.id] == entry.of(client)
    assert type(entry.of(client)) is entry.member(prefix="Async" if call.is_async else "")
    assert entry.id in repr(entry.of(client))
    assert KEY not in repr(entry.of(client)) + repr(client)
