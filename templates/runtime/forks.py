"""What a forked child has of its own: locks that no thread of its parent holds, and connections.

Python copies a process whole, but for its other threads: a lock that one of those held stays locked for ever, and on a
connection both processes would read, each the other's answers.
"""

# design: What does a client do after a fork?

from __future__ import annotations

import os
from _thread import (  # threading and weakref take a tenth of the time of naming the client
    LockType,
    RLock,
    allocate_lock,
)
from _weakref import ref
from typing import Protocol


class Forked(Protocol):
    """Something that must not go on in a child as it was."""

    def after_fork(self) -> None:
        """Called in the child, before anything else runs there."""


_NOTED: dict[int, ref[Forked]] = {}


def note(each: Forked) -> None:
    """Call its `after_fork` in every child, for as long as it is there."""
    key = id(each)
    _NOTED[key] = ref(each, lambda _: _NOTED.pop(key, None))


class Lock:
    """As `threading.Lock`, and free in a child."""

    def __init__(self) -> None:
        self._lock: LockType | RLock = allocate_lock()
        note(self)

    def __enter__(self) -> None:
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()

    def after_fork(self) -> None:
        """See Forked."""
        self._lock = allocate_lock()


class ReentrantLock(Lock):
    """As `threading.RLock`, and free in a child."""

    def __init__(self) -> None:
        super().__init__()
        self._lock = RLock()

    def after_fork(self) -> None:
        """See Forked."""
        self._lock = RLock()


def _in_child() -> None:
    for each in [noted() for noted in list(_NOTED.values())]:  # a collection meanwhile would take some out
        if each is not None:
            each.after_fork()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(after_in_child=_in_child)
