"""What a journal has: counted, exported, and put right by hand."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from shlex import quote
from typing import TYPE_CHECKING, Any

from ...journal.records import JobState
from ..exits import DONE, FAILED, UsageProblemError
from ..text import out, program_name, shortened, tell, to_json, visible
from .opened import journal_at

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from ...journal.journal import Journal
    from ...journal.records import JobRecord
    from ...journal.views.summary import EndpointSummary, Summary

# How many unclear jobs are told one by one, and how much of the input of each.
_MOST_TOLD, _INPUT = 20, 100


def status(address: str, *, as_json: bool) -> int:
    """Print how many jobs a journal has in which state, and which are unclear."""
    with journal_at(address) as journal:
        summary = journal.summary()
        if as_json:
            out(to_json(_as_json(journal, summary)))
        else:
            for line in str(summary).splitlines():
                out(visible(line))
            _tell_next(address, summary, journal)
    jobs = summary.jobs
    return FAILED if jobs[JobState.FAILED] or jobs[JobState.UNCLEAR] else DONE


def retry(address: str, keys: Sequence[str]) -> int:
    """Have jobs that failed be tried again by the next run."""
    with journal_at(address) as journal:
        count = sum(journal.retry(key) for key in dict.fromkeys(keys)) if keys else journal.retry()
    out(f"{count:,} to be tried again by the next `batch run`" if count else "no such job has failed")
    return DONE if count else FAILED


def export(address: str, target: str, kind: str | None, only: Mapping[str, Any]) -> int:
    """Write the jobs of a journal into a file, or to stdout."""
    is_stdout = target == "-"
    kind = kind or ("csv" if target.lower().endswith(".csv") else "jsonl")
    with journal_at(address) as journal:
        try:
            to = sys.stdout if is_stdout else target
            count = journal.export(to, format="csv" if kind == "csv" else "jsonl", **only)
        except ValueError as error:
            raise UsageProblemError(f"-o: {visible(str(error))}") from None
    if is_stdout:
        sys.stdout.flush()
    else:
        tell(f"{count:,} jobs: {visible(target)}")
    return DONE


def adopt(address: str, key: str, request_id: str) -> int:
    """Say which request of fal's an unclear job is."""
    with journal_at(address) as journal:
        try:
            journal.adopt(key, request_id)
        except (KeyError, ValueError) as error:
            raise UsageProblemError(visible(str(error.args[0] if error.args else error))) from None
    out("the next `batch run` waits for it")
    return DONE


def forget(address: str, key: str) -> int:
    """Remove a job."""
    with journal_at(address) as journal:
        is_there = journal.forget(key)
    out("the next `batch run` sends it anew" if is_there else f"there is no job {visible(key)}")
    return DONE if is_there else FAILED


def _tell_next(address: str, summary: Summary, journal: Journal) -> None:
    """Say what can be done about jobs that failed, and those that are unclear."""
    # Not as it was given, which may be with a password.
    at = f"--journal {quote(visible(journal.address if '://' in address else address))}"
    if count := summary.jobs[JobState.FAILED]:
        tell(f"{count:,} failed; to have the next `batch run` try again: {program_name()} batch retry {at}")
    if not summary.jobs[JobState.UNCLEAR]:
        return
    tell("unclear: sent by a process that is gone, and not found in fal's history; the next `batch run` looks again:")
    for number, record in enumerate(_unclear(journal)):
        if number == _MOST_TOLD:
            tell("  … and more")
            break
        tell(f"  {record.key}  {_time(record.sending_at)}  {visible(shortened(record.wire or record.input, _INPUT))}")
        if record.note:
            tell(f"    {visible(record.note)}")
    tell("Look for each among the requests of https://fal.ai/dashboard. Then, if it is there, or is not:")
    for verb in ("adopt KEY REQUEST_ID", "forget KEY"):
        tell(f"  {program_name()} batch {verb} {at}")


def _unclear(journal: Journal) -> Iterator[JobRecord]:
    return journal.jobs(state=JobState.UNCLEAR)


def _as_json(journal: Journal, summary: Summary) -> dict[str, Any]:
    return {
        "journal": journal.address,
        "endpoints": [_endpoint_as_json(each) for each in summary.endpoints],
        "busy_seconds": summary.busy,
        "unclear": [
            {
                "key": each.key,
                "endpoint": each.endpoint,
                "sent_at": _time(each.sending_at),
                "note": each.note,
            }
            for each in _unclear(journal)
        ],
    }


def _endpoint_as_json(one: EndpointSummary) -> dict[str, Any]:
    amount = one.amount and {
        "value": str(one.amount.value),
        "currency": one.amount.currency,
        "estimated": one.amount.estimated,
    }
    return {
        "endpoint": one.endpoint,
        "jobs": {state.value: count for state, count in one.jobs.items()},
        "units": str(one.units),
        "without_units": one.without_units,
        "seconds": one.seconds,
        "amount": amount,
    }


def _time(seconds: float | None) -> str:
    return "" if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")
