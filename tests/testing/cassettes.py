"""A fake fal.ai that is recorded, and steps that both clients take."""

from __future__ import annotations

import asyncio
import inspect
import json
from collections.abc import Generator
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import fal_typed
from fal_typed._runtime.calls.async_stream import AsyncStream
from fal_typed._runtime.calls.stream import Stream
from fal_typed.testing import Cassette, cassette

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from fal_server import FalServer

KEY = "11111111-2222-3333-4444-555555555555:0123456789abcdef0123456789abcdef"
Steps: TypeAlias = Generator[Any, Any, Any]
"""What yields what has to be awaited on the asynchronous client, and is sent what came of it."""
SCHNELL = "fal-ai/flux-1/schnell"


class Recorder:
    """A client of the fake server, and a cassette of it.

    Args:
        server: Is asked while there is nothing recorded.
        path: Of the cassette.
        is_async: Which of the two clients.
    """

    def __init__(self, server: FalServer, path: Path, *, is_async: bool) -> None:
        self.server = server
        self.path = path
        self.is_async = is_async
        self.hosts = fal_typed.Hosts(
            run=server.run_url,
            queue=server.queue_url,
            rest=server.storage.rest_url,
            cdn=server.storage.cdn_url,
            api=server.api_url,
        )

    @property
    def text(self) -> str:
        """What is on the cassette."""
        return self.path.read_text(encoding="utf-8")

    @property
    def exchanges(self) -> list[Any]:
        """The same, decoded."""
        return json.loads(self.text)["exchanges"]

    def client(self, **settings: Any) -> Any:
        kind: Any = fal_typed.AsyncFal if self.is_async else fal_typed.Fal
        return kind(**{"hosts": self.hosts, **settings})

    def record(self, steps: Callable[[Any], Any], **settings: Any) -> Any:
        """Take the steps with the server there."""
        tape = {name: settings.pop(name) for name in ("mode", "redact", "largest_body") if name in settings}
        return self.play(steps, cassette(self.path, **tape), credentials=KEY, **settings)

    def replay(self, steps: Callable[[Any], Any], **tape: Any) -> Any:
        """Take the steps without a key, where the server would not notice."""
        seen = len(self.server.seen), len(self.server.storage.seen)
        try:
            return self.play(steps, cassette(self.path, **cast("Any", {"mode": "replay", **tape})))
        finally:
            assert (len(self.server.seen), len(self.server.storage.seen)) == seen

    def both(self, steps: Callable[[Any], Any]) -> tuple[Any, Any]:
        """Record and replay."""
        return self.record(steps), self.replay(steps)

    def play(self, steps: Callable[[Any], Any], tape: Cassette, **settings: Any) -> Any:
        if self.is_async:
            return asyncio.run(self._aplay(steps, tape, settings))
        with tape, self.client(**settings) as fal:
            result = steps(fal)
            return _driven(result) if inspect.isgenerator(result) else result

    async def _aplay(self, steps: Callable[[Any], Any], tape: Cassette, settings: dict[str, Any]) -> Any:
        async with tape, self.client(**settings) as fal:
            result = steps(fal)
            if not inspect.isgenerator(result):
                return await _awaited(result)
            return await _adriven(result)


def _driven(steps: Steps) -> Any:
    step: Any = None
    try:
        step = next(steps)
        while True:
            try:
                value = _settled(step)
            except Exception as error:
                step = steps.throw(error)
            else:
                step = steps.send(value)
    except StopIteration as stop:
        return stop.value


def _settled(step: Any) -> Any:
    if callable(step):
        step = step()
    if isinstance(step, Stream):
        with cast("Stream[Any, Any]", step) as events:
            return list(events)
    return step


async def _adriven(steps: Steps) -> Any:
    try:
        step = next(steps)
        while True:
            try:
                value = await _awaited(step)
            except Exception as error:
                step = steps.throw(error)
            else:
                step = steps.send(value)
    except StopIteration as stop:
        return stop.value


async def _awaited(value: Any) -> Any:
    if callable(value):
        value = value()
    if isinstance(value, AsyncStream):
        async with cast("AsyncStream[Any, Any]", value) as events:
            return [item async for item in events]
    return await value if inspect.isawaitable(value) else value
