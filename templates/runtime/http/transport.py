"""Sends requests with httpx: what both transports do, and the synchronous one."""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from urllib.parse import urlsplit

import httpx

from .. import forks, stand_in
from ..errors import APIConnectionError, ClientClosedError
from ..log import logger
from .body import OpenBody, decoded, largest_error
from .connections.assignment import assign_with_care
from .connections.held_stream import CloseStream, HeldStream, NextEvent, OpenStream, StreamHost
from .connections.network import Network, keep_to_the_end
from .connections.pools import leave_to_parent
from .connections.stream_slots import free_slot, free_slots, take_slot
from .exchange import Answer, Blocking, Exchange, OpenAnswer, Pause, Purpose, Within
from .libraries import AsyncHttpClient, HttpClient, errors, http_errors, library_of
from .outcomes import NoAnswer, no_answer
from .requests import EVENT_STREAM, through
from .retry import Attempt, attempts, log_attempt

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Iterator

    from httpx_sse import ServerSentEvent

    from .connections.stream_slots import Slot
    from .credentials import Secret
    from .exchange import Limits, PhaseTimeouts, Steps
    from .hosts import Hosts

C = TypeVar("C", HttpClient, AsyncHttpClient)
T = TypeVar("T")
# Many requests wait at once where a client fans out; httpx's own default is 100 connections.
# Servers of Node and uvicorn, which proxies are written in, hang up after five idle seconds. A POST that meets that
# moment may have arrived or not, so it is not sent again: we hang up first.
POOL_LIMITS = httpx.Limits(max_connections=1000, max_keepalive_connections=100, keepalive_expiry=4.0)
# What a body has no more that was read, and decoded, before.
_OF_THE_WIRE = ("content-encoding", "content-length")


def usual_options() -> dict[str, Any]:
    """What a client of httpx is made with."""
    return {"limits": POOL_LIMITS}


@lru_cache(64)
def _parsed(parse: Callable[[str], Any], url: str) -> Any:
    """A URL that many requests go to, parsed once by the library that sends them."""
    return parse(url)


class _Known:
    """What a transport has learnt of hosts.

    Attributes:
        reached: See `attempts`.
        stream_hosts: By host, whether it has any.
    """

    def __init__(self) -> None:
        self.reached: set[str] = set()
        self.stream_hosts: dict[str, StreamHost] = {}


class BaseTransport(Generic[C]):
    """What a transport has and does before it sends, and after.

    Args:
        secret: Gives the key.
        injected: The caller's own client, which is used and never closed.
        proxy_url: Whoever has the key instead.
        hosts: Those of its client, if it has one: what stands in for the network is told.
        options: Gives what its own clients of httpx are made with.
    """

    _client_class = "Client"

    def __init__(
        self,
        secret: Callable[[], Secret],
        injected: C | None,
        proxy_url: str | None = None,
        *,
        hosts: Hosts | None = None,
        options: Callable[[], dict[str, Any]] = usual_options,
    ) -> None:
        self._secret = secret
        self._options = options
        self._injected: C | None = injected
        self._injected_library: Any = httpx if injected is None else library_of(injected, self._client_class)
        self._proxy_url = proxy_url
        self._hosts = hosts
        self._key: Secret | None = None
        self._lock = forks.Lock()
        self._closed = False
        self._known = _Known()
        self._known_instead = stand_in.Apart(_Known)
        self._own_headers: dict[str, str] | None = None
        forks.note(self)

    def after_fork(self) -> None:
        """In a child, have connections of its own. See `forks`."""
        if self._injected is not None:
            leave_to_parent(self._injected)
            free_slots(self._injected)

    def _attempts(self, exchange: Exchange, limits: Limits) -> Steps[Answer]:
        if exchange.keyless:
            return attempts(exchange, limits, self._what_is_known().reached)
        if self._proxy_url is not None:
            return attempts(through(self._proxy_url, exchange), limits, self._what_is_known().reached)
        key = self._usual_key()  # before a connection is opened
        asked, login = attempts(exchange, limits, self._what_is_known().reached), key.login
        if login is None or not login.is_due():
            return asked
        from .login import renewed_first

        return renewed_first(key, login, limits, asked)

    def _usual_key(self) -> Secret:
        """The key, asked for once; but not that of what stands in, which is not to be kept."""
        if stand_in.current is not None:
            return self._secret()
        if self._key is None:
            self._key = self._secret()
        return self._key

    @property
    def _library(self) -> Any:
        return self._injected_library if stand_in.current is None else httpx

    def _begin(self, exchange: Exchange, limits: Limits) -> PhaseTimeouts:
        """The time that an attempt has, unless it is over."""
        if stand_in.has_stood:
            stand_in.check(limits.deadline.begun_in)
        if limits.deadline.has_passed:
            raise limits.deadline.exceeded(exchange.endpoint, exchange.request_id)
        limits.deadline.check_sending()
        return limits.phases(exchange)

    def _request(
        self,
        client: C,
        exchange: Exchange,
        phases: PhaseTimeouts,
        content: Iterator[bytes] | AsyncIterator[bytes] | None,
    ) -> Any:
        # The client's own headers and cookies are for fal, and go nowhere else.
        own: Any = None if client is self._injected else client
        make: Any = self._library.Request
        url: Any = exchange.url
        headers = exchange.headers if exchange.sink is None else {**exchange.headers, **exchange.sink.headers()}
        if not exchange.keyless and (own is None or own.cookies):
            make = client.build_request
        elif not exchange.keyless:  # the same request as our own client would build, in half the time
            url, headers = _parsed(self._library.URL, exchange.url), {**self._defaults(own), **headers}
        return make(
            exchange.method,
            url,
            headers=headers,
            content=exchange.body if content is None else content,
            extensions={"timeout": phases} if stand_in.current is None else {"timeout": phases, "hosts": self._hosts},
        )

    def _defaults(self, client: Any) -> dict[str, str]:
        """The headers that our own client adds to each request."""
        if self._own_headers is None:
            self._own_headers = dict(client.headers)
        return self._own_headers

    def _auth(self, exchange: Exchange) -> Any:
        """The key, a token, nothing, or, for a proxy, what the caller's own client has: a cookie or a token."""
        if exchange.keyless:
            return None if exchange.token is None else signing(exchange.token)
        return self._library.USE_CLIENT_DEFAULT if self._proxy_url is not None else signing(self._usual_key())

    def _ended(self, this: Attempt, started: float, result: Answer | NoAnswer) -> Answer | NoAnswer:
        """Log an attempt, and raise if it ended because the time of the whole call is over."""
        exchange, limits = this.exchange, this.limits
        if logger.isEnabledFor(logging.DEBUG):
            log_attempt(this, result, time.monotonic() - started)
        if isinstance(result, NoAnswer) and self._closed:
            raise ClientClosedError("this client was closed during a call") from result.error
        if isinstance(result, NoAnswer) and limits.deadline.has_passed:
            maybe = result.error.maybe_submitted
            raise limits.deadline.exceeded(
                exchange.endpoint, exchange.request_id, maybe_submitted=maybe
            ) from result.error
        if isinstance(result, Answer) and result.status >= 300 and not exchange.keyless and self._proxy_url is None:
            key = self._usual_key()
            refused = key.source if result.status == 401 else None
            return replace(result, content=key.removed_from(result.content), refused=refused)
        return result

    def _failed(self, exchange: Exchange, error: Exception) -> NoAnswer:
        """What an exception means that is being handled, if it is one of a client of httpx: else it goes on."""
        if isinstance(error, http_errors()):
            return no_answer(exchange, error)
        if isinstance(error, RuntimeError) and (self._closed or getattr(self._injected, "is_closed", False)):
            raise ClientClosedError("this client is closed") from None
        raise

    def _is_open(self, exchange: Exchange, response: Any) -> bool:
        """Whether an answer is one of events, which are read as they come."""
        if exchange.purpose not in (Purpose.STREAM, Purpose.STATUS_STREAM) or not response.is_success:
            return False
        media_type: str = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        return media_type == EVENT_STREAM

    def _take(self, exchange: Exchange, response: Any, content: bytearray) -> Callable[[bytes], object]:
        """What takes the pieces of a body: the exchange's sink if it is what was asked for, else `content`."""
        if exchange.sink is None or not response.is_success:
            return content.extend
        headers: Any = response.headers
        if response.is_stream_consumed:
            headers = {name: text for name, text in headers.items() if name not in _OF_THE_WIRE}
        return exchange.sink.begin(response.status_code, headers)

    def _do(self, step: Any, limits: Limits, do: Callable[[Any], Any] | None) -> Any:
        """What comes of a step; an asynchronous transport awaits it."""
        if isinstance(step, Exchange):
            return self.send(step, limits)
        if isinstance(step, Attempt):
            return self._attempt(step)
        if isinstance(step, Pause):
            return self._pause(step.seconds)
        if isinstance(step, Within):
            return self._within(step, do)
        if isinstance(step, Blocking):
            return self._block(step.work)
        if isinstance(step, OpenStream):
            slot = self._slot(step.exchange)
            return self._pause(step.otherwise) if slot is None else self.run(self._opened(step.exchange, slot), limits)
        if isinstance(step, NextEvent):
            return self._next_event(step)
        if isinstance(step, CloseStream):
            if step.is_useless:
                self._poll(step.stream.exchange, None)
            return self._close_stream(step.stream)
        assert do is not None
        return do(step)

    def _slot(self, exchange: Exchange) -> Slot | None:
        """The right to a connection for a stream, if its host has streams and no other request would miss it."""
        if self._host(exchange).polled_until > stand_in.now():
            return None
        return take_slot(self.client()) if stand_in.current is None else free_slot()

    def _check_needed(self, response: Any) -> None:
        """Let the exception go on that is handled, unless the answer is an error whatever its rest would have said."""
        if response.status_code < 400:
            raise

    def _whole(self, exchange: Exchange, response: Any, content: bytearray, *, is_raw: bool) -> bytes:
        most = None if response.is_success else largest_error(exchange)
        is_encoded = is_raw and "content-encoding" in response.headers
        return (decoded(response, bytes(content), most) if is_encoded else bytes(content))[:most]

    def _opened(self, exchange: Exchange, slot: Slot) -> Steps[HeldStream | None]:
        result: Answer | APIConnectionError
        try:
            result = yield exchange
        except APIConnectionError as error:
            result = error
        except BaseException:
            slot.release()
            raise
        if isinstance(result, OpenAnswer):
            return HeldStream(exchange, self._host(exchange), result.body, slot)
        slot.release()
        self._poll(exchange, result)
        return None

    def _poll(self, exchange: Exchange, result: Answer | APIConnectionError | None) -> None:
        """Open no more streams there for a time, by what came instead of one; None for one that said nothing."""
        host = self._host(exchange)
        host.polled_until = stand_in.now() + host.seconds_without(result)

    def _host(self, exchange: Exchange) -> StreamHost:
        name = urlsplit(self._proxy_url or exchange.url).netloc
        hosts = self._what_is_known().stream_hosts
        return hosts.get(name) or hosts.setdefault(name, StreamHost())

    def _what_is_known(self) -> _Known:
        return self._known if stand_in.current is None else self._known_instead.get()

    def run(self, steps: Steps[T], limits: Limits, do: Callable[[Any], Any] | None = None) -> Any:
        """Do what steps ask for."""
        raise NotImplementedError

    def _within(self, step: Within, do: Callable[[Any], Any] | None) -> Any:
        return self.run(step.steps, step.limits, do)

    def send(self, exchange: Exchange, limits: Limits) -> Any:
        """The answer to an exchange."""
        raise NotImplementedError

    def _attempt(self, this: Attempt) -> Any:
        raise NotImplementedError

    def _pause(self, seconds: float) -> Any:
        raise NotImplementedError

    def _block(self, work: Callable[[], Any]) -> Any:
        raise NotImplementedError

    def client(self) -> C:
        """The client of httpx that sends."""
        raise NotImplementedError

    def _instead(self, client: C) -> C:
        """A client that stands in for this one's, unless that is closed."""
        if self._closed or getattr(self._injected, "is_closed", False):
            raise ClientClosedError("this client is closed")
        return client

    def _next_event(self, step: NextEvent) -> Any:
        raise NotImplementedError

    def _close_stream(self, stream: HeldStream) -> Any:
        raise NotImplementedError


class Transport(BaseTransport[HttpClient]):
    """One pool of connections, shared by threads."""

    def __init__(
        self,
        secret: Callable[[], Secret],
        injected: HttpClient | None,
        proxy_url: str | None = None,
        *,
        hosts: Hosts | None = None,
        options: Callable[[], dict[str, Any]] = usual_options,
    ) -> None:
        super().__init__(secret, injected, proxy_url, hosts=hosts, options=options)
        self._own: httpx.Client | None = None
        self._networks: list[Network] = []
        if injected is not None:
            assign_with_care(injected)
            keep_to_the_end(injected)

    def run(self, steps: Steps[T], limits: Limits, do: Callable[[Any], Any] | None = None) -> T:
        """Do what steps ask for, one after the other, to their result. What fails is raised where it was asked for.

        Args:
            steps: They ask for exchanges and pauses.
            limits: How long and how often.
            do: Does whatever else they ask for.
        """
        done: Any = None
        error: BaseException | None = None
        try:
            while True:
                step = steps.send(done) if error is None else steps.throw(error)
                done = error = None
                try:
                    done = self._do(step, limits, do)
                except BaseException as raised:  # not raised again here: what steps raise instead has no context
                    error = raised
        except StopIteration as stop:
            result: T = stop.value
            return result
        finally:
            error = None  # whose traceback has this frame
            steps.close()

    def send(self, exchange: Exchange, limits: Limits) -> Answer:
        """The answer, whatever its status. That of a stream is an `OpenAnswer`, which the caller reads and closes.

        Raises:
            APIConnectionError: There was none, after the retries that are allowed.
            DeadlineExceededError: The time of the whole call is over.
        """
        return self.run(self._attempts(exchange, limits), limits)

    def _pause(self, seconds: float) -> Any:
        instead = stand_in.current
        (time.sleep if instead is None else instead.pause)(seconds)

    def _block(self, work: Callable[[], Any]) -> Any:
        return work()

    def _attempt(self, this: Attempt) -> Answer | NoAnswer:
        exchange = this.exchange
        phases, started = self._begin(exchange, this.limits), time.monotonic()
        result: Answer | NoAnswer
        try:
            result = self._exchange(exchange, phases)
        except Exception as error:
            result = self._failed(exchange, error)
        return self._ended(this, started, result)

    def _exchange(self, exchange: Exchange, phases: PhaseTimeouts) -> Answer:
        client = self.client()
        end = None if phases.seconds is None else stand_in.now() + phases.seconds
        request = self._request(client, exchange, phases, exchange.content and exchange.content())
        response = client.send(request, stream=True, auth=self._auth(exchange), follow_redirects=False)
        if self._is_open(exchange, response):
            return OpenAnswer(response.status_code, response.headers, b"", OpenBody(response, http_errors()))
        try:
            return Answer(response.status_code, response.headers, self._read(response, exchange, end))
        finally:
            response.close()

    def _read(self, response: Any, exchange: Exchange, end: float | None) -> bytes:
        content = bytearray()
        # A body is taken as it is on the wire, and decoded whole; but one that a hook of the caller's has read.
        is_raw, take = not response.is_stream_consumed, self._take(exchange, response, content)
        try:
            for chunk in response.iter_raw() if is_raw else response.iter_bytes():
                take(chunk)
                if not response.is_success and len(content) >= largest_error(exchange):
                    break
                if end is not None and stand_in.now() > end:  # each read is in time, and all together are not
                    raise self._library.ReadTimeout("the body came too slowly")
        except errors("RequestError"):
            self._check_needed(response)
        return self._whole(exchange, response, content, is_raw=is_raw)

    def _next_event(self, step: NextEvent) -> ServerSentEvent | None:
        return step.stream.next(step.seconds)

    def _close_stream(self, stream: HeldStream) -> None:
        stream.close()

    def after_fork(self) -> None:
        """See BaseTransport.after_fork."""
        super().after_fork()
        if self._own is not None:
            leave_to_parent(self._own)
            self._own = None

    def client(self) -> HttpClient:
        """The client of httpx that sends."""
        if (instead := stand_in.current) is not None:
            return self._instead(instead.client())
        if self._injected is not None:
            return self._injected
        with self._lock:
            if self._closed:
                raise ClientClosedError("this client is closed")
            if self._own is None:
                self._own = httpx.Client(**self._options())
                assign_with_care(self._own)
                self._networks = keep_to_the_end(self._own)
            return self._own

    def close(self) -> None:
        """Close the connections this transport opened. Threads that wait for an answer on one of them notice."""
        with self._lock:
            self._closed = True
            own = self._own
        self._break()
        if own is not None:
            own.close()

    def _break(self) -> None:
        for network in self._networks:
            network.shut()


def signing(secret: Secret) -> Callable[[Any], Any]:
    """Adds a credential at the last moment: no request value of ours, nor a local variable, ever holds it as text."""

    def sign(request: Any) -> Any:
        request.headers["Authorization"] = secret.authorization
        return request

    return sign
