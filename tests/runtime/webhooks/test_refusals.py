"""Why a call was refused: one line in the log, of what a stranger sent nothing but numbers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.webhooks import KeyServer, sign
from webhook_calls import KEY, OK, OTHER, refused, verifier_of

if TYPE_CHECKING:
    from collections.abc import Callable

REQUEST, USER, TIME, SIGNATURE = (f"X-Fal-Webhook-{end}" for end in ("Request-Id", "User-Id", "Timestamp", "Signature"))
EVIL = "evil\r\n2026-01-01 CRITICAL all is well \x1b[2J" + "A" * 10_000


def without(headers: dict[str, str], name: str) -> Any:
    return {key: value for key, value in headers.items() if key != name}


REASONS: list[tuple[str, Callable[[dict[str, str]], Any]]] = [
    ("the header X-Fal-Webhook-Request-Id is missing", lambda h: {}),
    ("the header X-Fal-Webhook-User-Id is missing", lambda h: without(h, USER)),
    ("the header X-Fal-Webhook-Timestamp is missing", lambda h: without(h, TIME)),
    ("the header X-Fal-Webhook-Signature is missing", lambda h: without(h, SIGNATURE)),
    ("the header X-Fal-Webhook-User-Id is there 2 times", lambda h: [*h.items(), (USER, "user-2")]),
    ("the header X-Fal-Webhook-User-Id is there 500 times", lambda h: {**h, USER: [EVIL] * 500}),
    ("the header X-Fal-Webhook-User-Id is empty, or holds a control character", lambda h: {**h, USER: ""}),
    ("the header X-Fal-Webhook-Request-Id is empty, or holds a control character", lambda h: {**h, REQUEST: EVIL}),
    ("its timestamp is not a number of seconds", lambda h: {**h, TIME: "yesterday"}),
    ("its timestamp is not a number of seconds", lambda h: {**h, TIME: "1" * 4000}),
    ("its timestamp is not a number of seconds", lambda h: {**h, TIME: "0" * 19 + "1"}),
    ("its timestamp is not a number of seconds", lambda h: {**h, TIME: "\u0661"}),
    ("its signature is not 128 lower-case hexadecimal digits", lambda h: {**h, SIGNATURE: "evil" * 3000}),
    (
        "no key of fal's verifies its signature; or its body is not, byte for byte, what was signed",
        lambda h: {**h, REQUEST: "evil" * 3000},
    ),
]


@pytest.mark.parametrize(("reason", "change"), REASONS)
def test_each_refusal_has_one_reason_that_is_told_nobody_but_the_log(
    keys: KeyServer, verify: Any, reason: str, change: Callable[[dict[str, str]], Any]
) -> None:
    assert refused(verify, verifier_of(keys), change(sign(KEY, OK)), OK) == reason


def test_a_reencoded_body_is_told(keys: KeyServer, verify: Any) -> None:
    assert "byte for byte" in refused(verify, verifier_of(keys), sign(KEY, OK), OK.replace(b": ", b":"))


@pytest.mark.parametrize(
    ("age", "reason"),
    [
        (1000, "it was signed 1000 s ago, and 300 s are allowed"),
        (-1000, "it was signed 1000 s in the future: is the clock of this machine right?"),
    ],
)
def test_how_far_a_clock_is_off_is_told(
    keys: KeyServer, verify: Any, monkeypatch: pytest.MonkeyPatch, age: int, reason: str
) -> None:
    now = int(time.time())
    monkeypatch.setattr("runtime.webhooks.signed.time.time", lambda: float(now))
    assert refused(verify, verifier_of(keys), sign(KEY, OK, at=now - age), OK) == reason


@pytest.mark.parametrize("age", [300, -300])
def test_a_clock_may_be_off_by_five_minutes_and_no_second_more(
    keys: KeyServer, verify: Any, monkeypatch: pytest.MonkeyPatch, age: int
) -> None:
    now = int(time.time())
    monkeypatch.setattr("runtime.webhooks.signed.time.time", lambda: float(now))
    assert verify(verifier_of(keys), sign(KEY, OK, at=now - age), OK).ok
    assert refused(verify, verifier_of(keys), sign(KEY, OK, at=now - age // 300 * 301), OK).startswith(
        "it was signed 301 s "
    )


def test_keys_that_cannot_be_had_are_told(keys: KeyServer, verify: Any) -> None:
    keys.status = 503
    assert refused(verify, verifier_of(keys), sign(OTHER, OK), OK) == "fal's public keys cannot be fetched"
