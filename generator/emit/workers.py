"""The processes of a run in which datamodel-code-generator works (a part of stage models)."""

# design: What does a run over everything cost?

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator
    from multiprocessing.process import BaseProcess

# Below this many documents (of two classes or three each) processes cost more than they save.
WORTH_PROCESSES = 60
_PROCESSES = 2


@contextmanager
def workers(documents: int) -> Generator[Executor | None]:
    """Processes with datamodel-code-generator, which takes half a second to load, while the stages before this one run.

    None for a few documents: those stages are over at once.
    """
    if documents < WORTH_PROCESSES:
        yield None
        return
    pool = ProcessPoolExecutor(max_workers=_PROCESSES, initializer=_begin)
    try:
        with _no_interrupts():
            for _ in range(_PROCESSES):
                pool.submit(_load_tool)
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _no_interrupts() -> Generator[None]:
    """Start processes that do not hear Ctrl-C: who presses it means the run, and that ends the pool."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # which they inherit
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """What a process does first: see to it that it ends with the run, however that ends."""
    gc.disable()
    threading.Thread(target=_end_with, args=[multiprocessing.parent_process()], daemon=True).start()


def _end_with(run: BaseProcess) -> None:
    run.join()
    os._exit(1)


def _load_tool() -> None:
    import datamodel_code_generator.parser.openapi  # noqa: F401  # pyright: ignore[reportUnusedImport]
