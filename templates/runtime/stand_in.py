"""What stands in for the network while a fake or a cassette is at work. Imports nothing heavy."""

# design: How does a fake get between a client and the network?

from __future__ import annotations

import time
from contextvars import ContextVar
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from . import forks

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    import httpx


class StandIn(Protocol):
    """Whatever every client of the process sends by, instead of its own connections."""

    @property
    def key(self) -> str | None:
        """The key that every client has meanwhile; None where each keeps its own."""
        ...

    def client(self) -> httpx.Client:
        """What threads send by, instead of their own clients of httpx and of those that were given."""
        ...

    def async_client(self) -> httpx.AsyncClient:
        """The same in the running event loop."""
        ...

    def now(self) -> float:
        """Seconds, as `time.monotonic`, wherever the runtime measures how long something may take."""
        ...

    def pause(self, seconds: float) -> None:
        """Let time pass, as `time.sleep`."""
        ...

    def apause(self, seconds: float) -> Awaitable[None]:
        """The same in an event loop, as `asyncio.sleep`."""
        ...


# The one of this process. To be looked at once for each use: another thread may put it back meanwhile.
current: StandIn | None = None
# Seconds on the clock that counts. Called by way of the module; it is the system's own, at no cost.
now: Callable[[], float] = time.monotonic


# Whether anything ever stood in, in this process: all others have nothing to check.
has_stood = False
_standing: list[StandIn] = []
# What stood in where a task was made: it keeps this when the block around it has ended.
_inside: ContextVar[StandIn | None] = ContextVar("_inside", default=None)
_lock = forks.Lock()


def put(instead: StandIn) -> None:
    """Let something stand in for the network from now on, in front of whatever does so already."""
    with _lock:
        _standing.append(instead)
        _look()
    _inside.set(instead)


def take_away(instead: StandIn) -> None:
    """Let it stand in no more, wherever it stands: fakes of two threads may end in any order."""
    with _lock:
        _standing[:] = [one for one in _standing if one is not instead]
        _look()
    _inside.set(current)


def check(begun: StandIn | None) -> None:
    """Before something is sent: what was begun in a fake goes to no real service when that has ended.

    Args:
        begun: What stood in when the call began.

    Raises:
        RuntimeError: It does no more, or what stood in where this task was made.
    """
    for one in (begun, _inside.get()):
        if one is not None and not any(one is each for each in _standing):
            raise RuntimeError(
                "this call was begun while a fake of fal or a cassette was on, which has ended: nothing was sent; "
                "let the call end inside of the block, such as by awaiting it there"
            )


def _look() -> None:
    global current, now, has_stood
    has_stood = True
    current = _standing[-1] if _standing else None
    now = time.monotonic if current is None else current.now


T = TypeVar("T")


class Apart(Generic[T]):
    """What is learnt from a service, kept apart for whatever stands in for it: tokens of a fake are none of fal's.

    Args:
        make: Makes an empty one.
    """

    def __init__(self, make: Callable[[], T]) -> None:
        self._make = make
        self._own = make()
        self._meanwhile: tuple[StandIn, T] | None = None

    def get(self) -> T:
        """The one that counts now."""
        instead, kept = current, self._meanwhile
        if instead is None:
            return self._own
        if kept is None or kept[0] is not instead:
            kept = self._meanwhile = instead, self._make()
        return kept[1]
