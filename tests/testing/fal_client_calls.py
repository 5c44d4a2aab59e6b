"""The official `fal-client`, unmodified, in a process of its own: what it can do with a fal, told as JSON.

Where fal is, whom to trust and the key come from the environment alone. Argument: `sync`, `async`, or `large`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import sys
from typing import TYPE_CHECKING, Any

import fal_client
import httpx

if TYPE_CHECKING:
    from collections.abc import Callable

ENDPOINT = "fal-ai/flux-1/schnell"
INPUT = {"prompt": "a cat", "image_size": "square", "num_images": 2}
# More than fal-client sends in one piece.
LARGE = b"0123456789abcdef" * (101 * 2**16)


def downloaded(url: str) -> list[Any]:
    """What is there."""
    answer = httpx.get(url)
    return [answer.status_code, answer.headers["content-type"], hashlib.sha256(answer.content).hexdigest()]


def error_of(call: Callable[[], object]) -> list[Any]:
    """How it fails."""
    try:
        return ["nothing", call()]
    except fal_client.FalClientHTTPError as error:
        return [error.status_code, error.message]


def sync_calls() -> dict[str, Any]:
    """What came of each."""
    client, updates = fal_client.SyncClient(), list[str]()
    told: dict[str, Any] = {"run": client.run(ENDPOINT, INPUT)}
    told["subscribe"] = client.subscribe(
        ENDPOINT, INPUT, with_logs=True, on_queue_update=lambda update: updates.append(type(update).__name__)
    )
    handle = client.submit(ENDPOINT, INPUT, hint="here", priority="low")
    told["request_id"], told["updates"] = handle.request_id, updates
    told["events"] = [type(event).__name__ for event in handle.iter_events(with_logs=True)]
    told["get"] = handle.get()
    told["status"] = type(client.status(ENDPOINT, handle.request_id, with_logs=True)).__name__
    told["result"] = client.result(ENDPOINT, handle.request_id)
    told["stream"] = [*client.stream(ENDPOINT, INPUT)]
    told["late cancel"] = error_of(lambda: client.cancel(ENDPOINT, handle.request_id))
    told["unknown request"] = error_of(lambda: client.status(ENDPOINT, "00000000-0000-0000-0000-000000000000"))
    told["unknown endpoint"] = error_of(lambda: client.submit("fal-ai/no/such", {}))
    told["invalid input"] = error_of(lambda: client.run(ENDPOINT, {"prompt": 7}))
    told["upload"] = downloaded(client.upload(b"hello", "text/plain", "hello.txt"))
    told["picture"] = downloaded(told["run"]["images"][0]["url"])
    return told


async def async_calls() -> dict[str, Any]:
    """The same."""
    client, updates = fal_client.AsyncClient(), list[str]()
    told: dict[str, Any] = {"run": await client.run(ENDPOINT, INPUT)}
    told["subscribe"] = await client.subscribe(
        ENDPOINT, INPUT, with_logs=True, on_queue_update=lambda update: updates.append(type(update).__name__)
    )
    handle = await client.submit(ENDPOINT, INPUT, hint="here", priority="low")
    told["request_id"], told["updates"] = handle.request_id, updates
    told["events"] = [type(event).__name__ async for event in handle.iter_events(with_logs=True)]
    told["get"] = await handle.get()
    told["status"] = type(await client.status(ENDPOINT, handle.request_id, with_logs=True)).__name__
    told["result"] = await client.result(ENDPOINT, handle.request_id)
    told["stream"] = [event async for event in client.stream(ENDPOINT, INPUT)]
    told["upload"] = downloaded(await client.upload(b"hello", "text/plain", "hello.txt"))
    told["picture"] = downloaded(told["run"]["images"][0]["url"])
    return told


async def large_calls() -> dict[str, Any]:
    """A file that goes in parts."""
    kind, name = "video/mp4", "large.mp4"
    return {
        "sync": downloaded(fal_client.SyncClient().upload(LARGE, kind, name)),
        "async": downloaded(await fal_client.AsyncClient().upload(LARGE, kind, name)),
        "sent": hashlib.sha256(LARGE).hexdigest(),
    }


if __name__ == "__main__":
    if sys.argv[1] == "sync":
        sys.stdout.write(json.dumps(sync_calls()))
    else:
        calls = async_calls() if sys.argv[1] == "async" else large_calls()
        sys.stdout.write(json.dumps(asyncio.run(calls)))
