"""Workers of other people's engines are killed at random moments, and the engines start new ones."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from . import days
from .conftest import PATH, SEED, kills
from .crew import Engine
from .judged import bill, settle
from .killer import Killer
from .line import Line

if TYPE_CHECKING:
    from pathlib import Path

    from billing_fal import BillingFal

    from .conftest import Tell
    from .judged import Verdict
    from .nursery import Nursery

pytestmark = pytest.mark.slow

KILLS_OF_A_LINE = 20


@pytest.mark.parametrize("name", ["dask", "ray"])
def test_an_engine_whose_workers_die_pays_once(
    name: str, nursery: Nursery, fal: BillingFal, tmp_path: Path, tell: Tell
) -> None:
    dice = random.Random(SEED)
    killer = Killer(nursery, dice, longest=0)
    verdicts: list[Verdict] = []
    with Engine(f"crew_{name}", PATH, tmp_path / "log") as engine:
        while killer.kills < kills(name):
            wanted = min(KILLS_OF_A_LINE, kills(name) - killer.kills)
            line = Line(
                fal.hosts,
                str(tmp_path),
                str(tmp_path / f"{len(verdicts)}.sqlite"),
                f"{name} {len(verdicts)}",
                jobs=32 * wanted,
                twins=2 * wanted,
            )
            fal.reset(seed=dice.randrange(1 << 30), **days.ALWAYS, **days.BAD)
            found = engine.hunt(line, seed=dice.randrange(1 << 30), kills=wanted)
            killer.kills += found["kills"]
            killer.left += found["left"]
            verdicts.append(settle(line, fal, killer, "work"))
    tell(killer, verdicts)


def test_without_a_journal_it_pays_twice(fal: BillingFal, tmp_path: Path) -> None:
    """What the test above sees is there to be seen."""
    line = Line(fal.hosts, str(tmp_path), "", "dask", jobs=96)
    with Engine("crew_dask", PATH, tmp_path / "log") as engine:
        engine.hunt(line, seed=SEED, kills=4)
    assert len(bill(fal, line)) > line.jobs
