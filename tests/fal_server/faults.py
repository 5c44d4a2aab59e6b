"""What can go wrong at a step of the protocol, as replies. Sources: fal docs, Errors; the official client 1.0.3."""

from __future__ import annotations

from dataclasses import replace

from .plan import Gate, Reply

_INGRESS_PAGE = b"<html><head><title>%d</title></head><body><center>nginx</center></body></html>"
_HTML = {"content-type": "text/html"}


def too_many(retry_after: str | None = None) -> Reply:
    """429: not accepted."""
    headers = {} if retry_after is None else {"retry-after": retry_after}
    return Reply(429, {"detail": "Too many", "error_type": "concurrent_requests_limit"}, headers, accepted=False)


def ingress(status: int) -> Reply:
    """A page of the nginx in front of fal. 503: it found nobody. 502 and 504: it found somebody, who may be at work."""
    return Reply(status, _INGRESS_PAGE % status, _HTML, accepted=status != 503)


def temporary(status: int, header: str = "X-Fal-Needs-Retry", value: str = "1") -> Reply:
    """A failed run that fal says to repeat: nothing of it remains, unless what says so stands between (502, 504)."""
    headers = {header: value, "x-fal-request-id": "run-1"}
    body = {"detail": "Runner gone", "error_type": "runner_disconnected"}
    return Reply(status, body, headers, accepted=status in (502, 504))


def model_error(status: int = 500, **headers: str) -> Reply:
    """The model took the request and failed."""
    detail = [{"loc": ["body"], "msg": "It broke", "type": "internal_server_error"}]
    return Reply(status, {"detail": detail}, {"x-fal-request-id": "run-1", **headers}, accepted=True)


def refused() -> Reply:
    """422 of the queue, which checks an input before it takes it."""
    return replace(model_error(422), accepted=False)


def start_timeout() -> Reply:
    """504 because the caller's start timeout has passed."""
    headers = {"x-fal-request-timeout-type": "user", "x-fal-request-id": "run-1"}
    return Reply(504, {"detail": "Too late", "error_type": "request_timeout"}, headers, accepted=True)


def gateway(status: int) -> Reply:
    """A 5xx that does not say whose it is."""
    return Reply(status, {"detail": "?"}, accepted=True)


def redirect(url: str) -> Reply:
    """To another host."""
    return Reply(307, b"", {"location": url}, accepted=True)


DROPPED = Reply(drop=True)
"""The connection is closed before the answer."""
LOST = Reply(usual=True, drop=True)
"""The same, of an answer that says what is usual."""
CUT = Reply(usual=True, cut=True)
"""The connection is closed in the middle of the usual answer."""
SILENT = Reply(silent=True)
"""The request has arrived; the client waits until it has had enough."""
MALFORMED = Reply(200, b'{"request_id": "req')
EMPTY = Reply(200, b"")
PROXY_PAGE = Reply(200, b"<html>Sign in to the network</html>", _HTML)
WRONG_TYPE = Reply(usual=True, headers={"content-type": "text/plain"})
"""The usual answer under another name."""


def delayed(seconds: float) -> Reply:
    """The usual answer, later."""
    return Reply(usual=True, delay=seconds)


def held(gate: Gate) -> Reply:
    """The usual answer, once the gate is open."""
    return Reply(usual=True, gate=gate)


# While the request is still being sent. How much of it counts, only fal would know: it is taken as accepted.


def stalls(after: int) -> Reply:
    """Reads so much of the body, then nothing more, and says nothing."""
    return Reply(reads=after, silent=True)


def resets(after: int) -> Reply:
    """Reads so much of the body, and breaks the connection (RST)."""
    return Reply(reads=after, drop=True)


def refuses(after: int, status: int = 503) -> Reply:
    """Reads so much of the body, and answers without the rest, as the nginx in front of fal does."""
    return replace(ingress(status), reads=after)
