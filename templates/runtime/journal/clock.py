"""A clock that goes on while the machine sleeps, which leases are judged by."""

from __future__ import annotations

import sys
import time


def awake() -> float:
    """Seconds since some moment of this machine's life; the time that it slept is counted, and nobody can set it."""
    return time.clock_gettime(_CLOCK) if _CLOCK is not None else time.monotonic()


def _clock() -> int | None:
    """`CLOCK_BOOTTIME` of Linux; macOS counts sleep by `CLOCK_MONOTONIC`; elsewhere `time.monotonic` does."""
    if sys.platform == "darwin":
        return time.CLOCK_MONOTONIC
    return getattr(time, "CLOCK_BOOTTIME", None)


_CLOCK = _clock()
