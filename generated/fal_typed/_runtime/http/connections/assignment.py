"""Which request of a pool gets which connection: httpcore decides, and is shown those alone that may be had.

Httpcore looks at all connections whenever a request comes or goes. One that is idle and has something to read was
closed by the other side; it asks the system that of each. Two things are wrong with it:

- A connection that a thread was just given is idle until that thread goes on. If it does between the two questions,
  what there is to read is its answer; the connection is closed under it, and it waits for as long as `http_timeout`.
- With a hundred connections it is a third of what a call costs.
"""

# design: Which connections does a pool look at?

from __future__ import annotations

import time
from typing import Any

from .pools import pools_of

_ASSIGN = "_assign_requests_to_connections"
# So often all connections that wait are looked at, in seconds.
LOOK_SECONDS = 1.0


def assign_with_care(client: Any) -> None:
    """Take over the assignment of all pools of a client of httpx, sync or async; done once for each."""
    for pool in pools_of(client):
        if hasattr(pool, _ASSIGN) and _ASSIGN not in vars(pool):
            setattr(pool, _ASSIGN, _Assignment(pool))


class _Assignment:
    """The pool's own, in view of some of its connections. Called under the pool's lock."""

    def __init__(self, pool: Any) -> None:
        self._pool = pool
        self._assign: Any = getattr(pool.__class__, _ASSIGN)
        self._looked = time.monotonic()

    def __call__(self) -> list[Any]:
        """Give requests their connections, and return those to close."""
        pool = self._pool
        given = {id(one.connection) for one in pool._requests}
        origins = [one.request.url.origin for one in pool._requests if one.is_queued()]
        looks = self._looks()
        hidden: list[Any] = []
        shown: list[Any] = []
        for one in pool._connections:
            if id(one) in given and (one.is_idle() or not one.is_available()):
                hidden.append(one)  # but one that serves several requests at once (HTTP/2) goes on to be had
            elif looks or not one.is_idle() or _take(origins, one):
                shown.append(one)
            else:
                hidden.append(one)
        view: Any = _View(pool, shown, len(hidden))
        try:
            closing: list[Any] = self._assign(view)
        finally:
            pool._connections[:] = hidden + view._connections
        return closing

    def _looks(self) -> bool:
        """Whether it is time to look at all of them, or there are so many that some may have to go."""
        now, pool = time.monotonic(), self._pool
        most = min(pool._max_connections - 1, pool._max_keepalive_connections)
        if now - self._looked < LOOK_SECONDS and len(pool._connections) <= most:
            return False
        self._looked = now
        return True


def _take(origins: list[Any], connection: Any) -> bool:
    """Whether a request that waits can have a connection; it is no longer among those that wait."""
    for origin in origins:
        if connection.can_handle_request(origin):
            origins.remove(origin)
            return True
    return False


class _View:
    """A pool with some of its connections."""

    def __init__(self, pool: Any, shown: list[Any], hidden: int) -> None:
        self._pool = pool
        self._connections = shown
        self._max_connections = pool._max_connections - hidden

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pool, name)
