"""How long fal's keys are known, when they are fetched, and by whom: on a clock that stands still, on loopback."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.webhooks import KeyServer, as_jwk, sign
from runtime.webhooks.keys import FAILURE_SECONDS, REFETCH_SECONDS, STALE_SECONDS
from webhook_calls import KEY, OK, OTHER, refused, told, verifier_of

if TYPE_CHECKING:
    from stopped_clock import StoppedClock

CANNOT = "fal's public keys cannot be fetched"


def test_a_wrong_key_costs_one_more_look(keys: KeyServer, verify: Any) -> None:
    verifier = verifier_of(keys)
    for _attempt in range(20):
        refused(verify, verifier, sign(OTHER, OK), OK)
    assert keys.asked == 2
    assert verify(verifier, sign(KEY, OK), OK).ok


def test_a_rotated_key_is_found(keys: KeyServer, verify: Any, key_clock: StoppedClock) -> None:
    verifier = verifier_of(keys)
    assert verify(verifier, sign(KEY, OK), OK).ok
    keys.keys = (OTHER,)
    assert verify(verifier, sign(OTHER, OK), OK).ok
    refused(verify, verifier, sign(KEY, OK), OK)
    keys.keys = (KEY,)
    refused(verify, verifier, sign(KEY, OK), OK)  # asked a moment ago
    assert keys.asked == 2
    key_clock.now += REFETCH_SECONDS
    assert verify(verifier, sign(KEY, OK), OK).ok


def test_a_rotated_key_is_found_among_forged_calls(keys: KeyServer, verify: Any, key_clock: StoppedClock) -> None:
    """Whoever forges makes us ask fal once a minute, and no more seldom."""
    verifier = verifier_of(keys)
    third = sign(KEY, OK, user_id="user-1")
    assert verify(verifier, sign(KEY, OK), OK).ok
    forged = {**third, "X-Fal-Webhook-Signature": "0" * 128}
    refused(verify, verifier, forged, OK)
    keys.keys = (OTHER,)
    for _second in range(int(REFETCH_SECONDS) - 1):
        key_clock.now += 1
        refused(verify, verifier, forged, OK)
    assert keys.asked == 2
    key_clock.now += 1
    refused(verify, verifier, forged, OK)
    assert verify(verifier, sign(OTHER, OK), OK).ok
    assert keys.asked == 3


def test_a_look_that_failed_is_taken_again_sooner(keys: KeyServer, verify: Any, key_clock: StoppedClock) -> None:
    verifier = verifier_of(keys)
    assert verify(verifier, sign(KEY, OK), OK).ok
    keys.keys, keys.status = (OTHER,), 503
    refused(verify, verifier, sign(OTHER, OK), OK)
    keys.status = 200
    refused(verify, verifier, sign(OTHER, OK), OK)
    assert keys.asked == 2
    key_clock.now += FAILURE_SECONDS
    assert verify(verifier, sign(OTHER, OK), OK).ok


def test_old_keys_are_fetched_anew(keys: KeyServer, verify: Any, key_clock: StoppedClock) -> None:
    verifier = verifier_of(keys, max_age=50)
    assert verify(verifier, sign(KEY, OK), OK).ok
    key_clock.now += 49
    assert verify(verifier, sign(KEY, OK), OK).ok
    assert keys.asked == 1
    key_clock.now += 2
    keys.keys = (OTHER,)
    assert "no key" in refused(verify, verifier, sign(KEY, OK), OK)
    assert verify(verifier, sign(OTHER, OK), OK).ok


def test_old_keys_are_good_for_a_day_more_where_there_are_no_newer_ones(
    keys: KeyServer, verify: Any, key_clock: StoppedClock
) -> None:
    verifier = verifier_of(keys, max_age=50)
    assert verify(verifier, sign(KEY, OK), OK).ok
    keys.status = 503
    key_clock.now += 51
    for asked in (2, 3):
        with told() as lines:
            for _call in range(20):
                assert verify(verifier, sign(KEY, OK), OK).ok
        (line,) = lines.at(logging.WARNING)  # for each fetch, not for each call
        assert line == (
            f"the key set at {keys.url} cannot be fetched: status 503; "
            "the old keys are used, which fal may have changed"
        )
        assert keys.asked == asked
        key_clock.now += FAILURE_SECONDS
    key_clock.now = key_clock.start + 50 + STALE_SECONDS
    assert verify(verifier, sign(KEY, OK), OK).ok
    key_clock.now += FAILURE_SECONDS
    assert refused(verify, verifier, sign(KEY, OK), OK) == CANNOT
    keys.status = 200
    key_clock.now += FAILURE_SECONDS
    assert verify(verifier, sign(KEY, OK), OK).ok


def test_keys_are_used_for_a_day_and_where_there_are_no_others_for_a_second_one(
    keys: KeyServer, verify: Any, key_clock: StoppedClock
) -> None:
    day, verifier = 86_400, verifier_of(keys)
    for seconds, asked in ((0, 1), (day, 1), (day + 1, 2)):
        key_clock.now = key_clock.start + seconds
        assert verify(verifier, sign(KEY, OK), OK).ok
        assert keys.asked == asked
    keys.status, fetched = 503, key_clock.now
    for seconds in (2 * day - FAILURE_SECONDS, 2 * day):
        key_clock.now = fetched + seconds
        assert verify(verifier, sign(KEY, OK), OK).ok
    key_clock.now += 1
    assert refused(verify, verifier, sign(KEY, OK), OK) == CANNOT


def test_who_forges_learns_nothing_of_old_keys(keys: KeyServer, verify: Any, key_clock: StoppedClock) -> None:
    verifier = verifier_of(keys, max_age=50)
    assert verify(verifier, sign(KEY, OK), OK).ok
    keys.status = 503
    key_clock.now += 51
    assert "no key" in refused(verify, verifier, sign(OTHER, OK), OK)
    assert keys.asked == 2


@pytest.mark.parametrize("is_known", [True, False])
def test_forged_calls_while_the_keys_cannot_be_had(keys: KeyServer, key_clock: StoppedClock, is_known: bool) -> None:
    """Five hundred, one after the other, over ten seconds: one fetch, and one warning."""
    verifier = verifier_of(keys)
    if is_known:
        verifier.verify(sign(KEY, OK), OK)
    keys.status = 503
    before = keys.asked
    with told() as lines:
        for _call in range(500):
            refused(lambda verifier, headers, body: verifier.verify(headers, body), verifier, sign(OTHER, OK), OK)
            key_clock.now += FAILURE_SECONDS / 501
    assert keys.asked - before == 1
    assert len(lines.at(logging.WARNING)) == 1
    key_clock.now += 1
    refused(lambda verifier, headers, body: verifier.verify(headers, body), verifier, sign(OTHER, OK), OK)
    assert keys.asked - before == 2


def test_forged_calls_all_at_once_while_the_keys_cannot_be_had(keys: KeyServer) -> None:
    keys.status = 503

    async def main() -> list[Any]:
        verifier, headers = verifier_of(keys), sign(OTHER, OK)
        return await asyncio.gather(*(verifier.averify(headers, OK) for _ in range(500)), return_exceptions=True)

    assert len({str(each) for each in asyncio.run(main())}) == 1
    assert keys.asked == 1


def test_any_key_of_the_set_will_do(keys: KeyServer, verify: Any) -> None:
    odd: list[Any] = [None, 3, {}, {"kty": "RSA", "n": "x"}, {"kty": "OKP", "crv": "X25519", "x": "AA"}, {"x": "!"}]
    padded = {**as_jwk(KEY), "x": as_jwk(KEY)["x"] + "="}
    keys.content = json.dumps({"keys": [*odd, as_jwk(OTHER), padded]}).encode()
    assert verify(verifier_of(keys), sign(KEY, OK), OK).ok


@pytest.mark.parametrize("more", [0, 1])
def test_of_a_set_the_first_hundred_keys_count(more: int, keys: KeyServer, verify: Any) -> None:
    keys.content = json.dumps({"keys": [*[as_jwk(OTHER)] * (99 + more), as_jwk(KEY)]}).encode()
    if more:
        refused(verify, verifier_of(keys), sign(KEY, OK), OK)
    else:
        assert verify(verifier_of(keys), sign(KEY, OK), OK).ok


@pytest.mark.parametrize("more", [0, 1])
def test_a_set_may_be_a_megabyte(more: int, keys: KeyServer, verify: Any) -> None:
    keys.content = json.dumps({"keys": [as_jwk(KEY)]}).encode().ljust(1_000_000 + more)
    if more:
        refused(verify, verifier_of(keys), sign(KEY, OK), OK)
    else:
        assert verify(verifier_of(keys), sign(KEY, OK), OK).ok


@pytest.mark.parametrize(
    ("status", "content", "why"),
    [(500, None, "status 500"), (302, None, "status 302"), (404, b"{}", "status 404"),
     (200, b"<html>", "it holds no Ed25519 key"), (200, b"[]", "it holds no Ed25519 key"),
     (200, b'{"keys": 3}', "it holds no Ed25519 key"), (200, b"", "it holds no Ed25519 key"),
     (200, b'{"keys": []}', "it holds no Ed25519 key"), (200, b" " * 1_000_001 + b"{}", "it is larger than a megabyte"),
     (200, b"[" * 100_000, "it holds no Ed25519 key"),
     (200, json.dumps({"keys": [as_jwk(KEY) | {"x": "!!!!" + as_jwk(KEY)["x"]}]}).encode(), "it holds no Ed25519 key")],
)  # fmt: skip
def test_a_key_set_that_is_none(
    keys: KeyServer, verify: Any, key_clock: StoppedClock, status: int, content: bytes | None, why: str
) -> None:
    keys.status, keys.content = status, content
    verifier = verifier_of(keys)
    with told() as lines:
        assert refused(verify, verifier, sign(KEY, OK), OK) == CANNOT
    assert lines.at(logging.WARNING) == [f"the key set at {keys.url} cannot be fetched: {why}"], "the operator is told"
    keys.status, keys.content = 200, None
    key_clock.now += FAILURE_SECONDS
    assert verify(verifier, sign(KEY, OK), OK).ok, "it is asked again"


def test_a_key_set_that_cannot_be_reached(verify: Any) -> None:
    with KeyServer() as server:
        url = server.url
    with told() as lines:
        assert refused(verify, verifier_of(url), sign(KEY, OK), OK) == CANNOT
    assert "cannot be fetched: ConnectError" in lines.at(logging.WARNING)[0]


def test_a_wrong_setting_of_the_machine_is_told_too(
    keys: KeyServer, verify: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "gopher://proxy")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    with told() as lines:
        assert refused(verify, verifier_of(keys), sign(KEY, OK), OK) == CANNOT
    assert "ValueError" in lines.at(logging.WARNING)[0]
