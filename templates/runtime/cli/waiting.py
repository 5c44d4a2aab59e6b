"""What is told while a request is waited for: the model's log lines, and the package's warnings, on stderr."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from ..log import logger
from .text import tell, visible

if TYPE_CHECKING:
    from ..events.states import QueueStatus


class _Told(logging.Handler):
    """Tells what the package logs; a server's words are in it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it."""
        tell(visible(self.format(record)))


def hear_warnings() -> None:
    """Have the package's warnings told on stderr."""
    if not any(isinstance(each, _Told) for each in logger.handlers):
        logger.addHandler(_Told(logging.WARNING))


def tell_logs(status: QueueStatus) -> None:
    """Tell the new log lines of a state."""
    for entry in status.logs:
        tell(visible(entry.message))


def in_words(status: QueueStatus) -> str:
    """A state, for people."""
    from ..events.states import Completed, Queued

    if isinstance(status, Queued):
        before = status.queue_position
        return "queued" if before is None else f"queued, {before} before it"
    if isinstance(status, Completed):
        return f"failed: {visible(status.error)}" if status.error else "completed"
    return "in progress"
