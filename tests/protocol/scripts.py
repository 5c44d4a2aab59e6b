"""Fault scripts: a few calls on one client, and what goes wrong at each step of each."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import httpx
from fal_server import Plan, Reply, faults
from fal_server.plan import Told, completed, in_progress, queued
from hypothesis import strategies as st

if TYPE_CHECKING:
    from collections.abc import Callable

FOREIGN = "https://evil.example/x"
# The one fault that is the client's to make: a server cannot refuse a connection for one step only.
REFUSED = Reply(0)

_ANY_STEP = [
    REFUSED,
    faults.too_many(),
    faults.too_many("0"),
    faults.too_many("1"),
    faults.ingress(502),
    faults.ingress(503),
    faults.ingress(504),
    faults.model_error(500),
    faults.model_error(503),
    faults.model_error(422),
    faults.gateway(503),
    faults.start_timeout(),
    faults.DROPPED,
    faults.LOST,
    faults.CUT,
    faults.MALFORMED,
    faults.EMPTY,
    faults.PROXY_PAGE,
    faults.WRONG_TYPE,
    faults.redirect(FOREIGN),
    faults.delayed(0.02),
]
_BREAKING_OFF = [make(after) for make in (faults.stalls, faults.resets, faults.refuses) for after in (0, 100_000)]
_TEMPORARY = [*map(faults.temporary, (502, 503, 504)), faults.temporary(500, "X-Fal-Retryable", "true")]
_STARTING = [*_ANY_STEP, *_BREAKING_OFF * 2, *_TEMPORARY]
_FAULTS = {
    "run": _STARTING,
    "submit": [faults.refused() if each.status == 422 else each for each in _STARTING],
    "status": [*_ANY_STEP, Reply(202, {"status": "RESTING"}), Reply(404, {"status": "NOT_FOUND"})],
    "stream": [*_ANY_STEP, Reply(404, {"detail": "no"}), Reply(405), Reply(200, {"status": "IN_QUEUE"})],
    "result": [*_ANY_STEP, Reply(404, {"detail": "gone"})],
    "cancel": [*_ANY_STEP, Reply(400, {"status": "ALREADY_COMPLETED"})],
}
_STATES = [
    [completed()],
    [queued(1), queued(0), in_progress("a"), in_progress("a", "b"), completed("a", "b")],
    [in_progress("a"), queued(3), completed("b")],
    [queued(0), completed(error="It broke", error_type="runner_disconnected")],
    [in_progress("a")],
]
# A deadline that ends some calls, and one that ends none.
_SHORT, LONG = (0.1, 0.3), 600.0
# Of one exchange, in a script where the server says nothing.
BRIEF = 0.2
# More than all buffers on the way hold, here and at the server's; the smaller one fits.
_LARGE, _SMALL = 1_000_000, 10
_PURPOSES = {"run": ["run"], "subscribe": ["submit", "status", "stream", "result", "cancel"]}
# What else a stream of states may do.
_TOLD: list[Told] = ["state", "state", "state", b": ping\n\n", b"data: {\n\n", b"data: {", 0.01, "end", "cut", "silent"]


def output_of(given: Any) -> Any:
    """What the model makes of an input."""
    return {"seed": 1, "echo": given and given["index"]}


@dataclass(frozen=True)
class Call:
    """One logical call. Unless it has a short timeout it ends by itself: its last state is an end.

    Attributes:
        size: Of its input.
    """

    verb: str
    faults: dict[str, list[Reply]]
    states: list[dict[str, Any]]
    timeout: float | None
    logs: bool
    foreign: str | None
    size: int
    told: list[list[Told]] = field(default_factory=list[list["Told"]])

    def input(self, index: int) -> dict[str, Any]:
        """What it is called with."""
        return {"index": index, "text": "x" * self.size}

    @property
    def is_short(self) -> bool:
        """Whether its time may well be over before it has its output."""
        return self.timeout is not None and self.timeout < LONG

    @property
    def meets_silence(self) -> bool:
        """Whether the server says nothing at some step."""
        return any(reply.silent for replies in self.faults.values() for reply in replies)

    def plan(self) -> Plan:
        """What the server does."""
        first = {purpose: [each for each in replies if each is not REFUSED] for purpose, replies in self.faults.items()}
        submitted = {self.foreign: FOREIGN} if self.foreign else {}
        told = [list(steps) for steps in self.told]
        return Plan(states=self.states, first=first, submitted=submitted, answers=output_of, told=told)

    @property
    def refusals(self) -> dict[str, int]:
        """How many connections are refused, by purpose; they come first."""
        return {purpose: replies.count(REFUSED) for purpose, replies in self.faults.items()}


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Any call; most steps of most go well, or no script would come to its later steps."""
    verb = draw(st.sampled_from(["run", "subscribe", "subscribe"]))
    timeout = draw(st.sampled_from([None, LONG, *_SHORT, *_SHORT]))
    is_short = timeout in _SHORT
    states = draw(st.sampled_from(_STATES + _STATES[-1:] * 2 if is_short else _STATES[:-1]))
    few = {
        purpose: draw(st.one_of(st.just([]), st.lists(st.sampled_from(_faults(purpose, is_short)), max_size=4)))
        for purpose in _PURPOSES[verb]
    }
    foreign = draw(st.sampled_from([None] * 9 + ["status_url", "response_url", "cancel_url"]))
    is_broken_off = any(reply.reads is not None for replies in few.values() for reply in replies)
    told = draw(st.lists(st.lists(st.sampled_from(_TOLD), max_size=6), max_size=3))
    return Call(verb, few, states, timeout, draw(st.booleans()), foreign, _LARGE if is_broken_off else _SMALL, told)


def _faults(purpose: str, is_short: bool) -> list[Reply]:
    """A run waits for an answer as long as the model takes: only a deadline ends it where none comes."""
    return [*_FAULTS[purpose], *([faults.SILENT] * 2 if is_short or purpose != "run" else [])]


def scripts() -> st.SearchStrategy[list[Call]]:
    """One to three calls on one client."""
    return st.lists(calls(), min_size=1, max_size=3)


def closed_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


# With the server's window: what can be on the way while the server does not read.
_SOCKET = [(socket.SOL_SOCKET, socket.SO_SNDBUF, 16_384)]


@dataclass
class Refusals:
    """Sends some requests to a port that refuses them, as often as the script says."""

    port: int
    left: dict[tuple[str, str], int] = field(default_factory=dict[tuple[str, str], int])

    def directed(self, request: httpx.Request) -> httpx.Request:
        """The request, there or here."""
        step = step_of(request)
        if not self.left.get(step):
            return request
        self.left[step] -= 1
        url, extensions = request.url.copy_with(port=self.port), request.extensions
        return httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)


def step_of(request: httpx.Request) -> tuple[str, str]:
    """The endpoint of a request, and what it is for."""
    path = request.url.path
    endpoint = "/".join(path.split("/")[2:4])
    if request.method != "GET":
        return endpoint, {"PUT": "cancel"}.get(request.method, "run" if path.startswith("/run") else "submit")
    if path.endswith("/status/stream"):
        return endpoint, "stream"
    return endpoint, "status" if path.endswith("/status") else "result"


class Directs(Protocol):
    """Says where a request goes."""

    def directed(self, request: httpx.Request) -> httpx.Request:
        """The request, there or elsewhere."""
        ...


class RefusingTransport(httpx.HTTPTransport):
    """The connections of a synchronous client."""

    def __init__(self, refusals: Directs) -> None:
        super().__init__(socket_options=_SOCKET)
        self._directed: Callable[[httpx.Request], httpx.Request] = refusals.directed

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        return super().handle_request(self._directed(request))


class AsyncRefusingTransport(httpx.AsyncHTTPTransport):
    """The connections of an asynchronous client."""

    def __init__(self, refusals: Directs) -> None:
        super().__init__(socket_options=_SOCKET)
        self._directed: Callable[[httpx.Request], httpx.Request] = refusals.directed

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        return await super().handle_async_request(self._directed(request))
