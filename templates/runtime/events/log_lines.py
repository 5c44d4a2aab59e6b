"""The lines of the log that are about a whole call; those about one exchange are written where it ends."""

# design: What does a call tell of itself?

from __future__ import annotations

from typing import TYPE_CHECKING

from ..log import logger
from .kinds import Completed, Failed, Updated
from .watch import Listener

if TYPE_CHECKING:
    from .kinds import Event


class LogLines(Listener):
    """Writes at DEBUG what becomes of calls. Of an error its type alone: its text may quote an input."""

    def told(self, event: Event) -> None:
        """See Listener."""
        if isinstance(event, Updated):
            what = f"state {type(event.status).__name__}"
        elif isinstance(event, Failed):
            what = f"failed with {type(event.error).__name__}"
        elif isinstance(event, Completed):
            what = "completed"
        else:
            return
        request_id = "" if event.request_id is None else f" (request id {event.request_id})"
        logger.debug("%s%s: %s after %.0f ms", event.endpoint, request_id, what, event.seconds * 1000)


LOG_LINES = LogLines()
