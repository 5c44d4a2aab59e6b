"""Waiting for what happens elsewhere: as long as it takes, so that a busy machine is no failure."""

from __future__ import annotations

import os
import signal
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

# How long anything may take before a test is told that it does not happen.
PATIENCE = 60.0
PAUSE = 0.002


def until(condition: Callable[[], object], what: str) -> None:
    """Wait until something is so.

    Raises:
        AssertionError: It does not become so, told in the words given.
    """
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(PAUSE)


def interrupt(condition: Callable[[], object], what: str) -> None:
    """Send this process what Ctrl-C sends, when something is so; for a thread beside the main one.

    Raises:
        AssertionError: It does not become so, told in the words given.
    """
    until(condition, what)
    time.sleep(0.2)  # of a signal just before it sleeps, Python hears only when it wakes up
    os.kill(os.getpid(), signal.SIGINT)
