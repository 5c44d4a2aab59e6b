"""The fake's server as its users start it: a process."""

from __future__ import annotations

import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = [sys.executable, "-m", "fal_typed.testing"]


@contextmanager
def commanded(*arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server at any free port: its URL, and its process."""
    pipe = subprocess.PIPE
    with subprocess.Popen([*COMMAND, "--port", "0", *arguments], stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        try:
            first = process.stdout.readline()
            if not first:
                raise AssertionError(process.communicate()[1])
            yield first.split()[-1], process
        finally:
            process.kill()
