"""Streams of events: what a path answers with, piece by piece, and whether the client stayed to the end."""

from __future__ import annotations

import asyncio
import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from starlette.responses import StreamingResponse

from .plan import Gate

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.responses import Response

Step = bytes | float | Gate | Literal["cut"]
"""Bytes to send, seconds to wait, a gate to wait at, or to close the connection without an end."""
FOREVER = 3600.0


@dataclass
class EventPlan:
    """A stream.

    Attributes:
        steps: What to do, in order.
        headers: Of the answer.
        left: Set when the client has gone before the end.
        sent: How many steps were done.
    """

    steps: list[Step]
    headers: dict[str, str] = field(default_factory=dict[str, str])
    left: threading.Event = field(default_factory=threading.Event)
    sent: int = 0

    def response(self, transport: Callable[[], Any]) -> Response:
        """The answer on a connection."""
        headers = {"content-type": "text/event-stream", "x-fal-request-id": "stream-1", **self.headers}
        return StreamingResponse(self._pieces(transport), headers=headers)

    async def _pieces(self, transport: Callable[[], Any]) -> AsyncIterator[bytes]:
        try:
            for step in self.steps:
                if transport() is None:
                    self.left.set()
                    return
                if isinstance(step, bytes):
                    yield step
                elif isinstance(step, str):
                    await asyncio.sleep(0.02)  # let what was written go out
                    transport().abort()
                    return
                elif isinstance(step, Gate):
                    await step.passed()
                else:
                    await asyncio.sleep(step)
                self.sent += 1
        except asyncio.CancelledError:
            self.left.set()
            raise


def event(value: Any, **fields: str) -> bytes:
    """An event as fal writes it."""
    lines = "".join(f"{name}: {text}\n" for name, text in fields.items())
    return f"{lines}data: {json.dumps(value)}\n\n".encode()


KEEP_ALIVE = b": ping\n\n"
