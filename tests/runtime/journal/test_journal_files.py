"""Where a journal is, and what is none."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from runtime.journal import addresses
from runtime.journal.addresses import absolute, open_store
from runtime.journal.errors import JournalError
from runtime.journal.journal import Journal, opened
from runtime.journal.records import Wanted
from runtime.journal.sql import mounts, sqlite
from runtime.journal.sql.queue import Change

if TYPE_CHECKING:
    from collections.abc import Callable

    from postgres_server import Postgres


def test_addresses_mean_the_same_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    here = str(tmp_path.resolve() / "run.sqlite")
    for each in (
        "run.sqlite",
        Path("run.sqlite"),
        "sqlite:///run.sqlite",
        "sqlite+pysqlite:///run.sqlite",
        "a/../run.sqlite",
    ):
        assert absolute(each) == here
    assert absolute("postgresql://a/b") == "postgresql://a/b"


@pytest.mark.parametrize(
    ("address", "error", "said"),
    [
        ("", ValueError, "a path or a URL"),
        ("a\0b", ValueError, "a path or a URL"),
        (b"run.sqlite", TypeError, "not bytes"),
        ("mysql://a/b", ValueError, "not mysql://"),
        ("sqlite://", ValueError, "a path, sqlite:///path or postgresql://"),
        ("postgresql://a:b:c/d", ValueError, "postgresql://user:password@host:5432/database"),
        (7, TypeError, "must be a Journal, a path or a URL, not int"),
    ],
)
def test_what_is_no_address(address: object, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        opened(address)  # type: ignore[arg-type]


@pytest.mark.parametrize("lease", [0, -1, float("inf"), float("nan"), "60"])
def test_what_is_no_lease(lease: object, tmp_path: Path) -> None:
    with pytest.raises((ValueError, TypeError), match="lease must be"):
        Journal(tmp_path / "run.sqlite", lease=lease)  # type: ignore[arg-type]


def database(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda path: path.write_text("prompt,number\n"), "is no journal, and no SQLite file; it was left as it is"),
        (lambda path: database(path, "CREATE TABLE mine (a)"), "is an SQLite file of something else; it was left"),
        (lambda path: path.write_bytes(b"SQLite format 3\0 and nothing else"), "cannot be read or written"),
    ],
)
def test_what_is_no_journal_is_left_as_it_is(tmp_path: Path, make: Callable[[Path], None], said: str) -> None:
    path = tmp_path / "run.sqlite"
    make(path)
    before = path.read_bytes()
    with pytest.raises(JournalError, match=said):
        Journal(path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["run.sqlite"]


def test_places_where_none_can_be(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="there is no folder"):
        Journal(tmp_path / "nowhere" / "run.sqlite")
    with pytest.raises(JournalError, match="cannot be opened"):
        Journal(tmp_path)


def test_an_empty_file_becomes_one(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    path.touch()
    with Journal(path) as journal:
        assert journal.store.counts() == []
    database(path)
    assert [each.name for each in tmp_path.iterdir()] == ["run.sqlite"]  # nothing is left beside it


def test_one_of_a_newer_version_is_refused(address: str, postgres: Postgres) -> None:
    Journal(address).close()
    newer = "UPDATE fal_journal_about SET version = 2"
    if "://" in address:
        import psycopg

        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(newer)
    else:
        database(Path(address), newer)
    with pytest.raises(JournalError, match=r"another version of this package \(its tables are version 2, .* knows 1\)"):
        Journal(address)


def test_a_damaged_one_says_so(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with Journal(path) as journal:
        for number in range(100):
            journal.claim(Wanted(f"k{number}", "e", "x" * 500))
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xff" * (len(content) - 4096)
    path.write_bytes(content)
    with pytest.raises(JournalError, match="cannot be read or written: database disk image is malformed"):
        list(Journal(path).store.each())


def test_a_closed_one_says_so(address: str) -> None:
    journal = Journal(address)
    journal.close()
    journal.close()
    for use in (lambda: journal.store.get("k"), lambda: journal.claim(Wanted("k", "e", "{}"))):
        with pytest.raises(JournalError, match="was closed"):
            use()


def test_one_that_another_process_keeps_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "_PATIENCE", 0.2)
    path = tmp_path / "run.sqlite"
    with Journal(path) as journal:
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(JournalError, match="in another process's hands for more than 0"):
            journal.claim(Wanted("k", "e", "{}"))
        assert journal.store.get("k") is None  # who reads does not wait
        other.close()
        journal.claim(Wanted("k", "e", "{}"))


def test_a_server_that_is_not_there_says_so_without_the_password(postgres: Postgres) -> None:
    for url, said in (
        ("postgresql://me:secret@127.0.0.1:9/db?connect_timeout=2", "refused"),
        (postgres.url("nothing", password="secret"), "does not exist"),
        (postgres.url("nothing") + "?password=secret", "does not exist"),
    ):
        with pytest.raises(JournalError, match=said) as caught:
            Journal(url)
        assert "secret" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_a_password_is_not_shown_and_goes_along(postgres: Postgres, new_database: Callable[[], str]) -> None:
    url = new_database().replace("fal@", "fal:secret@").replace("postgresql://", "postgres://")
    with Journal(url) as journal:
        assert "secret" not in repr(journal) + journal.address
        assert journal.address.startswith("postgresql+psycopg://fal:***@127.0.0.1:")
        assert "secret" in str(journal.__reduce__())


def test_file_systems_of_the_network_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "mounts"
    table.write_text(
        "/dev/vda / ext4 rw 0 0\nnas:/a /mnt/nas nfs4 rw 0 0\n/dev/vdb /mnt/nas/disk ext4 rw 0 0\n"
        "//s/b /mnt/my\\040share cifs rw 0 0\nx /mnt/twice ext4 rw 0 0\nnas:/a /mnt/twice nfs rw 0 0\nbroken\n"
    )
    monkeypatch.setattr(mounts, "_MOUNTS", table)
    for path in ("/run.sqlite", "/mnt/nas/disk/run.sqlite", "/mnt/nastier/run.sqlite", "/mnt/my/run.sqlite"):
        mounts.check_place(path)
    for path in ("/mnt/nas/run.sqlite", "/mnt/nas/a/run.sqlite", "/mnt/my share/run.sqlite", "/mnt/twice/run.sqlite"):
        with pytest.raises(JournalError, match=r"file system of the network .* use postgresql://"):
            mounts.check_place(path)
    monkeypatch.setattr(mounts, "_MOUNTS", tmp_path / "nothing")
    mounts.check_place("/mnt/nas/run.sqlite")


@pytest.mark.parametrize(("package", "address"), [("sqlalchemy", "run.sqlite"), ("psycopg", "postgresql://a/b")])
def test_without_the_extra(package: str, address: str, tmp_path: Path) -> None:
    program = (
        f"import sys; sys.modules[{package!r}] = None\n"
        "from runtime.journal.journal import Journal\n"
        "Journal.in_memory().close()\n"
        f"Journal({address!r})"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )
    assert done.stderr.splitlines()[-1] == (
        f"ImportError: a journal in a file or a database needs {package}: pip install sqlalchemy 'psycopg[binary]', "
        "or this package with the extra `batch`"
    )


def test_a_journal_in_memory_needs_no_database() -> None:
    program = (
        "import sys\nfrom runtime.journal.journal import Journal\nJournal.in_memory()\n"
        "assert not {'sqlalchemy', 'psycopg', 'sqlite3', 'httpx'} & sys.modules.keys()"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment)


def test_the_disk_is_waited_for_where_it_must_be(tmp_path: Path) -> None:
    """Before something is sent, and when it is done: not for a claim, nor for an id, which fal's history has."""
    with Journal(tmp_path / "run.sqlite") as journal:
        store = journal.store
        assert isinstance(store, sqlite.SqliteStore)
        levels: list[int] = []

        def level() -> int:
            return store.read(lambda connection: connection.exec_driver_sql("PRAGMA synchronous").scalar_one())

        held = journal.claim(Wanted("k", "e", "{}")).held
        assert held is not None
        levels.append(level())
        journal.sending(held, "{}")
        levels.append(level())
        journal.submitted(held, {"endpoint": "e", "request_id": "r"})
        levels.append(level())
        journal.done(held, "{}")
        levels.append(level())
        assert levels == [1, 2, 1, 2]


def test_threads_share_a_transaction(tmp_path: Path) -> None:
    """And what one raises is its own."""
    with Journal(tmp_path / "run.sqlite") as journal:
        store = journal.store
        assert isinstance(store, sqlite.SqliteStore)
        begun: list[str] = []
        begin = store._begun

        def counted(lasting: bool) -> object:
            begun.append("one")
            return begin(lasting)

        store._begun = counted  # type: ignore[method-assign, assignment]

        def fails(connection: object) -> None:
            store.run(lambda _: begun.append("within"))  # as what a finalizer does
            raise LookupError("mine")

        queue = store._queue
        changes = [Change(work, False) for work in (lambda _: 1, fails, lambda _: 3)]
        queue._waiting.extend(changes[:2])
        assert queue.run(changes[2]) == 3
        assert changes[0].outcome() == 1
        with pytest.raises(LookupError, match="mine"):
            changes[1].outcome()
        assert begun == ["one", "within", "one"]


def test_each_thread_is_woken(tmp_path: Path) -> None:
    """Whose change another has made, too."""
    with Journal(tmp_path / "run.sqlite") as journal:
        store = journal.store
        assert isinstance(store, sqlite.SqliteStore)
        threads = [
            threading.Thread(target=journal.claim, args=(Wanted(f"k{number}", "e", "{}"),), daemon=True)
            for number in range(6)
        ]
        with store._queue.alone():
            for thread in threads:
                thread.start()
            while len(store._queue._waiting) < 6:
                time.sleep(0.01)
        for thread in threads:
            thread.join(10)  # before leases are prolonged, which wakes somebody
            assert not thread.is_alive()
        assert sum(one.jobs for one in store.counts()) == 6


def test_who_is_stopped_leaves_the_others_their_changes(tmp_path: Path) -> None:
    with Journal(tmp_path / "run.sqlite") as journal:
        store = journal.store
        assert isinstance(store, sqlite.SqliteStore)
        waiting = Change(lambda _: "made", False)
        store._queue._waiting.append(waiting)

        def interrupted(_: object) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            store.run(interrupted)
        assert store.run(lambda _: "mine") == "mine"
        assert waiting.outcome() == "made"


def test_another_missing_module_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "runtime.journal.sql.sqlite", None)
    with pytest.raises(ModuleNotFoundError) as caught:
        open_store(absolute("run.sqlite"))
    assert "batch" not in str(caught.value)
    assert addresses.absolute("run.sqlite").endswith("run.sqlite")


def _taken(journal: Journal, key: str) -> None:
    held = journal.claim(Wanted(key, "a/b", "{}")).held
    assert held is not None
    journal.sending(held, "{}")


def _seen_elsewhere(path: Path) -> list[str]:
    """The jobs that another process finds, which closes the file then."""
    code = """
import sqlite3, sys

file = sqlite3.connect(sys.argv[1])
print(*(key for key, in file.execute("SELECT key FROM fal_journal_jobs ORDER BY id")))
file.close()
"""
    return subprocess.run([sys.executable, "-c", code, path], check=True, capture_output=True, text=True).stdout.split()


def test_a_file_that_is_opened_twice_here_is_not_taken_away_by_others(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with Journal(path) as journal, Journal(path) as second:
        _taken(journal, "one")
        assert _seen_elsewhere(path) == ["one"]
        _taken(journal, "two")
        assert _seen_elsewhere(path) == ["one", "two"]
        _taken(second, "three")
        assert _seen_elsewhere(path) == ["one", "two", "three"]


def test_what_is_written_after_a_program_has_read_the_file_itself_is_there(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    with Journal(path) as journal:
        for key in ("one", "two", "three"):
            _taken(journal, key)
            path.read_bytes()  # with which the locks of this process are gone: a copy of the file made here, say
            assert key in _seen_elsewhere(path)
    assert _seen_elsewhere(path) == ["one", "two", "three"]


@pytest.mark.skipif(sys.platform == "win32", reason="an open file cannot be removed there")
def test_a_journal_that_is_removed_while_it_is_used_is_not_written_into_nowhere(tmp_path: Path) -> None:
    path = tmp_path / "run.sqlite"
    journal = opened(path)
    _taken(journal, "one")
    path.unlink()
    with pytest.raises(JournalError, match=r"run\.sqlite was removed, or another file put in its place"):
        _taken(journal, "two")
    again = opened(path)
    _taken(again, "three")
    with pytest.raises(JournalError, match="was removed"):
        list(journal.jobs())
    assert _seen_elsewhere(path) == ["three"]
    again.close()
    journal.close()
    assert _seen_elsewhere(path) == ["three"]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_threads_fork_at_the_same_time(tmp_path: Path) -> None:
    code = textwrap.dedent("""
        import os, sys, threading
        from runtime.journal.journal import Journal
        from runtime.journal.records import Wanted

        journal = Journal(sys.argv[1])

        def fork(name):
            for number in range(8):
                if not (child := os.fork()):
                    thread = threading.Thread(target=journal.claim, args=(Wanted(f"{name}{number}", "a/b", "{}"),))
                    thread.start()
                    thread.join()
                    os._exit(0)
                os.waitpid(child, 0)

        threads = [threading.Thread(target=fork, args=(name,)) for name in "abc"]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        print(len(list(journal.jobs())))
    """)
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-W", "ignore", "-c", code, tmp_path / "run.sqlite"]
    run = subprocess.run(command, check=True, capture_output=True, text=True, env=environment, timeout=60)
    assert run.stdout.strip() == "24"


def test_a_full_disk_is_told(tmp_path: Path) -> None:
    """And what was written before is there."""
    with Journal(tmp_path / "run.sqlite") as journal:
        _taken(journal, "one")
        store = journal.store
        assert isinstance(store, sqlite.SqliteStore)
        store.read(lambda connection: connection.exec_driver_sql("PRAGMA max_page_count=1").scalar())
        with pytest.raises(JournalError, match="cannot be read or written: database or disk is full"):
            journal.claim(Wanted("two", "a/b", "x" * 100_000))
        assert _seen_elsewhere(tmp_path / "run.sqlite")[0] == "one"
