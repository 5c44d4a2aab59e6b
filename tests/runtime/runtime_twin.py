"""A way to write one test for both clients."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Callable, Generator
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import runtime_sample
from runtime.http.hosts import Hosts

if TYPE_CHECKING:
    from fal_server import FalServer

KEY = "key-id:very-secret"
Steps: TypeAlias = Generator[Any, Any, Any]
SCHNELL = "fal-ai/flux-1/schnell"
OUTPUT = {"images": [{"url": "https://v3.fal.media/a.png", "width": 64, "height": 64}], "seed": 7}


class Twin:
    """One of the two clients. Tests are generators that `yield` what has to be awaited on the asynchronous one."""

    def __init__(self, server: FalServer, *, is_async: bool) -> None:
        self.server = server
        self.is_async = is_async
        self.kind: Any = runtime_sample.AsyncFal if is_async else runtime_sample.Fal
        self.hosts = Hosts(
            run=server.run_url,
            queue=server.queue_url,
            rest=server.storage.rest_url,
            cdn=server.storage.cdn_url,
            api=server.api_url,
        )

    def client(self, **settings: Any) -> Any:
        """A client of the fake server that polls fast."""
        return self.kind(**{"credentials": KEY, "hosts": self.hosts, **settings})

    def do(self, steps: Callable[[Any], Any], **settings: Any) -> Any:
        """Run the steps with a client that is closed at the end."""
        if self.is_async:
            return asyncio.run(self._drive_async(steps, settings))
        with self.client(**settings) as fal:
            result = steps(fal)
            return _drive(result) if inspect.isgenerator(result) else _settled(result)

    async def _drive_async(self, steps: Callable[[Any], Any], settings: dict[str, Any]) -> Any:
        async with self.client(**settings) as fal:
            result = steps(fal)
            if not inspect.isgenerator(result):
                return await _awaited(result)
            try:
                step = next(result)
                while True:
                    try:
                        value = await _awaited(step)
                    except Exception as error:
                        step = result.throw(error)
                    else:
                        step = result.send(value)
            except StopIteration as stop:
                return stop.value


def _drive(steps: Generator[Any, Any, Any]) -> Any:
    try:
        step = next(steps)
        while True:
            step = steps.send(_settled(step))
    except StopIteration as stop:
        return stop.value


def _settled(value: Any) -> Any:
    return list(value) if inspect.isgenerator(value) else value


async def _awaited(value: Any) -> Any:
    if isinstance(value, AsyncIterator):
        return [item async for item in cast("AsyncIterator[Any]", value)]
    return await value if inspect.isawaitable(value) else value
