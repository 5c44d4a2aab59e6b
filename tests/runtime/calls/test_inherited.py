"""A call that a process is in the midst of when it forks, in a callback of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from fal_server import Gate
from fal_server.plan import completed, in_progress
from runtime import forks
from runtime_twin import OUTPUT, SCHNELL, Steps, Twin

if TYPE_CHECKING:
    from fal_server import FalServer


@pytest.fixture
def gate(server: FalServer) -> Gate:
    """What the stream stops at, after its first event."""
    gate = Gate()
    server.plan(SCHNELL, output=OUTPUT, states=[in_progress("a"), completed("a", "b")]).told = [["state", gate]]
    return gate


def test_a_child_polls_where_its_parent_had_a_stream(server: FalServer, twin: Twin, gate: Gate) -> None:
    updates: list[Any] = []

    def fork_once(update: Any) -> None:
        updates.append(update)
        if len(updates) == 1:
            forks._in_child()

    try:
        output = twin.do(lambda fal: fal.flux_1.schnell.subscribe(prompt="x", logs=True, on_queue_update=fork_once))
    finally:
        gate.open()
    assert output.seed == 7
    assert [entry.message for update in updates for entry in update.logs] == ["a", "b"]
    assert len(server.requests("GET", "/status")) == 1


def test_a_child_may_drop_what_its_parent_reads(server: FalServer, twin: Twin, gate: Gate) -> None:
    """Nothing is put away that is not its own."""

    def steps(fal: Any) -> Steps:
        handle = yield fal.flux_1.schnell.submit(prompt="x")
        updates = handle.updates()
        if twin.is_async:
            yield anext(updates)
            forks._in_child()
            yield updates.aclose()
        else:
            next(updates)
            forks._in_child()
            updates.close()

    try:
        twin.do(steps)
    finally:
        gate.open()
    assert server.requests("GET", "/status") == []
