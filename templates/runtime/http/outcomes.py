"""What became of one attempt. No I/O."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from ..errors import APIConnectionError, APITimeoutError
from .exchange import STARTS_NOTHING
from .libraries import errors

if TYPE_CHECKING:
    from .exchange import Answer, Exchange

_FOUND_NOBODY = 503
# Whoever passes a request on says these, and may have passed it on.
_GATEWAY_CODES = frozenset({502, _FOUND_NOBODY, 504})


# No connection: of an address, of TLS, or through a proxy.
UNREACHED = ("ConnectError", "ConnectTimeout", "ProxyError")


class Outcome(Enum):
    """What became of one attempt."""

    UNREACHED = "no connection, so nothing was sent"
    UNSENT = "no free connection in the pool, so nothing was sent"
    UNANSWERED = "sent, at least in part, and no whole answer"
    TOO_MANY = "429"
    INGRESS = "503 of fal's own ingress, which found nobody to pass the request on to"
    TEMPORARY = "500 or 503 of fal's own servers, called temporary"
    RELAYED = "5xx called temporary, but a 502, a 504 or of whoever stands in for fal: somebody may have had it"
    GATEWAY = "502, 503 or 504 that does not say whose it is"
    SERVER_ERROR = "any other 5xx of the platform"
    GARBLED = "a success with something other than a JSON object"
    FINAL = "anything else, and whatever fal calls final"


class NoAnswer(NamedTuple):
    """An attempt without an answer: the error to raise, and how far the request came."""

    error: APIConnectionError
    outcome: Outcome


def no_answer(exchange: Exchange, error: Exception, *, broken: str = "got no answer") -> NoAnswer:
    """How far a request came, by the error of httpx, and our error for it. Raise that outside the `except` block.

    The cause is a fresh copy: the original holds the request with its headers, and the tracebacks below it have frames
    whose local variables hold the key as bytes.
    """
    outcome = _outcome(error)
    is_timeout = isinstance(error, (*errors("TimeoutException"), TimeoutError))
    kind = APITimeoutError if is_timeout else APIConnectionError
    what = "timed out" if is_timeout else broken
    # A LocalProtocolError is about what we send, and quotes it: a header's value, which may be a secret.
    text = "" if isinstance(error, errors("LocalProtocolError")) else str(error)
    is_aside = exchange.purpose in STARTS_NOTHING
    subject = f"{exchange.endpoint}: " if is_aside else ""
    converted = kind(
        f"{subject}{exchange.method} {exchange.shown_url} {what}: {type(error).__name__}: {text}".removesuffix(": "),
        # What status, result and cancel are about was submitted before.
        maybe_submitted=not is_aside and (exchange.method != "POST" or outcome is Outcome.UNANSWERED),
        request_id=exchange.request_id,
    )
    if isinstance(error, errors("RequestError")):
        converted.__cause__ = type(error)(text)
    return NoAnswer(converted, outcome)


def _outcome(error: Exception) -> Outcome:
    if isinstance(error, errors(*UNREACHED)):
        return Outcome.UNREACHED
    return Outcome.UNSENT if isinstance(error, errors("PoolTimeout")) else Outcome.UNANSWERED


def what_happened(result: Answer | NoAnswer, exchange: Exchange) -> Outcome:
    """What became of an attempt at an exchange."""
    if isinstance(result, NoAnswer):
        return result.outcome
    if result.is_success:
        return Outcome.FINAL if result.is_usable else Outcome.GARBLED
    if result.retryable is False or _is_start_timeout(result):
        return Outcome.FINAL
    if result.status == 429:
        return Outcome.TOO_MANY
    return _server_error(result, exchange) if result.status >= 500 else Outcome.FINAL


def _server_error(answer: Answer, exchange: Exchange) -> Outcome:
    # Between fal's ingress and who was asked nobody stands. A 504 was slow, a 502 broke off: both were at work.
    is_fals_own = exchange.is_to_fal and answer.status not in (502, 504)
    # Trusted on 5xx alone, which fal never bills (fal docs, FAQ); a 4xx may have cost GPU time.
    if answer.retryable:
        return Outcome.TEMPORARY if is_fals_own else Outcome.RELAYED
    if answer.status not in _GATEWAY_CODES or answer.request_id is not None:
        return Outcome.SERVER_ERROR
    found_nobody = is_fals_own and answer.status == _FOUND_NOBODY and _is_ingress_page(answer)
    return Outcome.INGRESS if found_nobody else Outcome.GATEWAY


def _is_ingress_page(answer: Answer) -> bool:
    """Whether nginx wrote this, in front of fal's servers (the test of the official client 1.0.3, and a little more).

    Whatever passed through fal's servers has a header of theirs.
    """
    is_fals = any(name.lower().startswith("x-fal-") for name in answer.headers)
    return not is_fals and b"nginx" in answer.content.lower() and not answer.json_object()


def _is_start_timeout(answer: Answer) -> bool:
    """The caller's own start timeout has passed: the answer is final (fal docs, Common parameters)."""
    return answer.status == 504 and answer.headers.get("x-fal-request-timeout-type", "").strip().lower() == "user"
