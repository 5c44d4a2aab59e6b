"""A client that was used before its process forked: children have connections and locks of their own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fal_server.plan import completed
from pinned.documents import document

if TYPE_CHECKING:
    from fal_server import FalServer
    from fal_server.secure import Deployment

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")
SCHNELL = "fal-ai/flux-1/schnell"
ROOT = Path(__file__).resolve().parents[2]
FEW, MANY = 4, 40
slow = pytest.mark.slow


def told(secure: Deployment, there: FalServer, calls: int, how: tuple[str, ...]) -> str:
    """What went wrong in a process that forks, and in its children."""
    known = document(SCHNELL)
    output = known.sample(known.output, full=True)
    there.reset()
    there.plan(SCHNELL, states=[completed()], answers=lambda given: {**output, "prompt": given["prompt"]})
    command = [sys.executable, str(Path(__file__).with_name("forked_worker.py")), str(calls), *how]
    environment = {**secure.environment, "PYTHONPATH": str(ROOT / "generated")}
    done = subprocess.run(
        [*command, there.run_url, there.queue_url], env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return done.stdout


SYNC, ASYNC, INJECTED = ("sync", "run", "own"), ("async", "run", "own"), ("sync", "run", "injected")
CASES = [
    (SYNC, "http", FEW),
    (INJECTED, "https", FEW),
    *(
        pytest.param(how, scheme, MANY, marks=slow)
        for how in (SYNC, ASYNC, INJECTED, ("async", "run", "injected"), ("sync", "subscribe", "own"))
        for scheme in ("http", "https")
    ),
]


@pytest.mark.parametrize(("how", "scheme", "calls"), CASES)
def test_children_get_their_own_answers(
    server: FalServer, secure: Deployment, how: tuple[str, ...], scheme: str, calls: int
) -> None:
    there = server if scheme == "http" else secure.server
    assert told(secure, there, calls, how) == ""
    # Six children and the parent, and the call before: each was asked once.
    prompts = [each.input["prompt"] for each in there.accepted]
    assert len(prompts) == len(set(prompts)) == 7 * calls + 1
