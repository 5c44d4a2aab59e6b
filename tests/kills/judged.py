"""What must hold when a line is done: each job paid once, none lost, none crossed, and told what was unclear."""

from __future__ import annotations

import json
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from .days import CALM
from .line import SENDING_SECONDS

if TYPE_CHECKING:
    from billing_fal import BillingFal
    from fal_typed.batch import Journal
    from runtime.journal.records import JobRecord

    from .killer import Killer
    from .line import Line

# After so many seconds a request that the history does not have was never made: it lags less.
RESUBMIT_AFTER = 1.0
SECONDS_OF_LEFT = 0.2
# A history that does not answer in time, on a busy machine, is asked again in another run.
RUNS = 3


def bill(fal: BillingFal, line: Line) -> dict[str, str]:
    """The prompts of a line's requests that fal has accepted, by their ids."""
    accepted = [one for one in fal.accepted() if one.input["prompt"].startswith(f"{line.name} ")]
    assert all(one.input.keys() == {"prompt", "num_images"} for one in accepted)
    return {one.request_id: one.input["prompt"] for one in accepted}


class Verdict(NamedTuple):
    """What a line came to.

    Attributes:
        jobs: How many there were.
        ambiguous: How many of them the killed left between being sent and having an id.
        adopted: How many of those were found in the history.
        by_hand: How many of those a person assigned, being twins.
        again: How many of those fal had never got.
    """

    jobs: int
    ambiguous: int
    adopted: int
    by_hand: int
    again: int


def settle(line: Line, fal: BillingFal, killer: Killer, way: str) -> Verdict:
    """End a line whose workers were killed, and judge it."""
    from fal_typed.batch import JobState, Journal

    fal.set(**CALM)
    time.sleep(SECONDS_OF_LEFT)  # until fal has accepted what the dead had sent
    with Journal(line.journal) as journal:
        left = _open(journal)
        paid = bill(fal, line)
        said = len(line.said())
        killer.finish(line, way)
        unclear = _open(journal)
        assert {record.state for record in unclear.values()} <= {JobState.UNCLEAR}
        assert unclear.keys() <= left.keys(), "what nobody disturbed became unclear"
        told = {(one["prompt"], one["number"]) for one in line.said()[said:] if one["error"] == "UnclearJobError"}
        assert told == {_name(record) for record in unclear.values()}, "what is unclear is told, and nothing else"
        ids = {record.request_id for record in journal.jobs()}
        adopted = [record for key in left.keys() - unclear.keys() if (record := journal.store.get(key))]
        assert {record.request_id for record in adopted} <= paid.keys(), "a job that was sent before was sent again"
        by_hand = _assign(journal, unclear, {key: prompt for key, prompt in bill(fal, line).items() if key not in ids})
        for _ in range(RUNS):
            time.sleep(SENDING_SECONDS + RESUBMIT_AFTER)
            killer.finish(line, way, resubmit_after=RESUBMIT_AFTER)
            if not _open(journal):
                break
        judge(line, fal, journal)
    return Verdict(line.jobs, len(left), len(adopted), by_hand, len(unclear))


def judge(line: Line, fal: BillingFal, journal: Journal) -> None:
    """Every job was paid once, and has an output of its own that is here."""
    from fal_typed.batch import JobState

    records = list(journal.jobs())
    assert {record.state for record in records} == {JobState.DONE}
    wanted = Counter(str(one["prompt"]) for one in line.inputs())
    paid = bill(fal, line)
    assert Counter(paid.values()) == wanted, "paid once each"
    assert {record.request_id: _name(record)[0] for record in records} == paid, "each request is one job's"
    assert len(records) == line.jobs
    for record in records:
        assert len(record.files) == line.saves
        for path in record.files:
            assert Path(path).read_bytes().endswith(f"{record.request_id}.png".encode()), "a file is whole, and its own"
    for one in line.said():
        assert one["output"] in (one["prompt"], None), "an output is that of its input"
    seen = {(one["prompt"], one["number"]) for one in line.said() if one["output"]}
    assert seen == {(given["prompt"], number) for number, given in line.numbered()}, "somebody has got each output"


def _open(journal: Journal) -> dict[str, JobRecord]:
    from fal_typed.batch import JobState

    states = (JobState.SENDING, JobState.UNCLEAR)
    return {record.key: record for state in states for record in journal.jobs(state=state)}


def _name(record: JobRecord) -> tuple[str, int]:
    return json.loads(record.input)["prompt"], record.number


def _assign(journal: Journal, unclear: dict[str, JobRecord], unknown: dict[str, str]) -> int:
    """Do what the error says of those that fal has, which are twins: no history tells which of them it has."""
    prompts = Counter(_name(record)[0] for record in unclear.values())
    for request_id, prompt in unknown.items():
        assert prompts[prompt] > 1, f"{request_id} is {prompt}'s alone, and was not found"
        record = next(one for one in unclear.values() if _name(one)[0] == prompt)
        del unclear[record.key]
        journal.adopt(record.key, request_id)
    return len(unknown)
