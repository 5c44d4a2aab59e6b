"""Python's garbage collector, paused: what a run makes lives until its end, and has next to no cycles."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def no_collecting() -> Generator[None]:
    """Let nothing be collected within the `with`: looking through all objects again and again is a tenth of a run.

    Of stage `inert` it is most of the time: the tree of a module is thousands of objects.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()
