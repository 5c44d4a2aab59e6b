"""The tables of a journal within one transaction."""

# design: How is a journal kept in a database?

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, func, insert, select, update

from ..records import JobState
from ..rules import IN_FLIGHT
from .tables import ABOUT, EARLIER, FIELDS, JOBS, SPENT, record_of, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from sqlalchemy import Column, Connection

    from ..records import JobRecord

# How many values one statement takes, by the narrowest limit.
_MOST_VALUES = 500

_KEY = JOBS.c.key == bindparam("of")
_GET = select(*FIELDS).where(_KEY).with_for_update()
_INSERT = insert(JOBS)
_UPDATE = update(JOBS).where(_KEY).values({each.name: bindparam(each.name) for each in JOBS.c if each.name != "id"})
_DROP = delete(JOBS).where(_KEY)
_KEY_OF = select(JOBS.c.key).where(JOBS.c.request_id == bindparam("of"))
_FAILED = select(JOBS.c.key).where(JOBS.c.state == JobState.FAILED.value).order_by(JOBS.c.id)
_ENDPOINT, _UNITS = SPENT.c.endpoint == bindparam("of"), bindparam("more", type_=SPENT.c.units.type)
_SPENT = select(SPENT.c.units).where(_ENDPOINT)
_SPEND = update(SPENT).where(_ENDPOINT).values(units=SPENT.c.units + _UNITS)
_SPEND_AT_MOST = _SPEND.where(SPENT.c.units + _UNITS <= bindparam("most", type_=SPENT.c.units.type))
# Whoever counts those in flight has this row until the transaction is over.
_SLOTS = select(ABOUT.c.version).with_for_update()
_IN_FLIGHT = select(func.count()).where(
    JOBS.c.state.in_([state.value for state in IN_FLIGHT]), JOBS.c.lease_until > bindparam("now")
)


class SqlTable:
    """See ledger.Table.

    Args:
        connection: One that is in a transaction.
        clock: Seconds since 1970 by the clock that all workers share.
    """

    def __init__(self, connection: Connection, clock: Callable[[Connection], float]) -> None:
        self.connection = connection
        self._clock = clock
        self._unknown: set[str] = set()

    def now(self) -> float:
        """See Table."""
        return self._clock(self.connection)

    def get(self, key: str) -> JobRecord | None:
        """See Table."""
        row = self.connection.execute(_GET, {"of": key}).one_or_none()
        if row is None:
            self._unknown.add(key)
            return None
        return record_of(row)

    def put(self, record: JobRecord) -> None:
        """See Table."""
        if record.key in self._unknown:
            self.connection.execute(_INSERT, values_of(record))  # fails where another was faster
            self._unknown.discard(record.key)
        else:
            self.connection.execute(_UPDATE, {**values_of(record), "of": record.key})

    def drop(self, key: str) -> None:
        """See Table."""
        self.connection.execute(_DROP, {"of": key})

    def key_of(self, request_id: str) -> str | None:
        """See Table."""
        return self.connection.scalar(_KEY_OF, {"of": request_id})

    def known(self, request_ids: Collection[str]) -> set[str]:
        """See Table."""
        return self._those(JOBS.c.request_id, request_ids)

    def earlier(self, request_ids: Collection[str]) -> set[str]:
        """See Table."""
        return self._those(EARLIER.c.request_id, request_ids)

    def note_earlier(self, request_id: str) -> None:
        """See Table."""
        if not self.earlier([request_id]):
            self.connection.execute(insert(EARLIER), {"request_id": request_id})

    def spend(self, endpoint: str, units: float, at_most: float | None) -> bool:
        """See Table."""
        values: dict[str, Any] = {"of": endpoint, "more": units}
        if at_most is None:
            added = self.connection.execute(_SPEND, values)
        else:
            added = self.connection.execute(_SPEND_AT_MOST, {**values, "most": at_most})
        if added.rowcount:
            return True
        if (at_most is not None and units > at_most) or self.connection.scalar(_SPENT, values) is not None:
            return False
        self.connection.execute(insert(SPENT), {"endpoint": endpoint, "units": units})  # as above
        return True

    def in_flight(self) -> int:
        """See Table."""
        self.connection.execute(_SLOTS)
        return self.connection.scalar(_IN_FLIGHT, {"now": self.now()}) or 0

    def renew(self, owner: str, keys: Collection[str], lease: float) -> dict[str, int]:
        """See Table."""
        mine: dict[str, int] = {}
        for some in _parts(keys):
            of_owner = JOBS.c.owner == owner, JOBS.c.key.in_(some)
            locked = select(JOBS.c.key, JOBS.c.attempt).where(*of_owner).order_by(JOBS.c.id).with_for_update()
            mine |= {row.key: row.attempt for row in self.connection.execute(locked)}
            self.connection.execute(update(JOBS).where(*of_owner).values(lease_until=self.now() + lease))
        return mine

    def failed_keys(self) -> list[str]:
        """See Table."""
        return list(self.connection.scalars(_FAILED))

    def _those(self, column: Column[Any], values: Collection[str]) -> set[str]:
        found = (self.connection.scalars(select(column).where(column.in_(some))) for some in _parts(values))
        return {one for some in found for one in some}


def _parts(values: Collection[str]) -> Iterator[list[str]]:
    listed = list(values)
    return (listed[start : start + _MOST_VALUES] for start in range(0, len(listed), _MOST_VALUES))
