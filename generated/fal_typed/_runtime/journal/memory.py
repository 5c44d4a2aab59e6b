"""A journal in this process's memory, for one process's life."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import TYPE_CHECKING, TypeVar

from ..forks import ReentrantLock
from .ledger import Ledger, Table
from .records import Count, JobRecord, JobState, times_of
from .rules import IN_FLIGHT, OPEN

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from .records import JobTimes

R = TypeVar("R")
_ENDED = frozenset({JobState.DONE, JobState.FAILED})


class MemoryStore(Ledger):
    """See Store.

    Args:
        forgetful: Only count the jobs that ended, so that memory does not grow with them.
    """

    def __init__(self, *, forgetful: bool = False) -> None:
        self._table = _MemoryTable(forgetful)
        self._facts: dict[str, tuple[str, float]] = {}
        self._lock = ReentrantLock()  # a finalizer may come in between, in the same thread

    @property
    def address(self) -> str:
        """See Store."""
        return "memory"

    def now(self) -> float:
        """See Store."""
        return self._table.now()

    def transact(self, work: Callable[[Table], R], *, lasting: bool = False) -> R:  # noqa: ARG002
        """See Ledger."""
        with self._lock:
            return work(self._table)

    def get(self, key: str) -> JobRecord | None:
        """See Store."""
        with self._lock:
            return self._table.get(key)

    def each(self, *, state: JobState | None = None, endpoint: str | None = None) -> Iterator[JobRecord]:
        """See Store."""
        with self._lock:
            jobs = list(self._table.jobs.values())
        for one in jobs:
            if state in (None, one.state) and endpoint in (None, one.endpoint):
                yield one

    def open_of(self, endpoint: str) -> Iterator[JobRecord]:
        """See Ledger."""
        return (one for one in self.each(endpoint=endpoint) if one.state in OPEN)

    def times(self, *, endpoint: str | None = None) -> Iterator[JobTimes]:
        """See Store."""
        for one in self.each(endpoint=endpoint):
            yield times_of(one)

    def counts(self) -> list[Count]:
        """See Store."""
        with self._lock:
            found = dict(self._table.ended)
            for one in self._table.jobs.values():
                _count(found, one)
        return [found[which] for which in sorted(found, key=lambda which: (which[0], which[1].value))]

    def keep(self, name: str, value: str, seconds: float) -> None:
        """See Store."""
        with self._lock:
            self._facts[name] = value, self.now() + seconds

    def kept(self, name: str) -> str | None:
        """See Store."""
        with self._lock:
            value, until = self._facts.get(name, (None, 0.0))
            return value if until > self.now() else None

    def close(self) -> None:
        """See Store: there is nothing to let go of."""


class _MemoryTable:
    """See Table."""

    def __init__(self, forgetful: bool) -> None:
        self.jobs: dict[str, JobRecord] = {}
        self.ended: dict[tuple[str, JobState], Count] = {}
        self._forgetful = forgetful
        self._ids: dict[str, str] = {}
        self._earlier: set[str] = set()
        self._spent: defaultdict[str, float] = defaultdict(float)
        self._in_flight: set[str] = set()

    def now(self) -> float:
        return time.time()

    def get(self, key: str) -> JobRecord | None:
        return self.jobs.get(key)

    def put(self, record: JobRecord) -> None:
        self._without_id(record.key)
        if self._forgetful and record.state in _ENDED:
            _count(self.ended, record)
            self.jobs.pop(record.key, None)
            return
        self.jobs[record.key] = record
        if record.request_id is not None:
            self._ids[record.request_id] = record.key
        if record.state in IN_FLIGHT:
            self._in_flight.add(record.key)

    def drop(self, key: str) -> None:
        self._without_id(key)
        del self.jobs[key]

    def key_of(self, request_id: str) -> str | None:
        return self._ids.get(request_id)

    def known(self, request_ids: Collection[str]) -> set[str]:
        return self._ids.keys() & set(request_ids)

    def earlier(self, request_ids: Collection[str]) -> set[str]:
        return self._earlier.intersection(request_ids)

    def note_earlier(self, request_id: str) -> None:
        self._earlier.add(request_id)

    def spend(self, endpoint: str, units: float, at_most: float | None) -> bool:
        if at_most is not None and self._spent[endpoint] + units > at_most:
            return False
        self._spent[endpoint] += units
        return True

    def in_flight(self) -> int:
        now = self.now()
        return sum((self.jobs[key].lease_until or 0) > now for key in self._in_flight)

    def renew(self, owner: str, keys: Collection[str], lease: float) -> dict[str, int]:
        mine = [one for key in keys if (one := self.jobs.get(key)) is not None and one.owner == owner]
        for one in mine:
            self.jobs[one.key] = one._replace(lease_until=self.now() + lease)
        return {one.key: one.attempt for one in mine}

    def failed_keys(self) -> list[str]:
        return [one.key for one in self.jobs.values() if one.state is JobState.FAILED]

    def _without_id(self, key: str) -> None:
        self._in_flight.discard(key)
        known = self.jobs.get(key)
        if known is not None and known.request_id is not None:
            del self._ids[known.request_id]


def _count(counts: dict[tuple[str, JobState], Count], record: JobRecord) -> None:
    which = record.endpoint, record.state
    known = counts.get(which, Count(*which, 0, 0.0, 0))
    units = record.units if record.units is not None else record.reserved
    counts[which] = known._replace(
        jobs=known.jobs + 1, units=known.units + (units or 0), without_units=known.without_units + (units is None)
    )
