"""Sends requests with `httpx.Client`: the synchronous shell around the pure core."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import httpx

from ..errors import FalError
from .exchange import Answer, Exchange, OpenAnswer
from .httpx_exchange import (
    HTTP_ERRORS,
    POOL_LIMITS,
    KeyAuth,
    auth_of,
    is_open,
    log_exchange,
    log_retry,
    new_request,
    no_answer,
    taker,
)
from .requests import through
from .retry import NoAnswer, Try, next_try

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from .credentials import Secret
    from .deadline import Limits


class Transport:
    """One pool of connections, shared by threads. An injected `httpx.Client` is used and never closed."""

    def __init__(
        self, secret: Callable[[], Secret], injected: httpx.Client | None, proxy_url: str | None = None
    ) -> None:
        # A proxy has the key. What it wants instead, a cookie or a token, the caller's own httpx client knows.
        self._auth = KeyAuth(secret) if proxy_url is None else httpx.USE_CLIENT_DEFAULT
        self._proxy_url = proxy_url
        self._secret = secret
        self._injected = injected
        self._own: httpx.Client | None = None
        self._lock = threading.Lock()
        self._closed = False

    def send(self, exchange: Exchange, limits: Limits) -> Answer:
        """The answer, whatever its status. That of a stream is an `OpenAnswer`, which the caller reads and closes.

        Raises:
            APIConnectionError: There was none, after the retries that are allowed.
            DeadlineExceededError: The time of the whole call is over.
        """
        proxy_url = None if exchange.keyless else self._proxy_url
        this = Try(exchange if proxy_url is None else through(proxy_url, exchange))
        while True:
            outcome = self._attempt(this.sent, limits)
            coming = next_try(this, outcome, limits.max_retries)
            if coming is None:
                if isinstance(outcome, NoAnswer):
                    raise outcome.error
                return outcome
            log_retry(this, coming, outcome)
            self._pause(limits.deadline.pause(coming.wait))
            this = coming

    def _pause(self, seconds: float) -> None:
        time.sleep(seconds)

    def _attempt(self, exchange: Exchange, limits: Limits) -> Answer | NoAnswer:
        if limits.deadline.has_passed:
            raise limits.deadline.exceeded(exchange.endpoint, exchange.request_id)
        if not exchange.keyless and self._proxy_url is None:
            self._secret()  # before a connection is opened
        started = time.monotonic()
        outcome: Answer | NoAnswer
        try:
            outcome = self._exchange(exchange, limits)
        except HTTP_ERRORS as error:
            outcome = no_answer(exchange, error)
        log_exchange(exchange, outcome, started)
        if isinstance(outcome, NoAnswer) and outcome.is_timeout and limits.deadline.has_passed:
            raise limits.deadline.exceeded(exchange.endpoint, exchange.request_id) from outcome.error
        return outcome

    def _exchange(self, exchange: Exchange, limits: Limits) -> Answer:
        client = self._client()
        seconds = limits.exchange_seconds(exchange)
        end = None if seconds is None else time.monotonic() + seconds
        request = new_request(client, exchange, limits, exchange.content and exchange.content())
        auth = auth_of(exchange, self._auth)
        response = client.send(request, stream=True, auth=auth, follow_redirects=False)
        if is_open(exchange, response):
            return OpenAnswer(response.status_code, response.headers, b"", response)
        try:
            return Answer(response.status_code, response.headers, self._read(response, exchange, end))
        finally:
            response.close()

    def _read(self, response: httpx.Response, exchange: Exchange, end: float | None) -> bytes:
        content = bytearray()
        take = taker(exchange, response, content)
        try:
            for chunk in response.iter_bytes():
                take(chunk)
                if end is not None and time.monotonic() > end:  # each read is in time, and all together are not
                    raise httpx.ReadTimeout("the body came too slowly")
        except httpx.RequestError:
            if response.status_code < 400:
                raise
            # The status is an error whatever the rest would have said.
        return bytes(content)

    def _client(self) -> httpx.Client:
        if self._injected is not None:
            return self._injected
        with self._lock:
            if self._closed:
                raise RuntimeError("this client is closed")
            if self._own is None:
                self._own = httpx.Client(limits=POOL_LIMITS)
            return self._own

    def for_workers(self) -> WorkerTransport:
        """A transport with the same key and settings for threads that must be stopped when one of them fails."""
        self._client()  # one that is closed has none
        return WorkerTransport(self._secret, self._injected, self._proxy_url)

    def close(self) -> None:
        """Close the connections this transport opened."""
        with self._lock:
            self._closed = True
            if self._own is not None:
                self._own.close()


class StoppedError(FalError):
    """A transfer was given up because of something else."""


class WorkerTransport(Transport):
    """Its connections are its own, so that stopping it can break them: a thread that waits for an answer notices.

    With an injected client it cannot: connections of that may serve other calls. Then a thread goes on until its
    exchange ends.
    """

    def __init__(
        self, secret: Callable[[], Secret], injected: httpx.Client | None, proxy_url: str | None = None
    ) -> None:
        super().__init__(secret, injected, proxy_url)
        self._stopped = threading.Event()
        self._sockets: list[socket.socket] = []
        self._watches = injected is None

    def send(self, exchange: Exchange, limits: Limits) -> Answer:
        """See Transport.send.

        Raises:
            StoppedError: Somebody stopped it.
        """
        try:
            self.check()
            answer = super().send(replace(exchange, trace=self._note) if self._watches else exchange, limits)
        except Exception:
            self.check()
            raise
        self.check()
        return answer

    def check(self) -> None:
        """Raise StoppedError if it was stopped."""
        if self._stopped.is_set():
            raise StoppedError("given up")

    def stop(self) -> None:
        """End whatever is going on in other threads."""
        self._stopped.set()
        for each in list(self._sockets):
            with suppress(OSError):
                socket.socket.shutdown(each, socket.SHUT_RDWR)  # not that of SSLSocket, which another thread is in

    def _pause(self, seconds: float) -> None:
        self._stopped.wait(seconds)
        self.check()

    def _note(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember the socket of each connection (httpx docs, Extensions: `network_stream`)."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            opened: Any = info["return_value"].get_extra_info("socket")
            if not isinstance(opened, socket.socket):
                return
            self._sockets.append(opened)
            if self._stopped.is_set():
                opened.close()  # nobody else has it yet
                self.check()
