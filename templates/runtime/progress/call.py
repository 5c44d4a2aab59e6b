"""What the steps of a call say on its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..events.kinds import Closed, Completed, Failed, Retried, Started, Submitted, Updated, Uploaded
from ..events.states import InProgress, Queued
from ..events.watch import Listener
from .display import DISPLAY
from .line import Line

if TYPE_CHECKING:
    from ..events.kinds import Event, Verb
    from ..events.states import QueueStatus
    from .display import Display
    from .wanted import Place

# What a call does that is not in the queue, by its verb.
_DOES: dict[Verb, str] = {
    "run": "running",
    "stream": "streaming",
    "submit": "submitting",
    "subscribe": "submitting",
    "result": "waiting",
    "updates": "waiting",
}
# So long it is shown that something is tried again, from when it is, unless it is seen to have worked before.
_RETRIED_SECONDS = 3.0


class ShownCall(Listener):
    """One call on the display, from its first step to its last.

    Args:
        place: Where it is shown.
        display: The display.
    """

    def __init__(self, place: Place, display: Display = DISPLAY) -> None:
        self._place, self._display = place, display
        self._line = Line("", "")
        self._does = ""

    def told(self, event: Event) -> None:
        """See Listener."""
        line = self._line
        match event:
            case Started():
                self._does = _DOES[event.verb]
                self._line = Line(event.endpoint, self._does)
                self._display.add(self._line, self._place)
            case Submitted():
                line.release()
                line.turn("queued")
            case Updated():
                line.release()
                _update(line, event.status)
            case Uploaded():
                line.release()
                if line.is_moved:
                    line.turn(self._does)
            case Retried():
                line.hold(f"trying again: {event.reason}", event.wait + _RETRIED_SECONDS)
            case Completed() | Closed():
                self._display.end(line)
            case Failed():
                self._display.end(line, failed=True)
            case _:
                pass

    def moved(self, call: int, name: str, moved: int, total: int | None) -> None:  # noqa: ARG002
        """See Listener."""
        if self._line.kind != "uploading":
            self._line.turn("uploading")
        self._line.move(name, moved, total)


def _update(line: Line, status: QueueStatus) -> None:
    if isinstance(status, Queued):
        ahead = status.queue_position
        line.turn("queued", f", {ahead} ahead" if ahead else "")
    else:
        line.turn("in progress" if isinstance(status, InProgress) else "finishing")
    if status.logs:
        line.log(status.logs[-1].message)
