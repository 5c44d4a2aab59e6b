"""What can go wrong on the way, by its name: for tests of what happens then. The client meets it as it would at fal."""

# design: How do a fake's faults happen?

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from ... import forks
from ...checks import choice, count, seconds
from ..messages import Answer, NoAnswer
from .mistakes import ScriptError
from .routes import WHERE, Where, route_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ..clock import Clock
    from ..messages import Json, Request
    from .routes import Route
    from .script import Fault

    Usual: TypeAlias = Callable[[], Answer]
    # Whether a request is of those that a fault is for.
    IsMeant: TypeAlias = Callable[[Route, Request], bool]

Begins: TypeAlias = Literal["now", "accepted"]
_PAGE = (
    "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr><center>nginx</center></body></html>"
)
_HTML = {"content-type": "text/html"}


class Planned:
    """One that happens to so many of the requests at one step. It is a `script.Fault`."""

    def __init__(
        self, where: Where | None, times: int | None, is_meant: IsMeant, do: Callable[[Usual], Answer | None]
    ) -> None:
        self._where = where
        self._left = times
        self._is_meant = is_meant
        self._do = do
        self._lock = forks.Lock()

    def __call__(self, request: Request, usual: Usual) -> Answer | None:
        """What becomes of a request; None where it is none of those."""
        route = route_of(request)
        if route.where is None or self._where not in (None, route.where) or not self._is_meant(route, request):
            return None
        return self._do(usual) if self._is_left() else None

    def _is_left(self) -> bool:
        with self._lock:
            if self._left is None:
                return True
            self._left -= 1
            return self._left >= 0


class Outage:
    """A time in which nobody answers. It is a `script.Fault`."""

    def __init__(self, length: float, begins: Begins, clock: Clock, is_meant: IsMeant) -> None:
        self._length = length
        self._clock = clock
        self._is_meant = is_meant
        self._end = clock.now() + length if begins == "now" else None

    def __call__(self, request: Request, usual: Usual) -> Answer | None:
        """No connection, while it lasts."""
        route = route_of(request)
        if route.where is None or not self._is_meant(route, request):
            return None
        if self._end is not None:
            if self._clock.now() < self._end:
                raise NoAnswer("refused")
            return None
        if route.where != "submit":
            return None
        answer = usual()
        if answer.status < 300:
            self._end = self._clock.now() + self._length
        return answer


class Faults:
    """What goes wrong: each method plans something for requests to come, in the order in which it is called.

    Every request counts that the client sends, also one that it repeats by itself, and one to fal's second host.

    Args:
        clock: That of the fake.
        is_meant: Which requests it is for.
        subject: Whose they are, for messages.
    """

    def __init__(self, clock: Clock, is_meant: IsMeant, subject: str = "") -> None:
        self._clock = clock
        self._is_meant = is_meant
        self._subject = subject
        self._planned: list[Fault] = []

    def planned(self) -> Iterable[Fault]:
        """All of them, the first one first."""
        return tuple(self._planned)

    def clear(self) -> None:
        """From here on nothing goes wrong any more."""
        self._planned.clear()

    # On the way to fal.

    def connection_refused(self, times: int = 1, *, at: Where = "submit") -> None:
        """No connection comes about, so fal does not have the request. The client tries again by itself."""
        self._plan(at, times, lambda _: _raise(NoAnswer("refused")))

    def lost_before_submit(self, times: int = 1) -> None:
        """The connection breaks before fal has the request; the client cannot know that, and does not repeat it."""
        self._plan("submit", times, lambda _: _raise(NoAnswer("lost")))

    def lost_after_submit(self, times: int = 1) -> None:
        """Fal accepts the request, and its answer gets lost: the error says `maybe_submitted`."""
        self._plan("submit", times, _lost)

    def outage(self, seconds: float, *, begins: Begins = "now") -> None:
        """Nobody can be reached for so long, on the clock of the fake.

        Args:
            seconds: How long.
            begins: Now, or when the next request has been accepted, so that it meets who waits for the result.
        """
        choice("begins", begins, ("now", "accepted"))
        self._planned.append(Outage(_checked(seconds), begins, self._clock, self._is_meant))

    def slow_answer(self, seconds: float, times: int = 1, *, at: Where = "submit") -> None:
        """An answer takes so long, on the clock of the fake; with more than `http_timeout` it comes too late."""
        length = _checked(seconds)
        self._plan(at, times, lambda usual: _later(usual(), length))

    # What fal's servers say.

    def rate_limited(self, times: int = 1, retry_after: float | None = None, *, at: Where = "submit") -> None:
        """429: too many requests at once. The client tries again, after `retry_after` seconds if they are given."""
        headers = {} if retry_after is None else {"retry-after": f"{retry_after:g}"}
        answer = _platform(429, "Too many concurrent requests", "concurrent_requests_limit", headers)
        self._plan(at, times, lambda _: answer)

    def unavailable(self, times: int = 1, *, at: Where = "submit") -> None:
        """503 of fal's ingress, which found nobody to pass the request on to. The client tries again."""
        self._plan(at, times, lambda _: _ingress(503, "503 Service Temporarily Unavailable"))

    def bad_gateway(self, times: int = 1, *, at: Where = "submit", accepted: bool = False) -> None:
        """502. It does not say whether fal has the request: a submission is not repeated.

        Args:
            times: How many of them.
            at: At which step.
            accepted: Whether fal does have it.
        """
        self._gateway(at, times, 502, "502 Bad Gateway", accepted=accepted)

    def gateway_timeout(self, times: int = 1, *, at: Where = "submit", accepted: bool = False) -> None:
        """504. It does not say whether fal has the request: a submission is not repeated. See `bad_gateway`."""
        self._gateway(at, times, 504, "504 Gateway Time-out", accepted=accepted)

    def internal_error(self, times: int = 1, *, at: Where = "submit") -> None:
        """500 of fal's own, which does not call it temporary: only the state of a request is asked for again."""
        answer = _platform(500, "Internal server error", "internal_error")
        self._plan(at, times, lambda _: answer)

    def result_expired(self, times: int | None = None) -> None:
        """Fal does not keep the result any more."""
        self._plan("result", times, lambda _: _json(404, {"status": "NOT_FOUND"}))

    def not_json(self, times: int = 1, *, at: Where = "result") -> None:
        """A success with a page in it, as of a network that wants one to sign in."""
        page = Answer(200, _HTML, b"<html><body>Please sign in to the network</body></html>")
        self._plan(at, times, lambda _: page)

    # Streams and files.

    def cut_stream(self, after: int = 1, times: int = 1) -> None:
        """A model's stream breaks off after so many events."""
        count("after", after)
        self._plan("submit", times, lambda usual: _cut_stream(usual(), after))

    def upload_fails(self, times: int = 1) -> None:
        """500 of fal's storage. An upload is repeated."""
        self._plan("upload", times, lambda _: _platform(500, "Internal server error", "internal_error"))

    def cut_download(self, times: int = 1) -> None:
        """A download breaks off in the middle. The client goes on where it was."""
        self._plan("download", times, lambda usual: _cut(usual()))

    def expired_file(self, times: int | None = None) -> None:
        """404: the file is not kept any more."""
        self._plan("download", times, lambda _: _json(404, {"detail": "Not Found"}))

    def _gateway(self, at: Where, times: int, status: int, words: str, *, accepted: bool) -> None:
        def do(usual: Usual) -> Answer:
            if accepted:
                usual()
            return _ingress(status, words)

        self._plan(at, times, do)

    def _plan(self, where: Where, times: int | None, do: Callable[[Usual], Answer | None]) -> None:
        choice("at", where, WHERE)
        if where == "upload" and self._subject:
            raise ScriptError(f"an upload comes before the call of {self._subject}: use the faults of the fake itself")
        if where == "platform" and self._subject:
            raise ScriptError(f"the platform API is no part of a call of {self._subject}: use those of the fake itself")
        self._planned.append(Planned(where, count("times", times), self._is_meant, do))


def _checked(length: float) -> float:
    found = seconds("seconds", length)
    if found is None:
        raise TypeError("seconds must be a number of seconds, not None")
    return found


def _raise(error: NoAnswer) -> Answer:
    raise error


def _lost(usual: Usual) -> Answer:
    usual()
    raise NoAnswer("lost")


def _later(answer: Answer, length: float) -> Answer:
    return replace(answer, seconds=answer.seconds + length)


def _json(status: int, body: Json, headers: dict[str, str] | None = None) -> Answer:
    return Answer(status, {"content-type": "application/json", **(headers or {})}, json.dumps(body).encode())


def _platform(status: int, detail: str, kind: str, headers: dict[str, str] | None = None) -> Answer:
    body: dict[str, Json] = {"detail": detail, "error_type": kind}
    return _json(status, body, {"x-fal-error-type": kind, **(headers or {})})


def _ingress(status: int, words: str) -> Answer:
    return Answer(status, _HTML, _PAGE.format(words).encode())


def _cut(answer: Answer) -> Answer:
    """The first half of it."""
    if answer.events is not None or answer.status >= 300:
        return answer
    half: Iterator[bytes | float] = iter((answer.body[: len(answer.body) // 2],))
    return replace(answer, body=b"", events=_then_lost(half, None))


def _cut_stream(answer: Answer, after: int) -> Answer:
    return answer if answer.events is None else replace(answer, events=_then_lost(answer.events, after))


def _then_lost(pieces: Iterator[bytes | float], most: int | None) -> Iterator[bytes | float]:
    """So many of them, or all; then the connection breaks."""
    seen = 0
    for piece in pieces:
        if most is not None and seen >= most:
            break
        yield piece
        seen += not isinstance(piece, float | int)
    raise NoAnswer("lost")
