"""Somebody who listens to calls, and keeps what is told."""

from __future__ import annotations

from typing import TypeVar

from runtime.events.kinds import Event

E = TypeVar("E", bound=Event)


class Heard(list[Event]):
    """An `on_event` that keeps what it is told."""

    def __call__(self, event: Event) -> None:
        self.append(event)

    def kinds(self) -> list[str]:
        """The events in short."""
        return [type(event).__name__ for event in self]

    def of(self, kind: type[E]) -> list[E]:
        """Those of a kind."""
        return [event for event in self if isinstance(event, kind)]
