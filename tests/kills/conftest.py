"""A nursery, a fal that bills, and how many workers are to be killed: `KILLS=1000` in all, few by default."""

from __future__ import annotations

import json
import math
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from billing_fal import BillingFal
from postgres_server import Postgres, running

from . import days
from .nursery import Nursery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .judged import Verdict
    from .killer import Killer

    # Prints what the kills of a test came to.
    Tell = Callable[[Killer, list[Verdict]], None]

REPOSITORY = Path(__file__).parents[2]
PATH = os.pathsep.join(str(REPOSITORY / name) for name in ("tests", "generated", "templates"))
# Which part of all kills each kind of worker gets. Ray needs two seconds for a new actor.
SHARES = {"one process": 0.3, "several processes": 0.25, "several on PostgreSQL": 0.15, "dask": 0.2, "ray": 0.1}
SEED = int(os.environ.get("KILLS_SEED", "1"))


def kills(kind: str) -> int:
    """How many workers of a kind are killed."""
    return math.ceil(int(os.environ.get("KILLS", "20")) * SHARES[kind])


@pytest.fixture(scope="session", autouse=True)
def _ray_leaves_nothing() -> Iterator[None]:
    """Ray writes where it may, has no password, listens on loopback alone, and has time to start on a busy machine."""
    with TemporaryDirectory(prefix="ray-", ignore_cleanup_errors=True) as folder, pytest.MonkeyPatch.context() as patch:
        own = {
            "TMPDIR": folder,
            "AUTH_MODE": "disabled",
            "ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # on Linux, too, it listens on loopback alone then
            "USAGE_STATS_ENABLED": "0",
            "raylet_start_wait_time_s": "150",
        }
        for name, value in own.items():
            patch.setenv(f"RAY_{name}", value)
        yield


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with Nursery(PATH, tmp_path_factory.mktemp("nursery") / "log") as made:
        yield made


@pytest.fixture
def fal() -> Iterator[BillingFal]:
    with BillingFal(seed=SEED, **days.ALWAYS) as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server, for journals."""
    with running() as server:
        yield server


@pytest.fixture
def tell(request: pytest.FixtureRequest) -> Tell:
    """Print what the kills of a test came to."""

    def tell(killer: Killer, verdicts: list[Verdict]) -> None:
        sums = {name: sum(getattr(one, name) for one in verdicts) for name in verdicts[0]._fields}
        sys.stderr.write(
            json.dumps(
                {"test": request.node.name, "lines": len(verdicts), "kills": killer.kills, "left": killer.left, **sums}
            )
            + "\n"
        )

    return tell
