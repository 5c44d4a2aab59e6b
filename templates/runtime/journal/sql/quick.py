"""The plain case of each step of a job as one statement: the job is new, or its worker has it, and nothing limits it.

Where a statement changes nothing, the case is not so plain, and the ledger decides.
"""

# design: How is a journal kept in a database?

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sqlalchemy import Double, Text, bindparam, select, update

from ..records import JobRecord, JobState
from .tables import JOBS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sqlalchemy import ColumnElement, Connection
    from sqlalchemy.dialects import postgresql, sqlite

    from ..records import Held, Wanted

_NEW = "key", "endpoint", "input", "number", "salt", "owner"
_HELD = JOBS.c.key == bindparam("of"), JOBS.c.attempt == bindparam("at"), JOBS.c.owner == bindparam("by")
_OTHERS = JOBS.alias()


class Quick:
    """The statements, for one kind of database.

    Args:
        clock: Seconds since 1970 as the database knows them.
        insert: Its way to insert something.
    """

    def __init__(
        self, clock: ColumnElement[float], insert: Callable[..., sqlite.Insert] | Callable[..., postgresql.Insert]
    ) -> None:
        until = clock + bindparam("lease", type_=Double)
        self._claim = (
            insert(JOBS)
            .values(**{name: bindparam(name) for name in _NEW}, state="claimed", attempt=1)
            .values(lease_until=until, claimed_at=clock)
            .on_conflict_do_nothing()
            .returning(JOBS.c.lease_until, JOBS.c.claimed_at)
        )
        step = update(JOBS).where(*_HELD)
        self._send = step.where(JOBS.c.state == "claimed").values(
            state="sending", wire=bindparam("wire"), sending_at=clock, lease_until=until
        )
        new = bindparam("new", type_=Text)
        others = select(_OTHERS.c.id).where(_OTHERS.c.request_id == new)
        self._submit = step.where(JOBS.c.state == "sending", ~others.exists()).values(
            state="submitted", request_id=new, handle=bindparam("handle"), submitted_at=clock
        )
        self._done = (
            step.where(JOBS.c.state == "submitted", JOBS.c.reserved.is_(None))
            .values(
                state="done",
                output=bindparam("output"),
                files=bindparam("files"),
                units=bindparam("units"),
                ended_at=clock,
                owner=None,
                lease_until=None,
            )
            .returning(JOBS.c.endpoint)
        )

    def claim(self, connection: Connection, wanted: Wanted, owner: str, lease: float) -> JobRecord | None:
        """Claim a job that is new; None where it is not."""
        row = connection.execute(self._claim, {**wanted._asdict(), "owner": owner, "lease": lease}).one_or_none()
        return None if row is None else JobRecord(*wanted, JobState.CLAIMED, 1, owner, *row)

    def send(self, connection: Connection, held: Held, wire: str, lease: float) -> bool:
        """CLAIMED → SENDING."""
        return connection.execute(self._send, {**_of(held), "wire": wire, "lease": lease}).rowcount == 1

    def submit(self, connection: Connection, held: Held, handle: Mapping[str, str]) -> bool:
        """SENDING → SUBMITTED, with an id that no job has."""
        values = {"new": handle["request_id"], "handle": json.dumps(dict(handle))}
        return connection.execute(self._submit, {**_of(held), **values}).rowcount == 1

    def done(
        self, connection: Connection, held: Held, output: str, files: tuple[str, ...], units: float | None
    ) -> str | None:
        """SUBMITTED → DONE of a job for which nothing was reserved; its endpoint."""
        values = {"output": output, "files": json.dumps(files) if files else None, "units": units}
        return connection.execute(self._done, {**_of(held), **values}).scalar_one_or_none()


def _of(held: Held) -> dict[str, str | int]:
    return {"of": held.key, "at": held.attempt, "by": held.owner}
