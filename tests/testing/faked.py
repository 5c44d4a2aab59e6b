"""What tests of the whole fake share: the package's own, an input for each endpoint, and both clients as one."""

from __future__ import annotations

import asyncio
from inspect import isawaitable
from typing import TYPE_CHECKING, Any

from fal_typed import AsyncFal, Fal
from fal_typed._registry import ENDPOINTS
from fal_typed._runtime.schemas import Schemas, schemas_of
from fal_typed._runtime.testing.values.outputs import output_of

if TYPE_CHECKING:
    from collections.abc import Callable

IDS = [*ENDPOINTS]
SCHNELL = "fal-ai/flux-1/schnell"


def schemas(endpoint_id: str) -> Schemas:
    """Those of a generated endpoint."""
    found = schemas_of("fal_typed", endpoint_id)
    assert found is not None
    return found


def input_for(endpoint_id: str) -> dict[str, Any]:
    """What an endpoint requires, by its document."""
    schema: dict[str, Any] = dict(schemas(endpoint_id).input)
    made = output_of(schema, endpoint_id=endpoint_id, input={}, file_url=lambda _: "https://example.com/a.png")
    return {name: made[name] for name in schema.get("required", ())}


def both(is_async: bool, use: Callable[[Any], Any], **settings: Any) -> Any:
    """What a use of either client comes to; that of the asynchronous one is a coroutine function."""
    if not is_async:
        with Fal(**settings) as fal:
            return use(fal)

    async def used() -> Any:
        async with AsyncFal(**settings) as fal:
            result = use(fal)
            return await result if isawaitable(result) else result

    return asyncio.run(used())
