"""A journal in an SQLite file: one machine, any number of processes."""

# design: How is a journal kept in a database?

from __future__ import annotations

import os
import sqlite3
import threading
import time
import weakref
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sqlalchemy import URL, Double, create_engine, inspect, literal_column
from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from ... import forks
from ..errors import JournalError
from .mounts import check_place
from .queue import Change, Queue
from .quick import Quick
from .store import SqlStore, prepare
from .tables import ABOUT

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

R = TypeVar("R")
_File: TypeAlias = "tuple[int, int] | None"  # device and number
# Seconds that a change waits for those of other processes; opening tries again after a pause.
_PATIENCE, _PAUSE = 60.0, 0.02
# Those of what SQLite is told by SQLAlchemy, and past it.
_ERRORS = DBAPIError, sqlite3.Error
_MAGIC = b"SQLite format 3\0"


class SqliteStore(SqlStore):
    """See Store.

    It has one connection, which all threads share: only one can write at a time anyhow.

    Args:
        path: Of the file, in full.

    Raises:
        JournalError: It cannot be opened, or is no journal. A file that is none is left as it is.
    """

    quick = Quick(literal_column("((julianday('now') - 2440587.5) * 86400.0)", Double), sqlite.insert)

    def __init__(self, path: str) -> None:
        self.address = path
        self._engine = create_engine(
            URL.create("sqlite", database=path),
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",  # transactions are begun by word
            connect_args={"timeout": _PATIENCE, "check_same_thread": False},
        )
        self._connection: Connection | None = None
        self._inside: Connection | None = None
        self._lasts = False
        self._closed = self._was_lost = False
        self._file: _File = None
        self._log: _File = None
        self._queue = Queue(self._make)
        check_place(path)
        with _OPENING:
            if not any(other.has(path) for other in _OPEN.copy()):
                _check_file(Path(path))
            _OPEN.add(self)
            self.read(lambda _: None)

    @property
    def is_lost(self) -> bool:
        """Whether the file was removed, or another one is in its place."""
        # Once is for ever: where nobody has the old file open any more, a new one may get its number.
        self._was_lost = self._was_lost or (self._file is not None and self._file != _file(self.address))
        return self._was_lost

    def has(self, path: str) -> bool:
        """Whether it is in this very file."""
        return self._file is not None and self._file == _file(path)

    def run(self, work: Callable[[Connection], R], *, lasting: bool = False) -> R:
        """See SqlStore."""
        return self._queue.run(Change(work, lasting))

    def read(self, work: Callable[[Connection], R]) -> R:
        """See SqlStore."""
        with self._queue.alone():
            try:
                return work(self._connected())
            except _ERRORS as error:
                self.disconnect()
                raise _told(self.address, error) from None

    def clock(self, connection: Connection) -> float:  # noqa: ARG002
        """See SqlStore: that of the machine, which all processes share."""
        return time.time()

    def close(self) -> None:
        """See Store."""
        with self._queue.alone():
            self._closed = True
            self.disconnect()

    def disconnect(self) -> None:
        """Close the file, in one's turn. It is opened again when it is needed."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def before_fork(self) -> None:
        """Close the file, and keep all threads from it: SQLite knows of no child that has it open, too."""
        self._queue.enter()
        self.disconnect()

    def after_fork_in_parent(self) -> None:
        """Go on."""
        self._queue.leave()

    def after_fork_in_child(self) -> None:
        """Go on where no other thread is."""
        self._queue = Queue(self._make)

    # In one's turn.

    def _make(self, changes: list[Change[Any]]) -> None:
        """See Queue. What raises is left out, and the others are made anew without it."""
        while changes and (failed := self._made(changes)) is not None:
            changes = [change for change in changes if change is not failed]

    def _made(self, changes: list[Change[Any]]) -> Change[Any] | None:
        """Make changes in one transaction; or give the first that raised, and none is made."""
        failed = None
        if self._inside is not None:  # what a finalizer does while this thread is in a transaction belongs to it
            failed = _done(changes, self._inside)
        else:
            try:
                self._inside = self._begun(any(change.lasting for change in changes))
                failed = _done(changes, self._inside)
                if failed is None:
                    _say(self._inside, "COMMIT")
                elif _is_within(self._inside):  # where the disk is full, SQLite has done that
                    _say(self._inside, "ROLLBACK")
            except BaseException as error:
                self.disconnect()  # which rolls back, whatever state it is in
                if isinstance(error, _ERRORS):
                    raise _told(self.address, error) from None
                raise
            finally:
                self._inside = None
        if failed is None:
            for change in changes:
                change.end()
        elif isinstance(failed.error, _ERRORS):
            failed.end(_told(self.address, failed.error))
        return failed

    def _begun(self, lasting: bool) -> Connection:
        """A connection in a transaction."""
        connection = self._connected()
        if lasting is not self._lasts:
            _say(connection, "PRAGMA synchronous = " + ("FULL" if lasting else "NORMAL"))
            self._lasts = lasting
        _say(connection, "BEGIN IMMEDIATE")
        return connection

    def _connected(self) -> Connection:
        """The connection, if need be a new one."""
        if self._closed:
            raise JournalError(f"the journal {self.address} was closed")
        self._check_files()
        if self._connection is None:
            until = time.monotonic() + _PATIENCE
            while self._connection is None:
                try:
                    self._connection = self._opened()
                except _ERRORS as error:
                    # While another process makes the file, SQLite does not wait by itself.
                    if not _is_locked(error) or time.monotonic() > until:
                        raise
                    time.sleep(_PAUSE)
            self._lasts = False
            self._file, self._log = _file(self.address), _file(_log_of(self.address))
        return self._connection

    def _check_files(self) -> None:
        """See that what is written is found by others: whoever has a removed file open can write on into it.

        Raises:
            JournalError: The file was removed, or another one is in its place.
        """
        if self.is_lost:
            self._let_go()
            raise JournalError(
                f"the journal {self.address} was removed, or another file put in its place, while it was in use: "
                "nothing more is written; put it back and open it again, or begin anew"
            )
        if self._connection is not None and self._log != _file(_log_of(self.address)):
            self._let_go()  # all that is in it was taken over by whoever removed it

    def _let_go(self) -> None:
        """Close the connection, and leave the files as they are: they are not those that it has open."""
        if self._connection is not None and (leave := getattr(sqlite3, "SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE", None)):
            driver: Any = self._connection.connection.driver_connection
            driver.setconfig(leave, True)
        self.disconnect()

    def _opened(self) -> Connection:
        connection = self._engine.connect()
        try:
            there = inspect(connection).get_table_names()
            if there and ABOUT.name not in there:
                raise JournalError(f"{self.address} is an SQLite file of something else; it was left as it is")
            if (mode := connection.exec_driver_sql("PRAGMA journal_mode = WAL").scalar()) != "wal":
                raise JournalError(f"{self.address} cannot be shared there: SQLite's mode is {mode}, and not wal")
            _say(connection, "PRAGMA synchronous = NORMAL")
            if not there:  # else it is only looked at, which waits for nobody
                _say(connection, "BEGIN IMMEDIATE")
            prepare(connection, self.address)
            if not there:
                _say(connection, "COMMIT")
        except BaseException:
            connection.close()
            raise
        return connection


def _done(changes: list[Change[Any]], connection: Connection) -> Change[Any] | None:
    """Do the work of changes, up to the first that raises, which is returned."""
    for change in changes:
        if not change.run(connection):
            return change
    return None


def _say(connection: Connection, words: str) -> None:
    """Say something to SQLite itself, which SQLAlchemy need not know of."""
    driver = connection.connection.driver_connection
    assert driver is not None
    driver.execute(words)


def _file(path: str) -> _File:
    """Which file is there, whatever it is called."""
    try:
        found = os.stat(path)  # noqa: PTH116  (before each change)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _log_of(path: str) -> str:
    """Where SQLite writes first."""
    return path + "-wal"


def _is_within(connection: Connection) -> bool:
    """Whether it is in a transaction."""
    driver: Any = connection.connection.driver_connection
    return bool(driver.in_transaction)


def _check_file(path: Path) -> None:
    """Refuse what is no SQLite file before anybody touches it.

    Not while this process has it open: with any descriptor that is closed, all its locks on the file are gone, and
    another process would remove the log that is being written.
    """
    if not path.parent.is_dir():
        raise JournalError(f"the journal {path} cannot be made: there is no folder {path.parent}")
    try:
        with path.open("rb") as file:
            found = file.read(len(_MAGIC))
    except FileNotFoundError:
        return
    except OSError as error:
        raise JournalError(f"the journal {path} cannot be opened: {error.strerror}") from error
    if found and found != _MAGIC:
        raise JournalError(f"{path} is no journal, and no SQLite file; it was left as it is")


def _is_locked(error: BaseException) -> bool:
    return "locked" in _said(error)


def _said(error: BaseException) -> str:
    """What SQLite said; SQLAlchemy would add the statement, with inputs in it."""
    return str(error.orig if isinstance(error, DBAPIError) else error)


def _told(path: str, error: BaseException) -> JournalError:
    if _is_locked(error):
        return JournalError(f"the journal {path} was in another process's hands for more than {_PATIENCE:g} seconds")
    return JournalError(f"the journal {path} cannot be read or written: {_said(error)}")


_OPEN: weakref.WeakSet[SqliteStore] = weakref.WeakSet()
_OPENING = forks.Lock()
# By the thread that forks: several may at once.
_FORKING: dict[int, list[SqliteStore]] = {}


def _before_fork() -> None:
    stores = _FORKING[threading.get_ident()] = list(_OPEN.copy())
    for store in stores:
        store.before_fork()


def _in_parent() -> None:
    for store in _FORKING.pop(threading.get_ident(), ()):
        store.after_fork_in_parent()


def _in_child() -> None:
    mine = _FORKING.pop(threading.get_ident(), ())
    _FORKING.clear()
    for store in mine:
        store.after_fork_in_child()


if hasattr(os, "register_at_fork"):  # not on Windows, which does not fork
    os.register_at_fork(before=_before_fork, after_in_parent=_in_parent, after_in_child=_in_child)
