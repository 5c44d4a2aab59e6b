"""No update and no log entry is lost or told twice, wherever a stream ends and polling goes on: without a network."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import pytest
from httpx_sse import ServerSentEvent
from hypothesis import given, settings
from hypothesis import strategies as st
from runtime.calls import waiting
from runtime.calls.status import Queued, QueueStatus
from runtime.http.connections.held_stream import CloseStream, NextEvent, OpenStream
from runtime.http.exchange import Answer, Deadline, Exchange, Limits, Pause
from runtime.http.hosts import Hosts
from runtime.http.requests import RequestBuilder
from runtime.options import Options

STATES = ("IN_QUEUE", "IN_PROGRESS")


@dataclass
class World:
    """A request whose state goes on each time that somebody looks, and how it is shown.

    Attributes:
        timeline: Its states: the word, the position in the queue, and how many log entries there are.
        streams: After how many events each stream breaks off; beyond them there are none.
        repeats: Whether an event repeats the entries of those before it on its stream.
        from_start: Whether a stream begins with all entries so far; if not, with those since the look before.
        window: How many of the last entries a poll shows.
    """

    timeline: list[tuple[str, int, int]]
    streams: list[int]
    repeats: bool
    from_start: bool
    window: int
    at: int = -1
    shown: int = 0
    open: int = 0
    left: int = 0
    begun: int = 0
    looks: list[str] = field(default_factory=list[str])
    asked: list[type] = field(default_factory=list[type])

    def look(self, how: str) -> tuple[dict[str, Any], int, int]:
        """The next state, and which entries are new."""
        self.looks.append(how)
        self.at = min(self.at + 1, len(self.timeline) - 1)
        word, position, entries = self.timeline[self.at]
        before, self.shown = self.shown, entries
        return {"status": word, "queue_position": position}, before, entries

    def answer(self, step: Any) -> Any:
        """What comes of a step."""
        self.asked.append(type(step))
        match step:
            case OpenStream():
                if not self.streams:
                    return None
                self.left, self.open = self.streams.pop(0), self.open + 1
                self.begun = 0 if self.from_start else self.shown
                return self
            case NextEvent():
                return self.event()
            case CloseStream():
                self.open -= 1
                return None
            case Exchange():
                body, _, entries = self.look("poll")
                body["logs"] = log(max(0, entries - self.window), entries)
                return Answer(200, {}, json.dumps(body).encode())
            case Pause():
                return None
        raise AssertionError(step)

    def event(self) -> ServerSentEvent | None:
        if self.left == 0:
            return None
        self.left -= 1
        body, _, entries = self.look("event")
        body["logs"] = log(self.begun, entries)
        self.begun = self.begun if self.repeats else entries
        return ServerSentEvent(data=json.dumps(body))

    # As a held stream.
    exchange = Exchange(None, "GET", "u", {}, "a/b", request_id="r")  # type: ignore[arg-type]
    is_alone = True


def log(first: int, end: int) -> list[dict[str, str]]:
    return [{"message": str(number), "timestamp": f"2026-01-01T00:00:{number:02}"} for number in range(first, end)]


def told_by(world: World) -> list[QueueStatus]:
    """The updates, to their end."""
    builder = RequestBuilder("a/b", "a/b", Hosts(), Options(), "test/1")
    limits = Limits(Deadline(None), 120.0, 3)
    updates = waiting.Updates(builder, builder.urls_of("r"), "r", limits, None, logs=True)
    told: list[QueueStatus] = []
    while True:
        steps, done = updates.coming(), None
        try:
            while True:
                done = world.answer(steps.send(done))
        except StopIteration as stop:
            if stop.value is None:
                return told
            told.append(stop.value)


def changes(timeline: list[tuple[str, int, int]]) -> list[tuple[str, int | None]]:
    """What is to be told of states: each that is not the one before it."""
    states = [(word, position if word == "IN_QUEUE" else None) for word, position, _ in timeline]
    return [state for at, state in enumerate(states) if at == 0 or state != states[at - 1]]


@st.composite
def worlds(draw: st.DrawFn) -> World:
    grown = draw(st.lists(st.tuples(st.sampled_from(STATES), st.integers(0, 2), st.integers(0, 3)), max_size=8))
    timeline, entries = list[tuple[str, int, int]](), 0
    for word, position, more in [*grown, ("COMPLETED", 0, draw(st.integers(0, 3)))]:
        entries += more
        timeline.append((word, position, entries))
    streams = draw(st.lists(st.integers(0, 4), max_size=4))
    # A window that holds what came since the look before it loses nothing; nor does a stream that begins with all.
    window = draw(st.integers(3, 30))
    return World(timeline, streams, draw(st.booleans()), draw(st.booleans()), window)


@pytest.fixture(scope="module", autouse=True)
def _at_once() -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(waiting, "FIRST_DISTANCE", 0.0)
        yield


@settings(max_examples=400, database=None, deadline=None)
@given(worlds())
def test_nothing_is_lost_and_nothing_told_twice(world: World) -> None:
    told = told_by(world)
    assert [entry.message for update in told for entry in update.logs] == [str(n) for n in range(world.timeline[-1][2])]
    words = {"Queued": "IN_QUEUE", "InProgress": "IN_PROGRESS", "Completed": "COMPLETED"}
    states = [(words[type(one).__name__], one.queue_position if isinstance(one, Queued) else None) for one in told]
    # An update with new entries repeats the state that they belong to.
    assert [state for at, state in enumerate(states) if at == 0 or state != states[at - 1]] == changes(world.timeline)
    assert all(
        update.logs or state != states[at - 1]
        for at, (update, state) in enumerate(zip(told, states, strict=True))
        if at
    )
    assert world.open == 0
    # What a stream kept to itself is asked for at once.
    after = [step for before, step in pairwise(world.asked) if before is CloseStream]
    assert set(after) <= {Exchange}


def test_a_stream_that_began_in_the_middle() -> None:
    """What came before is told when a poll shows it."""
    world = World(
        [("IN_PROGRESS", 0, 5), ("COMPLETED", 0, 6)], [1], repeats=False, from_start=False, window=30, shown=4
    )
    told = told_by(world)
    assert [entry.message for update in told for entry in update.logs] == ["4", "0", "1", "2", "3", "5"]
