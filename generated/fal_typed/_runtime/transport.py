"""Sends requests with `httpx.Client`: the synchronous shell around the pure core."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import httpx

from .answer import Answer, Exchange
from .retry import NoAnswer, Try, next_try
from .wire import HTTP_ERRORS, POOL_LIMITS, KeyAuth, log_exchange, log_retry, no_answer, timeouts

if TYPE_CHECKING:
    from collections.abc import Callable

    from .credentials import Secret
    from .deadline import Limits


class Transport:
    """One pool of connections, shared by threads. An injected `httpx.Client` is used and never closed."""

    def __init__(self, secret: Callable[[], Secret], injected: httpx.Client | None) -> None:
        self._auth = KeyAuth(secret)
        self._secret = secret
        self._injected = injected
        self._own: httpx.Client | None = None
        self._lock = threading.Lock()
        self._closed = False

    def send(self, exchange: Exchange, limits: Limits) -> Answer:
        """The answer, whatever its status.

        Raises:
            APIConnectionError: There was none, after the retries that are allowed.
            DeadlineExceededError: The time of the whole call is over.
        """
        this = Try(exchange)
        while True:
            outcome = self._attempt(this.sent, limits)
            coming = next_try(this, outcome, limits.max_retries)
            if coming is None:
                if isinstance(outcome, NoAnswer):
                    raise outcome.error
                return outcome
            log_retry(this, coming, outcome)
            time.sleep(limits.deadline.pause(coming.wait))
            this = coming

    def _attempt(self, exchange: Exchange, limits: Limits) -> Answer | NoAnswer:
        if limits.deadline.has_passed:
            raise limits.deadline.exceeded(exchange.endpoint, exchange.request_id)
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
        request = client.build_request(
            exchange.method,
            exchange.url,
            headers=exchange.headers,
            content=exchange.body,
            extensions={"timeout": timeouts(exchange, limits)},
        )
        response = client.send(request, stream=True, auth=self._auth, follow_redirects=False)
        try:
            return Answer(response.status_code, response.headers, self._read(response, end))
        finally:
            response.close()

    def _read(self, response: httpx.Response, end: float | None) -> bytes:
        content = bytearray()
        try:
            for chunk in response.iter_bytes():
                content += chunk
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

    def close(self) -> None:
        """Close the connections this transport opened."""
        with self._lock:
            self._closed = True
            if self._own is not None:
                self._own.close()
