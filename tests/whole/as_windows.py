"""Runs pytest as if this were Windows, as far as that can be played: `as_windows.py ARGUMENTS OF PYTEST`.

Our own files, and only they, find none of the modules that Windows lacks; nobody finds what
`os` and `signal` lack there.
"""

from __future__ import annotations

import builtins
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = str(Path(__file__).parents[2])
OURS = tuple(f"{ROOT}{os.sep}{folder}{os.sep}" for folder in ("generated", "generator", "templates", "tests"))
MODULES = {"fcntl", "grp", "pty", "pwd", "resource", "syslog", "termios", "tty"}
OF_OS = "fork forkpty getpgid killpg mkfifo register_at_fork sched_getaffinity setsid wait3 O_NOFOLLOW"
OF_SIGNAL = "SIGALRM SIGCHLD SIGKILL SIGSTOP SIGCONT SIGUSR1 alarm pthread_kill pthread_sigmask setitimer"


def main() -> int:
    """Take away what Windows has not, and run pytest."""
    real = builtins.__import__

    def imported(name: str, globals: Any = None, *more: Any, **named: Any) -> Any:
        if name.partition(".")[0] in MODULES and str((globals or {}).get("__file__", "")).startswith(OURS):
            raise ModuleNotFoundError(f"No module named {name!r} (as on Windows)", name=name)
        return real(name, globals, *more, **named)

    builtins.__import__ = imported
    for module, names in ((os, OF_OS), (signal, OF_SIGNAL)):
        for name in names.split():
            if hasattr(module, name):
                delattr(module, name)
    return pytest.main(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
