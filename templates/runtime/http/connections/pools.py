"""The pools of connections that a client of httpx keeps, which it does not show: httpcore's.

Whatever is looked for here and not there (a caller's own transport, a later version) is left alone.
"""

# design: What does a cancelled task leave behind?

from __future__ import annotations

from contextlib import suppress
from typing import Any


def pools_of(client: Any) -> list[Any]:
    """The pools of a client: one for each of its transports, which are more than one where there are proxies."""
    transports = [getattr(client, "_transport", None), *getattr(client, "_mounts", {}).values()]
    pools = [getattr(transport, "_pool", None) for transport in transports]
    return [pool for pool in pools if isinstance(getattr(pool, "_requests", None), list)]


def take_out(client: Any, timeouts: object) -> list[Any]:
    """Take an exchange out of its pool that ended without being put away, and return the connections to close.

    Httpcore puts a request away in steps that wait for locks. A task that is cancelled there leaves the rest undone,
    and it cannot be done later: everything counts as closed already. What serves no request and is not idle is such a
    rest. The pools are those of an asynchronous client, so nobody is in the midst of changing them.

    Args:
        client: Its pools are looked through.
        timeouts: The `timeout` extension of the exchange, by which its request is known.
    """
    left: list[Any] = []
    for pool in pools_of(client):
        pool._requests[:] = [one for one in pool._requests if one.request.extensions.get("timeout") is not timeouts]
        serving = {id(one.connection) for one in pool._requests}
        rest = [one for one in pool._connections if id(one) not in serving and not (one.is_idle() or one.is_closed())]
        pool._connections[:] = [one for one in pool._connections if one not in rest]
        left += rest
        left += pool._assign_requests_to_connections()  # who waits for a place has it now
    return left


async def close_all(connections: list[Any]) -> None:
    """Close connections, whatever comes of it."""
    for each in connections:
        with suppress(Exception):
            await each.aclose()
