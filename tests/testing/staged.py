"""Real clients of the emitted package, and a fake of fal behind them."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import fal_typed
import httpx
from fal_typed._runtime import stand_in
from fal_typed._runtime.testing.clock import FakeClock
from fal_typed._runtime.testing.scripting.endpoint import EndpointFake
from fal_typed._runtime.testing.scripting.notebook import Notebook
from fal_typed._runtime.testing.scripting.usual import Usual
from fal_typed._runtime.testing.service.catalog import Catalog
from fal_typed._runtime.testing.service.files import file_url
from fal_typed._runtime.testing.service.service import Service
from fal_typed._runtime.testing.values.outputs import output_of
from fal_typed._runtime.testing.wire import AsyncWire, Wire

if TYPE_CHECKING:
    from collections.abc import Iterator


class Stage:
    """A fake, as `fake_fal()` makes it."""

    key = "fake"

    def __init__(self) -> None:
        self.clock = FakeClock()
        self.now, self.pause, self.apause = self.clock.now, self.clock.pause, self.clock.apause
        catalog = Catalog("fal_typed")

        def usual(call: Any) -> Any:
            schemas = catalog.schemas(call.endpoint_id)
            if schemas is None:
                return {}
            return output_of(
                schemas.output,
                endpoint_id=call.endpoint_id,
                input=call.input,
                input_schema=schemas.input,
                file_url=lambda wish: file_url("https://v3.fal.media", wish),
            )

        self.notebook = Notebook(self.clock, usual, spec=catalog.spec)
        service = Service(catalog=catalog, clock=self.clock, book=self.notebook, usual=Usual(usual))
        self._catalog = catalog
        self._wire, self._async_wire = Wire(service, self.clock), AsyncWire(service, self.clock)
        self.faults, self.webhooks = self.notebook.faults_of_all, self.notebook.webhooks

    @property
    def calls(self) -> Any:
        return self.notebook.calls()

    def endpoint(self, endpoint_id: str) -> EndpointFake[Any, Any]:
        return EndpointFake(self.notebook, self._catalog.spec(endpoint_id))

    def client(self) -> httpx.Client:
        return httpx.Client(transport=self._wire)

    def async_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(transport=self._async_wire)

    @contextmanager
    def on(self) -> Iterator[Stage]:
        before = stand_in.put(self)
        try:
            yield self
        finally:
            stand_in.put(before)


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
