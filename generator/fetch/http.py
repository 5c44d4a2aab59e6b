"""GET, and JSON back: with bounds on everything, and again where that may help.

A request is repeated when the connection fails or is cut, when the answer is a 408, 425, 429 or 5xx, and when a page
stands where JSON should. A 429 makes all requests wait, for it is the caller that is limited and not the request.
"""

# design: What is repeated, and when is it enough?

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import TYPE_CHECKING

import httpx

from ..diagnostics import FetchError
from ..json_text import NotJsonError
from ..limits import parse_bounded
from .answers import plain
from .clock import delay_before, wait_asked_for

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..json_text import Json

_TEMPORARY = frozenset({408, 425, 429, 500, 502, 503, 504})
_MEGABYTE = 1_000_000
_REDIRECTS = 3
# So many requests to one address in a row, each tried several times, without any answer: the rest would fare no better.
_HOPELESS = 10
# What may be said of a question that asks for too much at once.
_TOO_MUCH = frozenset({400, 413, 414, 422})
Query = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much patience there is.

    Attributes:
        concurrency: Requests under way at once.
        attempts: How often one is tried that fails; waiting as a 429 asks does not count.
        timeout: Seconds for one attempt, from the first byte sent to the last received.
        deadline: Seconds for the whole run.
        size: Megabytes that one answer may have, unpacked.
        pause: Seconds before the first repetition; each further pause is up to twice as long.
    """

    concurrency: int = 8
    attempts: int = 5
    timeout: float = 60.0
    deadline: float = 900.0
    size: float = 30.0
    pause: float = 0.5


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: the status, and the JSON of the body."""

    status: int
    data: Json


class TooMuchError(FetchError):
    """The answer is too large, or the question was refused as one that cannot be answered: less may be."""

    def __init__(self, message: str) -> None:
        super().__init__(message, is_network=False)


class _TryAgainError(Exception):
    """This attempt failed in a way that another may not."""

    def __init__(self, message: str, *, wait: float | None = None, is_limited: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.is_limited = is_limited


@dataclass(slots=True)
class Http:
    """A connection pool with limits; the key goes to the addresses that are asked, and into no message.

    Args:
        key: The fal key, or None.
        limits: How much patience there is.
    """

    key: str | None
    limits: Limits
    _client: httpx.AsyncClient = field(init=False)
    _slots: asyncio.Semaphore = field(init=False)
    _end: float = field(init=False)
    _quiet_until: float = field(init=False, default=0.0)
    # By address: that one of them is down says nothing about the other.
    _unanswered: Counter[str] = field(init=False, default_factory=Counter[str])

    async def __aenter__(self) -> Http:
        headers = {"accept": "application/json", "user-agent": "fal-typed-generator"}
        if self.key:
            headers["authorization"] = f"Key {self.key}"
        self._client = httpx.AsyncClient(headers=headers, timeout=self.limits.timeout, follow_redirects=False)
        self._slots = asyncio.Semaphore(self.limits.concurrency)
        self._end = asyncio.get_running_loop().time() + self.limits.deadline
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._client.aclose()

    async def get(self, url: str, query: Query) -> Reply:
        """The answer to a GET, whatever its status, unless that is one of those that pass.

        Raises:
            FetchError: None came that could be used.
        """
        try:
            async with asyncio.timeout_at(self._end), self._slots:
                return await self._persistently(url, query)
        except TimeoutError:
            message = f"the time is over ({self.limits.deadline:g} s for the whole run)"
            raise FetchError(message, is_network=True) from None

    async def _persistently(self, url: str, query: Query) -> Reply:
        failures = limited = 0
        while True:
            await self._keep_quiet()
            try:
                if self._unanswered[url] >= _HOPELESS:
                    raise FetchError(f"given up: {_HOPELESS} requests in a row got no answer", is_network=True)
                reply = await self._once(url, query)
            except _TryAgainError as error:
                limited += error.is_limited
                failures += not error.is_limited
                if failures >= self.limits.attempts:
                    self._unanswered[url] += 1
                    raise FetchError(f"{error}; tried {failures} times", is_network=True) from None
                self._pause(error, failures + limited)
                if not error.is_limited:
                    await asyncio.sleep(delay_before(failures, self.limits.pause))
            else:
                self._unanswered[url] = 0
                return reply

    def _pause(self, error: _TryAgainError, repetition: int) -> None:
        """Let everybody wait, if that was asked for."""
        if error.wait is None and not error.is_limited:
            return
        now = asyncio.get_running_loop().time()
        until = now + max(error.wait or 0.0, delay_before(repetition, self.limits.pause))
        if until > self._end:
            message = f"{error}, and asks to wait {error.wait or 0:g} s: longer than there is time for"
            raise FetchError(message, is_network=True)
        self._quiet_until = max(self._quiet_until, until)

    async def _keep_quiet(self) -> None:
        while (left := self._quiet_until - asyncio.get_running_loop().time()) > 0:
            await asyncio.sleep(left)

    async def _once(self, url: str, query: Query) -> Reply:
        try:
            async with asyncio.timeout(self.limits.timeout):
                return await self._follow(httpx.URL(url).copy_merge_params(query))
        except TimeoutError:
            raise _TryAgainError(f"no answer within {self.limits.timeout:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise _TryAgainError(f"the connection failed: {plain(str(error)) or type(error).__name__}") from None

    async def _follow(self, url: httpx.URL) -> Reply:
        """The answer, behind redirects within the same host; the key never goes to another one."""
        for _ in range(_REDIRECTS):
            async with self._client.stream("GET", url) as response:
                if not response.has_redirect_location:
                    return await self._read(response)
                target = url.join(response.headers["location"])
            if (target.scheme, target.host, target.port) != (url.scheme, url.host, url.port):
                where = plain(f"{target.scheme}://{target.host}")
                raise FetchError(f"it redirects to another host ({where}), which is not followed", is_network=True)
            url = target
        raise FetchError("it redirects in a circle", is_network=True)

    async def _read(self, response: httpx.Response) -> Reply:
        status = response.status_code
        if status in _TEMPORARY:
            wait = wait_asked_for(response.headers)
            raise _TryAgainError(
                f"fal answers {_name(status)}", wait=wait, is_limited=status == HTTPStatus.TOO_MANY_REQUESTS
            )
        body = bytearray()
        limit = self.limits.size * _MEGABYTE
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > limit:
                raise TooMuchError(f"the answer is larger than {self.limits.size:g} MB")
        try:
            return Reply(status, parse_bounded(body.decode("utf-8-sig")))
        except (UnicodeDecodeError, NotJsonError):
            kind = plain(response.headers.get("content-type", "of unknown type"))
            message = f"fal answers {_name(status)} with a body that is not JSON but {kind}"
            if response.is_client_error:
                raise FetchError(message, is_network=True) from None
            raise _TryAgainError(message) from None


def refusal(reply: Reply) -> FetchError:
    """What an answer that is no success means."""
    hints = {
        HTTPStatus.UNAUTHORIZED: "is FAL_KEY set, and right?",
        HTTPStatus.FORBIDDEN: "may the key in FAL_KEY see it?",
    }
    known = {status.value: f"; {hint}" for status, hint in hints.items()}
    message = f"fal answers {_name(reply.status)}{_said(reply.data)}{known.get(reply.status, '')}"
    return TooMuchError(message) if reply.status in _TOO_MUCH else FetchError(message, is_network=False)


def _name(status: int) -> str:
    names = {one.value: one.phrase for one in HTTPStatus}
    return f"{status} {names.get(status, '')}".rstrip()


def _said(data: Json) -> str:
    """What the body says: the Platform API wraps it, the others do not."""
    error = data.get("error", data) if isinstance(data, dict) else None
    said: Sequence[Json] = [error.get("message"), error.get("detail")] if isinstance(error, dict) else [error]
    return next((f": {plain(text)}" for text in said if isinstance(text, str)), "")
