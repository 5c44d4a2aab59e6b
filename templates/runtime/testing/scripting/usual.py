"""What an endpoint gives where nothing is scripted: an output made from its document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .script import Play

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..messages import Json
    from .script import Call


class Usual:
    """The script of an endpoint that nobody scripted.

    Args:
        output: Makes an output that is valid by the endpoint's document.
    """

    def __init__(self, output: Callable[[Call], Json]) -> None:
        self._output = output

    def play(self, call: Call) -> Play:
        """See Script: it is done at once; a stream has the output as its only event."""
        output = self._output(call)
        return Play(output, events=[output])
