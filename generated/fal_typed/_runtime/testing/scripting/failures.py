"""From an error that a caller is to get to what fal would send, so that the client makes that error of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, TypeGuard

from ...checks import is_object, shortened
from ...errors import (
    APIConnectionError,
    APIStatusError,
    APITimeoutError,
    ContentPolicyError,
    ErrorDetail,
    FalError,
    InvalidResponseError,
    ModelError,
    RequestFailedError,
    ResultExpiredError,
)
from ...http.error_answers import CONTENT_POLICY, status_error
from ...http.exchange import Answer as ClientAnswer
from ...http.exchange import Exchange, Purpose
from ..messages import Answer, NoAnswer
from .mistakes import ScriptError
from .script import Failure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import TypeAlias

    from ..messages import Json
    from .script import CallKind

    # Failure: the call was accepted, and its result is an error. The others: it is refused, or its answer gets lost.
    Ending: TypeAlias = Failure | Answer | NoAnswer

# The client asks again after a 429; the caller is to get it.
_TOO_MANY = 429
# What a caller gets of these is no answer of fal's, and who scripts them means something else.
_INSTEAD = {
    "DeadlineExceededError": "it comes of the caller's own timeout: let the call take longer, .takes(seconds)",
    "MissingCredentialsError": "it is raised before anything is sent, and a fake needs no key",
    "InvalidInputError": "it is raised before anything is sent: call the endpoint with an input that it refuses",
    "InvalidResponseError": "use .faults.not_json()",
    "FileTransferError": "use .faults.cut_download() or .faults.expired_file()",
    "ClientClosedError": "close the client",
    "WebhookVerificationError": "post a call that is not signed",
}


def is_error(value: object) -> TypeGuard[FalError | type[FalError]]:
    """Whether it is an error of this package, or a class of them."""
    return isinstance(value, FalError) or (isinstance(value, type) and issubclass(value, FalError))


def checked_error(error: object) -> FalError:
    """An error that can be scripted; of a class, one with its usual fields.

    Raises:
        ScriptError: It is no error that fal's answers can lead to.
    """
    if not is_error(error):
        raise ScriptError(f"fails(...) takes an error of this package, such as ModelError('…'), not {shortened(error)}")
    made = _usual(error) if isinstance(error, type) else error
    hint = next((_INSTEAD[kind.__name__] for kind in type(made).__mro__ if kind.__name__ in _INSTEAD), None)
    if isinstance(made, APIConnectionError) and not made.maybe_submitted:
        hint = "to have no connection come about, use .faults.connection_refused()"
    if type(made) is FalError:
        hint = "name the class that the caller is to get"
    if hint is not None:
        raise ScriptError(f"fails(...) cannot script {type(made).__name__}: {hint}")
    if isinstance(made, APIStatusError):
        _check_class(made)
    return made


def ending_of(error: FalError, kind: CallKind) -> Ending:
    """What fal sends to a call, so that its caller gets this error.

    Args:
        error: As `checked_error` gives it.
        kind: How the endpoint was called.
    """
    if isinstance(error, APIConnectionError):
        return NoAnswer("timeout" if isinstance(error, APITimeoutError) else "lost")
    if isinstance(error, ResultExpiredError):
        return Failure(404, {"status": "NOT_FOUND"})
    if isinstance(error, RequestFailedError):
        return _failed(error, kind)
    assert isinstance(error, APIStatusError)
    return _answered(error)


def _usual(kind: type[FalError]) -> FalError:
    """One of a class, as it mostly is."""
    if issubclass(kind, RequestFailedError):
        return kind(error="The runner failed", error_type="runner_server_error")
    if issubclass(kind, ResultExpiredError):
        return kind(request_id="unknown", endpoint="the request")
    if issubclass(kind, APIConnectionError):
        return kind("no answer", maybe_submitted=True)
    if issubclass(kind, APIStatusError) and not issubclass(kind, InvalidResponseError):
        return kind(f"a {kind.__name__} of the fake")
    return kind.__new__(kind)


def _failed(error: RequestFailedError, kind: CallKind) -> Failure:
    """A failure that only the queue tells of; a direct call is told by the answer to it."""
    units = {} if error.billable_units is None else {"x-fal-billable-units": f"{error.billable_units:g}"}
    if kind == "submit":
        status = 200 if is_object(error.body) else 500  # an object with an error's status is the model's own error
        return Failure(status, error.body, units, message=error.error, error_type=error.error_type)
    typed = {} if error.error_type is None else {"x-fal-error-type": error.error_type}
    body: dict[str, Json] = {"detail": error.error, "error_type": error.error_type}
    return Failure(500, body, {**units, **typed}, message=error.error, error_type=error.error_type)


def _answered(error: APIStatusError) -> Failure | Answer:
    status, body, headers = error.status_code, _body(error), _headers(error)
    if _is_of_model(error):
        return Failure(status, body, headers, message=f"Invalid status code: {status}", error_type=error.error_type)
    return Answer(status, {"content-type": "application/json", **headers}, json.dumps(body).encode())


def _is_of_model(error: APIStatusError) -> bool:
    """Whether it was accepted, and failed later; fal refuses the others when they are submitted."""
    return bool(error.details) or isinstance(error, ModelError) or error.status_code >= 500


def _body(error: APIStatusError) -> Json:
    if error.body is not None:
        body: Json = error.body
        return body
    if error.details or isinstance(error, ModelError):
        return {"detail": [_detail(each) for each in error.details or [_only_detail(error)]]}
    kind: dict[str, Json] = {} if error.error_type is None else {"error_type": error.error_type}
    return {"detail": error.message, **kind}


def _only_detail(error: APIStatusError) -> ErrorDetail:
    usual = CONTENT_POLICY if isinstance(error, ContentPolicyError) else "value_error"
    return ErrorDetail(loc=("body",), msg=error.message, type=error.error_type or usual)


def _detail(each: ErrorDetail) -> dict[str, Any]:
    fields = {"type": each.type, "ctx": each.ctx, "input": each.input, "url": each.url}
    return {"loc": [*each.loc], "msg": each.msg, **{k: v for k, v in fields.items() if v is not None}}


def _headers(error: APIStatusError) -> Mapping[str, str]:
    retryable = False if error.retryable is None and error.status_code == _TOO_MANY else error.retryable
    asked = {} if retryable is None else {"x-fal-needs-retry": "1" if retryable else "0"}
    is_platforms = error.error_type is not None and not error.details and not isinstance(error, ModelError)
    typed = {"x-fal-error-type": error.error_type or ""} if is_platforms else {}
    return {**asked, **typed, **{name.lower(): text for name, text in error.headers.items()}}


def _check_class(error: APIStatusError) -> None:
    """Whether the client makes an error of this class out of the answer."""
    answer = ClientAnswer(error.status_code, {}, json.dumps(_body(error)).encode())
    read = type(status_error(answer, Exchange(Purpose.RESULT, "GET", "", {}, "the endpoint")))
    if not issubclass(read, type(error)):
        raise ScriptError(
            f"fails(...): of an answer with status {error.status_code} the caller gets {read.__name__}, "
            f"not {type(error).__name__}"
        )
