"""The official `fal-client`, unmodified, in a process of its own: it takes commands as JSON lines and answers each.

The hosts and the key come from the environment, which it reads when it is imported.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

import fal_client

BY_ID = ("status", "result", "cancel")


def _call(client: Any, command: dict[str, Any]) -> Any:
    verb, endpoint, options = command["verb"], command["endpoint"], command.get("options", {})
    if verb in BY_ID:
        return getattr(client, verb)(endpoint, command["request_id"], **options)
    if options.pop("watched", False):
        options["on_queue_update"] = lambda _: None
    return getattr(client, verb)(endpoint, command["input"], **options)


def _answer(outcome: Any) -> None:
    sys.stdout.write(json.dumps({"outcome": outcome if isinstance(outcome, dict) else repr(outcome)}) + "\n")
    sys.stdout.flush()


def _serve() -> None:
    client = fal_client.SyncClient()
    for line in sys.stdin:
        try:
            _answer(_call(client, json.loads(line)))
        except Exception as error:
            _answer(error)


async def _serve_async() -> None:
    client = fal_client.AsyncClient()
    for line in sys.stdin:
        try:
            _answer(await _call(client, json.loads(line)))
        except Exception as error:
            _answer(error)


if __name__ == "__main__":
    if sys.argv[1] == "async":
        asyncio.run(_serve_async())
    else:
        _serve()
