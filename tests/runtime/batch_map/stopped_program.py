"""A program that maps ten inputs, to be interrupted: `stopped_program.py sync|async JOURNAL RUN_URL QUEUE_URL`."""

from __future__ import annotations

import asyncio
import sys

from fal_typed import AsyncFal, Fal, Hosts


def run(hosts: Hosts, journal: str) -> None:
    with Fal(hosts=hosts) as fal:
        for _ in fal.flux_1.schnell.map(({"prompt": f"p{at}"} for at in range(10)), window=4, journal=journal):
            pass


async def run_async(hosts: Hosts, journal: str) -> None:
    async with AsyncFal(hosts=hosts) as fal:
        async for _ in fal.flux_1.schnell.map(({"prompt": f"p{at}"} for at in range(10)), window=4, journal=journal):
            pass


if __name__ == "__main__":
    kind, path, run_url, queue_url = sys.argv[1:]
    own = Hosts(run=run_url, queue=queue_url)
    if kind == "sync":
        run(own, path)
    else:
        asyncio.run(run_async(own, path))
