"""A journal in a PostgreSQL database: any number of machines."""

# design: How is a journal kept in a database?

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, TypeVar

import psycopg
from sqlalchemy import ColumnElement, Double, cast, create_engine, func, make_url, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, SQLAlchemyError

from ... import forks
from ..errors import JournalError
from .quick import Quick
from .store import SqlStore, prepare

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import URL, Connection, Engine

R = TypeVar("R")
# Of a process: its threads share them, and a hundred workers are not to need more than a server gives.
_CONNECTIONS = 2
# What libpq waits for, where the URL says nothing else: seconds, and milliseconds.
_WAITING = {"connect_timeout": 10, "keepalives_idle": 30, "keepalives_interval": 10, "tcp_user_timeout": 30_000}
# Seconds for which a change is tried again while the server is away, and how often where others were in its way.
_PATIENCE, _PAUSE, _COLLISIONS = 15.0, 0.2, 20
_SERIALIZATION = ("40001", "40P01")
# That of whoever makes the tables: "fal" and "jo".
_MAKING = 0x66616C_6A6F
_CLOCK: ColumnElement[float] = cast(func.extract("epoch", func.clock_timestamp()), Double)


class PostgresStore(SqlStore):
    """See Store.

    Args:
        url: As libpq and SQLAlchemy take it, with a password or without.

    Raises:
        JournalError: The server cannot be reached, or refuses.
    """

    quick = Quick(_CLOCK, postgresql.insert)

    def __init__(self, url: str) -> None:
        self._url = _parsed(url)
        shown = self._url.difference_update_query(["password"])
        self.address = shown.render_as_string(hide_password=True)
        self._closed = False
        self._left: list[Engine] = []
        self._engine = self._new_engine()
        forks.note(self)
        try:
            with self._engine.begin() as connection:
                connection.execute(select(func.pg_advisory_xact_lock(_MAKING)))
                prepare(connection, self.address)
        except BaseException as error:
            self._engine.dispose()
            if isinstance(error, SQLAlchemyError):
                raise self._told(error) from None
            raise

    def _new_engine(self) -> Engine:
        given = {**_WAITING, "fallback_application_name": "fal journal"}
        return create_engine(
            self._url,
            isolation_level="READ COMMITTED",
            pool_size=_CONNECTIONS,
            max_overflow=0,
            pool_timeout=60,
            pool_use_lifo=True,
            connect_args={name: value for name, value in given.items() if name not in self._url.query},
        )

    def run(self, work: Callable[[Connection], R], *, lasting: bool = False) -> R:  # noqa: ARG002
        """See SqlStore."""

        def whole() -> R:
            with self._engine.begin() as connection:
                return work(connection)

        return self._patiently(whole)

    def once(self, work: Callable[[Connection], R], *, lasting: bool = False) -> R:  # noqa: ARG002
        """See SqlStore: a transaction by itself, which the server need not be asked to begin and to end."""

        def whole() -> R:
            with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                return work(connection)

        return self._patiently(whole)

    def read(self, work: Callable[[Connection], R]) -> R:
        """See SqlStore."""
        return self.once(work)

    def clock(self, connection: Connection) -> float:
        """See SqlStore: the server's."""
        return float(connection.scalar(select(_CLOCK)) or 0)

    def close(self) -> None:
        """See Store."""
        self._closed = True
        self._engine.dispose()

    def after_fork(self) -> None:
        """See Forked: the connections are the parent's, and are not to be closed here."""
        self._left.append(self._engine)
        self._engine = self._new_engine()

    def _patiently(self, whole: Callable[[], R]) -> R:
        """Do something anew while others are in its way, or the server is away. To repeat a change is no harm."""
        until, collisions = time.monotonic() + _PATIENCE, 0
        while True:
            if self._closed:
                raise JournalError(f"the journal {self.address} was closed")
            try:
                return whole()
            except DBAPIError as error:
                if isinstance(error, IntegrityError) or _state(error) in _SERIALIZATION:
                    collisions += 1
                    if collisions > _COLLISIONS:
                        raise self._told(error) from None
                elif not _is_away(error) or time.monotonic() > until:
                    raise self._told(error) from None
                else:
                    time.sleep(_PAUSE)
            except SQLAlchemyError as error:
                raise self._told(error) from None

    def _told(self, error: SQLAlchemyError) -> JournalError:
        said = str(error.orig if isinstance(error, DBAPIError) else error).strip()
        return JournalError(f"the journal {self.address} cannot be read or written: {said}")


def _parsed(url: str) -> URL:
    try:
        found = make_url(url)
    except (ArgumentError, ValueError):
        raise ValueError("a journal's URL must be as in postgresql://user:password@host:5432/database") from None
    return found.set(drivername="postgresql+psycopg")


def _state(error: DBAPIError) -> Any:
    return getattr(error.orig, "sqlstate", None)


def _is_away(error: DBAPIError) -> bool:
    """Whether the connection broke, or the server starts, stops or has too many."""
    state = _state(error)
    if state is None:
        return error.connection_invalidated or isinstance(error.orig, psycopg.OperationalError)
    return error.connection_invalidated or state.startswith(("08", "57P", "53"))
