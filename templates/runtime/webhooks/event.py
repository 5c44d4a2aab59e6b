"""What fal posts to a webhook."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from ..checks import is_object
from ..display.shown import ShownData
from ..errors import InvalidResponseError, RequestFailedError
from ..http.error_answers import read_details, status_error
from ..http.exchange import Answer, Exchange, Purpose
from ..outputs.parse import parse_output

if TYPE_CHECKING:
    from collections.abc import Mapping

M = TypeVar("M")
# "Invalid status code: 422"; fal has no field for it.
_STATUS = re.compile(r"\b[45]\d\d\b")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class WebhookEvent(ShownData):
    """The end of a request, told by fal. It may come more than once: `request_id` says which you know already.

    Attributes:
        request_id: The queue's id, as `submit` returned it. Refuse one that you did not submit.
        user_id: The fal account that submitted it, as fal signed it.
        gateway_request_id: The last attempt's, if the queue tried more than once.
        status: `"OK"` or `"ERROR"`.
        payload: The model's output as it was sent, or its error answer.
        error: What went wrong, if something did.
        payload_error: Why there is no payload, although the model succeeded.
        body: All that was sent.
    """

    request_id: str
    user_id: str
    gateway_request_id: str | None
    status: str
    payload: Any
    error: str | None = None
    payload_error: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict[str, Any], repr=False)

    @property
    def ok(self) -> bool:
        """Whether `output` returns one."""
        return self.status == "OK" and self.payload_error is None

    def output(self, model: type[M], /) -> M:
        """The model's output, as `subscribe` would have returned it.

        Args:
            model: The endpoint's output type, e.g. `Flux1SchnellOutput`.

        Raises:
            ModelError: The model's own error.
            RequestFailedError: The request failed without one, or the payload could not be sent.
        """
        if not self.ok:
            raise self._failure()
        output: M = parse_output(model, self.payload)
        return output

    def _failure(self) -> Exception:
        error = self.error or self.payload_error or "no reason was given"
        if self.status != "OK" and read_details(self.payload):
            found = _STATUS.search(error)
            answer = Answer(int(found[0]) if found else 422, {}, json.dumps(self.payload).encode())
            return status_error(answer, Exchange(Purpose.RESULT, "POST", "", {}, "webhook", None, self.request_id))
        return RequestFailedError(
            error=error, error_type=None, request_id=self.request_id, endpoint="the request", body=self.payload
        )


def read_event(raw_body: bytes, request_id: str, user_id: str) -> WebhookEvent:
    """The event in a body that fal signed (fal docs, Webhooks).

    Args:
        raw_body: As it came.
        request_id: That of the header, where the body has none.
        user_id: That of the header.

    Raises:
        InvalidResponseError: It is not a JSON object; the exception carries the bytes.
    """
    try:
        body: Any = json.loads(raw_body)
    except (ValueError, RecursionError):
        body = None
    if not is_object(body):
        raise InvalidResponseError(
            f"the webhook's body is not a JSON object (request id {request_id})",
            content=raw_body,
            status_code=200,
            request_id=request_id,
        )
    error, payload_error = body.get("error"), body.get("payload_error")
    return WebhookEvent(
        request_id=str(body.get("request_id") or request_id),
        user_id=user_id,
        gateway_request_id=_text(body.get("gateway_request_id")),
        status=str(body.get("status") or ("ERROR" if error else "OK")),
        payload=body.get("payload"),
        error=_text(error),
        payload_error=_text(payload_error),
        body=body,
    )


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    return json.dumps(value)
