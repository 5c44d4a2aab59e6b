"""What a program prints while its line is shown: the line makes way for it."""

# design: What becomes of what a program prints?

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from ..forks import ReentrantLock

if TYPE_CHECKING:
    from collections.abc import Callable


class Prints:
    """Takes a line away before anything is written to stdout or stderr, where these are terminals.

    Their `write` is replaced for as long as the line is shown. So whoever kept a stream, as handlers of logs do, is
    heard too. What C code and other processes write is not.

    Args:
        make_way: Takes the line away, if it is to be seen.

    Attributes:
        lock: Held by whoever writes, the line or a print.
    """

    def __init__(self, make_way: Callable[[], None]) -> None:
        self.lock = ReentrantLock()  # a handler of signals may print within a print
        self._make_way = make_way
        self._process = os.getpid()
        self._taken: list[tuple[Any, Any, Any]] = []

    def take(self) -> None:
        """Begin, if it has not begun."""
        streams: dict[int, Any] = {} if self._taken else {id(stream): stream for stream in (sys.stdout, sys.stderr)}
        for stream in streams.values():
            with suppress(AttributeError, TypeError, ValueError):  # one of a kind of its own, none, or closed
                if stream.isatty():
                    before, ours = _own(stream).get("write"), self._writing(stream.write)
                    stream.write = ours
                    self._taken.append((stream, before, ours))

    def leave(self) -> None:
        """End, unless somebody has replaced it since: then what is called is ours still, and does nothing more."""
        taken, self._taken = self._taken, []
        for stream, before, ours in taken:
            if _own(stream).get("write") is ours:
                if before is None:
                    del stream.write
                else:
                    stream.write = before

    def _writing(self, write: Callable[[str], int]) -> Callable[[str], int]:
        def writing(text: str) -> int:
            if not self._taken or os.getpid() != self._process:  # the line is the parent's
                return write(text)
            with self.lock:
                with suppress(Exception):  # the print's own errors are its own
                    self._make_way()
                return write(text)

        return writing


def _own(stream: Any) -> dict[str, Any]:
    own: dict[str, Any] = stream.__dict__
    return own
