"""The command line of the package, in a process of its own; and what leads it to a server."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fal_server import FalServer

GENERATED = Path(__file__).parents[2] / "generated"


@dataclass(frozen=True)
class Ran:
    """What a command did."""

    code: int
    out: str
    err: str


def settings(server: FalServer) -> dict[str, str]:
    """What leads a process to the server."""
    return {"FAL_KEY": "id:secret", "FAL_RUN_HOST": server.run_url, "FAL_QUEUE_RUN_HOST": server.queue_url}


def started(*arguments: str, **more: str) -> subprocess.Popen[str]:
    """The command line in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "fal_typed.cli", *arguments],
        env={**os.environ, "PYTHONPATH": str(GENERATED), **more},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
