"""A copy of this repository, as somebody has it who types what the pages say; and a shell in it."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from .collect import REPOSITORY

# Not copied: what git ignores, and what comes back by itself.
_OURS = shutil.ignore_patterns(
    ".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", ".fuzz", "dist", "node_modules"
)
_SHIM = '#!/bin/sh\nexec {command} "$@"\n'


class Typed(NamedTuple):
    """What a command did: its exit code, and what a terminal would show."""

    code: int
    shown: str


def executable(path: Path, command: str) -> None:
    """A program at a path, that is a command."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_SHIM.format(command=command), encoding="utf-8")
    path.chmod(0o755)


def checkout(folder: Path) -> Path:
    """This repository with one commit, and `.venv` as `make` leaves it: with the tools of this run."""
    shutil.copytree(REPOSITORY, folder, ignore=_OURS)
    for tool in Path(sys.executable).parent.iterdir():
        if tool.is_file() and os.access(tool, os.X_OK):
            executable(folder / ".venv" / "bin" / tool.name, shlex.quote(str(tool)))
    (folder / ".venv" / ".ready").touch()
    identity = "-c user.name=it -c user.email=it@example.com"
    begun = f"git init -q -b main && git add -A && git {identity} commit -q -m 'As it was'"
    assert typed(begun, folder).code == 0
    return folder


def tools(folder: Path) -> Path:
    """A folder for `PATH` with pip, and with the generator of this checkout as if it was installed."""
    python = shlex.quote(sys.executable)
    executable(folder / "pip", f"{python} -m pip")
    executable(folder / "fal-typed-generator", f"env PYTHONPATH={shlex.quote(str(REPOSITORY))} {python} -m generator")
    return folder


def typed(command: str, folder: Path, **environment: str) -> Typed:
    """Type a command into a shell, in a folder."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("FAL_KEY", "PYTEST_"))}
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", command],
        cwd=folder,
        env={**clean, "NO_COLOR": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=600,
    )
    return Typed(done.returncode, done.stdout)
