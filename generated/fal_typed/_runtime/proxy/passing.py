"""How a request is passed on to fal, and its answer back: what both proxies do. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from ..http.exchange import CONNECT_SECONDS_BEFORE_ALTERNATE, Deadline, Limits
from ..http.libraries import errors
from ..http.outcomes import UNREACHED
from ..log import logger
from .headers import body_headers
from .request import ProxyRefusedError

if TYPE_CHECKING:
    from ..http.credentials import Secret
    from .headers import RawHeaders
    from .rules import Plan

# What an answer to a submit never is.
LARGEST_SUBMIT = 1024 * 1024
# A direct run takes as long as the model does. When its caller leaves, it ends.
_TIMEOUT: dict[str, float | None] = {"connect": 30.0, "write": 120.0, "read": None, "pool": 30.0}
_LOGIN_SECONDS = 30.0


class Admitted(NamedTuple):
    """A request that is passed on.

    Attributes:
        body: The whole of it, if a hook wanted to see it.
        owner: Who may ask about what it submits; None where nobody minds.
    """

    plan: Plan
    body: bytes | None
    owner: str | None

    @property
    def is_owned(self) -> bool:
        """Whether the answer has an id that is to be remembered."""
        return self.owner is not None and self.plan.target.is_queue and self.plan.target.request_id is None


class KeyFilter:
    """Takes the key out of an error answer, which some servers repeat it in, piece by piece."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._kept = b""

    def feed(self, piece: bytes) -> bytes:
        """What may go on of what came; the rest may be the beginning of the key."""
        clean = self._secret.removed_from(self._kept + piece)
        end = max(len(clean) - len(self._secret.authorization), 0)
        self._kept = clean[end:]
        return clean[:end]

    def end(self) -> bytes:
        """What was kept."""
        return self._kept


def places_of(admitted: Admitted) -> list[tuple[str, dict[str, float | None]]]:
    """Where to send a request, and how long to wait; the second where the first cannot be reached, as clients do."""
    target = admitted.plan.target
    if target.alternate is None:
        return [(target.url, _TIMEOUT)]
    return [(target.url, {**_TIMEOUT, "connect": CONNECT_SECONDS_BEFORE_ALTERNATE}), (target.alternate, _TIMEOUT)]


def sent_headers(plan: Plan, content: object) -> RawHeaders:
    """The headers of a request to fal, but for the key."""
    if not content:
        return plan.headers
    return [*plan.headers, *body_headers(len(content) if isinstance(content, bytes) else plan.length)]


def no_answer(error: Exception, plan: Plan) -> ProxyRefusedError:
    """What a caller is told where fal does not answer."""
    logger.warning("proxy: no answer for %s: %s", plan.target.endpoint or "an upload", type(error).__name__)
    if isinstance(error, errors("ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError")):
        return ProxyRefusedError(503, "fal cannot be reached", retryable=True)  # nothing was sent
    return unanswered(plan)


def unanswered(plan: Plan) -> ProxyRefusedError:
    """What a caller is told where fal may have the request.

    fal's JavaScript client 1.10 sends a run or a submit again after a 502, whatever the headers say, and not after a
    500. Reads it may repeat.
    """
    return ProxyRefusedError(500 if plan.target.starts_work else 502, "fal gave no answer", retryable=False)


def no_credentials(error: Exception) -> ProxyRefusedError:
    """What a caller is told where the proxy has no key."""
    logger.error("proxy: %s", error)
    return ProxyRefusedError(500, "The proxy has no credentials")


def login_limits() -> Limits:
    """To renew the login that a proxy has instead of a key."""
    return Limits(Deadline(_LOGIN_SECONDS), _LOGIN_SECONDS, 0)


def not_reached() -> tuple[type[Exception], ...]:
    """What is raised where nothing was sent, and the other host is worth a try."""
    return errors(*UNREACHED)
