"""One way to write a test for both clients: `call(...)` waits for what has to be awaited."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import fal_typed

from .documents import document
from .pages import read_page

if TYPE_CHECKING:
    from fal_server import FalServer

    from .catalog import Entry

KEY = "key-id:very-secret"


class Caller:
    """A synchronous or an asynchronous user of a fake fal.ai."""

    def __init__(self, server: FalServer, *, is_async: bool) -> None:
        self.is_async = is_async
        self._hosts = fal_typed.Hosts(
            run=server.run_url, queue=server.queue_url, rest=server.storage.rest_url, cdn=server.storage.cdn_url
        )
        self._runner = asyncio.Runner()
        self._clients: list[Any] = []

    def client(self, **settings: Any) -> Any:
        """A client of the fake server; it is closed when the test ends."""
        kind = fal_typed.AsyncFal if self.is_async else fal_typed.Fal
        client = kind(**{"credentials": KEY, "hosts": self._hosts, **settings})
        self._clients.append(client)
        return client

    def __call__(self, value: Any) -> Any:
        """The value itself, awaited where it has to be; all items of an iterator."""
        if inspect.isawaitable(value) or isinstance(value, AsyncIterator):
            return self._runner.run(_awaited(value))
        return list(value) if isinstance(value, Iterator) else value

    def close(self) -> None:
        """Close every client, and the loop."""
        for client in self._clients:
            self(client.aclose() if self.is_async else client.close())
        self._runner.close()


async def _awaited(value: Any) -> Any:
    return [item async for item in value] if isinstance(value, AsyncIterator) else await value


def fast(client: Any, entry: Entry, **options: Any) -> Any:
    """The endpoint, asking for news often."""
    return client.endpoints[entry.id].with_options(poll_interval=0.01, **options)


def given(entry: Entry) -> dict[str, Any]:
    """The call that the endpoint's page shows: the required inputs alone."""
    return {name: read_page(entry.id).input[name] for name in document(entry.id).input["required"]}
