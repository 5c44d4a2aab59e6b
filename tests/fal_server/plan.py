"""What the server does: values a test fills in."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal

from .waiting import PATIENCE, PAUSE

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class Seen:
    """A request that arrived."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The decoded body."""
        return json.loads(self.body)


class Gate:
    """Holds requests back until so many of them are there together, or until a test opens it.

    Attributes:
        arrived: How many have come.
    """

    def __init__(self, opens_at: int | None = None) -> None:
        self.arrived = 0
        self._opens_at = opens_at
        self._opened = threading.Event()

    @property
    def is_open(self) -> bool:
        """Whether all may go on."""
        return self._opened.is_set()

    def open(self) -> None:
        """Let all go on."""
        self._opened.set()

    async def passed(self) -> bool:
        """Wait there; whether it opened, rather than patience ended."""
        self.arrived += 1
        if self.arrived == self._opens_at:
            self.open()
        end = time.monotonic() + PATIENCE
        while not self.is_open and time.monotonic() < end:
            await asyncio.sleep(PAUSE)
        return self.is_open

    def failure(self) -> Reply:
        """What a request is told at a gate that stayed closed."""
        wanted = "" if self._opens_at is None else f" of {self._opens_at}"
        return Reply(400, {"detail": f"the gate stayed closed: {self.arrived}{wanted} requests came"})


@dataclass(frozen=True)
class Reply:
    """One answer: `body` is sent as JSON, bytes as they are."""

    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict[str, str])
    delay: float = 0.0
    drop: bool = False
    """Close the connection without an answer."""
    cut: bool = False
    """Close it in the middle of the body."""
    drip: float = 0.0
    """Seconds between the bytes of the body."""
    reads: int | None = None
    """Read no more than so much of the request's body. What comes then fills the buffers, and closes the window."""
    silent: bool = False
    """Say nothing for as long as the client stays."""
    gate: Gate | None = None
    """Wait there before the answer."""
    usual: bool = False
    """Say what would be said without this reply, and only delay, drop, cut or drip it."""
    accepted: bool | None = None
    """Whether a submission that gets this reply was accepted; by default if it is a success, or none arrives whole."""

    def over(self, own: Reply) -> Reply:
        """This reply where the server would have given its own."""
        return (
            replace(self, status=own.status, body=own.body, headers={**own.headers, **self.headers})
            if self.usual
            else self
        )

    @property
    def accepts(self) -> bool:
        """Whether the server has the submission."""
        return (self.status < 400 or self.drop or self.cut) if self.accepted is None else self.accepted

    def content(self) -> bytes:
        """The body as bytes."""
        return self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()


Told = bytes | float | Gate | Literal["state", "end", "cut", "silent"]
"""A step of a stream of states: bytes to send, seconds to wait, a gate to wait at, the next state, the end of the
answer or of the connection, or nothing more for as long as the client stays."""


@dataclass
class Plan:
    """How one endpoint behaves.

    Attributes:
        output: The body of `run` and of the result.
        states: The status bodies to go through, one a poll; the last one stays.
        first: Replies to give before anything else, by purpose: run, submit, status, stream, result, cancel. Where
            there are some for status, there is no stream of states, so that they are asked for.
        always: Replies to give every time, by purpose.
        submitted: Fields to put into the answer to a submit, over the usual ones; None removes one.
        result_headers: Headers of `run` and of the result.
        window: How many of the last log entries a poll shows, if not all.
        told: What streams of states do, one list a stream, step by step; then, and where none is left, what is usual.
        cumulative: Whether each of their events repeats the logs of those before it.
        seconds: If set, says of an input how long its request is in progress before it is completed.
        answers: Makes the output of an input, so that crossed answers show.
    """

    output: Any = field(default_factory=dict[str, Any])
    states: list[dict[str, Any]] = field(default_factory=lambda: [queued(0), in_progress(), completed()])
    first: dict[str, list[Reply]] = field(default_factory=dict[str, list[Reply]])
    always: dict[str, Reply] = field(default_factory=dict[str, Reply])
    submitted: dict[str, Any] = field(default_factory=dict[str, Any])
    result_headers: dict[str, str] = field(default_factory=dict[str, str])
    window: int | None = None
    told: list[list[Told]] = field(default_factory=list[list["Told"]])
    cumulative: bool = False
    seconds: Callable[[Any], float] | None = None
    answers: Callable[[Any], Any] | None = None

    @property
    def is_polled(self) -> bool:
        """Whether what is to happen happens at polls."""
        return bool(self.first.get("status")) or "status" in self.always

    def scripted(self, purpose: str) -> Reply | None:
        """The next reply that was put in by hand, if any."""
        waiting = self.first.get(purpose)
        return waiting.pop(0) if waiting else self.always.get(purpose)


def queued(position: int, **more: Any) -> dict[str, Any]:
    """A status body."""
    return {"status": "IN_QUEUE", "queue_position": position, **more}


def in_progress(*logs: str, **more: Any) -> dict[str, Any]:
    """A status body with these log messages."""
    return {"status": "IN_PROGRESS", "logs": log_entries(*logs), **more}


def completed(*logs: str, **more: Any) -> dict[str, Any]:
    """A status body with these log messages."""
    return {"status": "COMPLETED", "logs": log_entries(*logs), "metrics": {"inference_time": 0.5}, **more}


def log_entries(*messages: str) -> list[dict[str, Any]]:
    """Log entries as fal sends them."""
    return [{"message": text, "timestamp": "2026-01-01T00:00:00", "level": "INFO"} for text in messages]
