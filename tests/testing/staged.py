"""Both clients of the emitted package as one."""

from __future__ import annotations

import asyncio
from typing import Any

import fal_typed


class Twin:
    """Both clients as one: what is awaited of the asynchronous one is awaited here."""

    def __init__(self, *, is_async: bool, **settings: Any) -> None:
        self.name = "AsyncFal" if is_async else "Fal"
        self._client: Any = getattr(fal_typed, self.name)(**settings)

    def do(self, endpoint_id: str, verb: str, options: dict[str, Any] | None = None, /, **input: Any) -> Any:
        """Call an endpoint."""
        return self.of(lambda fal: getattr(fal.endpoints[endpoint_id].with_options(**(options or {})), verb)(**input))

    def of(self, ask: Any) -> Any:
        """What comes of something that is asked of the client."""
        if self.name == "Fal":
            return ask(self._client)

        async def asked() -> Any:
            return await ask(self._client)

        return asyncio.run(asked())

    def events(self, endpoint_id: str, **input: Any) -> list[Any]:
        """All events of a stream."""
        if self.name == "Fal":
            with self._client.endpoints[endpoint_id].stream(**input) as events:
                return list(events)

        async def read() -> list[Any]:
            async with self._client.endpoints[endpoint_id].stream(**input) as events:
                return [event async for event in events]

        return asyncio.run(read())
