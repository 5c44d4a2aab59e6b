"""Webhook calls: which are believed, and what they say. Every vector on both ways to verify."""

from __future__ import annotations

import asyncio
import json
import logging
import pickle
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import until
from fal_server.webhooks import KeyServer, as_jwk, new_key, sign
from runtime import errors
from runtime.webhooks import keys as webhook_keys
from runtime.webhooks.verifier import WebhookEvent, WebhookVerifier
from runtime_sample import SchnellOutput

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from stopped_clock import StoppedClock

KEY, OTHER = new_key(1), new_key(2)
OUTPUT = {"images": [{"url": "https://v3.fal.media/a.png"}], "seed": 7}
OK = json.dumps({"request_id": "req-1", "gateway_request_id": "gw-2", "status": "OK", "payload": OUTPUT}).encode()


@pytest.fixture
def keys() -> Iterator[KeyServer]:
    with KeyServer(KEY) as server:
        yield server


@pytest.fixture(params=["sync", "async"])
def verify(request: pytest.FixtureRequest) -> Any:
    """Either way to verify, as one function of the verifier, the headers and the body."""
    if request.param == "sync":
        return lambda verifier, headers, body: verifier.verify(headers, body)
    return lambda verifier, headers, body: asyncio.run(verifier.averify(headers, body))


def refused(verify: Any, verifier: WebhookVerifier, headers: Any, body: bytes) -> None:
    """It is, and nobody learns why."""
    with pytest.raises(errors.WebhookVerificationError) as caught:
        verify(verifier, headers, body)
    error = caught.value
    assert type(error) is errors.WebhookVerificationError
    assert str(error) == "this webhook call was not signed by fal"
    assert vars(error) == {"message": str(error)}
    assert error.__cause__ is None
    assert error.__context__ is None


def test_a_genuine_call(keys: KeyServer, verify: Any) -> None:
    verifier = WebhookVerifier(keys.url)
    event = verify(verifier, sign(KEY, OK), OK)
    assert (event.request_id, event.gateway_request_id, event.status, event.ok) == ("req-1", "gw-2", "OK", True)
    assert event.payload == OUTPUT
    out = event.output(SchnellOutput)
    assert isinstance(out, SchnellOutput)
    assert (out.seed, out.images[0].url) == (7, "https://v3.fal.media/a.png")
    assert event.body == json.loads(OK)
    assert pickle.loads(pickle.dumps(event)) == event
    verify(verifier, sign(KEY, OK), OK)
    assert keys.asked == 1


HEADERS = list(sign(KEY, b""))


@pytest.mark.parametrize("name", HEADERS)
@pytest.mark.parametrize("value", [None, "", "  ", "ä", "x\ny", b"\xff"])
def test_each_header_is_needed(keys: KeyServer, verify: Any, name: str, value: Any) -> None:
    headers: dict[str, Any] = sign(KEY, OK)
    headers = {**headers, name: value} if value is not None else {k: v for k, v in headers.items() if k != name}
    refused(verify, WebhookVerifier(keys.url), headers, OK)


def test_a_header_twice_is_refused(keys: KeyServer, verify: Any) -> None:
    pairs = [*sign(KEY, OK).items(), ("x-fal-webhook-user-id", "user-1")]
    refused(verify, WebhookVerifier(keys.url), pairs, OK)


@pytest.mark.parametrize(
    "form",
    [
        lambda h: {k.lower(): v for k, v in h.items()},
        lambda h: {k.upper(): v for k, v in h.items()},
        lambda h: {k: v.encode() for k, v in h.items()},
        lambda h: [(k.lower().encode(), v.encode()) for k, v in h.items()],
        lambda h: [*h.items(), ("content-type", "application/json")],
        lambda h: {**h, "Content-Length": 5, "X-Fal-Webhook-New": ""},
    ],
)
def test_headers_in_every_form(keys: KeyServer, verify: Any, form: Callable[[dict[str, str]], Any]) -> None:
    assert verify(WebhookVerifier(keys.url), form(sign(KEY, OK)), OK).request_id == "req-1"


@pytest.mark.parametrize("body", [OK + b" ", OK[:-1], OK.replace(b"7", b"8"), b""])
def test_an_altered_body(keys: KeyServer, verify: Any, body: bytes) -> None:
    refused(verify, WebhookVerifier(keys.url), sign(KEY, OK), body)


@pytest.mark.parametrize("name", HEADERS)
def test_an_altered_header(keys: KeyServer, verify: Any, name: str) -> None:
    headers = sign(KEY, OK)
    last = headers[name][-1]
    headers[name] = headers[name][:-1] + ("1" if last != "1" else "2")
    refused(verify, WebhookVerifier(keys.url), headers, OK)


@pytest.mark.parametrize(("age", "good"), [(0, True), (290, True), (-290, True), (310, False), (-310, False)])
def test_the_age_of_a_call(keys: KeyServer, verify: Any, age: int, good: bool) -> None:
    verifier, headers = WebhookVerifier(keys.url), sign(KEY, OK, at=time.time() - age)
    if good:
        assert verify(verifier, headers, OK).ok
    else:
        refused(verify, verifier, headers, OK)
        assert keys.asked == 0, "what cannot be genuine costs nothing"


@pytest.mark.parametrize("timestamp", ["now", "1e9", "-1", "1.5", "٣", "9" * 30, "0x10"])
def test_a_timestamp_that_is_none(keys: KeyServer, verify: Any, timestamp: str) -> None:
    refused(verify, WebhookVerifier(keys.url), {**sign(KEY, OK), "X-Fal-Webhook-Timestamp": timestamp}, OK)


@pytest.mark.parametrize("signature", ["zz", "00", "00" * 63, "00" * 65, "00" * 64])
def test_a_signature_that_is_none(keys: KeyServer, verify: Any, signature: str) -> None:
    refused(verify, WebhookVerifier(keys.url), {**sign(KEY, OK), "X-Fal-Webhook-Signature": signature}, OK)


def test_a_wrong_key_costs_one_more_look(keys: KeyServer, verify: Any) -> None:
    verifier = WebhookVerifier(keys.url)
    for _attempt in range(20):
        refused(verify, verifier, sign(OTHER, OK), OK)
    assert keys.asked == 2
    assert verify(verifier, sign(KEY, OK), OK).ok


def test_a_rotated_key_is_found(keys: KeyServer, verify: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    verifier = WebhookVerifier(keys.url)
    assert verify(verifier, sign(KEY, OK), OK).ok
    keys.keys = (OTHER,)
    assert verify(verifier, sign(OTHER, OK), OK).ok
    refused(verify, verifier, sign(KEY, OK), OK)
    keys.keys = (KEY,)
    refused(verify, verifier, sign(KEY, OK), OK)  # asked a moment ago
    assert keys.asked == 2
    monkeypatch.setattr(webhook_keys, "REFETCH_SECONDS", 0.0)
    assert verify(verifier, sign(KEY, OK), OK).ok


def test_old_keys_are_fetched_anew_and_not_used(
    keys: KeyServer, verify: Any, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook_keys, "time", clock)
    verifier = WebhookVerifier(keys.url, max_age=50)
    assert verify(verifier, sign(KEY, OK), OK).ok
    clock.now += 49
    assert verify(verifier, sign(KEY, OK), OK).ok
    assert keys.asked == 1
    clock.now += 2
    assert verify(verifier, sign(KEY, OK), OK).ok
    assert keys.asked == 2
    clock.now += 51
    keys.status = 500
    refused(verify, verifier, sign(KEY, OK), OK)


def test_any_key_of_the_set_will_do(keys: KeyServer, verify: Any) -> None:
    odd: list[Any] = [None, 3, {}, {"kty": "RSA", "n": "x"}, {"kty": "OKP", "crv": "X25519", "x": "AA"}, {"x": "!"}]
    padded = {**as_jwk(KEY), "x": as_jwk(KEY)["x"] + "="}
    keys.content = json.dumps({"keys": [*odd, as_jwk(OTHER), padded]}).encode()
    assert verify(WebhookVerifier(keys.url), sign(KEY, OK), OK).ok


@pytest.mark.parametrize(
    ("status", "content"),
    [(500, None), (302, None), (404, b"{}"), (200, b"<html>"), (200, b"[]"), (200, b'{"keys": 3}'), (200, b""),
     (200, b'{"keys": []}'), (200, b" " * 1_000_001 + b"{}"), (200, b"[" * 100_000)],
)  # fmt: skip
def test_a_key_set_that_is_none(
    keys: KeyServer, verify: Any, status: int, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    keys.status, keys.content = status, content
    verifier = WebhookVerifier(keys.url)
    with caplog.at_level(logging.WARNING):
        refused(verify, verifier, sign(KEY, OK), OK)
    assert f"the key set at {keys.url}" in caplog.text, "the operator is told"
    keys.status, keys.content = 200, None
    assert verify(verifier, sign(KEY, OK), OK).ok, "it is asked again with the next call"


def test_a_key_set_that_cannot_be_reached(verify: Any, caplog: pytest.LogCaptureFixture) -> None:
    with KeyServer() as server:
        url = server.url
    with caplog.at_level(logging.WARNING):
        refused(verify, WebhookVerifier(url), sign(KEY, OK), OK)
    assert "cannot be fetched: ConnectError" in caplog.text


def test_many_threads_fetch_once(keys: KeyServer) -> None:
    keys.answering.clear()
    verifier, headers = WebhookVerifier(keys.url), sign(KEY, OK)
    events: list[WebhookEvent] = []
    threads = [threading.Thread(target=lambda: events.append(verifier.verify(headers, OK))) for _ in range(8)]
    for thread in threads:
        thread.start()
    until(lambda: keys.asked, "nobody asks")
    keys.answering.set()
    for thread in threads:
        thread.join()
    assert (len(events), keys.asked) == (8, 1)


def test_many_tasks_fetch_once_and_do_not_block(keys: KeyServer) -> None:
    keys.answering.clear()

    async def main() -> None:
        verifier, headers = WebhookVerifier(keys.url), sign(KEY, OK)
        tasks = [asyncio.create_task(verifier.averify(headers, OK)) for _ in range(8)]
        await asyncio.to_thread(until, lambda: keys.asked, "nobody asks")
        keys.answering.set()  # which one that blocks would not come to
        assert len(await asyncio.gather(*tasks)) == 8

    asyncio.run(main())
    assert keys.asked == 1


def test_many_tasks_do_not_each_ask_for_keys_that_cannot_be_had(keys: KeyServer) -> None:
    keys.answering.clear()
    keys.status = 500

    async def main() -> None:
        verifier, headers = WebhookVerifier(keys.url), sign(KEY, OK)
        tasks = [asyncio.create_task(verifier.averify(headers, OK)) for _ in range(8)]
        await asyncio.to_thread(until, lambda: keys.asked, "nobody asks")
        keys.answering.set()
        failed = await asyncio.gather(*tasks, return_exceptions=True)
        assert [type(each) for each in failed] == [errors.WebhookVerificationError] * 8

    asyncio.run(main())
    assert keys.asked == 2  # the second one's answer counts for all that came before it was asked for


def test_a_body_of_five_megabytes(keys: KeyServer, verify: Any) -> None:
    body = json.dumps({"request_id": "r", "status": "OK", "payload": {"images": [], "seed": 1, "x": "a" * 5_000_000}})
    raw = body.encode()
    assert verify(WebhookVerifier(keys.url), sign(KEY, raw), bytearray(raw)).output(SchnellOutput).seed == 1
    refused(verify, WebhookVerifier(keys.url), sign(KEY, raw), raw[:-1] + b" ")


DETAIL = [{"loc": ["body", "prompt"], "msg": "no", "type": "content_policy_violation"}]


@pytest.mark.parametrize(
    ("fields", "kind", "text"),
    [
        ({"status": "ERROR", "error": "Invalid status code: 422", "payload": {"detail": DETAIL}},
         errors.ContentPolicyError, "422 from webhook: prompt: no"),
        ({"status": "ERROR", "error": "broken", "payload": {"detail": [{"msg": "no", "type": "x"}]}},
         errors.ModelError, "no"),
        ({"status": "ERROR", "error": "Runner gone", "payload": None}, errors.RequestFailedError, "Runner gone"),
        ({"status": "ERROR", "error": None, "payload": {"detail": "text"}}, errors.RequestFailedError, "no reason"),
        ({"error": {"a": 1}}, errors.RequestFailedError, '{"a": 1}'),
        ({"status": "OK", "payload": None, "payload_error": "not JSON"}, errors.RequestFailedError, "not JSON"),
    ],
)  # fmt: skip
def test_a_call_that_tells_of_a_failure(
    keys: KeyServer, fields: dict[str, Any], kind: type[errors.FalError], text: str
) -> None:
    body = json.dumps({"request_id": "r-9", **fields}).encode()
    event = WebhookVerifier(keys.url).verify(sign(KEY, body), body)
    assert not event.ok
    with pytest.raises(kind, match="request id r-9") as caught:
        event.output(SchnellOutput)
    assert type(caught.value) is kind
    assert text in str(caught.value)


def test_an_output_that_does_not_match_its_document_is_not_lost(
    keys: KeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps({"status": "OK", "payload": {"images": None, "more": 1}}).encode()
    event = WebhookVerifier(keys.url).verify(sign(KEY, body, request_id="r-7"), body)
    assert event.request_id == "r-7"
    with caplog.at_level(logging.WARNING):
        assert event.output(SchnellOutput).model_dump(exclude_unset=True) == {"images": None, "more": 1}
    assert "webhook: the output does not match its document" in caplog.text


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"", b"\xff"])
def test_a_signed_body_that_is_no_object_carries_its_bytes(keys: KeyServer, body: bytes) -> None:
    with pytest.raises(errors.InvalidResponseError, match="not a JSON object") as caught:
        WebhookVerifier(keys.url).verify(sign(KEY, body), body)
    assert caught.value.content == body


@pytest.mark.parametrize("body", ["text", {"a": 1}, None])
def test_a_decoded_body_is_a_mistake_of_the_caller(keys: KeyServer, verify: Any, body: Any) -> None:
    with pytest.raises(TypeError, match="before any decoding"):
        verify(WebhookVerifier(keys.url), sign(KEY, OK), body)
    with pytest.raises(TypeError, match="headers must be"):
        verify(WebhookVerifier(keys.url), "X-Fal", OK)


@pytest.mark.parametrize("url", ["http://rest.fal.ai/jwks.json", "file:///keys", "https://a:b@rest.fal.ai/k", "keys"])
def test_keys_come_over_https(url: str) -> None:
    with pytest.raises(ValueError, match="jwks_url"):
        WebhookVerifier(url)


@pytest.mark.parametrize("max_age", [0, -1, "1"])
def test_a_wrong_age(max_age: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="max_age"):
        WebhookVerifier(max_age=max_age)


def test_without_the_extra_it_says_what_to_install() -> None:
    program = "import sys\nsys.modules['cryptography'] = None\nimport fal_typed.webhooks"
    environment = {"PYTHONPATH": str(Path(__file__).parents[3] / "generated")}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    last = ran.stderr.strip().splitlines()[-1]
    assert last == (
        "ImportError: fal_typed.webhooks needs the package cryptography: "
        "pip install 'fal-typed[webhooks]', or pip install cryptography"
    )
