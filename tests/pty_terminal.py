"""A program on a terminal of its own (a pty, which Windows lacks), and what stands on the screen."""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING

import pexpect
import pyte
from fal_server.waiting import PATIENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import Self


class Terminal:
    """Python code that runs on a terminal.

    Args:
        code: The code.
        folder: Where it runs.
        environment: Variables over those of this process.
        columns: How wide the terminal is.

    Attributes:
        raw: All that was written to it.
    """

    def __init__(
        self, code: str, folder: Path, environment: Mapping[str, str] | None = None, columns: int = 100
    ) -> None:
        given = {**os.environ, "TERM": "xterm-256color", **(environment or {}), "PYTHONPATH": os.pathsep.join(sys.path)}
        given.pop("NO_COLOR", None)
        self._screen = pyte.Screen(columns, 24)
        self._stream = pyte.ByteStream(self._screen)
        self._program = pexpect.spawn(
            sys.executable, ["-c", code], cwd=str(folder), env=given, dimensions=(24, columns), echo=False
        )
        self.raw = b""

    @property
    def lines(self) -> list[str]:
        """What stands on the screen, without what is empty above and below."""
        return "\n".join(line.rstrip() for line in self._screen.display).strip("\n").split("\n")

    def wait_for(self, seen: Callable[[list[str]], object]) -> list[str]:
        """What stands there as soon as it is as wanted.

        Raises:
            AssertionError: The program ends before, or it never is so.
        """
        end = time.monotonic() + PATIENCE
        while not seen(self.lines):
            assert self._read(), f"the program has ended: {self.lines}"
            assert time.monotonic() < end, self.lines
        return self.lines

    def wait_for_text(self, text: str) -> list[str]:
        """What stands there as soon as some text does."""
        return self.wait_for(lambda lines: any(text in line for line in lines))

    def type(self, text: str) -> None:
        """Type it."""
        self._program.send(text)

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._program.sendintr()

    def end(self) -> list[str]:
        """What stands there when the program has ended, which must be by itself, and well."""
        while self._read():
            pass
        self._program.close()
        assert self._program.exitstatus == 0, self.lines
        return self.lines

    def _read(self) -> bool:
        try:
            data: bytes = self._program.read_nonblocking(65536, timeout=PATIENCE)
        except pexpect.EOF:
            return False
        self.raw += data
        self._stream.feed(data)
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._program.close(force=True)
