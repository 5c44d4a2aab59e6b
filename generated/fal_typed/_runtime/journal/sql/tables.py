"""The tables of a journal."""

# design: How is a journal kept in a database?

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sqlalchemy import BigInteger, Column, Double, Index, Integer, MetaData, Table, Text

from ..records import JobError, JobRecord, JobState, JobTimes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

# Of the tables below. A newer one is another program's business.
VERSION = 1

METADATA = MetaData()
_NUMBER = BigInteger().with_variant(Integer, "sqlite")

JOBS = Table(
    "fal_journal_jobs",
    METADATA,
    Column("id", _NUMBER, primary_key=True),  # in the order in which they were first claimed
    # What is short comes first: SQLite reads a row from its beginning, and what is long is elsewhere.
    Column("key", Text, nullable=False, unique=True),
    Column("endpoint", Text, nullable=False),
    Column("number", _NUMBER, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempt", _NUMBER, nullable=False),
    Column("owner", Text),
    Column("lease_until", Double),
    Column("claimed_at", Double, nullable=False),
    Column("sending_at", Double),
    Column("submitted_at", Double),
    Column("ended_at", Double),
    Column("units", Double),
    Column("reserved", Double),
    Column("request_id", Text, unique=True),
    Column("salt", Text),
    Column("handle", Text),
    Column("note", Text),
    Column("error", Text),
    Column("files", Text),
    Column("input", Text, nullable=False),
    Column("wire", Text),
    Column("output", Text),
)
Index("fal_journal_states", JOBS.c.state, JOBS.c.endpoint)

# Requests that jobs had before they were begun anew, or forgotten.
EARLIER = Table("fal_journal_earlier", METADATA, Column("request_id", Text, primary_key=True))
# What the jobs of an endpoint took, or are expected to, in its units; with those that were forgotten.
SPENT = Table(
    "fal_journal_spent",
    METADATA,
    Column("endpoint", Text, primary_key=True),
    Column("units", Double, nullable=False),
)
FACTS = Table(
    "fal_journal_facts",
    METADATA,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
    Column("until", Double, nullable=False),
)
ABOUT = Table("fal_journal_about", METADATA, Column("version", Integer, primary_key=True, autoincrement=False))

# A record's fields, which are columns of those names.
FIELDS = tuple(JOBS.c[name] for name in JobRecord._fields)
# The same of the short part of one.
TIMES = tuple(JOBS.c[name] for name in JobTimes._fields)


def record_of(row: Sequence[Any]) -> JobRecord:
    """The values of the FIELDS."""
    found: Any = JobRecord(*row)
    record: JobRecord = found._replace(
        state=JobState(found.state),
        handle=None if found.handle is None else json.loads(found.handle),
        files=() if found.files is None else tuple(json.loads(found.files)),
        error=None if found.error is None else JobError(*json.loads(found.error)),
    )
    return record


def values_of(record: JobRecord) -> dict[str, Any]:
    """The columns of a record."""
    return {
        **record._asdict(),
        "state": record.state.value,
        "handle": _text(record.handle),
        "files": json.dumps(record.files) if record.files else None,
        "error": None if record.error is None else json.dumps(record.error),
        "request_id": record.request_id,
    }


def _text(handle: Mapping[str, str] | None) -> str | None:
    return None if handle is None else json.dumps(dict(handle))
