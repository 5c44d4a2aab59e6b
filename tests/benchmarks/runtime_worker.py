"""One client in a process of its own, measured: `runtime_worker.py fal_typed|fal_client MODE NUMBER`. Prints JSON.

Modes: `cpu` and `cpu-async` make calls one after the other.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

ENDPOINT = "fal-ai/flux-1/schnell"


class Typed:
    """fal_typed, inputs checked and outputs validated."""

    def __init__(self) -> None:
        import fal_typed

        self._sync, self._async = fal_typed.Fal(), fal_typed.AsyncFal()

    def subscribe(self, prompt: str) -> Any:
        return self._sync.flux_1.schnell.subscribe(prompt=prompt, num_images=1)

    async def subscribe_async(self, prompt: str) -> Any:
        return await self._async.flux_1.schnell.subscribe(prompt=prompt, num_images=1)


class Official:
    """fal-client: dicts in, dicts out."""

    def __init__(self) -> None:
        import fal_client

        self._sync, self._async = fal_client.SyncClient(), fal_client.AsyncClient()

    def subscribe(self, prompt: str) -> Any:
        return self._sync.subscribe(ENDPOINT, {"prompt": prompt, "num_images": 1})

    async def subscribe_async(self, prompt: str) -> Any:
        return await self._async.subscribe(ENDPOINT, {"prompt": prompt, "num_images": 1})


def cpu(client: Any, number: int) -> dict[str, float]:
    client.subscribe("warm")
    start = time.process_time()
    for i in range(number):
        client.subscribe(f"cat {i}")
    return {"cpu": (time.process_time() - start) / number}


async def cpu_async(client: Any, number: int) -> dict[str, float]:
    await client.subscribe_async("warm")
    start = time.process_time()
    for i in range(number):
        await client.subscribe_async(f"cat {i}")
    return {"cpu": (time.process_time() - start) / number}


def main() -> None:
    name, mode, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    client = Typed() if name == "fal_typed" else Official()
    if mode == "cpu":
        result: dict[str, Any] = cpu(client, number)
    else:
        result = asyncio.run(cpu_async(client, number))
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
