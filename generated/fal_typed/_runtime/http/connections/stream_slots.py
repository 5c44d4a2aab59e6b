"""How many streams may be open at once: each holds a connection, and no other request is to wait for one."""

from __future__ import annotations

from collections import deque
from typing import Any
from weakref import WeakKeyDictionary

from .pools import pools_of

# Of a client whose pool does not say how many connections it has.
_FEW = 4
# Whatever a pool says: half of our own.
_MOST = 500
# By client of httpx, which may serve several of ours. No locks: what a process holds when it forks stays locked in
# the child, and both of these are safe among threads.
_free: WeakKeyDictionary[Any, deque[None]] = WeakKeyDictionary()


class Slot:
    """The right to one connection, until it is given back: by hand, or with the last reference to it."""

    def __init__(self, free: deque[None]) -> None:
        self._free: deque[None] | None = free

    def release(self) -> None:
        """Give it back. Once: the second time does nothing."""
        free, self._free = self._free, None
        if free is not None:
            free.append(None)

    __del__ = release


def take_slot(client: Any) -> Slot | None:
    """A slot for a stream of a client of httpx; None where all are taken."""
    free = _free.get(client)
    if free is None:
        free = _free.setdefault(client, deque([None] * _slots_of(client)))
    try:
        free.pop()
    except IndexError:
        return None
    return Slot(free)


def free_slot() -> Slot:
    """One where there are no connections that it could take from others."""
    return Slot(deque())


def free_slots(client: Any) -> None:
    """Forget who has one: in a forked child, nobody."""
    _free.pop(client, None)


def _slots_of(client: Any) -> int:
    """Half of the connections that a client has at most; of its pools, the smallest counts."""
    sizes = [getattr(pool, "_max_connections", None) for pool in pools_of(client)]
    known = [size for size in sizes if isinstance(size, int)]
    return min(min(known) // 2, _MOST) if known else _FEW
