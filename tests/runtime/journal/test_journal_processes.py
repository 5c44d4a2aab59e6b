"""Several processes on one journal: at once, killed, stopped, forked, and with a journal that was pickled."""

from __future__ import annotations

import itertools
import os
import pickle
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from journal_worker import sent
from runtime.journal import clock
from runtime.journal.journal import Journal, opened
from runtime.journal.records import Grant, JobState, Wanted
from runtime.journal.sql.store import SqlStore

if TYPE_CHECKING:
    from collections.abc import Iterator

    from postgres_server import Postgres

WORKER = Path(__file__).with_name("journal_worker.py")
# Seconds: a lease that nobody waits for, one that a busy machine can prolong in time, and one that is over soon.
LONG, MIDDLING, SHORT = 1000.0, 3.0, 1.0
_WORKERS: list[subprocess.Popen[str]] = []


@pytest.fixture
def journal(address: str) -> Iterator[Journal]:
    with Journal(address, lease=LONG) as one:
        yield one


@pytest.fixture(autouse=True)
def _no_worker_stays() -> Iterator[None]:
    yield
    while _WORKERS:
        process = _WORKERS.pop()
        process.kill()
        process.communicate()


def worker(*arguments: object) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, str(WORKER), *map(str, arguments)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment)
    _WORKERS.append(process)
    return process


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


def heard(process: subprocess.Popen[str], words: str) -> None:
    assert line(process) == words


def go_on(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("go on\n")
    process.stdin.flush()


def told(process: subprocess.Popen[str], words: str) -> str:
    """What a process says once it was told something, up to its end."""
    said, _ = process.communicate(words, timeout=60)
    assert process.returncode == 0
    return said


def wanted(key: str) -> Wanted:
    return Wanted(key, "fal-ai/a", "{}")


def eventually(journal: Journal, key: str, grant: Grant) -> None:
    until = time.monotonic() + 30
    while (found := journal.claim(wanted(key)).grant) is Grant.BUSY and time.monotonic() < until:
        time.sleep(0.02)
    assert found is grant


@pytest.mark.slow
@pytest.mark.parametrize(
    ("slots", "most", "done"), [("-", "-", 120), ("2", "-", 120), ("-", "50", 50)], ids=["all", "slots", "budget"]
)
def test_each_job_is_done_once(address: str, slots: str, most: str, done: int) -> None:
    """They may all open it at once, too: nobody has made it."""
    workers = [worker("together", address, LONG, 120, seed, slots, most) for seed in range(4)]
    keys = [line(each) for each in workers]
    for each in workers:
        go_on(each)
    keys += [key for each in workers for key in told(each, "").splitlines()]
    assert len(keys) == len(set(keys)) == done
    with Journal(address) as journal:
        assert [(one.state, one.jobs, one.units) for one in journal.store.counts()] == [(JobState.DONE, done, done)]


def test_a_killed_worker_is_seen_at_once(address: str, journal: Journal) -> None:
    process = worker("hold", address, LONG, "k")
    heard(process, "held True")
    assert journal.claim(wanted("k")).grant is Grant.BUSY
    process.kill()
    if sys.platform != "linux":
        process.wait()
        return
    eventually(journal, "k", Grant.LOOK_UP)  # before anybody waited for the process
    process.communicate()


@pytest.mark.slow
def test_a_living_worker_keeps_its_jobs(address: str, journal: Journal) -> None:
    process = worker("hold", address, MIDDLING, "k")
    heard(process, "held True")
    until = time.monotonic() + 3 * MIDDLING
    while time.monotonic() < until:
        assert journal.claim(wanted("k")).grant is Grant.BUSY
        time.sleep(MIDDLING / 5)
    assert told(process, "go on\n").splitlines() == ["good True", "mine True", "submitted"]
    assert journal.claim(wanted("k")).grant is Grant.PICK_UP


def test_a_stopped_worker_has_lost_its_job_and_knows(address: str, journal: Journal) -> None:
    process = worker("hold", address, SHORT, "k")
    heard(process, "held True")
    process.send_signal(signal.SIGSTOP)
    eventually(journal, "k", Grant.LOOK_UP)
    process.send_signal(signal.SIGCONT)
    assert told(process, "go on\n").splitlines() == ["good False", "mine False", "lost"]
    record = journal.store.get("k")
    assert record is not None
    assert (record.state, record.request_id) == (JobState.SUBMITTED, "r-k")


def test_a_stopped_worker_whose_job_nobody_wanted_goes_on(address: str, journal: Journal) -> None:
    process = worker("hold", address, SHORT, "k")
    heard(process, "held True")
    process.send_signal(signal.SIGSTOP)
    time.sleep(1.2 * SHORT)
    process.send_signal(signal.SIGCONT)
    assert told(process, "go on\n").splitlines()[1:] == ["mine True", "submitted"]
    assert journal.claim(wanted("k")).grant is Grant.PICK_UP


def test_a_forked_child_is_another_worker(address: str, journal: Journal) -> None:
    """While threads of its parent are at work."""
    journal.claim(wanted("parent's"))
    mine = sent(journal, "mine")
    stop = threading.Event()

    def work() -> None:
        for number in itertools.takewhile(lambda _: not stop.is_set(), itertools.count()):
            sent(journal, f"{number}")

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for number in range(5):
            assert _in_child(lambda number=number: _child(journal, mine, number)) == 0  # type: ignore[misc]
    finally:
        stop.set()
        thread.join()
    record = journal.store.get("child 4")
    assert record is not None
    assert record.state is JobState.SENDING
    assert journal.claim(wanted("child 4")).grant is Grant.LOOK_UP  # it is gone
    assert journal.good_until(mine) > clock.awake()
    journal.submitted(mine, {"endpoint": "fal-ai/a", "request_id": "r"})


def test_a_fork_in_the_midst_of_changes(address: str, journal: Journal) -> None:
    """The child has none of its parent's connections, whoever was at work with them, and any thread of it goes on."""
    store = journal.store
    assert isinstance(store, SqlStore)
    begun, on = threading.Barrier(3), threading.Event()

    def change(_: object) -> None:
        if "://" in address:
            begun.wait(60)
            assert on.wait(60)
        else:  # before a fork, these are waited for
            time.sleep(0.1)

    threads = [threading.Thread(target=store.run, args=(change,)) for _ in range(2)]
    for thread in threads:
        thread.start()
    if "://" in address:
        begun.wait(60)  # both connections are in use
    code = _in_child(lambda: _child_in_threads(journal, address))
    on.set()
    for thread in threads:
        thread.join()
    assert code == 0
    assert {one.key for one in store.each()} == {"1", "2"}
    journal.claim(wanted("parent's"))


def _child_in_threads(journal: Journal, address: str) -> None:
    # One of them was that of the folder itself.
    files = [os.path.realpath(each) for each in Path("/proc/self/fd").glob("*")]
    assert not [each for each in files if each.startswith(address)]
    threads = [threading.Thread(target=journal.claim, args=(wanted(key),)) for key in ("1", "2")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
        assert not thread.is_alive()


def _child(journal: Journal, parents: object, number: int) -> None:
    assert journal.claim(wanted("parent's")).grant is Grant.BUSY
    assert journal.good_until(parents) < 0  # type: ignore[arg-type]
    sent(journal, f"child {number}")


def _in_child(work: object) -> int:
    """The exit code of a forked child that does something."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of 3.12, about threads
        child = os.fork()
    if child == 0:
        code = 1
        try:
            work()  # type: ignore[operator]
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_pickled_journal_is_the_same_in_another_process(address: str) -> None:
    with Journal(address, lease=7) as journal:
        pickled = pickle.dumps(journal)
        again = pickle.loads(pickled)
        assert again is pickle.loads(pickled)  # with one connection, however many tasks carry it
        assert (again.address, again.lease) == (journal.address, 7)
        again.close()
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        command = [sys.executable, str(WORKER), "share", "-", "0", "3", "1", "-", "-"]
        done = subprocess.run(command, input=pickled, capture_output=True, check=True, env=environment)
        assert len(done.stdout.splitlines()) == 3
        assert [one.jobs for one in journal.store.counts()] == [3]


def test_one_in_memory_cannot_be_pickled() -> None:
    with pytest.raises(TypeError, match="in memory is this process's alone"):
        pickle.dumps(Journal.in_memory())


@pytest.mark.slow
def test_what_was_done_is_there_after_a_kill(tmp_path: Path) -> None:
    """SQLite's file is whole, and has all that anybody was told of."""
    path, chance = tmp_path / "run.sqlite", random.Random(7)
    known: list[str] = []
    for seed in range(5):
        process = worker("share", path, LONG, 5000, seed, "-", "-")
        assert process.stdout is not None
        known += [process.stdout.readline().strip() for _ in range(chance.randrange(1, 60))]
        process.kill()
        known += process.stdout.read().splitlines()
        process.wait()
    with Journal(path) as journal:
        for key in known[:-1]:
            record = journal.store.get(key)
            assert record is not None, key
            assert record.state is JobState.DONE, key
    with sqlite3.connect(path) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    connection.close()


def test_a_server_that_lets_go_of_connections_is_asked_again(postgres: Postgres, new_database: object) -> None:
    url = new_database()  # type: ignore[operator]
    with Journal(url) as journal:
        held = sent(journal, "k")
        for change in (
            lambda: journal.submitted(held, {"endpoint": "fal-ai/a", "request_id": "r"}),
            lambda: journal.done(held, "{}", (), 2.0),
            lambda: journal.store.get("k"),
            lambda: journal.forget("k"),
        ):
            postgres.say(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'fal journal'"
            )
            change()
        assert journal.store.get("k") is None


def test_an_address_is_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    one = opened("run.sqlite")
    assert one is opened(tmp_path / "run.sqlite") is opened(one) is opened(f"sqlite:///{tmp_path}/run.sqlite")
    assert one is not opened(None) is not opened(None)
    one.close()
    another = opened("run.sqlite")  # what was closed is opened anew
    assert another is not one
    another.close()
