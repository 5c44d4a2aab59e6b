"""Whether progress is shown, and where: looked at when a call begins. Imports nothing heavy."""

# design: Where is progress shown?

from __future__ import annotations

import os
import sys
from enum import Enum
from typing import Any

VARIABLE = "FAL_TYPED_PROGRESS"
# What the variable can be set to, as people write it; "lines" beside these.
_OFF, _ON = ("0", "off", "no", "false", "never"), ("1", "on", "yes", "true", "always")
_LINES = "lines"


class Place(Enum):
    """Who looks."""

    NOTEBOOK = "notebook"
    TERMINAL = "terminal"
    LINES = "lines"
    """Whoever reads a log: stderr is no terminal, and `FAL_TYPED_PROGRESS=lines` asks for it."""


def place(asked: bool | None) -> Place | None:
    """Where it is shown; None where it is not.

    Args:
        asked: What the code says; by default it is shown in a notebook, and elsewhere not.

    Raises:
        ValueError: `FAL_TYPED_PROGRESS` has no meaning.
    """
    setting = os.environ.get(VARIABLE, "").strip().lower()
    if setting in _OFF or asked is False:
        return None
    if setting and setting != _LINES and setting not in _ON:
        raise ValueError(f"{VARIABLE} must be 0 (off), 1 (on) or lines (also into files and pipes), not {setting!r}")
    if is_notebook():
        return Place.NOTEBOOK
    if not (asked or setting):
        return None
    if _is_terminal():
        return Place.TERMINAL
    return Place.LINES if setting == _LINES else None


def is_notebook() -> bool:
    """Whether this runs in the kernel of a notebook, which has imported IPython; a forked child of it cannot show."""
    ipython = sys.modules.get("IPython")
    if ipython is None:
        return False
    shell: Any = getattr(ipython, "get_ipython", lambda: None)()
    kernel = getattr(shell, "kernel", None)
    return kernel is not None and getattr(getattr(kernel, "session", None), "pid", None) in (None, os.getpid())


def _is_terminal() -> bool:
    try:
        return sys.stderr.isatty()
    except (AttributeError, ValueError):  # pythonw has none, and it may be closed
        return False
