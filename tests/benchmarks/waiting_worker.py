"""One client in a process of its own: `waiting_worker.py fal_typed|fal_client NUMBER`. Prints JSON.

So many calls wait at once. They start a little apart, so that they complete at any moment of a pause between two polls.
"""

from __future__ import annotations

import asyncio
import gc
import json
import sys
import time
from pathlib import Path
from typing import Any

from runtime_worker import Official, Typed

APART = 0.0137
WATCHED_EVERY = 0.2


def resident() -> int:
    """Bytes of memory that the process has now."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


def sockets() -> int:
    """How many it has open."""
    found = 0
    for each in list(Path("/proc/self/fd").iterdir()):
        try:
            found += each.readlink().name.startswith("socket:")
        except OSError:  # closed by now
            continue
    return found


async def wait(client: Any, number: int) -> dict[str, Any]:
    """When each returned, what they cost, and the most that the process had while they waited."""

    async def one(i: int) -> tuple[str, float]:
        await asyncio.sleep(i * APART)
        await client.call("subscribe", f"cat {i}")
        return f"cat {i}", time.time()

    await client.call("subscribe", "warm")
    gc.collect()
    before, most, most_sockets = resident(), 0, 0
    start = time.process_time()
    calls = asyncio.gather(*(one(i) for i in range(number)))
    while not calls.done():
        most, most_sockets = max(most, resident()), max(most_sockets, sockets())
        await asyncio.sleep(WATCHED_EVERY)
    returned = dict(await calls)
    cpu = (time.process_time() - start) / number
    return {"returned": returned, "cpu": cpu, "bytes": most - before, "sockets": most_sockets}


def main() -> None:
    client = (Typed if sys.argv[1] == "fal_typed" else Official)(is_async=True)
    json.dump(asyncio.run(wait(client, int(sys.argv[2]))), sys.stdout)


if __name__ == "__main__":
    main()
