"""From what was seen to what is kept: the headers that matter, the form of the bodies, and no secret."""

# design: What does a cassette keep to itself?

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ...checks import is_array, is_object
from .bodies import answer_body, request_body

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from .exchanges import Heard, Kept, Seen, Sent
    from .redaction import Redactor

# What decides about the answer, or shows what was asked.
_OF_REQUESTS = frozenset(
    """content-type range x-fal-file-name x-fal-target-url x-fal-object-lifecycle x-fal-object-lifecycle-preference
    x-fal-queue-priority x-fal-runner-hint x-fal-request-timeout x-fal-request-start-timeout x-fal-no-retry
    x-fal-retry-config x-fal-store-io x-fal-tags x-app-fal-disable-fallback""".split()
)
# What a client looks at.
_OF_ANSWERS = frozenset(
    """content-type content-encoding content-range content-disposition accept-ranges etag last-modified location
    retry-after x-fal-request-id x-fal-error-type x-fal-needs-retry x-fal-retryable x-fal-request-timeout-type
    x-fal-billable-units""".split()
)
_KEYS = ("FAL_KEY", "FAL_KEY_ID", "FAL_KEY_SECRET")
# The renewal of a login has nothing that a replay needs.
_LOGIN = "/oauth/token"
_TOKENS = ("/storage/auth/token", "/tokens", "/tokens/realtime")
_NEVER = "9999-12-31T23:59:59+00:00"


def place_of(request: Mapping[str, Any]) -> tuple[str, str]:
    """The host and the path that a request is for, also where a proxy passes it on; without a slash at its end."""
    parts = urlsplit(str(request["headers"].get("x-fal-target-url") or request["url"]))
    return parts.netloc, parts.path.rstrip("/")


def is_for_a_token(request: Mapping[str, Any]) -> bool:
    """Whether it asks for a token, of which one is as good as another."""
    return request["method"] == "POST" and place_of(request)[1].endswith(_TOKENS)


def asked(sent: Sent) -> Kept:
    """A request as a cassette has it, with its secrets."""
    headers = {name: sent.headers[name] for name in sorted(_OF_REQUESTS & sent.headers.keys())}
    return {"method": sent.method, "url": sent.url, "headers": headers, **request_body(sent)}


def kept(seen: Sequence[Seen], redactor: Redactor) -> list[Kept]:
    """The exchanges without their secrets.

    Args:
        seen: What was recorded.
        redactor: Knows what was replaced in what is on the cassette already.
    """
    seen = [each for each in seen if not each.sent.url.partition("?")[0].endswith(_LOGIN)]
    for name in _KEYS:
        redactor.secrets.learn_credential(os.environ.get(name, ""), "key", is_sure=name != "FAL_KEY_ID")
    for each in seen:
        redactor.secrets.learn_headers(each.sent.headers)
        redactor.secrets.learn_headers(each.heard.headers)
    whole = [_exchange(each) for each in seen]
    for exchange in whole:  # what is known to be secret at the end may stand in what came before
        _without_secrets(exchange, redactor)
    redactor.number_anew()
    return [_without_secrets(exchange, redactor) for exchange in whole]


def _without_secrets(exchange: Kept, redactor: Redactor) -> Kept:
    request = redactor.request(exchange["request"])
    if "json" in request:
        request["json"] = _sorted(request["json"])
    if "fault" in exchange:
        return {"request": request, "fault": redactor.text(exchange["fault"])}
    answer = redactor.answer(exchange["answer"])
    return {"request": request, "answer": answer}


def _exchange(seen: Seen) -> Kept:
    request = asked(seen.sent)
    if seen.heard.status is None:
        return {"request": request, "fault": seen.heard.fault}
    return {"request": request, "answer": _answer(seen.sent, seen.heard, request)}


def _answer(sent: Sent, heard: Heard, request: Kept) -> Kept:
    is_file = sent.method == "GET" and "authorization" not in sent.headers and "x-fal-target-url" not in sent.headers
    body, headers = answer_body(heard, is_file=is_file)
    shown = {name: headers[name] for name in sorted(_OF_ANSWERS & headers.keys())}
    if is_for_a_token(request) and isinstance(body.get("json"), dict) and "expires_at" in body["json"]:
        body = {"json": {**body["json"], "expires_at": _NEVER}}
    ended = {"left": {"ended": "left"}, "open": {"ended": "left"}, "fault": {"ended": heard.fault}}
    return {"status": heard.status, "headers": shown, **body, **ended.get(heard.end, {})}


def _sorted(value: Any) -> Any:
    if is_object(value):
        return {name: _sorted(one) for name, one in sorted(value.items())}
    if is_array(value):
        return [_sorted(one) for one in value]
    return value
