"""Run, submit, subscribe and handles, over a real socket, on both clients."""

from __future__ import annotations

import copy
import json
import logging
import pickle
from operator import attrgetter
from typing import Any

import httpx
import pytest
from fal_server import FalServer, Reply
from fal_server.plan import completed, in_progress, queued
from runtime.calls.status import CancelStatus, Completed, InProgress, Queued
from runtime.errors import InvalidResponseError, NotFoundError
from runtime.outputs.model import response_info
from runtime_sample import Cat, Image, SchnellOutput
from runtime_twin import KEY, OUTPUT, SCHNELL, Steps, Twin


def test_run_posts_what_the_caller_passed_and_returns_the_model(server: FalServer, twin: Twin) -> None:
    out = twin.do(lambda fal: fal.flux_1.schnell.run(prompt="ü", image_urls=("https://a", "data:,b"), guidance=3))
    assert type(out) is SchnellOutput
    assert type(out.images[0]) is Image
    assert out.model_dump(exclude_unset=True) == OUTPUT
    (seen,) = server.seen
    assert (seen.method, seen.path, seen.query) == ("POST", f"/run/{SCHNELL}", {})
    assert seen.body == '{"prompt":"ü","image_urls":["https://a","data:,b"],"guidance":3}'.encode()
    assert seen.headers["authorization"] == f"Key {KEY}"
    assert seen.headers["content-type"] == seen.headers["accept"] == "application/json"
    assert seen.headers["user-agent"] == "fal-typed/0.1.0"
    assert not any(name.startswith("x-fal") for name in seen.headers)


@pytest.mark.parametrize(
    ("options", "waits"), [({}, ["status/stream"]), ({"poll_interval": 0.01}, ["status"] * 3)], ids=["told", "polled"]
)
def test_subscribe_goes_through_the_queue(
    server: FalServer, twin: Twin, options: dict[str, Any], waits: list[str]
) -> None:
    updates: list[Any] = []
    options = {"on_queue_update": updates.append, **options}
    out = twin.do(lambda fal: fal.flux_1.schnell.with_options(**options).subscribe(prompt="x"))
    assert out.seed == 7
    request_id = updates[0].request_id
    assert updates == [
        Queued(request_id, 0),
        InProgress(request_id),
        Completed(request_id, metrics={"inference_time": 0.5}),
    ]
    base = f"/queue/fal-ai/flux-1/requests/{request_id}"
    assert [(seen.method, seen.path) for seen in server.seen] == [
        ("POST", f"/queue/{SCHNELL}"),
        *[("GET", f"{base}/{wait}") for wait in waits],
        ("GET", base),
    ]
    assert all(seen.query == {} for seen in server.seen)
    assert all(seen.headers["authorization"] == f"Key {KEY}" for seen in server.seen)


def test_updates_tell_changes_only(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].states = [queued(2), queued(2), queued(1), in_progress(), in_progress(), completed()]
    updates: list[Any] = []
    twin.do(
        lambda fal: fal.flux_1.schnell.with_options(poll_interval=0.01).subscribe(
            prompt="x", on_queue_update=updates.append
        )
    )
    assert [type(each) for each in updates] == [Queued, Queued, InProgress, Completed]
    assert [each.queue_position for each in updates[:2]] == [2, 1]


@pytest.mark.parametrize("window", [None, 2], ids=["cumulative", "window"])
@pytest.mark.parametrize("interval", [None, 0.01], ids=["told", "polled"])
def test_each_log_entry_is_delivered_once(
    server: FalServer, twin: Twin, window: int | None, interval: float | None
) -> None:
    states = [in_progress("a"), in_progress("a", "b"), in_progress("a", "b", "b"), completed("a", "b", "b", "c")]
    server.plan(SCHNELL, output=OUTPUT, states=states, window=window)
    updates: list[Any] = []
    options = {"logs": True, "poll_interval": interval}
    twin.do(
        lambda fal: fal.flux_1.schnell.with_options(**options, on_queue_update=updates.append).subscribe(prompt="x")
    )
    assert [entry.message for update in updates for entry in update.logs] == ["a", "b", "b", "c"]
    assert all(seen.query == {"logs": "1"} for seen in server.requests("GET") if "/status" in seen.path)


def test_async_callbacks_are_awaited(twin: Twin) -> None:
    if not twin.is_async:
        pytest.skip("plain functions only")
    updates: list[Any] = []

    async def note(update: Any) -> None:
        updates.append(update)

    twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x", on_queue_update=note))
    assert len(updates) == 3


def test_a_handle_does_each_step(server: FalServer, twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x", webhook_url="https://a.b/?c=d&e=ü")
        assert (yield handle.status()) == Queued(handle.request_id, 0)
        updates = yield handle.updates(logs=True)
        assert [type(each) for each in updates] == [InProgress, Completed]
        out = yield handle.result()
        again = yield fal.flux_1.schnell.request(handle.request_id).result(timeout=5)
        assert out == again
        assert KEY not in repr(handle)
        assert handle.request_id in repr(handle)

    twin.do(steps)
    assert server.seen[0].query == {"fal_webhook": "https://a.b/?c=d&e=ü"}


@pytest.mark.parametrize("path", ["flux_1", "flux_1.schnell"])
def test_what_is_of_the_same_class_and_client_is_the_same(path: str, twin: Twin) -> None:
    one, same, other = (attrgetter(path)(fal) for fal in [twin.client()] * 2 + [twin.client()])
    assert (one == same, hash(one) == hash(same)) == (True, True)
    assert one != other
    assert one != type("Other", (type(one),), {})(one._session)
    assert repr(one).startswith(f"<{type(one).__name__}")


def test_a_request_id_is_quoted(server: FalServer, twin: Twin) -> None:
    def steps(fal: Any) -> Steps:
        with pytest.raises(NotFoundError):
            yield fal.flux_1.schnell.request("a/../b?c").status()

    twin.do(steps)
    assert server.seen[0].path == "/queue/fal-ai/flux-1/requests/a%2F..%2Fb%3Fc/status"


@pytest.mark.parametrize("request_id", ["", ".", ".."])
def test_a_request_id_that_climbs_is_refused(twin: Twin, request_id: str) -> None:
    with pytest.raises(ValueError, match="not a request id"):
        twin.client().flux_1.schnell.request(request_id)


# What a handle knows of its request after a cancellation.
KNOWN = {
    CancelStatus.OK: "cancelled",
    CancelStatus.CANCELLATION_REQUESTED: "cancellation requested",
    CancelStatus.ALREADY_COMPLETED: "completed",
}


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(202, {"status": "CANCELLATION_REQUESTED"}), CancelStatus.CANCELLATION_REQUESTED),
        (Reply(200, {"status": "OK"}), CancelStatus.OK),
        (Reply(200, {"success": True}), CancelStatus.CANCELLATION_REQUESTED),
        (Reply(200, {"success": False}), CancelStatus.ALREADY_COMPLETED),
        (Reply(204, b""), CancelStatus.CANCELLATION_REQUESTED),
        (Reply(400, {"status": "ALREADY_COMPLETED"}), CancelStatus.ALREADY_COMPLETED),
        (Reply(404, {"status": "NOT_FOUND"}), NotFoundError),
    ],
)
def test_cancel(server: FalServer, twin: Twin, reply: Reply, expected: Any) -> None:
    server.plans[SCHNELL].first["cancel"] = [reply]

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        if isinstance(expected, CancelStatus):
            assert (yield handle.cancel()) is expected
            assert repr(handle).endswith(f" {KNOWN[expected]}>")
        else:
            with pytest.raises(expected):
                yield handle.cancel()

    twin.do(steps)
    assert server.seen[-1].method == "PUT"
    assert server.seen[-1].path.endswith("/cancel")


def test_the_urls_of_the_answer_are_followed(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].submitted = {"response_url": f"{server.queue_url}/odd/place?x=1", "status_url": None}

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        yield handle.updates()
        with pytest.raises(Exception, match="no such route"):  # the place has nothing
            yield handle.result()

    twin.do(steps)
    assert server.seen[-1].path == "/queue/odd/place"
    assert server.seen[-1].query == {"x": "1"}


@pytest.mark.sampled(5)
@pytest.mark.parametrize("field", ["response_url", "status_url", "cancel_url"])
@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://evil.example/x?token=hidden", "'evil.example'"),
        ("http://127.0.0.1:1/x", "'127.0.0.1':1"),
        ("https://queue.fal.run.evil.example/", "'queue.fal.run.evil.example'"),
        ("//evil.example/x", "'evil.example'"),
        ("/relative", "no host"),
        ("https://127.0.0.1@evil.example/", "'evil.example'"),
        ("http://127.0.0.1:port/", "no host"),
        (7, "no host"),
    ],
)
def test_a_foreign_url_never_gets_the_key_and_costs_no_result(
    server: FalServer, twin: Twin, caplog: pytest.LogCaptureFixture, field: str, url: Any, host: str
) -> None:
    server.plans[SCHNELL].submitted = {field: url}

    def steps(fal: Any) -> Steps:
        for _ in range(2):
            assert (yield fal.flux_1.schnell.subscribe(prompt="x")).seed == 7
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        assert (yield handle.cancel()) is CancelStatus.CANCELLATION_REQUESTED

    twin.do(steps)
    assert {seen.path.rpartition("/requests/")[0] for seen in server.seen if seen.method != "POST"} == {
        "/queue/fal-ai/flux-1"
    }
    (warning,) = [each.getMessage() for each in caplog.records if each.levelno == logging.WARNING]
    assert f"URLs of {host}, which do not get the key" in warning
    assert "hidden" not in warning


@pytest.mark.parametrize("body", [{}, {"request_id": None}, {"request_id": True}, b"<html>", []])
def test_a_submit_answer_without_an_id(server: FalServer, twin: Twin, body: Any) -> None:
    server.plans[SCHNELL].first["submit"] = [Reply(200, body)]

    def steps(fal: Any) -> Steps:
        with pytest.raises(InvalidResponseError, match="request_id"):
            yield fal.flux_1.schnell.submit(prompt="x")

    twin.do(steps)


def test_an_unknown_status_is_pending_and_warned_of_once(
    server: FalServer, twin: Twin, caplog: pytest.LogCaptureFixture
) -> None:
    server.plans[SCHNELL].states = [{"status": "RESTING"}, {"status": "RESTING"}, {}, completed()]
    out = twin.do(lambda fal: fal.flux_1.schnell.with_options(poll_interval=0.01).subscribe(prompt="x"))
    assert out.seed == 7
    warnings = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    assert len(warnings) == 2  # one for each word: RESTING, and none at all
    assert "RESTING" in warnings[0]


def test_an_alias_is_called_at_its_path_with_wire_names(server: FalServer, twin: Twin) -> None:
    server.plan("workflows/me/app/sub", output={"type": "cat", "lives": 9})

    def steps(fal: Any) -> Steps:
        assert (yield fal.alias.run(from_="here", to=1)) == Cat(type="cat", lives=9)
        assert (yield fal.alias.subscribe(from_="here")).lives == 9

    twin.do(steps)
    assert server.seen[0].json == {"from": "here", "to": 1}
    assert server.seen[1].path == "/queue/workflows/me/app/sub"
    assert server.seen[2].path.startswith("/queue/workflows/me/app/requests/")


def test_dynamic_endpoints_take_and_give_plain_json(server: FalServer, twin: Twin) -> None:
    server.plan("me/app", output={"any": ["thing"]})
    updates: list[Any] = []

    def steps(fal: Any) -> Steps:
        endpoint = fal.endpoint("me/app")
        assert (yield endpoint.run({"a": 1, "b": 1, "logs": 3}, b=2)) == {"any": ["thing"]}
        assert (yield endpoint.subscribe({"logs": 1}, logs=True, on_queue_update=updates.append)) == {"any": ["thing"]}
        handle = yield endpoint.with_options(extra_input={"c": 3}).submit(webhook_url="https://a.b", x=1)
        assert (yield handle.result()) == {"any": ["thing"]}
        with pytest.raises(TypeError):
            yield endpoint.run([1])

    twin.do(steps)
    posts = server.requests("POST")
    assert [each.json for each in posts] == [{"a": 1, "b": 2, "logs": 3}, {"logs": 1}, {"x": 1, "c": 3}]
    assert updates


def test_response_info(server: FalServer, twin: Twin) -> None:
    server.plans[SCHNELL].result_headers = {"X-Fal-Billable-Units": "1.5", "X-Other": "y"}

    def steps(fal: Any) -> Steps:
        for out in [(yield fal.flux_1.schnell.run(prompt="x")), (yield fal.flux_1.schnell.subscribe(prompt="x"))]:
            info = response_info(out)
            assert (info.billable_units, info.served_from) == (1.5, None)
            assert info.headers["x-OTHER"] == "y"
            assert info.request_id
            assert out == SchnellOutput.model_validate(OUTPUT)
            with pytest.raises(LookupError, match="carries no response"):
                response_info(out.images[0])
        for own in (SchnellOutput.model_validate(OUTPUT), OUTPUT, "text", 7, None, object()):
            with pytest.raises(LookupError, match="carries no response"):
                response_info(own)

    twin.do(steps)


def copy_by_hand(output: Any) -> Any:
    return {**output} if isinstance(output, dict) else output[:]


@pytest.mark.parametrize("output", [OUTPUT, {}, [1, {"a": 2}], [], "a text", ""])
def test_a_plain_output_tells_where_it_came_from(server: FalServer, twin: Twin, output: Any) -> None:
    plan = server.plan("me/app", output=output)
    plan.result_headers = {"X-Fal-Billable-Units": "2", "X-Fal-Served-From": "cache"}

    def steps(fal: Any) -> Steps:
        endpoint = fal.endpoint("me/app")
        handle = yield endpoint.submit()
        for out in ((yield endpoint.run()), (yield endpoint.subscribe()), (yield handle.result())):
            again = pickle.loads(pickle.dumps(out))
            for each in (out, again, copy.deepcopy(out)):
                info = response_info(each)
                assert (info.billable_units, info.served_from) == (2, "cache")
                assert info.request_id == info.headers["X-Fal-Request-Id"]
                assert each == output
                assert isinstance(each, type(output))
                assert (json.dumps(each), repr(each), f"{each}") == (json.dumps(output), repr(output), f"{output}")
        with pytest.raises(LookupError):
            response_info(copy_by_hand(out))

    twin.do(steps)


@pytest.mark.parametrize("output", [7, 1.5, True, None])
def test_a_number_has_no_place_to_tell_it(server: FalServer, twin: Twin, output: Any) -> None:
    server.plan("me/app", output=output)

    def steps(fal: Any) -> Steps:
        out = yield fal.endpoint("me/app").run()
        assert out is output or out == output
        with pytest.raises(LookupError):
            response_info(out)

    twin.do(steps)


def test_a_plain_output_is_an_input_again(server: FalServer, twin: Twin) -> None:
    server.plan("me/app", output={"prompt": "x", "image_size": {"width": 8}, "sizes": ["a"]})

    def steps(fal: Any) -> Steps:
        out = yield fal.endpoint("me/app").run()
        yield fal.flux_1.schnell.run(**out)
        yield fal.flux_1.schnell.run(prompt="x", anything=out)

    twin.do(steps)
    assert [each.json for each in server.seen[1:]] == [
        {"prompt": "x", "image_size": {"width": 8}, "sizes": ["a"]},
        {"prompt": "x", "anything": {"prompt": "x", "image_size": {"width": 8}, "sizes": ["a"]}},
    ]


def test_debug_log_has_one_line_an_exchange_and_no_secrets(twin: Twin, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="runtime")
    twin.do(lambda fal: fal.flux_1.schnell.submit(prompt="private", webhook_url="https://a.b/?token=hidden"))
    (record,) = [each for each in caplog.records if each.name == "runtime"]
    assert record.levelno == logging.DEBUG
    assert f"/queue/{SCHNELL} -> 200 in " in record.getMessage()
    for secret in (KEY, "private", "hidden"):
        assert secret not in record.getMessage()


def test_hooks_are_httpxs_own(server: FalServer, twin: Twin) -> None:
    seen: list[str] = []

    def note(event: Any) -> None:
        seen.append(type(event).__name__)

    async def note_async(event: Any) -> None:
        note(event)

    hook: Any = note_async if twin.is_async else note
    kind: Any = httpx.AsyncClient if twin.is_async else httpx.Client
    own = kind(event_hooks={"request": [hook], "response": [hook]})

    def steps(fal: Any) -> Steps:
        yield fal.flux_1.schnell.run(prompt="x")
        assert not own.is_closed
        yield own.aclose() if twin.is_async else own.close()

    twin.do(steps, http_client=own)
    assert seen == ["Request", "Response"]
