"""Workers that are stopped for longer than their leases last, and wake up when others have their jobs."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from .conftest import SEED
from .judged import RESUBMIT_AFTER, settle
from .killer import Killer
from .line import SENDING_SECONDS, Line

if TYPE_CHECKING:
    from pathlib import Path

    from billing_fal import BillingFal

    from .conftest import Tell
    from .nursery import Nursery

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("kind", "naps", "seconds", "options"),
    [
        ("sqlite", 4, 1.2, {}),
        ("postgres", 4, 1.2, {}),
        # Others believe meanwhile that what it was about to send was never sent, and send it.
        ("sqlite", 4, SENDING_SECONDS + RESUBMIT_AFTER + 1, {"resubmit_after": RESUBMIT_AFTER}),
    ],
)
def test_who_only_slept_submits_nothing(
    kind: str,
    naps: int,
    seconds: float,
    options: dict[str, float],
    nursery: Nursery,
    fal: BillingFal,
    tmp_path: Path,
    tell: Tell,
    request: pytest.FixtureRequest,
) -> None:
    journal = str(tmp_path / "it.sqlite")
    if kind == "postgres":
        journal = request.getfixturevalue("postgres").new_database("sleepers")
    killer = Killer(nursery, random.Random(SEED), longest=0.4)
    line = Line(fal.hosts, str(tmp_path), journal, "sleepy", jobs=160, twins=16, lease=0.6)
    ways = ["map", "async map", "work"]
    assert killer.startle(line, ways, at_once=3, naps=naps, seconds=seconds, **options) >= 2
    tell(killer, [settle(line, fal, killer, "work")])
