"""Webhook calls: which are believed, and what they say. Every vector on both ways to verify."""

from __future__ import annotations

import json
import logging
import pickle
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.webhooks import sign
from runtime import errors
from runtime.webhooks.verifier import WebhookVerifier
from runtime_sample import SchnellOutput
from webhook_calls import KEY, OK, OUTPUT, refused, verifier_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from fal_server.webhooks import KeyServer


def test_a_genuine_call(keys: KeyServer, verify: Any) -> None:
    verifier = verifier_of(keys)
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
    refused(verify, verifier_of(keys), headers, OK)


def test_a_header_twice_is_refused(keys: KeyServer, verify: Any) -> None:
    pairs = [*sign(KEY, OK).items(), ("x-fal-webhook-user-id", "user-1")]
    refused(verify, verifier_of(keys), pairs, OK)


@pytest.mark.parametrize("body", [OK + b" ", OK[:-1], OK.replace(b"7", b"8"), b""])
def test_an_altered_body(keys: KeyServer, verify: Any, body: bytes) -> None:
    refused(verify, verifier_of(keys), sign(KEY, OK), body)


@pytest.mark.parametrize("name", HEADERS)
def test_an_altered_header(keys: KeyServer, verify: Any, name: str) -> None:
    headers = sign(KEY, OK)
    last = headers[name][-1]
    headers[name] = headers[name][:-1] + ("1" if last != "1" else "2")
    refused(verify, verifier_of(keys), headers, OK)


@pytest.mark.parametrize(("age", "good"), [(0, True), (290, True), (-290, True), (310, False), (-310, False)])
def test_the_age_of_a_call(keys: KeyServer, verify: Any, age: int, good: bool) -> None:
    verifier, headers = verifier_of(keys), sign(KEY, OK, at=time.time() - age)
    if good:
        assert verify(verifier, headers, OK).ok
    else:
        refused(verify, verifier, headers, OK)
        assert keys.asked == 0, "what cannot be genuine costs nothing"


@pytest.mark.parametrize("timestamp", ["now", "1e9", "-1", "1.5", "٣", "9" * 30, "0x10"])
def test_a_timestamp_that_is_none(keys: KeyServer, verify: Any, timestamp: str) -> None:
    refused(verify, verifier_of(keys), {**sign(KEY, OK), "X-Fal-Webhook-Timestamp": timestamp}, OK)


@pytest.mark.parametrize(
    "signature", ["zz", "00", "00" * 63, "00" * 65, "00" * 64, "0" * 127, "zz" * 64, "٣" * 128, "0" * 127 + "\n"]
)
def test_a_signature_that_is_none(keys: KeyServer, verify: Any, signature: str) -> None:
    refused(verify, verifier_of(keys), {**sign(KEY, OK), "X-Fal-Webhook-Signature": signature}, OK)


@pytest.mark.parametrize("spelled", [str.upper, lambda s: f" {s}", lambda s: f"{s} ", lambda s: s[:2] + " " + s[2:]])
def test_a_signature_has_one_spelling(keys: KeyServer, verify: Any, spelled: Callable[[str], str]) -> None:
    headers = sign(KEY, OK)
    headers["X-Fal-Webhook-Signature"] = spelled(headers["X-Fal-Webhook-Signature"])
    assert refused(verify, verifier_of(keys), headers, OK) == "its signature is not 128 lower-case hexadecimal digits"
    assert keys.asked == 0


def test_a_body_of_five_megabytes(keys: KeyServer, verify: Any) -> None:
    body = json.dumps({"request_id": "r", "status": "OK", "payload": {"images": [], "seed": 1, "x": "a" * 5_000_000}})
    raw = body.encode()
    assert verify(verifier_of(keys), sign(KEY, raw), bytearray(raw)).output(SchnellOutput).seed == 1
    refused(verify, verifier_of(keys), sign(KEY, raw), raw[:-1] + b" ")


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
    event = verifier_of(keys).verify(sign(KEY, body), body)
    assert not event.ok
    with pytest.raises(kind, match="request id r-9") as caught:
        event.output(SchnellOutput)
    assert type(caught.value) is kind
    assert text in str(caught.value)


def test_an_output_that_does_not_match_its_document_is_not_lost(
    keys: KeyServer, caplog: pytest.LogCaptureFixture
) -> None:
    body = json.dumps({"status": "OK", "payload": {"images": None, "more": 1}}).encode()
    event = verifier_of(keys).verify(sign(KEY, body, request_id="r-7"), body)
    assert event.request_id == "r-7"
    with caplog.at_level(logging.WARNING):
        assert event.output(SchnellOutput).model_dump(exclude_unset=True) == {"images": None, "more": 1}
    assert "webhook: the output does not match its document" in caplog.text


@pytest.mark.parametrize("body", [b"<html>", b"[]", b"", b"\xff"])
def test_a_signed_body_that_is_no_object_carries_its_bytes(keys: KeyServer, body: bytes) -> None:
    with pytest.raises(errors.InvalidResponseError, match="not a JSON object") as caught:
        verifier_of(keys).verify(sign(KEY, body), body)
    assert caught.value.content == body


@pytest.mark.parametrize("body", ["text", {"a": 1}, None])
def test_a_decoded_body_is_a_mistake_of_the_caller(keys: KeyServer, verify: Any, body: Any) -> None:
    with pytest.raises(TypeError, match="before any decoding"):
        verify(verifier_of(keys), sign(KEY, OK), body)
    with pytest.raises(TypeError, match="headers must be"):
        verify(verifier_of(keys), "X-Fal", OK)


@pytest.mark.parametrize("url", ["http://rest.fal.ai/jwks.json", "file:///keys", "https://a:b@rest.fal.ai/k", "keys"])
def test_keys_come_over_https(url: str) -> None:
    with pytest.raises(ValueError, match="jwks_url"):
        WebhookVerifier(url, user_ids={"a"})


@pytest.mark.parametrize("max_age", [0, -1, "1"])
def test_a_wrong_age(max_age: Any) -> None:
    with pytest.raises((ValueError, TypeError), match="max_age"):
        WebhookVerifier(user_ids={"a"}, max_age=max_age)


def last_line_without(module: str) -> str:
    """The last line of what goes wrong where there is no such module."""
    program = f"import sys\nsys.modules[{module!r}] = None\nimport fal_typed.webhooks"
    environment = {"PYTHONPATH": str(Path(__file__).parents[3] / "generated")}
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment)
    return ran.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize("module", ["cryptography", "cryptography.hazmat.primitives.asymmetric.ed25519"])
def test_without_the_extra_it_says_what_to_install(module: str) -> None:
    last = last_line_without(module)
    assert last == "ImportError: fal_typed.webhooks needs the package cryptography: pip install cryptography"


def test_what_else_is_not_there_is_named() -> None:
    assert "key_set" in last_line_without("fal_typed._runtime.webhooks.key_set")
