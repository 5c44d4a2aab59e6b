"""All files of some outputs, saved in a folder, a few at a time."""

# design: What if one of many files fails?

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from ...http.worker_transport import WorkerTransport
from ..progress import shown
from . import shared_clients
from .batch import Batch, Rules
from .download_steps import adone, done, limits_of

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable

    from ...http.exchange import Limits
    from ...outputs.model import FalModel
    from ..progress import Progress


def download_all(
    outputs: FalModel | Iterable[object],
    folder: str | os.PathLike[str],
    *,
    progress: Progress | bool | None = None,
    max_bytes: int | None = None,
    only_hosts: str | Iterable[str] | None = None,
    overwrite: bool | None = None,
    timeout: float | None = None,
) -> list[Path]:
    """Save every file of some outputs, and return the paths, in the order in which the files stand there.

    A few files are on their way at once, each saved as `RemoteFile.download` saves it, under its own name. Two files
    of one call never have one name: the second is `cat-2.png`.

    A file that the server does not have, or that may not be saved, does not keep the others. Where the network or the
    disk fails, no more are begun. Either way what has begun is ended, and then the error of the first file that failed
    is raised; its notes (`error.__notes__`) say which files were saved, and which were not.

    Args:
        outputs: An output, a file, or any number of both in a list, a dict, a generator.
        folder: Where they are saved. It is made if it is not there.
        progress: Called with the bytes received so far and in all (None as long as some file's length is not known),
            maybe from another thread. True shows it on a terminal (see `with_options`);
            a notebook does so by itself.
        max_bytes: How long each file may be, unpacked.
        only_hosts: The hosts that they may come from, as for `RemoteFile.download`.
        overwrite: Whether files that were there before may be replaced. By default the new ones get a number; False
            refuses before anything is saved.
        timeout: Seconds for all of them.

    Raises:
        TypeError: The outputs are none.
        FileTransferError: A file is larger than `max_bytes`, its URL leads to a place that is not https or not in
            `only_hosts`, or what came is no whole file.
        OSError: A file cannot be written, or is there and `overwrite` is False.
        APIStatusError: The server does not have a file.
        APIConnectionError: A server cannot be reached, or broke off.
        DeadlineExceededError: It took longer than `timeout`.
    """
    limits = limits_of(timeout)
    with shown(progress, _shown_name(folder), "downloading") as report:
        batch = Batch(outputs, folder, Rules(max_bytes, only_hosts, overwrite), report)
        if batch.workers:
            _in_threads(batch, limits)
        return batch.paths()


async def adownload_all(
    outputs: FalModel | Iterable[object],
    folder: str | os.PathLike[str],
    *,
    progress: Progress | bool | None = None,
    max_bytes: int | None = None,
    only_hosts: str | Iterable[str] | None = None,
    overwrite: bool | None = None,
    timeout: float | None = None,
) -> list[Path]:
    """As `download_all`, awaited; `progress` is called in the event loop, and not awaited."""
    limits = limits_of(timeout)
    with shown(progress, _shown_name(folder), "downloading") as report:
        batch = Batch(outputs, folder, Rules(max_bytes, only_hosts, overwrite), report)
        async with asyncio.TaskGroup() as group:
            for _ in range(batch.workers):
                group.create_task(_take_turns_async(batch, limits))
        return batch.paths()


def _shown_name(folder: str | os.PathLike[str]) -> str:
    return f"files for {Path(folder).name or Path(folder)}"


def _in_threads(batch: Batch, limits: Limits) -> None:
    """All of them. Who interrupts this does not wait for what still comes: the threads' connections are broken."""
    workers = WorkerTransport(shared_clients.transport())
    pool = ThreadPoolExecutor(batch.workers, thread_name_prefix="fal-download")
    try:
        futures = [pool.submit(_take_turns, batch, workers, limits) for _ in range(batch.workers)]
        for future in futures:
            future.result()
    except BaseException:
        batch.stop()
        workers.stop()
        raise
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
        workers.close()


def _take_turns(batch: Batch, workers: WorkerTransport, limits: Limits) -> None:
    while (job := batch.take()) is not None:
        try:
            batch.note_saved(job, done(job.steps, job.http_client, limits, lambda: workers))
        except Exception as error:
            batch.note_failed(job, error)


async def _take_turns_async(batch: Batch, limits: Limits) -> None:
    while (job := batch.take()) is not None:
        try:
            batch.note_saved(job, await adone(job.steps, job.http_client, limits))
        except Exception as error:
            batch.note_failed(job, error)
