"""The states of a queued request, as values.

Hand-written: the OpenAPI documents are wrong about them (fal docs, Queue API).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Mapping


class Plain:
    """A value with attributes, which who knows fal-client may take for a dict."""

    __slots__ = ()

    if not TYPE_CHECKING:
        __iter__ = None  # else `__getitem__` would make it iterable

        def __getitem__(self, key: object) -> Any:
            from ..habits.dicts import subscript_error

            raise subscript_error(self, key, {name: name for name in self.__slots__})

        def __contains__(self, key: object) -> bool:
            from ..habits.dicts import contains_error

            raise contains_error(self, key, {name: name for name in self.__slots__}, "dataclasses.asdict(...)")

        def __getattr__(self, name: str) -> Any:
            if name.startswith("_"):
                raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}", name=name)
            if name == "position" and isinstance(self, Queued):
                raise AttributeError("'Queued' object has no attribute 'position'; it is .queue_position", name=name)
            from ..habits.dicts import attribute_error

            raise attribute_error(self, name, self.__slots__)


@dataclass(frozen=True, slots=True)
class LogEntry(Plain):
    """One line that the model printed."""

    message: str
    timestamp: str | None = None
    level: str | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Queued(Plain):
    """Waiting for a runner; `queue_position` requests are ahead."""

    request_id: str
    queue_position: int | None = None
    logs: tuple[LogEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class InProgress(Plain):
    """A runner works on it. `logs` holds the new entries in an update, all of them in an answer of `status()`."""

    request_id: str
    logs: tuple[LogEntry, ...] = ()


@dataclass(frozen=True, slots=True)
class Completed(Plain):
    """Finished; a failure is a completion with `error` (there is no other failure state)."""

    request_id: str
    logs: tuple[LogEntry, ...] = ()
    metrics: Mapping[str, Any] | None = None
    error: str | None = None
    error_type: str | None = None


QueueStatus: TypeAlias = Queued | InProgress | Completed
