"""What both proxies have in common: who is asked about a request, and in which order. No I/O."""

# design: Where does the proxy send what, and for whom?

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from uuid import UUID

from .. import checks, stand_in
from ..http.credentials import Secret, given_credentials
from ..http.environment import credentials_from_environment
from ..http.hosts import Hosts, hosts_from_environment
from ..http.libraries import AsyncHttpClient, HttpClient, check_client
from ..log import logger
from .cors import Cors
from .headers import response_headers
from .owners import MemoryOwners
from .passing import Admitted
from .request import ProxyRefusedError, ProxyRequest
from .rules import Rules, input_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from .headers import RawHeaders
    from .owners import OwnerStore
    from .request import Hook
    from .rules import Plan
    from .steps import Step, Steps

C = TypeVar("C", HttpClient, AsyncHttpClient)
# Inputs are JSON; a small file may be in them as a data URI. Large ones are uploaded, past the proxy.
MAX_BODY_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """A request, whatever the server is called that it came by.

    Attributes:
        headers: As they came.
        scope: The server's own words for it.
        user: Who asks, if somebody in front of the proxy knows.
        read: Gives the whole body, or what is to be awaited for it.
    """

    method: str
    headers: RawHeaders
    scope: Mapping[str, Any]
    user: object
    read: Step


class ProxyBase(Generic[C]):
    """See FalProxy."""

    _shell = ""
    _client_class = ""

    def __init__(
        self,
        allowed_endpoints: Iterable[str] = (),
        *,
        authorize: Hook | None = None,
        check_input: Hook | None = None,
        owner: Hook | None = None,
        owner_store: OwnerStore | None = None,
        webhooks: Iterable[str] = (),
        cors: Iterable[str] = (),
        hosts: Hosts | None = None,
        credentials: str | None = None,
        max_body_bytes: int = MAX_BODY_BYTES,
        http_client: C | None = None,
    ) -> None:
        for name, hook in (("authorize", authorize), ("check_input", check_input), ("owner", owner)):
            self._check_hook(name, hook)
        if http_client is not None:
            check_client(http_client, self._client_class)
        self._limit = checks.count("max_body_bytes", max_body_bytes) or 0
        where = hosts_from_environment() if hosts is None else hosts
        self._rules = Rules(allowed_endpoints, where, webhooks, self._limit, self._shell)
        self._cors = Cors(cors)
        self._authorize, self._check_input, self._owner = authorize, check_input, owner
        self._owners = MemoryOwners() if owner_store is None else owner_store
        self._check_hook("owner_store.remember", self._owners.remember)
        self._check_hook("owner_store.owner_of", self._owners.owner_of)
        self._credentials = given_credentials(credentials)
        self._has_warned = False
        self._connect(http_client)
        if not self._rules.targets:
            logger.warning("a proxy without allowed_endpoints refuses every request")

    def _check_hook(self, name: str, hook: Callable[..., object] | None) -> None:
        checks.callback(name, hook)

    def _connect(self, http_client: C | None) -> None:
        raise NotImplementedError

    def _secret(self) -> Secret:
        if (instead := stand_in.current) is not None and (key := instead.key) is not None:
            return Secret(key)
        if self._credentials is None:
            self._credentials = credentials_from_environment()
        return self._credentials

    def _admission(self, call: Call) -> Steps[Admitted]:
        """Ask all who are to be asked about a request.

        Raises:
            ProxyRefusedError: One of them refuses it.
        """
        plan = self._rules.admit(call.method, call.headers)
        target = plan.target
        request = ProxyRequest(
            method=plan.method,
            endpoint=target.endpoint,
            headers={key.decode("latin-1").lower(): value.decode("latin-1") for key, value in call.headers},
            scope=call.scope,
            request_id=target.request_id,
            user=call.user,
        )
        request = replace(request, user=(yield from self._user(request)))
        self._rules.check(plan)
        owner = yield from self._owner_of(plan, request)
        body = None
        if self._check_input is not None and target.starts_work:
            body = (yield call.read) if plan.has_body else b""
            answer = yield partial(self._check_input, replace(request, input=input_of(plan, body)))
            if answer is False:
                raise ProxyRefusedError(403, "Forbidden")
        return Admitted(plan, body, owner)

    def _user(self, request: ProxyRequest) -> Steps[object]:
        """Who asks: whom somebody in front of the proxy knows, or `authorize`."""
        answer = request.user if self._authorize is None else (yield partial(self._authorize, request))
        if answer is None and self._authorize is None and not self._has_warned:
            self._has_warned = True  # strangers may come by the thousand
            logger.warning(
                "proxy: refused a caller that nobody knows: `authorize` or `answer` says who asks (told once)"
            )
        # Frameworks have a user for nobody (Django, Starlette, Flask-Login), which is as true as any other.
        if not answer or getattr(answer, "is_authenticated", True) is False:
            raise ProxyRefusedError(401, "Unauthorized")
        return answer if request.user is None else request.user

    def _owner_of(self, plan: Plan, request: ProxyRequest) -> Steps[str | None]:
        """In whose name a request is made; somebody else's is as good as none."""
        if self._owner is None or request.endpoint is None:
            return None
        owner = _as_id((yield partial(self._owner, request)))
        if request.request_id is None:
            if owner is None and plan.target.is_queue:  # nobody could ever ask for its result
                raise ProxyRefusedError(403, "Forbidden")
            return owner
        known = yield partial(self._owners.owner_of, request.request_id)
        if known is not None and not isinstance(known, str):
            raise TypeError(f"owner_store.owner_of must give the str that it was told, not {type(known).__name__}")
        if owner is None or known != owner:
            raise ProxyRefusedError(404, "Request not found")
        return owner

    def _remembered(self, admitted: Admitted, content: bytes) -> Steps[None]:
        """Note whose a submitted request is, by the answer to the submit."""
        try:
            request_id = json.loads(content)["request_id"]
            yield partial(self._owners.remember, str(request_id), admitted.owner or "")
        except Exception:  # what was paid for is not lost for it: the id is in the answer
            logger.exception("proxy: nobody may ask about a request: its owner could not be remembered")

    def _head(self, call: Call, response: Any) -> RawHeaders:
        """The headers of the answer to a caller."""
        passed: RawHeaders = response_headers(response.headers.raw)
        if response.status_code >= 300:  # what it says of the key is taken out
            clean = self._secret().removed_from
            passed = [(key, value) for key, value in passed if key != b"content-length" and clean(value) == value]
        return [*passed, *self._cors.about(call.headers, passed)]

    def _refusal(self, call: Call, refusal: ProxyRefusedError) -> tuple[int, RawHeaders, bytes]:
        """An answer that does not come from fal."""
        content = json.dumps({"detail": refusal.detail}).encode()
        headers: RawHeaders = [(b"content-type", b"application/json"), (b"content-length", str(len(content)).encode())]
        if refusal.retryable is not None:
            headers.append((b"x-fal-needs-retry", b"1" if refusal.retryable else b"0"))
        return refusal.status, [*headers, *self._cors.about(call.headers, headers)], content


def _as_id(given: object) -> str | None:
    """What `owner` gave, as a text; two callers have two of them, which True or an object may not be."""
    if given is None or given == "":
        return None
    if isinstance(given, bool) or not isinstance(given, str | int | UUID):
        raise TypeError(f"owner must give the id of a caller (str, int or UUID), not {type(given).__name__}")
    return str(given)
