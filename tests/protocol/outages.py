"""Outages: all of fal is down from some step of a call on, for one to 120 seconds of a made-up clock."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import httpx
from fal_server import Plan, Reply, faults
from fal_server.plan import completed, in_progress, queued
from fal_typed._runtime import stand_in
from hypothesis import strategies as st

from .scripts import REFUSED, output_of, step_of

if TYPE_CHECKING:
    import pytest

LONGEST = 120.0
# With the longest wait between two tries, and one that the server asks for.
SLACK = 20.0
_KINDS = [
    REFUSED,
    REFUSED,
    faults.DROPPED,
    faults.LOST,
    faults.CUT,
    faults.ingress(502),
    faults.ingress(503),
    faults.ingress(504),
    faults.gateway(503),
    faults.temporary(503),
    faults.too_many(),
    faults.too_many("5"),
]
_STATES = [[completed()], [queued(1), in_progress("a"), in_progress("a", "b"), completed("a", "b")]]
_STEPS = {"run": ["run"], "subscribe": ["submit", "status", "result"]}


class MadeUpClock:
    """Stands in for the module `time`: a pause lets it go on by so much, at once."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        """See time.monotonic."""
        return self.now

    time = monotonic

    def sleep(self, seconds: float) -> None:
        """See time.sleep."""
        self.now += seconds

    def rule(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Be the clock of all that waits in the client."""

        async def pause(_: object, seconds: float) -> None:
            self.sleep(seconds)

        clock = SimpleNamespace(**{**vars(stand_in), "now": self.monotonic})
        for module in ("exchange", "retry", "transport"):
            monkeypatch.setattr(f"fal_typed._runtime.http.{module}.stand_in", clock)
        for module in ("retry", "transport"):
            monkeypatch.setattr(f"fal_typed._runtime.http.{module}.time", self)
        monkeypatch.setattr("fal_typed._runtime.http.async_transport.AsyncTransport._pause", pause)


@dataclass(frozen=True)
class Struck:
    """A call, and the outage that begins in the midst of it.

    Attributes:
        at: The step at which it begins.
        after: How many requests of that step go well before.
        kind: What becomes of requests as long as it lasts.
        polls: Whether the caller wants polls, or a stream may tell it all.
    """

    verb: str
    states: list[dict[str, Any]]
    timeout: float | None
    at: str
    after: int
    seconds: float
    kind: Reply
    polls: bool

    @property
    def options(self) -> dict[str, Any]:
        """Those of the endpoint."""
        return {"timeout": self.timeout, "poll_interval": 0.1 if self.polls else None}

    @property
    def must_return(self) -> bool:
        """Whether it has its output in the end, once it is submitted: the outage is shorter than its patience."""
        is_the_models_own = self.at == "result" and self.kind.headers.get("X-Fal-Needs-Retry") is not None
        is_patient = self.timeout is None or self.timeout > self.seconds + SLACK
        return self.at in ("status", "result") and is_patient and not is_the_models_own


@st.composite
def struck_calls(draw: st.DrawFn) -> Struck:
    """Any of them."""
    verb = draw(st.sampled_from(["run", "subscribe", "subscribe", "subscribe"]))
    return Struck(
        verb,
        draw(st.sampled_from(_STATES)),
        draw(st.sampled_from([None, 20.0, 300.0])),
        draw(st.sampled_from(_STEPS[verb])),
        draw(st.integers(0, 1)),
        draw(st.floats(1.0, LONGEST)),
        draw(st.sampled_from(_KINDS)),
        draw(st.booleans()),
    )


@dataclass
class Weather:
    """Says to each request whether fal is down."""

    clock: MadeUpClock
    port: int
    call: Struck | None = None
    end: float = 0.0
    seen: dict[str, int] = field(default_factory=dict[str, int])

    def begin(self, call: Struck) -> None:
        """What may come next. What lasts still goes on, in the way of the new one."""
        self.call, self.seen = call, {}

    def directed(self, request: httpx.Request) -> httpx.Request:
        """The request, there or to a port at which nobody listens."""
        assert self.call is not None
        step = step_of(request)[1]
        self.seen[step] = self.seen.get(step, 0) + 1
        if step == self.call.at and self.seen[step] == self.call.after + 1:
            self.end = self.clock.now + self.call.seconds
        if not (self.is_down and self.call.kind is REFUSED):
            return request
        url, extensions = request.url.copy_with(port=self.port), request.extensions
        return httpx.Request(request.method, url, headers=request.headers, stream=request.stream, extensions=extensions)

    @property
    def is_down(self) -> bool:
        """Whether it is."""
        return self.clock.now < self.end

    def reply(self) -> Reply | None:
        """What a request is told that arrived."""
        return self.call.kind if self.is_down and self.call is not None else None


@dataclass
class StruckPlan(Plan):
    """How an endpoint behaves as long as fal is not down."""

    weather: Weather | None = None

    def scripted(self, purpose: str) -> Reply | None:
        """See Plan.scripted."""
        assert self.weather is not None
        return self.weather.reply()


def plan_of(call: Struck, weather: Weather) -> Plan:
    """What the server does in a call."""
    return StruckPlan(states=call.states, answers=output_of, weather=weather)
