"""What is told while a request is waited for: on stderr, and of its states only to who looks at a terminal."""

from __future__ import annotations

import logging
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..log import logger
from .text import tell, visible

if TYPE_CHECKING:
    from collections.abc import Generator

    from ..calls.status import QueueStatus


class _Told(logging.Handler):
    """Tells what the package logs; a server's words are in it."""

    def emit(self, record: logging.LogRecord) -> None:
        """Tell it."""
        tell(visible(self.format(record)))


def hear_warnings() -> None:
    """Have the package's warnings told on stderr."""
    if not any(isinstance(each, _Told) for each in logger.handlers):
        logger.addHandler(_Told(logging.WARNING))


class Watch:
    """Hears of a request's states.

    Args:
        endpoint_id: Whose request.

    Attributes:
        request_id: fal's id of it, as soon as it is known.
    """

    def __init__(self, endpoint_id: str, *, logs: bool) -> None:
        self.request_id = ""
        self._endpoint_id = endpoint_id
        self._logs = logs
        self._began = time.monotonic()
        self._line: Any = None

    @contextmanager
    def shown(self) -> Generator[None]:
        """Show the state on one line of a terminal, which goes away at the end; elsewhere nothing."""
        if not sys.stderr.isatty():
            yield
            return
        from rich.console import Console
        from rich.status import Status

        console = Console(stderr=True, highlight=False, emoji=False)
        with Status(self._text("sent"), console=console) as self._line:
            try:
                yield
            finally:
                self._line = None

    def __call__(self, status: QueueStatus) -> None:
        """Take note of a state."""
        self.request_id = status.request_id
        if self._logs:
            for entry in status.logs:
                self._tell_log(visible(entry.message))
        if self._line is not None:
            self._line.update(self._text(in_words(status)))

    def _tell_log(self, message: str) -> None:
        if self._line is None:
            tell(message)
            return
        from rich.text import Text

        self._line.console.print(Text(message), soft_wrap=True)

    def _text(self, state: str) -> Any:
        from rich.text import Text

        return Text(f"{self._endpoint_id} {state} {time.monotonic() - self._began:.0f} s {self.request_id}".rstrip())


def in_words(status: QueueStatus) -> str:
    """A state, for people."""
    from ..calls.status import Completed, Queued

    if isinstance(status, Queued):
        before = status.queue_position
        return "queued" if before is None else f"queued, {before} before it"
    if isinstance(status, Completed):
        return f"failed: {visible(status.error)}" if status.error else "completed"
    return "in progress"
