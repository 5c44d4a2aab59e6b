"""One client in a process of its own, measured: `runtime_worker.py fal_typed|fal_client MODE NUMBER`. Prints JSON.

Modes: `run`, `run-async`, `subscribe` and `subscribe-async` make calls one after the other; `many` makes them a hundred
at a time; `first` and `first-async` make one, as a process that was just started. The answer is processor time a call;
`loop` is the part of the first that an event loop was held up for.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from typing import Any

ENDPOINT = "fal-ai/flux-1/schnell"
AT_ONCE = 100


class Typed:
    """fal_typed, inputs checked and outputs validated."""

    def __init__(self, *, is_async: bool) -> None:
        from fal_typed import AsyncFal, Fal  # a name is imported when it is asked for: only one of them counts

        self._client: Any = (AsyncFal if is_async else Fal)()

    def call(self, verb: str, prompt: str) -> Any:
        return getattr(self._client.flux_1.schnell, verb)(prompt=prompt, num_images=1)


class Official:
    """fal-client: dicts in, dicts out."""

    def __init__(self, *, is_async: bool) -> None:
        import fal_client

        self._client: Any = (fal_client.AsyncClient if is_async else fal_client.SyncClient)()

    def call(self, verb: str, prompt: str) -> Any:
        return getattr(self._client, verb)(ENDPOINT, {"prompt": prompt, "num_images": 1})


def one_after_the_other(client: Any, verb: str, number: int) -> float:
    client.call(verb, "warm")
    start = time.process_time()
    for i in range(number):
        client.call(verb, f"cat {i}")
    return (time.process_time() - start) / number


async def one_after_the_other_async(client: Any, verb: str, number: int) -> float:
    await client.call(verb, "warm")
    start = time.process_time()
    for i in range(number):
        await client.call(verb, f"cat {i}")
    return (time.process_time() - start) / number


async def many(client: Any, number: int) -> float:
    await client.call("run", "warm")
    free = asyncio.Semaphore(AT_ONCE)

    async def call(i: int) -> None:
        async with free:
            await client.call("run", f"cat {i}")

    start = time.process_time()
    await asyncio.gather(*(call(i) for i in range(number)))
    return (time.process_time() - start) / number


async def in_a_loop(client: Any) -> float:
    start = time.process_time()
    await client.call("run", "cat")
    return time.process_time() - start


def measured(make: Any, mode: str, number: int) -> dict[str, float]:
    verb, _, kind = mode.partition("-")
    begin = time.process_time()
    client = make(is_async=kind == "async" or verb == "many")
    if verb == "many":
        return {"cpu": asyncio.run(many(client, number))}
    if verb != "first":
        if kind:
            return {"cpu": asyncio.run(one_after_the_other_async(client, verb, number))}
        return {"cpu": one_after_the_other(client, verb, number)}
    if kind:
        loop = asyncio.run(in_a_loop(client))
        return {"cpu": time.process_time() - begin, "loop": loop}
    client.call("run", "cat")
    return {"cpu": time.process_time() - begin}


def main() -> None:
    name, mode, number = sys.argv[1], sys.argv[2], int(sys.argv[3])
    json.dump(measured(Typed if name == "fal_typed" else Official, mode, number), sys.stdout)


if __name__ == "__main__":
    main()
