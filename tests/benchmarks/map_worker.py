"""Many jobs in a process of its own, measured: `map_worker.py MODE NUMBER [HOSTS [JOURNAL]]`. Prints JSON.

Modes: `pairs` and `pairs-async` compare `map` with as many calls of `subscribe`, turn by turn; `map` and `map-async`
are one `map`; `gather` is fal-client with a semaphore and `asyncio.gather`. HOSTS are those of `Hosts`, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import resource
import sys
import time
from contextlib import aclosing
from pathlib import Path
from typing import Any

ENDPOINT = "fal-ai/flux-1/schnell"
WINDOW, PAIRS = 20, 7


def inputs(number: int) -> Any:
    return ({"prompt": f"cat {at}", "num_images": 1} for at in range(number))


def peak() -> float:
    """MiB: the most that this process ever had. On Linux `ru_maxrss` is also that of who started it."""
    try:
        status = Path("/proc/self/status").read_text(encoding="utf-8")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


class Measured:
    """Times and memory of this process since it was made."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.perf_counter(), time.process_time()

    def of(self, number: int) -> dict[str, float]:
        wall, cpu = time.perf_counter() - self._wall, time.process_time() - self._cpu
        return {"wall": wall, "cpu": cpu / number, "peak": peak()}


def mapped(fal: Any, number: int, journal: str | None = None) -> dict[str, float]:
    measured = Measured()
    for job in fal.flux_1.schnell.map(inputs(number), window=WINDOW, journal=journal):
        job.result()
    return measured.of(number)


async def mapped_async(fal: Any, number: int, journal: str | None = None) -> dict[str, float]:
    measured = Measured()
    async with fal.flux_1.schnell.map(inputs(number), window=WINDOW, journal=journal) as jobs:
        async for job in jobs:
            job.result()
    return measured.of(number)


def bare(fal: Any, number: int) -> dict[str, float]:
    measured = Measured()
    for given in inputs(number):
        fal.flux_1.schnell.subscribe(**given)
    return measured.of(number)


async def bare_async(fal: Any, number: int) -> dict[str, float]:
    measured = Measured()
    for given in inputs(number):
        await fal.flux_1.schnell.subscribe(**given)
    return measured.of(number)


def pairs(fal: Any, number: int) -> list[Any]:
    bare(fal, 20)
    mapped(fal, 20)
    return [(bare(fal, number), mapped(fal, number)) for _ in range(PAIRS)]


async def pairs_async(fal: Any, number: int) -> list[Any]:
    await bare_async(fal, 20)
    await mapped_async(fal, 20)
    return [(await bare_async(fal, number), await mapped_async(fal, number)) for _ in range(PAIRS)]


async def gathered(number: int) -> dict[str, float]:
    """What people write today."""
    import fal_client

    client, free, measured = fal_client.AsyncClient(), asyncio.Semaphore(WINDOW), Measured()

    async def call(given: dict[str, Any]) -> Any:
        async with free:
            return await client.subscribe(ENDPOINT, given)

    await asyncio.gather(*(call(given) for given in inputs(number)))
    return measured.of(number)


def main() -> None:
    mode, number, *more = sys.argv[1:]
    if mode == "gather":
        json.dump(asyncio.run(gathered(int(number))), sys.stdout)
        return
    from fal_typed import AsyncFal, Fal, Hosts

    settings: Any = {"hosts": Hosts(**json.loads(more[0]))} if more else {}
    journal = more[1:]

    async def in_loop() -> Any:
        async with aclosing(AsyncFal(**settings)) as fal:
            does: Any = pairs_async if mode == "pairs-async" else mapped_async
            return await does(fal, int(number), *journal)

    if mode.endswith("-async"):
        json.dump(asyncio.run(in_loop()), sys.stdout)
    else:
        does: Any = pairs if mode == "pairs" else mapped
        json.dump(does(Fal(**settings), int(number), *journal), sys.stdout)


if __name__ == "__main__":
    main()
