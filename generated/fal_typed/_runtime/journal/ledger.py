"""What becomes of jobs, in terms of a table that one has to oneself meanwhile: said once for all stores."""

# design: What does a journal promise?

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Protocol, TypeGuard, TypeVar

from . import clock, rules
from .errors import LeaseLostError, TwiceSubmittedError
from .records import Claim, Held, JobRecord, JobState, Sending
from .values import normal

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from .records import JobError, Wanted

R = TypeVar("R")


class Table(Protocol):
    """The jobs within one transaction. Nobody else changes what was read, until it is over."""

    def now(self) -> float:
        """See Store."""
        ...

    def get(self, key: str) -> JobRecord | None:
        """A job."""
        ...

    def put(self, record: JobRecord) -> None:
        """Write a job down, a new one or what became of a known one."""
        ...

    def drop(self, key: str) -> None:
        """Remove a job."""
        ...

    def key_of(self, request_id: str) -> str | None:
        """The key of the job that has this request."""
        ...

    def known(self, request_ids: Collection[str]) -> set[str]:
        """Those of the ids that jobs have."""
        ...

    def earlier(self, request_ids: Collection[str]) -> set[str]:
        """Those of the ids that jobs had before, and none has now."""
        ...

    def note_earlier(self, request_id: str) -> None:
        """Make an id one of those."""
        ...

    def spend(self, endpoint: str, units: float, at_most: float | None) -> bool:
        """Add to what an endpoint's jobs take, unless that is more than may be; whether it was added."""
        ...

    def in_flight(self) -> int:
        """How many jobs are IN_FLIGHT with a living lease. No other can join them meanwhile."""
        ...

    def renew(self, owner: str, keys: Collection[str], lease: float) -> dict[str, int]:
        """See Store."""
        ...

    def failed_keys(self) -> list[str]:
        """The keys of all jobs that failed."""
        ...


class Ledger:
    """The changes of a Store. What it raises, it raises before it writes anything."""

    @property
    def is_lost(self) -> bool:
        """See Store."""
        return False

    def transact(self, work: Callable[[Table], R], *, lasting: bool = False) -> R:
        """Do something to the table, as a whole or not at all.

        Args:
            work: What; it may be begun anew, where others were in its way.
            lasting: Whether it must outlive a failure of the power, too, once this returns.
        """
        raise NotImplementedError

    def open_of(self, endpoint: str) -> Iterable[JobRecord]:
        """The jobs of an endpoint that are OPEN."""
        raise NotImplementedError

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

        def work(table: Table) -> Claim:
            now = table.now()
            known = table.get(wanted.key)
            if known is None:
                known = JobRecord(*wanted, JobState.CLAIMED, 0, None, None, now)
            rules.check_same(wanted, known)
            grant = rules.granted(known, now, retry=retry, is_gone=is_gone)
            if grant not in rules.HELD:
                return Claim(grant, known)
            if known.state is JobState.FAILED:
                known = _begun_anew(table, known)
            taken = known._replace(attempt=known.attempt + 1, owner=owner, lease_until=now + lease, claimed_at=now)
            table.put(taken)
            return Claim(grant, taken, Held(wanted.key, taken.attempt, owner, good_until))

        return self.transact(work)

    def renew(self, owner: str, keys: Collection[str], lease: float) -> dict[str, int]:
        """See Store."""
        return self.transact(lambda table: table.renew(owner, keys, lease)) if keys else {}

    def known_ids(self, request_ids: Collection[str]) -> set[str]:
        """See Store."""
        return self.transact(lambda table: table.known(ids) | table.earlier(ids)) if (ids := request_ids) else set()

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

        def work(table: Table) -> Sending:
            record = table.get(held.key)
            if _is_held_as(record, held, JobState.SENDING) and record.wire == json_text(wire):
                return Sending.GO
            record = rules.check_held(held, record, rules.TO_SEND)
            if max_in_flight is not None and table.in_flight() >= max_in_flight:
                return Sending.NO_SLOT
            if (units or max_units is not None) and not table.spend(record.endpoint, units or 0, max_units):
                return Sending.OVER_BUDGET
            now = table.now()
            changed = record._replace(state=JobState.SENDING, wire=json_text(wire), sending_at=now, reserved=units)
            table.put(changed._replace(lease_until=now + lease))
            return Sending.GO

        return self.transact(work, lasting=True)

    def submitted(self, held: Held, handle: Mapping[str, str]) -> None:
        """See Store."""
        new = handle["request_id"]

        def work(table: Table) -> Exception | None:
            record = table.get(held.key)
            try:
                if not rules.check_id(held, record, new):
                    return None
            except (TwiceSubmittedError, LeaseLostError) as error:
                if record is None or record.request_id != new:
                    table.note_earlier(new)
                return error
            assert record is not None
            if (other := table.key_of(new)) is not None:
                raise rules.taken_id(held.key, new, other)
            if rules.is_held(record, held):
                rules.check_held(held, record, rules.TO_SUBMIT)
                table.put(_submitted(record, handle, table.now()))
                return None
            table.put(_submitted(record._replace(owner=None, lease_until=None), handle, table.now()))
            return rules.lost(held, record)

        if (error := self.transact(work)) is not None:
            raise error

    def adopt(self, held: Held, handle: Mapping[str, str]) -> bool:
        """See Store."""

        def work(table: Table) -> bool:
            record = table.get(held.key)
            if _is_held_as(record, held, JobState.SUBMITTED) and record.request_id == handle["request_id"]:
                return True
            record = rules.check_held(held, record, rules.TO_ADOPT)
            if _is_known(table, handle["request_id"]):
                return False
            table.put(_submitted(record, handle, table.now()))
            return True

        return self.transact(work)

    def withdraw(self, held: Held) -> None:
        """See Store."""

        def work(table: Table) -> None:
            record = rules.check_held(held, table.get(held.key), rules.TO_WITHDRAW)
            if record.reserved:
                table.spend(record.endpoint, -record.reserved, None)
            table.put(_begun(record))

        self.transact(work)

    def done(self, held: Held, output: str, files: tuple[str, ...] = (), units: float | None = None) -> None:
        """See Store."""

        def made(record: JobRecord) -> JobRecord:
            return record._replace(state=JobState.DONE, output=json_text(output), files=files, units=units)

        self._end(held, made, rules.TO_FINISH)

    def saved(self, key: str, files: tuple[str, ...]) -> None:
        """See Store."""

        def work(table: Table) -> None:
            record = table.get(key)
            if record is not None and record.state is JobState.DONE:
                table.put(record._replace(files=files))

        self.transact(work)

    def failed(self, held: Held, error: JobError, units: float | None = None) -> None:
        """See Store."""

        def made(record: JobRecord) -> JobRecord:
            return record._replace(state=JobState.FAILED, error=error, units=units)

        self._end(held, made, rules.TO_FAIL)

    def _end(self, held: Held, made: Callable[[JobRecord], JobRecord], sources: frozenset[JobState]) -> None:
        def work(table: Table) -> None:
            record = table.get(held.key)
            if record is not None and rules.is_over(held, record, made(record).state):
                return
            record = made(rules.check_held(held, record, sources))
            more = 0 if record.units is None else record.units - (record.reserved or 0)
            if more:
                table.spend(record.endpoint, more, None)
            table.put(record._replace(ended_at=table.now(), owner=None, lease_until=None))

        self.transact(work, lasting=True)

    def unclear(self, held: Held, note: str) -> None:
        """See Store."""

        def work(table: Table) -> None:
            record = table.get(held.key)
            if record is not None and rules.is_over(held, record, JobState.UNCLEAR):
                return
            record = rules.check_held(held, record, rules.TO_ADOPT)
            told = note.replace("\0", "\ufffd").encode(errors="replace").decode()
            table.put(record._replace(state=JobState.UNCLEAR, note=told, owner=None, lease_until=None))

        self.transact(work)

    def release(self, held: Held) -> None:
        """See Store."""

        def work(table: Table) -> None:
            record = table.get(held.key)
            if record is None or not rules.is_held(record, held):
                return
            if record.state is JobState.CLAIMED:
                table.drop(held.key)
            else:
                table.put(record._replace(owner=None, lease_until=None))

        self.transact(work)

    def open_alike(self, record: JobRecord) -> list[JobRecord]:
        """See Store."""
        if record.wire is None:
            return []
        wire = normal(json.loads(record.wire))
        others = [one for one in self.open_of(record.endpoint) if one.key != record.key and one.wire is not None]
        return [one for one in others if normal(json.loads(one.wire or "")) == wire]

    def assign(self, key: str, handle: Mapping[str, str], *, is_gone: Callable[[str], bool] = rules.never_gone) -> None:
        """See Store."""

        def work(table: Table) -> None:
            record = rules.by_hand(key, table.get(key), table.now(), is_gone)
            rules.check_assignable(record)
            if _is_known(table, new := handle["request_id"]):
                raise rules.taken_id(key, new, table.key_of(new) or key)
            table.put(_submitted(record._replace(owner=None, lease_until=None), handle, table.now()))

        self.transact(work, lasting=True)

    def forget(self, key: str, *, is_gone: Callable[[str], bool] = rules.never_gone) -> bool:
        """See Store."""

        def work(table: Table) -> bool:
            record = table.get(key)
            if record is None:
                return False
            rules.by_hand(key, record, table.now(), is_gone)
            table.drop(key)
            if record.request_id is not None:
                table.note_earlier(record.request_id)
            return True

        return self.transact(work, lasting=True)

    def retry(self, key: str | None = None) -> int:
        """See Store."""

        def begun_anew(table: Table, key: str) -> bool:
            record = table.get(key)
            if record is None or record.state is not JobState.FAILED:
                return False
            table.put(_begun_anew(table, record))
            return True

        keys = self.transact(lambda table: table.failed_keys()) if key is None else [key]
        return sum(self.transact(partial(begun_anew, key=each)) for each in keys)


def _is_known(table: Table, request_id: str) -> bool:
    return table.key_of(request_id) is not None or bool(table.earlier([request_id]))


def _submitted(record: JobRecord, handle: Mapping[str, str], now: float) -> JobRecord:
    return record._replace(state=JobState.SUBMITTED, handle=dict(handle), submitted_at=now, note=None)


def _begun(record: JobRecord) -> JobRecord:
    """A job of which nothing was sent: with who has it, and without all that came of it before."""
    nothing = JobRecord._field_defaults
    return record._replace(state=JobState.CLAIMED, **nothing)


def _begun_anew(table: Table, record: JobRecord) -> JobRecord:
    """The same of one that failed. The id of its request is not to be taken for that of the next one."""
    begun = _begun(record)
    if record.request_id is not None:
        table.put(begun)  # so that the id is nobody's
        table.note_earlier(record.request_id)
    return begun


def _is_held_as(record: JobRecord | None, held: Held, state: JobState) -> TypeGuard[JobRecord]:
    """Whether a worker has a job, and it is there already: a change is repeated where no answer to it came."""
    return rules.is_held(record, held) and record.state is state


def json_text(text: str) -> str:
    """JSON text as any database takes it: half a pair of surrogates is written as its escape, which means the same."""
    return text.encode(errors="backslashreplace").decode()
