"""From an error answer to the exception that describes it. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from ..checks import is_array, is_object
from ..errors import (
    APIStatusError,
    AuthenticationError,
    ContentPolicyError,
    ErrorDetail,
    InvalidResponseError,
    ModelError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
)
from .exchange import STARTS_NOTHING, STARTS_WORK, Purpose
from .outcomes import Outcome, what_happened

if TYPE_CHECKING:
    from .exchange import Answer, Exchange

CONTENT_POLICY = "content_policy_violation"
_BY_STATUS: dict[int, type[APIStatusError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    422: ModelError,
    429: RateLimitError,
}
_SHOWN_TEXT = 300
# How they say it: Starlette and werkzeug.
_MOUNT = (307, 308)
# What says that nobody has begun with it.
_REFUSALS = frozenset({Outcome.TOO_MANY, Outcome.INGRESS, Outcome.TEMPORARY})
# Whoever says these may have begun: it took too long to send, or the client went away.
_UNCLEAR = (408, 499)


def status_error(answer: Answer, exchange: Exchange) -> APIStatusError:
    """The exception for an answer that is not a success."""
    body = answer.json_or_text()
    details = read_details(body)
    request_id = exchange.request_id or answer.request_id  # whoever stands between counts requests of its own
    kind = _error_class(answer.status, details)
    sent = f"; sent was {answer.refused}" if answer.refused else ""
    notes = f"{_redirect_note(answer)}{sent}{answer.tried}{id_note(request_id)}"
    return kind(
        f"{answer.status} from {exchange.endpoint}: {_describe(body, details)}{notes}",
        status_code=answer.status,
        error_type=_error_type(answer, body, details),
        request_id=request_id,
        retryable=answer.retryable,
        body=body,
        headers=answer.headers,
        details=details,
        maybe_submitted=_maybe_submitted(answer, exchange, kind),
    )


def unreadable(answer: Answer, exchange: Exchange, why: str, request_id: str | None = None) -> InvalidResponseError:
    """The exception for a success whose body cannot be used; it carries the bytes."""
    request_id = request_id or exchange.request_id or answer.request_id
    return InvalidResponseError(
        f"{answer.status} from {exchange.endpoint}: {why}{answer.tried}{id_note(request_id)}",
        content=answer.content,
        status_code=answer.status,
        request_id=request_id,
        retryable=answer.retryable,
        body=answer.json_or_text(),
        headers=answer.headers,
        maybe_submitted=exchange.purpose not in STARTS_NOTHING,
    )


def _maybe_submitted(answer: Answer, exchange: Exchange, kind: type[APIStatusError]) -> bool:
    """Whether work may have begun, by what an error answer says."""
    if exchange.purpose not in STARTS_WORK:
        return exchange.purpose not in STARTS_NOTHING  # what it is about was submitted before
    if what_happened(answer, exchange) in _REFUSALS:
        return False
    if exchange.purpose is not Purpose.SUBMIT and issubclass(kind, ModelError):
        return True  # the model had it; what fails after it has used a GPU is paid for (fal docs, FAQ)
    return not 400 <= answer.status < 500 or answer.status in _UNCLEAR


def read_details(body: Any) -> list[ErrorDetail]:
    """The entries of a model error: `{"detail": [{loc, msg, type, …}]}` (fal docs, Errors). Tolerates odd ones."""
    entries = body.get("detail") if is_object(body) else None
    if not is_array(entries):
        return []
    return [_detail(entry) for entry in entries if is_object(entry)]


def _detail(entry: dict[str, Any]) -> ErrorDetail:
    loc, kind, ctx, url = entry.get("loc"), entry.get("type"), entry.get("ctx"), entry.get("url")
    return ErrorDetail(
        loc=tuple(loc) if is_array(loc) else (),
        msg=str(entry.get("msg") or ""),
        type=kind if isinstance(kind, str) else None,
        ctx=ctx if is_object(ctx) else None,
        input=entry.get("input"),
        url=url if isinstance(url, str) else None,
    )


def _error_class(status: int, details: list[ErrorDetail]) -> type[APIStatusError]:
    if any(detail.type == CONTENT_POLICY for detail in details):
        return ContentPolicyError
    if status >= 500:
        return ServerError
    # Model errors mostly are 422, and 400 for some types (fal docs, Errors, downstream_service_error).
    return _BY_STATUS.get(status, ModelError if details and status >= 400 else APIStatusError)


def _error_type(answer: Answer, body: Any, details: list[ErrorDetail]) -> str | None:
    platform = _platform_error(body)
    in_body = platform.get("type") if platform else body.get("error_type") if is_object(body) else None
    first = next((detail.type for detail in details if detail.type), None)
    return answer.headers.get("x-fal-error-type") or (in_body if isinstance(in_body, str) else first)


def _platform_error(body: Any) -> dict[str, Any]:
    """What the platform API says: `{"error": {type, message, …}}` (fal docs, Platform APIs); empty for others."""
    error = body.get("error") if is_object(body) else None
    return error if is_object(error) else {}


def _describe(body: Any, details: list[ErrorDetail]) -> str:
    if details:
        return "; ".join(f"{detail} [{detail.type}]" if detail.type else str(detail) for detail in details)
    text = body
    if is_object(body):
        fields = _platform_error(body) or body
        text = next((fields[name] for name in ("detail", "message", "error", "status") if fields.get(name)), fields)
    shown = " ".join(str(text).split()) if text not in (None, "") else "no message"
    return shown if len(shown) <= _SHOWN_TEXT else f"{shown[:_SHOWN_TEXT]}…"


def _redirect_note(answer: Answer) -> str:
    """Where a redirect leads that is not followed: the host alone, the rest may hold a token.

    A framework sends who calls the path of a mounted application to the one with a slash behind it.
    """
    location = answer.headers.get("location") if 300 <= answer.status < 400 else None
    if not location:
        return ""
    try:
        parts = urlsplit(location)
        where = f"{parts.scheme}://{parts.hostname}" if parts.hostname else "another path of the same host"
    except ValueError:
        where = "nowhere"
    is_mount = answer.status in _MOUNT and location.partition("?")[0].endswith("/")
    advice = " (if that is your proxy: write its proxy_url with a slash at the end)" if is_mount else ""
    return f"; a redirect to {where:.80}, which is not followed{advice}"


def id_note(request_id: str | None) -> str:
    """The id as messages end with it, if there is one."""
    return f" (request id {request_id})" if request_id else ""
