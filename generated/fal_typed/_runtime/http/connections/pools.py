"""The pools of connections that a client of httpx keeps, which it does not show: httpcore's.

Whatever is looked for here and not there (a caller's own transport, a later version) is left alone.
"""

# design: What does a cancelled task leave behind?

from __future__ import annotations

import socket
from contextlib import suppress
from typing import Any

# Of the parent process. Not closed where an event loop knows them: it would tell the system to forget them, which
# knows them for both processes; and kept, so that nobody else closes them either.
_PARENTS: list[Any] = []


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


def leave_to_parent(client: Any) -> None:
    """Empty a client's pools in a forked child, without a word to the other side, and free locks that were held."""
    for pool in pools_of(client):
        _PARENTS.append((pool._connections, pool._requests))
        for connection in pool._connections:
            found = _socket_of(connection)
            if found is not None:
                found.close()  # no SSLSocket says good-bye here: that would end the parent's session
        pool._connections, pool._requests = [], []
        pool._optional_thread_lock = type(pool._optional_thread_lock)()


def leave_body_to_parent(response: Any) -> None:
    """Let the body of an answer in a forked child be no part of its pool, which it would look for there at its end."""
    part = response.stream
    while part is not None and not hasattr(part, "_closed"):
        part = getattr(part, "_stream", getattr(part, "_httpcore_stream", None))
    if part is not None:
        part._closed = True


def holder_of(connection: Any) -> Any:
    """What holds the stream of a connection; None while it is being made. Connections through proxies are nested."""
    while connection is not None and not hasattr(connection, "_network_stream"):
        connection = getattr(connection, "_connection", None)
    return connection


def _socket_of(connection: Any) -> socket.socket | None:
    """The socket of a connection, if it has one, and no event loop does."""
    holder = holder_of(connection)
    found = None if holder is None else holder._network_stream.get_extra_info("socket")
    return found if isinstance(found, socket.socket) else None


def keep(parents: object) -> None:
    """Let nobody finalize what is a parent's."""
    _PARENTS.append(parents)


async def close_all(connections: list[Any]) -> None:
    """Close connections, whatever comes of it."""
    for each in connections:
        with suppress(Exception):
            await each.aclose()
