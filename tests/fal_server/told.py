"""A stream of the states of a request: what it tells, and how it may go wrong."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .plan import Gate
from .stream import KEEP_ALIVE, event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from .plan import Plan

EVENTS = {"content-type": "text/event-stream"}
KEEP_ALIVE_SECONDS = 15.0


@dataclass
class StatusTold:
    """One stream.

    Attributes:
        request_id: Whose states.
        plan: Of the endpoint.
        next_state: Goes on to the next state, as a poll does.
        done_at: When the request is completed, on the clock of `time.time`, if time decides that.
        logs: Whether they are asked for.
        transport: The connection, while it lasts.
    """

    request_id: str
    plan: Plan
    next_state: Callable[[], dict[str, Any]]
    done_at: float | None
    logs: bool
    transport: Callable[[], Any]
    told_logs: int = 0
    last: dict[str, Any] | None = None

    async def pieces(self) -> AsyncIterator[bytes]:
        """The body."""
        for step in self.plan.told.pop(0) if self.plan.told else []:
            if isinstance(step, bytes):
                yield step
            elif isinstance(step, Gate):
                await step.passed()
            elif isinstance(step, float):
                await asyncio.sleep(step)
            elif step == "state":
                yield self._event()
            elif step == "silent":
                await self._client_gone()
                return
            else:
                await asyncio.sleep(0.02)  # let what was written go out
                if step == "cut" and self.transport() is not None:
                    self.transport().abort()
                return
        async for piece in self._usual():
            yield piece

    async def _usual(self) -> AsyncIterator[bytes]:
        while self.last is None or self.last["status"] != "COMPLETED":
            if self.last is not None and self.done_at is not None:
                async for piece in self._until(self.done_at):
                    yield piece
            elif self.last is self.plan.states[-1]:
                await self._client_gone()
                return
            yield self._event()

    async def _until(self, moment: float) -> AsyncIterator[bytes]:
        while (left := moment - time.time()) > 0:
            await asyncio.sleep(min(left, KEEP_ALIVE_SECONDS))
            if left > KEEP_ALIVE_SECONDS:
                yield KEEP_ALIVE

    def _event(self) -> bytes:
        self.last = state = self.next_state()
        logs = state.get("logs") or []
        shown = logs if self.plan.cumulative else logs[self.told_logs :]
        self.told_logs = len(logs)
        return event({"request_id": self.request_id, **state, "logs": shown if self.logs else None})

    async def _client_gone(self) -> None:
        while self.transport() is not None:
            await asyncio.sleep(0.005)
