"""Who submitted which request."""

# design: Who may read a result through the proxy?

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .. import checks, forks

if TYPE_CHECKING:
    from collections.abc import Awaitable


class OwnerStore(Protocol):
    """Where a proxy keeps whose request is whose: a table, a Redis. On ASGI both methods may be coroutine functions.

    What it forgets can be read by nobody.
    """

    def remember(self, request_id: str, owner: str, /) -> object:
        """Note who submitted a request; called before the caller knows its id."""
        ...

    def owner_of(self, request_id: str, /) -> str | Awaitable[str | None] | None:
        """Who submitted it; None where that is not known."""
        ...


class MemoryOwners:
    """The store that a proxy has by default: in the memory of one process, which is not that of another worker.

    Args:
        size: How many requests it remembers, the newest ones.
    """

    def __init__(self, size: int = 100_000) -> None:
        self._size = checks.count("size", size) or 0
        self._owners: dict[str, str] = {}
        self._lock = forks.Lock()

    def remember(self, request_id: str, owner: str, /) -> None:
        """See OwnerStore."""
        with self._lock:
            self._owners.pop(request_id, None)
            self._owners[request_id] = owner
            while len(self._owners) > self._size:
                del self._owners[next(iter(self._owners))]

    def owner_of(self, request_id: str, /) -> str | None:
        """See OwnerStore."""
        return self._owners.get(request_id)
