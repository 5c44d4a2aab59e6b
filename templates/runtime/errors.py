"""Everything a call can raise.

FalError
├── MissingCredentialsError(ValueError)      nothing was sent
├── InvalidInputError(ValueError)            nothing was sent
├── APIConnectionError                       no answer
│   └── APITimeoutError(TimeoutError)
├── ClientClosedError(RuntimeError)          by another thread, or before the call
├── APIStatusError                           an answer that is no output
│   ├── AuthenticationError 401 · PermissionDeniedError 403 · NotFoundError 404 · RateLimitError 429 · ServerError 5xx
│   ├── ModelError 422 …
│   │   └── ContentPolicyError
│   └── InvalidResponseError                 a success that cannot be read
├── RequestFailedError                       the queue says COMPLETED with an error
├── ResultExpiredError
├── DeadlineExceededError(TimeoutError)      the caller's `timeout` passed
├── FileTransferError                        a file cannot be sent or saved, whatever the servers say
└── WebhookVerificationError

Each says by `maybe_submitted` whether calling again may start, and pay for, the same work a second time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from .display.shown import ShownData
from .display.told import cut

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


UNITS_HEADER = "x-fal-billable-units"
_LONGEST_REPR = 1_700


class FalError(Exception):
    """The base of every error of this package. All of them can be pickled and copied whole.

    Attributes:
        maybe_submitted: Whether fal may have the request, so that calling again may start the same work a second time.
            False where nothing was sent, or fal refused it before any work. What is about a request in the queue says
            True: that one was submitted.
        request_id: fal's id of the request that it is about, to pick that up again; None where there is none, or none
            is known.
    """

    maybe_submitted: bool = False
    request_id: str | None = None

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message: str = message

    def add(self, text: str) -> None:
        """Put more into the message."""
        self.message = f"{self.message}; {text}"
        self.args: tuple[Any, ...] = (self.message,)

    def __repr__(self) -> str:
        return cut(super().__repr__(), _LONGEST_REPR)

    def __reduce__(self) -> tuple[Any, ...]:
        # Not by calling the class again: the subclasses have keyword arguments, which the default would lose.
        return _restore_error, (type(self), self.args, self.__dict__.copy())


def _restore_error(kind: type[FalError], args: tuple[Any, ...], attributes: dict[str, Any]) -> FalError:
    error = kind.__new__(kind, *args)
    error.__dict__.update(attributes)
    return error


class MissingCredentialsError(FalError, ValueError):
    """No usable key was given or found in the environment. Nothing was sent."""


def billable_units(headers: Mapping[str, str]) -> float | None:
    """What an answer says that fal counted for the request (`X-Fal-Billable-Units`), if it is a number of units."""
    try:
        units = float(headers.get(UNITS_HEADER, ""))
    except ValueError:
        return None
    return units if 0 <= units < float("inf") else None


@dataclass(frozen=True, slots=True, repr=False)
class InputProblem(ShownData):
    """One thing wrong with an input: where, which rule, and the value (as shortened text)."""

    path: str
    message: str
    value: str | None = None

    def __str__(self) -> str:
        got = "" if self.value is None else f"; got {self.value}"
        return f"{self.path}: {self.message}{got}"


class InvalidInputError(FalError, ValueError):
    """The input does not match the endpoint's document. Nothing was sent, nothing is billed.

    Attributes:
        endpoint: The endpoint's id.
        problems: Every problem found, in the order of the input.
    """

    def __init__(self, *, endpoint: str, problems: Sequence[InputProblem]) -> None:
        self.endpoint = endpoint
        self.problems: list[InputProblem] = list(problems)
        count = f"{len(problems)} problem{'' if len(problems) == 1 else 's'}"
        lines = "".join(f"\n  {problem}" for problem in problems)
        super().__init__(f"{count} with the input of {endpoint} (nothing was sent):{lines}")


class APIConnectionError(FalError):
    """No answer came. Where it was asked for more than once, the message says for how long.

    Attributes:
        maybe_submitted: Whether the server may have the request. False only where nothing can have reached it.
        request_id: The queue's id of the request this was about, where there is one.
    """

    def __init__(self, message: str, *, maybe_submitted: bool, request_id: str | None = None) -> None:
        super().__init__(message)
        self.maybe_submitted: bool = maybe_submitted
        self.request_id = request_id


class ClientClosedError(FalError, RuntimeError):
    """The client was closed before the call, or by another thread during it; the cause says how far the call came."""


class APITimeoutError(APIConnectionError, TimeoutError):
    """No answer came within `http_timeout`."""


@dataclass(frozen=True, slots=True, repr=False)
class ErrorDetail(ShownData):
    """One entry of a model's error answer (fal docs, Errors: branch on `type`, never on `msg`)."""

    loc: tuple[str | int, ...] = ()
    msg: str = ""
    type: str | None = None
    ctx: Mapping[str, Any] | None = None
    input: Any = None
    url: str | None = None

    def __str__(self) -> str:
        path = ".".join(map(str, self.loc[1:] if self.loc[:1] == ("body",) else self.loc))
        return f"{path}: {self.msg}" if path else self.msg


class APIStatusError(FalError):
    """The server answered, and not with an output.

    Attributes:
        status_code: The HTTP status; by default the one that the class is for.
        maybe_submitted: False for what refuses a request before any work: 4xx (but for 408 and 499, and for the model's
            own error to a `run`), 503 of fal's own ingress, a 500 or 503 that fal itself calls temporary. True for any
            other 5xx, for a redirect, and for whatever is about a request in the queue.
        error_type: The machine-readable kind (`X-Fal-Error-Type`, the body's `error_type`, or the first detail's type).
        request_id: fal's id of the request.
        retryable: What the server says about trying again; None where it says nothing.
        body: The decoded JSON, else the text.
        headers: The answer's headers, case-insensitive.
        details: The entries of a model's error; empty for platform errors.
    """

    _usual_status: ClassVar[int] = 400

    def __init__(
        self,
        message: str,
        *,
        status_code: int | None = None,
        error_type: str | None = None,
        request_id: str | None = None,
        retryable: bool | None = None,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        details: Sequence[ErrorDetail] = (),
        maybe_submitted: bool = False,
    ) -> None:
        super().__init__(message)
        self.maybe_submitted: bool = maybe_submitted
        self.status_code: int = self._usual_status if status_code is None else status_code
        self.error_type = error_type
        self.request_id = request_id
        self.retryable = retryable
        self.body = body
        self.headers: Mapping[str, str] = {} if headers is None else headers
        self.details: list[ErrorDetail] = list(details)

    @property
    def billable_units(self) -> float | None:
        """What fal counted for the request, failed as it is; None where it does not say."""
        return billable_units(self.headers)


class AuthenticationError(APIStatusError):
    """401: the key is unknown."""

    _usual_status = 401


class PermissionDeniedError(APIStatusError):
    """403: the key may not do this."""

    _usual_status = 403


class NotFoundError(APIStatusError):
    """404: no such endpoint or request."""

    _usual_status = 404


class RateLimitError(APIStatusError):
    """429: too many requests at once."""

    _usual_status = 429


class ServerError(APIStatusError):
    """5xx: the platform or the model's runner failed."""

    _usual_status = 500


class ModelError(APIStatusError):
    """422 …: the model refused the input or produced nothing; `details` says why."""

    _usual_status = 422


class ContentPolicyError(ModelError):
    """The input or the output was refused by the content policy."""


class InvalidResponseError(APIStatusError):
    """The server reported success with an answer that cannot be read. `content` holds its bytes."""

    _usual_status = 200

    def __init__(self, message: str, *, content: bytes, **attributes: Any) -> None:
        super().__init__(message, **attributes)
        self.content = content


class RequestFailedError(FalError):
    """The queue says COMPLETED with an error, and the model left no error answer of its own.

    Attributes:
        error: The queue's text.
        error_type: The queue's kind of error.
        request_id: The queue's id of the request.
        body: What the result held, if anything.
        billable_units: What fal counted for the request; None where it does not say.
    """

    maybe_submitted = True

    def __init__(
        self,
        *,
        error: str,
        error_type: str | None = None,
        request_id: str = "unknown",
        endpoint: str = "the request",
        body: Any = None,
        billable_units: float | None = None,
    ) -> None:
        self.billable_units = billable_units
        self.error = error
        self.error_type = error_type
        self.request_id: str = request_id  # always known  # pyright: ignore[reportIncompatibleVariableOverride]
        self.body = body
        kind = f" [{error_type}]" if error_type else ""
        super().__init__(f"{endpoint} failed: {error}{kind} (request id {request_id})")


class ResultExpiredError(FalError):
    """The request completed and its result is not kept any more (fal docs, Queue API: one hour, or six minutes).

    Attributes:
        request_id: The queue's id of the request.
        body: What was answered instead: decoded JSON, else text.
        billable_units: What fal counted for the request; None where it does not say.
    """

    maybe_submitted = True

    def __init__(
        self, *, request_id: str, endpoint: str, body: Any = None, billable_units: float | None = None
    ) -> None:
        self.billable_units = billable_units
        self.request_id: str = request_id  # always known  # pyright: ignore[reportIncompatibleVariableOverride]
        self.body = body
        super().__init__(f"{endpoint}: the result is no longer kept by fal (request id {request_id})")


class DeadlineExceededError(FalError, TimeoutError):
    """The caller's `timeout` passed. `__cause__` is what went wrong last, if anything did.

    Attributes:
        timeout: The seconds the caller allowed.
        request_id: The queue's id to pick the request up again; None where none is known.
        maybe_submitted: Whether fal may have the request: it was on its way, or accepted, when the time was over.
        cancel: What became of asking fal to drop the request: a word of `CancelStatus`, `"asked, not answered"`, or
            what it was refused with. None where fal was not asked: only `subscribe` asks.
    """

    def __init__(
        self,
        *,
        timeout: float,
        endpoint: str,
        request_id: str | None = None,
        maybe_submitted: bool | None = None,
    ) -> None:
        self.timeout = timeout
        self.request_id = request_id
        self.maybe_submitted: bool = bool(request_id) if maybe_submitted is None else maybe_submitted
        self.cancel: str | None = None
        known = f" (request id {request_id})" if request_id else ""
        doubt = "; whether fal has it is not known" if self.maybe_submitted and not request_id else ""
        super().__init__(f"{endpoint} did not finish within {timeout:g} s{known}{doubt}")

    def tell_cancel(self, outcome: str) -> None:
        """Say what became of the cancellation."""
        self.cancel = outcome
        self.add(f"cancel: {outcome}")


class FileTransferError(FalError):
    """A file cannot be uploaded or downloaded, and no server said so.

    It changed while it was read, is larger than allowed, or leads to a place that is not.
    """


class WebhookVerificationError(FalError):
    """A webhook call that fal did not sign for an account of yours. Why it was refused is in the log, at INFO."""


# A traceback then names what users import, and not the module that it lies in.
for _error in [one for one in vars().values() if isinstance(one, type) and issubclass(one, FalError)]:
    _error.__module__ = __name__.removesuffix("._runtime.errors")
