"""Servers that are never done: `timeout` and `http_timeout` end a call all the same, whatever it waits for."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import fal_typed
import httpx
import pytest
from fal_server.dripping import DRIPS, dripping, unanswering
from fal_server.secure import KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

ENDPOINT = "me/app"
SHORT, LONG = 0.1, 1.0
KINDS = [*DRIPS, "handshake", "names", "addresses"]
each_way = pytest.mark.parametrize("is_async", [False, True], ids=["sync", "async"])


@dataclass(frozen=True)
class Place:
    """A server that is never done.

    Attributes:
        base: Its URL.
        over: Set when the call has ended, which was to be seen.
    """

    base: str
    over: threading.Event = field(default_factory=threading.Event)

    def call(self, verb: str, *, is_async: bool, whose: str = "own", **limits: Any) -> tuple[Exception, float]:
        """How a call ended, and how long it took."""
        settings = {"hosts": fal_typed.Hosts(run=f"{self.base}/run", queue=f"{self.base}/queue"), **limits}
        if is_async:
            return asyncio.run(self._call(verb, whose, settings))
        with httpx.Client() as client:
            fal = fal_typed.Fal(KEY, http_client=client if whose == "injected" else None, **settings)
            start = time.monotonic()
            with pytest.raises(fal_typed.FalError) as raised:
                getattr(fal.endpoint(ENDPOINT), verb)(prompt="a cat")
            return raised.value, time.monotonic() - start

    async def _call(self, verb: str, whose: str, settings: dict[str, Any]) -> tuple[Exception, float]:
        async with httpx.AsyncClient() as client:
            fal = fal_typed.AsyncFal(KEY, http_client=client if whose == "injected" else None, **settings)
            start = time.monotonic()
            with pytest.raises(fal_typed.FalError) as raised:
                await getattr(fal.endpoint(ENDPOINT), verb)(prompt="a cat")
            seconds = time.monotonic() - start
            self.over.set()  # at its end a loop waits for its threads, one of which looks a name up
            await fal.aclose()
            return raised.value, seconds

    def is_late(self, verb: str, *, is_async: bool, accepted: str | None = None) -> bool:
        """Whether a call takes half a second too long each time. A busy machine holds it up once, not three times."""
        for _ in range(3):
            self.over.clear()
            ended, seconds = self.call(verb, is_async=is_async, timeout=LONG)
            assert type(ended) is fal_typed.DeadlineExceededError
            assert ended.request_id == accepted
            if seconds <= LONG + 0.5:
                return False
        return True


@contextmanager
def slow_names(place: Place, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A resolver that takes as long as the test."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, *arguments: Any, **named: Any) -> Any:
        if host in ("localhost", b"localhost") and not named.get("flags"):
            place.over.wait()
        return real(host, *arguments, **named)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    yield place
    place.over.set()


@contextmanager
def dead_addresses(monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A host of four addresses, at none of which anybody answers."""
    real = socket.getaddrinfo

    def getaddrinfo(host: Any, port: Any, *arguments: Any, **named: Any) -> Any:
        if host not in ("localhost", b"localhost") or named.get("flags"):
            return real(host, port, *arguments, **named)
        return [one for last in range(1, 5) for one in real(f"127.0.0.{last}", port, type=socket.SOCK_STREAM)]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    with unanswering() as port:
        yield Place(f"http://localhost:{port}")


@contextmanager
def place_of(kind: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """One of all that is slow."""
    if kind == "names":
        with slow_names(Place("http://localhost:9"), monkeypatch) as place:
            yield place
    elif kind == "addresses":
        with dead_addresses(monkeypatch) as place:
            yield place
    else:
        scheme, drip = ("https", "nothing") if kind == "handshake" else ("http", kind)
        with dripping(drip) as port:
            yield Place(f"{scheme}://127.0.0.1:{port}")


@pytest.mark.sampled(5)
@each_way
@pytest.mark.parametrize("whose", ["own", "injected"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_callers_time_is_kept_to(kind: str, whose: str, is_async: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with place_of(kind, monkeypatch) as place:
        error, _ = place.call("run", is_async=is_async, whose=whose, timeout=SHORT)
    assert type(error) is fal_typed.DeadlineExceededError


@pytest.mark.sampled(5)
@each_way
@pytest.mark.parametrize("kind", KINDS)
def test_the_time_of_an_exchange_is_kept_to(kind: str, is_async: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    seconds, is_there = SHORT, False
    with place_of(kind, monkeypatch) as place:
        while not is_there:  # on a busy machine it takes longer to get there at all
            error, _ = place.call("submit", is_async=is_async, http_timeout=seconds, max_retries=0)
            is_there = kind not in DRIPS or "ConnectTimeout" not in str(error)
            seconds *= 3
    assert type(error) is fal_typed.APITimeoutError
    assert error.maybe_submitted is (kind in DRIPS)


@pytest.mark.slow
@each_way
@pytest.mark.parametrize("kind", KINDS)
def test_it_is_kept_to_within_half_a_second(kind: str, is_async: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    with place_of(kind, monkeypatch) as place:
        assert not place.is_late("run", is_async=is_async)


@pytest.mark.slow
@each_way
@pytest.mark.parametrize("kind", DRIPS)
def test_the_cancel_is_within_it(kind: str, is_async: bool) -> None:
    """A request is accepted; the server is never done with what it is asked next, the cancel included."""
    with dripping(kind, accepts="req-1") as port:
        assert not Place(f"http://127.0.0.1:{port}").is_late("subscribe", is_async=is_async, accepted="req-1")
