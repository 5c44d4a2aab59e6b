"""Workers that run `map` and `work` are killed at random moments, one at a time or several on one journal."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from fal_server import until
from fal_typed.batch import JobState, Journal

from . import days
from .conftest import SEED, kills
from .judged import bill, judge, settle
from .killer import Killer
from .line import SENDING_SECONDS, Line

if TYPE_CHECKING:
    from pathlib import Path

    from billing_fal import BillingFal

    from .conftest import Tell
    from .judged import Verdict
    from .nursery import Nursery

pytestmark = pytest.mark.slow

KILLS_OF_A_LINE = 20


@pytest.mark.parametrize(
    ("kind", "ways", "at_once", "a_kill"),
    [
        ("one process", ["map", "async map"], 1, 10),
        ("several processes", ["map", "async map", "work"], 3, 22),
        ("several on PostgreSQL", ["map", "async map", "work"], 3, 22),
    ],
)
def test_a_killed_worker_costs_nothing(
    kind: str,
    ways: list[str],
    at_once: int,
    a_kill: int,
    nursery: Nursery,
    fal: BillingFal,
    tmp_path: Path,
    tell: Tell,
    request: pytest.FixtureRequest,
) -> None:
    dice = random.Random(SEED)
    killer = Killer(nursery, dice, longest=0.8)
    verdicts: list[Verdict] = []
    while killer.kills < kills(kind):
        number = len(verdicts)
        wanted = min(KILLS_OF_A_LINE, kills(kind) - killer.kills)
        journal = str(tmp_path / f"{number}.sqlite")
        if kind.endswith("SQL"):
            journal = request.getfixturevalue("postgres").new_database(f"kills{number}")
        jobs = a_kill * wanted
        line = Line(fal.hosts, str(tmp_path), journal, f"{kind} {number}", jobs, jobs // 10, saves=number % 2 == 0)
        fal.reset(seed=dice.randrange(1 << 30), **days.ALWAYS, **days.BAD)
        killer.hunt(line, ways, at_once=at_once, kills=wanted)
        verdicts.append(settle(line, fal, killer, dice.choice(ways)))
    tell(killer, verdicts)


def test_without_a_journal_it_does(nursery: Nursery, fal: BillingFal, tmp_path: Path) -> None:
    """What the tests above see is there to be seen."""
    line = Line(fal.hosts, str(tmp_path), "", "naive", jobs=60)
    killer = Killer(nursery, random.Random(SEED), longest=0.8)
    killer.hunt(line, ["naive"], kills=4)
    killer.finish(line, "naive")
    assert len(bill(fal, line)) > line.jobs


@pytest.mark.parametrize("broken", [{"history_fails": 1.0}, {"payloads": False}], ids=["silent", "without inputs"])
def test_where_the_history_does_not_tell_nothing_is_guessed(
    broken: dict[str, Any], nursery: Nursery, fal: BillingFal, tmp_path: Path, tell: Tell
) -> None:
    """Neither is anything sent again, whatever `resubmit_after` says. Once it tells, all is settled."""
    killer = Killer(nursery, random.Random(SEED), longest=0)
    line = Line(fal.hosts, str(tmp_path), str(tmp_path / "it.sqlite"), "mute", jobs=40)
    fal.set(accepts_after=(0.0, 0.2), answers_after=(1.0, 2.0), **broken)
    worker = nursery.worker("map", line.task())
    until(lambda: len(bill(fal, line)) >= 4, "nothing was submitted")
    killer.kill(worker, line)
    fal.set(answers_after=(0.0, 0.0))
    time.sleep(SENDING_SECONDS + 1)
    killer.finish(line, "map", resubmit_after=0.5)
    with Journal(line.journal) as journal:
        unclear = [json.loads(record.input)["prompt"] for record in journal.jobs(state=JobState.UNCLEAR)]
    assert len(unclear) == killer.left > 0
    assert {one["prompt"] for one in line.said() if one["error"]} == set(unclear)
    assert all(count == 1 for count in Counter(bill(fal, line).values()).values())
    fal.set(**days.ALWAYS, payloads=True)
    tell(killer, [settle(line, fal, killer, "map")])


def test_workers_share_the_slots_of_an_account(nursery: Nursery, fal: BillingFal, tmp_path: Path) -> None:
    """What three processes with eight jobs each have in flight is never more than four, so that fal refuses none."""
    fal.set(most_in_progress=4)
    line = Line(fal.hosts, str(tmp_path), str(tmp_path / "it.sqlite"), "slots", jobs=60, slots=4)
    workers = [nursery.worker(way, line.task(order=order)) for order, way in enumerate(["map", "async map", "work"])]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0], nursery.printed()
    with Journal(line.journal) as journal:
        judge(line, fal, journal)
    assert fal.counts()["too_many"] == 0
