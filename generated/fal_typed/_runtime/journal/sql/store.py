"""A journal in a database: what SQLite and PostgreSQL have in common."""

# design: How is a journal kept in a database?

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import case, delete, func, insert, inspect, select

from .. import clock, rules
from ..errors import JournalError
from ..ledger import Ledger, json_text
from ..records import Claim, Count, Grant, Held, JobRecord, JobState, JobTimes, Sending
from ..rules import OPEN
from .table import SqlTable
from .tables import ABOUT, FACTS, FIELDS, JOBS, METADATA, TIMES, VERSION, record_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Row, Select

    from ..records import Wanted
    from .quick import Quick

R = TypeVar("R")
# How many jobs are in memory at once while all of them are read.
_PAGE, _SHORT_PAGE = 200, 2_000


class SqlStore(Ledger):
    """See Store."""

    address: str = ""
    quick: Quick

    def run(self, work: Callable[[Connection], R], *, lasting: bool = False) -> R:
        """Do something in a transaction of its own. See `Ledger.transact`."""
        raise NotImplementedError

    def once(self, work: Callable[[Connection], R], *, lasting: bool = False) -> R:
        """Do something that is one statement."""
        return self.run(work, lasting=lasting)

    def read(self, work: Callable[[Connection], R]) -> R:
        """Read something, in no one's way."""
        raise NotImplementedError

    def clock(self, connection: Connection) -> float:
        """See `Store.now`."""
        raise NotImplementedError

    def transact(self, work: Callable[[SqlTable], R], *, lasting: bool = False) -> R:
        """See Ledger."""
        return self.run(lambda connection: work(SqlTable(connection, self.clock)), lasting=lasting)

    # Plain cases. See `quick.py`.

    def claim(
        self,
        wanted: Wanted,
        owner: str,
        lease: float,
        *,
        retry: bool = False,
        is_gone: Callable[[str], bool] = rules.never_gone,
    ) -> Claim:
        """See Store."""
        rules.check_wanted(wanted)
        good_until = clock.awake() + lease
        record = self.once(lambda connection: self.quick.claim(connection, wanted, owner, lease))
        if record is None:
            return super().claim(wanted, owner, lease, retry=retry, is_gone=is_gone)
        return Claim(Grant.MINE, record, Held(wanted.key, record.attempt, owner, good_until))

    def sending(
        self,
        held: Held,
        wire: str,
        lease: float,
        *,
        max_in_flight: int | None = None,
        units: float | None = None,
        max_units: float | None = None,
    ) -> Sending:
        """See Store."""
        text = json_text(wire)
        limited = any(each is not None for each in (max_in_flight, units, max_units))
        if not limited and self.once(lambda one: self.quick.send(one, held, text, lease), lasting=True):
            return Sending.GO
        return super().sending(held, wire, lease, max_in_flight=max_in_flight, units=units, max_units=max_units)

    def submitted(self, held: Held, handle: Mapping[str, str]) -> None:
        """See Store."""
        if not self.once(lambda connection: self.quick.submit(connection, held, handle)):
            super().submitted(held, handle)

    def done(self, held: Held, output: str, files: tuple[str, ...] = (), units: float | None = None) -> None:
        """See Store."""
        text = json_text(output)

        def work(connection: Connection) -> bool:
            endpoint = self.quick.done(connection, held, text, files, units)
            if endpoint is not None and units:
                SqlTable(connection, self.clock).spend(endpoint, units, None)
            return endpoint is not None

        if not (self.run if units else self.once)(work, lasting=True):
            super().done(held, output, files, units)

    # What is read.

    def now(self) -> float:
        """See Store."""
        return self.read(self.clock)

    def get(self, key: str) -> JobRecord | None:
        """See Store."""
        found = self._read(select(JOBS.c.id, *FIELDS).where(JOBS.c.key == key))
        return found[0][1] if found else None

    def each(self, *, state: JobState | None = None, endpoint: str | None = None) -> Iterator[JobRecord]:
        """See Store."""
        wanted = select(JOBS.c.id, *FIELDS).order_by(JOBS.c.id).limit(_PAGE)
        if state is not None:
            wanted = wanted.where(JOBS.c.state == state.value)
        if endpoint is not None:
            wanted = wanted.where(JOBS.c.endpoint == endpoint)
        last = 0
        while page := self._read(wanted.where(JOBS.c.id > last)):
            yield from (record for _, record in page)
            last = page[-1][0]

    def times(self, *, endpoint: str | None = None) -> Iterator[JobTimes]:
        """See Store."""
        wanted = select(JOBS.c.id, *TIMES).order_by(JOBS.c.id).limit(_SHORT_PAGE)
        if endpoint is not None:
            wanted = wanted.where(JOBS.c.endpoint == endpoint)
        last = 0
        while rows := self._rows(wanted.where(JOBS.c.id > last)):
            for _, name, state, *times in rows:
                yield JobTimes(name, JobState(state), *times)
            last = rows[-1][0]

    def open_of(self, endpoint: str) -> list[JobRecord]:
        """See Ledger."""
        states = JOBS.c.state.in_([state.value for state in OPEN])
        return [one for _, one in self._read(select(JOBS.c.id, *FIELDS).where(states, JOBS.c.endpoint == endpoint))]

    def counts(self) -> list[Count]:
        """See Store."""
        units = func.coalesce(JOBS.c.units, JOBS.c.reserved)
        without = func.sum(case((units.is_(None), 1), else_=0))
        found = (
            select(JOBS.c.endpoint, JOBS.c.state, func.count(), func.coalesce(func.sum(units), 0), without)
            .group_by(JOBS.c.endpoint, JOBS.c.state)
            .order_by(JOBS.c.endpoint, JOBS.c.state)
        )
        rows = self.read(lambda connection: connection.execute(found).all())
        return [Count(endpoint, JobState(state), jobs, float(sum), int(n)) for endpoint, state, jobs, sum, n in rows]

    def keep(self, name: str, value: str, seconds: float) -> None:
        """See Store."""

        def work(connection: Connection) -> None:
            connection.execute(delete(FACTS).where(FACTS.c.name == name))
            until = self.clock(connection) + seconds
            connection.execute(insert(FACTS).values(name=name, value=value, until=until))

        self.run(work)

    def kept(self, name: str) -> str | None:
        """See Store."""

        def work(connection: Connection) -> str | None:
            until = self.clock(connection)
            return connection.scalar(select(FACTS.c.value).where(FACTS.c.name == name, FACTS.c.until > until))

        return self.read(work)

    def close(self) -> None:
        """See Store."""
        raise NotImplementedError

    def _read(self, wanted: Select[*tuple[Any, ...]]) -> list[tuple[int, JobRecord]]:
        return [(row[0], record_of(row[1:])) for row in self._rows(wanted)]

    def _rows(self, wanted: Select[*tuple[Any, ...]]) -> Sequence[Row[*tuple[Any, ...]]]:
        return self.read(lambda connection: connection.execute(wanted).all())


def prepare(connection: Connection, address: str) -> None:
    """Make the tables where there are none, within a transaction; else see that they are a journal's.

    Raises:
        JournalError: They are those of a newer version, or something else is there.
    """
    there = set(inspect(connection).get_table_names())
    if ABOUT.name not in there:
        METADATA.create_all(connection, checkfirst=False)
        connection.execute(insert(ABOUT).values(version=VERSION))
        return
    version = connection.scalar(select(ABOUT.c.version))
    if version != VERSION:
        raise JournalError(
            f"{address} is a journal of another version of this package (its tables are version {version}, "
            f"this package knows {VERSION}): use that version of the package, or another journal"
        )
