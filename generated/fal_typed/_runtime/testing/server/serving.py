"""What stands behind the server: a service in real time."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..clock import Clock
    from .history import History
    from .listening import Answers


def answers_of(clock: Clock, history: History, seconds: float) -> Answers:
    """Makes a service for the places that a server has."""
    return lambda request, hosts: None
