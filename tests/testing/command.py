"""The fake's server as its users start it: a process."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import fal_typed

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMAND = [sys.executable, "-m", "fal_typed.testing"]
# Where the package is that is tested, also for who has not installed it.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(fal_typed.__file__).parents[1])}


@contextmanager
def commanded(*arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server at any free port: its URL, and its process."""
    pipe = subprocess.PIPE
    command = [*COMMAND, "--port", "0", *arguments]
    with subprocess.Popen(command, env=ENVIRONMENT, stdout=pipe, stderr=pipe, text=True) as process:
        assert process.stdout is not None
        try:
            first = process.stdout.readline()
            if not first:
                raise AssertionError(process.communicate()[1])
            yield first.split()[-1], process
        finally:
            process.kill()
