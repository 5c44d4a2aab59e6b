"""What a journal costs for each job: claim, sending, submitted and done, with an input and an output of half a KB."""

from __future__ import annotations

import statistics
import threading
import time
from typing import TYPE_CHECKING

import pytest
from postgres_server import running
from runtime.journal.journal import Journal
from runtime.journal.records import Sending, Wanted
from runtime.journal.sql.sqlite import SqliteStore

if TYPE_CHECKING:
    from pathlib import Path

    from recorder import Recorder

pytestmark = pytest.mark.bench
JOBS, THREADS = 2000, 20
TEXT = '{"prompt": "' + "x" * 500 + '"}'
URL = "https://queue.fal.run/fal-ai/flux-1/schnell/requests/" + "x" * 36


@pytest.fixture(autouse=True)
def _nobody_waits_for_the_disk() -> None:
    """Here everybody does."""


def one(journal: Journal, key: str) -> float:
    """Seconds for a job."""
    begun = time.perf_counter()
    held = journal.claim(Wanted(key, "fal-ai/flux-1/schnell", TEXT)).held
    assert held is not None
    assert journal.sending(held, TEXT) is Sending.GO
    urls = {"status_url": URL, "response_url": URL, "cancel_url": URL}
    journal.submitted(held, {"endpoint": "fal-ai/flux-1/schnell", "request_id": key, **urls})
    journal.done(held, TEXT, (f"out/{key}.png",), 1.0)
    return time.perf_counter() - begun


def told(recorder: Recorder, name: str, journal: Journal) -> None:
    """Tell what it is for one thread, and for as many as a window has."""
    one(journal, f"{name} first")
    processor = time.process_time()
    alone = sorted(one(journal, f"{name} {number}") for number in range(JOBS))
    processor = time.process_time() - processor
    print(  # noqa: T201
        f"{name}: one thread: median {statistics.median(alone) * 1e3:.2f} ms a job, "
        f"best tenth {alone[JOBS // 10] * 1e3:.2f} ms, our processor {processor / JOBS * 1e3:.2f} ms"
    )
    threads = [
        threading.Thread(
            target=lambda at: [one(journal, f"{name} {at} {n}") for n in range(JOBS // THREADS)], args=(at,)
        )
        for at in range(THREADS)
    ]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    each = (time.perf_counter() - begun) / JOBS
    recorder.figure(
        f"A job in a journal: {name}",
        topic="Many jobs",
        unit="ms",
        values={"fal-typed, one thread": alone, f"fal-typed, {THREADS} threads": [each]},
        scale=1000,
        note="Claimed, sent, submitted and done, with half a kB in and out; of threads, their time divided by jobs.",
    )
    print(f"{name}: {THREADS} threads: {each * 1e3:.2f} ms a job")  # noqa: T201


def test_sqlite(recorder: Recorder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the disk waited for where it must be, and never."""
    with Journal(tmp_path / "run.sqlite") as journal:
        told(recorder, "SQLite", journal)
    run = SqliteStore.run
    monkeypatch.setattr(SqliteStore, "run", lambda store, work, *, lasting=False: run(store, work))
    with Journal(tmp_path / "never.sqlite") as journal:
        told(recorder, "SQLite, never waiting for the disk", journal)


def test_postgres(recorder: Recorder) -> None:
    with running(fsync="on", full_page_writes="on") as server, Journal(server.url()) as journal:
        told(recorder, "PostgreSQL", journal)


def test_memory(recorder: Recorder) -> None:
    with Journal.in_memory() as journal:
        told(recorder, "memory", journal)
