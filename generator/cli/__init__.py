"""The command line: `python -m generator [--project DIR] COMMAND`. The only modules that print.

A file a group of commands; `frame.py` has what they share. Exit codes: 0 clean, 1 drift or mismatch, 2 wrong usage
or settings, 3 network, 4 a document could not be generated, 130 interrupted.
"""

from __future__ import annotations

import sys

from generator.cli import changes, fetch, look, regenerate, verify
from generator.cli.frame import BROKEN, INTERRUPTED, NETWORK, USAGE, app, err
from generator.diagnostics import DefectError
from generator.fetch import FetchError
from generator.runlock import BusyError
from generator.settings import SettingsError

# Importing a group registers its commands.
COMMANDS = (regenerate, fetch, look, changes, verify)


def main() -> None:
    """Run the command line, and turn what goes wrong into one line and an exit code."""
    try:
        app()
    except (SettingsError, BusyError) as error:
        err.print(f"error: {error}", markup=False)
        sys.exit(USAGE)
    except FetchError as error:
        err.print(f"error: the catalogue could not be read: {error}", markup=False)
        sys.exit(NETWORK if error.is_network else BROKEN)
    except OSError as error:
        err.print(f"error: {error.filename or 'a file'}: {error.strerror or error}", markup=False)
        sys.exit(USAGE)
    except DefectError as error:
        err.print(f"error: {error}\nThis is a defect of the generator or of its templates.", markup=False)
        sys.exit(BROKEN)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)


__all__ = ["app", "main"]
