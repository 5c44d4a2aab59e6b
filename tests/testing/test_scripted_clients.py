"""What real clients make of what is scripted: through their own code for retries, waiting and recovery."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import fal_typed
import pytest
from fal_typed._runtime.testing.fake import fake_fal
from fal_typed._runtime.testing.scripting.mistakes import InvalidOutputError
from fal_typed._runtime.testing.scripting.script import Call

from .staged import Twin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fal_typed._runtime.testing.fake import FakeFal

SCHNELL, STREAMING, FROM_IMAGE = "fal-ai/flux-1/schnell", "fal-ai/hidream-i1-full", "fal-ai/illusion-diffusion"


@pytest.fixture
def fake() -> Iterator[FakeFal]:
    with fake_fal() as fake:
        yield fake


@pytest.fixture(params=["Fal", "AsyncFal"])
def fal(request: pytest.FixtureRequest, fake: FakeFal) -> Twin:
    return Twin(is_async=request.param == "AsyncFal")


@pytest.mark.parametrize("verb", ["run", "subscribe"])
def test_an_output_and_what_is_filled_in(fake: FakeFal, fal: Twin, verb: str) -> None:
    fake.endpoint(SCHNELL).returns(images=[{"url": "https://me.com/a.png"}])
    out = fal.do(SCHNELL, verb, prompt="a red panda", image_size={"width": 320, "height": 240}, seed=5)
    image = out.images[0]
    assert (image.url, image.width, image.height) == ("https://me.com/a.png", 320, 240)
    assert (out.seed, out.prompt) == (5, "a red panda")
    (call,) = fake.endpoint(SCHNELL).calls
    assert (call.verb, call.client, call.outcome) == (verb, fal.name, "succeeded")
    fake.endpoint(SCHNELL).assert_called_once_with(
        prompt="a red panda", image_size={"width": 320, "height": 240}, seed=5
    )


def test_every_endpoint_can_be_told_what_it_would_return_anyway(fake: FakeFal) -> None:
    for endpoint_id, endpoint in fake.endpoints.items():
        script = fake._notebook.script_of(fake._catalog.spec(endpoint_id))
        usual: Any = script.usual(Call(endpoint_id, {}, "req", "run"))
        assert script.checked({}) == script.checked(usual) == usual
        for name in usual:
            assert script.checked({name: usual[name]}) == usual
        with pytest.raises(InvalidOutputError, match="zzz: is no field of this output; it has"):
            endpoint.returns(zzz=1)


def test_submit_is_told_from_subscribe(fake: FakeFal, fal: Twin) -> None:
    handle = fal.do(SCHNELL, "submit", {"priority": "low", "hint": "h", "start_timeout": 9}, prompt="a")
    (call,) = fake.calls
    assert (call.verb, call.client, call.request_id) == ("submit", fal.name, handle.request_id)
    assert (call.options.priority, call.options.hint, call.options.start_timeout) == ("low", "h", 9)
    assert fal.of(lambda _: handle.result()).prompt == "a"


def test_a_sequence(fake: FakeFal, fal: Twin) -> None:
    schnell = fake.endpoint(SCHNELL)
    schnell.returns(seed=1).then.fails(fal_typed.RateLimitError("slowly")).then.returns(seed=3)
    assert fal.do(SCHNELL, "subscribe", prompt="a").seed == 1
    with pytest.raises(fal_typed.RateLimitError, match="slowly"):
        fal.do(SCHNELL, "subscribe", prompt="a")
    assert [fal.do(SCHNELL, "subscribe", prompt="a").seed for _ in range(2)] == [3, 3]
    assert [call.outcome for call in schnell.calls] == ["succeeded", "refused", "succeeded", "succeeded"]


ERRORS: list[Any] = [
    fal_typed.ModelError("too dark", error_type="image_load_error"),
    fal_typed.ModelError("x", details=[fal_typed.ErrorDetail(("body", "prompt"), "long", "sequence_too_long")]),
    fal_typed.ContentPolicyError("no"),
    fal_typed.AuthenticationError("who"),
    fal_typed.PermissionDeniedError("no"),
    fal_typed.NotFoundError("where"),
    fal_typed.RateLimitError("slowly"),
    fal_typed.ServerError("gone"),
    fal_typed.ServerError("gone", status_code=503, error_type="runner_disconnected"),
    fal_typed.ServerError("gone", status_code=504, error_type="generation_timeout"),
    fal_typed.APIConnectionError("x", maybe_submitted=True),
    fal_typed.APITimeoutError("x", maybe_submitted=True),
]


@pytest.mark.parametrize("verb", ["run", "subscribe"])
@pytest.mark.parametrize("error", ERRORS, ids=lambda error: type(error).__name__)
def test_an_error_reaches_the_caller_as_it_is(fake: FakeFal, fal: Twin, verb: str, error: Any) -> None:
    fake.endpoint(SCHNELL).fails(error)
    with pytest.raises(type(error)) as caught:
        fal.do(SCHNELL, verb, prompt="a")
    got: Any = caught.value
    assert type(got) is type(error)
    assert len(fake.calls) == 1
    for name in ("status_code", "error_type", "details"):
        if getattr(error, name, None):
            assert getattr(got, name) == getattr(error, name)


@pytest.mark.parametrize("body", [None, "text", {"some": "thing"}])
def test_what_only_the_queue_tells(fake: FakeFal, fal: Twin, body: Any) -> None:
    error = fal_typed.RequestFailedError(
        error="out of memory", error_type="runner_server_error", body=body, billable_units=2.5
    )
    fake.endpoint(SCHNELL).fails(error)
    with pytest.raises(fal_typed.RequestFailedError) as caught:
        fal.do(SCHNELL, "subscribe", prompt="a")
    for name in ("error", "error_type", "body", "billable_units"):
        assert getattr(caught.value, name) == getattr(error, name)
    with pytest.raises(fal_typed.ServerError, match="out of memory"):
        fal.do(SCHNELL, "run", prompt="a")
    fake.endpoint(SCHNELL).fails(fal_typed.ResultExpiredError)
    with pytest.raises(fal_typed.ResultExpiredError):
        fal.do(SCHNELL, "subscribe", prompt="a")


def test_twenty_minutes_take_no_time(fake: FakeFal, fal: Twin) -> None:
    fake.endpoint(SCHNELL).takes(1200, logs=["loading", "painting"], queue=[3, 1, 0])
    told: list[Any] = []
    fal.of(lambda fal: fal.flux_1.schnell.subscribe(prompt="a", logs=True, on_queue_update=told.append))
    assert fake.clock.now() >= 1200
    assert [each.queue_position for each in told if isinstance(each, fal_typed.Queued)] == [3, 1, 0]
    assert [line.message for each in told for line in each.logs] == ["loading", "painting"]


def test_the_callers_time_may_be_over(fake: FakeFal, fal: Twin) -> None:
    fake.endpoint(SCHNELL).takes(60)
    with pytest.raises(fal_typed.DeadlineExceededError) as caught:
        fal.do(SCHNELL, "subscribe", {"timeout": 30}, prompt="a")
    assert caught.value.cancel == "CANCELLATION_REQUESTED"


def test_a_function_sees_what_was_passed(fake: FakeFal, fal: Twin) -> None:
    fake.endpoint(SCHNELL).answers(lambda given: {"seed": given["seed"] * 2})
    assert fal.do(SCHNELL, "subscribe", prompt="a", seed=21).seed == 42
    fake.endpoint(SCHNELL).answers(lambda given: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        fal.do(SCHNELL, "subscribe", prompt="a")


def test_events(fake: FakeFal, fal: Twin) -> None:
    fake.endpoint(STREAMING).streams([{"seed": 1}, {"seed": 2}])
    events = fal.events(STREAMING, prompt="a")
    assert [each["seed"] if isinstance(each, dict) else each.seed for each in events] == [1, 2]
    assert fake.calls[0].verb == "stream"
    assert fake.calls[0].client == fal.name
    fake.endpoint(STREAMING).fails(fal_typed.ContentPolicyError)
    with pytest.raises(fal_typed.ContentPolicyError):
        fal.events(STREAMING, prompt="a")


def test_uploads_are_noted(fake: FakeFal, fal: Twin, tmp_path: Any) -> None:
    from fal_typed._runtime.testing.media.make import make_file
    from fal_typed._runtime.testing.media.wish import Wish

    (tmp_path / "cat.png").write_bytes(make_file(Wish(name="cat.png", width=8, height=8))[0])
    fal.do(FROM_IMAGE, "subscribe", prompt="a", image_url=tmp_path / "cat.png")
    illusion = fake.endpoint(FROM_IMAGE)
    illusion.assert_called_once_with(prompt="a", image_url=tmp_path / "cat.png")
    (upload,) = illusion.calls[0].uploads
    assert (upload.name, upload.content_type) == ("cat.png", "image/png")
    assert upload.content == (tmp_path / "cat.png").read_bytes()


# Faults, and what the client does about them.


def test_what_was_not_accepted_is_sent_again(fake: FakeFal, fal: Twin) -> None:
    faults = fake.faults
    for plan in (
        lambda: faults.connection_refused(3),
        lambda: faults.rate_limited(2, retry_after=7),
        lambda: faults.unavailable(2),
    ):
        plan()
        assert fal.do(SCHNELL, "subscribe", prompt="a").prompt == "a"
    assert len(fake.calls) == 3
    assert fake.clock.now() >= 14


@pytest.mark.parametrize("verb", ["run", "subscribe"])
@pytest.mark.parametrize(
    ("fault", "more", "count"),
    [
        ("lost_after_submit", {}, 1),
        ("lost_before_submit", {}, 0),
        ("gateway_timeout", {}, 0),
        ("gateway_timeout", {"accepted": True}, 1),
        ("bad_gateway", {"accepted": True}, 1),
        ("internal_error", {}, 0),
    ],
)
def test_what_may_have_been_accepted_is_not(
    fake: FakeFal, fal: Twin, verb: str, fault: str, more: Any, count: int
) -> None:
    getattr(fake.faults, fault)(**more)
    with pytest.raises(fal_typed.FalError) as caught:
        fal.do(SCHNELL, verb, prompt="a")
    assert caught.value.maybe_submitted
    assert len(fake.calls) == count
    assert fal.do(SCHNELL, verb, prompt="a").prompt == "a"


def test_an_outage_while_it_waits(fake: FakeFal, fal: Twin) -> None:
    fake.endpoint(SCHNELL).takes(5)
    fake.endpoint(SCHNELL).faults.outage(300, begins="accepted")
    assert fal.do(SCHNELL, "subscribe", prompt="a").prompt == "a"
    assert fake.clock.now() >= 300
    assert len(fake.calls) == 1


@pytest.mark.parametrize("at", ["status", "result"])
@pytest.mark.parametrize("fault", ["gateway_timeout", "connection_refused", "rate_limited", "unavailable"])
def test_reads_go_on(fake: FakeFal, fal: Twin, fault: str, at: Any) -> None:
    fake.endpoint(SCHNELL).takes(5)
    getattr(fake.faults, fault)(times=3, at=at)
    assert fal.do(SCHNELL, "subscribe", prompt="a").prompt == "a"
    assert len(fake.calls) == 1


def test_a_result_that_is_gone(fake: FakeFal, fal: Twin) -> None:
    fake.faults.result_expired()
    with pytest.raises(fal_typed.ResultExpiredError):
        fal.do(SCHNELL, "subscribe", prompt="a")


def test_a_result_that_is_no_json(fake: FakeFal, fal: Twin) -> None:
    fake.faults.not_json()
    with pytest.raises(fal_typed.InvalidResponseError) as caught:
        fal.do(SCHNELL, "subscribe", prompt="a")
    assert b"sign in" in caught.value.content


def test_an_answer_that_is_too_slow(fake: FakeFal, fal: Twin) -> None:
    fake.faults.slow_answer(200)
    with pytest.raises(fal_typed.APITimeoutError) as caught:
        fal.do(SCHNELL, "submit", {"http_timeout": 30}, prompt="a")
    assert caught.value.maybe_submitted
    assert 30 <= round(fake.clock.now(), 6) < 40  # its parts are added up


def test_a_stream_that_breaks_off(fake: FakeFal, fal: Twin) -> None:
    fake.endpoint(STREAMING).streams([{"seed": 1}, {"seed": 2}])
    fake.faults.cut_stream(after=1)
    with pytest.raises(fal_typed.APIConnectionError, match="after 1 event"):
        fal.events(STREAMING, prompt="a")


def download(fal: Twin, image: Any, path: Any) -> Any:
    return image.download(path) if fal.name == "Fal" else fal.of(lambda _: image.adownload(path))


def test_a_download_that_breaks_off_goes_on(fake: FakeFal, fal: Twin, tmp_path: Any) -> None:
    image = fal.do(SCHNELL, "subscribe", prompt="a").images[0]
    whole = download(fal, image, tmp_path / "whole.png").read_bytes()
    fake.faults.cut_download(2)
    assert download(fal, image, tmp_path / "cut.png").read_bytes() == whole
    fake.endpoint(SCHNELL).faults.expired_file()
    with pytest.raises(fal_typed.NotFoundError):
        download(fal, image, tmp_path / "gone.png")


def test_an_upload_that_fails_is_repeated(fake: FakeFal, fal: Twin) -> None:
    fake.faults.upload_fails(2)
    url = fal.of(lambda fal: fal.storage.upload(b"abc", file_name="a.txt", content_type="text/plain"))
    assert url.startswith("https://")


# Webhooks.


def test_a_webhook_call_is_taken(fake: FakeFal, fal: Twin) -> None:
    from fal_typed.webhooks import WebhookVerifier

    events: list[Any] = []
    verifier = WebhookVerifier(user_ids={"fake-user"})

    def app(environ: Any, start_response: Any) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"]))
        events.append(verifier.verify(environ, body))
        start_response("204 No Content", [])
        return []

    handle = fal.do(SCHNELL, "submit", {"webhook_url": "https://my.app/hook"}, prompt="a")
    (delivery,) = fake.deliver_webhooks(app)
    assert delivery.status_code == 204
    assert events[0].request_id == handle.request_id
    from fal_typed.endpoints.flux_1.schnell import Flux1SchnellOutput

    assert events[0].output(Flux1SchnellOutput).prompt == "a"
    assert events[0].output(Flux1SchnellOutput) == fal.of(lambda _: handle.result())


@pytest.mark.parametrize("way", ["cancelled", "too late"])
def test_what_ended_otherwise_is_noted_and_delivered_as_a_failure(fake: FakeFal, fal: Twin, way: str) -> None:
    fake.endpoint(SCHNELL).takes(60, queue=[2, 1, 0])
    options = {"webhook_url": "https://my.app/hook", **({"start_timeout": 5} if way == "too late" else {})}
    handle = fal.do(SCHNELL, "submit", options, prompt="a")
    if way == "cancelled":
        fal.of(lambda _: handle.cancel())
    (call,) = fake.calls
    assert (call.outcome, call.output) == ("failed", None)

    def app(environ: Any, start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return []

    (delivery,) = fake.deliver_webhooks(app)
    assert json.loads(delivery.body)["status"] == "ERROR"
