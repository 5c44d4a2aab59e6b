"""What stands behind the server: a service in real time, whose endpoints do what their documents say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..scripting.usual import Usual
from ..service.catalog import Catalog, output_by
from ..service.service import Service

if TYPE_CHECKING:
    from ..clock import Clock
    from ..messages import Json
    from ..scripting.script import Call, Play
    from .history import History
    from .listening import Answers

_PACKAGE = __name__.partition("._runtime")[0]


def answers_of(clock: Clock, history: History, seconds: float) -> Answers:
    """What a server answers.

    Args:
        clock: Whose time calls take.
        history: Where what was asked is noted.
        seconds: How long each call takes.
    """
    catalog = Catalog(_PACKAGE)

    def output(call: Call) -> Json:
        schemas = catalog.schemas(call.endpoint_id)
        if schemas is None:
            raise LookupError(f"{_PACKAGE} has no document of {call.endpoint_id}")
        return output_by(schemas, call, history.cdn)

    return Service(catalog=catalog, clock=clock, book=history, usual=_Lasting(Usual(output), seconds)).answer


class _Lasting:
    """A script whose calls take their time, half of it in the queue; or none."""

    def __init__(self, script: Usual, seconds: float) -> None:
        self._script = script
        self._seconds = seconds

    def play(self, call: Call) -> Play:
        """See Script."""
        played = self._script.play(call)
        return replace(played, seconds=self._seconds, queue=[0]) if self._seconds else played
