"""The processes of a run: datamodel-code-generator works in them, and what is done for each document alone."""

# design: What does a run over everything cost?

from __future__ import annotations

import gc
import multiprocessing
import os
import signal
import threading
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from multiprocessing.process import BaseProcess

# Below this many documents (of two classes or three each) processes cost more than they save.
WORTH_PROCESSES = 60
_PROCESSES = 2
# So many documents or modules are a part of the work.
_PART = 20
One = TypeVar("One")
Made = TypeVar("Made")


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


def spread(pool: Executor | None, work: Callable[[list[One]], list[Made]], items: Sequence[One]) -> list[Made]:
    """What comes of some work, in parts that the processes take from the front and this one from the back.

    Args:
        pool: What `workers` gave.
        work: What makes something of each item of a part.
        items: What there is to do.
    """
    if pool is None or len(items) < _PART:
        return work(list(items))
    parts = [list(items[start : start + _PART]) for start in range(0, len(items), _PART)]
    futures = [pool.submit(work, part) for part in parts]
    made: list[list[Made]] = []
    for future, part in zip(reversed(futures), reversed(parts), strict=True):
        made.append(work(part) if future.cancel() else future.result())
    return [one for part in reversed(made) for one in part]


def _begin() -> None:
    """What a process does first: see to it that it ends with the run, however that ends."""
    gc.enable()  # the run that it is a copy of collects nothing
    gc.freeze()
    threading.Thread(target=_end_with, args=[multiprocessing.parent_process()], daemon=True).start()


def _end_with(run: BaseProcess) -> None:
    run.join()
    os._exit(1)


def _load_tool() -> None:
    import datamodel_code_generator.parser.openapi  # noqa: F401  # pyright: ignore[reportUnusedImport]
