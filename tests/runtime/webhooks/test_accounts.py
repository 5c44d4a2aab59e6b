"""Whose calls are taken: fal signs for all accounts with the same keys."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pytest
from fal_server.webhooks import sign
from runtime.webhooks.verifier import WebhookVerifier
from webhook_calls import KEY, OK, OTHER, refused, told, verifier_of

if TYPE_CHECKING:
    from fal_server.webhooks import KeyServer


def test_a_call_of_one_of_our_accounts(keys: KeyServer, verify: Any) -> None:
    verifier = verifier_of(keys, user_ids=["user-1", "user-2"])
    for user in ("user-1", "user-2"):
        assert verify(verifier, sign(KEY, OK, user_id=user), OK).user_id == user


def test_a_call_of_another_account_is_refused_although_fal_signed_it(keys: KeyServer, verify: Any) -> None:
    headers = sign(KEY, OK, user_id="stranger", request_id="theirs")
    reason = refused(verify, verifier_of(keys), headers, OK)
    assert reason == "fal signed it for the account 'stranger', not in user_ids (request id 'theirs')"


@pytest.mark.parametrize("user", ["USER-1", "user-10", "user-", "user-1,user-1"])
def test_an_account_is_known_by_all_of_its_id(keys: KeyServer, verify: Any, user: str) -> None:
    refused(verify, verifier_of(keys), sign(KEY, OK, user_id=user), OK)


def test_the_account_is_looked_at_after_the_signature(keys: KeyServer, verify: Any) -> None:
    reason = refused(verify, verifier_of(keys), sign(OTHER, OK, user_id="stranger"), OK)
    assert reason.startswith("no key of fal's verifies its signature")
    moved = {**sign(KEY, OK, user_id="stranger"), "X-Fal-Webhook-User-Id": "user-1"}
    assert refused(verify, verifier_of(keys), moved, OK).startswith("no key of fal's verifies its signature")


def test_a_long_account_is_told_shortly(keys: KeyServer, verify: Any) -> None:
    headers = sign(KEY, OK, user_id="\u202e" + "x" * 5000, request_id="y" * 5000)
    refused(verify, verifier_of(keys), headers, OK)  # which looks at the length


def test_anybodys_calls_are_taken_where_that_is_said_with_one_warning(keys: KeyServer, verify: Any) -> None:
    with told() as lines:
        verifier = verifier_of(keys, user_ids=None)
        for user in ("user-1", "stranger"):
            assert verify(verifier, sign(KEY, OK, user_id=user), OK).user_id == user
    (line,) = lines.at(logging.WARNING)
    assert "takes the calls of any fal account" in line


def test_one_that_knows_its_accounts_warns_of_nothing(keys: KeyServer) -> None:
    with told() as lines:
        verifier_of(keys)
    assert lines.records == []


@pytest.mark.parametrize("arguments", [(), ("https://rest.fal.ai/.well-known/jwks.json",)])
def test_whose_calls_to_take_must_be_said(arguments: Any) -> None:
    construct: Any = WebhookVerifier
    with pytest.raises(TypeError) as caught:
        construct(*arguments)
    text = str(caught.value)
    assert text.startswith(
        "WebhookVerifier needs user_ids, the ids of your fal accounts, as in WebhookVerifier(user_ids="
    )
    assert "same keys" in text
    assert "user_ids=None" in text


@pytest.mark.parametrize(
    ("user_ids", "kind", "text"),
    [
        ("user-1", TypeError, "user_ids must be a set or a list of ids, {'my-fal-user-id'}, not str"),
        (b"user-1", TypeError, "not bytes"),
        (7, TypeError, "not int"),
        (iter(["user-1"]), TypeError, "not list_iterator"),
        ([None], TypeError, "user_ids must hold str, not NoneType"),
        ([], ValueError, "user_ids is empty: no call would be taken"),
        (set(), ValueError, "user_ids is empty"),
        ([""], ValueError, "user_ids: '' is no id"),
        (["user-1\n"], ValueError, "user_ids: 'user-1\\n' is no id: it is empty, or has a blank at an end"),
    ],
)
def test_what_is_no_collection_of_ids(user_ids: Any, kind: type[Exception], text: str) -> None:
    with pytest.raises(kind) as caught:
        WebhookVerifier(user_ids=user_ids)
    assert text in str(caught.value)


def test_the_ids_are_those_of_the_moment_it_was_made(keys: KeyServer, verify: Any) -> None:
    ids = {"user-1"}
    verifier = verifier_of(keys, user_ids=ids)
    ids.add("stranger")
    refused(verify, verifier, sign(KEY, OK, user_id="stranger"), OK)
