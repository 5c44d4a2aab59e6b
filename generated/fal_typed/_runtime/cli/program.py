"""The program: what is there before typer is."""

from __future__ import annotations

import sys
from importlib.util import find_spec
from io import TextIOWrapper
from typing import TYPE_CHECKING, TextIO

from .text import program_name

if TYPE_CHECKING:
    from collections.abc import Sequence

_USAGE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        arguments: Those of the command; by default the process's own.

    Returns:
        The exit code; `--help` says what each means.
    """
    for stream in (sys.stdout, sys.stderr):
        _never_fail(stream)
    if missing := [each for each in ("typer", "rich") if find_spec(each) is None]:
        names = " and ".join(missing)
        sys.stderr.write(f"{program_name()}: the command line needs {names}: pip install {' '.join(missing)}\n")
        return _USAGE
    from .app import run_app

    return run_app(list(sys.argv[1:] if arguments is None else arguments), program_name())


def _never_fail(stream: TextIO) -> None:
    """A character that the terminal has no code for is written as an escape."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
