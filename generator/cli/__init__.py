"""The command line: `python -m generator [--project DIR] COMMAND`. The only modules that print.

A file a group of commands; `app.py` has what they share. Exit codes: 0 clean, 1 drift or mismatch, 2 wrong usage,
settings or templates, 3 network, 4 a document could not be generated, 130 interrupted.
"""

from __future__ import annotations

import errno
import sys
import traceback
from importlib import import_module

from ..diagnostics import DefectError, FetchError, TemplateError
from ..project.run_lock import BusyError
from ..project.settings import SettingsError
from .app import BROKEN, INTERRUPTED, NETWORK, USAGE, app, err

_MAKE_ROOM = "; make room there, and run again: every file is as it was or as it shall be"
_ALLOW = "; let this user read and write there (or close the program that has it open), and run again"
# What to do about what an operating system says.
_ADVICE = {
    errno.ENOSPC: _MAKE_ROOM,
    errno.EDQUOT: _MAKE_ROOM,
    errno.EACCES: _ALLOW,
    errno.EPERM: _ALLOW,
    errno.EROFS: "; this file system is mounted read-only: mount it for writing, and run again",
}
# The commands of each group, in the order that --help has them.
GROUPS = {
    "regenerate": ("regenerate",),
    "fetch": ("fetch", "add", "remove"),
    "list_explain": ("list", "explain"),
    "diff_release": ("diff", "release"),
    "verify_docs": ("verify-docs",),
    "site": ("site",),
    "census": ("census",),
}


def main() -> None:
    """Run the command line, and turn what goes wrong into one line and an exit code."""
    _register(sys.argv[1:])
    try:
        app()
    except (SettingsError, BusyError, TemplateError) as error:
        err.print(f"error: {error}", markup=False)
        sys.exit(USAGE)
    except FetchError as error:
        err.print(f"error: the catalogue could not be read: {error}", markup=False)
        sys.exit(NETWORK if error.is_network else BROKEN)
    except OSError as error:
        advice = _ADVICE.get(error.errno or 0, "")
        path = error.filename2 or error.filename or "a file"  # of two, the place that something was to have
        err.print(f"error: {path}: {error.strerror or error}{advice}", markup=False)
        sys.exit(USAGE)
    except DefectError as error:
        err.print(f"error: {error}\nThis is a defect of the generator or of its templates.", markup=False)
        sys.exit(BROKEN)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception:  # left alone it would end with 1, and say "drift"
        err.print(f"{traceback.format_exc()}This is a defect of the generator: please report it.", markup=False)
        sys.exit(BROKEN)


def _register(arguments: list[str]) -> None:
    """Import the groups that are asked for, which registers their commands; if none is (--help), all.

    All of them together take longer to import than `regenerate` takes where nothing changed.
    """
    asked = [group for group, commands in GROUPS.items() if not set(commands).isdisjoint(arguments)]
    for group in asked or GROUPS:
        import_module(f"{__package__}.{group}")


__all__ = ["main"]
